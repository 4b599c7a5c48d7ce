"""Data against shapes: a report is a value until it is asked to be an error."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import pyoxigraph as ox
from rdflib import Graph
from rdflib.collection import Collection
from rdflib.namespace import SH, XSD
from rdflib.term import Literal, Node, URIRef

from carekg import errors
from carekg.terms import compact


@dataclass(frozen=True)
class Result:
    """One finding of a validation: where, by which shape, how grave, and in which words."""

    focus: str
    path: str
    value: str
    message: str
    shape: str
    violates: bool

    def sentence(self, where: str = "") -> str:
        """Give the result as a person reads it: place, thing, what is true of good data, value, shape."""
        spot = f"{where}: " if where else ""
        value = f" It has {self.value}." if self.value else ""
        return f"{spot}{compact(self.focus)}: {self.message}{value} [{compact(self.shape)}]"


@dataclass(frozen=True)
class Report:
    """All findings of a validation, and the SHACL report as a graph."""

    results: tuple[Result, ...]
    graph: Graph

    @property
    def violations(self) -> tuple[Result, ...]:
        """Give the findings that block."""
        return tuple(result for result in self.results if result.violates)

    def raise_for_violations(self, where: Callable[[str, str], str] = lambda _thing, _path: "") -> None:
        """Raise where there are violations; ``where`` gives the file and line of a thing and its property.

        :raises InvalidGraph: with one sentence for each violation.
        """
        if self.violations:
            sentences = [result.sentence(where(result.focus, result.path)) for result in self.violations]
            raise errors.InvalidGraph(sentences, self.graph.serialize(format="turtle"))


def report(data: Iterable[ox.Triple], shapes: Iterable[ox.Triple]) -> Report:
    """Validate asserted data, ontology included, against shapes, with inference off.

    Always whole: pyshacl 0.40's ``focus_nodes`` also drops value nodes inside nested shapes, so that ``sh:node``
    passes in silence.
    """
    from pyshacl import validate  # imported here: it takes a second, and serving never needs it

    logging.getLogger("rdflib.term").setLevel(logging.CRITICAL)  # it prints a traceback for an ill-typed value
    given, rules = as_graph(data), as_graph(shapes)
    _, graph, _ = validate(given, shacl_graph=rules, inference="none", inplace=True)
    return reported(graph, given, rules)


def reported(graph: Graph, data: Graph, shapes: Graph) -> Report:
    """Give the report that pyshacl has written as a graph."""
    results = {_result(graph, node, data, shapes) for node in graph.objects(None, SH.result)}
    return Report(tuple(sorted(results, key=lambda r: (r.focus, r.shape, r.value))), graph)


def as_graph(triples: Iterable[ox.Triple]) -> Graph:
    """Give the triples as an rdflib graph in memory, on which pyshacl is at its fastest."""
    graph = Graph()
    graph.parse(data=ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES), format="ox-nt")
    return graph


def _shortened(text: str) -> str:
    return text if len(text) <= 80 else text[:77] + "..."


def _shown(value: Node) -> str:
    """Give a value as a file would write it: an IRI by its prefix, a text with its language or datatype."""
    if isinstance(value, URIRef):
        return compact(str(value))
    text = f"`{_shortened(str(value))}`"
    if isinstance(value, Literal) and value.language:
        return f"{text}@{value.language}"
    if isinstance(value, Literal) and value.datatype and value.datatype != XSD.string:
        return f"{text}^^{compact(str(value.datatype))}"
    return text


def _rivals(report: Graph, result: Node, data: Graph, shapes: Graph) -> list[str]:
    """Give the properties of which a thing may have just one, where it has several."""
    if report.value(result, SH.sourceConstraintComponent) != SH.XoneConstraintComponent:
        return []
    shape, focus = report.value(result, SH.sourceShape), report.value(result, SH.focusNode)
    rivals = [shapes.value(one, SH.path) for listed in shapes.objects(shape, SH.xone)
              for one in Collection(shapes, listed)]
    return [compact(str(path)) for path in rivals if (focus, path, None) in data]


def _result(graph: Graph, node: Node, data: Graph, shapes: Graph) -> Result:
    def text(predicate: URIRef) -> str:
        found = graph.value(node, predicate)
        return "" if found is None else str(found)

    value = graph.value(node, SH.value)
    if value == graph.value(node, SH.focusNode):  # a shape of the thing as a whole
        value = None
    message = text(SH.resultMessage)
    shown = " and ".join(_rivals(graph, node, data, shapes)) or ("" if value is None else _shown(value))
    return Result(text(SH.focusNode), text(SH.resultPath), shown, message, text(SH.sourceShape),
                  text(SH.resultSeverity) == str(SH.Violation))
