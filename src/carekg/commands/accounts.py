"""The commands on who may do what: users, and the tokens of programs."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from carekg import errors, settings
from carekg.accounts import passwords, tokens
from carekg.accounts.roles import ORDER, RIGHTS, Role
from carekg.accounts.users import Users

ROLES = click.Choice([one.value for one in ORDER])
ROLE_HELP = "; ".join(f"{one}: {', '.join(right.words for right in RIGHTS.values() if right.role == one)}"
                      for one in ORDER)
FROM_INPUT = click.option("--password-stdin", "from_input", is_flag=True,
                          help="Read the password from standard input, its first line; else it is asked for.")


@click.group("user", epilog=f"Each role may do what those before it may. {ROLE_HELP}.")
def user() -> None:
    """Add, list, change and remove those who log in with a browser.

    It needs no restart: what is changed here holds at once, and logs out whom it is about.
    """


@user.command("add")
@click.argument("name")
@click.option("--role", type=ROLES, default=Role.READER.value, show_default=True, help="What they may do.")
@click.option("--shown", default="", metavar="TEXT", help="The name that others see.  [default: NAME]")
@FROM_INPUT
@click.pass_obj
def user_add(chosen: settings.Settings, name: str, role: str, shown: str, from_input: bool) -> None:
    """Add the user NAME, with a password that is asked for twice."""
    if any(one.name == name and not one.user for one in tokens.tokens(chosen.tokens_file)):
        raise errors.BadInput(f"There is a token `{name}`, and changes by it have that name; choose another name.")
    users = Users(chosen)
    users.refuse_name(name)
    made = users.add(name, _password(name, from_input), role, shown)
    click.echo(f"{made.name} may log in as {made.role}; kept in {users.path}.", err=True)


@user.command("list")
@click.pass_obj
def user_list(chosen: settings.Settings) -> None:
    """Print the users: since when, with which role, under which name."""
    users = Users(chosen)
    found = users.all()
    for one in found:
        click.echo(f"{one.made}  {one.role:<11}  {one.name}" + (f"  ({one.shown})" if one.shown != one.name else ""))
    if not found:
        click.echo(f"There are no users in {users.path}; `carekg user add NAME` adds one.", err=True)


@user.command("role")
@click.argument("name")
@click.argument("role", type=ROLES)
@click.pass_obj
def user_role(chosen: settings.Settings, name: str, role: str) -> None:
    """Give the user NAME another role, and log them out."""
    made = Users(chosen).give(name, role)
    click.echo(f"{made.name} is {made.role} now.", err=True)


@user.command("password")
@click.argument("name")
@FROM_INPUT
@click.pass_obj
def user_password(chosen: settings.Settings, name: str, from_input: bool) -> None:
    """Give the user NAME another password, and log them out."""
    users = Users(chosen)
    users.refuse_unknown(name)
    users.change_password(name, _password(name, from_input))
    click.echo(f"{name} logs in with the new password now.", err=True)


@user.command("remove")
@click.argument("name")
@click.pass_obj
def user_remove(chosen: settings.Settings, name: str) -> None:
    """Forget the user NAME and the plans that they keep: they log in no more, and tokens of theirs open nothing."""
    from carekg.plans import kept  # imported here: it brings all that a plan asks with

    Users(chosen).remove(name)
    plans = Path(chosen.store) / kept.FILE
    if plans.is_file():  # else somebody else of that name would find them as their own
        kept.Plans(plans).forget(name)
    click.echo(f"{name} logs in no more; what they changed stays theirs in the history.", err=True)


def _password(name: str, from_input: bool) -> str:
    """Give the password that is typed twice, unseen, or is on standard input."""
    if from_input:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        raise errors.BadInput("There is no terminal on which to ask for the password; send it on standard input with "
                              "--password-stdin.")
    found: str = click.prompt(f"Password of {name} ({passwords.SHORTEST} or more characters)", hide_input=True,
                              confirmation_prompt=True, err=True)
    return found


@click.group("token")
def token() -> None:
    """Make, list and remove the tokens of programs that write to a running server.

    It needs no restart: a token holds from when it is made until it is removed.
    """


@token.command("add")
@click.argument("name")
@click.option("--role", type=ROLES, default=Role.STEWARD.value, show_default=True, help="What may be done with it.")
@click.option("--user", default="", metavar="USER",
              help="Whose it is: changes by it are theirs, and it does no more than they may.")
@click.pass_obj
def token_add(chosen: settings.Settings, name: str, role: str, user: str) -> None:
    """Make a token for NAME and print it, this once: only its hash is kept."""
    users = Users(chosen)
    if user:
        users.refuse_unknown(user)
    elif users.find(name):
        raise errors.BadInput(f"There is a user `{name}`: make the token theirs with `--user {name}`, or choose "
                              "another name.")
    made = tokens.add(chosen.tokens_file, name, role, user)
    click.echo(f"The token of {name}, kept as a hash in {chosen.tokens_file}; it is shown this once:", err=True)
    click.echo(made)
    click.echo("A request that writes sends it as `Authorization: Bearer TOKEN`.", err=True)
    if chosen.store.startswith(("http://", "https://")):
        click.echo(f"Note: the graph is in the service at {chosen.store}, and is changed there, whoever sends a token.",
                   err=True)


@token.command("list")
@click.pass_obj
def token_list(chosen: settings.Settings) -> None:
    """Print the names of the tokens, the day each was made, and what may be done with it where that is no steward's."""
    for one in tokens.tokens(chosen.tokens_file):
        more = [*([one.role] if one.role != Role.STEWARD else []), *([f"of {one.user}"] if one.user else [])]
        click.echo(f"{one.made}  {one.name}" + (f"  ({', '.join(more)})" if more else ""))
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
