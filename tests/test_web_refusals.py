"""The SPARQL endpoint refuses what it must, in a sentence, and opens nothing."""

import socket
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from hearing import Ear

UPDATES = [
    "INSERT DATA { <http://example.org/a> <http://example.org/b> 1 }",
    "DELETE WHERE { ?s ?p ?o }",
    "PREFIX a: <http://example.org/> DELETE { ?s ?p ?o } INSERT { ?s ?p 1 } WHERE { ?s ?p ?o }",
    "# SELECT\nDROP ALL",
    "CLEAR DEFAULT",
    "WITH <http://example.org/g> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
    "LOAD <http://example.org/>",
    "insert data { <http://example.org/a> <http://example.org/b> 1 }",
]


def by_form(client: FlaskClient, text: str) -> tuple[int, str]:
    answer = client.post("/sparql", data={"update": text})
    return answer.status_code, answer.text


def by_body(client: FlaskClient, text: str) -> tuple[int, str]:
    answer = client.post("/sparql", data=text, content_type="application/sparql-update")
    return answer.status_code, answer.text


def as_query(client: FlaskClient, text: str) -> tuple[int, str]:
    answer = client.post("/sparql", data={"query": text})
    return answer.status_code, answer.text


def in_address(client: FlaskClient, text: str) -> tuple[int, str]:
    media = "application/sparql-query"
    answer = client.post("/sparql", data="ASK {}", query_string={"update": text}, content_type=media)
    return answer.status_code, answer.text


@pytest.mark.parametrize("text", UPDATES)
@pytest.mark.parametrize("way", [by_form, by_body, as_query, in_address])
def test_an_update_is_refused_whichever_way_it_comes(
    way: Callable[[FlaskClient, str], tuple[int, str]], text: str, client: FlaskClient
) -> None:
    before = client.get("/sparql", query_string={"query": "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"}).data
    status, sentence = way(client, text)
    assert (status, sentence) in (
        (403, "This server is read-only: it has no tokens and no users. Whoever runs it makes them with "
              "`carekg user add NAME` and `carekg token add NAME`.\n"),
        (400, "This is an update sent as a query; send it as `update`, with a token.\n"),
        (400, "The request has its query in the body and `update` in the address; send one.\n"))
    assert client.get("/sparql", query_string={"query": "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"}).data == before


LEAVING = {
    "plainly": "SELECT * {{ SERVICE <{0}> {{ ?s ?p ?o }} }}",
    "in small letters": "SELECT * {{ service silent <{0}> {{ ?s ?p ?o }} }}",
    "in an optional part": "SELECT * {{ OPTIONAL {{ SERVICE <{0}> {{ ?s ?p ?o }} }} }}",
    "in a subquery": "SELECT * {{ {{ SELECT * {{ SERVICE <{0}> {{ ?s ?p ?o }} }} }} }}",
    "in an existence": "ASK {{ FILTER EXISTS {{ SERVICE <{0}> {{ ?s ?p ?o }} }} }}",
    "to a bound variable": "SELECT * {{ BIND(<{0}> AS ?there) SERVICE ?there {{ ?s ?p ?o }} }}",
    "after a string with quotes": "SELECT * {{ ?a ?b '''\\''''.\nSERVICE <{0}> {{ ?s ?p ?o }} }}",
    "before an empty prefix": "PREFIX : <{0}> SELECT * {{ SERVICE:x {{ ?s ?p ?o }} }}",
    "before an empty prefix, beside a prefix of that name":
        "PREFIX : <{0}> PREFIX SERVICE: <x:> SELECT * {{ SERVICE:x {{ ?s ?p ?o }} }}",
    "before an empty prefix, beside a remark on one":
        "# PREFIX SERVICE:\nPREFIX : <{0}> SELECT * {{ SERVICE:x {{ ?s ?p ?o }} }}",
    "grown together with silent": "SELECT * {{ SERVICESILENT<{0}>{{ ?s ?p ?o }} }}",
    "grown together with a truth value": "SELECT * {{ ?a ?b trueSERVICE<{0}>{{ ?s ?p ?o }} }}",
    "grown together with a number": "SELECT * {{ ?a ?b 1SERVICE<{0}>{{ ?s ?p ?o }} }}",
    "after a full stop": "PREFIX : <{0}> SELECT * {{ ?a ?b true.SERVICE:x {{ ?s ?p ?o }} }}",
    "constructing": "CONSTRUCT WHERE {{ SERVICE <{0}> {{ ?s ?p ?o }} }}",
    "loading": "LOAD <{0}>",
    "loading in silence": "LOAD SILENT <{0}> INTO GRAPH <http://example.org/g>",
}


@pytest.mark.parametrize("text", LEAVING.values(), ids=LEAVING)
def test_a_query_that_would_open_an_address_is_refused_and_nobody_connects(
    text: str, client: FlaskClient, ear: Ear
) -> None:
    answer = client.get("/sparql", query_string={"query": text.format(ear.address)})
    assert ear.heard() == 0
    assert 400 <= answer.status_code < 500
    assert "<" not in answer.text.replace(f"<{ear.address}>", "")


@pytest.mark.parametrize("name", [name for name in LEAVING if "grown" in name or "prefix" in name or "stop" in name])
def test_a_service_call_is_refused_for_what_it_is_however_it_is_written(
    name: str, client: FlaskClient, ear: Ear
) -> None:
    answer = client.get("/sparql", query_string={"query": LEAVING[name].format(ear.address)})
    assert answer.status_code == 403
    assert answer.text.startswith("SERVICE is refused")


def test_the_ear_hears_a_connection(ear: Ear) -> None:
    with socket.create_connection(("127.0.0.1", int(ear.address.rsplit(":", 1)[1].strip("/")))):
        pass
    assert ear.heard() == 1


@pytest.mark.parametrize(
    "text",
    [
        'SELECT ?x { BIND("SERVICE and LOAD" AS ?x) }',
        "SELECT ?service { BIND(1 AS ?service) } # SERVICE",
        "PREFIX x: <http://example.org/SERVICE#> SELECT ?x { BIND(x:LOAD AS ?x) }",
    ],
)
def test_the_word_service_in_a_string_a_name_or_a_remark_is_no_call(text: str, client: FlaskClient) -> None:
    answer = client.get("/sparql", query_string={"query": text})
    assert answer.status_code == 200
    assert answer.json
    assert len(answer.json["results"]["bindings"]) == 1


@pytest.mark.parametrize("clause", ["FROM <file:///etc/passwd>", "FROM <file:///etc/passwd> FROM NAMED <file:///etc/hosts>"])
@pytest.mark.parametrize("pattern", ["?s ?p ?o", "GRAPH ?g { ?s ?p ?o }"])
def test_a_file_of_this_machine_named_as_a_graph_holds_nothing(clause: str, pattern: str, client: FlaskClient) -> None:
    answer = client.get("/sparql", query_string={"query": f"SELECT * {clause} WHERE {{ {pattern} }}"})
    assert answer.status_code == 200
    assert answer.json
    assert answer.json["results"]["bindings"] == []


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("SELECT * WHERE {\n  ?s ?p \n}", 2, 3),
        ("SELECT * WHERE { ?s ?p ?o ", 1, 27),
        ("\n\nSELEKT * WHERE { ?s ?p ?o }", 3, 1),
    ],
)
def test_a_query_that_does_not_parse_is_told_with_line_and_column(
    text: str, line: int, column: int, client: FlaskClient
) -> None:
    answer = client.get("/sparql", query_string={"query": text})
    assert answer.status_code == 400
    assert f"at line {line}, column" in answer.text
    said = int(answer.text.partition("column ")[2].partition(":")[0])
    assert abs(said - column) <= 2, answer.text
    assert answer.text.endswith(".\n")


def test_an_undeclared_prefix_of_a_query_is_named_with_the_line_that_declares_it(client: FlaskClient) -> None:
    answer = client.get("/sparql", query_string={"query": "SELECT * WHERE {\n  ?s a skos:Concept\n}"})
    assert answer.status_code == 400
    assert "line 2" in answer.text
    assert "PREFIX skos: <http://www.w3.org/2004/02/skos/core#>" in answer.text


@pytest.mark.parametrize("text", ["", " \n ", "SELECT * { ?s nope:x ?o }", "SELECT * { ?s ?p o }"])
def test_what_a_parser_expects_is_said_without_its_own_grammar(text: str, client: FlaskClient) -> None:
    answer = client.get("/sparql", query_string={"query": text})
    assert answer.status_code == 400
    assert "\\u{" not in answer.text
    assert "[_]" not in answer.text
    assert "..=" not in answer.text
