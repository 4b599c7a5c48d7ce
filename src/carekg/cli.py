"""The command line: what every command shares, and which commands there are."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import click

from carekg import __version__, errors, settings
from carekg.commands.later import Later

COMMANDS: Final = {
    "ask": "asking:ask_group",
    "backup": "keeping:backup",
    "build": "making:build_command",
    "check": "filing:check_command",
    "config": "operating:config",
    "diff": "filing:diff_command",
    "export": "making:export_command",
    "find": "finding:find_command",
    "history": "looking_back:history",
    "import": "importing:import_group",
    "mcp": "serving:mcp_command",
    "profile": "profiling:profile_command",
    "pull": "filing:pull_command",
    "replicate": "looking_back:replicate",
    "restore": "keeping:restore",
    "serve": "serving:serve_command",
    "template": "sheets:template",
    "token": "accounts:token",
    "undo": "looking_back:undo_command",
    "user": "accounts:user",
    "validate": "validating:validate_command",
    "why": "explaining:why_command",
}
"""Every command, and where it is."""


class Commands(click.Group):
    """A group whose errors are one sentence and an exit code."""

    def invoke(self, context: click.Context) -> Any:
        """Run a command; tell what went wrong in a sentence."""
        try:
            return super().invoke(context)
        except errors.CarekgError as error:
            click.echo(f"carekg: {error}", err=True)
            context.exit(error.exit_code)


@click.group(cls=Commands, commands=Later(COMMANDS), context_settings={"help_option_names": ["-h", "--help"]})
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
