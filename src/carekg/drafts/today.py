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
from carekg.store import Entry, Store, Update

HOW: Final = re.compile(r"draft (\d+), approved by (.+)")
"""By which way a draft has become a change, as the history has it."""

MOST: Final = 1000
"""Changes of one thing that are looked through for the one that a draft has become."""

SHOWN: Final = 10
"""Changes of one thing since a draft was made that are shown beside it, the last ones."""


@dataclass(frozen=True)
class Today:
    """What a draft comes to in the graph as it is.

    ``trial`` says what is wrong with it, None where nothing stands over the graph or the draft cannot even be tried,
    for which ``refusal`` is the sentence. ``already`` are quads that it would add and that stand there, ``gone`` those
    that it would remove and that do not; ``newer`` the changes of the same things since it was made, the last few
    of each; ``last`` the number of the graph's last change.
    """

    effect: Effect
    trial: change.Trial | None
    refusal: str
    already: frozenset[ox.Quad]
    gone: frozenset[ox.Quad]
    newer: tuple[Entry, ...]
    last: int

    @property
    def is_right(self) -> bool:
        """Say whether it can be committed."""
        is_refused = self.refusal or (self.trial and not self.trial.is_right)
        return not is_refused and self.does_something

    @property
    def does_something(self) -> bool:
        """Say whether not all of it is so already."""
        return len(self.already) + len(self.gone) < len(self.effect.added) + len(self.effect.removed)


def looked_at(draft: Draft, effect: Effect, store: Store, guard: Guard | None) -> Today:
    """Hold a draft against the graph, and change nothing."""
    last = store.history.last()
    newer = tuple(_newer(draft, effect, store, SHOWN))
    try:
        trial = None if guard is None else change.tried(change.Change(update(effect)), store, guard)
        stated = trial.stated if trial else store.propose(update(effect)).stated
    except (errors.BadInput, errors.Refused) as error:
        return Today(effect, None, str(error), frozenset(), frozenset(), newer, last)
    return Today(effect, trial, "", frozenset(effect.added - stated.added), frozenset(effect.removed - stated.removed),
                 newer, last)


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
    for entry in _newer(draft, effect, store, MOST):
        found = HOW.fullmatch(entry.about.how)
        if found and int(found[1]) == draft.number and entry.about.who == draft.author:
            return entry
    return None


def _newer(draft: Draft, effect: Effect, store: Store, most: int) -> Sequence[Entry]:
    """Give the changes of the things that a draft is of, since it was made, oldest first."""
    things = {str(quad.subject) for quad in (*effect.added, *effect.removed)}
    return store.history.since(draft.revision.against, things, most)
