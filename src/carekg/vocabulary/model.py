"""What a reader may want to know of a vocabulary, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from carekg.query import Cell
from carekg.terms import PREFIXES

Words = tuple[Cell, ...]
"""A piece of a sentence, in which a term stands as its label with the place where it is described."""


@dataclass(frozen=True)
class Shape:
    """A shape that has an IRI and a message, and the terms on which it bears."""

    iri: str
    name: str
    message: str
    terms: Words


@dataclass(frozen=True)
class Use:
    """How often a term is used, how often only by inference, and the first subject and object between which it is."""

    uses: int = 0
    inferred: int = 0
    pair: tuple[str, ...] = ()


@dataclass(frozen=True)
class Term:
    """A class, a link to a thing or a value.

    ``links`` are other terms by what they are to this one; ``follows`` has one entry for each axiom from which the
    term follows, ``implies`` one for each value that it brings with it; ``example`` is a subject and, unless the
    term is a class, its object.
    """

    iri: str
    kind: str
    label: str
    definition: str
    notes: tuple[str, ...]
    examples: tuple[str, ...]
    sources: Words
    links: Mapping[str, Words]
    follows: tuple[Words, ...]
    implies: tuple[Words, ...]
    shapes: tuple[Shape, ...]
    derived: bool
    uses: int
    example: Words

    @property
    def anchor(self) -> str:
        """Give the name by which the term is found on its page."""
        return anchor(self.iri)


@dataclass(frozen=True)
class CodeList:
    """A scheme of concepts and the concepts in it."""

    iri: str
    label: str
    definition: str
    concepts: Words


@dataclass(frozen=True)
class Vocabulary:
    """All that a graph's vocabulary has; ``header`` holds its title, version and the like by name."""

    header: Mapping[str, str]
    terms: tuple[Term, ...]
    lists: tuple[CodeList, ...]
    shapes: tuple[Shape, ...]

    def groups(self) -> dict[str, list[Term]]:
        """Give the terms by the heading under which a reader looks for them."""
        headings = {"class": "Classes", "link": "Links between things", "value": "Values of things"}
        found: dict[str, list[Term]] = {heading: [] for heading in (*headings.values(), "Short-cuts")}
        for term in self.terms:
            found["Short-cuts" if term.derived and term.kind != "class" else headings[term.kind]].append(term)
        return {heading: terms for heading, terms in found.items() if terms}


def anchor(iri: str) -> str:
    """Give the fragment of an IRI of ours, and another IRI as it is."""
    ours = (PREFIXES["care"], PREFIXES["caresh"])
    return iri.partition("#")[2] if iri.startswith(ours) else iri
