"""The one way by which anything is written: a change is checked whole, then committed whole, or refused.

Whatever somebody uses, a form, a sheet, an update, a file, the folder: it becomes a change, and is held against the
shapes on the graph as it would be. ``whole`` is the change that a folder makes: everything at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pyoxigraph as ox

from carekg import errors
from carekg.change import guard
from carekg.reader.effect import Effect
from carekg.store import About, Made, Proposal, Store, Update
from carekg.validation import Report


@dataclass(frozen=True)
class Change:
    """What somebody would change, who, why, on which source, and after which change its author had looked.

    ``against`` is the number of the last change that was there then; None where it does not matter. ``client`` is who
    asks, for a fair turn.
    """

    update: Update
    about: About = field(default_factory=About)
    against: int | None = None
    client: str = ""

    @classmethod
    def of(cls, added: Iterable[ox.Quad], removed: Iterable[ox.Quad], about: About | None = None,
           against: int | None = None, client: str = "") -> Change:
        """Give the change that adds and removes quads.

        What is added to the default graph goes to the graph of stewards; what is removed from it, from every graph
        that states it.
        """
        rows = [(letter, (ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b"").decode())
                for letter, quads in (("D", removed), ("A", added))]
        return cls(Update([{"kind": "rows", "rows": rows}]), about or About(), against, client)


@dataclass(frozen=True)
class Trial:
    """What a change would come to: the quads it states and withdraws, and all that is wrong with it.

    ``report`` is the validation, ``unknown`` a sentence for each thing that it speaks of and that is not described.
    """

    stated: Effect
    report: Report
    unknown: tuple[str, ...] = ()

    @property
    def is_right(self) -> bool:
        """Say whether the change can be committed."""
        return not self.unknown and not self.report.violations

    @classmethod
    def of(cls, proposal: Proposal, over: guard.Guard) -> Trial:
        """Hold what a change comes to against a guard."""
        return cls(proposal.stated, over.verdict(proposal), tuple(over.unknown(proposal)))

    def raise_for_problems(self) -> None:
        """Raise where the change cannot be committed.

        :raises UnknownThings, InvalidGraph: with all that is wrong.
        """
        if self.unknown:
            raise errors.UnknownThings(self.unknown)
        self.report.raise_for_violations()


@dataclass(frozen=True)
class _Seen:
    """A guard that lets somebody see what it judges by."""

    over: guard.Guard
    see: Callable[[Trial], None]

    @property
    def plan(self) -> Mapping[str, Any]:
        """Give the plan of the guard."""
        return self.over.plan

    def approve(self, proposal: Proposal) -> None:
        """Have somebody see what a change comes to, then refuse it where it is wrong."""
        trial = Trial.of(proposal, self.over)
        self.see(trial)
        trial.raise_for_problems()


def commit(change: Change, store: Store, over: guard.Guard | None,
           see: Callable[[Trial], None] | None = None) -> Made:
    """Check a change and make it, all or nothing; give its number, and what it states and withdraws.

    :param over: None for a plain store, which nothing guards.
    :param see: is given what the change comes to before it is made or refused: warnings, and all that is wrong.
    :raises InvalidGraph, UnknownThings, Derived: the guard refuses it; nothing was changed.
    :raises Overtaken: what it touches was changed since its author looked; nothing was changed.
    """
    def unovertaken(proposal: Proposal) -> None:
        if change.against is not None:
            refuse_overtaken(proposal, store, change.against)

    watched = _Seen(over, see) if over and see else over
    return store.change(change.update, change.client, change.about, watched, unovertaken)


def tried(change: Change, store: Store, over: guard.Guard) -> Trial:
    """Check a change as `commit` does, and make nothing of it.

    :raises BadQuery, Derived: it cannot be read, or is of what cannot be changed.
    """
    proposal = store.propose(change.update, change.client, over)
    return Trial.of(proposal, over)


def refuse_overtaken(proposal: Proposal, store: Store, against: int) -> None:
    """Refuse a change of things that others have changed after a number.

    :raises Overtaken: with who changed them, when and why.
    """
    if store.history.last() <= against:
        return
    things = {str(quad.subject) for quad in (*proposal.stated.added, *proposal.stated.removed)}
    if newer := store.history.since(against, things):
        raise errors.Overtaken([one.sentence() for one in newer])
