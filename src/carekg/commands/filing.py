"""The commands for files that are kept in git: check them, and bring back into them what stewards have changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from pathlib import Path

import click

from carekg import build, difference, errors, folder, inspecting, phrases, pull, settings
from carekg.commands import shown
from carekg.difference import sides
from carekg.store import open_store

COLOURS = {"-": "red", "+": "green"}


@click.command("check")
@click.argument("files", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="[FILE]...")
@click.option("--format", "form", type=click.Choice(["text", "github"]), default="text", show_default=True,
              help="As text, `path:line: sentence` one a line, or as annotations for GitHub.")
@click.pass_context
def check_command(context: click.Context, files: tuple[Path, ...], form: str) -> None:
    """Do all of a build but the writing: parse, look for misspelt terms, validate.

    With FILEs of a folder, only these are checked, in the context of the rest, and each sentence begins with its file
    and line: for editors, pre-commit and pull requests. Exit code 2: a file does not parse or names what is described
    nowhere; 3: a shape is violated.

    Without, where CAREKG_SOURCES names a folder with your copies of the documents, each quoted phrase is looked up on
    its line.
    """
    chosen = context.obj
    if not files and form == "text":
        _check_folder(chosen)
        return
    root = _root(context, files)
    every = _all(root)
    known = frozenset(every)
    wanted = list(dict.fromkeys(_inside(file, root, known) for file in files)) if files else every
    found = inspecting.inspected(root, wanted)
    for one in found:
        click.echo(_annotation(one, root) if form == "github" else _sentence(one, root))
    blocking = [one for one in found if one.blocks]
    if not blocking:
        click.echo(f"{len(wanted)} file{'s are' if len(wanted) > 1 else ' is'} right.", err=form == "github")
        return
    count = f"{len(blocking)} problem{'s' if len(blocking) > 1 else ''}"
    where = len({one.path for one in blocking})
    click.echo(f"carekg: {count} in {where} file{'s' if where > 1 else ''}.", err=True)
    context.exit(3 if all(one.kind == "violation" for one in blocking) else 2)


def _check_folder(chosen: settings.Settings) -> None:
    if chosen.sources and not chosen.sources.is_dir():
        raise errors.BadInput(f"CAREKG_SOURCES names {chosen.sources}, which is no folder.")
    shown.unread(chosen)
    read = build.check(chosen.folder, shown.progress)
    if chosen.sources:
        found, left = phrases.check(read, chosen.sources)
        click.echo(f"{found} quoted phrases stand on their lines in {chosen.sources}"
                   + (f"; {left} of other sources were not looked up." if left else "."))
    else:
        click.echo("Quoted phrases were not looked up: CAREKG_SOURCES names no folder with the documents.")
    click.echo(f"{chosen.folder}: {len(read.files)} files and {len(read.queries)} queries are right.")


def _root(context: click.Context, files: tuple[Path, ...]) -> Path:
    """Give the folder that the files are of: the one that is set, else, where none is named, the one around them."""
    chosen: settings.Settings = context.obj
    if not files or context.find_root().params.get("chosen") or chosen.folder != settings.shipped_folder():
        return chosen.folder
    around = (parent for parent in files[0].resolve().parents if (parent / "ontology").is_dir())
    return next(around, chosen.folder)


def _inside(file: Path, root: Path, every: Set[Path]) -> Path:
    """Give the path of a file below its folder.

    :param every: all of which the folder is made.
    :raises BadInput: it is none of which a folder is made.
    """
    resolved, top = file.resolve(), root.resolve()
    if resolved.is_relative_to(top):
        path = resolved.relative_to(top)
        if path in every:
            return path
    raise errors.BadInput(f"{file} is no file of the folder {root}: its ontology/, shapes/ and data/ hold "
                          f"{', '.join(folder.FORMATS)}, and queries/ holds .rq. For other files there is "
                          "`carekg validate`.")


def _all(root: Path) -> list[Path]:
    """Give every file of which a folder is made, by its path below it."""
    return [file.relative_to(root) for file in (*folder.rdf_files(root), *folder.queries(root).values())]


def _near(one: inspecting.Problem, root: Path) -> str:
    """Give the file of a problem as one names it from here."""
    path = (root / one.path).resolve()
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)


def _sentence(one: inspecting.Problem, root: Path) -> str:
    """Give a problem on one line, as editors read it."""
    place = ":".join(map(str, filter(None, (_near(one, root), one.line, one.column))))
    kind = "" if one.blocks else click.style("warning: ", fg="yellow")
    return f"{click.style(place, bold=True)}: {kind}{' '.join(one.text.split())}"


def _annotation(one: inspecting.Problem, root: Path) -> str:
    """Give a problem as GitHub's workflow commands have it."""
    def escaped(text: str, signs: str) -> str:
        return "".join(f"%{ord(sign):02X}" if sign in signs else sign for sign in text)

    place = {"file": _near(one, root), "line": one.line, "col": one.column}
    where = ",".join(f"{name}={escaped(str(value), '%:,')}" for name, value in place.items() if value)
    return f"::{'error' if one.blocks else 'warning'} {where}::{escaped(one.text, chr(37) + chr(13) + chr(10))}"


@click.command("diff")
@click.argument("one", metavar="A")
@click.argument("other", metavar="B")
@click.option("--format", "form", type=click.Choice(["text", "patch"]), default="text", show_default=True,
              help="As text by thing, with labels, or as an RDF Patch that makes B of A.")
@click.pass_context
def diff_command(context: click.Context, one: str, other: str, form: str) -> None:
    """Show what B states and A does not (+), and A states and B does not (-).

    A and B are RDF files, knowledge folders or stores; `@` is the store of the settings, `@12` what it held after
    change 12, `@2026-11-22` what it held that day. Layout, order and the names of blank nodes make no difference.
    Exit code 0: they state the same; 1: they do not.
    """
    left, right = sides.sides(one, other, context.obj)
    found = difference.between(left, right)
    if form == "patch":
        click.echo(difference.patch(left, right), nl=False)
    else:
        names = difference.labels(left, right)
        for graph, two in found.items():
            for line in _shown(difference.graph_name(graph), two, names):
                click.echo(line)
        click.echo(_compared(found) if found else "They state the same.", err=True)
    context.exit(1 if found else 0)


def _compared(found: Mapping[str, difference.Difference]) -> str:
    """Give how much differs."""
    gone = [one for two in found.values() for one in two.gone]
    come = [one for two in found.values() for one in two.come]
    things = len({one.subject for one in (*gone, *come)})
    return (f"{len(gone):,} statement{'s' * (len(gone) != 1)} fewer and {len(come):,} more, about {things:,} "
            f"thing{'s' * (things != 1)}.")


@click.command("pull")
@click.option("--dry-run", is_flag=True, help="Show what would change in which file, and write nothing.")
@click.pass_context
def pull_command(context: click.Context, dry_run: bool) -> None:
    """Write what stewards have changed in the graph back into the folder's files.

    Only the lines of statements that changed are touched: comments, order and layout of the rest stay. What stewards
    have stated in no file's graph goes to data/stewards.ttl. Killed at any time, it loses nothing and can run again.
    """
    chosen = context.obj
    _refuse_shipped(context, chosen)
    with open_store(chosen, briefly=True) as store:
        pulled = pull.planned(chosen.folder, store)
    if not pulled:
        click.echo(f"There is nothing to pull: {chosen.folder} says all that stewards have changed.")
        return
    for line in _planned(pulled, chosen.folder) if dry_run else _counted(pulled, chosen.folder):
        click.echo(line)
    for one in pulled:
        _note(one, one.draft.path.relative_to(chosen.folder))
    if dry_run:
        click.echo("Nothing was written; without --dry-run it is.", err=True)
        return
    pull.write(pulled, chosen.folder)
    click.echo("Now `carekg check`, look at `git diff`, commit, and `carekg build`.", err=True)


def _refuse_shipped(context: click.Context, chosen: settings.Settings) -> None:
    """Refuse to write into the folder that came with carekg because nobody named another."""
    named = context.find_root().params.get("chosen") or chosen.folder != settings.shipped_folder()
    if not named:
        raise errors.BadInput("pull writes into a folder that you name: `carekg --folder DIR pull`. Without "
                              "--folder it would be the one that came with carekg.")
    if chosen.store.startswith(("http://", "https://")):
        raise errors.BadInput(f"The graph is in the service at {chosen.store}, which does not tell what stewards have "
                              "changed; pull takes it from a store on this machine.")


def _planned(pulled: list[pull.Pulled], root: Path) -> Iterator[str]:
    """Give what would leave each file and come into it, by thing."""
    names = difference.labels({file.graph: file.triples for file in folder.load(root).files},
                              {one.graph: [t for s in one.come for t in s.triples()] for one in pulled})
    for one in pulled:
        yield from _shown(str(one.draft.path.relative_to(root)), difference.Difference(one.gone, one.come), names)


def _shown(head: str, one: difference.Difference, names: Mapping[str, str]) -> Iterator[str]:
    """Give a difference as people read it, under a head."""
    if head:
        yield click.style(head, bold=True)
    for line in difference.lines(one, names):
        text = f"  {line.text}" if line.sign == " " else f"    {line.sign} {line.text}"
        yield click.style(text, fg=COLOURS.get(line.sign))
    yield ""


def _counted(pulled: list[pull.Pulled], root: Path) -> Iterator[str]:
    """Give how many statements leave each file and come into it."""
    for one in pulled:
        new = " (new)" if one.draft.before is None else ""
        yield f"{one.draft.path.relative_to(root)}{new}: {len(one.come)} in, {len(one.gone)} out"


def _note(one: pull.Pulled, name: Path) -> None:
    if one.was_edited and one.draft.before is not None:
        click.echo(f"Note: {name} was edited since the graph was built; these edits stay.", err=True)
    if not one.keeps_layout:
        click.echo(f"Note: {name} is written anew, for its statements cannot be changed one by one; comments in it are "
                   "lost.", err=True)
