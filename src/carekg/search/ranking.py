"""Which things have what is sought, in order: names that are it come first, then what is rarest and stands foremost."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Final

from pyroaring import BitMap

from carekg.search import text
from carekg.search.database import WEIGHTS
from carekg.search.spelling import Part
from carekg.search.state import Hits, State

MANY: Final = 8_000
"""Things up to which all are ranked; of more, those whose names have the words come first, and the others follow."""

NAMES: Final = "{label others codes} : "
"""Has the words found in names only."""

UNNAMED: Final = 0.5
"""What the rank of a thing without a name of its own is worth, such as a claim or a passage."""

FIRST: Final = 200
"""Names that begin as it was typed, which come before others."""


def expression(parts: Sequence[Part]) -> str:
    """Give what is sought as FTS5 reads it; only words that the index could have are in it, in quotation marks."""
    return " AND ".join("(" + " OR ".join(_way(way) for way in part.ways) + ")" for part in parts)


def _way(way: text.Way) -> str:
    return f'"{" ".join(way.words)}"' + ("*" if way.begins else "")


def hits(connection: sqlite3.Connection, state: State, parts: Sequence[Part], typed: Sequence[str]) -> Hits:
    """Give all that has every part, in order; remembered while the index stays the same."""
    asked = expression(parts)
    key = f"{asked} {' '.join(typed)}"
    if (known := state.remembered.get(key)) is not None:
        return known
    every = BitMap([number for number, in connection.execute("SELECT rowid FROM texts WHERE texts MATCH ?", (asked,))])
    ranked = _ranked(connection, state, asked) if len(every) <= MANY else []
    if len(every) > MANY and connection.execute(
            "SELECT count(*) FROM texts WHERE texts MATCH ?", (NAMES + f"({asked})",)).fetchone()[0] <= MANY:
        ranked = _ranked(connection, state, NAMES + f"({asked})")
    first = [number for number in _named(connection, " ".join(typed)) if number in every]
    ordered = list(dict.fromkeys([*first, *ranked]))
    return state.remember(key, Hits(every, ordered, every - BitMap(ordered), len(every) <= MANY))


def _ranked(connection: sqlite3.Connection, state: State, asked: str) -> list[int]:
    rows = connection.execute(f"SELECT bm25(texts, {', '.join(map(str, WEIGHTS))}), rowid FROM texts "
                              "WHERE texts MATCH ?", (asked,)).fetchall()
    return [number for _, number in sorted(
        (score if number in state.named else score * UNNAMED, number) for score, number in rows)]


def _named(connection: sqlite3.Connection, typed: str) -> list[int]:
    """Give the things a name of which is what was typed, labels before other names, then those that begin so."""
    if not typed:
        return []
    rows = connection.execute(
        "SELECT thing FROM name WHERE folded >= ? AND folded < ? "
        "ORDER BY folded != ?, field, length(folded), folded, thing LIMIT ?",
        (typed, typed + "\U0010ffff", typed, FIRST))
    return [number for number, in rows]
