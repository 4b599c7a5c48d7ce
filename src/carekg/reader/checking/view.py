"""The triples of some of a store's graphs, looked up by any of their places."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import chain
from typing import Any

import pyoxigraph as ox

Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple


def quad(triple: ox.Triple, graph: ox.NamedNode | ox.DefaultGraph) -> ox.Quad:
    """Give a triple as it stands in a graph."""
    return ox.Quad(triple.subject, triple.predicate, triple.object, graph)


class View:
    """The triples in the named graphs whose IRIs begin with one of ``graphs``; a triple in two of them comes twice.

    Of things that a change is the first to speak of it knows all triples, and asks the store for none of them.
    """

    def __init__(self, store: ox.Store, graphs: Iterable[str]) -> None:
        self.store = store
        self._graphs = tuple(graphs)
        self._out: dict[Term, dict[str, list[ox.Triple]]] = {}
        self._into: dict[Term, dict[str, list[ox.Triple]]] = {}

    def holds(self, graph: Any) -> bool:
        """Say whether a graph is one of the view's."""
        return isinstance(graph, ox.NamedNode) and graph.value.startswith(self._graphs)

    def know(self, coming: Collection[ox.Triple]) -> None:
        """Keep the triples of things that the view has none of yet; ``coming`` are about to be in one of its graphs."""
        terms = {term for triple in coming for term in (triple.subject, triple.object)
                 if not isinstance(term, ox.Literal)}
        fresh = {term for term in terms if next(self.triples(term), None) is None
                 and next(self.triples(None, None, term), None) is None}
        self._out = {term: defaultdict(list) for term in fresh}
        self._into = {term: defaultdict(list) for term in fresh}
        for triple in coming:
            for kept, term in ((self._out, triple.subject), (self._into, triple.object)):
                if term in kept:
                    kept[term][triple.predicate.value].append(triple)

    def triples(self, subject: Any = None, predicate: Any = None, value: Any = None) -> Iterator[ox.Triple]:
        """Give the triples with these terms, None for any."""
        if subject in self._out:
            return (one for one in _kept(self._out[subject], predicate) if value is None or one.object == value)
        if value in self._into:
            return (one for one in _kept(self._into[value], predicate) if subject is None or one.subject == subject)
        if isinstance(subject, ox.Literal):  # no triple begins with one
            return iter(())
        found = self.store.quads_for_pattern(subject, predicate, value, None)
        return (quad.triple for quad in found if self.holds(quad.graph_name))

    def said(self, node: Term) -> Mapping[str, list[ox.Triple]] | None:
        """Give all triples that begin with a node, by predicate, where the view keeps them."""
        return self._out.get(node)

    def __contains__(self, triple: ox.Triple) -> bool:
        return next(self.triples(*triple), None) is not None


def _kept(triples: dict[str, list[ox.Triple]], predicate: Any) -> Iterable[ox.Triple]:
    return chain.from_iterable(triples.values()) if predicate is None else triples.get(predicate.value, ())
