"""The statements of a graph, each with the blank nodes inside it: what is used once stands where it is used.

A blank node that cannot stand in brackets, for it is used twice or in a circle, has a name that follows from what the
graph says of it and of those around it, by RDFC-1.0 (https://www.w3.org/TR/rdf-canon/). So the name changes when that
does, and not when something else in the graph does.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field
from typing import Final, NamedTuple

import pyoxigraph as ox

from carekg.terms import PREFIXES
from carekg.turtle.spelling import Speller, Term

RDF: Final = PREFIXES["rdf"]
FIRST, REST, NIL = (ox.NamedNode(RDF + name) for name in ("first", "rest", "nil"))
DEEPEST: Final = 40
"""Brackets within each other; what lies deeper has a name."""

_NAME = re.compile(r"_:[A-Za-z0-9]+")
MARK: Final = "urn:carekg:marked"


Names = Mapping[ox.BlankNode, ox.BlankNode] | Mapping[ox.BlankNode, ox.NamedNode]


class Statement(NamedTuple):
    """A statement with all that is nested in it, each term as N-Triples writes it; equal ones are told apart by number.

    A blank node that nothing speaks of is one statement, with all that is said of it as the subject.
    """

    subject: str
    predicate: str
    object: str
    number: int = 0

    @property
    def text(self) -> str:
        """Give it as Turtle."""
        return " ".join(part for part in (self.subject, self.predicate, self.object, ".") if part)

    def triples(self) -> list[ox.Triple]:
        """Give the triples that it states."""
        return [quad.triple for quad in ox.parse(self.text, ox.RdfFormat.TURTLE)]

    def names(self) -> frozenset[ox.BlankNode]:
        """Give the blank nodes that it names."""
        words = (word for part in (self.subject, self.object) for word in part.split() if word.startswith("_:"))
        return frozenset(ox.BlankNode(word[2:]) for word in words if _NAME.fullmatch(word))


@dataclass
class Nested:
    """A graph by subject; which of its blank nodes stand in brackets, and the names of the others."""

    about: dict[Term, list[ox.Triple]]
    inside: frozenset[ox.BlankNode] = frozenset()
    alone: frozenset[ox.BlankNode] = frozenset()
    names: Mapping[ox.BlankNode, ox.BlankNode] = field(default_factory=dict)

    @classmethod
    def of(cls, triples: Iterable[ox.Triple], known: Set[ox.BlankNode] = frozenset()) -> Nested:
        """Look through a graph.

        :param known: blank nodes that have their names already, since this is a part of a graph.
        """
        found = list(dict.fromkeys(triples))
        about: dict[Term, list[ox.Triple]] = defaultdict(list)
        uses: Counter[ox.BlankNode] = Counter()
        for triple in found:
            about[triple.subject].append(triple)
            uses.update([triple.object] if isinstance(triple.object, ox.BlankNode) else [])
            uses.update(2 * list(_within(triple.object)))  # in a triple term it needs a name
            uses.update(2 * list(_within(triple.subject)))
        uses.update(dict.fromkeys(known, 2))
        inside = frozenset(_inside(about, uses))
        blank = {term for term in (*about, *uses) if isinstance(term, ox.BlankNode)} - known
        alone = frozenset(node for node in blank if not uses[node])
        names = _names(found, blank - inside - alone) if blank - inside - alone else {}
        return cls(dict(about), inside, alone, names)

    def triples(self, subject: Term) -> list[ox.Triple]:
        """Give what is said of a subject."""
        return self.about.get(subject, [])

    def term(self, term: Term, speller: Speller) -> str:
        """Write a term on one line, with all that is nested in it."""
        if isinstance(term, ox.BlankNode) and (term in self.inside or term in self.alone):
            if (members := self.members(term)) is not None:
                return " ".join(["(", *(self.term(one, speller) for one in members), ")"])
            return f"[ {self._pairs(term, speller)} ]" if self.triples(term) else "[]"
        return speller.term(self.renamed(term))

    def members(self, node: Term) -> list[Term] | None:
        """Give the members of the list that begins with a node, or None where it is no list that can be abbreviated."""
        found: list[Term] = []
        while node != NIL:
            said = {triple.predicate: triple.object for triple in self.triples(node)}
            if node not in self.inside or len(self.triples(node)) != 2 or set(said) != {FIRST, REST}:
                return None
            found.append(said[FIRST])
            node = said[REST]
        return found

    def renamed(self, term: Term) -> Term:
        """Give a term with the names that blank nodes have."""
        return _put(term, self.names)

    def _pairs(self, node: Term, speller: Speller) -> str:
        return " ; ".join(sorted(f"{speller.predicate(one.predicate.value)} {self.term(one.object, speller)}"
                                 for one in self.triples(node)))


def statements(triples: Iterable[ox.Triple], known: Set[ox.BlankNode] = frozenset()) -> set[Statement]:
    """Give the statements of a graph: the same for the same graph, whatever its blank nodes were called.

    :param known: blank nodes that have their names already, since this is a part of a graph.
    """
    return set(_statements(Nested.of(triples, known)))


def _statements(graph: Nested) -> Iterator[Statement]:
    speller = Speller({}, on_lines=False)
    seen: Counter[Statement] = Counter()
    for subject, said in graph.about.items():
        if subject in graph.inside:
            continue
        name = graph.term(subject, speller)
        parts = [("", "")] if subject in graph.alone else [
            (str(one.predicate), graph.term(one.object, speller)) for one in said]
        for predicate, value in parts:
            one = Statement(name, predicate, value)
            yield one._replace(number=seen[one])
            seen[one] += 1


def named(triples: Iterable[ox.Triple]) -> set[ox.Triple]:
    """Give a graph with names for all blank nodes: the same for the same graph, whatever they were called.

    What is in brackets is named after its statement, so that a name changes only when the statement does.
    """
    return {triple for one in statements(triples) for triple in _named(one)}


def _named(one: Statement) -> set[ox.Triple]:
    """Give the triples of a statement, with its own blank nodes counted in the order in which they stand."""
    label = hashlib.sha256("\0".join(map(str, one)).encode()).hexdigest()[:12]
    known, found = one.names(), one.triples()
    own = dict.fromkeys(node for triple in found for node in _within(triple) if node not in known)
    names = {node: ox.BlankNode(f"n{label}x{number}") for number, node in enumerate(own)}
    return {renamed(triple, names) for triple in found}


def _within(term: Term) -> Iterator[ox.BlankNode]:
    """Give the blank nodes of a triple term."""
    if isinstance(term, ox.Triple):
        for part in (term.subject, term.object):
            yield from [part] if isinstance(part, ox.BlankNode) else _within(part)


def _inside(about: Mapping[Term, list[ox.Triple]], uses: Counter[ox.BlankNode]) -> Iterator[ox.BlankNode]:
    """Give the blank nodes that are used once, outside of circles, and not too deep."""
    waiting: list[tuple[Term, int]] = [(subject, 0) for subject in about
                                       if not isinstance(subject, ox.BlankNode) or uses[subject] != 1]
    while waiting:
        subject, depth = waiting.pop()
        for triple in about.get(subject, []):
            if not isinstance(triple.object, ox.BlankNode) or uses[triple.object] != 1:
                continue
            below = depth + (triple.predicate != REST)
            if below <= DEEPEST:
                yield triple.object
            waiting.append((triple.object, below if below <= DEEPEST else 0))


def _names(triples: list[ox.Triple], wanted: set[ox.BlankNode]) -> dict[ox.BlankNode, ox.BlankNode]:
    """Name blank nodes by what stands around them; of several that nothing tells apart, any is the first."""
    found: dict[ox.BlankNode, ox.BlankNode] = {}
    taken: Counter[str] = Counter()
    for part in _components(triples):
        nodes = {node for triple in part for node in _within(triple)} & wanted
        whole = _fingerprint(part, {})
        fixed: dict[ox.BlankNode, ox.NamedNode] = {}
        while left := nodes - set(fixed):
            prints = {node: _fingerprint(part, {**fixed, node: ox.NamedNode(f"{MARK}:{len(fixed)}")}) for node in left}
            first = min(left, key=lambda node: prints[node])
            fixed[first] = ox.NamedNode(f"{MARK}:{len(fixed)}")
        twin = taken[whole]
        taken[whole] += 1
        mark = whole[:10] + (f"t{twin}" if twin else "")
        found |= {node: ox.BlankNode(f"b{mark}x{number}") for number, node in enumerate(fixed)}
    return found


def _components(triples: list[ox.Triple]) -> Iterator[list[ox.Triple]]:
    """Give the parts of a graph that hang together by blank nodes."""
    by_node: dict[ox.BlankNode, list[ox.Triple]] = defaultdict(list)
    for triple in triples:
        for node in _within(triple):
            by_node[node].append(triple)
    seen: set[ox.BlankNode] = set()
    for start in by_node:
        part: dict[ox.Triple, None] = {}
        waiting = [start]
        while waiting:
            node = waiting.pop()
            if node not in seen:
                seen.add(node)
                part |= dict.fromkeys(by_node[node])
                waiting += [other for triple in by_node[node] for other in _within(triple)]
        if part:
            yield list(part)


def renamed(triple: ox.Triple, names: Names) -> ox.Triple:
    """Give a triple with other terms for some of its blank nodes."""
    return ox.Triple(_put(triple.subject, names), triple.predicate, _put(triple.object, names))  # type: ignore[arg-type]


def _put(term: Term, names: Names) -> Term:
    if isinstance(term, ox.Triple):
        return renamed(term, names)
    return names.get(term, term) if isinstance(term, ox.BlankNode) else term


def _fingerprint(triples: list[ox.Triple], marked: Mapping[ox.BlankNode, ox.NamedNode]) -> str:
    """Give what is the same for the same graph with the same nodes marked, and for no other."""
    dataset = ox.Dataset(ox.Quad(*renamed(one, marked)) for one in triples)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    lines = (ox.serialize(dataset, format=ox.RdfFormat.N_QUADS) or b"").splitlines()
    return hashlib.sha256(b"\n".join(sorted(lines))).hexdigest()
