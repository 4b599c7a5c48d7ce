"""Why a triple is in the graph: asserted, with the graphs that say so, or inferred, by a rule and its premises."""

from __future__ import annotations

import json
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox

from carekg.reason import TYPE, Pattern, Rule
from carekg.store import Question, Store
from carekg.terms import INFERRED

MOST_WAYS: Final = 20
"""Ways of matching a rule's body that are tried before the next rule."""

MOST_BLANK: Final = 10_000
"""Solutions that are looked through for those of a blank node."""

SECONDS: Final = 2.0
"""For which a derivation is followed."""

SOON: Final = 0.25
"""Seconds for which one with few steps is looked for."""

FEWEST: Final = 6
"""Steps that one with few has at most."""

MOST_STEPS: Final = 30
"""Steps that any has at most."""


@dataclass(frozen=True)
class Derivation:
    """A triple with the graphs that assert it, or the rule that gives it and the derivations of its premises.

    One with neither graphs nor rule is there, and how it follows was not followed further.
    """

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

    def leaves(self) -> Iterator[Derivation]:
        """Give what it rests on in the end."""
        if not self.premises:
            yield self
        for premise in self.premises:
            yield from premise.leaves()


def why(store: Store, compiled: Sequence[Rule], triple: ox.Triple, seconds: float = SECONDS,
        client: str = "") -> Derivation | None:
    """Give how a triple comes to be in a store, or None where it is not.

    :param compiled: the rules of the store's ontology, from :func:`carekg.reason.rules`.
    :param seconds: after which nothing is followed further.
    """
    return _Search(store, compiled, seconds, client).shortest(triple)


class _Search:
    """Looks for derivations until the time is over; each triple is looked up once, and so is each way of a rule."""

    def __init__(self, store: Store, compiled: Sequence[Rule], seconds: float, client: str) -> None:
        self._store, self._client = store, client
        self._began, self._ends = time.monotonic(), time.monotonic() + seconds
        self._rules: dict[tuple[str, str], list[Rule]] = defaultdict(list)
        for rule in compiled:
            self._rules[rule.head.key()].append(rule)
        self._found: dict[ox.Triple, list[str]] = {}
        self._ways: dict[tuple[Rule, ox.Triple], list[list[ox.Triple]]] = {}

    def shortest(self, triple: ox.Triple) -> Derivation | None:
        """Give a derivation with few steps where one is found soon, else the first that is found; None without one."""
        self._look_up([triple])
        if not self._found[triple]:
            return None
        for steps in range(FEWEST):
            if time.monotonic() - self._began > SOON:
                break
            if found := self.derive(triple, frozenset(), steps):
                return found
        return self.derive(triple, frozenset(), MOST_STEPS) or Derivation(triple)

    def derive(self, triple: ox.Triple, above: frozenset[ox.Triple], steps: int) -> Derivation | None:
        """Give a derivation of so many steps at most that does not lead through the triples above it."""
        self._look_up([triple])
        asserted = tuple(graph for graph in self._found[triple] if graph != str(INFERRED))
        if asserted:
            return Derivation(triple, asserted)
        if self._is_over():
            return Derivation(triple)
        for rule in self._giving(triple) if steps else ():
            for premises in self._sorted(self._matches(rule, triple)):
                if triple in premises or above & set(premises):
                    continue  # a triple is no reason for itself
                if found := self._all(premises, above | {triple}, steps - 1):
                    return Derivation(triple, (), rule, found)
        return None

    def _sorted(self, ways: Sequence[list[ox.Triple]]) -> list[list[ox.Triple]]:
        """Give the ways of a rule, those first of which most is asserted."""
        self._look_up(premise for way in ways for premise in way)
        return sorted(ways, key=lambda way: sum(not self._is_asserted(premise) for premise in way))

    def _is_asserted(self, triple: ox.Triple) -> bool:
        return any(graph != str(INFERRED) for graph in self._found[triple])

    def _all(self, premises: Sequence[ox.Triple], above: frozenset[ox.Triple], steps: int) -> tuple[Derivation, ...]:
        """Give the derivations of all premises, or nothing where one has none."""
        found: list[Derivation] = []
        for premise in premises:
            derived = self.derive(premise, above, steps) if steps or self._is_asserted(premise) else None
            if derived is None:
                return ()
            found.append(derived)
        return tuple(found)

    def _giving(self, triple: ox.Triple) -> list[Rule]:
        """Give the rules whose head may be a triple."""
        pattern = Pattern(*_places(triple))
        of_any = self._rules.get((TYPE, ""), []) if pattern.predicate == TYPE else []
        return [*self._rules.get(pattern.key(), []), *of_any]

    def _is_over(self) -> bool:
        return time.monotonic() > self._ends

    def _look_up(self, triples: Iterable[ox.Triple]) -> None:
        """Look up in which graphs some triples are, at once."""
        unknown = [one for one in dict.fromkeys(triples) if one not in self._found]
        self._found |= {one: self._blank(one) for one in unknown if _blanks(_places(one))}
        fresh = [one for one in unknown if one not in self._found]
        if not fresh:
            return
        parts = [f"{{ GRAPH ?g {{ {one} }} BIND({n} AS ?n) }}" for n, one in enumerate(fresh)]
        rows = self._solutions(f"SELECT DISTINCT ?n ?g WHERE {{ {' UNION '.join(parts)} }} ORDER BY ?n ?g")
        self._found |= {one: [] for one in fresh}
        for row in rows:
            self._found[fresh[int(row["n"].value)]].append(row["g"].value)

    def _blank(self, triple: ox.Triple) -> list[str]:
        """Give the graphs of a triple with a blank node, which a query takes for a variable."""
        pattern = Pattern(*_places(triple))
        blanks = _blanks(pattern)
        rows = self._solutions(f"SELECT * WHERE {{ GRAPH ?g {{ {_opened(pattern, blanks)} }} }} LIMIT {MOST_BLANK}")
        return sorted({row["g"].value for row in rows if _fits(row, blanks)})

    def _matches(self, rule: Rule, triple: ox.Triple) -> list[list[ox.Triple]]:
        """Give the premises of each way in which a rule gives a triple."""
        if (rule, triple) not in self._ways:
            bound = _unified(rule.head, triple)
            self._ways[rule, triple] = [] if bound is None else self._asked(rule, bound)
        return self._ways[rule, triple]

    def _asked(self, rule: Rule, bound: Mapping[str, str]) -> list[list[ox.Triple]]:
        body = [Pattern(*(bound.get(place, place) for place in pattern)) for pattern in rule.body]
        blanks = _blanks(bound.values())
        asked = " ".join(str(_opened(pattern, blanks)) for pattern in body)
        rows = self._solutions(f"SELECT * WHERE {{ {asked} }} LIMIT {MOST_BLANK if blanks else MOST_WAYS}")
        ways = [row for row in rows if _fits(row, blanks)][:MOST_WAYS]
        return [[_filled(pattern, row) for pattern in body] for row in ways]

    def _solutions(self, text: str) -> list[dict[str, ox.NamedNode | ox.BlankNode | ox.Literal]]:
        said = json.loads(self._store.answer(Question(text, client=self._client)).read())
        return [{name: _term(value) for name, value in row.items()} for row in said["results"]["bindings"]]


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


def _places(triple: ox.Triple) -> tuple[str, str, str]:
    return str(triple.subject), str(triple.predicate), str(triple.object)


def _blanks(places: Iterable[str]) -> dict[str, str]:
    """Give a variable for each blank node: SPARQL has no other way to ask for one (4.1.4 of the specification)."""
    return {one: f"?blank{n}" for n, one in enumerate(places) if one.startswith("_:")}


def _opened(pattern: Pattern, blanks: Mapping[str, str]) -> Pattern:
    """Give a pattern with variables in the place of blank nodes."""
    return Pattern(*(blanks.get(place, place) for place in pattern))


def _fits(row: Mapping[str, object], blanks: Mapping[str, str]) -> bool:
    """Say whether a solution is of those blank nodes."""
    return all(str(row.get(variable[1:], blank)) == blank for blank, variable in blanks.items())


def _filled(pattern: Pattern, row: dict[str, ox.NamedNode | ox.BlankNode | ox.Literal]) -> ox.Triple:
    text = " ".join(str(row[place[1:]]) if place.startswith("?") else place for place in pattern)
    (quad,) = ox.parse(f"{text} .", ox.RdfFormat.N_TRIPLES)
    triple: ox.Triple = quad.triple
    return triple


def _term(value: dict[str, str]) -> ox.NamedNode | ox.BlankNode | ox.Literal:
    if value["type"] == "uri":
        return ox.NamedNode(value["value"])
    if value["type"] == "bnode":
        return ox.BlankNode(value["value"])
    if "xml:lang" in value:
        return ox.Literal(value["value"], language=value["xml:lang"])
    return ox.Literal(value["value"], datatype=ox.NamedNode(value["datatype"])) if "datatype" in value \
        else ox.Literal(value["value"])
