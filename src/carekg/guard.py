"""What stands over a graph that stewards write to: its shapes, its rules, and which of its graphs may be written."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pyoxigraph as ox

from carekg import reason
from carekg.terms import BASE, INFERRED, PREFIXES
from carekg.validation import Report, partial, reads, report

DATA: Final = f"{BASE}graph/data/"
ONTOLOGY: Final = f"{BASE}graph/ontology/"
SHAPES: Final = f"{BASE}graph/shapes/"
BELOW: Final = ox.NamedNode(PREFIXES["rdfs"] + "subClassOf")


@dataclass(frozen=True)
class Guard:
    """The shapes and the ontology of a graph, and the plan by which a reader process works out what a change does."""

    shapes: tuple[ox.Triple, ...]
    ontology: tuple[ox.Triple, ...]
    plan: dict[str, Any]
    judge: partial.Judge

    @classmethod
    def of(cls, shapes: Iterable[ox.Triple], ontology: Iterable[ox.Triple]) -> Guard:
        """Make the guard of a graph with these shapes and this ontology."""
        shapes, ontology = tuple(shapes), tuple(ontology)
        plan = reads.plan(shapes, ontology)
        plan["rules"] = [{"body": [list(one) for one in rule.body], "head": list(rule.head)}
                         for rule in reason.rules(ontology)]
        plan["asserted"], plan["inferred"] = [DATA, ONTOLOGY], str(INFERRED)
        hierarchy = [triple for triple in ontology if triple.predicate == BELOW]
        return cls(shapes, ontology, plan, partial.Judge(shapes, hierarchy))

    def verdict(self, read: Iterable[ox.Triple], focus: dict[str, Sequence[str]]) -> Report:
        """Validate the nodes of a change on what they read; or, where the plan tells no parts, the whole graph."""
        return report(read, self.shapes) if self.plan["whole"] else self.judge.report(read, focus)
