"""Which properties bear on the things and values that a query gives: those by which it only names them do not.

What is optional and binds no more than labels takes no row away and adds none, so that a change of a label need not
have a facet read again.
"""

from __future__ import annotations

from typing import Final

from rdflib.paths import NegatedPath
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.term import URIRef, Variable

AROUND: Final = ("SelectQuery", "Project", "Distinct", "Reduced", "OrderBy", "ToMultiSet")
"""Parts of a query of which only the part within takes or gives rows."""


class AnyProperty(Exception):
    """A query speaks of properties that it does not name."""


def properties(text: str, *wanted: str) -> frozenset[str]:
    """Give the IRIs that bear on some variables of a query.

    :raises AnyProperty: any property may, for one is not named, or rows are cut in an order.
    """
    algebra = prepareQuery(text).algebra
    spare = _variables(algebra) - set(map(Variable, wanted))
    while True:
        reading = _Reading(spare)
        reading.read(algebra)
        if not spare & reading.variables:
            return frozenset(reading.iris)
        spare -= reading.variables


class _Reading:
    """Reads what counts in a query where some variables are spared."""

    def __init__(self, spare: set[Variable]) -> None:
        self._spare = set(spare)
        self.variables: set[Variable] = set()
        self.iris: set[str] = set()

    def read(self, node: object) -> None:
        """Take in a part of a query."""
        if isinstance(node, URIRef):
            self.iris.add(str(node))
        elif isinstance(node, Variable):
            self.variables.add(node)
        elif isinstance(node, CompValue):
            self._read_part(node)
        elif _names_none(node):
            raise AnyProperty
        elif isinstance(node, list | tuple | set | frozenset):
            for one in node:
                self.read(one)
        elif hasattr(node, "__dict__"):  # a property path
            self.read(list(vars(node).values()))

    def _read_part(self, node: CompValue) -> None:
        if node.name == "Slice":
            raise AnyProperty
        if node.name in AROUND:
            self.read(node.p)
        elif node.name == "LeftJoin" and _adds(node) and _adds(node) <= self._spare:
            self.read(node.p1)
        elif node.name == "Extend" and node.var in self._spare:
            self.read(node.p)
        else:
            self.read([value for name, value in node.items() if name != "_vars"])


def _names_none(node: object) -> bool:
    """Say whether a part of a query speaks of a property without naming it."""
    return isinstance(node, NegatedPath) or (
        isinstance(node, tuple) and len(node) == 3 and isinstance(node[1], Variable))


def _adds(node: CompValue) -> set[Variable]:
    """Give the variables that an optional part adds to what stands before it."""
    return _variables(node.p2) - _variables(node.p1)


def _variables(node: object) -> set[Variable]:
    """Give every variable in a part of a query."""
    if isinstance(node, Variable):
        return {node}
    if isinstance(node, CompValue):
        return set().union(*(_variables(value) for name, value in node.items() if name != "_vars"))
    if isinstance(node, list | tuple | set | frozenset):
        return set().union(*map(_variables, node))
    return set()
