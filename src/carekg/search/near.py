"""Near misses: of the things whose names share a word with what was typed, or have one like it, those that fit best."""

from __future__ import annotations

import sqlite3
from typing import Final

from carekg.names import ALTERNATIVE, IDENTIFIER, LABEL, Name, Names
from carekg.names import Thing as Named
from carekg.search import ranking, spelling, telling
from carekg.search.asked import Asked
from carekg.search.model import Near
from carekg.search.reading import CODE, NAME, OTHER
from carekg.search.state import State
from carekg.search.text import Way

FEW: Final = 5
"""Things that are offered."""

LOOKED_AT: Final = 80
"""Things whose names are looked at closely."""

LOOSE: Final = 3
"""Letters that may be wrong in a word of a near miss."""

KINDS: Final = {NAME: LABEL, OTHER: ALTERNATIVE, CODE: IDENTIFIER}


def things(connection: sqlite3.Connection, state: State, typed: Asked, text: str) -> tuple[Near, ...]:
    """Give the things whose names fit best."""
    known = state.vocabulary()
    ways = {Way((word,)) for word in typed.words if known.has(word)}
    ways |= {Way((one,)) for word in typed.words if word not in {way.words[0] for way in ways}
             for one in (spelling.like(word, known.every) or spelling.like(word, known.every, LOOSE))}
    if not ways:
        return ()
    asked = ranking.NAMES + f"({ranking.expression([spelling.Part('', tuple(sorted(ways)))])})"
    numbers = [number for number, in connection.execute(
        "SELECT rowid FROM texts WHERE texts MATCH ? ORDER BY rank LIMIT ?", (asked, LOOKED_AT))]
    names = _names(connection, numbers)
    by_iri = {iri: number for number, iri in _iris(connection, numbers)}
    return tuple(Near(match.thing.iri, match.thing.label,
                      telling.kinds(connection, state, by_iri[match.thing.iri]), match.why)
                 for match in names.find(text, limit=FEW))


def _names(connection: sqlite3.Connection, numbers: list[int]) -> Names:
    """Give the names of some things, to be scored as everywhere else."""
    found: dict[str, Named] = {}
    names: list[Name] = []
    for number, iri in _iris(connection, numbers):
        rows = connection.execute("SELECT field, text FROM said WHERE thing = ? AND field IN (?, ?, ?) "
                                  "ORDER BY field, rank, text", (number, *KINDS)).fetchall()
        if rows:
            found[iri] = Named(iri, rows[0][1])
            names += [Name(iri, text, KINDS[field]) for field, text in rows]
    return Names(found, names)


def _iris(connection: sqlite3.Connection, numbers: list[int]) -> list[tuple[int, str]]:
    return [(number, str(connection.execute("SELECT iri FROM thing WHERE id = ?", (number,)).fetchone()[0]))
            for number in numbers]
