"""Queries that people share, each under a short name of its own: SQLite beside the history of the store.

A query is named by a hash of its text, so that the same query has one name and nobody can replace another's. Nothing
is kept of who shared it; of when it was looked at, only the day. There is room for so many, and where it is full those
go that nobody has looked at for longest.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import os
import sqlite3
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

from carekg import errors, syntax

FILE: Final = "shared.sqlite"
LONGEST: Final = 20_000
"""Characters of a query that is kept."""

MOST: Final = 20_000
"""Queries that are kept; with the longest ones, the file has 400 MB."""

LETTERS: Final = 12
"""Letters of the hash that are the name: 60 bits, so that nobody meets another's query by chance."""

QUERIES: Final = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")

PATIENCE: Final = 5.0
"""Seconds for which one who writes waits for another."""

TABLE: Final = """CREATE TABLE IF NOT EXISTS query (
    name TEXT PRIMARY KEY, text TEXT NOT NULL, seen TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS query_seen ON query (seen);"""


class Shared:
    """The shared queries of one file."""

    def __init__(self, path: Path, most: int = MOST) -> None:
        self.path, self._most = path, most

    @classmethod
    def beside(cls, history: Path | None) -> Shared:
        """Give the shared queries beside a history.

        :raises Refused: another service keeps the graph, or memory alone; nothing is kept beside those.
        """
        if history is None:
            raise errors.Refused("This server keeps nothing of its own, and so no short links: share the address with "
                                 "the query in it, or the query itself.")
        return cls(history.with_name(FILE))

    def keep(self, text: str) -> str:
        """Keep a query and give its short name.

        :raises BadInput: it is none, or longer than what is kept.
        """
        if len(text) > LONGEST:
            raise errors.BadInput(f"The query has {len(text):,} characters; a short link keeps {LONGEST:,} at most. "
                                  "Share it as a file.")
        if next((word for word in syntax.words(text) if word in syntax.OPENING), "") not in QUERIES:
            raise errors.BadInput("A short link is for a query with SELECT, ASK, CONSTRUCT or DESCRIBE; this is none.")
        name = _name(text)
        with self._connected() as connection, connection:
            connection.execute("INSERT INTO query VALUES (?, ?, ?) ON CONFLICT (name) DO UPDATE SET seen = ?3",
                               (name, text, _today()))
            connection.execute("DELETE FROM query WHERE name IN (SELECT name FROM query WHERE name <> ? "
                               "ORDER BY seen DESC LIMIT -1 OFFSET ?)", (name, self._most - 1))
        return name

    def find(self, name: str) -> str:
        """Give the query of a short name.

        :raises NotFound: there is none.
        """
        with self._connected() as connection, connection:
            row = connection.execute("SELECT text, seen FROM query WHERE name = ?", (name,)).fetchone()
            if row and row[1] != _today():
                connection.execute("UPDATE query SET seen = ? WHERE name = ?", (_today(), name))
        if row is None:
            raise errors.NotFound(f"a shared query {name[:40]}")
        return str(row[0])

    @contextlib.contextmanager
    def _connected(self) -> Iterator[sqlite3.Connection]:
        try:
            os.close(os.open(self.path, os.O_CREAT | os.O_RDWR, 0o600))
            with contextlib.closing(sqlite3.connect(self.path, timeout=PATIENCE)) as connection:
                connection.execute("PRAGMA journal_mode = WAL")
                connection.executescript(TABLE)
                yield connection
        except (OSError, sqlite3.Error) as error:
            raise errors.StoreError(f"The shared queries in {self.path} cannot be read or written: {error}.") from None


def _name(text: str) -> str:
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
    return base64.b32encode(digest)[:LETTERS].decode().lower()


def _today() -> str:
    return date.isoformat(datetime.now(UTC).date())
