"""The description of the service is true: what it claims is there, in the number it says, and nothing else is."""

from dataclasses import replace

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient
from rdflib import RDF, VOID, Graph, Literal, Namespace, URIRef

import plain
from carekg import query, web
from carekg.reader.asking import GRAPH_FORMATS
from carekg.settings import load
from carekg.terms import INFERRED
from carekg.web import formats
from linked import whole

SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
FORMATS = Namespace("http://www.w3.org/ns/formats/")
ME = URIRef("http://localhost/sparql#service")

RESULTS = {"SPARQL_Results_JSON": "application/sparql-results+json",
           "SPARQL_Results_XML": "application/sparql-results+xml", "SPARQL_Results_CSV": "text/csv",
           "SPARQL_Results_TSV": "text/tab-separated-values"}
DOCUMENTS = {"Turtle": "text/turtle", "N-Triples": "application/n-triples", "RDF_XML": "application/rdf+xml",
             "JSON-LD": "application/ld+json", "TriG": "application/trig", "N-Quads": "application/n-quads",
             "N3": "text/n3"}
"""Media types by their names in https://www.w3.org/ns/formats/."""


def described(client: FlaskClient) -> Graph:
    return Graph().parse(data=client.get("/sparql", headers={"Accept": "text/turtle"}).data, format="turtle")


@pytest.fixture
def filled(bare: plain.Plain) -> plain.Plain:
    """A plain server with triples in its default graph and in two graphs."""
    bare.change("INSERT DATA { <x:a> <x:p> 1, 2, 3 . GRAPH <x:g> { <x:a> <x:p> 1, 2 } GRAPH <x:h> { <x:a> <x:p> 1 } }")
    return bare


@pytest.fixture(params=["plain", "shipped"])
def served(request: pytest.FixtureRequest) -> FlaskClient:
    """A plain server, and the one over the shipped graph."""
    if request.param == "plain":
        one: plain.Plain = request.getfixturevalue("filled")
        return one.client
    client: FlaskClient = request.getfixturevalue("client")
    return client


def names(graph: Graph, claim: URIRef) -> set[str]:
    """The last parts of the names that a service claims."""
    return {str(value).rpartition("/")[2].rpartition("#")[2] for value in graph.objects(ME, claim)}


def count(client: FlaskClient, pattern: str) -> int:
    text = f"SELECT (COUNT(*) AS ?n) WHERE {{ {pattern} }}"
    found = client.get("/sparql", query_string={"query": text}).get_json()
    return int(found["results"]["bindings"][0]["n"]["value"])


@pytest.mark.parametrize("form", formats.GRAPHS, ids=lambda one: one.name)
def test_the_description_comes_in_every_format_of_a_graph(served: FlaskClient, form: formats.Format) -> None:
    answer = served.get("/sparql", headers={"Accept": form.media[0]})
    assert (answer.status_code, answer.mimetype) == (200, form.media[0])
    body = whole(served, answer.data) if form.name == "json-ld" else answer.data
    found = {quad.predicate.value for quad in ox.parse(body, GRAPH_FORMATS[form.name])}
    assert {str(SD.endpoint), str(SD.resultFormat), str(SD.defaultDataset)} <= found


def test_the_endpoint_is_where_the_description_is(served: FlaskClient) -> None:
    graph = described(served)
    (endpoint,) = graph.objects(ME, SD.endpoint)
    assert (ME, RDF.type, SD.Service) in graph
    path = str(endpoint).removeprefix("http://localhost")
    assert served.get(path, query_string={"query": "ASK {}"}).get_json()["boolean"] is True


def test_the_endpoint_is_at_the_address_by_which_others_reach_it(filled: plain.Plain) -> None:
    app = web.create_app(query.Asker({}, filled.store), replace(load(), public_url="https://data.example.org/"))
    graph = Graph().parse(data=app.test_client().get("/sparql").data, format="turtle")
    assert {str(value) for value in graph.objects(None, SD.endpoint)} == {"https://data.example.org/sparql"}


def test_every_format_that_is_claimed_is_given(served: FlaskClient) -> None:
    claimed = names(described(served), SD.resultFormat)
    assert claimed == set(RESULTS) | set(DOCUMENTS)
    for name in claimed:
        text = "SELECT * { ?s ?p ?o } LIMIT 1" if name in RESULTS else "CONSTRUCT WHERE { ?s ?p ?o } LIMIT 1"
        media = {**RESULTS, **DOCUMENTS}[name]
        answer = served.get("/sparql", query_string={"query": text}, headers={"Accept": f"{media}, */*;q=0"})
        assert (answer.status_code, answer.mimetype) == (200, media)


def test_every_format_that_is_claimed_is_read_where_anything_is(served: FlaskClient, filled: plain.Plain) -> None:
    claimed = names(described(served), SD.inputFormat)
    is_plain = served.application is filled.app
    assert claimed == (set(DOCUMENTS) if is_plain else set())
    triple = ox.Triple(ox.NamedNode("http://e/a"), ox.NamedNode("http://e/p"), ox.Literal("b"))
    for name in claimed:
        form = next(one for one in formats.GRAPHS if one.media[0] == DOCUMENTS[name])
        body = ox.serialize([triple], format=GRAPH_FORMATS[form.name]) or b""
        assert filled.send("PUT", "/store?graph=x:new", body, DOCUMENTS[name]).status_code in (201, 204)
        got = filled.client.get("/store?graph=x:new", headers={"Accept": "application/n-triples"})
        assert got.text == f"{triple} .\n"
    filled.send("DELETE", "/store?graph=x:new")


def test_updates_are_claimed_where_they_are_done(served: FlaskClient, filled: plain.Plain) -> None:
    languages = names(described(served), SD.supportedLanguage)
    assert {"SPARQL10Query", "SPARQL11Query"} <= languages
    answer = served.post("/sparql", data="CLEAR SILENT GRAPH <x:none>", content_type="application/sparql-update",
                         headers=plain.BEARER)
    assert ("SPARQL11Update" in languages) == (answer.status_code == 204) == (served.application is filled.app)


def test_every_graph_is_counted(served: FlaskClient) -> None:
    graph = described(served)
    (dataset,) = graph.objects(ME, SD.defaultDataset)
    (default,) = graph.objects(dataset, SD.defaultGraph)
    assert graph.value(default, VOID.triples) == Literal(count(served, "?s ?p ?o"))
    found = {}
    for named in graph.objects(dataset, SD.namedGraph):
        assert (named, RDF.type, SD.NamedGraph) in graph
        found[str(graph.value(named, SD.name))] = graph.value(graph.value(named, SD.graph), VOID.triples)
    rows = served.get("/sparql", query_string={"query": "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }"}).get_json()
    assert set(found) == {row["g"]["value"] for row in rows["results"]["bindings"]}
    for name in list(found)[:5]:
        assert found[name] == Literal(count(served, f"GRAPH <{name}> {{ ?s ?p ?o }}"))


def test_a_graph_without_a_triple_is_listed_where_such_are_kept(filled: plain.Plain, client: FlaskClient) -> None:
    assert filled.send("PUT", "/store?graph=x:empty", "", "text/turtle").status_code == 201
    filled.change("DELETE WHERE { GRAPH <x:h> { ?s ?p ?o } }")
    graph = described(filled.client)
    found = {str(name): int(graph.value(graph.value(named, SD.graph), VOID.triples)) for named, name
             in graph.subject_objects(SD.name)}
    assert found == {"x:empty": 0, "x:g": 2, "x:h": 0}
    assert "EmptyGraphs" in names(graph, SD.feature)
    assert "EmptyGraphs" not in names(described(client), SD.feature)


def test_the_counts_follow_a_change() -> None:
    with plain.opened() as one:
        for number in range(1, 3):
            one.update(f"INSERT DATA {{ GRAPH <x:g> {{ <x:a> <x:p> {number} }} }}")
            graph = described(one.client)
            assert [int(value) for value in graph.objects(None, VOID.triples)] in ([number, 0], [0, number])


def test_a_union_as_default_graph_is_claimed_where_it_is_one(served: FlaskClient, filled: plain.Plain) -> None:
    is_union = "UnionDefaultGraph" in names(described(served), SD.feature)
    elsewhere = count(served, "GRAPH ?g { ?s ?p ?o } FILTER NOT EXISTS { ?s ?p ?o }")
    of_its_own = count(served, "?s ?p ?o FILTER NOT EXISTS { GRAPH ?g { ?s ?p ?o } }")
    assert is_union == (elsewhere == of_its_own == 0)
    assert is_union == (served.application is not filled.app)


@pytest.mark.parametrize("hosts", [frozenset(), frozenset({"example.org"})])
def test_calls_of_other_services_are_claimed_where_hosts_are_listed(filled: plain.Plain, hosts: frozenset[str]) -> None:
    app = web.create_app(query.Asker({}, filled.store), replace(load(), hosts=hosts))
    assert ("BasicFederatedQuery" in names(described(app.test_client()), SD.feature)) == bool(hosts)


def test_the_graph_of_what_was_inferred_says_by_which_rules(client: FlaskClient, filled: plain.Plain) -> None:
    graph = described(client)
    (named,) = graph.subjects(SD.name, URIRef(str(INFERRED)))
    assert (named, SD.supportedEntailmentProfile, URIRef("http://www.w3.org/ns/owl-profile/RL")) in graph
    assert list(described(filled.client).objects(None, SD.supportedEntailmentProfile)) == []


def test_every_claim_is_a_term_of_the_vocabulary(served: FlaskClient) -> None:
    known = {str(term) for term in (SD.Service, SD.Dataset, SD.Graph, SD.NamedGraph)}
    assert {str(kind) for kind in described(served).objects(None, RDF.type)} == known
