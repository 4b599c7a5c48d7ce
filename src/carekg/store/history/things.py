"""What changes did to things, in the order of the changes and within one of their IRIs: for pages that never change."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from typing import Final, NamedTuple

from carekg.reader.effect import Effect
from carekg.store.history.database import Database
from carekg.store.history.packing import rows
from carekg.terms import BASE

ARE_THINGS: Final = f"term LIKE '<%' AND term NOT LIKE '<{BASE}graph/%'"
"""Graphs are noted among what a change touches, and nodes without a name; neither is a thing."""

AT_ONCE: Final = 500


class Count(NamedTuple):
    """How many things a change touches: its number, when it was made, and by which way."""

    number: int
    made: str
    how: str
    things: int


class Things:
    """The things that changes touch."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def counts(self, after: int = 0) -> Iterator[Count]:
        """Give how many things each change after a number touches, oldest first; none for one that touches none."""
        for row in self._database.rows(
                "SELECT number, made, how, count(*) FROM change JOIN touched USING (number) "
                f"WHERE number > ? AND {ARE_THINGS} GROUP BY number ORDER BY number", (after,)):
            yield Count(*row)

    def of(self, number: int) -> list[str]:
        """Give the things that a change touches, as N-Triples writes them, in order."""
        return [str(term) for (term,) in self._database.rows(
            f"SELECT term FROM touched WHERE number = ? AND {ARE_THINGS} ORDER BY term", (number,))]

    def told(self, things: Collection[str], until: int) -> Iterator[tuple[int, dict[str, Effect]]]:
        """Give what each change up to a number has stated and withdrawn of some things, oldest first."""
        numbers: set[int] = set()
        wanted = sorted(things)
        for start in range(0, len(wanted), AT_ONCE):
            some = wanted[start:start + AT_ONCE]
            numbers |= {number for (number,) in self._database.rows(
                f"SELECT number FROM touched WHERE number <= ? AND term IN ({','.join('?' * len(some))})",
                (until, *some))}
        for number in sorted(numbers):
            (stated,), = self._database.rows("SELECT stated FROM change WHERE number = ?", (number,))
            yield number, _parts(stated, things)


def _parts(stated: bytes, things: Collection[str]) -> dict[str, Effect]:
    """Give of packed rows those of some things, by thing."""
    found: dict[str, list[bytes]] = defaultdict(list)
    names = {one.encode(): one for one in things}
    for row in rows(stated) if stated else ():
        if (name := names.get(row[2:row.find(b" ", 2)])) is not None:
            found[name].append(row)
    return {name: Effect.from_patch(b"".join(lines)) for name, lines in found.items()}
