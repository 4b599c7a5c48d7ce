"""Plans that users keep: each under a name, at an address that nobody can guess, with what it said when it was kept."""

from __future__ import annotations

import json
import secrets
import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from carekg import errors, filed
from carekg.plans.facts import LONGEST
from carekg.plans.parts import Section

FILE: Final = "plans.sqlite"
MOST: Final = 200
"""Plans that one user keeps."""

ADDRESS: Final = 8_000
"""Characters that the address of a plan may have."""

BYTES: Final = 9
"""Random bytes of a short address: 72 bits, which nobody guesses."""

TABLE: Final = """
CREATE TABLE IF NOT EXISTS plan (
    id TEXT PRIMARY KEY, owner TEXT NOT NULL, name TEXT NOT NULL, address TEXT NOT NULL, made TEXT NOT NULL,
    graph TEXT NOT NULL, said BLOB NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS plan_of ON plan (owner, made);
"""

Said = dict[str, list[list[str]]]
"""What a plan said: of each question the lines, cell by cell."""


@dataclass(frozen=True)
class Kept:
    """A kept plan: ``address`` is the query of its address, ``graph`` what it was made of, ``said`` its lines."""

    id: str
    owner: str
    name: str
    address: str
    made: str
    graph: str
    said: Said = field(default_factory=dict)


@dataclass(frozen=True)
class Change:
    """What differs in one part: lines that came, and lines that went."""

    question: str
    heading: str
    came: tuple[str, ...]
    went: tuple[str, ...]


class Plans:
    """The plans that users of a store keep."""

    def __init__(self, history: Path | None) -> None:
        """Open those beside a history.

        :raises Refused: another service keeps the graph, and nothing of its own is beside it.
        """
        if history is None:
            raise errors.Refused("This server keeps nothing of its own, and so no plans: the address of a plan holds "
                                 "all of it, so keep that.")
        self._file = filed.Filed(history.with_name(FILE), "plans", TABLE)

    def save(self, owner: str, name: str, address: str, graph: str, said: Said) -> str:
        """Keep a plan of a user under a name, and give its id.

        :raises BadInput: the name will not do, or the user keeps as many as anybody may.
        """
        if len(address) > ADDRESS:
            raise errors.BadInput(f"The address of this plan has {len(address):,} characters, and {ADDRESS:,} is the "
                                  "most; describe less.")
        name, one = _name(name), secrets.token_urlsafe(BYTES)
        with self._file.writing() as connection:
            count = connection.execute("SELECT count(*) FROM plan WHERE owner = ?", (owner,)).fetchone()[0]
            if count >= MOST:
                raise errors.BadInput(f"You keep {count} plans, and {MOST} is the most; delete one at /plans first.")
            connection.execute("INSERT INTO plan VALUES (?, ?, ?, ?, ?, ?, ?)", (
                one, owner, name, address, datetime.now(UTC).isoformat(timespec="seconds"), graph, _packed(said)))
        return one

    def listed(self, owner: str) -> list[Kept]:
        """Give the plans of a user, newest first, without what they said."""
        with self._file.reading() as connection:
            rows = connection.execute("SELECT id, owner, name, address, made, graph FROM plan WHERE owner = ? "
                                      "ORDER BY made DESC, id", (owner,)).fetchall()
        return [Kept(*row) for row in rows]

    def plan(self, one: str) -> Kept:
        """Give a plan to whoever knows its id.

        :raises NoPlan: there is none.
        """
        with self._file.reading() as connection:
            row = connection.execute("SELECT id, owner, name, address, made, graph, said FROM plan WHERE id = ?",
                                     (one,)).fetchone()
        if row is None:
            raise errors.NoPlan
        return replace(Kept(*row[:-1]), said=json.loads(zlib.decompress(row[-1])))

    def rename(self, one: str, owner: str, name: str) -> None:
        """Give a plan of a user another name.

        :raises BadInput: the name will not do.
        :raises NoPlan: they have none of that id.
        """
        self._own("UPDATE plan SET name = ? WHERE id = ? AND owner = ?", (_name(name), one, owner))

    def renew(self, one: str, owner: str, graph: str, said: Said) -> None:
        """Keep a plan of a user as it is now.

        :raises NoPlan: they have none of that id.
        """
        made = datetime.now(UTC).isoformat(timespec="seconds")
        self._own("UPDATE plan SET made = ?, graph = ?, said = ? WHERE id = ? AND owner = ?",
                  (made, graph, _packed(said), one, owner))

    def delete(self, one: str, owner: str) -> None:
        """Forget a plan of a user.

        :raises NoPlan: they have none of that id.
        """
        self._own("DELETE FROM plan WHERE id = ? AND owner = ?", (one, owner))

    def forget(self, owner: str) -> int:
        """Forget all plans of a user who is one no more, and give how many these were."""
        with self._file.writing() as connection:
            return connection.execute("DELETE FROM plan WHERE owner = ?", (owner,)).rowcount

    def _own(self, statement: str, values: Sequence[object]) -> None:
        with self._file.writing() as connection:
            if not connection.execute(statement, values).rowcount:
                raise errors.NoPlan


# --- what it said -------------------------------------------------------------------------------------------------


def said(sections: Sequence[Section]) -> Said:
    """Give the lines of a plan, to be held against those of another day."""
    return {one.question.name: [[cell.text for cell in row.cells] for row in one.lines] for one in sections}


def changes(before: Said, sections: Sequence[Section]) -> list[Change]:
    """Give the parts in which a plan says something else now, with the lines that came and went."""
    found = []
    headings = {one.question.name: one.plan.heading for one in sections}
    now = said(sections)
    for name in [*now, *(name for name in before if name not in now)]:
        old, new = (Counter(" · ".join(filter(None, line)) for line in lines.get(name, [])) for lines in (before, now))
        if old != new:
            found.append(Change(name, headings.get(name, name), tuple((new - old).elements()),
                                tuple((old - new).elements())))
    return found


def _packed(what: Said) -> bytes:
    return zlib.compress(json.dumps(what, ensure_ascii=False).encode())


def _name(given: str) -> str:
    """Give a name as one line.

    :raises BadInput: it is empty or too long.
    """
    text = " ".join("".join(sign if sign.isprintable() else " " for sign in given).split())
    if not text:
        raise errors.BadInput("The plan has no name; give it one, such as what you call your innovation.")
    if len(text) > LONGEST:
        raise errors.BadInput(f"The name has {len(text):,} characters, and {LONGEST} is the most.")
    return text
