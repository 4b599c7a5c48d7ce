"""What would change if a triple were removed: nothing is written, a reader works it out and forgets it."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import pyoxigraph as ox

from carekg import change, errors, reports
from carekg.change.guard import Guard
from carekg.explain import model, parts, typed
from carekg.explain.model import Terms
from carekg.explain.told import Why, cell, names
from carekg.query import Asker, Query, Table
from carekg.store import Proposal, Question, Store, Update
from carekg.terms import expand

MOST: Final = 100
"""Inferred triples that are named of those that would go."""

FEW: Final = 20
"""Inferred triples of those that a text names."""

MOST_LEAVES: Final = 8
"""Statements that an inferred triple rests on of which each is tried."""

MOST_THINGS: Final = 2
"""Things of what would go that one question is asked about."""

MOST_QUESTIONS: Final = 24
"""Prepared questions that are asked on the graph as it would be."""

SECONDS: Final = 1.2
"""For which questions are asked on the graph as it is; on the graph as it would be they take as long again."""

EACH: Final = 0.15
"""Seconds that one of them may take."""

ROWS: Final = 2000
"""Solutions up to which an answer is compared."""


@dataclass(frozen=True)
class Loss:
    """A prepared question whose answer would have fewer rows, or more: its summary, address, and rows by then."""

    summary: str
    address: str
    before: int
    after: int

    @property
    def sentence(self) -> str:
        """Give it in words."""
        rows = f"{self.before:,} row{'s' if self.before != 1 else ''}"
        return f"{rows} now, {self.after:,} then"


@dataclass(frozen=True)
class Removal:
    """What removing a triple would come to.

    ``stated`` are the statements that would go, ``gone`` the inferred triples that would go with them, ``more`` how
    many besides, ``come`` those that would be new; ``stays`` says that the triple itself would still follow.
    ``problems`` is what would be wrong with the graph then. ``losses`` are the answers that would change of ``asked``
    questions, None where none was asked. ``unknown`` says why all this is not known.
    """

    stated: tuple[ox.Quad, ...] = ()
    gone: tuple[ox.Triple, ...] = ()
    more: int = 0
    come: tuple[ox.Triple, ...] = ()
    stays: bool = False
    problems: reports.Told | None = None
    losses: tuple[Loss, ...] = ()
    asked: int | None = None
    unknown: str = ""

    @property
    def is_valid(self) -> bool:
        """Say whether the graph would still be valid."""
        problems = self.problems.groups if self.problems else ()
        return not any(line.blocks for group in problems for line in group.lines)

    def as_json(self) -> dict[str, Any]:
        """Give all of it as data."""
        if self.unknown:
            return {"unknown": self.unknown}
        said: dict[str, Any] = {"stated": [str(one) for one in self.stated], "gone": [f"{one} ." for one in self.gone],
                                "more": self.more, "come": [f"{one} ." for one in self.come], "stays": self.stays,
                                "valid": self.is_valid}
        if self.problems is not None:
            said["problems"] = self.problems.as_data()
        if self.asked is not None:
            said |= {"asked": self.asked, "answers": [
                {"question": one.summary, "address": one.address, "before": one.before, "after": one.after}
                for one in self.losses]}
        return said


def turning(asker: Asker, over: Guard | None, why: Why, client: str = "") -> Iterator[tuple[Why, bool]]:
    """Give the statements that an inferred triple rests on, each with whether the triple would go with it.

    It stays where it follows in another way too.
    """
    if over is None:
        return
    leaves = {one.triple: one for one in why.leaves() if one.stated}
    for one in list(leaves.values())[:MOST_LEAVES]:
        with contextlib.suppress(errors.Refused):
            proposal = asker.graph.propose(_removing(one.triple), client, over)
            yield one, any(quad.triple == why.triple for quad in proposal.whole.removed if _is_of(quad, over))


def titles(store: Store, found: Removal) -> list[tuple[str, str]]:
    """Give each inferred triple that would go in words, with the address at which it is explained."""
    terms = {term.value for one in found.gone for term in (one.subject, one.predicate, one.object)
             if isinstance(term, ox.NamedNode)}
    known = names(store, terms)
    return [(" – ".join(cell(term, known).text for term in (one.subject, one.predicate, one.object)),
             typed.address(one)) for one in found.gone]


def lines(store: Store, found: Removal) -> Iterator[str]:
    """Give what would go as lines of text."""
    if found.unknown:
        yield from ("If it were removed:", f"  {found.unknown}")
        return
    yield (f"If it were removed, {len(found.gone) + found.more:,} inferred statements would go with it, and the graph "
           f"would {'still be valid' if found.is_valid else 'no longer be valid'}.")
    yield from (f"  - {title}" for title, _ in titles(store, found)[:FEW])
    if len(found.gone) + found.more > FEW:
        yield f"  and {len(found.gone) + found.more - FEW:,} more"
    if found.problems and found.problems.groups:
        yield from (f"  {line}" for line in found.problems.as_text().splitlines())
    yield from (f"  {one.summary} {one.sentence}" for one in found.losses)


def foretold(asker: Asker, over: Guard | None, triple: ox.Triple, *, with_answers: bool = False,
             client: str = "") -> Removal:
    """Give what would change if the graph stated a triple no longer.

    :param over: what stands over the graph; None for a plain store.
    :param with_answers: ask prepared questions too, on the graph as it is and as it would be.
    """
    if over is None:
        return Removal(unknown="This is a plain store: nothing is inferred in it and no shapes stand over it, so the "
                               "statement would go, and nothing that is known here with it.")
    asks: list[Ask] = []
    try:
        proposal = asker.graph.propose(_removing(triple), client, over)
        if with_answers:
            asks = list(_asks(asker, proposal, client))
            texts = tuple(text for _, _, text, _ in asks)
            proposal = asker.graph.propose(replace(_removing(triple), asks=texts), client, over)
    except errors.Derived:
        return Removal(unknown="It is not stated among the data: it follows from other statements, or comes with the "
                               "files of the vocabulary. Look at what it follows from, and ask that of one of them.")
    except errors.Refused as error:
        return Removal(unknown=f"What would change is not known: {error}")
    told = reports.told_of(change.Trial.of(proposal, over), asker.graph)
    gone, come = ([quad.triple for quad in sorted(quads, key=str) if _is_of(quad, over)]
                  for quads in (proposal.whole.removed, proposal.whole.added))
    stays = bool(proposal.stated.removed) and ox.Quad(
        triple.subject, triple.predicate, triple.object) not in proposal.whole.removed
    others = [one for one in gone if one != triple]
    return Removal(tuple(sorted(proposal.stated.removed, key=str)), tuple(others[:MOST]), len(others[MOST:]),
                   tuple(come[:MOST]), stays, told, tuple(_losses(asks, proposal)), len(asks) if with_answers else None)


def _removing(triple: ox.Triple) -> Update:
    """Give the update that takes a triple out of every graph that states it."""
    return change.Change.of([], [ox.Quad(triple.subject, triple.predicate, triple.object)]).update


def _is_of(quad: ox.Quad, over: Guard) -> bool:
    """Say whether a quad is one of those that are inferred."""
    return str(getattr(quad.graph_name, "value", "")) == str(over.plan["inferred"])


# --- the answers of prepared questions ----------------------------------------------------------------------------

Ask = tuple[Query, Terms, str, Table]
"""A question, its terms, its text with them, and its answer as the graph is."""


def _asks(asker: Asker, proposal: Proposal, client: str) -> Iterator[Ask]:
    """Give the questions that may turn on what would go, with their answers, until the time is over."""
    ends = time.monotonic() + SECONDS
    asked = 0
    for query, terms in _candidates(asker, proposal):
        if asked == MOST_QUESTIONS or time.monotonic() > ends:
            return
        text = query.bind(terms)
        where = parts.of(text)
        text = where.text() if where else text
        try:
            answer = asker.graph.answer(Question(text, rows=ROWS, client=client), EACH)
        except errors.Refused:
            continue
        said = answer.read()
        if not answer.cut:
            asked += 1
            yield query, terms, text, Table.from_json(said)


def _candidates(asker: Asker, proposal: Proposal) -> list[tuple[Query, Terms]]:
    """Give the questions that name what would go: those that take a thing of it as a value, and those that take none.

    Those that name most of its properties and classes go before the others.
    """
    gone = [quad.triple for quad in (*proposal.stated.removed, *sorted(proposal.whole.removed, key=str))]
    names = {term.value for one in gone for term in (one.predicate, one.object) if isinstance(term, ox.NamedNode)}
    things = [term for one in gone for term in (one.subject, one.object) if isinstance(term, ox.NamedNode)]
    found: list[tuple[int, Query, Terms]] = []
    for query in (one for one in asker.queries.values() if not one.is_graph):
        weight = -len(names & _named(query))
        if all(one.optional for one in query.parameters):
            found.append((weight, query, {}))
        for parameter in query.parameters:
            taken = {one.iri for one in asker.choices(parameter)}
            of_it = [one for one in dict.fromkeys(things) if one.value in taken][:MOST_THINGS]
            if all(one.optional for one in query.parameters if one is not parameter):
                found += [(weight, query, {parameter.name: [one]}) for one in of_it]
    found.sort(key=lambda one: (one[0], not one[2]))
    return [(query, terms) for weight, query, terms in found if weight]


def _named(query: Query) -> set[str]:
    """Give the IRIs of the names in a query's text."""
    return {iri for word in query.body.split() for name in word.strip("()^*+?;,.").split("/")
            if (iri := expand(name.strip("()^*+?;,."))) is not None}


def _losses(asks: Sequence[Ask], proposal: Proposal) -> Iterator[Loss]:
    for (query, terms, _, before), said in zip(asks, proposal.answers, strict=False):
        rows, after = before.rows(), Table.from_json(said).rows()
        if len(rows) != len(after):  # the same number of rows may be written in another order
            yield Loss(query.summary, model.question(query, terms), len(rows), len(after))
