"""The file of an index: an SQLite database with a full-text table, read by many threads while one writes."""

from __future__ import annotations

import contextlib
import queue
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from carekg import errors

WEIGHTS: Final = (10.0, 6.0, 8.0, 2.0, 1.0)
"""What a word weighs in a label, another name, an identifier, a description and a passage."""

TABLES: Final = """
CREATE TABLE thing (
    id INTEGER PRIMARY KEY, iri TEXT NOT NULL UNIQUE, label TEXT NOT NULL DEFAULT '', about TEXT NOT NULL DEFAULT '',
    named INTEGER NOT NULL DEFAULT 0, shown INTEGER NOT NULL DEFAULT 0, deprecated INTEGER NOT NULL DEFAULT 0,
    place TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX thing_by_place ON thing (shown, place, id);
CREATE TABLE said (
    thing INTEGER NOT NULL, field INTEGER NOT NULL, rank INTEGER NOT NULL, text TEXT NOT NULL,
    PRIMARY KEY (thing, field, rank, text)
) STRICT, WITHOUT ROWID;
CREATE TABLE name (folded TEXT NOT NULL, thing INTEGER NOT NULL, field INTEGER NOT NULL, whole INTEGER NOT NULL,
    PRIMARY KEY (folded, thing, field)) STRICT, WITHOUT ROWID;
CREATE INDEX name_of ON name (thing);
CREATE TABLE rests (thing INTEGER NOT NULL, passage INTEGER NOT NULL,
    PRIMARY KEY (thing, passage)) STRICT, WITHOUT ROWID;
CREATE INDEX rests_by ON rests (passage, thing);
CREATE TABLE source (thing INTEGER NOT NULL, source INTEGER NOT NULL,
    PRIMARY KEY (thing, source)) STRICT, WITHOUT ROWID;
CREATE TABLE kind (thing INTEGER NOT NULL, kind INTEGER NOT NULL, PRIMARY KEY (thing, kind)) STRICT, WITHOUT ROWID;
CREATE TABLE facet (name TEXT NOT NULL, value TEXT NOT NULL, thing INTEGER NOT NULL,
    PRIMARY KEY (name, value, thing)) STRICT, WITHOUT ROWID;
CREATE TABLE broader (name TEXT NOT NULL, value TEXT NOT NULL, broader TEXT NOT NULL,
    PRIMARY KEY (name, value, broader)) STRICT, WITHOUT ROWID;
CREATE VIRTUAL TABLE texts USING fts5 (label, others, codes, about, passages,
    tokenize = "unicode61 remove_diacritics 0", prefix = '2 3');
CREATE VIRTUAL TABLE word USING fts5vocab (texts, row);
CREATE TABLE state (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
"""
"""A thing is ``shown`` where it can be found, and ``named`` where it has a label; ``place`` sorts it in a list.

``texts`` holds the words of each thing as they are compared, beneath the thing's own number. ``name`` holds each name
``whole``, and again without its plain words, such as `the` and `of`, where it has any.
"""


EMPTIED: Final = ("thing", "said", "name", "rests", "source", "kind", "facet", "broader", "texts")
"""The tables that hold what a graph says."""


def refuse_without_fts5() -> None:
    """Look whether this Python's SQLite can search texts.

    :raises NoFullText: it cannot.
    """
    with contextlib.closing(sqlite3.connect(":memory:")) as connection:
        try:
            connection.execute("CREATE VIRTUAL TABLE trial USING fts5 (text)")
        except sqlite3.OperationalError as error:
            raise errors.NoFullText(str(error)) from None


class Database:
    """An index in a file, with connections that wait to be used again."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._free: queue.LifoQueue[sqlite3.Connection] = queue.LifoQueue()

    @contextlib.contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Give a connection; what is done with it is seen by others whole, in the end."""
        with contextlib.closing(self._opened()) as connection, connection:
            connection.execute("BEGIN IMMEDIATE")
            yield connection

    @contextlib.contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Give a connection that sees the index as it is at one moment."""
        try:
            connection = self._free.get_nowait()
        except queue.Empty:
            connection = self._opened()
        try:
            connection.execute("BEGIN")
            yield connection
        finally:
            connection.rollback()
            self._free.put(connection)

    def make(self) -> None:
        """Make the tables in a new file."""
        with contextlib.closing(self._opened("rwc")) as connection:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.executescript(TABLES)

    def close(self) -> None:
        """Close the connections that are not in use."""
        with contextlib.suppress(queue.Empty):
            while True:
                self._free.get_nowait().close()

    def _opened(self, mode: str = "rw") -> sqlite3.Connection:
        connection = sqlite3.connect(f"{self.path.absolute().as_uri()}?mode={mode}", uri=True, timeout=30,
                                     check_same_thread=False, isolation_level=None)
        connection.execute("PRAGMA synchronous = OFF")  # it can be made again from the graph
        return connection
