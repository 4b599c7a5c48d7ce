"""The commands for whoever runs a server: what is set, and who may write."""

from __future__ import annotations

import json
import textwrap

import click

from carekg import settings
from carekg.accounts import tokens

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


@click.group("token")
def token() -> None:
    """Make, list and remove the tokens of those who may write to a running server.

    It needs no restart: a token holds from when it is made until it is removed.
    """


@token.command("add")
@click.argument("name")
@click.pass_obj
def token_add(chosen: settings.Settings, name: str) -> None:
    """Make a token for NAME and print it, this once: only its hash is kept."""
    made = tokens.add(chosen.tokens_file, name)
    click.echo(f"The token of {name}, kept as a hash in {chosen.tokens_file}; it is shown this once:", err=True)
    click.echo(made)
    click.echo("A request that writes sends it as `Authorization: Bearer TOKEN`.", err=True)
    if chosen.store.startswith(("http://", "https://")):
        click.echo(f"Note: the graph is in the service at {chosen.store}, and is changed there, whoever sends a token.",
                   err=True)


@token.command("list")
@click.pass_obj
def token_list(chosen: settings.Settings) -> None:
    """Print the names of the tokens, and the day each was made."""
    for one in tokens.tokens(chosen.tokens_file):
        click.echo(f"{one.made}  {one.name}")
    if chosen.token:
        click.echo(f"            {tokens.FROM_ENVIRONMENT} (from the environment)")
    if not tokens.Keeper(chosen).is_open():
        click.echo(f"There are no tokens in {chosen.tokens_file}: the server is read-only.", err=True)


@token.command("remove")
@click.argument("name")
@click.pass_obj
def token_remove(chosen: settings.Settings, name: str) -> None:
    """Forget the token of NAME: nobody writes with it any more."""
    tokens.remove(chosen.tokens_file, name)
    click.echo(f"{name} writes no more.", err=True)
