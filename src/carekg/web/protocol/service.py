"""The SPARQL 1.1 Service Description (https://www.w3.org/TR/sparql11-service-description/) of what the server does."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import pyoxigraph as ox
from flask import Response

from carekg import store
from carekg.terms import INFERRED, PREFIXES
from carekg.web import formats, site
from carekg.web.linked import writing
from carekg.web.protocol import permission

SD: Final = PREFIXES["sd"]
FORMAT: Final = "http://www.w3.org/ns/formats/"

NAMES: Final = {
    "json": "SPARQL_Results_JSON", "xml": "SPARQL_Results_XML", "csv": "SPARQL_Results_CSV",
    "tsv": "SPARQL_Results_TSV", "turtle": "Turtle", "n-triples": "N-Triples", "rdf-xml": "RDF_XML",
    "json-ld": "JSON-LD", "trig": "TriG", "n-quads": "N-Quads", "n3": "N3",
}
"""The names of our formats in https://www.w3.org/ns/formats/."""

MOST: Final = 1000
"""Named graphs that are listed."""

GRAPHS: Final = f"SELECT ?g WHERE {{ GRAPH ?g {{}} }} ORDER BY ?g LIMIT {MOST}"
COUNTS: Final = f"SELECT ?g (COUNT(*) AS ?n) WHERE {{ GRAPH ?g {{ ?s ?p ?o }} }} GROUP BY ?g ORDER BY ?g LIMIT {MOST}"


def description() -> Response:
    """Give the description in the format that is wanted."""
    form = formats.wanted(formats.GRAPHS)
    me, dataset, default = (ox.NamedNode(site.address(f"/sparql#{name}")) for name in ("service", "dataset", "default"))
    quads = [ox.Quad(*statement) for statement in (*_service(me, dataset), *_dataset(dataset, default))]
    return Response(writing.written(quads, form.name), content_type=writing.content_type(form.media[0]))


Statement = tuple[ox.NamedNode | ox.BlankNode, ox.NamedNode, ox.NamedNode | ox.BlankNode | ox.Literal]


def _service(me: ox.NamedNode, dataset: ox.NamedNode) -> Iterator[Statement]:
    plain, is_open = permission.is_plain(), permission.is_open()
    yield me, _rdf("type"), _sd("Service")
    yield me, _sd("endpoint"), ox.NamedNode(site.address("/sparql"))
    languages = ("SPARQL10Query", "SPARQL11Query", *(("SPARQL11Update",) if is_open else ()))
    for language in languages:
        yield me, _sd("supportedLanguage"), _sd(language)
    for one in (*formats.RESULTS, *formats.GRAPHS):
        yield me, _sd("resultFormat"), ox.NamedNode(FORMAT + NAMES[one.name])
    for one in formats.GRAPHS if is_open else ():
        yield me, _sd("inputFormat"), ox.NamedNode(FORMAT + NAMES[one.name])
    if plain:
        yield me, _sd("feature"), _sd("EmptyGraphs")
    else:
        yield me, _sd("feature"), _sd("UnionDefaultGraph")
    if site.settings().hosts:
        yield me, _sd("feature"), _sd("BasicFederatedQuery")
    yield me, _sd("defaultEntailmentRegime"), ox.NamedNode("http://www.w3.org/ns/entailment/Simple")
    yield me, _sd("defaultDataset"), dataset


def _dataset(dataset: ox.NamedNode, default: ox.NamedNode) -> Iterator[Statement]:
    """Describe the default graph and each named graph, with its number of triples."""
    graph = site.asker().graph
    yield dataset, _rdf("type"), _sd("Dataset")
    yield dataset, _sd("defaultGraph"), default
    yield default, _rdf("type"), _sd("Graph")
    yield default, _void("triples"), _count(store.rows(graph, "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }")[0]["n"])
    for number, (name, count) in enumerate(_named(graph)):
        named, inner = ox.BlankNode(f"named{number}"), ox.BlankNode(f"graph{number}")
        yield dataset, _sd("namedGraph"), named
        yield named, _rdf("type"), _sd("NamedGraph")
        yield named, _sd("name"), ox.NamedNode(name)
        if name == str(INFERRED):
            yield named, _sd("entailmentRegime"), ox.NamedNode("http://www.w3.org/ns/entailment/OWL-RDF-Based")
            yield named, _sd("supportedEntailmentProfile"), ox.NamedNode("http://www.w3.org/ns/owl-profile/RL")
        yield named, _sd("graph"), inner
        yield inner, _rdf("type"), _sd("Graph")
        yield inner, _void("triples"), _count(count)


def _named(graph: store.Store) -> list[tuple[str, str]]:
    """Give each named graph with its number of triples, those without any too, where the store tells of them."""
    found = {row["g"]: "0" for row in store.rows(graph, GRAPHS)}
    found |= {row["g"]: row["n"] for row in store.rows(graph, COUNTS)}
    return sorted(found.items())[:MOST]


def _count(number: str) -> ox.Literal:
    return ox.Literal(int(number))


def _sd(name: str) -> ox.NamedNode:
    return ox.NamedNode(SD + name)


def _void(name: str) -> ox.NamedNode:
    return ox.NamedNode(PREFIXES["void"] + name)


def _rdf(name: str) -> ox.NamedNode:
    return ox.NamedNode(PREFIXES["rdf"] + name)
