"""The SPARQL endpoint: how a query comes in, and in which format its answer goes out."""

import csv
import io
from typing import Any

import pyoxigraph as ox
import pytest
import rdflib
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

SELECT = """SELECT ?thing ?words WHERE {
  VALUES (?thing ?words) { (<http://example.org/a> "one, \\"two\\"\\nthree"@en) } }"""
ASK = "ASK { ?innovation a <https://w3id.org/carekg/def#Innovation> }"
IRIS = "https://w3id.org/carekg/id/innovation/iris"
CONSTRUCT = f"CONSTRUCT {{ <{IRIS}> ?p ?o }} WHERE {{ <{IRIS}> ?p ?o }}"
DESCRIBE = f"DESCRIBE <{IRIS}>"

RESULTS = {
    "json": "application/sparql-results+json",
    "xml": "application/sparql-results+xml",
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
}
GRAPHS = {
    "turtle": "text/turtle",
    "n-triples": "application/n-triples",
    "rdf-xml": "application/rdf+xml",
    "json-ld": "application/ld+json",
}
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


def ask(client: FlaskClient, query: str, accept: str | None = None, **fields: Any) -> TestResponse:
    """The answer to a query that is sent by GET."""
    headers = {"Accept": accept} if accept else {}
    return client.get("/sparql", query_string={"query": query, **fields}, headers=headers)


def count(client: FlaskClient, pattern: str, dataset: str = "", **fields: Any) -> int:
    """How many solutions a pattern has."""
    answer = ask(client, f"SELECT (COUNT(*) AS ?n) {dataset} WHERE {{ {pattern} }}", **fields)
    assert answer.status_code == 200, answer.text
    assert answer.json
    return int(answer.json["results"]["bindings"][0]["n"]["value"])


def graph(answer: TestResponse) -> rdflib.Graph:
    """The triples of an answer, read by rdflib, but for JSON-LD, whose parser there warns of itself."""
    found = rdflib.Graph()
    if answer.mimetype == GRAPHS["json-ld"]:
        quads = ox.parse(answer.data, ox.RdfFormat.JSON_LD)
        triples = ox.serialize((quad.triple for quad in quads), format=ox.RdfFormat.N_TRIPLES)
        return found.parse(data=triples or b"", format="nt")
    return found.parse(data=answer.data, format=answer.mimetype)


# --- ways in ---------------------------------------------------------------------------------------------------


def test_get_form_and_body_give_the_same_answer(client: FlaskClient) -> None:
    by_get = ask(client, SELECT)
    by_form = client.post("/sparql", data={"query": SELECT})
    by_body = client.post("/sparql", data=SELECT, content_type="application/sparql-query")
    assert by_get.status_code == by_form.status_code == by_body.status_code == 200
    assert by_get.data == by_form.data == by_body.data


def test_a_body_takes_its_format_and_its_graphs_from_the_address(client: FlaskClient) -> None:
    text = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"
    fields = {"format": "csv", "default-graph-uri": "http://example.org/none"}
    answer = client.post("/sparql", data=text, query_string=fields, content_type="application/sparql-query")
    assert answer.mimetype == "text/csv"
    assert answer.text.split() == ["n", "0"]


@pytest.mark.parametrize(
    ("request_", "sentence"),
    [
        ({"data": {"format": "csv"}}, "The request has no query"),
        ({"data": {"query": [ASK, ASK]}}, "The request has 2 parameters `query`; send one."),
        ({"data": b"ASK {} #\xff", "content_type": "application/sparql-query"}, "not UTF-8 at byte 8"),
    ],
)
def test_a_request_without_one_readable_query_is_told_what_is_missing(
    request_: dict[str, Any], sentence: str, client: FlaskClient
) -> None:
    answer = client.post("/sparql", **request_)
    assert answer.status_code == 400
    assert sentence in answer.text


def test_a_body_of_another_type_is_refused_with_the_types_that_are_read(client: FlaskClient) -> None:
    answer = client.post("/sparql", data=ASK, content_type="text/plain")
    assert answer.status_code == 415
    assert "application/sparql-query" in answer.text


# --- ways out --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("form", "media"), RESULTS.items())
def test_a_table_comes_in_each_format_by_media_type_and_by_name(form: str, media: str, client: FlaskClient) -> None:
    answer = ask(client, SELECT, media)
    assert answer.mimetype == media
    assert answer.data == ask(client, SELECT, format=form).data == ask(client, SELECT, format=media).data
    if form == "csv":
        assert list(csv.reader(io.StringIO(answer.text, newline=""))) == [
            ["thing", "words"], ["http://example.org/a", 'one, "two"\nthree']]
        return
    parsed = ox.parse_query_results(answer.data, format=ox.QueryResultsFormat.from_media_type(media))
    assert isinstance(parsed, ox.QuerySolutions)
    (solution,) = parsed
    assert solution["thing"] == ox.NamedNode("http://example.org/a")
    assert solution["words"] == ox.Literal('one, "two"\nthree', language="en")


@pytest.mark.parametrize("media", ["application/sparql-results+json", "application/sparql-results+xml"])
@pytest.mark.parametrize(("query", "truth"), [(ASK, True), ("ASK { <http://example.org/none> ?p ?o }", False)])
def test_a_yes_or_no_comes_in_the_formats_that_have_one(
    query: str, truth: bool, media: str, client: FlaskClient
) -> None:
    answer = ask(client, query, media)
    parsed = ox.parse_query_results(answer.data, format=ox.QueryResultsFormat.from_media_type(media))
    assert isinstance(parsed, ox.QueryBoolean)
    assert bool(parsed) is truth


@pytest.mark.parametrize("form", ["csv", "tsv"])
def test_a_yes_or_no_is_one_word_where_the_format_has_none(form: str, client: FlaskClient) -> None:
    assert ask(client, ASK, format=form).text == "true\n"


@pytest.mark.parametrize(("form", "media"), GRAPHS.items())
@pytest.mark.parametrize("query", [CONSTRUCT, DESCRIBE], ids=["construct", "describe"])
def test_a_graph_comes_in_each_format_by_media_type_and_by_name(
    query: str, form: str, media: str, client: FlaskClient
) -> None:
    answer = ask(client, query, media)
    assert answer.mimetype == media
    assert ask(client, query, format=form).mimetype == media
    expected = graph(ask(client, query, "application/n-triples"))
    assert len(expected) > 5
    assert set(graph(answer)) == set(expected)


@pytest.mark.parametrize(
    ("accept", "media"),
    [
        (None, "application/sparql-results+json"),
        ("*/*", "application/sparql-results+json"),
        ("application/*", "application/sparql-results+json"),
        ("text/*", "text/csv"),
        ("application/json", "application/json"),
        ("text/csv;q=0.5, application/sparql-results+xml;q=0.9", "application/sparql-results+xml"),
        ("application/sparql-results+xml;q=0.2, text/tab-separated-values", "text/tab-separated-values"),
        ("image/png, text/csv;q=0.1", "text/csv"),
        ("text/turtle, application/sparql-results+xml;q=0.3", "application/sparql-results+xml"),
        (BROWSER, "text/html"),
        (BROWSER.replace("text/html,", ""), "application/xml"),
        ("TEXT/CSV", "text/csv"),
    ],
)
def test_the_best_of_what_a_client_accepts_is_sent(accept: str | None, media: str, client: FlaskClient) -> None:
    assert ask(client, SELECT, accept).mimetype == media


def test_a_format_with_the_weight_nought_is_not_sent(client: FlaskClient) -> None:
    answer = ask(client, SELECT, "application/sparql-results+json;q=0, */*;q=0.1")
    assert answer.status_code == 200
    assert answer.mimetype != "application/sparql-results+json"


@pytest.mark.parametrize("accept", [None, "*/*", "text/*"])
def test_a_graph_is_turtle_where_nothing_else_is_asked_for(accept: str | None, client: FlaskClient) -> None:
    assert ask(client, CONSTRUCT, accept).mimetype == "text/turtle"


@pytest.mark.parametrize(
    ("query", "accept", "fields"),
    [
        (SELECT, "image/png", {}),
        (SELECT, "text/turtle", {}),
        (SELECT, "application/sparql-results+json;q=0", {}),
        (SELECT, None, {"format": "pdf"}),
        (SELECT, None, {"format": "turtle"}),
        (CONSTRUCT, "text/csv", {}),
        (CONSTRUCT, None, {"format": "csv"}),
    ],
)
def test_a_format_that_an_answer_does_not_have_is_refused_with_those_it_has(
    query: str, accept: str | None, fields: dict[str, str], client: FlaskClient
) -> None:
    answer = ask(client, query, accept, **fields)
    assert answer.status_code == 406
    right = GRAPHS if query == CONSTRUCT else RESULTS
    assert all(word in answer.text for word in (right if fields else right.values()))


# --- graphs of the protocol ------------------------------------------------------------------------------------


def test_a_default_graph_of_the_request_is_the_one_that_is_asked(client: FlaskClient) -> None:
    places = "https://w3id.org/carekg/graph/data/places/vague-areas"
    everything = count(client, "?s ?p ?o")
    there = count(client, f"GRAPH <{places}> {{ ?s ?p ?o }}")
    assert 0 < there < everything
    assert count(client, "?s ?p ?o", **{"default-graph-uri": places}) == there
    assert count(client, "?s ?p ?o", f"FROM <{places}>") == there
    sources = "https://w3id.org/carekg/graph/data/sources/documents"
    assert count(client, "?s ?p ?o", **{"default-graph-uri": [places, sources]}) > there


def test_a_named_graph_of_the_request_is_the_only_one_named(client: FlaskClient) -> None:
    places = "https://w3id.org/carekg/graph/data/places/vague-areas"
    there = count(client, f"GRAPH <{places}> {{ ?s ?p ?o }}")
    assert count(client, "GRAPH ?g { ?s ?p ?o }", **{"named-graph-uri": places}) == there
    assert count(client, "?s ?p ?o", **{"named-graph-uri": places}) == 0


def test_the_graphs_of_a_request_go_before_those_of_its_query(client: FlaskClient) -> None:
    places = "https://w3id.org/carekg/graph/data/places/vague-areas"
    assert count(client, "?s ?p ?o", "FROM <http://example.org/none>", **{"default-graph-uri": places}) > 0


@pytest.mark.parametrize("wrong", ["", "no iri", "<http://example.org/>"])
def test_a_graph_that_is_no_iri_is_refused(wrong: str, client: FlaskClient) -> None:
    assert ask(client, ASK, **{"default-graph-uri": wrong}).status_code == 400
