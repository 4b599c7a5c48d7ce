"""Changes that somebody proposes and somebody else approves: kept beside the history, shared by an address.

A draft is a change as `carekg.change` takes it, worked out into the quads that it adds and removes. It may be wrong:
it is held against the graph each time somebody looks at it (`today`), and once more when it is committed. Whoever
knows its ``id``, which nobody can guess, can read it.
"""

from __future__ import annotations

import secrets
import sqlite3
import zlib
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

from carekg import change, errors
from carekg.change.guard import Guard
from carekg.drafts import today
from carekg.drafts.database import Database
from carekg.drafts.model import COMMITTED, OPEN, WITHDRAWN, Comment, Draft, Revision, sentence, text
from carekg.drafts.today import Today
from carekg.reader.effect import Effect
from carekg.store import About, Made, Store

__all__ = ["COMMITTED", "OPEN", "WITHDRAWN", "Comment", "Draft", "Drafts", "Revision", "Today"]

TITLE: Final = 200
WHY: Final = 2000
SAID: Final = 10_000
"""Characters that a comment may have; a reason and a title have fewer."""

BYTES: Final = 16
"""Random bytes of an address: 128 bits, which nobody guesses."""

SELECT: Final = """SELECT id, number, title, author, draft.made, state, change, closed, closed_by,
    revision, revision.made, why, source, against, added, removed
FROM draft JOIN revision ON revision.draft = number AND revision = (SELECT max(revision) FROM revision
    WHERE draft = number)"""


class Drafts:
    """The drafts of a store; ``guard`` is what stands over its graph, None over that of a plain server."""

    def __init__(self, store: Store, guard: Guard | None) -> None:
        self.store, self.guard = store, guard
        self._database = Database.beside(store.history.path)

    # --- written ------------------------------------------------------------------------------------------------

    def save(self, one: change.Change, title: str = "") -> str:
        """Keep a change as a draft of whoever it is about, and give its ``id``; nothing is committed.

        It may be invalid, or speak of what is not there yet. Its title is its reason where it has none of its own.

        :raises BadInput: it would change nothing, names no author, or its title or reason is too long.
        :raises Derived, BadQuery: it cannot be read, or is of what cannot be changed.
        """
        if not one.about.who:
            raise errors.BadInput("A draft has an author; this one names nobody.")
        title = title.strip()
        title = sentence(title or one.about.why, "The title of a draft", TITLE if title else WHY)
        effect, against = self._worked_out(one)
        name = secrets.token_urlsafe(BYTES)
        with self._database.writing() as connection:
            made = connection.execute("INSERT INTO draft (id, title, author, made) VALUES (?, ?, ?, ?)",
                                      (name, title, one.about.who, _now()))
            _revise(connection, int(made.lastrowid or 0), 1, one.about, against, effect)
        return name

    def revise(self, name: str, one: change.Change) -> None:
        """Put another change in the place of a draft's, for its author; what was there before is kept.

        :raises NotYours: somebody else is its author.
        :raises Closed: it was committed or withdrawn.
        """
        effect, against = self._worked_out(one)
        with self._database.writing() as connection:
            draft = self._open(connection, name)
            if draft.author != one.about.who:
                raise errors.NotYours("revise", draft.author)
            _revise(connection, draft.number, draft.revision.number + 1, one.about, against, effect)

    def comment(self, name: str, who: str, said: str) -> None:
        """Add what somebody says of a draft, which may be closed already."""
        said = text(said, "A comment", SAID)
        with self._database.writing() as connection:
            draft = _found(connection, name)
            connection.execute("INSERT INTO comment VALUES (?, ?, ?, ?)", (draft.number, _now(), who, said))

    def withdraw(self, name: str, who: str, *, anybodys: bool = False) -> None:
        """Close a draft without committing it, for its author.

        :param anybodys: whoever asks may withdraw the drafts of others too.
        :raises NotYours: somebody else is its author.
        :raises Closed: it was committed or withdrawn.
        """
        with self._database.writing() as connection:
            draft = self._open(connection, name)
            if draft.author != who and not anybodys:
                raise errors.NotYours("withdraw", draft.author)
            _close(connection, draft, WITHDRAWN, 0, who)

    def approve(self, name: str, who: str, *, revision: int = 0, against: int | None = None,
                make: Callable[[change.Change], Made] | None = None) -> Made:
        """Commit a draft in its author's name, for somebody else; of two who approve at once, one does.

        :param revision: what was looked at; nought for the last.
        :param against: the number of the last change when it was looked at; else that against which it was made.
        :param make: makes the change, as `carekg.change.commit` does.
        :raises OwnDraft: who asks is its author.
        :raises Closed: it was committed or withdrawn.
        :raises Overtaken: it was revised, or what it touches was changed, since it was looked at.
        :raises InvalidGraph, UnknownThings, Derived: the guard refuses it; it stays open.
        """
        with self._database.writing() as connection:  # nobody else writes a draft until this one is closed
            draft = self._open(connection, name)
            if draft.author == who:
                raise errors.OwnDraft()
            if revision and revision != draft.revision.number:
                raise errors.Overtaken([f"{draft.author}, who has revised the draft on {draft.revision.day}"])
            if earlier := today.committed(draft, _effect(connection, draft), self.store):
                _close(connection, draft, COMMITTED, earlier.number, today.approver(earlier))
                connection.commit()
                raise errors.Closed(f"committed as change {earlier.number}")
            about = About(draft.author, draft.revision.why, draft.revision.source, today.how(draft, who))
            seen = draft.revision.against if against is None else against
            one = change.Change(today.update(_effect(connection, draft)), about, seen)
            made = make(one) if make else change.commit(one, self.store, self.guard)
            if not made.number:
                raise errors.BadInput("The draft would change nothing: all that it says is so already. Withdraw it.")
            _close(connection, draft, COMMITTED, made.number, who)
            return made

    # --- read ---------------------------------------------------------------------------------------------------

    def draft(self, name: str) -> Draft:
        """Give a draft with its comments.

        :raises NotFound: there is none with that id.
        """
        with self._database.reading() as connection:
            draft = _found(connection, name)
            effect = _effect(connection, draft) if draft.state == OPEN else Effect()
        if effect and (earlier := today.committed(draft, effect, self.store)):  # and could not be noted, once
            with self._database.writing() as connection:
                if _found(connection, name).state == OPEN:
                    _close(connection, draft, COMMITTED, earlier.number, today.approver(earlier))
        with self._database.reading() as connection:
            return _found(connection, name)

    def listed(self, state: str = "", author: str = "", before: int = 0, most: int = 100) -> list[Draft]:
        """Give drafts in a state, or of an author, or all, the newest first, without their comments.

        :param before: those with lower numbers.
        """
        with self._database.reading() as connection:
            rows = connection.execute(
                f"{SELECT} WHERE (? = '' OR state = ?) AND (? = '' OR author = ?) AND number < ? "
                "ORDER BY number DESC LIMIT ?", (state, state, author, author, before or 2**62, most))
            return [_draft(row) for row in rows]

    def effect(self, draft: Draft) -> Effect:
        """Give the quads that a draft adds and removes."""
        with self._database.reading() as connection:
            return _effect(connection, draft)

    def today(self, draft: Draft) -> Today:
        """Hold a draft against the graph as it is now."""
        return today.looked_at(draft, self.effect(draft), self.store, self.guard)

    # --- ... ----------------------------------------------------------------------------------------------------

    def _worked_out(self, one: change.Change) -> tuple[Effect, int]:
        """Give what a change comes to now, and the number of the last change.

        :raises BadInput: it comes to nothing, its reason is too long, or the change after which it was made is none.
        """
        text(one.about.why or "-", "The reason of a draft", WHY)
        last = self.store.history.last()
        against = last if one.against is None else one.against
        if against > last:
            raise errors.BadInput(f"The draft cannot be made after change {against}: the last one is {last}.")
        effect = self.store.propose(one.update, one.client, self.guard).stated
        if not effect.added and not effect.removed:
            raise errors.BadInput("The draft would change nothing: all that it says is so already.")
        return effect, against

    def _open(self, connection: sqlite3.Connection, name: str) -> Draft:
        """Give a draft that is open.

        :raises Closed: it is not.
        """
        draft = _found(connection, name)
        if draft.state != OPEN:
            raise errors.Closed(draft.told())
        return draft


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def _revise(connection: sqlite3.Connection, number: int, revision: int, about: About, against: int,
            effect: Effect) -> None:
    row = (number, revision, _now(), about.why, about.source, against, len(effect.added), len(effect.removed),
           zlib.compress(effect.as_patch(), 6))
    connection.execute("INSERT INTO revision VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", row)


def _close(connection: sqlite3.Connection, draft: Draft, state: str, number: int, who: str) -> None:
    connection.execute("UPDATE draft SET state = ?, change = ?, closed = ?, closed_by = ? WHERE number = ?",
                       (state, number, _now(), who, draft.number))


def _found(connection: sqlite3.Connection, name: str) -> Draft:
    rows = connection.execute(f"{SELECT} WHERE id = ?", (name,)).fetchall()
    if not rows:
        raise errors.NoDraft()
    said = connection.execute("SELECT who, made, said FROM comment WHERE draft = ? ORDER BY rowid", (rows[0][1],))
    return _draft(rows[0], tuple(Comment(*row) for row in said))


def _draft(row: tuple[str, int, str, str, str, str, int, str, str, int, str, str, str, int, int, int],
           comments: tuple[Comment, ...] = ()) -> Draft:
    return Draft(*row[:9], Revision(*row[9:]), comments)


def _effect(connection: sqlite3.Connection, draft: Draft) -> Effect:
    ((patch,),) = connection.execute("SELECT patch FROM revision WHERE draft = ? AND revision = ?",
                                     (draft.number, draft.revision.number))
    return Effect.from_patch(zlib.decompress(patch))
