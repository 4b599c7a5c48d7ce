"""Every change that a store has seen, in the order in which they were made, kept for good.

A change counts once it stands here: SQLite commits it whole and has it on disk before `append` returns. The quads on
disk follow later; they are no more than a faster copy, which `effects` can make anew. A build of the folder is a change
too, by which the copy that is served is named anew: both are there, or neither.
"""

from __future__ import annotations

import contextlib
import json
import secrets
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

import pyoxigraph as ox

from carekg import errors
from carekg.reader.effect import Effect
from carekg.store.history import packing, provenance, room
from carekg.store.history.database import FILE, Database
from carekg.store.history.entry import FOLDER, About, Entry
from carekg.store.history.packing import Packed
from carekg.store.history.things import Things
from carekg.terms import BASE

__all__ = ["FILE", "FOLDER", "About", "Entry", "History"]

SHORTEST: Final = 100
"""Bytes that a row of a patch has at the least, where it speaks of our graphs."""

COLUMNS: Final = "number, made, who, why, source, how, added, removed, triples"


class History:
    """The changes of the store in a folder; none where there is no folder."""

    def __init__(self, folder: Path | None) -> None:
        self.path = None if folder is None else folder / FILE
        self._database = Database(self.path)

    # --- writing down -------------------------------------------------------------------------------------------

    def next(self, about: About, stated: Effect) -> Entry:
        """Give the change that is to be written down next."""
        return Entry(self.last() + 1, datetime.now(UTC).isoformat(timespec="milliseconds"), about, len(stated.added),
                     len(stated.removed), 0, self.name() or secrets.token_hex(4))

    def append(self, entry: Entry, stated: Effect, whole: Effect) -> None:
        """Write a change down for good.

        :param stated: what was added and removed by whoever made it.
        :param whole: that, and all that follows from it.
        :raises StoreError: it cannot be written, and nothing was.
        """
        graphs = {} if whole.graphs == stated.graphs else whole.graphs
        beyond = Effect(whole.added - stated.added, whole.removed - stated.removed, graphs)
        with self._database.writing() as connection:
            _insert(connection, entry, Packed.of(stated.as_patch().splitlines(keepends=True)),
                    Packed.unread(beyond.as_patch() if beyond else b""))

    def build(self, entry: Entry | None, stated: Packed, beyond: Packed, served: Mapping[str, Any],
              kept: Effect) -> None:
        """Write down what a build has changed, and which generation is served from now on.

        :param entry: None where it changed nothing.
        :param served: the ``name`` of the generation, its ``manifest``.
        :param kept: what stewards have stated and withdrawn beyond what the folder says now.
        :raises StoreError: it cannot be written, and nothing was.
        """
        with self._database.writing() as connection:
            if entry:
                _insert(connection, entry, stated, beyond)
            made = entry.number if entry else self.last()
            for name, value in (("served", json.dumps({**served, "made": made}).encode()), ("kept", kept.as_patch())):
                connection.execute("INSERT OR REPLACE INTO kept VALUES (?, ?)", (name, value))

    def receive(self, entries: Iterable[tuple[Entry, Packed, Packed]], served: Mapping[str, Any], kept: Effect) -> int:
        """Write down the changes of another history, all or none; give the number of the last.

        :raises BadInput: one is left out.
        """
        number = 0
        with self._database.writing() as connection:
            for number, (entry, stated, beyond) in enumerate(entries, start=1):
                if entry.number != number:
                    raise errors.BadInput(f"The log leaves out change {number}: after {number - 1} comes "
                                          f"{entry.number}; take it again from its beginning.")
                _insert(connection, entry, stated, beyond)
            for name, value in (("served", json.dumps(dict(served)).encode()), ("kept", kept.as_patch())):
                connection.execute("INSERT OR REPLACE INTO kept VALUES (?, ?)", (name, value))
        return number

    def serve(self, name: str) -> None:
        """Have another generation be served, which holds the same."""
        with self._database.writing() as connection:
            value = json.dumps({**self.served(), "name": name}).encode()
            connection.execute("INSERT OR REPLACE INTO kept VALUES ('served', ?)", (value,))

    # --- what is served -----------------------------------------------------------------------------------------

    def served(self) -> dict[str, Any]:
        """Give the ``name`` of the generation that is served, its ``manifest``, and after which change it was ``made``.

        Nothing where none was built.
        """
        found = self._database.rows("SELECT value FROM kept WHERE name = 'served'")
        return dict(json.loads(found[0][0])) if found else {}

    def is_plain(self) -> bool:
        """Say whether the default graph is one of its own, and not the union of the others."""
        return bool(self.served().get("manifest", {}).get("plain"))

    def kept_at_build(self) -> Effect:
        """Give what stewards had stated and withdrawn beyond the folder when it was built last."""
        found = self._database.rows("SELECT value FROM kept WHERE name = 'kept'")
        return Effect.from_patch(found[0][0]) if found else Effect()

    def beyond(self) -> int:
        """Give how many statements `kept` has at the most, without reading them."""
        changed = self._database.rows("SELECT total(added + removed) FROM change WHERE number > ? AND how != ?",
                                      (self.served().get("made", 0), FOLDER))
        before = self._database.rows("SELECT length(value) FROM kept WHERE name = 'kept'")
        return sum(int(count) for (count,) in changed) + sum(int(length) // SHORTEST for (length,) in before)

    def kept(self) -> Effect:
        """Give what stewards have stated and withdrawn beyond the folder; of each quad the last change counts.

        :raises BeyondMemory: it is more than there is room for.
        """
        room.refuse_beyond(self.beyond())
        found = self.kept_at_build()
        for (stated,) in self._database.rows("SELECT stated FROM change WHERE number > ? AND how != ? ORDER BY number",
                                             (self.served().get("made", 0), FOLDER)):
            made = packing.effect(stated)
            found = Effect(found.added - made.removed | made.added - found.removed,  # what the folder says comes again
                           found.removed - made.added | made.removed - found.added)  # what it never said goes again
        return found

    def effects(self, after: int) -> Iterator[tuple[int, Effect]]:
        """Give the changes after a number up to the next build: the number of each, and all that it does."""
        for number, how, stated, beyond in self._database.rows(
                "SELECT number, how, stated, beyond FROM change WHERE number > ? ORDER BY number", (after,)):
            if how == FOLDER:
                return  # another generation is served from there on
            yield number, packing.effect(stated, beyond)

    def provenance(self) -> list[ox.Quad]:
        """Describe every change."""
        return [quad for entry in self.entries(most=-1) for quad in provenance.quads(entry, self._touched(entry))]

    @property
    def things(self) -> Things:
        """Give what the changes did to things."""
        return Things(self._database)

    # --- looking back -------------------------------------------------------------------------------------------

    def name(self) -> str:
        """Give the name that tells this history from others, or nothing where nothing was changed yet."""
        found = self._database.rows("SELECT value FROM kept WHERE name = 'history'")
        return bytes(found[0][0]).decode() if found else ""

    def last(self) -> int:
        """Give the number of the last change, nought where there is none."""
        found = self._database.rows("SELECT max(number) FROM change")
        return int(found[0][0] or 0) if found else 0

    def latest(self, after: int) -> tuple[int, str] | None:
        """Give how many triples there are since the last change after a number, and when it was; None without one."""
        found = self._database.rows(
            "SELECT triples, made FROM change WHERE number > ? ORDER BY number DESC LIMIT 1", (after,))
        return (int(found[0][0]), str(found[0][1])) if found else None

    def entries(self, term: str = "", before: int = 0, most: int = 100) -> list[Entry]:
        """Give the last changes, newest first.

        :param term: those that touch this subject or graph, as N-Triples writes it.
        :param before: those with lower numbers.
        :param most: how many; below nought all.
        """
        where = "WHERE number < ?" + (" AND number IN (SELECT number FROM touched WHERE term = ?)" if term else "")
        values: Sequence[Any] = (before or 2**62, *([term] if term else []), most)
        return self._entries(f"{where} ORDER BY number DESC LIMIT ?", values)

    def entry(self, number: int) -> Entry:
        """Give a change.

        :raises NoChange: there is none of that number.
        """
        found = self._entries("WHERE number = ?", (number,))
        if not found:
            raise errors.NoChange(number, self.last())
        return found[0]

    def at(self, moment: str) -> int:
        """Give the number of the last change that was made at a moment in UTC, or before it; nought for none."""
        found = self._database.rows("SELECT max(number) FROM change WHERE made <= ?", (moment,))
        return int(found[0][0] or 0) if found else 0

    def moment(self, when: str) -> int:
        """Give the number of the last change at a day, which means its end, or a time; in UTC where it says no zone.

        :raises BadValue: it is neither.
        :raises BadInput: there was nothing then.
        """
        try:
            moment = datetime.fromisoformat(when)
            with contextlib.suppress(ValueError):
                date.fromisoformat(when)
                moment = moment.replace(hour=23, minute=59, second=59, microsecond=999000)
            at = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
        except (ValueError, OverflowError):  # which a zone leads to, before the first year and after the last
            raise errors.BadValue(when, "a day or time such as 2026-01-31 or 2026-01-31T12:00") from None
        if number := self.at(at.isoformat(timespec="milliseconds")):
            return number
        raise errors.BadInput(f"There was no graph yet at {when}; its history begins later.")

    def since(self, number: int, terms: Iterable[str], most: int = 10) -> list[Entry]:
        """Give the changes after a number that touch one of these subjects or graphs, oldest first.

        :param most: how many of each, the last ones; below nought all.
        """
        found = {one.number: one for term in terms for one in self.entries(term, most=most) if one.number > number}
        return [found[key] for key in sorted(found)]

    def stated(self, number: int) -> Effect:
        """Give what a change added and removed.

        :raises NoChange: there is none of that number.
        """
        return packing.effect(self._packed(number)[0])

    def rows(self, number: int) -> tuple[list[bytes], list[bytes]]:
        """Give the rows of a change as RDF Patch has them: what was stated, and what follows from that.

        :raises NoChange: there is none of that number.
        """
        stated, beyond = self._packed(number)
        return packing.rows(stated), packing.rows(beyond)

    def of(self, subject: str, until: int = 0) -> Iterator[tuple[Entry, Effect]]:
        """Give what each change has stated and withdrawn of a subject, as N-Triples writes it, oldest first."""
        for entry in reversed(self.entries(subject, before=until + 1 if until else 0, most=-1)):
            rows = packing.about(self._packed(entry.number)[0], subject)
            yield entry, Effect.from_patch(b"".join(rows))

    def stating(self, quad: ox.Quad) -> Entry | None:
        """Give the last change that stated a quad; None where none is known."""
        found = self._entries("WHERE number = (SELECT max(number) FROM stated WHERE quad = ?)",
                              (packing.fingerprint(packing.line(quad)),))
        return found[0] if found else None

    def _entries(self, where: str, values: Sequence[Any]) -> list[Entry]:
        history = self.name()
        return [Entry(row[0], row[1], About(*row[2:6]), row[6], row[7], row[8], history)
                for row in self._database.rows(f"SELECT {COLUMNS} FROM change {where}", values)]

    def _packed(self, number: int) -> tuple[bytes, bytes]:
        found = self._database.rows("SELECT stated, beyond FROM change WHERE number = ?", (number,))
        if not found:
            raise errors.NoChange(number, self.last())
        return found[0][0], found[0][1]

    def _touched(self, entry: Entry) -> list[str]:
        """Give what a change touches; of a build, only the graphs."""
        which = f" AND term LIKE '<{BASE}graph/%'" if entry.is_build else ""
        found = self._database.rows(f"SELECT term FROM touched WHERE number = ?{which}", (entry.number,))
        return [str(term) for (term,) in found]


def built(entry: Entry, stated: Packed, triples: int) -> Entry:
    """Give the entry of a build that has changed so much."""
    return replace(entry, added=stated.added, removed=stated.removed, triples=triples)


def _insert(connection: sqlite3.Connection, entry: Entry, stated: Packed, beyond: Packed) -> None:
    connection.execute("INSERT OR IGNORE INTO kept VALUES ('history', ?)", (entry.history.encode(),))
    about = entry.about
    connection.execute("INSERT INTO change VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", (
        entry.number, entry.made, about.who, about.why, about.source, about.how, entry.added, entry.removed,
        entry.triples, stated.packed(), beyond.packed()))
    connection.executemany("INSERT INTO touched VALUES (?, ?)", ((term, entry.number) for term in sorted(stated.terms)))
    connection.executemany("INSERT INTO stated VALUES (?, ?)",
                           ((quad, entry.number) for quad in sorted(set(stated.quads))))
