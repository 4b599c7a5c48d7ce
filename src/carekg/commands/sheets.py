"""``carekg template`` and ``carekg import sheet``: spreadsheets that stewards fill in."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final

import click

from carekg import change, errors, names, settings
from carekg.change.guard import Guard
from carekg.commands import shown
from carekg.importers import sheets
from carekg.importers.sheets import told
from carekg.importers.sheets.desk import Desk, Outcome
from carekg.store import About, Store, open_store

HOW: Final = "sheet"
MEMORY_MB: Final = 4096
PATIENCE: Final = 900.0
"""Memory and seconds that a sheet may take in the engine: 20,000 rows are a change of 240,000 statements."""


@click.command("template")
@click.argument("class_", metavar="CLASS", default="")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="File to write, such as sites.xlsx.")
@click.option("--filled", is_flag=True, help="With all things of the class that the graph holds, to be corrected.")
@click.pass_obj
def template(chosen: settings.Settings, class_: str, output: Path | None, filled: bool) -> None:
    """Write the template of a CLASS, such as site or innovation: a workbook to fill in and bring in again.

    Without CLASS, list the classes that have one.
    """
    with open_store(chosen) as store:
        desk = _desk(chosen, store)
        if not class_:
            for form in sorted(desk.kinds(), key=lambda one: one.label):
                click.echo(f"{form.label:<20} {form.definition}")
            return
        file, content = desk.template(class_, filled=filled)
    if not output and Path(file).exists():  # perhaps filled in meanwhile
        raise errors.BadInput(f"{file} is there already; name the file to write with --output.")
    shown.put(output or Path(file), iter([content]))


@click.command("sheet")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--class", "class_", default="", metavar="CLASS",
              help="What the rows are, where neither the sheet nor the file is called by it.")
@click.option("--sheet", "title", default="", help="The sheet of a workbook that has several.")
@click.option("--preview", is_flag=True, help="Show what would change, and change nothing.")
@click.option("--yes", is_flag=True, help="Ask nothing: change it, or refuse where a name is in doubt.")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), metavar="CHECKED.xlsx",
              help="Write a copy with what is wrong at each cell, and the names to be confirmed.")
@click.option("--source", default="",
              help="The source that the sheet rests on, by name or key, such as source/sl_plus; passages that name no "
                   "other are from it.")
@click.option("--why", default="", help="Why; the history keeps it.  [default: the file's name]")
@click.pass_obj
def import_sheet(chosen: settings.Settings, file: Path, class_: str, title: str, preview: bool, yes: bool,
                 output: Path | None, source: str, why: str) -> None:
    """Bring in a sheet FILE, an .xlsx or .csv: what is new, and what differs of things that are known.

    It is checked whole, and all of it is changed or nothing. Without --yes you are asked what names mean that are in
    doubt, and whether it is right.
    """
    if output and file.exists() and output.exists() and output.samefile(file):
        raise errors.BadInput(f"{output} is the sheet itself; name another file for the copy with --output.")
    with open_store(replace(chosen, deadline=max(chosen.deadline, PATIENCE),
                            memory_mb=max(chosen.memory_mb, MEMORY_MB))) as store:
        desk = _desk(chosen, store)
        table = sheets.opened(file, title, [*desk.titles(), class_])
        at_once = yes and not (preview or output)  # the guard is then asked once, by the commit
        outcome, answers = desk.checked(table, class_, source=source, judge=not at_once), None
        if outcome.plan.questions and not (preview or yes) and sys.stdin.isatty():
            answers = _answers(outcome)
            outcome = desk.checked(table, class_, answers, source)
        _tell(outcome)
        if output:
            shown.put(output, iter([outcome.copy()]))
        if at_once and not outcome.is_ready:
            outcome = desk.checked(table, class_, source=source)
        outcome.raise_for_problems()
        if not outcome.is_change:
            click.echo("Nothing is to be changed: all of it is known.")
        elif preview:
            click.echo("Nothing was changed: this is a preview.")
        elif _is_sure(yes):
            about = About(chosen.person, why or f"Sheet {table.file}", desk.source(source), HOW)
            _commit(outcome, about, desk, lambda: desk.checked(table, class_, answers, source))


def _commit(outcome: Outcome, about: About, desk: Desk, judged: Callable[[], Outcome]) -> None:
    """Bring a sheet in.

    :param judged: gives what the guard says of it, cell by cell.
    :raises WrongCells: it breaks a shape.
    """
    try:
        made = change.commit(outcome.plan.change(about), desk.graph, desk.guard)
    except (errors.InvalidGraph, errors.UnknownThings):
        judged().raise_for_problems()
        raise
    click.echo(f"Change {made.number}: {len(made.added):,} statements came, {len(made.removed):,} went.")


def _desk(chosen: settings.Settings, store: Store) -> Desk:
    """Give what the graph has for its sheets.

    :raises BadInput: it is a plain store, without shapes.
    """
    shown.build_if_missing(chosen, store)
    manifest = store.manifest()
    if manifest is None or manifest.plain:
        raise errors.BadInput(f"{chosen.store} is the store of a plain server, without shapes: there are no classes "
                              "that a sheet could be of. Name another with --store.")
    return Desk(store, names.Names(*names.read(store)), Guard.over(store))


def _tell(outcome: Outcome) -> None:
    click.echo(told.summary(outcome.plan))
    for line in told.lines(outcome.plan):
        click.echo(line)


def _answers(outcome: Outcome) -> dict[tuple[str, str], str]:
    """Ask what each name means that is in doubt; what is passed over stays in doubt."""
    found = {}
    for question in outcome.plan.questions:
        click.echo(f"`{question.text}` in column `{question.column}`, row {', '.join(map(str, question.rows[:8]))}:")
        options = question.options()
        for number, (key, words) in enumerate(options, 1):
            click.echo(f"  {number}  {key}: {words}")
        chosen = click.prompt("Which is meant (0: I do not know)", type=click.IntRange(0, len(options)))
        if chosen:
            found[question.key] = options[chosen - 1][0]
    return found


def _is_sure(yes: bool) -> bool:
    """Say whether it is to be changed.

    :raises BadInput: nobody is there to be asked.
    """
    if not yes and not sys.stdin.isatty():
        raise errors.BadInput("Nothing was changed, since nobody is there to be asked whether this is right; look at "
                              "it with --preview, and then say --yes.")
    return yes or click.confirm("Is this right?")
