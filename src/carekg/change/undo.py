"""A change taken back by a change of its own: what it added goes, what it removed comes again, or nothing is done."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import pyoxigraph as ox
from rdflib.namespace import SH

from carekg import errors
from carekg.change.guard import Guard
from carekg.reader.effect import Effect
from carekg.store import About, Entry, Made, Proposal, Store, Update

MOST: Final = 5
"""Later changes that a refusal names."""


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
    said = About(about.who, about.why or f"Undoes change {number}", about.source, f"undo of {number}")

    def whole(proposal: Proposal) -> None:
        left = {*wanted.added - proposal.stated.added, *wanted.removed - proposal.stated.removed}
        if left:
            raise _touched(number, store, {str(quad.subject) for quad in left})

    try:
        return store.change(Update([{"kind": "rows", "rows": rows(wanted)}]), client, said, over, whole)
    except (errors.InvalidGraph, errors.UnknownThings) as error:
        newer = _later(number, _depending(error, number, store) or store.history.entries())
        raise errors.CannotUndo(number, "the graph would not be valid without it", str(error), newer) from None


def backwards(effect: Effect) -> Effect:
    """Give what takes an effect back."""
    return Effect(set(effect.removed), set(effect.added))


def rows(effect: Effect) -> list[tuple[str, str]]:
    """Give an effect as the rows of a patch: what is removed, then what is added."""
    lines = effect.as_patch().decode().splitlines(keepends=True)
    return [(letter, "".join(line[2:] for line in lines if line.startswith(f"{letter} "))) for letter in "DA"]


def _depending(error: errors.CarekgError, number: int, store: Store) -> list[Entry]:
    """Give the later changes of the things that would not be valid, where a report names these."""
    report = getattr(error, "report", "")
    focus = {str(quad.object) for quad in ox.parse(report, ox.RdfFormat.TURTLE)
             if quad.predicate.value == str(SH.focusNode)}
    return store.history.since(number, focus)


def _touched(number: int, store: Store, terms: Iterable[str]) -> errors.CannotUndo:
    """Give the error for statements that are no longer as a change has left them."""
    newer = [one for one in store.history.since(number, terms) if one.number != number]
    return errors.CannotUndo(number, "what it changed was changed again", later=_later(number, newer))


def _later(number: int, entries: Iterable[Entry]) -> list[str]:
    """Name the later changes, the last ones first: they are to be undone before."""
    newer = sorted((one for one in entries if one.number > number), key=lambda one: -one.number)
    return [one.sentence() for one in newer[:MOST]]
