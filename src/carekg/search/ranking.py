"""Which things have what is sought, in order: names that are it come first, then what is rarest and stands foremost."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Sequence
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

BEGINNING: Final = """SELECT name.thing, folded, whole, field, deprecated, iri, (
    SELECT group_concat(class.iri, ' ') FROM kind JOIN thing AS class ON class.id = kind.kind
    WHERE kind.thing = name.thing)
  FROM name JOIN thing ON thing.id = name.thing WHERE folded >= ? AND folded < ?
  ORDER BY folded != ?, field, length(folded), folded, name.thing LIMIT ?"""


def expression(parts: Sequence[Part]) -> str:
    """Give what is sought as FTS5 reads it; only words that the index could have are in it, in quotation marks."""
    return " AND ".join("(" + " OR ".join(_way(way) for way in part.ways) + ")" for part in parts)


def _way(way: text.Way) -> str:
    return f'"{" ".join(way.words)}"' + ("*" if way.begins else "")


def hits(connection: sqlite3.Connection, state: State, parts: Sequence[Part], names: Collection[str]) -> Hits:
    """Give all that has every part, in order, first what goes by one of some names; remembered for this index."""
    asked = expression(parts)
    key = "\n".join((asked, *names))
    if (known := state.remembered.get(key)) is not None:
        return known
    every = BitMap([number for number, in connection.execute("SELECT rowid FROM texts WHERE texts MATCH ?", (asked,))])
    ranked = _ranked(connection, state, asked) if len(every) <= MANY else []
    if len(every) > MANY and connection.execute(
            "SELECT count(*) FROM texts WHERE texts MATCH ?", (NAMES + f"({asked})",)).fetchone()[0] <= MANY:
        ranked = _ranked(connection, state, NAMES + f"({asked})")
    first = [number for number in _named(connection, state, names) if number in every]
    ordered = list(dict.fromkeys([*first, *ranked]))
    return state.remember(key, Hits(every, ordered, every - BitMap(ordered), len(every) <= MANY))


def _ranked(connection: sqlite3.Connection, state: State, asked: str) -> list[int]:
    rows = connection.execute(f"SELECT bm25(texts, {', '.join(map(str, WEIGHTS))}), rowid FROM texts "
                              "WHERE texts MATCH ?", (asked,)).fetchall()
    return [number for _, number in sorted(
        (score if number in state.named else score * UNNAMED, number) for score, number in rows)]


def _named(connection: sqlite3.Connection, state: State, names: Collection[str]) -> list[int]:
    """Give the things that go by one of some names, then those whose names begin so, labels before other names.

    Of things of the same name those come first that are still to be used, and that weigh most.
    """
    found: list[tuple[tuple[object, ...], int]] = []
    for place, name in enumerate(filter(None, names)):
        rows = connection.execute(BEGINNING, (name, name + "\U0010ffff", name, FIRST)).fetchall()
        found += [((folded != name, place, deprecated, not whole, field, len(folded), folded,
                    *state.weight(number, iri, (kinds or "").split()), number), number)
                  for number, folded, whole, field, deprecated, iri, kinds in rows]
    return [number for _, number in sorted(found)]
