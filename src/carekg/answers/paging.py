"""One page of a long answer, with a sentence that says what it leaves out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

Item = TypeVar("Item")

MOST: Final = 200
"""What one page may hold."""


@dataclass(frozen=True)
class Page:
    """Where a page starts, the first being 0, and how many it holds at most."""

    start: int = 0
    limit: int = 25

    def of(self, items: Sequence[Item]) -> Sequence[Item]:
        """Give the items of this page."""
        return items[self.start:self.start + min(self.limit, MOST)]

    def note(self, total: int, what: str) -> str:
        """Say what of a total is shown, where that is not all."""
        shown = max(min(self.limit, MOST, total - self.start), 0)
        if shown == total:
            return ""
        if not shown:
            return f"There are {total:,} {what}; none from start={self.start} on."
        end = self.start + shown
        more = f" Ask again with start={end} for more." if end < total else ""
        these = f"these are {self.start + 1:,} to" if shown > 1 else "this is number"
        return f"Of {total:,} {what}, {these} {end:,}.{more}"


def joined(*notes: str) -> str:
    """Give several notes as one, empty ones left out."""
    return " ".join(note for note in notes if note)
