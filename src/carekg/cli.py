"""The command line: what every command shares, and which commands there are."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from carekg import __version__, errors, settings
from carekg.commands import (
    accounts,
    asking,
    explaining,
    filing,
    finding,
    importing,
    keeping,
    looking_back,
    making,
    operating,
    serving,
    sheets,
    validating,
)


class Commands(click.Group):
    """A group whose errors are one sentence and an exit code."""

    def invoke(self, context: click.Context) -> Any:
        """Run a command; tell what went wrong in a sentence."""
        try:
            return super().invoke(context)
        except errors.CarekgError as error:
            click.echo(f"carekg: {error}", err=True)
            context.exit(error.exit_code)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="carekg")
@click.option("--folder", "chosen", type=click.Path(path_type=Path), metavar="DIR",
              help="Work on this knowledge folder (ontology/ shapes/ data/ queries/) instead of the one shipped.")
@click.option("--store", "where", metavar="PLACE",
              help="Keep the graph there: a folder, memory:, or the address of a SPARQL 1.1 service. "
                   "By default a folder under your data directory.")
@click.pass_context
def main(context: click.Context, chosen: Path | None, where: str | None) -> None:
    """How innovations in health and social care spread, as a knowledge graph that shows its sources.

    Start with `carekg build`, then `carekg ask --help` for the questions, or `carekg serve` for a browser.
    """
    context.obj = settings.load(chosen, where)


for one in (making.build_command, filing.check_command, making.export_command, filing.pull_command,
            filing.diff_command, validating.validate_command,
            asking.ask_group, finding.find_command, explaining.why_command,
            serving.serve_command, serving.mcp_command, importing.import_group, sheets.template,
            looking_back.history, looking_back.undo_command, looking_back.replicate, keeping.backup, keeping.restore,
            operating.config, accounts.user, accounts.token):
    main.add_command(one)
