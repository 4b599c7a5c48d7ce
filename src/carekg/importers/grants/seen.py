"""Which identifiers a file has had, kept on disk: a file may hold more of them than memory should."""

from __future__ import annotations

import sqlite3
from types import TracebackType
from typing import Self


class Seen:
    """The identifiers of a file's grants, each with the number of its first grant; gone with the process."""

    def __init__(self) -> None:
        self._kept = sqlite3.connect("")  # SQLite keeps a database without a name in a temporary file
        self._kept.execute("PRAGMA journal_mode = OFF")
        self._kept.execute("CREATE TABLE seen (id TEXT PRIMARY KEY, number INTEGER NOT NULL) WITHOUT ROWID")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        self._kept.close()

    def first(self, identifier: str, number: int) -> int:
        """Give the number of the first grant with an identifier, which is the one asked about where none was before."""
        if self._kept.execute("INSERT OR IGNORE INTO seen VALUES (?, ?)", (identifier, number)).rowcount:
            return number
        return int(self._kept.execute("SELECT number FROM seen WHERE id = ?", (identifier,)).fetchone()[0])
