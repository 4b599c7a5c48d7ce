"""The commands for files that are kept in git: what differs, and what stewards have changed brought back into them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import click

from carekg import difference, errors, folder, pull, settings
from carekg.store import open_store

COLOURS = {"-": "red", "+": "green"}


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
