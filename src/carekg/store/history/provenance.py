"""A change as PROV-O has it (https://www.w3.org/TR/prov-o/), in a graph of its own among those that are served."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final
from urllib.parse import quote

import pyoxigraph as ox
from rdflib.namespace import DCTERMS, FOAF, PROV, RDF, RDFS, XSD

from carekg.store.history.entry import Entry
from carekg.terms import BASE

GRAPH: Final = ox.NamedNode(f"{BASE}graph/history")

MOST: Final = 200
"""Things that a change is said to have touched; the history itself knows all."""


def iri(entry: Entry) -> str:
    """Give the IRI of a change."""
    return f"{BASE}change/{entry.name}"


def agent(entry: Entry) -> str:
    """Give the IRI of whoever made a change, or nothing; names are those of one history."""
    return f"{BASE}agent/{entry.history}-{quote(entry.about.who, safe='')}" if entry.about.who else ""


def quads(entry: Entry, touched: Iterable[str]) -> list[ox.Quad]:
    """Describe a change as an activity, and whoever made it as an agent.

    :param touched: the subjects and graphs that it touches, as N-Triples writes them.
    """
    normal = ox.Store()  # which writes a time in its own way
    normal.extend(ox.Quad(subject, ox.NamedNode(str(predicate)), value, GRAPH)
                  for subject, predicate, value in _said(entry, touched))
    return list(normal)


def _said(entry: Entry, touched: Iterable[str]) -> Iterator[tuple[ox.NamedNode, str, ox.NamedNode | ox.Literal]]:
    me, about = ox.NamedNode(iri(entry)), entry.about
    yield me, RDF.type, ox.NamedNode(str(PROV.Activity))
    yield me, RDFS.label, ox.Literal(f"Change {entry.number}", language="en")
    yield me, DCTERMS.identifier, ox.Literal(entry.name)
    yield me, PROV.endedAtTime, ox.Literal(entry.made, datatype=ox.NamedNode(str(XSD.dateTime)))
    if about.why:
        yield me, DCTERMS.description, ox.Literal(about.why)
    if about.how:
        yield me, DCTERMS.type, ox.Literal(about.how)
    if about.source:
        yield me, PROV.used, ox.NamedNode(about.source)
    if name := agent(entry):
        yield me, PROV.wasAssociatedWith, ox.NamedNode(name)
        yield ox.NamedNode(name), RDF.type, ox.NamedNode(str(PROV.Agent))
        yield ox.NamedNode(name), FOAF.name, ox.Literal(about.who)
    for term in sorted(touched)[:MOST]:
        if term.startswith("<"):
            yield me, PROV.influenced, ox.NamedNode(term[1:-1])
