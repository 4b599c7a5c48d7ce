"""SPARQL in a browser: the page of an answer, what can be completed, pictures; all without a script."""

import json
import re
from html import unescape
from typing import Any
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

import plain
from carekg import query, store
from carekg.terms import PREFIXES, expand
from carekg.web.guard import headers
from pages import BROWSER, Page, page

CARE = f"PREFIX care: <{PREFIXES['care']}> PREFIX rdfs: <{PREFIXES['rdfs']}> "
ROUTES = CARE + "SELECT ?innovation ?route WHERE { ?innovation care:scaledVia ?route } ORDER BY ?innovation ?route"
PLACES = "SELECT * WHERE { VALUES (?town ?latitude ?longitude) { ('Leeds' 53.8 -1.55) ('York' 53.96 -1.08) } }"


def shown(client: FlaskClient, text: str, status: int = 200, **looks: str) -> Page:
    """The page of a query, as a browser gets it."""
    return page(client, f"/sparql?{urlencode({'query': text, **looks})}", status)


def said(client: FlaskClient, address: str) -> Any:
    """What an address gives as JSON."""
    answer = client.get(address)
    assert answer.mimetype.endswith("json")
    return json.loads(answer.text)


def rows(asker: query.Asker, text: str) -> list[Any]:
    """The rows of a query, as the store gives them."""
    return list(store.rows(asker.graph, CARE + text))


# --- the page of an answer --------------------------------------------------------------------------------------------


def test_a_browser_sees_an_answer_as_a_table_of_labels_that_lead_to_things(client: FlaskClient) -> None:
    found = shown(client, ROUTES)
    assert "/id/innovation/iris" in found.links
    assert "licensing and affiliation" in found.text
    count = len(said(client, f"/sparql?{urlencode({'query': ROUTES, 'format': 'json'})}")["results"]["bindings"])
    assert f"{count} rows" in found.text


def test_a_form_sent_by_a_browser_has_a_page_too_unless_it_names_a_format(client: FlaskClient) -> None:
    assert client.post("/sparql", data={"query": ROUTES}, headers=BROWSER).mimetype == "text/html"
    assert client.post("/sparql", data={"query": ROUTES, "format": "csv"}, headers=BROWSER).mimetype == "text/csv"


def test_rows_that_are_alike_stay_apart_as_in_sparql(client: FlaskClient) -> None:
    found = shown(client, "SELECT ?x WHERE { VALUES ?x { 'once' 'twice' 'twice' } }")
    assert "3 rows" in found.text
    assert found.text.count("twice twice") == 1


def test_rows_are_sorted_and_picked_by_their_address(client: FlaskClient) -> None:
    up = shown(client, "SELECT ?n WHERE { VALUES ?n { 2 10 1 } }", _sort="-n").text
    assert "10 2 1" in up
    assert "1 of them is picked" in shown(client, ROUTES, _filter="IRIS licensing").text


@pytest.mark.parametrize(("text", "words"), [
    ("ASK { ?s ?p ?o }", "yes"),
    (f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ ?s ?p ?o . ?s a <{PREFIXES['care']}Innovation> }} LIMIT 1", "A graph"),
    ("SELECT * WHERE { BIND(<<( <x:a> <x:b> 'c' )>> AS ?triple) }", "<<( x:a x:b c )>>"),
    ("SELECT ?x WHERE { VALUES ?x { '<script>alert(1)</script>' } }", "<script>alert(1)</script>"),
])
def test_every_kind_of_answer_has_its_page(text: str, words: str, client: FlaskClient) -> None:
    found = shown(client, text)
    assert words in found.text
    assert "alert(1)" not in "".join(found.blocks)


def test_an_empty_answer_says_why(client: FlaskClient) -> None:
    found = shown(client, CARE + "SELECT ?x WHERE { ?x a care:Innovations }")
    assert "No rows" in found.text
    assert "care:Innovations” is used nowhere" in found.text
    assert "Ask with care:Innovation" in found.text


def test_a_query_that_does_not_parse_says_where_to_readers_and_to_the_editor(client: FlaskClient) -> None:
    answer = client.post("/sparql", data={"query": "SELECT * WHERE {\n  ?s ?p ?o .\n} ORDERS BY ?s"}, headers=BROWSER)
    assert answer.status_code == 400
    assert "at line 3, column 3" in answer.text
    assert re.search(r'id="fault" role="alert" data-line="3" data-column="3"', answer.text)
    assert 'aria-invalid="true" aria-describedby="fault"' in answer.text


def test_a_query_too_long_for_an_address_is_answered_and_says_what_is_left_out(client: FlaskClient) -> None:
    text = f"# {'x' * 9000}\nSELECT ?n WHERE {{ VALUES ?n {{ 1 2 }} }}"
    answer = client.post("/sparql", data={"query": text}, headers=BROWSER)
    assert answer.status_code == 200
    assert "too long for an address" in answer.text
    assert 'name="format" value="csv"' in answer.text


def test_an_example_of_the_catalogue_stands_in_the_field(client: FlaskClient, asker: query.Asker) -> None:
    answer = client.get("/sparql?example=innovations-by-route", headers=BROWSER)
    typed = unescape(re.search(r"<textarea[^>]*>(.*?)</textarea>", answer.text, re.DOTALL)[1])  # type: ignore[index]
    assert typed.strip() == asker.queries["innovations-by-route"].body.strip()
    assert client.get("/sparql?example=nonsense", headers=BROWSER).status_code == 404


def test_an_answer_as_it_was_sent_is_the_raw_view(client: FlaskClient) -> None:
    assert '"bindings"' in shown(client, ROUTES, view="raw").text


# --- pictures ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("text", "view", "words"), [
    (ROUTES, "chart", "Rows by route"),
    (ROUTES, "network", "Network"),
    (PLACES, "map", "Map"),
    (CARE + "SELECT ?innovation ?place WHERE { ?innovation care:takenUpIn ?place }", "map", "Map"),
])
def test_an_answer_is_drawn_with_its_words(text: str, view: str, words: str, client: FlaskClient) -> None:
    answer = client.get("/sparql", query_string={"query": text, "view": view}, headers=BROWSER)
    alt = re.search(r'<img src="(/sparql\.svg[^"]*)" alt="([^"]*)"', answer.text)
    assert alt
    assert words in alt[2]


def test_a_map_of_what_has_no_places_says_what_it_needs(client: FlaskClient) -> None:
    assert "nothing to put on a map" in shown(client, "SELECT ?n WHERE { VALUES ?n { 1 2 } }", view="map").text


def test_a_picture_of_a_query_is_had_by_its_address(client: FlaskClient) -> None:
    answer = client.get("/sparql.svg", query_string={"query": ROUTES, "drawing": "bar", "drawing.y": "route"})
    assert answer.mimetype == "image/svg+xml"
    assert "licensing and affiliation" in answer.text


@pytest.mark.parametrize("fields", [
    {}, {"query": ROUTES}, {"query": ROUTES, "drawing": "bar", "drawing.y": "nothing"},
    {"query": "SELEC", "drawing": "bar", "drawing.y": "x"},
    {"query": "CONSTRUCT WHERE { ?s ?p ?o }", "drawing": "bar"},
    {"query": ROUTES, "drawing": "bar", "drawing.y": "route", "_theme": "pink"}])
def test_what_cannot_be_drawn_is_refused_with_a_sentence(fields: dict[str, str], client: FlaskClient) -> None:
    answer = client.get("/sparql.svg", query_string=fields)
    assert answer.status_code == 400
    assert answer.text.strip().endswith(".")


# --- what can be completed --------------------------------------------------------------------------------------------


def test_what_is_offered_is_in_the_graph_as_often_as_it_says(client: FlaskClient, asker: query.Asker) -> None:
    found = said(client, "/sparql/terms.json")
    counts = {one["name"]: one["count"] for one in found["classes"]}
    assert counts["care:Innovation"] == len(rows(asker, "SELECT ?x WHERE { ?x a care:Innovation }"))
    assert all(one["count"] > 0 for one in (*found["classes"], *found["properties"]))
    scaled = next(one for one in found["properties"] if one["name"] == "care:scaledVia")
    assert (scaled["label"], scaled["count"]) == ("scaled via", len(rows(asker, "SELECT ?x { ?x care:scaledVia ?y }")))


def test_a_class_has_the_properties_that_its_things_have(client: FlaskClient, asker: query.Asker) -> None:
    found = said(client, "/sparql/terms.json")
    innovation = next(one for one in found["classes"] if one["name"] == "care:Innovation")
    offered = {expand(found["properties"][place]["name"]) for place in innovation["properties"]}
    have = {row["p"] for row in rows(asker, "SELECT DISTINCT ?p WHERE { ?x a care:Innovation ; ?p ?o }")}
    assert offered == have


def test_a_prefix_without_anything_is_not_offered(client: FlaskClient, asker: query.Asker) -> None:
    offered = said(client, "/sparql/terms.json")["prefixes"]
    assert offered["route"] == PREFIXES["route"]
    for prefix in set(PREFIXES) - set(offered):
        assert not rows(asker, f"SELECT ?s WHERE {{ ?s a ?c FILTER(STRSTARTS(STR(?s), '{PREFIXES[prefix]}')) "
                               "?s rdfs:label ?label } LIMIT 1"), prefix


def test_values_of_a_property_come_by_their_counts(client: FlaskClient) -> None:
    found = said(client, "/sparql/values.json?property=care:scaledVia")
    assert {"name": "route:licensing-and-affiliation", "label": "licensing and affiliation"}.items() <= found[2].items()
    assert [one["count"] for one in found] == sorted((one["count"] for one in found), reverse=True)
    assert said(client, "/sparql/values.json?property=care:nothing") == []
    assert client.get("/sparql/values.json?property=nothing").status_code == 400


def test_things_are_found_by_the_beginnings_of_their_names(client: FlaskClient) -> None:
    found = said(client, "/sparql/names.json?q=licensing")
    assert "route:licensing-and-affiliation" in [one["name"] for one in found]
    assert said(client, "/sparql/names.json") == []
    assert said(client, f"/sparql/names.json?q={'x' * 500}") == []


def test_of_a_graph_of_others_what_it_has_is_offered(bare: plain.Plain) -> None:
    bare.change("INSERT DATA { <x:a> a <x:C> ; <x:p> <x:b>, 4 }")
    found = said(bare.client, "/sparql/terms.json")
    assert [(one["name"], one["count"]) for one in found["classes"]] == [("<x:C>", 1)]
    assert {one["name"]: one["count"] for one in found["properties"]} == {"rdf:type": 1, "<x:p>": 2}
    assert set(found["prefixes"]) == {"rdf", "xsd"}
    assert said(bare.client, "/sparql/values.json?property=x:p") == [{"name": "<x:b>", "label": "", "count": 1}]
    assert "care:" not in bare.client.get("/sparql", headers=BROWSER).text


def test_what_has_not_changed_is_not_sent_again(client: FlaskClient) -> None:
    tag = client.get("/sparql/terms.json").headers["ETag"]
    assert client.get("/sparql/terms.json", headers={"If-None-Match": tag}).status_code == 304


# --- what the page may load -------------------------------------------------------------------------------------------


def policy(answer: TestResponse) -> dict[str, str]:
    parts = answer.headers["Content-Security-Policy"].split(";")
    return dict(one.strip().partition(" ")[::2] for one in parts)


def test_the_page_may_run_one_script_and_otherwise_no_more_than_any_page(client: FlaskClient) -> None:
    answer = client.get("/sparql", headers=BROWSER)
    if "/static/editor/" not in answer.text:
        assert answer.headers["Content-Security-Policy"] == headers.POLICY
        pytest.skip("the editor was not built")
    nonce = re.search(r'<script type="module" nonce="([\w-]+)" src="/static/editor/editor.js">', answer.text)[1]  # type: ignore[index]
    assert policy(answer) == {
        "default-src": "'none'", "script-src": f"'nonce-{nonce}'", "style-src": f"'self' 'nonce-{nonce}'",
        "img-src": "'self'", "connect-src": "'self'", "form-action": "'self'", "base-uri": "'none'",
        "frame-ancestors": "'none'"}
    assert nonce not in client.get("/sparql", headers=BROWSER).text
    assert answer.headers["Cache-Control"] == "no-store"
