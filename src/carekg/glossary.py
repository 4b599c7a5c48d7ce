"""The glossary of a knowledge folder, ``GLOSSARY.md``: what the words on its pages mean here."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

NAME: Final = "GLOSSARY.md"
HEADS: Final = ("word", "---")
"""First cells of the rows that name and underline the columns of a table."""

ROW: Final = re.compile(r"\|(.+?)\|(.+)\|\s*")
MARKS: Final = re.compile(r"(?<!\w)[*`]|[*`](?!\w)")


@dataclass(frozen=True)
class Word:
    """A word as the glossary writes it, what it means here, and the heading under which it stands."""

    name: str
    meaning: str
    section: str = ""

    @property
    def key(self) -> str:
        """Give what the word's address ends in."""
        return re.sub(r"[^a-z0-9]+", "-", self.name.casefold()).strip("-")

    @property
    def spellings(self) -> list[str]:
        """Give each of the words that are explained together."""
        return [one.strip() for one in self.name.split(",")]


@dataclass(frozen=True)
class Glossary:
    """The words of a glossary in their order; none where a folder has no glossary."""

    words: tuple[Word, ...] = ()

    @property
    def sections(self) -> dict[str, list[Word]]:
        """Give the words by the heading under which they stand."""
        found: dict[str, list[Word]] = {}
        for word in self.words:
            found.setdefault(word.section, []).append(word)
        return found

    def used(self, texts: Iterable[str]) -> list[Word]:
        """Give the words that texts use, in the singular or the plural; abbreviations as they are written only."""
        whole = "\n".join(texts)
        return [word for word in self.words if any(_pattern(one).search(whole) for one in word.spellings)]


def read(folder: Path) -> Glossary:
    """Give the glossary of a knowledge folder: the rows of two cells in its tables, by their headings."""
    path, section, words = folder / NAME, "", []
    for line in path.read_text(encoding="utf-8").splitlines() if path.is_file() else ():
        if line.startswith("## "):
            section = line.removeprefix("## ").strip()
        elif (row := ROW.fullmatch(line)) and row[1].strip() not in HEADS:
            words.append(Word(row[1].strip(), MARKS.sub("", row[2].strip()), section))
    return Glossary(tuple(words))


def _pattern(word: str) -> re.Pattern[str]:
    flags = re.NOFLAG if word.isupper() else re.IGNORECASE
    return re.compile(rf"\b{re.escape(word)}s?\b", flags)
