"""What is loaded when: a command by who runs it, and a heavy library by who uses it."""

import subprocess
import sys

import click
import pytest

from carekg import cli
from carekg.commands.later import Later

HEAVY = {"docx", "numpy", "openpyxl", "owlrl", "pyshacl"}
"""Libraries of which each takes a moment and some megabytes."""


def loaded(text: str) -> set[str]:
    """The modules that a fresh process has loaded after running some Python."""
    command = [sys.executable, "-c", f"import sys\n{text}\nprint(*sys.modules)"]
    return set(subprocess.run(command, check=True, capture_output=True, text=True).stdout.split())


@pytest.mark.heavy
def test_a_server_has_loaded_no_library_that_most_of_its_answers_do_without() -> None:
    assert loaded("import carekg.web.serve").isdisjoint(HEAVY)


def test_the_version_is_told_without_loading_a_command() -> None:
    found = loaded("import carekg.cli\nassert carekg.cli.main(['--version'], 'carekg', standalone_mode=False) == 0")
    assert {name for name in found if name.startswith("carekg.commands.")} == {"carekg.commands.later"}
    assert found & {*HEAVY, "flask", "rdflib"} == set()


@pytest.mark.parametrize("name", cli.COMMANDS)
def test_every_command_is_where_the_command_line_looks_for_it(name: str) -> None:
    assert Later(cli.COMMANDS)[name].name == name


def test_help_names_commands_in_order_and_those_that_are_added() -> None:
    group = click.Group("group", commands=Later({"config": "operating:config", "build": "making:build_command"}))
    group.add_command(click.Command("chart"))
    context = click.Context(group)
    assert group.list_commands(context) == ["build", "chart", "config"]
    assert group.get_command(context, "bulid") is None
    del group.commands["build"]
    assert len(group.commands) == 2
