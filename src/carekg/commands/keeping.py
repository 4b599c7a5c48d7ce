"""The commands by which nothing is lost: a backup, taken while others write, and its return."""

from __future__ import annotations

from pathlib import Path

import click

from carekg import settings
from carekg.commands.looking_back import embedded
from carekg.past import copies
from carekg.store import open_store


@click.command("backup")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.pass_obj
def backup(chosen: settings.Settings, file: Path) -> None:
    """Write a backup of the store to FILE, while servers go on reading and writing.

    It holds the whole history, from which everything else can be made, and the drafts.
    """
    with open_store(chosen, briefly=True) as store:
        last = copies.backup(embedded(chosen, store), file)
    click.echo(f"{file}: everything up to change {last:,}, {file.stat().st_size / 2**20:,.1f} MB.")


@click.command("restore")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--force", is_flag=True, help="Let go of what the store has and the backup has not.")
@click.pass_obj
def restore(chosen: settings.Settings, file: Path, force: bool) -> None:
    """Bring a backup back into the store; servers that run on it go on with what it holds."""
    with open_store(chosen, briefly=True) as store:
        last = copies.restore(embedded(chosen, store), file, force=force)
    click.echo(f"{chosen.store} is as it was after change {last:,}.")
