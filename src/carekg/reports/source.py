"""Where names come from: a store, which is asked for many at once, or the data that were validated."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple, Protocol

import pyoxigraph as ox
from rdflib import Graph
from rdflib.namespace import RDF, RDFS, SKOS
from rdflib.term import Literal, URIRef

from carekg import store as stores
from carekg.store import Store
from carekg.terms import CARE, INFERRED

NAMES: Final = (RDFS.label, SKOS.prefLabel)
TOLD: Final = (*NAMES, CARE.summary, RDF.type, SKOS.inScheme)
"""Properties by which a thing is known; a claim has no name, and goes by what it says."""

AT_ONCE: Final = 500
"""Things that one query asks for."""

FEW: Final = 20
"""Values among which an example is looked for."""

MOST: Final = 5000
"""Things of a kind among which a near one is looked for."""


class Said(NamedTuple):
    """What is said of a thing: its name in a language, its class, its list."""

    thing: str
    property: str
    value: str
    language: str = ""


class Source(Protocol):
    """What is asked for names."""

    def about(self, things: Iterable[str]) -> Iterator[Said]:
        """Give what is said of things."""

    def having(self, property_: str, value: str) -> list[str]:
        """Give the things with a value of a property, such as those of a class."""

    def beginning(self, start: str) -> list[str]:
        """Give the things whose IRIs begin so."""

    def values(self, property_: str) -> list[str]:
        """Give some values that a property has."""


class Asked:
    """The names in a store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def about(self, things: Iterable[str]) -> Iterator[Said]:
        """Ask for all of them, some hundred at once."""
        wanted, told = list(filter(None, map(_written, things))), " ".join(one.n3() for one in TOLD)
        for start in range(0, len(wanted), AT_ONCE):
            values = " ".join(wanted[start:start + AT_ONCE])
            query = (f"SELECT DISTINCT ?s ?p ?o (LANG(?o) AS ?l) WHERE {{ VALUES ?s {{ {values} }} "
                     f"VALUES ?p {{ {told} }} GRAPH ?g {{ ?s ?p ?o }} FILTER(?g != <{INFERRED}>) }} ORDER BY ?s ?p ?o")
            for row in stores.rows(self._store, query):
                yield Said(row["s"], row["p"], row["o"], row.get("l", ""))

    def having(self, property_: str, value: str) -> list[str]:
        """Ask for the things with a value."""
        return self._things(f"?s {_written(property_)} {_written(value)} .") if _written(value) else []

    def beginning(self, start: str) -> list[str]:
        """Ask for the things of some class that begin so."""
        return self._things(f"?s {RDF.type.n3()} ?type . FILTER(STRSTARTS(STR(?s), {ox.Literal(start)}))")

    def values(self, property_: str) -> list[str]:
        """Ask for some of them, always the same."""
        query = f"SELECT ?o WHERE {{ ?s {_written(property_)} ?o FILTER(isLiteral(?o)) }} ORDER BY ?o LIMIT {FEW}"
        return [row["o"] for row in stores.rows(self._store, query)] if _written(property_) else []

    def _things(self, pattern: str) -> list[str]:
        rows = stores.rows(self._store, f"SELECT DISTINCT ?s WHERE {{ {pattern} FILTER(isIRI(?s)) }} LIMIT {MOST}")
        return [row["s"] for row in rows]


class Held:
    """The names in a graph in memory."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph

    def about(self, things: Iterable[str]) -> Iterator[Said]:
        """Look each of them up."""
        for thing in things:
            for one in TOLD:
                for value in sorted(self._graph.objects(URIRef(thing), one), key=str):
                    yield Said(thing, str(one), str(value), getattr(value, "language", "") or "")

    def having(self, property_: str, value: str) -> list[str]:
        """Look up the things with a value."""
        found = self._graph.subjects(URIRef(property_), URIRef(value), unique=True)
        return [str(one) for one in found if isinstance(one, URIRef)][:MOST]

    def beginning(self, start: str) -> list[str]:
        """Look through the things that have a class."""
        found = (str(one) for one in self._graph.subjects(RDF.type, unique=True) if isinstance(one, URIRef))
        return [one for one in found if one.startswith(start)][:MOST]

    def values(self, property_: str) -> list[str]:
        """Look some of them up."""
        found = self._graph.objects(None, URIRef(property_), unique=True)
        return sorted(str(one) for one in found if isinstance(one, Literal))[:FEW]


def said(quads: Iterable[ox.Quad]) -> Iterator[Said]:
    """Give what statements say by which their things are known."""
    told = {str(one) for one in TOLD}
    for quad in quads:
        if quad.predicate.value in told and not isinstance(quad.subject, ox.Triple):
            subject = str(quad.subject) if isinstance(quad.subject, ox.BlankNode) else quad.subject.value
            language = quad.object.language or "" if isinstance(quad.object, ox.Literal) else ""
            yield Said(subject, quad.predicate.value, getattr(quad.object, "value", ""), language)


def is_name(one: Said) -> bool:
    """Say whether something said is a name, in English or in no language."""
    return one.property in map(str, NAMES) and one.language.partition("-")[0].lower() in ("", "en")


def _written(iri: str) -> str:
    try:
        return str(ox.NamedNode(iri))
    except ValueError:  # an IRI as only a lax parser takes it
        return ""


