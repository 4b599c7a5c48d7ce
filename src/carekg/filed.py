"""A file of SQLite beside the history of a store, for nobody but its owner: what people keep that is no graph."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from carekg import errors

PATIENCE: Final = 30.0
"""Seconds for which one who writes waits for another, who may be committing a draft."""


class Filed:
    """What is kept in a file; ``what`` it is called in words, ``tables`` makes the tables that are not there yet."""

    def __init__(self, path: Path, what: str, tables: str) -> None:
        self.path, self.what, self._tables = path, what, tables

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
        os.close(os.open(self.path, os.O_CREAT | os.O_RDWR, 0o600))  # what people keep here is not for everybody
        with contextlib.closing(sqlite3.connect(self.path, timeout=PATIENCE)) as connection:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            connection.executescript(self._tables)
            yield connection

    @contextlib.contextmanager
    def _told(self, what: str) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise errors.StoreError(f"The {self.what} in {self.path} cannot be {what}: {error}.") from None
        except OSError as error:
            raise errors.StoreError(f"The {self.what} in {self.path} cannot be {what}: {error.strerror}.") from None
