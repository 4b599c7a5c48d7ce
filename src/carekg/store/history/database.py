"""The file of a history: its tables, and connections that have what they commit on disk when they say so."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from carekg import errors

FILE: Final = "history.sqlite"

TABLES: Final = """
CREATE TABLE IF NOT EXISTS change (
    number INTEGER PRIMARY KEY,
    made TEXT NOT NULL, who TEXT NOT NULL, why TEXT NOT NULL, source TEXT NOT NULL, how TEXT NOT NULL,
    added INTEGER NOT NULL, removed INTEGER NOT NULL, triples INTEGER NOT NULL,
    stated BLOB NOT NULL, beyond BLOB NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS touched (
    term TEXT NOT NULL, number INTEGER NOT NULL REFERENCES change, PRIMARY KEY (term, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS touched_by ON touched (number, term);
CREATE TABLE IF NOT EXISTS stated (
    quad INTEGER NOT NULL, number INTEGER NOT NULL REFERENCES change, PRIMARY KEY (quad, number)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS kept (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT;
"""
"""``beyond`` is what follows from what was ``stated``; ``quad`` a fingerprint of one that was added."""


class Database:
    """The SQLite file at a path, or nothing where there is none."""

    def __init__(self, path: Path | None) -> None:
        self.path = path

    def rows(self, query: str, values: Sequence[Any] | Mapping[str, Any] = ()) -> list[Any]:
        """Give the rows of a query; none where nothing was ever changed.

        :raises StoreError: the file cannot be read.
        """
        if self.path is None or not self.path.exists():
            return []
        try:
            with self._open(self.path) as connection:
                return connection.execute(query, values).fetchall()
        except OverflowError:  # a number that no change has
            return []
        except sqlite3.OperationalError as error:
            if "no such table" in str(error):
                return []
            if "readonly" in str(error) or "unable to open" in str(error):
                return self._unwritable(self.path, query, values)
            raise self._broken("read", error) from None
        except sqlite3.Error as error:
            raise self._broken("read", error) from None

    def _unwritable(self, path: Path, query: str, values: Sequence[Any] | Mapping[str, Any]) -> list[Any]:
        """Give the rows of a file on a disk that cannot be written, where nobody else writes either."""
        try:
            with contextlib.closing(sqlite3.connect(f"{path.absolute().as_uri()}?immutable=1", uri=True)) as connection:
                return connection.execute(query, values).fetchall()
        except sqlite3.Error as error:
            raise self._broken("read", error) from None

    @contextlib.contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Give a connection with the tables; what is done with it is there whole and on disk in the end, or not at all.

        :raises StoreError: it cannot be written, and nothing was.
        """
        if self.path is None:
            raise errors.StoreError("There is no history here that could be written.")
        try:
            with self._open(self.path) as connection, connection:
                connection.executescript(TABLES)
                connection.execute("BEGIN IMMEDIATE")
                yield connection
        except sqlite3.Error as error:
            raise self._broken("written", error) from None

    def _broken(self, what: str, error: sqlite3.Error) -> errors.StoreError:
        if "malformed" in str(error) or "not a database" in str(error):
            return errors.StoreError(f"The history in {self.path} is damaged ({error}); nothing was changed. Bring "
                                     "back a backup of it with `carekg restore`.")
        return errors.StoreError(f"The history in {self.path} cannot be {what}: {error}; nothing was changed.")

    @staticmethod
    @contextlib.contextmanager
    def _open(path: Path) -> Iterator[sqlite3.Connection]:
        with contextlib.closing(sqlite3.connect(path, timeout=10)) as connection:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            yield connection
