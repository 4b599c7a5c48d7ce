"""What a change does to the quads of a store, as a value that can be written down, read back and applied twice.

It is written as RDF Patch (https://afs.github.io/rdf-patch/): ``D`` and ``A`` rows of N-Quads in one transaction. That
a named graph is there without a triple, or no longer there, stands in the header rows ``created`` and ``dropped``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

import pyoxigraph as ox

Graph = ox.NamedNode | ox.BlankNode | ox.DefaultGraph


MANY: Final = 20_000
"""Quads that go into a store by way of its loader."""


@dataclass
class Effect:
    """Quads added and removed, and for named graphs whether they are there in the end."""

    added: set[ox.Quad] = field(default_factory=set)
    removed: set[ox.Quad] = field(default_factory=set)
    graphs: dict[ox.NamedNode | ox.BlankNode, bool] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.graphs)

    def add(self, quad: ox.Quad, store: ox.Store) -> None:
        """Add a quad to a store, and remember it where it was not there."""
        if quad in store:
            return
        graph = quad.graph_name
        if isinstance(graph, ox.NamedNode | ox.BlankNode) and not store.contains_named_graph(graph):
            self.graphs[graph] = True  # it stays, though the quad may go again
        store.add(quad)
        if quad in self.removed:
            self.removed.remove(quad)
        else:
            self.added.add(quad)

    def add_all(self, quads: Iterable[ox.Quad], store: ox.Store) -> None:
        """Add quads to a store, all that were not there at once, and remember those."""
        fresh = {quad for quad in quads if quad not in store}
        for graph in {quad.graph_name for quad in fresh}:
            if isinstance(graph, ox.NamedNode | ox.BlankNode) and not store.contains_named_graph(graph):
                self.graphs[graph] = True
        store.extend(fresh)
        self.added |= fresh - self.removed
        self.removed -= fresh

    def remove(self, quad: ox.Quad, store: ox.Store) -> None:
        """Remove a quad from a store, and remember it where it was there."""
        if quad not in store:
            return
        store.remove(quad)
        if quad in self.added:
            self.added.remove(quad)
        else:
            self.removed.add(quad)

    def create(self, graph: ox.NamedNode | ox.BlankNode, store: ox.Store) -> None:
        """Have a named graph, though it be empty."""
        store.add_graph(graph)
        self.graphs[graph] = True

    def drop(self, graph: ox.NamedNode | ox.BlankNode, store: ox.Store) -> None:
        """Have a named graph no longer."""
        for quad in list(store.quads_for_pattern(None, None, None, graph)):
            self.remove(quad, store)
        store.remove_graph(graph)
        self.graphs[graph] = False

    def apply(self, store: ox.Store) -> None:
        """Do to a store what the change does; twice is as good as once, and once more after half of it."""
        for quad in self.removed:
            store.remove(quad)
        for graph, there in self.graphs.items():
            if there:
                store.add_graph(graph)
            else:
                store.remove_graph(graph)
        if len(self.added) < MANY:
            store.extend(self.added)
        else:  # five times as fast on disk, and in several steps
            store.bulk_extend(self.added)

    def can_be_taken_back(self) -> bool:
        """Say whether `take_back` leaves nothing behind.

        It may where a graph comes or goes, and where the same is added and removed to the engine, as 8000.0 and 8000.
        """
        kept = ox.Store()
        kept.extend(self.added)
        return not self.graphs and not any(quad in kept for quad in self.removed)

    def take_back(self, store: ox.Store) -> None:
        """Undo in a store what the change has just done."""
        for quad in self.added:
            store.remove(quad)
        store.extend(self.removed)

    def as_patch(self) -> bytes:
        """Give the effect as RDF Patch, rows in order."""
        heads = sorted(f"H {'created' if there else 'dropped'} {graph} .\n" for graph, there in self.graphs.items())
        rows = [*heads, "TX .\n", *_rows("D", self.removed), *_rows("A", self.added), "TC .\n"]
        return "".join(rows).encode()

    @classmethod
    def from_patch(cls, patch: bytes) -> Effect:
        """Read what `as_patch` has written."""
        lines: dict[bytes, list[bytes]] = {b"A": [], b"D": [], b"H": []}
        for line in patch.splitlines(keepends=True):
            letter, _, rest = line.partition(b" ")
            if letter in lines and not rest.startswith(b"number "):
                lines[letter].append(rest)
        graphs = {}
        for line in lines[b"H"]:
            word, name = line.decode().removesuffix(" .\n").split(" ", 1)
            graphs[_node(name)] = word == "created"
        return cls(_quads(lines[b"A"]), _quads(lines[b"D"]), graphs)


def _rows(letter: str, quads: Iterable[ox.Quad]) -> list[str]:
    lines = (ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b"").decode().split("\n")  # at no other line ends
    return sorted(f"{letter} {line}\n" for line in lines if line)


def _quads(lines: list[bytes]) -> set[ox.Quad]:
    return set(ox.parse(b"".join(lines), ox.RdfFormat.N_QUADS))


def _node(text: str) -> ox.NamedNode | ox.BlankNode:
    return ox.BlankNode(text[2:]) if text.startswith("_:") else ox.NamedNode(text[1:-1])
