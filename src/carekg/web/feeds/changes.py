"""What changed in the graph, for feeds: an ordered sequence of versions of things, to which changes only ever add."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

import pyoxigraph as ox

PAGE: Final = 100
"""Changes on one page of a feed."""


@dataclass(frozen=True)
class Version:
    """One version of a thing: its IRI, that of the thing, when it came about, what happened in a line, its triples.

    Its triples have the version's own IRI as their subject. ``gone`` says that the thing was removed; ``change`` and
    ``place`` are the number of the change and that of the thing within it, which give the order.
    """

    iri: str
    of: str
    at: datetime
    title: str
    triples: tuple[ox.Triple, ...] = ()
    gone: bool = False
    change: int = 0
    place: int = 0


class Changes(Protocol):
    """Where feeds get changes from: the oldest first, and none ever taken back or put between."""

    def count(self) -> int:
        """Give how many versions there are."""

    def at(self, place: int) -> datetime:
        """Give when the version with a number came about."""

    def versions(self, start: int, end: int) -> Sequence[Version]:
        """Give the versions with these numbers, the first being nought, the last of them left out."""

    def place(self, number: int, within: int) -> int | None:
        """Give the number of the version that a change has of its thing with a number; None where there is none."""


class NoChanges:
    """The changes of a plain server, whose graphs are its writers' own."""

    def count(self) -> int:
        """Give nought."""
        return 0

    def at(self, place: int) -> datetime:
        """Refuse to tell: there is no version."""
        raise IndexError(place)

    def place(self, number: int, within: int) -> int | None:  # noqa: ARG002 - there is none, whatever is asked for
        """Give none."""
        return None

    def versions(self, start: int, end: int) -> Sequence[Version]:  # noqa: ARG002 - there are none, wherever they start
        """Give none."""
        return ()
