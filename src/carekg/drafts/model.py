"""What is known of a draft."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Final

from carekg import errors

OPEN: Final = "open"
WITHDRAWN: Final = "withdrawn"
COMMITTED: Final = "committed"


@dataclass(frozen=True)
class Comment:
    """What somebody said of a draft, and when."""

    who: str
    made: str
    said: str


@dataclass(frozen=True)
class Revision:
    """A draft's change as it was written last: since when, why, on which source, after which change of the graph."""

    number: int
    made: str
    why: str
    source: str
    against: int
    added: int
    removed: int

    @property
    def day(self) -> str:
        """Give when it was written, as people read it."""
        return self.made[:16].replace("T", " ")


@dataclass(frozen=True)
class Draft:
    """A change that somebody proposes: ``id`` is its secret address, ``number`` what it is called by.

    ``change`` is the number of the change as which it was committed; ``closed_by`` who approved or withdrew it.
    """

    id: str
    number: int
    title: str
    author: str
    made: str
    state: str
    change: int
    closed: str
    closed_by: str
    revision: Revision
    comments: tuple[Comment, ...] = ()

    @property
    def is_open(self) -> bool:
        """Say whether it can still be revised, withdrawn and approved."""
        return self.state == OPEN

    def told(self) -> str:
        """Give its state in words."""
        by = f" by {self.closed_by}" if self.closed_by else ""
        return {OPEN: "open", WITHDRAWN: f"withdrawn{by}",
                COMMITTED: f"committed as change {self.change}, approved{by}"}[self.state]


def text(given: str, what: str, most: int) -> str:
    """Give a text without the space around it, its lines kept.

    :raises BadInput: it is empty, too long, or has characters that nobody sees.
    """
    found = given.replace("\r\n", "\n").strip()
    if not found:
        raise errors.BadInput(f"{what} is empty; write a sentence.")
    if len(found) > most:
        raise errors.BadInput(f"{what} has {len(found):,} characters, and {most:,} is the most.")
    if any(unicodedata.category(sign) in ("Cc", "Cs") and sign not in "\n\t" for sign in found):
        raise errors.BadInput(f"{what} has control characters in it; write it as plain text.")
    return found


def sentence(given: str, what: str, most: int) -> str:
    """Give a text as one line.

    :raises BadInput: it is empty, too long, or has characters that nobody sees.
    """
    return " ".join(text(given, what, most).split())
