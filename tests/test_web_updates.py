"""Updates over HTTP are done with the token, whole or not at all."""

import time
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

import plain
from carekg import query, web
from carekg.settings import load
from plain import INSERT, ONE, sentence

FORM = "application/x-www-form-urlencoded"


# --- how an update is sent -------------------------------------------------------------------------------------------


def test_an_update_is_sent_as_a_body_or_as_a_form(bare: plain.Plain) -> None:
    answer = bare.update(INSERT)
    assert (answer.status_code, answer.data) == (204, b"")
    assert bare.quads() == {ONE}
    answer = bare.send("POST", "/sparql", f"update={quote('DELETE WHERE { ?s ?p ?o }')}", FORM)
    assert answer.status_code == 204
    assert bare.quads() == set()


def test_a_body_may_say_that_it_is_utf_8_and_no_other_character_set(bare: plain.Plain) -> None:
    text = "INSERT DATA { <x:é> <x:p> 'ü' }"
    assert bare.send("POST", "/sparql", text, "application/sparql-update; charset=UTF-8").status_code == 204
    assert bare.quads() == {'<x:é> <x:p> "ü"'}
    sentence(bare.send("POST", "/sparql", text.encode("latin-1"), "application/sparql-update"), 400)
    sentence(bare.send("POST", "/sparql", text.encode("utf-16"), "application/sparql-update; charset=utf-16"), 400)
    sentence(bare.send("POST", "/sparql", b"update=INSERT+DATA+%7B+%3Cx%3A%FF%3E+a+1+%7D", FORM), 400)
    assert len(bare.quads()) == 1


@pytest.mark.parametrize(("address", "body", "media", "status"), [
    (f"/sparql?update={quote(INSERT)}", INSERT, "application/sparql-update", 400),
    (f"/sparql?query={quote('ASK {}')}", INSERT, "application/sparql-update", 400),
    ("/sparql", f"update={quote(INSERT)}&update={quote(INSERT)}", FORM, 400),
    ("/sparql", f"update={quote(INSERT)}&query={quote('ASK {}')}", FORM, 400),
    ("/sparql", "", FORM, 400),
    ("/sparql", INSERT, "text/plain", 415),
    ("/sparql", INSERT, "application/sparql-query", 400),
    ("/sparql", f"query={quote(INSERT)}", FORM, 400),
    ("/sparql", "ASK {}", "application/sparql-update", 400),
])
def test_an_update_that_is_sent_wrongly_is_told(
    bare: plain.Plain, address: str, body: str, media: str, status: int
) -> None:
    sentence(bare.send("POST", address, body, media), status)
    assert bare.quads() == set()


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_an_update_by_get_is_not_done(bare: plain.Plain, method: str) -> None:
    assert bare.send(method, f"/sparql?update={quote(INSERT)}").status_code == 400
    assert bare.quads() == set()


def test_a_malformed_update_is_told_with_line_and_column_and_changes_nothing(bare: plain.Plain) -> None:
    told = sentence(bare.update(f"{INSERT} ;\nINSERT DATA {{ <x:a>\n <x:p> }}"), 400)
    assert "line 3, column" in told
    told = sentence(bare.update(f"{INSERT} ; PREFIX x: <x:>\nINSERT DATA {{ x:a x:p }}"), 400)
    assert "line 2, column" in told
    assert bare.quads() == set()


@pytest.mark.parametrize(("text", "status"), [
    ("CLEAR GRAPH <x:none>", 404), ("DROP GRAPH <x:none>", 404), ("COPY <x:none> TO DEFAULT", 404),
    (f"{INSERT} ; CREATE GRAPH <x:g> ; CREATE GRAPH <x:g>", 409),
])
def test_a_graph_that_is_not_as_it_should_be_stops_the_whole_update(
    bare: plain.Plain, text: str, status: int
) -> None:
    sentence(bare.update(text), status)
    assert bare.quads() == set()


def test_relative_iris_are_relative_to_the_endpoint(bare: plain.Plain) -> None:
    bare.update("INSERT DATA { <a> <#p> <../b> }")
    assert bare.quads() == {"<http://localhost/a> <http://localhost/sparql#p> <http://localhost/b>"}
    bare.update("BASE <http://e/> DELETE DATA { <http://localhost/a> <http://localhost/sparql#p> "
                   "<http://localhost/b> } ; INSERT DATA { <a> <b> <c> }")
    assert bare.quads() == {"<http://e/a> <http://e/b> <http://e/c>"}


def test_graphs_of_the_request_are_those_of_the_patterns(bare: plain.Plain) -> None:
    bare.change("INSERT DATA { GRAPH <x:g> { <x:a> <x:p> 1 } GRAPH <x:h> { <x:b> <x:p> 1 } }")
    text = "INSERT { ?s <x:seen> 1 } WHERE { ?s <x:p> ?o }"
    assert bare.update(text, "/sparql?using-graph-uri=x:g").status_code == 204
    body = f"update={quote(text.replace('seen', 'found'))}&using-graph-uri=x:h"
    assert bare.send("POST", "/sparql", body, FORM).status_code == 204
    named = text.replace("{ ?s <x:p> ?o }", "{ GRAPH ?g { ?s <x:p> ?o } }").replace("seen", "named")
    assert bare.update(named, "/sparql?using-named-graph-uri=x:h").status_code == 204
    assert {quad.rpartition(" ")[0] for quad in bare.quads() if not quad.endswith(("g>", "h>"))} == {
        "<x:a> <x:seen>", "<x:b> <x:found>", "<x:b> <x:named>"}
    sentence(bare.update(f"WITH <x:g> {text}", "/sparql?using-graph-uri=x:g"), 400)
    sentence(bare.update(text, "/sparql?using-graph-uri=relative"), 400)


@pytest.mark.heavy
def test_an_update_that_takes_too_long_is_stopped_and_changes_nothing() -> None:
    with plain.opened(deadline=1.0) as one:
        one.change("INSERT DATA { " + "".join(f"<x:s{n}> <x:p> {n} . " for n in range(400)) + "}")
        began = time.monotonic()
        text = f"{INSERT} ; INSERT {{ ?a <x:q> ?n }} WHERE {{ ?a ?b ?c . ?d ?e ?f . ?g ?h ?n . ?i ?j ?k }}"
        told = sentence(one.update(text), 408)
        assert "1 s" in told
        assert time.monotonic() - began < 15
        assert len(one.quads()) == 400
        assert one.update(INSERT).status_code == 204


# --- who may ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("sent", [{}, {"Authorization": "Bearer wrong"}, {"Authorization": plain.TOKEN},
                                  {"Authorization": f"Basic {plain.TOKEN}"}, {"Authorization": "Bearer"}])
def test_nothing_is_updated_without_the_token(bare: plain.Plain, sent: dict[str, str]) -> None:
    for body, media in ((INSERT, "application/sparql-update"), (f"update={quote(INSERT)}", FORM)):
        answer = bare.client.post("/sparql", data=body, content_type=media, headers=sent)
        sentence(answer, 401)
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert bare.quads() == set()


def test_a_server_without_tokens_is_read_only(tmp_path: Path) -> None:
    with plain.opened(token="", tokens=tmp_path / "none.json") as one:
        answer = one.update(INSERT)
        assert "read-only" in sentence(answer, 403)
        assert one.quads() == set()


@pytest.mark.heavy
def test_what_is_made_of_files_and_of_other_graphs_takes_no_updates(asker: query.Asker) -> None:
    client: FlaskClient = web.create_app(asker, replace(load(), token=plain.TOKEN)).test_client()
    version = asker.graph.version
    for method, address, media, body in (
        ("POST", "/sparql", "application/sparql-update", "DROP ALL"),
        ("POST", "/sparql", FORM, f"update={quote('DROP ALL')}"),
        ("PUT", "/store?default", "text/turtle", f"{ONE} ."),
        ("POST", "/store", "text/turtle", f"{ONE} ."),
        ("DELETE", "/store?graph=https://w3id.org/carekg/graph/inferred", "", ""),
        ("PATCH", "/store?graph=https://w3id.org/carekg/graph/inferred", "application/rdf-patch", f"A {ONE} ."),
    ):
        answer = client.open(address, method=method, data=body, content_type=media or None, headers=plain.BEARER)
        assert "Nothing was changed." in sentence(answer, 403)
    assert asker.graph.version == version
