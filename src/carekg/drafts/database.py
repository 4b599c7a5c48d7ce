"""The file of the drafts: SQLite, beside the history of the store, for nobody but its owner."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from carekg import errors, filed

FILE: Final = "drafts.sqlite"
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


class Database(filed.Filed):
    """The drafts in a file."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, "drafts", TABLES)

    @classmethod
    def beside(cls, history: Path | None) -> Database:
        """Give the drafts beside a history.

        :raises Refused: another service keeps the graph, and with it its history.
        """
        if history is None:
            raise errors.Refused("Another service keeps this graph, so no drafts of it are kept here: change it there.")
        return cls(history.with_name(FILE))
