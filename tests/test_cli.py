"""The commands, as a person at a terminal meets them."""

import csv
import io
import json
import pathlib
import re

import click
import pytest
import rdflib

from carekg import cli
from carekg.store.embedded import EmbeddedStore
from commands import run, sentence

SAMPLE = "innovations-by-route-and-factor"
QUESTIONS = sorted(path.stem for path in (pathlib.Path(__file__).parent.parent / "queries").glob("*.rq"))
COMMANDS = ["build", "serve", "ask", "check", "export"]


@pytest.fixture(scope="module")
def place(shipped_store: EmbeddedStore) -> pathlib.Path:
    """Where the shipped graph is stored."""
    return shipped_store.path


# --- help ------------------------------------------------------------------------------------------------------


EVERY: list[tuple[str, ...]] = [(), *((name,) for name in COMMANDS), *(("ask", name) for name in QUESTIONS)]
"""The words that lead to each command."""


@pytest.mark.parametrize("words", EVERY, ids=" ".join)
def test_the_help_of_a_command_reads_well(words: tuple[str, ...]) -> None:
    result = run(*words, "--help")
    assert result.exit_code == 0
    assert result.stdout.startswith(" ".join(["Usage: carekg", *words]))
    body = result.stdout.split("\n\n")[1]
    assert body.strip()[0].isupper()
    assert body.strip()[-1] in ".?"
    assert max(map(len, result.stdout.splitlines())) <= 80
    assert run(*words, "-h").stdout == result.stdout


@pytest.mark.parametrize("words", EVERY, ids=" ".join)
def test_every_option_says_what_it_does(words: tuple[str, ...]) -> None:
    command: click.Command | None = cli.main
    context = click.Context(cli.main, info_name="carekg")
    for word in words:
        assert isinstance(command, click.Group)
        command = command.get_command(context, word)
    assert command
    for option in (one for one in command.params if isinstance(one, click.Option)):
        assert option.help, option.name
        assert option.help[0].isupper() or option.help.startswith("n-quads"), option.help


def test_the_first_help_names_every_command_and_where_to_begin() -> None:
    text = run("--help").stdout
    assert all(re.search(rf"^  {name} +[A-Z]", text, re.MULTILINE) for name in COMMANDS)
    assert "carekg build" in text


def test_ask_lists_every_question_with_its_summary() -> None:
    text = run("ask", "--help").stdout
    assert all(re.search(rf"^  {name}\s+[A-Z]", text, re.MULTILINE) for name in QUESTIONS)


def test_the_version_is_told() -> None:
    assert re.fullmatch(r"carekg, version \d+\.\d+\.\d+\S*\n", run("--version").stdout)


# --- ask -------------------------------------------------------------------------------------------------------


def test_an_answer_is_printed_with_what_was_asked_its_rows_and_their_receipts(place: pathlib.Path) -> None:
    result = run("ask", SAMPLE, "--strength", "moderate", store=place)
    assert result.exit_code == 0
    head, asked, _, first, *rest = result.stdout.splitlines()
    assert head.endswith("?")
    assert asked.startswith("scaling route: licensing and affiliation; factor: partnerships; strength: moderate")
    assert first == "Community Circles"
    assert any(line.startswith("    - ") and line for line in rest)
    assert rest[-1] == "1 row: 1 assessed by us, 0 stated by a source."
    assert max(map(len, result.stdout.splitlines())) <= 120


def test_an_empty_answer_is_printed_as_its_sentence(place: pathlib.Path) -> None:
    result = run("ask", SAMPLE, "--basis", "stated", store=place)
    assert result.exit_code == 0
    assert "No finding in this graph fits." in " ".join(result.stdout.split())
    assert result.stdout.splitlines()[-1].startswith("0 rows")


def test_an_answer_as_csv_and_json_holds_the_same(place: pathlib.Path) -> None:
    rows = list(csv.reader(io.StringIO(run("ask", SAMPLE, "--format", "csv", store=place).stdout, newline="")))
    said = json.loads(run("ask", SAMPLE, "--format", "json", store=place).stdout)
    assert said["head"]["vars"] == rows[0]
    assert [[one.get(name, {}).get("value", "") for name in rows[0]] for one in said["results"]["bindings"]] == rows[1:]


def test_a_question_that_gives_a_graph_is_printed_as_turtle(place: pathlib.Path) -> None:
    result = run("ask", "innovation-as-graph", "--innovation", "PINCER", store=place)
    graph = rdflib.Graph().parse(data=result.stdout, format="turtle")
    assert (rdflib.URIRef("https://w3id.org/carekg/id/innovation/pincer"), rdflib.RDFS.label, None) in graph


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["ask", SAMPLE, "--route", "licencing"], "`licencing` is not a scaling route; did you mean licensing and"),
        (["ask", SAMPLE, "--route", ""], f"{SAMPLE} needs `route`: name a scaling route."),
        (["ask", "innovations-by-rout"], "There is no prepared query `innovations-by-rout`; did you mean innov"),
        (["ask", SAMPLE, "--format", "turtle"], "`turtle` is not a format of this answer; it comes as table, csv"),
        (["ask", "innovation-as-graph", "--format", "csv"], "`csv` is not a format of this answer; it comes as table"),
    ],
)
def test_what_is_wrong_with_a_question_is_told_in_a_sentence(
    arguments: list[str], told: str, place: pathlib.Path
) -> None:
    result = run(*arguments, store=place)
    assert sentence(result, 2).startswith(told)
    assert result.stdout == ""


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["ask", SAMPLE, "--rout", "x"], "No such option '--rout'. Did you mean '--route'?"),
        (["build", "--forced"], "No such option '--forced'. Did you mean '--force'?"),
        (["ask", SAMPLE, "--format", "pdf"], "Invalid value for '--format': 'pdf' is not one of 'table', 'csv'"),
        (["export", "--format", "pdf"], "Invalid value for '--format': 'pdf' is not one of 'n-quads', 'turtle'."),
        (["serve", "--port", "0"], "Invalid value for '--port': 0 is not in the range 1<=x<=65535."),
        (["bild"], "No such command 'bild'."),
    ],
)
def test_an_option_that_is_not_there_is_told_with_what_is(
    arguments: list[str], told: str, place: pathlib.Path
) -> None:
    result = run(*arguments, store=place)
    assert result.exit_code == 2
    assert told in result.stderr
