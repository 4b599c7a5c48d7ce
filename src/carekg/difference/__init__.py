"""What two graphs, or two sets of graphs, state differently: as people read it, or as RDF Patch."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox
from rdflib.namespace import RDFS, SKOS

from carekg import turtle
from carekg.reader.effect import Effect
from carekg.terms import BASE, PREFIXES
from carekg.turtle import Statement
from carekg.turtle.nesting import Nested
from carekg.turtle.spelling import Speller
from carekg.turtle.writing import order, rank

Graphs = Mapping[str, Iterable[ox.Triple]]
"""Triples by the IRI of their graph; of no graph where it is empty."""

LABELS: Final = tuple(map(str, (RDFS.label, SKOS.prefLabel)))


@dataclass(frozen=True)
class Difference:
    """The statements that one graph has and the other does not: those that go, and those that come."""

    gone: frozenset[Statement]
    come: frozenset[Statement]

    def __bool__(self) -> bool:
        return bool(self.gone or self.come)


def between(one: Graphs, other: Graphs) -> dict[str, Difference]:
    """Give what has to go from one and come into it, by graph, so that it is the other; equal graphs are left out."""
    found = {}
    for name in sorted({*one, *other}):
        old, new = ({*one.get(name, ())}, {*other.get(name, ())})
        if old != new:
            left, right = turtle.statements(old), turtle.statements(new)
            found[name] = Difference(frozenset(left - right), frozenset(right - left))
    return {name: difference for name, difference in found.items() if difference}


def patch(one: Graphs, other: Graphs) -> bytes:
    """Give the difference as RDF Patch; blank nodes are named by what is said of them, in both alike."""
    added: set[ox.Quad] = set()
    removed: set[ox.Quad] = set()
    for name in {*one, *other}:
        graph = ox.NamedNode(name) if name else ox.DefaultGraph()
        old, new = (turtle.named(side.get(name, ())) for side in (one, other))
        removed |= {ox.Quad(t.subject, t.predicate, t.object, graph) for t in old - new}
        added |= {ox.Quad(t.subject, t.predicate, t.object, graph) for t in new - old}
    return Effect(added, removed).as_patch()


def labels(*sides: Graphs) -> dict[str, str]:
    """Give the labels of things by IRI in angle brackets; of several, that of the last side."""
    return {str(triple.subject): triple.object.value for side in sides for triples in side.values()
            for triple in triples if triple.predicate.value in LABELS and isinstance(triple.object, ox.Literal)}


@dataclass(frozen=True)
class Line:
    """A line of a difference: ``-`` or ``+`` and a statement, or a blank sign and the thing that it is about."""

    sign: str
    text: str


def lines(difference: Difference, names: Mapping[str, str]) -> Iterator[Line]:
    """Give the difference of a graph by thing, each with its label, what goes before what comes."""
    by_thing: dict[str, list[tuple[str, Statement]]] = defaultdict(list)
    for sign, statements in (("-", difference.gone), ("+", difference.come)):
        for one in statements:
            by_thing[one.subject].append((sign, one))
    for thing in sorted(by_thing, key=order):
        speller = Speller(PREFIXES, on_lines=False)
        is_nameless = not by_thing[thing][0][1].predicate
        label = names.get(thing, "")
        yield Line(" ", "[]" if is_nameless else _spelt(thing, speller) + (f"  {label}" if label else ""))
        for sign, one in sorted(by_thing[thing], key=lambda pair: (rank(pair[1].predicate[1:-1]), pair[0] == "+",
                                                                   pair[1].object)):
            said = (_spelt(one.subject, speller) if is_nameless else
                    f"{speller.predicate(one.predicate[1:-1])} {_spelt(one.object, speller)}")
            yield Line(sign, said)


def graph_name(iri: str) -> str:
    """Give the path of the file that a graph is made of, without its ending, or the IRI of another graph."""
    return iri.removeprefix(f"{BASE}graph/")


def _spelt(text: str, speller: Speller) -> str:
    """Write a term, or what is nested in one, with prefixes."""
    only = Statement("<x:s>", "<x:p>", text)
    graph = Nested.of(only.triples(), only.names())
    (top,) = (triple.object for triple in graph.about[ox.NamedNode("x:s")])
    return graph.term(top, speller)
