"""Validation of a whole graph that is too large for pyshacl alone, which takes a millisecond a triple.

A first judge goes through everything; pyshacl judges the things that this finds wrong, by every shape that targets
them, and so has the last word on what is told. What the first judge passes is not looked at again: see
:mod:`carekg.validation.first` for why it is trusted.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import pyoxigraph as ox
from pyshacl.pytypes import SHACLExecutor
from pyshacl.shapes_graph import ShapesGraph
from pyshacl.validator import Validator
from rdflib import Graph

from carekg.validation import Report, as_graph, node, reported
from carekg.validation.first import FirstJudge

LARGE: Final = 250_000
"""Triples from which on a graph is judged so."""


def report(data: Sequence[ox.Triple], shapes: Iterable[ox.Triple]) -> Report | None:
    """Validate a whole graph; None where the first judge cannot tell, or finds fault with what has no IRI."""
    shapes = list(shapes)
    suspects = FirstJudge(shapes).suspects_in(data)
    if suspects is None or not all(one.startswith("<") for one in suspects):
        return None
    rules = as_graph(shapes)
    given = as_graph(data) if suspects else Graph()
    return reported(_judged(given, rules, suspects), given, rules)


def _judged(given: Graph, rules: Graph, suspects: set[str]) -> Graph:
    """Give what pyshacl says of these things, as a report."""
    wanted = {node(one) for one in _nodes(suspects)}
    executor = SHACLExecutor(validator=None, max_validation_depth=15)
    named, found = ShapesGraph(rules), []
    for shape in named.shapes:
        if focus := sorted(wanted.intersection(shape.focus_nodes(given))) if wanted else []:
            found += shape.validate(executor, given, focus)[1]
    graph, _ = Validator.create_validation_report(named, not found, found)
    assert isinstance(graph, Graph)
    return graph


def _nodes(written: Iterable[str]) -> list[ox.NamedNode]:
    return [ox.NamedNode(one[1:-1]) for one in written]
