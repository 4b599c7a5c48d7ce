"""What changed in the graph, for feeds: an ordered sequence of changes, which is empty until changes have a history."""

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

    Its triples have the version's own IRI as their subject. ``gone`` says that the thing was removed.
    """

    iri: str
    of: str
    at: datetime
    title: str
    triples: tuple[ox.Triple, ...] = ()
    gone: bool = False


class Changes(Protocol):
    """Where feeds get changes from: the oldest first, and none ever taken back or put between."""

    def count(self) -> int:
        """Give how many versions there are."""

    def versions(self, start: int, end: int) -> Sequence[Version]:
        """Give the versions with these numbers, the first being nought, the last of them left out."""


class NoChanges:
    """The changes of a graph that is built whole and keeps no history."""

    def count(self) -> int:
        """Give nought."""
        return 0

    def versions(self, start: int, end: int) -> Sequence[Version]:  # noqa: ARG002 - there are none, wherever they start
        """Give none."""
        return ()
