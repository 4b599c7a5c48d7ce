"""The commands of the history: who changed what, how it was, and a change taken back."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import click
import pyoxigraph as ox

from carekg import errors, settings
from carekg.change import guard, undo
from carekg.commands import shown
from carekg.past import blame, log
from carekg.store import About, Entry, Store, open_store
from carekg.store.embedded import EmbeddedStore
from carekg.store.history import replay
from carekg.terms import compact
from carekg.turtle.spelling import Term

MOST: Final = 40
"""Rows of a change that are shown."""


@click.group("history", invoke_without_command=True)
@click.option("--most", type=click.IntRange(1, 10**9), default=20, show_default=True, help="How many changes to list.")
@click.pass_context
def history(context: click.Context, most: int) -> None:
    """List the last changes of the graph: who made them, when, why, and how much they changed."""
    if context.invoked_subcommand:
        return
    with open_store(context.obj, briefly=True) as store:
        entries = embedded(context.obj, store).history.entries(most=most)
        for entry in entries:
            click.echo(_line(entry))
        if not entries:
            click.echo(f"Nothing was changed yet in {context.obj.store}.")


@history.command("show")
@click.argument("number", type=int)
@click.option("--all", "whole", is_flag=True, help=f"Every statement, not the first {MOST}.")
@click.pass_obj
def show(chosen: settings.Settings, number: int, whole: bool) -> None:
    """Show what change NUMBER stated (+) and withdrew (-)."""
    with open_store(chosen, briefly=True) as store:
        entry = store.history.entry(number)
        click.echo(_line(entry))
        if entry.about.source:
            click.echo(f"  rests on {entry.about.source}")
        rows = store.history.rows(number)[0]
        changed = [row.decode() for row in rows if row[:2] in (b"A ", b"D ")]
        for row in changed if whole else changed[:MOST]:
            click.echo(_shown(row))
        if len(changed) > MOST and not whole:
            click.echo(f"  ... and {len(changed) - MOST:,} more; --all shows them.")


@history.command("of")
@click.argument("thing")
@click.option("--at", "when", help="As it was then: the number of a change, or a day or time (UTC).")
@click.pass_obj
def of(chosen: settings.Settings, thing: str, when: str | None) -> None:
    """Show each statement of THING (a name, an IRI, or such as innovation:iris) with the change that stated it."""
    with open_store(chosen, briefly=True) as store:
        iri = blame.find(store, thing)
        if when:
            number = _number(store, when)
            click.echo(f"{compact(iri)} after {store.history.entry(number).sentence()}:")
            for quad in blame.at(store, iri, number):
                click.echo(f"  {_words(quad)}")
            return
        found = blame.blame(store, iri)
        if not found:
            raise errors.NotFound(iri)
        for one in found:
            by = f"data file {one.file}, " if one.file else ""
            click.echo(f"{_words(one.quad)}\n    {by}{one.entry.sentence() if one.entry else 'not known since when'}")


@history.command("at")
@click.argument("when")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="File to write; else the terminal.")
@click.pass_obj
def at(chosen: settings.Settings, when: str, output: Path | None) -> None:
    """Write the whole graph as it was at WHEN, in N-Quads: the number of a change, or a day or time (UTC)."""
    with open_store(chosen, briefly=True) as store:
        number = _number(store, when)
        quads = replay.after(store.history, number)
        text = b"".join(sorted((quads.dump(format=ox.RdfFormat.N_QUADS) or b"").splitlines(keepends=True)))
        click.echo(f"As after {store.history.entry(number).sentence()}: {len(quads):,} statements.", err=True)
    shown.put(output, iter([text]))


@history.command("log")
@click.option("--after", type=int, default=0, metavar="NUMBER", help="Only the changes after this one.")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="File to write; else the terminal.")
@click.pass_obj
def log_command(chosen: settings.Settings, after: int, output: Path | None) -> None:
    """Write all changes as one RDF Patch log, from which `carekg replicate` makes the same store again."""
    with open_store(chosen, briefly=True) as store:
        if not store.history.last():
            raise errors.StoreError(f"Nothing was changed yet in {chosen.store}.")
        shown.put(output, log.written(store.history, after))


@click.command("replicate")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.pass_obj
def replicate(chosen: settings.Settings, file: Path) -> None:
    """Make the store, which must be empty, from a log that `carekg history log` has written."""
    with open_store(chosen, briefly=True) as store:
        try:
            with file.open("rb") as opened:
                last = log.replica(opened, embedded(chosen, store))
        except OSError as error:
            raise errors.BadInput(f"{file} cannot be read: {error.strerror}.") from None
    click.echo(f"{chosen.store} has {last:,} changes, as {file} tells them.")


@click.command("undo")
@click.argument("number", type=int)
@click.option("--why", default="", help="Why it is undone; the history keeps it.")
@click.pass_obj
def undo_command(chosen: settings.Settings, number: int, why: str) -> None:
    """Take back what change NUMBER did, as a change of its own.

    Refused where later changes have touched the same statements, or rest on them.
    """
    with open_store(chosen) as store:
        manifest = store.manifest()
        over = None if manifest is None or manifest.plain else guard.Guard.over(store)
        made = undo.undo(number, store, over, About(chosen.person, why))
    click.echo(f"Change {number} is undone by change {made.number}: +{len(made.added):,} -{len(made.removed):,}.")


def embedded(chosen: settings.Settings, store: Store) -> EmbeddedStore:
    """Give the store where it is one on this machine.

    :raises Refused: another service keeps the graph.
    """
    if isinstance(store, EmbeddedStore) and chosen.store != "memory:":
        return store
    raise errors.Refused(f"This is for a store in a folder; {chosen.store} keeps its graph elsewhere. "
                         "Name a folder with --store.")


def _number(store: Store, when: str) -> int:
    """Give the change after which the graph was as it was then.

    :raises BadInput: there was nothing then.
    """
    if when.isdecimal():
        return store.history.entry(int(when)).number
    return store.history.moment(when)


def _line(entry: Entry) -> str:
    """Give a change in a line: its number, when, how much, by whom, by which way, and why."""
    about = entry.about
    why = about.why or ("the folder was built" if entry.is_build else "")
    number, by, how = click.style(f"{entry.number:>6}", bold=True), about.who or "-", about.how
    return (f"{number}  {entry.made[:16].replace('T', ' ')}  +{entry.added:<7,} -{entry.removed:<7,} "
            f"{by:<12} {how:<10} {why}").rstrip()


def _shown(row: str) -> str:
    """Give a row of a patch as people read it."""
    (quad,) = ox.parse(row[2:], ox.RdfFormat.N_QUADS)
    return f"  {'+' if row.startswith('A') else '-'} {_word(quad.subject)} {_words(quad)}"


def _words(quad: ox.Quad) -> str:
    """Give predicate and object of a statement in short."""
    return f"{compact(quad.predicate.value)} {_word(quad.object)}"


def _word(term: Term) -> str:
    """Give a term in short."""
    if isinstance(term, ox.NamedNode):
        return compact(term.value)
    if isinstance(term, ox.Literal) and not term.language and term.datatype != ox.Literal("").datatype:
        return f"{ox.Literal(term.value)}^^{compact(term.datatype.value)}"
    return str(term)
