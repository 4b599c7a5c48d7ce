"""Words as they are compared, and where they stand in a text as it is written."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

WORD: Final = re.compile(r"&|[^\W_]+(?:['’‘`´][^\W_]+)*")
"""A word, with the apostrophes in it."""

ODD: Final = frozenset("&'`")
"""Plain signs that are compared as something else, or not at all."""

BETWEEN: Final = "\ue000"
"""Stands between two texts as a word that nobody types: the tokeniser takes signs of private use for letters."""

AROUND: Final = 120
"""Characters that an excerpt has before and after the first word that was found."""


class Way(NamedTuple):
    """One way in which a part of what is sought may stand in a text: words in a row; the last may only ``begin`` so."""

    words: tuple[str, ...]
    begins: bool = False

    def matches(self, found: Sequence[str], start: int) -> bool:
        """Say whether it stands in a list of words from a place on."""
        there = tuple(found[start:start + len(self.words)])
        if not self.begins:
            return there == self.words
        return (len(there) == len(self.words) and there[:-1] == self.words[:-1]
                and there[-1].startswith(self.words[-1]))


class Segment(NamedTuple):
    """A piece of a text; ``hit`` where it is what was sought."""

    text: str
    hit: bool = False


def fold(word: str) -> str:
    """Give a word without capitals, accents and apostrophes."""
    if word == "&":
        return "and"
    if word.isascii():
        return word.replace("'", "").replace("`", "").lower()
    return "".join(sign for sign in unicodedata.normalize("NFKD", word) if sign.isalnum()).casefold()


def words(text: str) -> list[str]:
    """Give the words of a text as they are compared."""
    return [fold(word) for word in WORD.findall(text)]


def folded(texts: Iterable[str]) -> str:
    """Give texts as the index holds them: a line each, so that no phrase reaches from one into the next."""
    return f" {BETWEEN} ".join(" ".join(words(text)) for text in texts)


class Marker:
    """Marks in texts what is sought in some ways."""

    def __init__(self, ways: Iterable[Way]) -> None:
        listed = list(ways)
        self.is_idle = not listed
        self._rows = [way for way in listed if len(way.words) > 1]
        self._words = {way.words[0] for way in listed if len(way.words) == 1 and not way.begins}
        self._starts = tuple(way.words[0] for way in listed if len(way.words) == 1 and way.begins)
        self._any = {way.words[0] for way in listed}

    def may_mark(self, text: str) -> bool:
        """Say whether a text may have what is sought, without looking at each of its words."""
        if not text.isascii() or not ODD.isdisjoint(text):
            return True
        low = text.lower()
        return any(one in low for one in self._any)

    def marked(self, text: str) -> tuple[Segment, ...]:
        """Give a text in pieces, with those marked that are sought."""
        if self.is_idle or not text:
            return (Segment(text),) if text else ()
        places = [found.span() for found in WORD.finditer(text)]
        row = [fold(text[start:end]) for start, end in places]
        hits = {number for number, word in enumerate(row)
                if word in self._words or (self._starts and word.startswith(self._starts))}
        for way in self._rows:
            hits.update(place for number in range(len(row)) if way.matches(row, number)
                        for place in range(number, number + len(way.words)))
        return _pieces(text, places, hits)


def _pieces(text: str, places: Sequence[tuple[int, int]], hits: set[int]) -> tuple[Segment, ...]:
    found: list[Segment] = []
    at = 0
    for number in sorted(hits):
        start, end = places[number]
        if number - 1 in hits and found:  # words in a row are one piece, with what stands between
            found[-1] = Segment(found[-1].text + text[at:end], True)
        else:
            found += [Segment(text[at:start]), Segment(text[start:end], True)]
        at = end
    return tuple(one for one in (*found, Segment(text[at:])) if one.text)


def excerpt(segments: Sequence[Segment], around: int = AROUND) -> tuple[Segment, ...]:
    """Give what stands around the first hit, cut at words, with dots where something is left out."""
    first = next((n for n, one in enumerate(segments) if one.hit), 0)
    before, after = "".join(one.text for one in segments[:first]), segments[first:]
    found = [Segment(_end_of(before, around))] if before else []
    room = 2 * around
    for one in after:
        found.append(Segment(_start_of(one.text, room), one.hit))
        room -= len(one.text)
        if room <= 0:
            break
    return tuple(one for one in found if one.text)


def _end_of(text: str, most: int) -> str:
    return text if len(text) <= most else "… " + text[-most:].partition(" ")[2]


def _start_of(text: str, most: int) -> str:
    if len(text) <= most:
        return text
    return (text[:max(most, 1)].rpartition(" ")[0] or text[:max(most, 1)]) + " …"
