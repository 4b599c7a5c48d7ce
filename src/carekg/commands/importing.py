"""The commands that bring other people's files into the graph, a command for each kind of file."""

from __future__ import annotations

import click

from carekg.commands import grants, sheets


@click.group("import")
def import_group() -> None:
    """Bring a file into the graph: what it says is checked whole, and kept whole or not at all."""


import_group.add_command(sheets.import_sheet)
import_group.add_command(grants.import_grants)
