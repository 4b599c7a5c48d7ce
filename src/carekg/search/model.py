"""What a search is asked and what it gives, as values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from carekg.search.text import Segment

SIZE: Final = 20
"""Things on one page."""


@dataclass(frozen=True)
class Search:
    """A text, the values chosen by facet, and which page of how many things."""

    text: str = ""
    chosen: Mapping[str, Sequence[str]] = field(default_factory=dict)
    page: int = 1
    size: int = SIZE


@dataclass(frozen=True)
class Source:
    """The passage in which something was found, and the source that it is from."""

    passage: str
    iri: str = ""
    label: str = ""


@dataclass(frozen=True)
class Why:
    """Where in a thing the words were found, those marked; ``source`` where it was in a passage."""

    where: str
    segments: tuple[Segment, ...]
    source: Source | None = None

    @property
    def text(self) -> str:
        """Give the text without marks."""
        return "".join(one.text for one in self.segments)


@dataclass(frozen=True)
class Hit:
    """A thing that was found: its label with what was found in it, its kinds, and where else it was found."""

    iri: str
    label: tuple[Segment, ...]
    kinds: tuple[str, ...]
    about: tuple[Segment, ...]
    why: tuple[Why, ...]
    deprecated: bool = False

    @property
    def name(self) -> str:
        """Give the label without marks."""
        return "".join(one.text for one in self.label)


@dataclass(frozen=True)
class Choice:
    """A value by which things can be chosen: how many of those found have it; ``depth`` beneath broader ones."""

    value: str
    key: str
    label: str
    count: int
    chosen: bool = False
    depth: int = 0


@dataclass(frozen=True)
class Shown:
    """A facet with its choices; ``left`` is how many more there are, ``fault`` why there are none."""

    name: str
    label: str
    choices: tuple[Choice, ...]
    left: int = 0
    fault: str = ""


@dataclass(frozen=True)
class Taken:
    """A part of what was typed that no text has, and the words that it was taken for."""

    typed: str
    words: tuple[str, ...]


@dataclass(frozen=True)
class Without:
    """How many things there are if a part of what was typed is left out."""

    left_out: str
    text: str
    count: int


@dataclass(frozen=True)
class Near:
    """A thing whose name looks like what was sought, and why."""

    iri: str
    label: str
    kinds: tuple[str, ...]
    why: str


@dataclass(frozen=True)
class Found:
    """One page of what a search finds, with the facets as they count for it, and what could be asked instead.

    ``words`` are those that were looked for, ``left_out`` those that were not. ``number`` is the last change that the
    index has seen, ``late`` whether the graph has changed since.
    """

    search: Search
    total: int
    hits: tuple[Hit, ...]
    facets: tuple[Shown, ...]
    taken: tuple[Taken, ...] = ()
    left_out: tuple[str, ...] = ()
    is_ranked: bool = True
    near: tuple[Near, ...] = ()
    without: tuple[Without, ...] = ()
    words: tuple[str, ...] = ()
    number: int = 0
    made: str = ""
    late: bool = False

    @property
    def is_wordless(self) -> bool:
        """Say whether what was typed has nothing that could be looked for."""
        return bool(self.search.text) and not self.words

    @property
    def pages(self) -> int:
        """Give how many pages there are, one at least."""
        return max(1, -(-self.total // self.search.size))
