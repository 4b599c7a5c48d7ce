"""What the graph holds, as VoID (https://www.w3.org/TR/void/), counted from the graph that is served.

The document is at ``/void`` and at the well-known address (RFC 5785, VoID section 7.2). The data set is partitioned by
named graph, by class and within each class by property, as the generator of the SIB does
(https://github.com/sib-swiss/void-generator), and by property.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Final

import pyoxigraph as ox
from flask import Blueprint, Response, current_app
from flask.blueprints import BlueprintSetupState
from rdflib.namespace import DCAT, DCTERMS, FOAF, RDF, VOID
from rdflib.term import URIRef

from carekg import catalogue, store
from carekg.terms import BASE, ONTOLOGY, PREFIXES
from carekg.web import site
from carekg.web.described import dumped, partitions, statements
from carekg.web.described.partitions import Holdings, Whole
from carekg.web.protocol import permission
from carekg.web.remembered import Remembered

blueprint = Blueprint("void", __name__)

KEY: Final = "carekg.void"
"""Under which an application keeps what it has counted."""

DOCUMENT: Final = BASE + "void"
DATASET: Final = DOCUMENT + "#dataset"
"""The whole graph as a data set."""

SPARQL: Final = DOCUMENT + "#sparql"
"""The endpoint as a service."""

MEDIA: Final = "https://www.iana.org/assignments/media-types/"

SAID: Final = f"""SELECT ?property ?value WHERE {{ GRAPH <{catalogue.GRAPH}> {{
  VALUES ?property {{ {' '.join(f'<{DCTERMS[name]}>' for name in
                                ('title', 'description', 'license', 'modified', 'issued', 'publisher'))} }}
  <{catalogue.CATALOGUE}> ?property ?value FILTER(!isBlank(?value))
}} }} ORDER BY ?property ?value"""
"""What the catalogue says of itself is true of the whole."""

Term = ox.NamedNode | ox.Literal


@blueprint.record_once
def _prepare(state: BlueprintSetupState) -> None:
    state.app.extensions[KEY] = Remembered[Holdings](1)


@blueprint.get("/void")
@blueprint.get("/.well-known/void")
def description() -> Response:
    """Give what the graph holds, as VoID."""
    return statements.sent(list(triples()))


def holdings() -> Holdings:
    """Give what the graph holds now."""
    kept: Remembered[Holdings] = current_app.extensions[KEY]
    graph = site.asker().graph
    return kept.get(graph.version, KEY, lambda: partitions.counted(graph))


def triples() -> Iterator[ox.Triple]:
    """Give the description."""
    found = holdings()
    yield ox.Triple(_node(DOCUMENT), _node(DCTERMS.title), ox.Literal("What this graph holds", language="en"))
    yield _link(DOCUMENT, RDF.type, str(VOID.DatasetDescription))
    yield _link(DOCUMENT, FOAF.primaryTopic, DATASET)
    yield from offered()
    yield from _access(found)
    yield from _statistics(DATASET, found.whole)
    if not permission.is_plain():
        yield _fact(DATASET, VOID.entities, found.whole.entities)
    yield _fact(DATASET, VOID.classes, len(found.classes))
    yield _fact(DATASET, VOID.properties, len(found.properties))
    yield from _class_partitions(found)
    yield from _property_partitions(found)
    for graph, count in found.graphs.items():
        yield _link(DATASET, VOID.subset, graph)
        yield _link(graph, RDF.type, str(VOID.Dataset))
        yield _fact(graph, VOID.triples, count)


def offered() -> Iterator[ox.Triple]:
    """Say what the data set is and where it can be had whole, which a catalogue has to say too."""
    for kind in (VOID.Dataset, DCAT.Dataset):
        yield _link(DATASET, RDF.type, str(kind))
    for solution in store.solutions(site.asker().graph, SAID):
        yield ox.Triple(_node(DATASET), solution["property"], solution["value"])
    for dump in dumped.FILES:
        yield from _distribution(dump)
    yield from _service("sparql", "SPARQL endpoint", site.address("/sparql"), site.address("/sparql"))
    yield from _service("api", "Questions and documents over HTTP", site.address("/"), site.address("/openapi.json"))


def _distribution(dump: dumped.File) -> Iterator[ox.Triple]:
    """Say where a dump is; how large it is stands in the list of dumps, since it is written when somebody asks."""
    address = site.address(f"/dumps/{dump.name}")
    yield _link(DATASET, DCAT.distribution, dump.iri)
    yield _link(dump.iri, RDF.type, str(DCAT.Distribution))
    yield ox.Triple(_node(dump.iri), _node(DCTERMS.title), ox.Literal(dump.name))
    for predicate in (DCAT.accessURL, DCAT.downloadURL):
        yield _link(dump.iri, predicate, address)
    yield _link(dump.iri, DCAT.mediaType, MEDIA + (dump.packed or dump.media))
    yield _link(dump.iri, DCTERMS.format, dump.format)
    if dump.packed:
        yield _link(dump.iri, DCAT.compressFormat, MEDIA + dump.media)


def _access(found: Holdings) -> Iterator[ox.Triple]:
    """Say where the data set can be asked, what its IRIs look like, and with which to begin."""
    if not permission.is_plain():  # nobody knows what the IRIs of others look like
        yield ox.Triple(_node(DATASET), _node(VOID.uriSpace), ox.Literal(BASE))
    yield _link(DATASET, VOID.sparqlEndpoint, site.address("/sparql"))
    for dump in dumped.FILES:
        yield _link(DATASET, VOID.dataDump, site.address(f"/dumps/{dump.name}"))
        yield _link(DATASET, VOID.feature, dump.format)
    for example in found.examples:
        yield _link(DATASET, VOID.exampleResource, example)
    for root in found.roots:
        yield _link(DATASET, VOID.rootResource, root)
    for vocabulary in _vocabularies(found):
        yield _link(DATASET, VOID.vocabulary, vocabulary)


def _service(name: str, title: str, address: str, description: str) -> Iterator[ox.Triple]:
    """Describe a service (https://www.w3.org/TR/vocab-dcat-3/#Class:Data_Service) that gives the data set."""
    me = f"{DOCUMENT}#{name}"
    yield _link(me, RDF.type, str(DCAT.DataService))
    yield ox.Triple(_node(me), _node(DCTERMS.title), ox.Literal(title, language="en"))
    yield _link(me, DCAT.endpointURL, address)
    yield _link(me, DCAT.endpointDescription, description)
    yield _link(me, DCAT.servesDataset, DATASET)


def _vocabularies(found: Holdings) -> list[str]:
    """Give the vocabularies that the classes and properties are of, those that have a prefix; ours by its own IRI."""
    used = {space for space in PREFIXES.values() for term in (*found.classes, *found.properties)
            if term.startswith(space) and "/" not in term[len(space):] and "#" not in term[len(space):]}
    return sorted(str(ONTOLOGY) if space == PREFIXES["care"] else space for space in used)


def _class_partitions(found: Holdings) -> Iterator[ox.Triple]:
    for kind, entities in found.classes.items():
        part = f"{DOCUMENT}#class-{_mark(kind)}"
        yield _link(DATASET, VOID.classPartition, part)
        yield _link(part, VOID["class"], kind)
        yield _fact(part, VOID.entities, entities)
        for name, count in found.within.get(kind, {}).items():
            inner = f"{part}-{_mark(name)}"
            yield _link(part, VOID.propertyPartition, inner)
            yield _link(inner, VOID.property, name)
            yield _fact(inner, VOID.triples, count)


def _property_partitions(found: Holdings) -> Iterator[ox.Triple]:
    for name, counts in found.properties.items():
        part = f"{DOCUMENT}#property-{_mark(name)}"
        yield _link(DATASET, VOID.propertyPartition, part)
        yield _link(part, VOID.property, name)
        yield from _statistics(part, counts)


def _statistics(of: str, counts: Whole) -> Iterator[ox.Triple]:
    yield _fact(of, VOID.triples, counts.triples)
    yield _fact(of, VOID.distinctSubjects, counts.subjects)
    yield _fact(of, VOID.distinctObjects, counts.objects)


def _mark(iri: str) -> str:
    """Give a short name for an IRI, the same each time."""
    return hashlib.sha256(iri.encode()).hexdigest()[:12]


def _fact(subject: str, predicate: URIRef, number: int) -> ox.Triple:
    return ox.Triple(_node(subject), _node(predicate), ox.Literal(number))


def _link(subject: str, predicate: URIRef, value: str) -> ox.Triple:
    return ox.Triple(_node(subject), _node(predicate), _node(value))


def _node(iri: str | URIRef) -> ox.NamedNode:
    return ox.NamedNode(str(iri))
