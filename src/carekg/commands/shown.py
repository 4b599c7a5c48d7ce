"""What several commands show: how a build goes, and what the graph holds."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import click

from carekg import build, errors, folder, settings
from carekg.store import About, Manifest, Store

MOST: Final = 20
"""Files that a note names."""


def build_if_missing(chosen: settings.Settings, store: Store) -> None:
    """Build before the first question; say where the store lags behind the folder."""
    if store.manifest() is None:
        click.echo("Building the graph first, once.", err=True)
        built(chosen, store)
    elif lag := build.lag(chosen.folder, store, chosen.store):
        click.echo(f"Note: {lag}", err=True)


def built(chosen: settings.Settings, store: Store) -> Manifest:
    """Build while showing how it goes, and what is left out of it."""
    unread(chosen)
    return build.build(chosen.folder, store, progress, About(chosen.person))


def unread(chosen: settings.Settings) -> None:
    """Name the files of a folder that are not read: an ending is misspelt easily, and what is missing is not seen."""
    if left := folder.unread(chosen.folder):
        shown = ", ".join(map(str, left[:MOST])) + (f" and {len(left) - MOST} more" if len(left) > MOST else "")
        click.echo(f"Note: not read: {shown}; the ending is none of {', '.join(folder.FORMATS)}.", err=True)


def put(output: Path | None, pieces: Iterator[bytes]) -> None:
    """Write bytes to a file, whole or not at all, or to the terminal.

    :raises StoreError: the file cannot be written.
    """
    if output is None:
        for piece in pieces:
            sys.stdout.buffer.write(piece)
        return
    draft = output.with_name(output.name + ".part")
    try:
        with draft.open("wb") as file:
            file.writelines(pieces)
        draft.replace(output)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise errors.StoreError(f"{output} cannot be written: {error.strerror}.") from None
    click.echo(f"{output}: {output.stat().st_size:,} bytes.", err=True)


def progress(stage: str, seconds: float | None) -> None:
    """Show a stage while it runs, on a terminal, and how long it took."""
    on_terminal = sys.stderr.isatty()
    if seconds is not None:
        click.echo(f"{chr(13) if on_terminal else ''}  {stage:<9} {seconds:6.2f} s", err=True)
    elif on_terminal:
        click.echo(f"  {stage:<9} ...", nl=False, err=True)


def counts(manifest: Manifest) -> None:
    """Print how much of what a graph holds, and since when."""
    lines = "".join(f"  {count:>7,} {name}\n" for name, count in manifest.counts.items())
    click.echo(f"{lines}  {manifest.triples:>7,} triples in all, built {manifest.built}")
