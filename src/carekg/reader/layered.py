"""A store on disk as a change would leave it: what is added is kept in memory, what is removed is passed over.

Nothing is written, so that a large store is neither copied nor opened for writing to find out what a change comes to.
What a change brings anew is not looked for on disk again and again: whether the store knows a term is asked once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import pyoxigraph as ox

from carekg.reader.effect import Graph


class Layered:
    """The quads of a store ``below``, with those that are added and without those that are removed."""

    def __init__(self, below: ox.Store) -> None:
        self._below, self._added = below, ox.Store()
        self._removed: set[ox.Quad] = set()
        self._graphs: dict[ox.NamedNode | ox.BlankNode, bool] = {}
        self._known: dict[tuple[bool, Any], bool] = {}

    def quads_for_pattern(self, subject: Any, predicate: Any, value: Any, graph: Any = None) -> Iterator[ox.Quad]:
        """Give the quads with these terms, None for any."""
        yield from self._added.quads_for_pattern(subject, predicate, value, graph)
        if self._may_have(subject, value):
            for quad in self._below.quads_for_pattern(subject, predicate, value, graph):
                if quad not in self._removed:
                    yield quad

    def __contains__(self, quad: ox.Quad) -> bool:
        return quad in self._added or (quad not in self._removed and self._has(quad))

    def add(self, quad: ox.Quad) -> None:
        """Add a quad."""
        self.extend([quad])

    def extend(self, quads: Iterable[ox.Quad]) -> None:
        """Add quads."""
        quads = list(quads)
        self._removed.difference_update(quads)
        self._added.extend([quad for quad in quads if not self._has(quad)])
        for graph in {quad.graph_name for quad in quads}:
            if isinstance(graph, ox.NamedNode | ox.BlankNode):
                self._graphs[graph] = True  # it stays, though the quads may go again

    def bulk_extend(self, quads: Iterable[ox.Quad]) -> None:
        """Add quads."""
        self.extend(quads)

    def remove(self, quad: ox.Quad) -> None:
        """Remove a quad."""
        self._added.remove(quad)
        if self._has(quad):
            self._removed.add(quad)

    def contains_named_graph(self, graph: ox.NamedNode | ox.BlankNode) -> bool:
        """Say whether a graph is there, though it be empty."""
        return self._graphs[graph] if graph in self._graphs else self._below.contains_named_graph(graph)

    def add_graph(self, graph: ox.NamedNode | ox.BlankNode) -> None:
        """Have a graph, though it be empty."""
        self._graphs[graph] = True

    def remove_graph(self, graph: ox.NamedNode | ox.BlankNode) -> None:
        """Have a graph no longer."""
        for quad in list(self.quads_for_pattern(None, None, None, graph)):
            self.remove(quad)
        self._graphs[graph] = False

    def named_graphs(self) -> list[Graph]:
        """Give the graphs that are there."""
        every = {*self._below.named_graphs(), *self._added.named_graphs(), *self._graphs}
        return [graph for graph in every if self.contains_named_graph(graph)]

    def _has(self, quad: ox.Quad) -> bool:
        """Say whether the store below has a quad."""
        return self._may_have(quad.subject, quad.object) and quad in self._below

    def _may_have(self, subject: Any, value: Any) -> bool:
        """Say whether the store below knows these terms, where they are given, in their places."""
        return (subject is None or self._knows(True, subject)) and (
            value is None or isinstance(value, ox.Literal) or self._knows(False, value))

    def _knows(self, is_subject: bool, term: Any) -> bool:
        place = (is_subject, term)
        if place not in self._known:
            subject, value = (term, None) if is_subject else (None, term)
            found = self._below.quads_for_pattern(subject, None, value, None)
            self._known[place] = next(found, None) is not None
        return self._known[place]
