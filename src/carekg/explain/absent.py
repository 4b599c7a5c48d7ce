"""What is here in the place of a triple that is not, and whether it once was."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox

from carekg.explain import typed
from carekg.explain.told import cell, names
from carekg.query import Cell
from carekg.store import Entry, Question, Store, solutions

FEW: Final = 10
"""Triples of one kind that are named."""


@dataclass(frozen=True)
class Near:
    """A triple that is here, in words."""

    triple: ox.Triple
    subject: Cell
    predicate: Cell
    object: Cell

    @property
    def sentence(self) -> str:
        """Give it as a sentence of three parts."""
        return f"{self.subject.text} – {self.predicate.text} – {self.object.text}"

    @property
    def address(self) -> str:
        """Give where it is explained."""
        return typed.address(self.triple)


@dataclass(frozen=True)
class Absent:
    """What is here instead: other values of the property, other things with the value, other links between the two.

    ``known`` says whether anything at all is said of the subject; ``withdrawn`` is the change that took the triple out.
    """

    subject: Cell
    known: bool
    values: tuple[Near, ...] = ()
    subjects: tuple[Near, ...] = ()
    links: tuple[Near, ...] = ()
    withdrawn: Entry | None = None

    def sentence(self, *, whole: bool) -> str:
        """Say that it is not here, or what to choose from where not the whole of a triple was named."""
        gone = f" It was, until this took it out: {self.withdrawn.sentence()}." if self.withdrawn else ""
        if not self.known:
            return f"Nothing is said of {self.subject.text} in this graph.{gone}"
        if not whole:
            return f"Choose one of the statements about {self.subject.text}."
        return f"This statement is not in the graph, which is not the same as false.{gone}"

    @property
    def here(self) -> Iterator[Near]:
        """Give all that is here instead."""
        yield from (*self.values, *self.subjects, *self.links)


def told(store: Store, subject: ox.NamedNode, predicate: ox.NamedNode | None = None,
         value: ox.NamedNode | ox.Literal | None = None) -> Absent:
    """Give what is here near a triple that is not, or near a part of one."""
    values = _found(store, f"{subject} {predicate or '?p'} ?o", subject, predicate, None)
    subjects = _found(store, f"?s {predicate} {value}", None, predicate, value) if predicate and value else []
    links = _found(store, f"{subject} ?p {value}", subject, None, value) if predicate and value else []
    every = [*values, *subjects, *links]
    terms = {subject, *(term for triple in every for term in (triple.subject, triple.predicate, triple.object))}
    called = names(store, {term.value for term in terms if isinstance(term, ox.NamedNode)})
    near = [tuple(Near(one, cell(one.subject, called), cell(one.predicate, called), cell(one.object, called))
                  for one in several) for several in (values, subjects, links)]
    known = bool(values) or b"true" in store.answer(Question(f"ASK {{ {subject} ?p ?o }}")).read()
    gone = _withdrawn(store, ox.Triple(subject, predicate, value)) if predicate and value else None
    return Absent(cell(subject, called), known, near[0], near[1], near[2], gone)


def _found(store: Store, pattern: str, subject: ox.NamedNode | None, predicate: ox.NamedNode | None,
           value: ox.NamedNode | ox.Literal | None) -> list[ox.Triple]:
    text = f"SELECT DISTINCT * WHERE {{ {pattern} }} ORDER BY ?p ?o ?s LIMIT {FEW if predicate or value else 200}"
    return [ox.Triple(subject or row["s"], predicate or row["p"], value or row["o"]) for row in solutions(store, text)]


def _withdrawn(store: Store, triple: ox.Triple) -> Entry | None:
    """Give the last change that took a triple out."""
    last = None
    for entry, effect in store.history.of(str(triple.subject)):
        if any(quad.triple == triple for quad in effect.removed):
            last = entry
    return last
