"""One result of a validation with its terms as they are, for whoever reads more out of it than a sentence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from rdflib import Graph
from rdflib.namespace import SH
from rdflib.term import Node

from carekg.validation import paths


@dataclass(frozen=True)
class Finding:
    """What was found wrong: with which node, by which shape and kind of constraint, over which path, with which value.

    ``way`` is the path as rdflib walks it, None for a shape of the thing as a whole, as is then the ``value``.
    """

    focus: Node | None
    shape: Node | None
    component: str
    message: str
    violates: bool
    way: Any = None
    value: Node | None = None


OF_KIND: Final = ("Datatype", "Or", "Class", "NodeKind", "Node")
OF_FORM: Final = ("In", "Pattern", "MinLength", "MaxLength", "MinInclusive", "MinExclusive", "MaxInclusive",
                  "MaxExclusive")


def findings(report: Graph, shapes: Graph) -> list[Finding]:
    """Give the results of a SHACL report without what another tells better.

    That is what is only a detail of another, and of a value that is not even of the right kind how it is written.
    """
    found = [_finding(report, shapes, node) for node in report.objects(None, SH.result)]
    unkind = {(one.focus, one.shape, one.value) for one in found if one.component in OF_KIND}
    return [one for one in found if one.component not in OF_FORM or (one.focus, one.shape, one.value) not in unkind]


def _finding(report: Graph, shapes: Graph, node: Node) -> Finding:
    focus, value = report.value(node, SH.focusNode), report.value(node, SH.value)
    shape, path = report.value(node, SH.sourceShape), report.value(node, SH.resultPath)
    way = paths.path(shapes, shapes.value(shape, SH.path)) if shape is not None else None
    if way is None and path is not None:  # a query may name a path of its own
        way = paths.path(report, path)
    component = str(report.value(node, SH.sourceConstraintComponent) or "")
    messages = sorted(map(str, report.objects(node, SH.resultMessage)))
    return Finding(focus, shape, component.rpartition("#")[2].removesuffix("ConstraintComponent"), " ".join(messages),
                   report.value(node, SH.resultSeverity) == SH.Violation, way,
                   None if value == focus and way is None else value)
