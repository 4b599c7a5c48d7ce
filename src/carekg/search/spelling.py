"""Ways in which a typed word may stand in texts: as it is, in other British or American spelling, or mistyped."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final, NamedTuple

from rapidfuzz import process
from rapidfuzz.distance import OSA

from carekg.search.asked import Typed
from carekg.search.text import Way

PAIRS: Final = (("isation", "ization"), ("ise", "ize"), ("ising", "izing"), ("yse", "yze"), ("our", "or"),
                ("ogramme", "ogram"), ("tre", "ter"), ("ence", "ense"), ("lled", "led"), ("lling", "ling"),
                ("aed", "ed"), ("judgement", "judgment"))
"""British and American spellings; one counts for the other only where texts have it."""

SPELT: Final = 6
"""Letters that a word has at least to be looked for in the other spelling: `four` is not `for`."""

WORDY: Final = 4
"""Letters that a word has at least to be taken for another, mistyped."""

LONG: Final = 8
"""Letters from which two may be wrong."""

FEW: Final = 6
"""Words for which a mistyped one is taken."""

PIECE: Final = 3
"""Letters that each half has of a word that was written as one."""


class Part(NamedTuple):
    """A part of what is sought, with the ways in which it may stand in a text; none where it stands in no text.

    ``taken_for`` are the words that it was taken to be, where no text has it as it was typed.
    """

    text: str
    ways: tuple[Way, ...]
    taken_for: tuple[str, ...] = ()


class Words(NamedTuple):
    """What is asked of the words in an index: whether one is there, whether any begins so, and all of them."""

    has: Callable[[str], bool]
    begins: Callable[[str], bool]
    every: Sequence[str]


def part(typed: Typed, words: Words) -> Part:
    """Give the ways in which what was typed may stand in texts."""
    if typed.quoted:
        return Part(f"“{typed.text}”", (Way(typed.words),))
    if len(typed.words) > 1:
        return Part(typed.text, _joined(typed, words))
    word = typed.words[0]
    ways = [Way((one,)) for one in (word, *others(word)) if words.has(one)]
    if typed.half and words.begins(word):
        ways.append(Way((word,), begins=True))
    if ways:
        return Part(typed.text, tuple(ways))
    near = [Way(one) for one in _halves(word, words)] or [Way((one,)) for one in like(word, words.every)]
    return Part(typed.text, tuple(near), tuple(" ".join(way.words) for way in near))


def _joined(typed: Typed, words: Words) -> tuple[Way, ...]:
    """Give the ways of what a hyphen joins: as several words, or as one."""
    whole = "".join(typed.words)
    return (Way(typed.words, typed.half), *([Way((whole,))] if words.has(whole) else []))


def _halves(word: str, words: Words) -> list[tuple[str, str]]:
    """Give the two words that a word may be, written as one."""
    cuts = ((word[:n], word[n:]) for n in range(PIECE, len(word) - PIECE + 1))
    return [(one, other) for one, other in cuts if words.has(one) and words.has(other)][:FEW]


def others(word: str) -> Iterator[str]:
    """Give a word in singular or plural, and in the other spelling."""
    yield from _numbers(word)
    if len(word) >= SPELT:
        for pair in PAIRS:
            for one, other in (pair, pair[::-1]):
                if one in word and not (other in word and one in other):
                    changed = word.replace(one, other, 1)
                    yield changed
                    yield from _numbers(changed)


def _numbers(word: str) -> Iterator[str]:
    if len(word) < WORDY or word.isdigit():
        return
    yield f"{word}s"
    if word.endswith("ies"):
        yield f"{word[:-3]}y"
    elif word.endswith("y"):
        yield f"{word[:-1]}ies"
    if word.endswith("s") and not word.endswith("ss"):
        yield word[:-1]
    if word.endswith("es"):
        yield word[:-2]
    elif word.endswith(("s", "x", "ch", "sh")):
        yield f"{word}es"


def like(word: str, known: Sequence[str], wrong: int = 0) -> list[str]:
    """Give the known words that differ from one by the fewest letters; none from a number or a very short word."""
    if len(word) < WORDY or any(map(str.isdigit, word)):
        return []
    most = wrong or (2 if len(word) >= LONG else 1)
    found = process.extract(word, known, scorer=OSA.distance, score_cutoff=most, limit=5 * FEW)
    best = sorted((distance, one[:1] != word[:1], one) for one, distance, _ in found)
    return [one for distance, _, one in best if distance == best[0][0]][:FEW]
