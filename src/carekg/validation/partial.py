"""Validation of some nodes by some shapes, on just the triples that this reads.

The verdict is pyshacl's own. Its public ``validate`` parses the shapes anew each time, and its ``focus_nodes`` (0.40)
drops value nodes inside nested shapes too, so that ``sh:node`` passes in silence; hence each shape is called with its
nodes here, which is what ``validate`` does for the nodes that it finds. Where there are very many, a faster judge goes
through them first.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import pyoxigraph as ox
from pyshacl.pytypes import SHACLExecutor
from pyshacl.shapes_graph import ShapesGraph
from pyshacl.validator import Validator
from rdflib.term import BNode, Identifier, URIRef

from carekg.validation import Report, as_graph, node, reported
from carekg.validation.first import FirstJudge


class Judge:
    """Shapes that are parsed once; ``hierarchy`` are the triples that say which class is below which."""

    def __init__(self, shapes: Iterable[ox.Triple], hierarchy: Iterable[ox.Triple]) -> None:
        shapes = list(shapes)
        self.rules = as_graph(shapes)
        self.hierarchy = list(hierarchy)
        self._shapes = ShapesGraph(self.rules)
        self._by_name = {one.node: one for one in self._shapes.shapes}
        self._first = FirstJudge(shapes)

    def report(self, read: Iterable[ox.Triple], focus: Mapping[str, Sequence[str]]) -> Report:
        """Validate each shape's nodes on the triples that were read.

        :param focus: nodes by shape, all as N-Triples writes them.
        """
        data = [*self.hierarchy, *read]
        suspects = self._first.suspects(data, focus)
        if suspects is None:
            return self._report(data, focus)
        if self._first.is_turn():
            found = self._report(data, focus)
            self._first.compare(suspects, {f"<{one.focus}>" for one in found.results} & _nodes(focus))
            return found
        narrowed = {name: [one for one in nodes if one in suspects] for name, nodes in focus.items()}
        return self._report(data if suspects else (), {name: nodes for name, nodes in narrowed.items() if nodes})

    def _report(self, data: Iterable[ox.Triple], focus: Mapping[str, Sequence[str]]) -> Report:
        given = as_graph(data)
        executor = SHACLExecutor(validator=None, max_validation_depth=15)
        found = []
        for name, nodes in focus.items():
            shape = self._by_name[_node(name)]
            _, results = shape.validate(executor, given, [_node(one) for one in nodes])
            found += results
        graph, _ = Validator.create_validation_report(self._shapes, not found, found)
        return reported(graph, given, self.rules)


def _nodes(focus: Mapping[str, Sequence[str]]) -> set[str]:
    """Give the nodes of all shapes."""
    return {node for named in focus.values() for node in named}


def _node(text: str) -> Identifier:
    """Give a term of rdflib for one as N-Triples writes it."""
    if text.startswith("<"):
        return URIRef(text[1:-1])
    if text.startswith("_:"):
        return BNode(text[2:])
    (quad,) = ox.parse(f"<x:s> <x:p> {text} .", ox.RdfFormat.N_TRIPLES)
    value = quad.object
    return node(value)
