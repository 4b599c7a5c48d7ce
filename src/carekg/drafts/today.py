"""A draft as it would be today: whether it is right, what of it is so already, and what others have changed since."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox

from carekg import change, errors
from carekg.change.guard import Guard
from carekg.drafts.model import Draft
from carekg.reader.effect import Effect
from carekg.store import About, Entry, Store, Update

HOW: Final = re.compile(r"draft (\d+), approved by (.+)")
"""By which way a draft has become a change, as the history has it."""

MOST: Final = 1000
"""Changes of one thing that are looked through for those after a draft."""


@dataclass(frozen=True)
class Today:
    """What a draft comes to in the graph as it is.

    ``problems`` are sentences on what is wrong with it, ``warnings`` on what is not as good as it could be; ``already``
    are quads that it would add and that stand there, ``gone`` those that it would remove and that do not; ``newer`` the
    changes of the same things since it was made; ``last`` the number of the graph's last change.
    """

    effect: Effect
    problems: tuple[str, ...]
    warnings: tuple[str, ...]
    already: frozenset[ox.Quad]
    gone: frozenset[ox.Quad]
    newer: tuple[Entry, ...]
    last: int

    @property
    def is_right(self) -> bool:
        """Say whether it can be committed."""
        return not self.problems and len(self.already) + len(self.gone) < len(self.effect.added | self.effect.removed)


def looked_at(draft: Draft, effect: Effect, store: Store, guard: Guard | None) -> Today:
    """Hold a draft against the graph, and change nothing."""
    last = store.history.last()
    newer = tuple(_newer(draft, effect, store))
    try:
        stated, problems, warnings = _tried(effect, store, guard)
    except (errors.BadInput, errors.Refused) as error:
        return Today(effect, (str(error),), (), frozenset(), frozenset(), newer, last)
    return Today(effect, problems, warnings, frozenset(effect.added - stated.added),
                 frozenset(effect.removed - stated.removed), newer, last)


def update(effect: Effect) -> Update:
    """Give the update that does what a draft says."""
    return change.Change.of(effect.added, effect.removed).update


def how(draft: Draft, approver: str) -> str:
    """Give by which way a draft becomes a change, as the history is to have it."""
    return f"draft {draft.number}, approved by {approver}"


def approver(entry: Entry) -> str:
    """Give who approved the draft that has become this change."""
    found = HOW.fullmatch(entry.about.how)
    return found[2] if found else ""


def committed(draft: Draft, effect: Effect, store: Store) -> Entry | None:
    """Give the change that a draft has become, where the server died before that was noted in the draft."""
    for entry in _newer(draft, effect, store):
        found = HOW.fullmatch(entry.about.how)
        if found and int(found[1]) == draft.number and entry.about.who == draft.author:
            return entry
    return None


def _tried(effect: Effect, store: Store, guard: Guard | None) -> tuple[Effect, tuple[str, ...], tuple[str, ...]]:
    if guard is None:
        return store.propose(update(effect)).stated, (), ()
    trial = change.tried(change.Change(update(effect), About()), store, guard)
    wrong = (*(f"{one}." for one in trial.unknown), *(one.sentence() for one in trial.report.violations))
    return trial.stated, wrong, tuple(one.sentence() for one in trial.report.results if not one.violates)


def _newer(draft: Draft, effect: Effect, store: Store) -> Sequence[Entry]:
    """Give the changes of the things that a draft is of, since it was made, oldest first."""
    things = {str(quad.subject) for quad in (*effect.added, *effect.removed)}
    return store.history.since(draft.revision.against, things)
