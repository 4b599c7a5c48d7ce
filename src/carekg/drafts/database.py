"""The file of the drafts: SQLite, beside the history of the store, for nobody but its owner."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from carekg import errors

FILE: Final = "drafts.sqlite"
PATIENCE: Final = 30.0
"""Seconds for which one who writes waits for another, who may be committing a draft."""

TABLES: Final = """
CREATE TABLE IF NOT EXISTS draft (
    number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, title TEXT NOT NULL, author TEXT NOT NULL,
    made TEXT NOT NULL, state TEXT NOT NULL DEFAULT 'open', change INTEGER NOT NULL DEFAULT 0,
    closed TEXT NOT NULL DEFAULT '', closed_by TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE TABLE IF NOT EXISTS revision (
    draft INTEGER NOT NULL REFERENCES draft, revision INTEGER NOT NULL, made TEXT NOT NULL, why TEXT NOT NULL,
    source TEXT NOT NULL, against INTEGER NOT NULL, added INTEGER NOT NULL, removed INTEGER NOT NULL,
    patch BLOB NOT NULL, PRIMARY KEY (draft, revision)
) STRICT;
CREATE TABLE IF NOT EXISTS comment (
    draft INTEGER NOT NULL REFERENCES draft, made TEXT NOT NULL, who TEXT NOT NULL, said TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS comment_of ON comment (draft);
"""


class Database:
    """The drafts in a file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @classmethod
    def beside(cls, history: Path | None) -> Database:
        """Give the drafts beside a history.

        :raises Refused: another service keeps the graph, and with it its history.
        """
        if history is None:
            raise errors.Refused("Another service keeps this graph, so no drafts of it are kept here: change it there.")
        return cls(history.with_name(FILE))

    @contextlib.contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Give a connection that reads.

        :raises StoreError: the file cannot be read.
        """
        with self._told("read"), self._connected() as connection:
            yield connection

    @contextlib.contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Give the one connection that writes: what is done with it is there whole in the end, or not at all.

        :raises StoreError: the file cannot be written.
        """
        with self._told("written"), self._connected() as connection:
            connection.execute("BEGIN IMMEDIATE")
            with connection:
                yield connection

    @contextlib.contextmanager
    def _connected(self) -> Iterator[sqlite3.Connection]:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(self.path, os.O_CREAT | os.O_RDWR, 0o600))  # what others say of drafts is not for everybody
        with contextlib.closing(sqlite3.connect(self.path, timeout=PATIENCE)) as connection:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            connection.executescript(TABLES)
            yield connection

    @contextlib.contextmanager
    def _told(self, what: str) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise errors.StoreError(f"The drafts in {self.path} cannot be {what}: {error}.") from None
        except OSError as error:
            raise errors.StoreError(f"The drafts in {self.path} cannot be {what}: {error.strerror}.") from None
