"""The triples of some of a store's graphs, looked up by any of their places."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import pyoxigraph as ox

Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple


def quad(triple: ox.Triple, graph: ox.NamedNode | ox.DefaultGraph) -> ox.Quad:
    """Give a triple as it stands in a graph."""
    return ox.Quad(triple.subject, triple.predicate, triple.object, graph)


class View:
    """The triples in the named graphs whose IRIs begin with one of ``graphs``; a triple in two of them comes twice."""

    def __init__(self, store: ox.Store, graphs: Iterable[str]) -> None:
        self.store = store
        self._graphs = tuple(graphs)

    def holds(self, graph: Any) -> bool:
        """Say whether a graph is one of the view's."""
        return isinstance(graph, ox.NamedNode) and graph.value.startswith(self._graphs)

    def triples(self, subject: Any = None, predicate: Any = None, value: Any = None) -> Iterator[ox.Triple]:
        """Give the triples with these terms, None for any."""
        if isinstance(subject, ox.Literal):  # no triple begins with one
            return iter(())
        found = self.store.quads_for_pattern(subject, predicate, value, None)
        return (quad.triple for quad in found if self.holds(quad.graph_name))

    def __contains__(self, triple: ox.Triple) -> bool:
        return next(self.triples(*triple), None) is not None
