"""How well a text fits a name, from 0 to 100, with a sentence that says why."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from typing import Final, NamedTuple

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from carekg.names.model import ALTERNATIVE, IDENTIFIER, SAFE, Name

SAME: Final = 100
FOLDED: Final = 98
SQUEEZED: Final = 96
UNSAFE: Final = SAFE - 1
"""The most that a text scores which is not the name itself."""

INITIALS: Final = 85
FEWEST: Final = 4
"""Letters that a word or name has at least where others can be taken for it, mistyped."""

WITHIN: Final = 70
"""The least that a text scores all whose words are in a name, such as `Richmond` in `Richmond upon Thames`."""

LIKE: Final = 83
"""Letters in a hundred that two words have to share to be taken for one, mistyped."""

PLAIN: Final = frozenset((
    "a", "an", "and", "approach", "at", "borough", "by", "city", "council", "county", "district", "for", "from", "in",
    "initiative", "metropolitan", "model", "of", "on", "or", "program", "programme", "project", "royal", "scheme",
    "service", "services", "the", "to", "uk", "with"))
"""Words that tell one name from another only a little."""

PLAIN_WEIGHT: Final = 0.1
"""What a plain word weighs beside any other word, at most."""

SHORT: Final = {
    "assoc": "association",
    "bc": "borough council",
    "cc": "county council",
    "ccg": "clinical commissioning group",
    "dc": "district council",
    "dept": "department",
    "e": "east",
    "ft": "foundation trust",
    "gtr": "greater",
    "icb": "integrated care board",
    "lb": "london borough of",
    "mbc": "metropolitan borough council",
    "n": "north",
    "s": "south",
    "uni": "university",
    "univ": "university",
    "w": "west",
}
"""What people write short in the names of bodies and places; for a text and a name both are compared written out."""

LONGEST: Final = 300
"""Characters of a text that are compared."""


class Form(NamedTuple):
    """A text as it is compared: without capitals, accents and punctuation; without spaces; its words."""

    text: str
    folded: str
    squeezed: str
    words: tuple[str, ...]

    @property
    def sorted(self) -> tuple[str, ...]:
        """Give the words in the order of the alphabet."""
        return tuple(sorted(self.words))


class Fit(NamedTuple):
    """A score of 0 to 100 and why."""

    score: int
    why: str


NOT_AT_ALL: Final = Fit(0, "")
Weight = Callable[[str], float]
"""How much a word tells one name from another."""


def form(text: str) -> Form:
    """Give a text as it is compared."""
    short = text.strip()[:LONGEST]
    folded = fold(short)
    said = folded.split()
    least = 1 if max(map(len, said), default=0) >= FEWEST else 2  # `N Yorkshire` has a direction, `n/a` has none
    words = tuple(word for one in said for word in (SHORT.get(one, one) if len(one) >= least else one).split())
    return Form(short, folded, "".join(words), words)


def fold(text: str) -> str:
    """Give a text without capitals, accents and punctuation, words apart by one space."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c)).casefold()
    return " ".join(re.findall(r"\w+", re.sub(r"['’‘`´]", "", plain).replace("&", " and ").replace("_", " ")))


def bare(text: str) -> str:
    """Give a text without what stands in brackets."""
    return re.sub(r"\([^()]*\)", " ", text).strip() or text


def initials(words: Sequence[str]) -> set[str]:
    """Give the first letters of the words, three at least; `and` has none, and other small words may have."""
    kinds = ({"and"}, {"a", "and", "for", "in", "of", "the", "to"})
    found = ("".join(word[0] for word in words if word not in small) for small in kinds)
    return {letters for letters in found if len(letters) >= 3}


def fit(asked: Form, name: Name, known: Form, weight: Weight) -> Fit:
    """Give how well a text fits a name; ``weight`` tells how much a word tells one name from another."""
    if found := _equal(asked, name, known):
        return found
    if name.kind == IDENTIFIER:
        return NOT_AT_ALL
    return max(_by_initials(asked, name, known), _by_letters(asked, name, known),
               _by_words(asked, name, known, weight), key=lambda one: one.score)


def _equal(asked: Form, name: Name, known: Form) -> Fit | None:
    """Give the fit of a text that is the name but for the way it is written."""
    its, less = f"its {name.kind} `{name.text}`", name.kind == ALTERNATIVE
    if asked.text == name.text:
        return Fit(SAME - less, f"It is {its}.")
    if asked.folded == known.folded:
        return Fit(FOLDED - less, f"Apart from capitals, accents and punctuation, it is {its}.")
    if asked.folded.replace(" ", "") == known.folded.replace(" ", ""):
        return Fit(SQUEEZED - less, f"Apart from capitals, punctuation and spaces, it is {its}.")
    if name.kind == IDENTIFIER:
        return None
    if asked.squeezed == known.squeezed:
        return Fit(SQUEEZED - less, f"With short forms written out, it is {its}.")
    if asked.sorted == known.sorted:
        return Fit(SAFE, f"It has the words of {its} in another order.")
    if fold(bare(asked.text)) == fold(bare(name.text)):
        return Fit(UNSAFE, f"Apart from what stands in brackets, it is {its}.")
    return None


def _by_initials(asked: Form, name: Name, known: Form) -> Fit:
    if len(asked.words) == 1 and asked.folded in initials(known.words):
        return Fit(INITIALS, f"It is made of the first letters of its {name.kind} `{name.text}`.")
    return NOT_AT_ALL


def _by_letters(asked: Form, name: Name, known: Form) -> Fit:
    """Give the fit by letters that differ; numbers in both have to be the same, since 15N is no mistyped 15C."""
    length = max(len(asked.squeezed), len(known.squeezed))
    if min(len(asked.squeezed), len(known.squeezed)) < FEWEST or _numbered(asked) != _numbered(known):
        return NOT_AT_ALL
    differ = OSA.distance(asked.squeezed, known.squeezed)
    score = min(UNSAFE, round(100 * (1 - differ / length)))
    verb = "differs" if differ == 1 else "differ"
    return Fit(score, f"{differ} of {length} letters {verb} from its {name.kind} `{name.text}`.")


def _by_words(asked: Form, name: Name, known: Form, weight: Weight) -> Fit:
    """Give the fit by words that both have, each counted by what it tells."""
    pairs = pairs_of(asked.words, known.words)
    total = sum(map(weight, asked.words)) + sum(map(weight, known.words))
    shared = sum((weight(one) + weight(other)) * like for one, other, like in pairs)
    missing = [word for word in asked.words if word not in {one for one, _, _ in pairs}]
    extra = [word for word in known.words if word not in {other for _, other, _ in pairs}]
    near = [f"`{one}` for `{other}`" for one, other, _ in pairs if one != other]
    parts = [f"It shares {_listed(other for _, other, _ in pairs)} with its {name.kind} `{name.text}`",
             f"taking {' and '.join(near)}" if near else "", f"without {_listed(missing)}" if missing else "",
             f"which also has {_listed(extra)}" if extra else ""]
    score = max(100 * shared / total, 0 if missing else WITHIN * min(like for _, _, like in pairs)) if pairs else 0
    return Fit(min(UNSAFE, round(score)), ", ".join(filter(None, parts)) + ".")


def pairs_of(asked: Sequence[str], known: Sequence[str]) -> list[tuple[str, str, float]]:
    """Give the words that two texts share: as asked, as known, and how like they are, from 0 to 1."""
    left, pairs = list(dict.fromkeys(known)), []
    for word in dict.fromkeys(asked):
        best = max(left, key=lambda other: likeness(word, other), default="")
        if best and (like := likeness(word, best)):
            left.remove(best)
            pairs.append((word, best, like))
    return pairs


def likeness(one: str, other: str) -> float:
    """Give how like two words are: 1 where equal, 0 where one cannot be taken for the other."""
    if one == other:
        return 1.0
    if min(len(one), len(other)) < FEWEST or _has_digit(one) or _has_digit(other):
        return 0.0
    return fuzz.ratio(one, other, score_cutoff=LIKE) / 100


def _numbered(asked: Form) -> list[str]:
    return [word for word in asked.sorted if _has_digit(word)]


def _has_digit(word: str) -> bool:
    return any(map(str.isdigit, word))


def _listed(words: Iterable[str]) -> str:
    return ", ".join(f"`{word}`" for word in dict.fromkeys(words))
