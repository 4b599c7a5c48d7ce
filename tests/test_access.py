"""The access log: a line for each request, that tells what was asked by a hash and never what was secret."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

import plain
from carekg import errors, query, web
from carekg.accounts import tokens
from carekg.settings import Settings
from carekg.web.guard import access
from carekg.web.guard.lines import LONGEST

TEXT = "ASK { ?s a ?c }"
SECRET = "a-token-of-more-than-twenty-letters"


@pytest.fixture(scope="session")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a log."""
    return tmp_path_factory.mktemp("access") / "access.log"


@pytest.fixture(scope="session")
def app(asker: query.Asker, log: Path) -> Iterator[Flask]:
    made = web.create_app(asker, Settings(Path(), "unused", rate="off", log=str(log), token=SECRET, body_mb=1))
    yield made
    made.extensions[access.KEY].close()


@pytest.fixture
def logged(app: Flask, log: Path) -> Iterator[FlaskClient]:
    """A client of a server with a log that is empty."""
    log.write_text("")
    yield app.test_client()


def lines(log: Path) -> list[dict[str, Any]]:
    """The lines of a log, each of them JSON."""
    return [json.loads(line) for line in log.read_text("ascii").split("\n")[:-1]]


def test_a_line_tells_who_asked_what_and_how_it_went(logged: FlaskClient, log: Path, asker: query.Asker) -> None:
    answer = logged.get("/queries?format=csv")
    (line,) = lines(log)
    assert list(line) == ["time", "client", "method", "path", "status", "bytes", "milliseconds", "graph"]
    assert line.pop("time").endswith("Z")
    assert line.pop("milliseconds") >= 0
    assert line == {"client": "127.0.0.1", "method": "GET", "path": "/queries", "status": 200,
                    "bytes": len(answer.data), "graph": asker.graph.version}


@pytest.mark.parametrize("way", [
    {"method": "GET", "query_string": {"query": TEXT}},
    {"method": "POST", "data": {"query": TEXT}},
    {"method": "POST", "data": TEXT, "content_type": "application/sparql-query"}])
def test_a_query_is_told_by_a_hash_whichever_way_it_came(way: dict[str, Any], logged: FlaskClient, log: Path) -> None:
    assert logged.open("/sparql", **way).status_code == 200
    (line,) = lines(log)
    assert line["query"] == hashlib.sha256(TEXT.encode()).hexdigest()[:16]
    assert TEXT not in log.read_text()


def test_a_prepared_question_is_told_by_its_name(logged: FlaskClient, log: Path) -> None:
    logged.get("/queries/disagreements.csv")
    logged.get("/queries/made-up.csv")
    assert [line.get("question") for line in lines(log)] == ["disagreements", None]


def test_whoever_writes_is_told_by_the_name_of_the_token(tmp_path: Path) -> None:
    place, kept = tmp_path / "log", tmp_path / "tokens.json"
    token = tokens.add(kept, "jo")
    with plain.opened(log=str(place), tokens=kept, rate="off") as server:
        for given in (token, plain.TOKEN, "x" * 30):
            server.send("PUT", plain.DEFAULT, "<x:a> <x:p> <x:o> .", plain.TURTLE, Authorization=f"Bearer {given}")
        server.client.post("/sparql", data={"update": plain.INSERT}, headers={"Authorization": f"Bearer {token}"})
        server.client.post("/sparql", data={"query": TEXT}, headers={"Authorization": f"Bearer {token}"})
        server.client.get("/store?default")
        server.app.extensions[access.KEY].close()
    assert [(line["status"] < 300, line.get("by")) for line in lines(place)] == [
        (True, "jo"), (True, "CAREKG_TOKEN"), (False, None), (True, "jo"), (True, None), (True, None)]
    assert token not in place.read_text()


def test_what_is_refused_is_told_by_its_error(logged: FlaskClient, log: Path) -> None:
    logged.post("/sparql", data=b"x" * 2_000_000, content_type="application/sparql-query")
    logged.get("/sparql?query=x")
    assert [(line["status"], line["error"]) for line in lines(log)] == [(413, "TooLarge"), (400, "BadQuery")]


def test_an_answer_in_pieces_is_told_once_with_all_its_bytes(logged: FlaskClient, log: Path) -> None:
    with logged.get("/static/style.css") as answer:
        size = len(answer.data)
    assert [(line["path"], line["bytes"]) for line in lines(log)] == [("/static/style.css", size)]


def test_no_secret_is_told(logged: FlaskClient, log: Path) -> None:
    for authorization in (f"Bearer {SECRET}", f"Basic {SECRET}", SECRET):
        logged.put("/store?default", data="x", headers={"Authorization": authorization})
        logged.get(f"/sparql?token={SECRET}&query=ASK%7B%7D", headers={"Authorization": authorization})
        logged.post("/sparql", data={"token": SECRET, "query": "ASK {}"}, headers={"Cookie": SECRET})
    assert len(lines(log)) == 9
    assert SECRET not in log.read_text()


@given(path=st.text(st.characters(exclude_categories=["Cs"]), max_size=40),
       agent=st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=40))
@examples(max_examples=60, deadline=None)
def test_nothing_that_a_client_sends_begins_a_line_or_leaves_its_string(
    path: str, agent: str, app: Flask, log: Path
) -> None:
    log.write_text("")
    with app.test_client().get(f"/nope/{path}", headers={"User-Agent": agent, "Referer": agent}):
        pass
    (line,) = lines(log)
    assert line["path"].startswith("/nope")
    assert log.read_text("ascii").isprintable() or log.read_text("ascii").count("\n") == 1


@pytest.mark.parametrize("path", ["/a%0a%7B%22status%22:200%7D", "/a%0d%0ab", "/%1b[2J", "/%E2%80%A8x", "/%00"])
def test_a_path_with_signs_that_steer_is_one_string_of_one_line(path: str, logged: FlaskClient, log: Path) -> None:
    logged.get(path)
    assert len(lines(log)) == 1
    assert log.read_text("ascii")[:-1].isprintable()


def test_a_path_without_end_is_cut(logged: FlaskClient, log: Path) -> None:
    logged.get("/" + "x" * 60_000)
    assert len(lines(log)[0]["path"]) == LONGEST


def test_a_log_that_was_moved_away_is_begun_anew(logged: FlaskClient, log: Path) -> None:
    logged.get("/health/live")
    log.rename(log.with_suffix(".1"))
    logged.get("/health/ready")
    assert [line["path"] for line in lines(log)] == ["/health/ready"]
    assert [line["path"] for line in lines(log.with_suffix(".1"))] == ["/health/live"]


def test_a_log_that_cannot_be_written_is_told_at_the_start(asker: query.Asker, tmp_path: Path) -> None:
    with pytest.raises(errors.StoreError, match=r"^The access log .* cannot be written: .*\.$"):
        web.create_app(asker, Settings(Path(), "unused", log=str(tmp_path / "no" / "such" / "folder")))


def test_the_log_can_go_to_the_terminal(asker: query.Asker, capsys: pytest.CaptureFixture[str]) -> None:
    web.create_app(asker, Settings(Path(), "unused", rate="off", log="-")).test_client().get("/health/live")
    assert json.loads(capsys.readouterr().err)["path"] == "/health/live"


def test_without_a_log_nothing_is_written(client: FlaskClient, capfd: pytest.CaptureFixture[str]) -> None:
    client.get("/")
    assert capfd.readouterr() == ("", "")
