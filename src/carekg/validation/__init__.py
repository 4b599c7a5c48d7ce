"""Data against shapes: a report is a value until it is asked to be an error."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import pyoxigraph as ox
from rdflib import Graph
from rdflib.namespace import XSD
from rdflib.term import BNode, Identifier, Literal, Node, URIRef

from carekg import errors
from carekg.terms import compact
from carekg.validation import faults
from carekg.validation.finding import Finding, findings
from carekg.validation.reading import Reading


@dataclass(frozen=True)
class Result:
    """One finding of a validation: where, by which shape, how grave, and in which words.

    ``fault`` says what was found, and what would be right where the message does not.
    """

    focus: str
    path: str
    value: str
    message: str
    shape: str
    violates: bool
    fault: str = field(default="", compare=False)

    def sentence(self, where: str = "") -> str:
        """Give the result as a person reads it: place, thing, what is true of good data, what was found, shape."""
        spot = f"{where}: " if where else ""
        said = " ".join(filter(None, (self.message, self.fault)))
        return f"{spot}{compact(self.focus)}: {said} [{compact(self.shape)}]"


@dataclass(frozen=True)
class Report:
    """All findings of a validation, and the SHACL report as a graph; the data and the shapes that it was reached on."""

    results: tuple[Result, ...]
    graph: Graph
    data: Graph = field(default_factory=Graph)
    shapes: Graph = field(default_factory=Graph)

    @property
    def violations(self) -> tuple[Result, ...]:
        """Give the findings that block."""
        return tuple(result for result in self.results if result.violates)

    @property
    def warnings(self) -> tuple[Result, ...]:
        """Give the findings that do not block."""
        return tuple(result for result in self.results if not result.violates)

    def findings(self) -> list[Finding]:
        """Give the findings with their terms as they are."""
        return findings(self.graph, self.shapes)

    def raise_for_violations(self, where: Callable[[str, str], str] = lambda _thing, _path: "") -> None:
        """Raise where there are violations; ``where`` gives the file and line of a thing and its property.

        :raises InvalidGraph: with one sentence for each violation.
        """
        if self.violations:
            sentences = [result.sentence(where(result.focus, result.path)) for result in self.violations]
            raise errors.InvalidGraph(sentences, self.graph.serialize(format="turtle"))


def report(data: Iterable[ox.Triple], shapes: Iterable[ox.Triple]) -> Report:
    """Validate asserted data, ontology included, against shapes, with inference off.

    pyshacl judges all of it: its ``focus_nodes`` (0.40) also drops value nodes inside nested shapes, so that
    ``sh:node`` passes in silence. A graph that is too large for that is judged as :mod:`carekg.validation.large` does.

    :raises UnusableShapes: the shapes are not well-formed, or ask for what pyshacl does not do.
    """
    from pyshacl import validate  # imported here: it takes a second, and serving never needs it

    from carekg.validation import large

    data = list(data)
    shapes = list(shapes)
    logging.getLogger("rdflib.term").setLevel(logging.CRITICAL)  # it prints a traceback for an ill-typed value
    try:
        if len(data) >= large.LARGE and (found := large.report(data, shapes)) is not None:
            return found
        given, rules = as_graph(data), as_graph(shapes)
        _, graph, _ = validate(given, shacl_graph=rules, inference="none", inplace=True)
    except Exception as error:  # pyshacl and rdflib raise whatever comes to them of shapes that are not right
        raise errors.UnusableShapes(str(error)) from error
    if not isinstance(graph, Graph):
        raise errors.UnusableShapes(str(graph))
    return reported(graph, given, rules)


def reported(graph: Graph, data: Graph, shapes: Graph) -> Report:
    """Give the report that pyshacl has written as a graph."""
    reading = Reading(data, shapes, shown)
    results = {_result(one, reading) for one in findings(graph, shapes)}
    return Report(tuple(sorted(results, key=lambda r: (r.focus, r.shape, r.value, r.fault))), graph, data, shapes)


def as_graph(triples: Iterable[ox.Triple]) -> Graph:
    """Give the triples as an rdflib graph in memory, on which pyshacl is at its fastest."""
    graph = Graph()
    graph.addN((node(t.subject), node(t.predicate), node(t.object), graph) for t in triples)
    return graph


def node(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> Identifier:
    """Give a term of rdflib. A plain text has no datatype there: with one, no query of a shape would find it."""
    if isinstance(term, ox.Literal):
        is_plain = term.language or term.datatype.value == str(XSD.string)
        return Literal(term.value, lang=term.language, datatype=None if is_plain else URIRef(term.datatype.value))
    return URIRef(term.value) if isinstance(term, ox.NamedNode) else BNode(str(term).removeprefix("_:"))


def _shortened(text: str) -> str:
    return text if len(text) <= 80 else text[:77] + "..."


def shown(value: Node | None) -> str:
    """Give a value as a file would write it: an IRI by its prefix, a text with its language or datatype."""
    if value is None:
        return ""
    if isinstance(value, URIRef):
        return compact(str(value))
    text = f"`{_shortened(str(value))}`"
    if isinstance(value, Literal) and value.language:
        return f"{text}@{value.language}"
    if isinstance(value, Literal) and value.datatype and value.datatype != XSD.string:
        return f"{text}^^{compact(str(value.datatype))}"
    return text


def _result(found: Finding, reading: Reading) -> Result:
    return Result(str(found.focus), str(found.way) if isinstance(found.way, URIRef) else "",
                  shown(found.value), found.message, str(found.shape or ""),
                  found.violates, str(faults.fault(reading, found)))
