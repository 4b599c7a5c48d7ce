"""Every change that a store has seen, in the order in which they were made, kept for good.

A change counts once it stands here: SQLite commits it whole and has it on disk before `append` returns. The quads on
disk follow later, so what stands here and was not yet done there is done by whoever opens the store next.
"""

from __future__ import annotations

import contextlib
import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from carekg import errors
from carekg.reader.effect import Effect

FILE: Final = "history.sqlite"

TABLES: Final = """
CREATE TABLE IF NOT EXISTS change (
    number INTEGER PRIMARY KEY,
    made TEXT NOT NULL, who TEXT NOT NULL, why TEXT NOT NULL, source TEXT NOT NULL, how TEXT NOT NULL,
    added INTEGER NOT NULL, removed INTEGER NOT NULL, triples INTEGER NOT NULL,
    stated BLOB NOT NULL, whole BLOB NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS touched (
    term TEXT NOT NULL, number INTEGER NOT NULL REFERENCES change, PRIMARY KEY (term, number)
) STRICT, WITHOUT ROWID;
"""


@dataclass(frozen=True)
class About:
    """Who changes something, why, resting on which source, and by which way: a form, an update, a file."""

    who: str = ""
    why: str = ""
    source: str = ""
    how: str = ""


@dataclass(frozen=True)
class Entry:
    """A change that was made: its number, when, what it is about, and how many quads were stated and withdrawn."""

    number: int
    made: str
    about: About
    added: int
    removed: int
    triples: int

    def sentence(self) -> str:
        """Give the change in a sentence: its number, who made it, when and why."""
        why = f": {self.about.why}" if self.about.why else ""
        return f"change {self.number} by {self.about.who or 'nobody named'} on {self.made[:16].replace('T', ' ')}{why}"


class History:
    """The changes of the store in a folder."""

    def __init__(self, folder: Path | None) -> None:
        self.path = None if folder is None else folder / FILE

    def last(self) -> int:
        """Give the number of the last change, nought where there is none."""
        found = self._asked("SELECT max(number) FROM change")
        return int(found[0][0] or 0) if found else 0

    def append(self, about: About, stated: Effect, whole: Effect, triples: int) -> int:
        """Write a change down for good, and give its number.

        :param stated: what was added and removed by whoever made it.
        :param whole: that, and all that follows from it.
        :param triples: how many there are after it.
        :raises StoreError: it cannot be written, and nothing was.
        """
        terms = {str(term) for quad in (*stated.added, *stated.removed) for term in (quad.subject, quad.graph_name)}
        made = datetime.now(UTC).isoformat(timespec="milliseconds")
        row = (made, about.who, about.why, about.source, about.how, len(stated.added), len(stated.removed), triples,
               _packed(stated), b"" if whole == stated else _packed(whole))
        try:
            with self._open() as connection, connection:
                connection.executescript(TABLES)
                found = connection.execute(
                    "INSERT INTO change (made, who, why, source, how, added, removed, triples, stated, whole) "
                    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
                number = int(found.lastrowid or 0)
                connection.executemany("INSERT INTO touched VALUES (?, ?)", ((term, number) for term in terms))
        except sqlite3.Error as error:
            raise errors.StoreError(f"The change cannot be written to {self.path}: {error}; nothing was changed."
                                    ) from None
        return number

    def effects(self, after: int) -> Iterator[tuple[int, Effect]]:
        """Give the changes after a number: the number of each, and all that it does."""
        for number, stated, whole in self._asked(
                "SELECT number, stated, whole FROM change WHERE number > ? ORDER BY number", (after,)):
            yield number, Effect.from_patch(zlib.decompress(whole or stated))

    def kept(self) -> Effect:
        """Give what all changes taken together have stated and withdrawn; of each quad the last change counts."""
        found = Effect()
        for (stated,) in self._asked("SELECT stated FROM change ORDER BY number"):
            made = Effect.from_patch(zlib.decompress(stated))
            found.added = found.added - made.removed | made.added
            found.removed = found.removed - made.added | made.removed
        return found

    def latest(self, after: int) -> tuple[int, str] | None:
        """Give how many triples there are since the last change after a number, and when it was; None without one."""
        found = self._asked("SELECT triples, made FROM change WHERE number > ? ORDER BY number DESC LIMIT 1", (after,))
        return (int(found[0][0]), str(found[0][1])) if found else None

    def entries(self, term: str = "", before: int = 0, most: int = 100) -> list[Entry]:
        """Give the last changes, newest first.

        :param term: those that touch this subject or graph, as N-Triples writes it.
        :param before: those with lower numbers.
        """
        where = "WHERE number < ?" + (" AND number IN (SELECT number FROM touched WHERE term = ?)" if term else "")
        values: Sequence[Any] = (before or 2**62, *([term] if term else []), most)
        found = self._asked("SELECT number, made, who, why, source, how, added, removed, triples FROM change "
                            f"{where} ORDER BY number DESC LIMIT ?", values)
        return [Entry(row[0], row[1], About(*row[2:6]), *row[6:]) for row in found]

    def since(self, number: int, terms: Iterable[str]) -> list[Entry]:
        """Give the changes after a number that touch one of these subjects or graphs, oldest first."""
        found = {one.number: one for term in terms for one in self.entries(term, most=10) if one.number > number}
        return [found[key] for key in sorted(found)]

    def stated(self, number: int) -> Effect:
        """Give what a change added and removed.

        :raises NotFound: there is no such change.
        """
        found = self._asked("SELECT stated FROM change WHERE number = ?", (number,))
        if not found:
            raise errors.BadInput(f"There is no change {number}; the last is {self.last()}.")
        return Effect.from_patch(zlib.decompress(found[0][0]))

    def _asked(self, query: str, values: Sequence[Any] | Mapping[str, Any] = ()) -> list[Any]:
        """Give the rows of a query; none where nothing was ever changed."""
        if self.path is None or not self.path.exists():
            return []
        try:
            with self._open() as connection:
                return connection.execute(query, values).fetchall()
        except sqlite3.OperationalError as error:
            if "no such table" in str(error):
                return []
            raise errors.StoreError(f"The history in {self.path} cannot be read: {error}.") from None
        except sqlite3.Error as error:
            raise errors.StoreError(f"The history in {self.path} cannot be read: {error}.") from None

    @contextlib.contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """Give a connection; what it commits is on disk when it says so."""
        with contextlib.closing(sqlite3.connect(self.path or ":memory:", timeout=10)) as connection:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            yield connection


def _packed(effect: Effect) -> bytes:
    return zlib.compress(effect.as_patch(), 6)
