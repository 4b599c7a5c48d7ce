"""A thing and the names it goes by, and how well a text matches one of them."""

from __future__ import annotations

from typing import Final, NamedTuple

LABEL: Final = "label"
ALTERNATIVE: Final = "other name"
IDENTIFIER: Final = "identifier"

SAFE: Final = 95
"""The score from which a text is a name itself, written another way at most; below it a person has to look."""


class Name(NamedTuple):
    """A text by which a thing goes; ``kind`` is ``label``, ``other name`` or ``identifier``."""

    iri: str
    text: str
    kind: str


class Thing(NamedTuple):
    """What a graph holds under an IRI: its label, its classes and concept schemes, and one line about it."""

    iri: str
    label: str
    types: tuple[str, ...] = ()
    description: str = ""


class Match(NamedTuple):
    """A thing that a text may mean: score of 0 to 100, the name that fits best, and a sentence why."""

    thing: Thing
    score: int
    matched: Name
    why: str
