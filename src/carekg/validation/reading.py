"""What was found by a validation, read out of its data and its shapes, with everything by its name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from rdflib import Graph
from rdflib.namespace import RDF, XSD
from rdflib.term import Literal, Node, URIRef

from carekg.validation import kinds, paths
from carekg.validation.finding import Finding
from carekg.validation.kinds import Wanted
from carekg.validation.paths import Naming, listed

SHOWN: Final = 6
"""Values that a sentence names."""


@dataclass(frozen=True)
class Fault:
    """What was found, what would be right, each a sentence or nothing; and from where the value is to be chosen."""

    found: str = ""
    right: str = ""
    wanted: Wanted = field(default_factory=Wanted)

    def __str__(self) -> str:
        return " ".join(filter(None, (self.found, self.right)))


@dataclass(frozen=True)
class Reading:
    """Reads faults out of the data and the shapes that a validation was of; ``name`` says what things are called.

    ``kind`` says what a thing is where that is known better than from the data, of which a part may be enough for a
    verdict.
    """

    data: Graph
    shapes: Graph
    name: Naming
    kind: Callable[[Node], str] | None = None

    def is_(self, value: Node | None, called: str = "") -> str:
        """Say what a value is: a text, one in a language, a thing of a class."""
        if value is None:
            return ""
        if isinstance(value, Literal):
            if value.language:
                return f"{self.name(Literal(str(value)))} is a text in {kinds.language(value.language)}."
            kind = kinds.DATATYPES.get(value.datatype or XSD.string, "a value").partition(" such as")[0]
            return f"{self.name(value)} is {'not written as ' + kind + ' is' if value.ill_typed else kind}."
        kind = self.kind(value) if self.kind else self._said_class(value)
        return f"{called or self.name(value)} is {kind}." if kind else "" if called else f"It has {self.name(value)}."

    def _said_class(self, value: Node) -> str:
        classes = sorted(self.data.objects(value, RDF.type), key=str)
        return listed([kinds.article(self.name(one)) for one in classes[:3]]) if classes else ""

    def values(self, finding: Finding) -> list[Node]:
        """Give the values that the path of a finding leads to."""
        return self.reached(finding, finding.way)

    def reached(self, finding: Finding, way: Any) -> list[Node]:
        """Give what another path leads to from the thing."""
        return [] if finding.focus is None else paths.values(self.data, finding.focus, way)

    def listed(self, values: list[Node]) -> str:
        """Name some values as a sentence does, and how many more there are."""
        left = len(values) - SHOWN
        return listed([*map(self.name, values[:SHOWN]), *([f"{left} more"] if left > 0 else [])])

    def parameter(self, finding: Finding, parameter: URIRef) -> Any:
        """Give what the shape has for a parameter."""
        return self.shapes.value(finding.shape, parameter) if finding.shape is not None else None

    def parameters(self, finding: Finding, parameter: URIRef) -> list[Node]:
        """Give all that the shape has for a parameter."""
        return list(self.shapes.objects(finding.shape, parameter)) if finding.shape is not None else []

    def number(self, finding: Finding, parameter: URIRef) -> int:
        """Give the number that the shape has for a parameter."""
        try:
            return int(str(self.parameter(finding, parameter)))
        except ValueError:
            return 1

    def wanted(self, finding: Finding) -> Wanted:
        """Give from where a value is chosen."""
        return kinds.wanted(self.shapes, finding.shape)
