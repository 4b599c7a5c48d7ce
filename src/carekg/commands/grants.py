"""``carekg import grants``: awards out of files in the 360Giving format."""

from __future__ import annotations

import dataclasses
import sys
import time
from pathlib import Path
from typing import Final

import click

from carekg import errors, settings
from carekg.change.guard import Guard
from carekg.commands import shown
from carekg.importers.grants import checking, importing, reading
from carekg.importers.grants.documents import Documents
from carekg.importers.grants.importing import Importer, Tally
from carekg.importers.grants.reading import Source
from carekg.importers.grants.reports import Report
from carekg.importers.grants.rules import Rules
from carekg.store import Store, open_store
from carekg.terms import compact

PATIENCE: Final = 600.0
"""Seconds that the check of a batch may take."""

ROOM: Final = 4096
"""Megabytes of address space that the reader of a batch may have; what it fills is far less."""


class Progress:
    """How far an import is, on one line of a terminal, or now and then a line elsewhere."""

    def __init__(self, source: Source, total: int) -> None:
        self.source, self.total = source, total
        self._began = self._told = time.monotonic()

    def checked(self, count: int) -> None:
        """Tell how many grants were checked."""
        self._tell(f"  checked  {count:>11,} grants  {self.source.done / 1e6:,.0f} MB")

    def imported(self, tally: Tally) -> None:
        """Tell how many grants were imported."""
        rate = tally.done / max(time.monotonic() - self._began, 0.001)
        left = max(self.total - tally.done, 0) / max(rate, 0.001)
        self._tell(f"  imported {tally.done:>11,} of {self.total:,} grants  {self.source.done / 1e6:,.0f} MB  "
                   f"{rate:,.0f} a second  {left / 60:.0f} min left")

    def _tell(self, text: str) -> None:
        now = time.monotonic()
        if sys.stderr.isatty():
            click.echo(f"\r{text}   ", nl=False, err=True)
        elif now - self._told >= 10:
            self._told = now
            click.echo(text, err=True)

    def end(self) -> None:
        """Leave the line."""
        if sys.stderr.isatty():
            click.echo(err=True)


@click.command("grants")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--publisher", default="", metavar="NAME", help="Who published the grants, where the file does not say.")
@click.option("--licence", default="", metavar="ADDRESS",
              help="The address of the licence that they are under, where the file does not say.")
@click.option("--preview", is_flag=True, help="Check, show what would change, and change nothing.")
@click.option("--skip-invalid", is_flag=True, help="Import the grants that are right, and leave out the others.")
@click.option("--resume", is_flag=True, help="Go on behind the last grant of this very file that is kept.")
@click.option("--report", "place", type=click.Path(dir_okay=False, path_type=Path),
              help="Where grants that are not right are told.  [default: FILE with .faults.csv]")
@click.option("--batch", type=click.IntRange(1, 20_000), default=importing.BATCH, show_default=True,
              help="Grants that make one change.")
@click.pass_obj
def import_grants(chosen: settings.Settings, file: Path, publisher: str, licence: str, preview: bool,
                  skip_invalid: bool, resume: bool, place: Path | None, batch: int) -> None:
    """Import a FILE of grants in the 360Giving format: .json, or .xlsx or .csv in its spreadsheet form.

    The file is checked whole first. Where a grant is not right, nothing is imported and each such grant is told in a
    report; --skip-invalid imports the others. Each batch is one change, kept whole or not at all. What the graph has
    already is changed where the file says otherwise, never doubled.
    """
    source = reading.opened(file)
    documents = Documents(file.name, source.about(), publisher, licence)
    place = place or file.with_name(f"{file.name}.faults.csv")
    if place.exists() and place.samefile(file):
        raise errors.BadInput(f"{place} is the file of grants itself; name another place with --report.")
    total = _checked(source, documents, place, skip_invalid=skip_invalid)
    for note in dict.fromkeys(source.notes):
        click.echo(f"Note: {note}", err=True)
    roomy = dataclasses.replace(chosen, deadline=max(chosen.deadline, PATIENCE),
                                memory_mb=max(chosen.memory_mb, ROOM), answer_mb=max(chosen.answer_mb, ROOM))
    with open_store(roomy, briefly=True) as store:
        one = Importer(reading.opened(file), documents, store, _guard(chosen, store), chosen.person,
                       reading.digest(file), batch)
        after = _after(one, resume=resume)
        progress = Progress(one.source, total - after)
        try:
            tally = one.run(Rules(), after, progress.imported, preview=preview)
        except errors.CarekgError:
            progress.end()
            kept = f"Grants 1 to {one.tally.last:,} are kept" if one.tally.last and not preview else \
                "Nothing was imported"
            click.echo(f"{kept}; the next ones were refused. Mend what is told, and import it again: what is kept is "
                       "left alone, and --resume passes over it where the file stays as it is.", err=True)
            raise
    progress.end()
    _tell(tally, preview=preview)


def _checked(source: Source, documents: Documents, place: Path, *, skip_invalid: bool) -> int:
    """Check a whole file; give how many grants are right.

    :raises BadGrants: some are not, and are not to be skipped.
    """
    progress = Progress(source, 0)
    with Report(place) as report:
        total = checking.count(source, documents, Rules(), report, progress.checked)
        progress.end()
    if not report.count:
        return total
    if not skip_invalid:
        raise errors.BadGrants(report.sentences, report.count, f"all are told in {place}, and --skip-invalid leaves "
                               "them out")
    click.echo(f"{report.count:,} grants are not right and are left out; they are told in {place}.", err=True)
    if not total:
        raise errors.BadGrants(report.sentences, report.count, "no other is left")
    return total


def _guard(chosen: settings.Settings, store: Store) -> Guard | None:
    """Give the guard of a store; None for a plain store, which nothing guards."""
    shown.build_if_missing(chosen, store)
    manifest = store.manifest()
    return None if manifest is None or manifest.plain else Guard.over(store)


def _after(one: Importer, *, resume: bool) -> int:
    """Give the number of the grant behind which to begin."""
    if not resume:
        return 0
    kept = one.came_to()
    click.echo(f"Grants 1 to {kept:,} of this file are kept already." if kept else
               "None of this file is kept yet: it is imported from its start.", err=True)
    return kept


def _tell(tally: Tally, *, preview: bool) -> None:
    would = "would be " if preview else ""
    click.echo(f"Awards: {tally.added:,} {would}added, {tally.changed:,} {would}changed, "
               f"{tally.unchanged:,} left alone.")
    if tally.moved:
        rest = "would rest" if preview else "rest"
        click.echo(f"Of these, {tally.moved:,} rested on another document before, such as "
                   f"{compact(tally.moved_from)}, and {rest} on this one now.")
    for source in sorted(tally.retold):
        click.echo(f"The document {compact(source)} is known with another title, date, address or licence, which "
                   f"{would or 'were '}changed: a file of other grants needs a name of its own.")
    click.echo(f"Organisations: {tally.bodies_made:,} {would}added, {tally.bodies_matched:,} found by their numbers.")
    if tally.elsewhere:
        click.echo(f"Areas: {tally.elsewhere:,} with a code that the graph does not know, which is kept as text.")
    if preview:
        click.echo("Nothing was changed: this is a preview.")
    elif tally.changes:
        click.echo(f"Changes {tally.changes[0]:,} to {tally.changes[-1]:,}." if len(tally.changes) > 1 else
                   f"Change {tally.changes[0]:,}.")
    else:
        click.echo("Nothing was to be changed.")
