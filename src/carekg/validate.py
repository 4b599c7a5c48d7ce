"""Data against shapes: a report is a value until it is asked to be an error."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import pyoxigraph as ox
from rdflib import Graph
from rdflib.namespace import RDF, SH
from rdflib.term import Identifier, URIRef

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
            raise errors.InvalidGraph([result.sentence(where(result.focus, result.path)) for result in self.violations])


def report(data: Iterable[ox.Triple], shapes: Iterable[ox.Triple]) -> Report:
    """Validate asserted data, ontology included, against shapes, with inference off.

    Always whole: pyshacl 0.40's ``focus_nodes`` also drops value nodes inside nested shapes, so that ``sh:node``
    passes in silence.
    """
    from pyshacl import validate  # imported here: it takes a second, and serving never needs it

    _, graph, _ = validate(as_graph(data), shacl_graph=as_graph(shapes), inference="none", inplace=True)
    results = [_result(graph, node) for node in graph.subjects(RDF.type, SH.ValidationResult)]
    return Report(tuple(sorted(results, key=lambda r: (r.focus, r.shape, r.value))), graph)


def as_graph(triples: Iterable[ox.Triple]) -> Graph:
    """Give the triples as an rdflib graph in memory, on which pyshacl is at its fastest."""
    graph = Graph()
    graph.parse(data=ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES), format="ox-nt")
    return graph


def _shortened(text: str) -> str:
    return text if len(text) <= 80 else text[:77] + "..."


def _result(graph: Graph, node: Identifier) -> Result:
    def text(predicate: URIRef) -> str:
        found = graph.value(node, predicate)
        return "" if found is None else str(found)

    value = graph.value(node, SH.value)
    message = text(SH.resultMessage)
    shown = "" if value is None else compact(str(value)) if isinstance(value, URIRef) else f"`{_shortened(str(value))}`"
    return Result(text(SH.focusNode), text(SH.resultPath), shown, message, text(SH.sourceShape),
                  text(SH.resultSeverity) == str(SH.Violation))
