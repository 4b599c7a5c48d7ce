"""Every IRI that the project mints leads to documents about it: the same triples in each format, with their graphs."""

import re
from collections import defaultdict
from typing import Any
from urllib.parse import urldefrag

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient

from carekg import store
from carekg.store.embedded import EmbeddedStore
from carekg.terms import BASE, INFERRED, PREFIXES
from linked import DOCUMENTS, ENDINGS, IRIS, READERS, THINGS, Triples, links, triples, whole

SAMPLE = 2
"""IRIs of one kind that are followed."""


# --- every IRI ----------------------------------------------------------------------------------------------------


def minted(graph: EmbeddedStore) -> dict[str, list[str]]:
    """IRIs of ours that stand anywhere in the graph, a few of each kind."""
    text = f"""SELECT DISTINCT ?iri WHERE {{
      {{ ?iri ?p ?o }} UNION {{ ?s ?iri ?o }} UNION {{ ?s ?p ?iri }} UNION {{ GRAPH ?iri {{ ?s ?p ?o }} }}
      FILTER(isIRI(?iri) && STRSTARTS(STR(?iri), "{BASE}") && !STRSTARTS(STR(?iri), "{BASE}files/")) }}"""
    kinds: dict[str, list[str]] = defaultdict(list)
    for row in store.rows(graph, text):
        document, fragment = urldefrag(row["iri"])
        kind = "/".join(document.removeprefix(BASE).split("/")[:2 if "/query/" not in document else 1])
        kinds[f"{kind}#{fragment if '/graph/' in document else ''}" if fragment else kind].append(row["iri"])
    return kinds


@pytest.mark.heavy
def test_every_kind_of_iri_that_is_minted_leads_to_a_document_that_speaks_of_it(
    client: FlaskClient, shipped_store: EmbeddedStore
) -> None:
    kinds = minted(shipped_store)
    assert len(kinds) > 80
    for kind, found in kinds.items():
        for iri in sorted(found)[::max(1, len(found) // SAMPLE)]:
            place = "/" + urldefrag(iri).url.removeprefix(BASE)
            answer = client.get(place, headers={"Accept": "text/turtle"}, follow_redirects=True)
            assert answer.status_code == 200, (kind, iri)
            told = answer.data
            for other in links(answer)["describedby"]:
                told += b"\n" + client.get(other, headers={"Accept": "text/turtle"}).data
            graph = triples(told, "ttl")
            assert f"<{iri}>" in {term for triple in graph for term in triple} or "/graph/" in iri, (kind, iri)


def test_every_term_of_the_vocabulary_is_a_subject_where_its_iri_leads(
    client: FlaskClient, shipped_store: EmbeddedStore
) -> None:
    for place in ("def", "shapes"):
        subjects = {s for s, _, _ in triples(client.get(f"/{place}.nt").data, "nt")}
        for row in store.rows(shipped_store, f"""SELECT DISTINCT ?iri WHERE {{
          ?iri a ?class FILTER(STRSTARTS(STR(?iri), "{BASE}{place}#")) }}"""):
            assert f"<{row['iri']}>" in subjects


def test_the_vocabulary_answers_for_its_version_and_for_no_other(client: FlaskClient) -> None:
    text = client.get("/def.nt").text
    (version,) = re.findall(r"versionIRI> <https://w3id\.org/carekg(/def/[^>]+)>", text)
    assert client.get(version, headers={"Accept": "application/n-triples"}).text == text
    assert client.get(f"{version}.nt").text == text
    assert client.get("/def/99.0.0").status_code == 404


# --- every format -------------------------------------------------------------------------------------------------


def from_jsonld(client: FlaskClient, data: bytes) -> Triples:
    """The triples of JSON-LD that names its context."""
    found = (quad.triple for quad in ox.parse(whole(client, data), ox.RdfFormat.JSON_LD))
    return triples(ox.serialize(found, format=ox.RdfFormat.N_TRIPLES) or b"", "nt")


@pytest.mark.parametrize("place", [*THINGS, *DOCUMENTS])
def test_each_ending_gives_the_same_triples_in_its_format(place: str, client: FlaskClient) -> None:
    first = triples(client.get(f"{place}.nt").data, "nt")
    assert first
    for ending, media in ENDINGS.items():
        answer = client.get(f"{place}.{ending}")
        if ending == "html" and place.startswith("/query/"):
            assert (answer.status_code, answer.headers["Location"]) == (303, "/queries/disagreements")
            continue
        assert answer.status_code == 200, ending
        assert answer.mimetype == media
        if ending in READERS:
            assert triples(answer.data, ending) == first, ending
        if ending == "jsonld":
            assert from_jsonld(client, answer.data) == first


@pytest.mark.heavy
def test_a_large_graph_comes_as_the_engine_writes_it(client: FlaskClient) -> None:
    first = triples(client.get("/graph/inferred.nt").data, "nt")
    assert len(first) > 20_000
    for ending in ("ttl", "nq", "trig"):
        with client.get(f"/graph/inferred.{ending}") as answer:
            assert triples(answer.data, ending) == first
    assert f"<{INFERRED}> ." in client.get("/graph/inferred.nq").text
    with client.head("/graph/inferred.nq") as answer:
        assert (answer.status_code, answer.data) == (200, b"")


@pytest.mark.heavy
@pytest.mark.parametrize("ending", ["trig", "nq"])
@pytest.mark.parametrize("place", [*THINGS, "/def", "/graph/data/sources/documents"])
def test_each_triple_stands_in_a_graph_that_states_it(
    place: str, ending: str, client: FlaskClient, shipped_store: EmbeddedStore
) -> None:
    quads = [q for q in ox.parse(client.get(f"{place}.{ending}").data, READERS[ending])
             if not isinstance(q.subject, ox.BlankNode) and not isinstance(q.object, ox.BlankNode)]
    assert quads
    by_graph: dict[Any, set[str]] = defaultdict(set)
    for quad in quads:
        by_graph[quad.graph_name].add(str(quad.triple))
    union = by_graph.pop(ox.DefaultGraph())
    assert union == set().union(*by_graph.values())
    for name, found in by_graph.items():
        stated = store.Question(f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH {name} {{ ?s ?p ?o }} }}", "n-triples")
        known = {str(q.triple) for q in ox.parse(shipped_store.answer(stated).read(), ox.RdfFormat.N_TRIPLES)}
        assert found <= known, name


def test_what_was_inferred_is_marked_by_its_graph(client: FlaskClient) -> None:
    care = PREFIXES["care"]
    graphs = {str(q.predicate)[1:-1]: str(q.graph_name)[1:-1]
              for q in ox.parse(client.get(f"{IRIS}.nq").data, ox.RdfFormat.N_QUADS)
              if str(q.subject) == f"<{BASE}id/innovation/iris>" and isinstance(q.graph_name, ox.NamedNode)}
    assert graphs[f"{care}scaledVia"] == graphs[f"{care}isConcernOf"] == str(INFERRED)
    assert graphs[f"{care}innovationKind"] == f"{BASE}graph/data/wider/iris"


@pytest.mark.parametrize(("alias", "media"), [("json", "application/ld+json"), ("xml", "application/rdf+xml"),
                                             ("n3", "text/n3")])
def test_other_peoples_endings_are_understood(alias: str, media: str, client: FlaskClient) -> None:
    assert client.get(f"{IRIS}.{alias}").mimetype == media
    assert client.get(f"/def.{alias}").mimetype == media


@pytest.mark.parametrize("place", ["/def.pdf", "/catalogue.exe", "/query/disagreements.pdf", f"{IRIS}.pdf"])
def test_an_ending_that_no_format_has_is_not_found(place: str, client: FlaskClient) -> None:
    assert client.get(place).status_code == 404


def test_two_requests_for_the_same_give_the_same_bytes(client: FlaskClient) -> None:
    for ending in READERS:
        assert client.get(f"{IRIS}.{ending}").data == client.get(f"{IRIS}.{ending}").data
