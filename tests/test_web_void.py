"""What the graph holds, as VoID: each number is one that SPARQL counts too, in a query of its own."""

import pyoxigraph as ox
import pytest
import rdflib
from flask.testing import FlaskClient
from rdflib.namespace import DCAT, DCTERMS, RDF, VOID

from carekg import errors, query, store
from carekg.terms import BASE, CARE
from carekg.web.described import partitions
from plain import Plain

DATASET = rdflib.URIRef(BASE + "void#dataset")


@pytest.fixture(scope="module")
def void(client: FlaskClient) -> rdflib.Graph:
    """The description as rdflib reads it."""
    answer = client.get("/.well-known/void")
    assert (answer.status_code, answer.mimetype) == (200, "text/turtle")
    return rdflib.Graph().parse(data=answer.data, format="turtle")


def number(void: rdflib.Graph, subject: rdflib.term.Node, name: str) -> int:
    """The one number that the description gives of something."""
    (found,) = void.objects(subject, VOID[name])
    return int(str(found))


def count(asker: query.Asker, what: str, pattern: str) -> int:
    """How many a pattern has, as the graph itself answers."""
    return int(store.rows(asker.graph, f"SELECT (COUNT({what}) AS ?n) WHERE {{ {pattern} }}")[0]["n"])


def parts(void: rdflib.Graph, of: rdflib.term.Node, kind: str, by: str) -> dict[str, rdflib.term.Node]:
    """The partitions of something, by class or by property; no two are of the same."""
    found = [(str(void.value(part, VOID[by])), part) for part in void.objects(of, VOID[kind])]
    assert len(dict(found)) == len(found)
    return dict(found)


# --- the numbers -----------------------------------------------------------------------------------------------


def test_the_whole_is_counted(void: rdflib.Graph, asker: query.Asker) -> None:
    all_ = "?s ?p ?o"
    assert number(void, DATASET, "triples") == count(asker, "*", all_) > 50_000
    assert number(void, DATASET, "distinctSubjects") == count(asker, "*", f"SELECT DISTINCT ?s {{ {all_} }}")
    assert number(void, DATASET, "distinctObjects") == count(asker, "*", f"SELECT DISTINCT ?o {{ {all_} }}")
    assert number(void, DATASET, "properties") == count(asker, "DISTINCT ?p", all_)
    assert number(void, DATASET, "classes") == count(asker, "DISTINCT ?c", "?s a ?c FILTER(!isBlank(?c))")
    ours = f'{{ SELECT DISTINCT ?s {{ {all_} }} }} FILTER(isIRI(?s) && REGEX(STR(?s), "^{BASE}"))'
    assert number(void, DATASET, "entities") == count(asker, "*", ours)
    assert str(void.value(DATASET, VOID.uriSpace)) == BASE


def test_each_class_is_counted(void: rdflib.Graph, asker: query.Asker) -> None:
    classes = parts(void, DATASET, "classPartition", "class")
    assert len(classes) == number(void, DATASET, "classes") > 50
    for name, part in classes.items():
        assert number(void, part, "entities") == count(asker, "DISTINCT ?s", f"?s a <{name}>") > 0


def test_each_property_within_each_class_is_counted(void: rdflib.Graph, asker: query.Asker) -> None:
    seen = 0
    for name, part in parts(void, DATASET, "classPartition", "class").items():
        rows = store.rows(asker.graph, f"SELECT ?p (COUNT(?o) AS ?n) {{ ?s a <{name}> ; ?p ?o }} GROUP BY ?p")
        inner = parts(void, part, "propertyPartition", "property")
        expected = {row["p"]: int(row["n"]) for row in rows}
        assert {name: number(void, one, "triples") for name, one in inner.items()} == expected
        seen += len(inner)
    assert seen > 500


def test_each_property_is_counted(void: rdflib.Graph, asker: query.Asker) -> None:
    properties = parts(void, DATASET, "propertyPartition", "property")
    assert len(properties) == number(void, DATASET, "properties") > 100
    for name, part in properties.items():
        pattern = f"?s <{name}> ?o"
        assert number(void, part, "triples") == count(asker, "*", pattern)
        assert number(void, part, "distinctSubjects") == count(asker, "DISTINCT ?s", pattern)
        assert number(void, part, "distinctObjects") == count(asker, "DISTINCT ?o", pattern)
    total = sum(number(void, part, "triples") for part in properties.values())
    assert total == number(void, DATASET, "triples")


def test_each_named_graph_is_a_subset_and_counted(void: rdflib.Graph, asker: query.Asker) -> None:
    graphs = set(void.objects(DATASET, VOID.subset))
    assert len(graphs) == count(asker, "DISTINCT ?g", "GRAPH ?g { ?s ?p ?o }") > 100
    for graph in graphs:
        assert number(void, graph, "triples") == count(asker, "*", f"GRAPH <{graph}> {{ ?s ?p ?o }}")


# --- the rest --------------------------------------------------------------------------------------------------


def test_it_says_where_the_data_are(void: rdflib.Graph, client: FlaskClient) -> None:
    (endpoint,) = void.objects(DATASET, VOID.sparqlEndpoint)
    assert client.get(str(endpoint), query_string={"query": "ASK {}"}).status_code == 200
    dumps = {str(one) for one in void.objects(DATASET, VOID.dataDump)}
    assert {one.rpartition("/")[2] for one in dumps} == {"carekg.nq", "carekg.nq.gz", "carekg.ttl", "carekg.ttl.gz"}
    listed = rdflib.Graph().parse(data=client.get("/dumps", headers={"Accept": "text/turtle"}).data, format="turtle")
    addresses = {str(void_) for one in void.objects(DATASET, DCAT.distribution)
                 for void_ in listed.objects(one, DCAT.downloadURL)}
    assert addresses == dumps


def test_a_plain_server_is_described_under_its_own_address(bare: Plain) -> None:
    bare.change("INSERT DATA { <https://example.org/a> a <https://example.org/B> }")
    found = rdflib.Graph().parse(data=bare.client.get("/void").data, format="turtle")
    here = rdflib.URIRef("http://localhost/void#dataset")
    assert number(found, here, "triples") == 1
    assert (here, VOID.classPartition, None) in found
    assert not list(found.objects(here, VOID.uriSpace)) + list(found.objects(here, VOID.entities))
    dumps = bare.client.get("/dumps", headers={"Accept": "text/turtle"}).text
    assert BASE not in found.serialize() + dumps
    listed = rdflib.Graph().parse(data=dumps, format="turtle")
    assert set(listed.objects(here, DCAT.distribution)) == set(found.objects(here, DCAT.distribution))


def test_its_examples_are_things_of_the_graph(void: rdflib.Graph, client: FlaskClient) -> None:
    examples = list(void.objects(DATASET, VOID.exampleResource))
    assert len(examples) > 10
    for example in examples:
        answer = client.get(str(example).replace(BASE, "/"), headers={"Accept": "text/turtle"}, follow_redirects=True)
        assert answer.status_code == 200


def test_its_vocabularies_are_those_of_classes_and_properties(void: rdflib.Graph) -> None:
    found = {str(one) for one in void.objects(DATASET, VOID.vocabulary)}
    assert {BASE + "def", "http://www.w3.org/2004/02/skos/core#", "http://www.w3.org/ns/prov#"} <= found
    assert BASE + "id/place/" not in found
    assert str(CARE) not in found, "a vocabulary goes by the IRI of its ontology"


def test_it_says_whose_the_data_are_and_under_which_terms(void: rdflib.Graph) -> None:
    assert void.value(DATASET, DCTERMS.title)
    assert list(void.objects(DATASET, DCTERMS.license)) == [
        rdflib.URIRef("https://creativecommons.org/licenses/by/4.0/")]
    (document,) = void.subjects(RDF.type, VOID.DatasetDescription)
    assert str(document) == BASE + "void"


def test_both_addresses_give_the_same_and_do_not_send_it_twice(client: FlaskClient) -> None:
    first = client.get("/void")
    assert first.data == client.get("/.well-known/void").data
    assert client.get("/void", headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    head = client.head("/void")
    assert (head.status_code, head.data, head.headers["ETag"]) == (200, b"", first.headers["ETag"])
    other = client.get("/void", headers={"Accept": "application/n-triples"})
    assert other.mimetype == "application/n-triples"
    assert other.headers["ETag"] != first.headers["ETag"]


@pytest.mark.parametrize("media", ["application/n-triples", "application/rdf+xml", "application/ld+json"])
def test_every_format_says_the_same(media: str, void: rdflib.Graph, client: FlaskClient) -> None:
    answer = client.get("/void", headers={"Accept": media})
    assert answer.mimetype == media
    if media == "application/ld+json":  # its context is at an address that only a running server has
        assert answer.json
        assert len(answer.json["@graph"]) == len(set(void.subjects()))
        return
    found = ox.parse(answer.data, ox.RdfFormat.from_media_type(media))
    assert {str(quad.triple) for quad in found} == {
        str(quad.triple) for quad in ox.parse(void.serialize(format="nt"), ox.RdfFormat.N_TRIPLES)}


def test_classes_that_take_too_long_to_count_are_left_out(
    asker: query.Asker, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = store.rows

    def slow(graph: store.Store, text: str) -> list[dict[str, str]]:
        if f"a <{CARE.Claim}>" in text:
            raise errors.OverDeadline(10)
        return real(graph, text)

    monkeypatch.setattr(store, "rows", slow)
    found = partitions.counted(asker.graph)
    claims = found.classes[str(CARE.Claim)]
    assert claims > 50
    assert set(found.within) == {name for name in found.within if found.classes[name] <= claims}
    assert {name for name, count in found.classes.items() if count < claims} <= set(found.within)
    assert str(CARE.Claim) not in found.within
