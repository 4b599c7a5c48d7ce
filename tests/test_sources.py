"""Every phrase that is quoted stands in its document, on the line that is named, and is no whole sentence."""

import os
from pathlib import Path

import pytest

import small
from carekg import folder, phrases

MOST_WORDS = 12
"""Words that a quoted phrase has at most."""

SOURCES = Path(os.environ.get("CAREKG_SOURCES") or small.ROOT.parent / "shared" / "seeds")
"""Where the documents are, read before the fixtures clear the environment; they are not ours to ship."""


def quoted() -> dict[str, dict[str, set[str]]]:
    """Every passage of the data that quotes."""
    return {thing: values for thing, values in small.said("data").items() if values.get("care:phrase")}


@pytest.mark.skipif(not SOURCES.is_dir(), reason=f"no documents in {SOURCES}: name their folder in CAREKG_SOURCES")
def test_every_phrase_stands_on_the_line_that_is_named(shipped: Path) -> None:
    assert phrases.check(folder.load(shipped), SOURCES) == (len(quoted()), 0)


def test_a_phrase_has_at_most_twelve_words() -> None:
    found = quoted()
    assert len(found) > 200
    assert [thing for thing, values in found.items()
            if any(len(phrase.split()) > MOST_WORDS for phrase in values["care:phrase"])] == []


def test_a_phrase_that_is_found_by_its_line_is_from_one_of_the_five_documents() -> None:
    documents = {thing for thing, values in small.said("data").items() if values.get("care:textFile")}
    assert len(documents) == 5
    assert {source for values in quoted().values() if values.get("care:line")
            for source in values["care:isFrom"]} <= documents
