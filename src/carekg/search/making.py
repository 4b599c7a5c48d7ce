"""Makes an index of a whole graph, and brings one up to date by what changes have done."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from carekg.query import Asker
from carekg.search import facets, filling, reading
from carekg.search.database import EMPTIED, Database
from carekg.search.facets import Declared
from carekg.search.reading import PROPERTIES, WORDS
from carekg.terms import CARE

MOST: Final = 20_000
"""Things that are read anew one by one; where more have changed, all are."""

THROUGH: Final = frozenset({str(CARE.restsOn), str(CARE.concerns),
                            *(iri for iri, field in PROPERTIES.items() if field == WORDS)})
"""Properties by a statement of which other things than its subject are found by other passages."""


def whole(path: Path, asker: Asker, declared: Sequence[Declared], number: int, version: str) -> Database:
    """Make the index of a graph in a new file."""
    database = Database(path)
    database.make()
    with database.writing() as connection:
        _write(connection, asker, declared)
        _note(connection, number, version)
    return database


def follow(database: Database, asker: Asker, declared: Sequence[Declared], number: int, version: str) -> None:
    """Bring an index up to date with the changes that it has not seen, and that the store which is read has made."""
    with database.writing() as connection:
        seen, = connection.execute("SELECT value FROM state WHERE name = 'number'").fetchone()
        effects = asker.graph.history.effects(int(seen))
        quads = [quad for _, effect in effects for quad in (*effect.added, *effect.removed)]
        some = _things(connection, asker, quads)
        if len(some) > MOST:
            for table in EMPTIED:
                connection.execute(f"DELETE FROM {table}")
            _write(connection, asker, declared)
        else:
            filling.fill(connection, asker.graph, some)
            properties = {quad.predicate.value for quad in quads}
            _write_facets(connection, asker, [one for one in declared if one.bears(properties)])
        _note(connection, max(number, int(seen)), version)  # another process may have gone further


def _write(connection: sqlite3.Connection, asker: Asker, declared: Sequence[Declared]) -> None:
    """Write all of a graph into an empty index."""
    filling.fill(connection, asker.graph)
    _write_facets(connection, asker, declared)
    connection.execute("INSERT INTO texts (texts) VALUES ('optimize')")


def _write_facets(connection: sqlite3.Connection, asker: Asker, declared: Sequence[Declared]) -> None:
    for one in declared:
        facets.write(connection, asker, one)


def _things(connection: sqlite3.Connection, asker: Asker, quads: Iterable[ox.Quad]) -> set[str]:
    """Give the things that are found otherwise after some statements were made or withdrawn."""
    some: set[str] = set()
    through: set[str] = set()
    for quad in quads:
        property_ = quad.predicate.value
        if property_ in reading.TOUCHING and isinstance(quad.subject, ox.NamedNode):
            some.add(quad.subject.value)
            if property_ in THROUGH:
                through.add(quad.subject.value)
            if property_ == str(CARE.concerns) and isinstance(quad.object, ox.NamedNode):
                some.add(quad.object.value)
    if len(some) > MOST:
        return some
    return some | filling.hanging_on(connection, through) | reading.hanging_on(asker.graph, through)


def _note(connection: sqlite3.Connection, number: int, version: str) -> None:
    """Note which change an index has seen, and when that was."""
    made = datetime.now(UTC).isoformat(timespec="seconds")
    connection.executemany("INSERT OR REPLACE INTO state VALUES (?, ?)",
                           (("number", str(number)), ("version", version), ("made", made)))
