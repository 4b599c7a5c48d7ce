"""The log of slow queries: what was asked, in its own words, and the command that measures it."""

import json
import pathlib
import shlex
from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient

from carekg import errors, query, web
from carekg.settings import Settings
from carekg.web.guard import slow

ROUTE = {"route": "licensing-and-affiliation", "factor": "partnerships"}
NAME = "innovations-by-route-and-factor"


@pytest.fixture(params=[1e-9])
def logged(asker: query.Asker, tmp_path: pathlib.Path, request: pytest.FixtureRequest) -> Iterator[FlaskClient]:
    """A client of a server to which everything is slow that takes so many seconds."""
    made = web.create_app(asker, Settings(pathlib.Path(), "unused", rate="off", slow_log=str(tmp_path / "slow.log"),
                                          slow=request.param))
    yield made.test_client()
    made.extensions[slow.KEY].close()


def lines(tmp_path: pathlib.Path) -> list[dict[str, Any]]:
    """The lines of the log, each of them JSON."""
    return [json.loads(line) for line in (tmp_path / "slow.log").read_text("ascii").split("\n")[:-1]]


def test_a_question_is_told_with_its_values_and_the_command_that_measures_it(
    logged: FlaskClient, tmp_path: pathlib.Path
) -> None:
    assert logged.get(f"/queries/{NAME}.table.json", query_string={**ROUTE, "_sort": "innovation"}).status_code == 200
    [line] = lines(tmp_path)
    assert (line["question"], line["values"]) == (NAME, {name: [value] for name, value in ROUTE.items()})
    assert shlex.split(line["profile"])[2:] == [NAME, *(f"{name}={value}" for name, value in ROUTE.items())]
    assert line["milliseconds"] > 0
    assert line["status"] == 200


def test_a_query_is_told_by_its_text_and_a_long_one_is_cut(logged: FlaskClient, tmp_path: pathlib.Path) -> None:
    text = "ASK { ?s a ?c } #"
    for one in (text, text.ljust(slow.LONGEST + 10)):
        assert logged.post("/sparql", data={"query": one}).status_code == 200
    assert [line["query"] for line in lines(tmp_path)] == [text, text.ljust(slow.LONGEST)]


def test_an_update_is_told_as_one_and_nothing_measures_it(logged: FlaskClient, tmp_path: pathlib.Path) -> None:
    text = "CLEAR GRAPH <https://example.org/g>"
    assert logged.post("/sparql", data={"update": text}).status_code == 403
    [line] = lines(tmp_path)
    assert (line["update"], line["error"]) == (text, "ReadOnly")
    assert "profile" not in line


def test_what_is_no_query_is_not_told(logged: FlaskClient, tmp_path: pathlib.Path) -> None:
    for path in ("/health", "/help", "/queries/no-such-question"):
        logged.get(path)
    assert lines(tmp_path) == []


@pytest.mark.parametrize("logged", [1e9], indirect=True)
def test_what_is_quick_is_not_told(logged: FlaskClient, tmp_path: pathlib.Path) -> None:
    assert logged.get("/sparql", query_string={"query": "ASK {}"}).status_code == 200
    assert lines(tmp_path) == []


def test_a_log_that_cannot_be_written_is_told_at_the_start(asker: query.Asker, tmp_path: pathlib.Path) -> None:
    with pytest.raises(errors.StoreError, match=r"^The slow query log .* cannot be written: .*\.$"):
        web.create_app(asker, Settings(pathlib.Path(), "unused", slow_log=str(tmp_path / "no" / "folder.log")))
