"""Why a triple is in the graph: asserted, with the graphs that say so, or inferred, by a rule and its premises."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from carekg.reason import Pattern, Rule
from carekg.store import Question, Store
from carekg.terms import INFERRED

MOST_WAYS = 20
"""Ways of matching a rule's body that are tried before the next rule."""


@dataclass(frozen=True)
class Derivation:
    """A triple with the graphs that assert it, or the rule that gives it and the derivations of its premises."""

    triple: ox.Triple
    graphs: tuple[str, ...] = ()
    rule: Rule | None = None
    premises: tuple[Derivation, ...] = ()

    def lines(self, depth: int = 0) -> Iterator[str]:
        """Give the derivation as indented lines."""
        reason = f"by {self.rule.name}: {self.rule.axiom}" if self.rule else f"asserted in {', '.join(self.graphs)}"
        yield f"{'  ' * depth}{self.triple} [{reason}]"
        for premise in self.premises:
            yield from premise.lines(depth + 1)


def why(store: Store, compiled: Sequence[Rule], triple: ox.Triple) -> Derivation | None:
    """Give how a triple comes to be in a store, or None where it is not.

    :param compiled: the rules of the store's ontology, from :func:`carekg.reason.rules`.
    """
    return _derive(store, compiled, triple, frozenset())


def _derive(store: Store, compiled: Sequence[Rule], triple: ox.Triple,
            above: frozenset[ox.Triple]) -> Derivation | None:
    graphs = _graphs(store, triple)
    asserted = tuple(graph for graph in graphs if graph != str(INFERRED))
    if asserted:
        return Derivation(triple, asserted)
    if not graphs:
        return None
    for rule in compiled:
        for premises in _matches(store, rule, triple):
            if triple in premises or above & set(premises):
                continue  # a triple is no reason for itself
            derived = [_derive(store, compiled, premise, above | {triple}) for premise in premises]
            if all(derived):
                return Derivation(triple, (), rule, tuple(found for found in derived if found))
    return None


def _graphs(store: Store, triple: ox.Triple) -> list[str]:
    text = f"SELECT DISTINCT ?g WHERE {{ GRAPH ?g {{ {triple} }} }} ORDER BY ?g"
    return [row["g"].value for row in _solutions(store, text)]


def _matches(store: Store, rule: Rule, triple: ox.Triple) -> Iterator[list[ox.Triple]]:
    """Give the premises of each way in which a rule gives a triple."""
    bound = _unified(rule.head, triple)
    if bound is None:
        return
    body = [Pattern(*(bound.get(place, place) for place in pattern)) for pattern in rule.body]
    text = f"SELECT * WHERE {{ {' '.join(map(str, body))} }} LIMIT {MOST_WAYS}"
    for row in _solutions(store, text):
        yield [_filled(pattern, row) for pattern in body]


def _unified(head: Pattern, triple: ox.Triple) -> dict[str, str] | None:
    """Give what a rule's variables stand for where its head is a triple, or None where it cannot be."""
    bound: dict[str, str] = {}
    for place, term in zip(head, (triple.subject, triple.predicate, triple.object), strict=True):
        value = str(term)
        if place.startswith("?"):
            if bound.setdefault(place, value) != value:
                return None
        elif place != value:
            return None
    return bound


def _filled(pattern: Pattern, row: dict[str, ox.NamedNode | ox.BlankNode | ox.Literal]) -> ox.Triple:
    text = " ".join(str(row[place[1:]]) if place.startswith("?") else place for place in pattern)
    (quad,) = ox.parse(f"{text} .", ox.RdfFormat.N_TRIPLES)
    triple: ox.Triple = quad.triple
    return triple


def _solutions(store: Store, text: str) -> list[dict[str, ox.NamedNode | ox.BlankNode | ox.Literal]]:
    said = json.loads(store.answer(Question(text)).read())
    return [{name: _term(value) for name, value in row.items()} for row in said["results"]["bindings"]]


def _term(value: dict[str, str]) -> ox.NamedNode | ox.BlankNode | ox.Literal:
    if value["type"] == "uri":
        return ox.NamedNode(value["value"])
    if value["type"] == "bnode":
        return ox.BlankNode(value["value"])
    if "xml:lang" in value:
        return ox.Literal(value["value"], language=value["xml:lang"])
    return ox.Literal(value["value"], datatype=ox.NamedNode(value["datatype"])) if "datatype" in value \
        else ox.Literal(value["value"])
