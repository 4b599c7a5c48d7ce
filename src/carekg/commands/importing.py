"""The commands that bring other people's files into the graph, a command for each kind of file."""

from __future__ import annotations

import click

from carekg.commands.later import Later


@click.group("import", commands=Later({"sheet": "sheets:import_sheet", "grants": "grants:import_grants"}))
def import_group() -> None:
    """Bring a file into the graph: what it says is checked whole, and kept whole or not at all."""
