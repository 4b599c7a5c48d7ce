"""The prepared queries as examples: clients that know nothing of us find them, and run each as it stands."""

import pyoxigraph as ox
import pytest
import rdflib
from flask.testing import FlaskClient
from rdflib.namespace import RDF, RDFS, SDO, SH, XSD
from rdflib.plugins.sparql import prepareQuery

from carekg import query
from carekg.query import record
from carekg.terms import BASE

FOUND = """SELECT DISTINCT ?example ?comment ?text ?target WHERE {
  ?example a sh:SPARQLExecutable ; rdfs:comment ?comment ; sh:select|sh:ask|sh:construct|sh:describe ?text ;
    schema:target ?target .
}"""
"""How the SIB's clients look for examples."""


@pytest.fixture(scope="module")
def examples(client: FlaskClient) -> rdflib.Graph:
    """The examples as rdflib reads them."""
    answer = client.get("/.well-known/sparql-examples")
    assert (answer.status_code, answer.mimetype) == (200, "text/turtle")
    return rdflib.Graph().parse(data=answer.data, format="turtle")


def texts(examples: rdflib.Graph) -> dict[str, tuple[str, str]]:
    """The text and the target of each example, as a client finds them, by the name of the query."""
    rows = examples.query(FOUND, initNs={"sh": SH, "rdfs": RDFS, "schema": SDO})
    return {str(example).removeprefix(BASE + "query/"): (str(text), str(target))
            for example, _, text, target in rows}  # type: ignore[misc]


def test_each_question_is_an_example_with_its_question(examples: rdflib.Graph, asker: query.Asker) -> None:
    assert set(texts(examples)) == set(asker.queries)
    for one in asker.queries.values():
        me = rdflib.URIRef(f"{BASE}query/{one.name}")
        assert examples.value(me, RDFS.comment) == rdflib.Literal(one.summary, lang="en")
        assert {str(word) for word in examples.objects(me, SDO.keywords)} == set(one.tags)
        kind = SH.SPARQLConstructExecutable if one.is_graph else SH.SPARQLSelectExecutable
        assert set(examples.objects(me, RDF.type)) == {SH.SPARQLExecutable, kind}


@pytest.mark.heavy
def test_each_example_runs_where_it_says_and_answers_as_the_question_does(
    examples: rdflib.Graph, client: FlaskClient
) -> None:
    for name, (text, target) in texts(examples).items():
        accept = {"Accept": "application/n-triples;q=0.9, text/csv"}
        answer = client.get(target, query_string={"query": text}, headers=accept)
        assert answer.status_code == 200, (name, answer.text)
        asked = client.get(f"/queries/{name}", headers=accept)
        assert sorted(answer.text.splitlines()) == sorted(asked.text.splitlines()), name
        assert len(answer.text.splitlines()) > 1, name


@pytest.mark.heavy
def test_each_example_is_read_by_another_parser_too(examples: rdflib.Graph) -> None:
    for text, _ in texts(examples).values():
        assert prepareQuery(text)


def test_no_parameter_with_a_default_is_left_in_the_text(examples: rdflib.Graph, asker: query.Asker) -> None:
    for name, (text, _) in texts(examples).items():
        for parameter in asker.queries[name].parameters:
            listed = f"VALUES ${parameter.name} {{"  # where several values may stand, its name stays
            is_open = f"{listed} UNDEF" in text if listed in text else f"${parameter.name}" in text
            assert is_open is (parameter.default is None), (name, parameter.name)


def test_the_open_text_and_the_typed_parameters_are_beside_it(examples: rdflib.Graph, asker: query.Asker) -> None:
    for one in asker.queries.values():
        me = rdflib.URIRef(f"{BASE}query/{one.name}")
        assert examples.value(me, SDO.text) == (rdflib.Literal(one.body) if one.parameters else None)
        assert len(list(examples.objects(me, SH.parameter))) == len(one.parameters)
        for parameter in one.parameters:
            node = rdflib.URIRef(f"{me}#{parameter.name}")
            assert examples.value(node, SH.optional).toPython() is parameter.optional  # type: ignore[union-attr]
            assert f"${parameter.name}" in one.body or f"?{parameter.name}" in one.body
            assert examples.value(node, SH["class"]) or examples.value(node, SH.datatype)


def test_the_default_of_a_literal_has_its_datatype() -> None:
    year = query.Parameter("year", "year", "year", default="2026")
    assert str(record.default(year)) == f'"2026"^^<{XSD.gYear}>'
    assert record.default(query.Parameter("route", "route", "concept", of="route", default="some label")) is None


def test_the_prefixes_are_declared_once_each_as_the_texts_use_them(
    examples: rdflib.Graph, asker: query.Asker
) -> None:
    found = [(str(examples.value(one, SH.prefix)), str(examples.value(one, SH.namespace)))
             for whole in set(examples.objects(None, SH.prefixes)) for one in examples.objects(whole, SH.declare)]
    assert len(dict(found)) == len(found) > 5
    for one in asker.queries.values():
        bare = "\n".join(line for line in one.body.splitlines() if not line.startswith("PREFIX"))
        ox.Store().query(bare, prefixes=dict(found))


def test_they_are_in_the_graph_for_clients_that_ask_the_endpoint(client: FlaskClient, asker: query.Asker) -> None:
    prefixes = f"PREFIX sh: <{SH}> PREFIX rdfs: <{RDFS}> PREFIX schema: <{SDO}> "
    text = prefixes + FOUND.replace("schema:target ?target .", "").replace("?target", "")
    answer = client.get("/sparql", query_string={"query": text.replace("?text ;", "?text")})
    assert answer.json
    rows = answer.json["results"]["bindings"]
    assert {row["example"]["value"] for row in rows} == {f"{BASE}query/{name}" for name in asker.queries}
    iris = next(row for row in rows if row["example"]["value"].endswith("/not-stated"))
    assert iris["text"]["value"] == record.runnable(asker.queries["not-stated"])


def test_both_addresses_give_the_same_and_do_not_send_it_twice(client: FlaskClient) -> None:
    first = client.get("/sparql-examples")
    assert first.data == client.get("/.well-known/sparql-examples").data
    assert client.get("/sparql-examples", headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    assert client.head("/sparql-examples").headers["ETag"] == first.headers["ETag"]
