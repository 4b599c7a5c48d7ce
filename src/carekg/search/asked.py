"""What somebody typed to be found: words, phrases in quotation marks, and a last word that may be half typed.

Nothing of it is an operator: signs other than quotation marks only part words from each other.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from carekg import errors
from carekg.search import text as texts

MOST_CHARACTERS: Final = 300
MOST_WORDS: Final = 16

LEAST: Final = 2
"""Letters that a word has at least to be taken for the beginning of another."""

PLAIN: Final = frozenset((
    "a", "an", "and", "are", "as", "at", "be", "by", "did", "do", "does", "for", "from", "has", "have", "how", "in",
    "is", "it", "of", "on", "or", "that", "the", "their", "there", "these", "this", "to", "was", "were", "what", "when",
    "where", "which", "who", "why", "with"))
"""Words that are not looked for beside others: they are in most texts, and in no short one."""

QUOTED: Final = re.compile(r'["“”„]([^"“”„]*)["“”„]')


class Typed(NamedTuple):
    """A part of what was typed: words in a row, whether they stood in quotation marks, and whether more may follow."""

    text: str
    words: tuple[str, ...]
    quoted: bool = False
    half: bool = False


class Asked(NamedTuple):
    """All that is looked for, the plain words that are not, and all words as they were typed, in a row."""

    parts: tuple[Typed, ...]
    left_out: tuple[str, ...] = ()
    whole: str = ""

    @property
    def words(self) -> tuple[str, ...]:
        """Give every word that is looked for."""
        return tuple(word for part in self.parts for word in part.words)


def read(text: str) -> Asked:
    """Give what a text asks for.

    :raises BadInput: it is longer than what is looked for.
    """
    clean = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
    if len(clean) > MOST_CHARACTERS:
        raise errors.BadInput(f"What you look for has {len(clean):,} characters, and {MOST_CHARACTERS} are read; take "
                              "the few words that matter most.")
    found = [part for part in _parts(clean) if part.words]
    plain = [part for part in found if not part.quoted and set(part.words) <= PLAIN]
    kept = found if len(plain) == len(found) else [part for part in found if part not in plain]
    taken, count = [], 0
    for part in kept:
        count += len(part.words)
        if count <= MOST_WORDS:
            taken.append(part)
    left = [part.text for part in found if part not in taken]
    return Asked(tuple(taken), tuple(dict.fromkeys(left)), " ".join(word for part in found for word in part.words))


def _parts(text: str) -> list[Typed]:
    """Give phrases and words in their order; the last word may be half typed."""
    found: list[Typed] = []
    at = 0
    for phrase in QUOTED.finditer(text):
        found += _words(text[at:phrase.start()])
        found.append(Typed(phrase[1].strip(), tuple(texts.words(phrase[1])), quoted=True))
        at = phrase.end()
    found += _words(text[at:])
    if found and not found[-1].quoted and len(found[-1].words[-1]) >= LEAST:
        found[-1] = found[-1]._replace(half=True)
    return found


def _words(text: str) -> list[Typed]:
    """Give what stands between spaces: what a hyphen joins stays together."""
    return [Typed(one.strip("\"'()[]{}<>*^:;,.!?-+~"), row) for one in text.split()
            if (row := tuple(texts.words(one)))]
