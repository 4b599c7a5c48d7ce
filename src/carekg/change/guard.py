"""What stands over a graph that stewards write to: its shapes, its rules, and which of its graphs may be written."""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import pyoxigraph as ox

from carekg import errors, lint, reason
from carekg.change import codes
from carekg.store import Proposal, Store, quads, rows
from carekg.terms import BASE, DATA, INFERRED, PREFIXES, VOCABULARY, compact
from carekg.validation import Report, reads, report

if TYPE_CHECKING:
    from carekg.validation import partial

HOME: Final = f"{DATA}stewards"
"""The graph of statements that name no graph."""

ONTOLOGY, SHAPES = VOCABULARY
OURS: Final = [f"{BASE}{part}" for part in ("id/", "concept/", "shapes#", "def#")]
"""What begins so has to be described before anything speaks of it."""

BELOW: Final = ox.NamedNode(PREFIXES["rdfs"] + "subClassOf")


@dataclass(frozen=True)
class Guard:
    """The shapes and the ontology of a graph, and the plan by which a reader process works out what a change does.

    ``data`` gives the data as they are, for shapes that only the whole graph can be held against; ``rows`` asks the
    graph as it is.
    """

    shapes: tuple[ox.Triple, ...]
    ontology: tuple[ox.Triple, ...]
    plan: dict[str, Any]
    judge: partial.Judge
    data: Callable[[], Iterable[ox.Triple]] = field(default=tuple)
    rows: codes.Rows = field(default=lambda _query: [])

    @classmethod
    def of(cls, shapes: Iterable[ox.Triple], ontology: Iterable[ox.Triple],
           data: Callable[[], Iterable[ox.Triple]] = tuple, rows: codes.Rows = lambda _query: []) -> Guard:
        """Make the guard of a graph with these shapes and this ontology."""
        from carekg.validation import partial  # imported here: it brings pyshacl, which only writing needs

        shapes, ontology = tuple(shapes), tuple(ontology)
        plan = reads.plan(shapes, ontology)
        plan["rules"] = [{"body": [list(one) for one in rule.body], "head": list(rule.head)}
                         for rule in reason.rules(ontology)]
        plan |= {"asserted": [DATA, ONTOLOGY], "inferred": str(INFERRED), "writable": [DATA], "home": HOME,
                 "ours": [*OURS, *lint.namespaces(ontology)]}
        hierarchy = [triple for triple in ontology if triple.predicate == BELOW]
        return cls(shapes, ontology, plan, partial.Judge(shapes, hierarchy), data, rows)

    @classmethod
    def over(cls, store: Store) -> Guard:
        """Make the guard of the graph that a store holds, by the shapes and the ontology in it."""
        return cls.of(_triples(store, SHAPES), _triples(store, ONTOLOGY), lambda: _triples(store, DATA),
                      functools.partial(rows, store))

    def approve(self, proposal: Proposal) -> None:
        """Refuse a change that would leave the graph invalid, or that speaks of what is described nowhere.

        :raises UnknownThings: with one sentence for each IRI.
        :raises InvalidGraph: with one sentence for each violation, and the report.
        """
        if problems := list(self.unknown(proposal)):
            raise errors.UnknownThings(problems)
        self.verdict(proposal).raise_for_violations()

    def verdict(self, proposal: Proposal) -> Report:
        """Validate the nodes of a change on what they read; or, where the plan tells no parts, the whole graph."""
        if not self.plan["whole"]:
            return self.judge.report(proposal.read, proposal.focus)
        added, removed = ({quad.triple for quad in quads} for quads in (proposal.stated.added, proposal.stated.removed))
        return report([*self.ontology, *({*self.data()} - removed | added)], self.shapes)

    def unknown(self, proposal: Proposal) -> Iterable[str]:
        """Give a sentence for each term that does not exist, with the one that may be meant."""
        known = {triple.subject.value for triple in self.ontology if isinstance(triple.subject, ox.NamedNode)}
        for iri, by in proposal.dangling.items():
            if by == f"<{iri}>":
                yield (f"{compact(iri)} would have statements and no class (rdf:type); if it was removed, it is to be "
                       "described anew, else its name is misspelt")
                continue
            yield (f"{compact(iri)}, which {compact(by.strip('<>'))} speaks of, is described nowhere"
                   + lint.near(iri, known))
        yield from filter(None, map(lint.misspelt, dict.fromkeys(_terms(proposal.stated.added))))
        yield from codes.unlisted(proposal.stated, self.rows)


class Guards:
    """The guard of a store's graph, made when somebody writes, and anew when the graph was built anew."""

    def __init__(self) -> None:
        self._made: tuple[str, Guard] | None = None
        self._making = threading.Lock()

    def over(self, store: Store) -> Guard:
        """Give the guard of the graph that is served."""
        built = store.version.partition(":")[0]
        with self._making:
            if self._made is None or self._made[0] != built:
                self._made = (built, Guard.over(store))
            return self._made[1]


def _terms(added: Iterable[ox.Quad]) -> Iterator[str]:
    """Give the IRIs that statements use: their properties, their values, and the datatypes of those."""
    for quad in added:
        for term in (quad.predicate, quad.object):
            if isinstance(term, ox.NamedNode):
                yield term.value
        if isinstance(quad.object, ox.Literal):
            yield quad.object.datatype.value


def _triples(store: Store, start: str) -> list[ox.Triple]:
    """Give the triples of the graphs whose IRIs begin so; blank nodes have the names that the store gives them."""
    return [quad.triple for quad in quads(store, start)]
