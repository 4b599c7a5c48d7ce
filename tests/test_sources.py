"""Every phrase that is quoted stands in its document, on the line that is named, and is no whole sentence."""

import os
import re
from pathlib import Path
from typing import NamedTuple

import pytest

import small
from carekg.terms import PREFIXES, compact

FILES = {
    "routes-to-scale": "000",
    "growing-innovative-models": "001",
    "critical-factors": "002",
    "scaling-innovation": "003",
    "encouraging-spread": "004",
}
"""The key of a source and the start of its document's file name."""

MOST_WORDS = 12
"""Words that a quoted phrase has at most."""

SOURCES = Path(os.environ.get("CAREKG_SOURCES") or small.ROOT.parent / "shared" / "seeds")
"""Where the documents are, read before the fixtures clear the environment; they are not ours to ship."""


class Quotation(NamedTuple):
    """A passage with the phrase it quotes, the key of its source and the line."""

    passage: str
    phrase: str
    source: str
    line: int | None


def quotations() -> list[Quotation]:
    """Every passage of the data that quotes."""
    said: dict[str, dict[str, str]] = {}
    for triple in small.shipped("data"):
        said.setdefault(str(triple.subject)[1:-1], {})[compact(triple.predicate.value)] = getattr(
            triple.object, "value", "")
    return [Quotation(passage, values["care:phrase"], values["care:isFrom"].removeprefix(PREFIXES["source"]),
                      int(values["care:line"]) if "care:line" in values else None)
            for passage, values in said.items() if "care:phrase" in values]


def document(source: str) -> list[str]:
    """The lines of a source's document; without the documents, the test is skipped."""
    found = sorted(SOURCES.glob(f"{FILES[source]}*.txt"))
    if not found:
        pytest.skip(f"no document {FILES[source]}* in {SOURCES}: name their folder in CAREKG_SOURCES")
    return found[0].read_text(encoding="utf-8").split("\n")


def plain(text: str) -> str:
    """A text with one kind of space."""
    return re.sub(r"\s+", " ", text)


@pytest.mark.parametrize("source", FILES)
def test_a_phrase_stands_on_the_line_that_is_named(source: str) -> None:
    lines = document(source)
    found = [one for one in quotations() if one.source == source]
    assert found
    missing = [f"{compact(one.passage)}: {one.phrase!r} is not on line {one.line}" for one in found
               if one.line is None or one.line > len(lines) or plain(one.phrase) not in plain(lines[one.line - 1])]
    assert missing == []


def test_a_phrase_has_at_most_twelve_words() -> None:
    found = quotations()
    assert len(found) > 200
    assert [one.passage for one in found if len(one.phrase.split()) > MOST_WORDS] == []


def test_a_phrase_that_is_found_by_its_line_is_from_one_of_the_documents() -> None:
    assert {one.source for one in quotations() if one.line is not None} <= set(FILES)
