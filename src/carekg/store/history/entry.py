"""A change as its history tells it: who made it, when, why, and how much it changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

FOLDER: Final = "folder"
"""The way of a change that a build of the folder made."""


@dataclass(frozen=True)
class About:
    """Who changes something, why, resting on which source, and by which way: a form, an update, a file."""

    who: str = ""
    why: str = ""
    source: str = ""
    how: str = ""


@dataclass(frozen=True)
class Entry:
    """A change that was made: its number, when, what it is about, and how many quads were stated and withdrawn.

    ``triples`` is how many there were after it; ``history`` the name of the history in which it stands.
    """

    number: int
    made: str
    about: About
    added: int
    removed: int
    triples: int
    history: str = ""

    @property
    def name(self) -> str:
        """Give a name that no change of another history has."""
        return f"{self.history}-{self.number}"

    @property
    def is_build(self) -> bool:
        """Say whether the folder made it."""
        return self.about.how == FOLDER

    def sentence(self) -> str:
        """Give the change in a few words: its number, who made it, when and why."""
        why = f": {self.about.why.rstrip('.')}" if self.about.why else ""
        by = self.about.who or "nobody named"
        by = f"{self.about.who or 'somebody'}, who built the folder," if self.is_build else by
        return f"change {self.number} by {by} on {self.made[:16].replace('T', ' ')}{why}"
