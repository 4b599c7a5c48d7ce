"""The commands for whoever runs a server: what is set."""

from __future__ import annotations

import json
import textwrap

import click

from carekg import settings

WIDTH = 100


@click.command("config")
@click.option("--json", "as_json", is_flag=True, help="As JSON, for programs.")
@click.option("--table", is_flag=True, help="The defaults as a table in Markdown, as the documentation has it.")
@click.pass_context
def config(context: click.Context, as_json: bool, table: bool) -> None:
    """Print every setting as it is now, and whether it is the default, from the environment or an option.

    A setting is set in the environment by its name; --folder and --store come before that. Secrets are not shown.
    """
    if table:
        click.echo(settings.table(), nl=False)
        return
    chosen = context.find_object(settings.Settings)
    options = {"folder": context.find_root().params.get("chosen"), "store": context.find_root().params.get("where")}
    chosen = chosen or settings.load()
    for sentence in settings.missing(chosen):
        click.echo(f"Note: {sentence}", err=True)
    found = list(settings.effective(chosen, options))
    if as_json:
        click.echo(json.dumps({one.name: {"value": one.value, "from": one.origin} for one in found}, indent=2))
        return
    for one in found:
        click.echo(f"{click.style(one.name, bold=True)} = {one.value}  ({one.origin})")
        click.echo(textwrap.fill(one.sentence, WIDTH, initial_indent="    ", subsequent_indent="    "))
