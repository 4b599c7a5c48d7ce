"""What is told of the things on a page: their kinds, what was found in them and where, with the passages' sources."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import Final

from carekg.search import text
from carekg.search.facets import KIND
from carekg.search.model import Hit, Source, Why
from carekg.search.reading import ABOUT, CODE, NAME, OTHER, WORDS
from carekg.search.state import State
from carekg.search.text import Marker

WHERE: Final = {NAME: "also labelled", OTHER: "also called", CODE: "identifier", ABOUT: "said of it"}
"""What a field is called, where it is told why something was found."""

FEW: Final = 2
"""Passages, and texts of each other field, that are told."""

LOOKED_AT: Final = 400
"""Passages of one thing that are looked through for the best."""

PASSAGES: Final = """SELECT passage.iri, said.text, source.iri, source.label FROM (
    SELECT passage FROM rests WHERE thing = :thing UNION SELECT :thing) AS mine
  JOIN thing AS passage ON passage.id = mine.passage
  JOIN said ON said.thing = passage.id AND said.field = :words
  LEFT JOIN source AS link ON link.thing = passage.id LEFT JOIN thing AS source ON source.id = link.source
  ORDER BY said.rank, passage.iri LIMIT :most"""


def hits(connection: sqlite3.Connection, state: State, numbers: Iterable[int],
         marker: Marker) -> tuple[Hit, ...]:
    """Give what is told of some things, with the words marked that were found."""
    return tuple(hit for number in numbers if (hit := _hit(connection, state, number, marker)))


def kinds(connection: sqlite3.Connection, state: State, number: int) -> tuple[str, ...]:
    """Give the labels of a thing's kinds, those of few things before those of many."""
    sizes = {iri: len(things) for iri, things in state.values[KIND].items()}
    found = connection.execute("SELECT class.iri, class.label FROM kind JOIN thing AS class ON class.id = kind.kind "
                               "WHERE kind.thing = ? AND class.named = 1", (number,))
    labels = dict.fromkeys(label for _, label in sorted((sizes.get(iri, 0), label) for iri, label in found))
    return tuple(label for label in labels if label.removesuffix("s") == label or label[:-1] not in labels)


def _hit(connection: sqlite3.Connection, state: State, number: int, marker: Marker) -> Hit | None:
    """Give what is told of a thing; None where it has gone since it was found."""
    row = connection.execute("SELECT iri, label, about, deprecated FROM thing WHERE id = ? AND shown = 1",
                             (number,)).fetchone()
    if row is None:
        return None
    iri, label, about, deprecated = row
    told = marker.marked(about)
    return Hit(iri, text.excerpt(marker.marked(label)), kinds(connection, state, number), text.excerpt(told),
               tuple(_why(connection, number, marker, {label, about, label[1:-1]})) if not marker.is_idle else (),
               bool(deprecated))


def _why(connection: sqlite3.Connection, number: int, marker: Marker, told: set[str]) -> Iterable[Why]:
    """Give where else in a thing the words stand: in other names and texts, and in passages, the fullest first."""
    found: dict[int, list[Why]] = {}
    for field, words in connection.execute(
            "SELECT field, text FROM said WHERE thing = ? AND field != ? ORDER BY field, rank, text", (number, WORDS)):
        if words in told or len(found.get(field, ())) == FEW or not marker.may_mark(words):
            continue
        segments = marker.marked(words)
        if any(one.hit for one in segments):
            found.setdefault(field, []).append(Why(WHERE[field], text.excerpt(segments)))
            told.add(words)
    yield from (why for several in found.values() for why in several)
    yield from _passages(connection, number, marker, told)


def _passages(connection: sqlite3.Connection, number: int, marker: Marker, told: set[str]) -> list[Why]:
    asked = {"thing": number, "words": WORDS, "most": LOOKED_AT}
    scored: list[tuple[int, Why]] = []
    for passage, words, source, label in connection.execute(PASSAGES, asked):
        if not marker.may_mark(words):
            continue
        segments = marker.marked(words)
        marks = {one.text.casefold() for one in segments if one.hit}
        if marks and (words not in told or source):
            told.add(words)
            scored.append((-len(marks), Why("passage", text.excerpt(segments), Source(passage, source or "",
                                                                                     label or ""))))
    scored.sort(key=lambda one: one[0])
    return list(dict.fromkeys(why for _, why in scored))[:FEW]
