"""A SHACL report as triples (https://www.w3.org/TR/shacl/#validation-report), each result with a path of its own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Final

import pyoxigraph as ox
from rdflib.namespace import SH

from carekg.validation import Report

REPORT: Final = ox.NamedNode(SH.ValidationReport)
PATH: Final = ox.NamedNode(SH.resultPath)

Subject = ox.NamedNode | ox.BlankNode


def triples(report: Report) -> list[ox.Triple]:
    """Give what a report says, so that each of its results can be read by itself."""
    text = report.graph.serialize(format="nt")
    about: dict[object, list[ox.Triple]] = defaultdict(list)
    for quad in ox.parse(text, ox.RdfFormat.N_TRIPLES):
        about[quad.subject].append(quad.triple)
    (head,) = (said[0].subject for said in about.values() if any(triple.object == REPORT for triple in said))
    return _kept(head, about)


def _kept(head: Subject | ox.Triple, about: Mapping[object, list[ox.Triple]]) -> list[ox.Triple]:
    """Give what is said of a report and of the blank nodes that it speaks of."""
    made: list[ox.Triple] = []
    waiting, seen = [head], {head}
    while waiting:
        for triple in about.get(waiting.pop(), ()):
            value = triple.object
            if isinstance(value, ox.BlankNode) and triple.predicate == PATH:
                value = _copy(value, about, made)
            elif isinstance(value, ox.BlankNode) and value not in seen:
                seen.add(value)
                waiting.append(value)
            made.append(ox.Triple(triple.subject, triple.predicate, value))
    return made


def _copy(node: ox.BlankNode, about: Mapping[object, list[ox.Triple]], made: list[ox.Triple]) -> ox.BlankNode:
    """Copy what is said of a blank node, and of those in it, and give its new name."""
    name = ox.BlankNode()
    for triple in about.get(node, ()):
        value = triple.object
        made.append(ox.Triple(name, triple.predicate,
                              _copy(value, about, made) if isinstance(value, ox.BlankNode) else value))
    return name
