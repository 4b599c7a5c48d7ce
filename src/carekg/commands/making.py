"""The commands that make the graph out of a folder, and write it out: build, export."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from carekg import build, errors, settings
from carekg.commands import shown
from carekg.store import open_store


@click.command("build")
@click.option("--force", is_flag=True, help="Build even where the store already holds just this folder.")
@click.pass_obj
def build_command(chosen: settings.Settings, force: bool) -> None:
    """Read the folder, validate, reason, and store the graph.

    Nothing is changed where a file does not parse, a term does not exist or a shape is violated.
    """
    with open_store(chosen) as store:
        if not force and build.is_current(chosen.folder, store) and (manifest := store.manifest()):
            shown.unread(chosen)
            click.echo(f"{chosen.store} already holds this folder, built {manifest.built}.")
        else:
            manifest = shown.built(chosen, store)
        shown.counts(manifest)


@click.command("export")
@click.option("--format", "form", type=click.Choice(["n-quads", "turtle"]), default="n-quads", show_default=True,
              help="n-quads: canonical, each triple in its graph. turtle: the union of all graphs.")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="File to write; else the terminal.")
@click.option("--inferred/--no-inferred", default=True, show_default=True, help="With or without what was inferred.")
@click.pass_obj
def export_command(chosen: settings.Settings, form: str, output: Path | None, inferred: bool) -> None:
    """Write the whole graph: the same folder always gives the same bytes."""
    with open_store(chosen, briefly=True) as store:
        text = build.exported(store, form, inferred)
    if output is None:
        sys.stdout.buffer.write(text)
        return
    draft = output.with_name(output.name + ".part")
    try:
        draft.write_bytes(text)
        draft.replace(output)
    except OSError as error:
        raise errors.StoreError(f"{output} cannot be written: {error.strerror}.") from None
    lines = text.count(b"\n")
    click.echo(f"{output}: {lines:,} lines.", err=True)
