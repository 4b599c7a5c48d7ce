"""A change taken back by a change of its own: what it added goes, what it removed comes again, or nothing is done."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Final

import pyoxigraph as ox

from carekg import errors
from carekg.change.guard import Guard
from carekg.reader.effect import Effect
from carekg.store import About, Made, Proposal, Store, Update

HOW: Final = "undo of {}"
"""What the history calls the way by which a change, by its number, was taken back."""

MOST: Final = 5
"""Later changes that a refusal names."""

FAR: Final = 500
"""Changes through which it looks for them."""


def undo(number: int, store: Store, over: Guard | None, about: About, client: str = "") -> Made:
    """Undo a change; the change that does so can be undone in its turn.

    :param about: who undoes it, and why.
    :raises NoChange: there is none of that number.
    :raises CannotUndo: the folder made it, later changes have touched the same, or depend on it.
    """
    entry = store.history.entry(number)
    if entry.is_build:
        raise errors.CannotUndo(number, "a build of the folder made it; change the folder's files and build again")
    wanted = backwards(store.history.stated(number))
    said = About(about.who, about.why or f"Undoes change {number}", about.source, HOW.format(number))

    def whole(proposal: Proposal) -> None:
        left = Effect(wanted.added - proposal.stated.added, wanted.removed - proposal.stated.removed)
        if left:
            raise _touched(number, store, left)

    try:
        return store.change(Update([{"kind": "rows", "rows": rows(wanted)}]), client, said, over, whole)
    except (errors.InvalidGraph, errors.UnknownThings) as error:
        subjects = {str(quad.subject) for quad in wanted.removed}
        newer = _later(number, store, lambda made: any(_terms(quad) & subjects for quad in made.added))
        raise errors.CannotUndo(number, "the graph would not be valid without it", str(error), newer) from None


def backwards(effect: Effect) -> Effect:
    """Give what takes an effect back."""
    return Effect(set(effect.removed), set(effect.added))


def rows(effect: Effect) -> list[tuple[str, str]]:
    """Give an effect as the rows of a patch: what is removed, then what is added."""
    lines = effect.as_patch().decode().splitlines(keepends=True)
    return [(letter, "".join(line[2:] for line in lines if line.startswith(f"{letter} "))) for letter in "DA"]


def _touched(number: int, store: Store, left: Effect) -> errors.CannotUndo:
    """Give the error for statements that are no longer as a change has left them."""
    newer = _later(number, store, lambda made: bool(made.removed & left.removed or made.added & left.added))
    return errors.CannotUndo(number, "what it changed was changed again", later=newer)


def _later(number: int, store: Store, concerns: Callable[[Effect], bool]) -> list[str]:
    """Name the later changes that something is so of, the last ones first: they are to be undone before."""
    entries = (one for one in store.history.entries(most=FAR) if one.number > number)
    found = (one.sentence() for one in entries if concerns(store.history.stated(one.number)))
    return list(itertools.islice(found, MOST))


def _terms(quad: ox.Quad) -> set[str]:
    """Give the things that a statement speaks of."""
    return {str(quad.subject), str(quad.object)}
