"""``carekg why`` and an empty ``carekg ask``, as a person at a terminal meets them."""

from pathlib import Path

import pytest

from carekg.store.embedded import EmbeddedStore
from commands import run


def told(good_folder: Path, good_store: EmbeddedStore, *words: str, status: int = 0) -> str:
    result = run(*words, folder=good_folder, store=good_store.path)
    assert result.exit_code == status, result.output
    return result.stdout


def test_why_tells_the_rule_and_what_it_rests_on(good_folder: Path, good_store: EmbeddedStore) -> None:
    text = told(good_folder, good_store, "why", "innovation:lantern-walks", "care:takenUpIn", "place:the-shore")
    assert text.startswith("Lantern Walks – taken up in – the Shore\n  follows, since “taken up in” follows from")
    assert "asserted in data/world, change 1 by" in text
    assert "neighbours of every age in the small town walk by lantern light" in text


@pytest.mark.heavy
def test_why_foretells_a_removal(good_folder: Path, good_store: EmbeddedStore) -> None:
    words = ("why", "site:lantern-walks-saltmere", "care:place", "place:saltmere", "--removed")
    text = told(good_folder, good_store, *words)
    assert "Lantern Walks – taken up in – the Shore" in text
    assert "the graph would still be valid" in text


def test_why_lists_what_there_is_with_the_command_for_each(good_folder: Path, good_store: EmbeddedStore) -> None:
    text = told(good_folder, good_store, "why", "place:saltmere", "rdfs:label", "Salt", status=2)
    assert "This statement is not in the graph, which is not the same as false." in text
    assert "carekg why place:saltmere rdfs:label '\"Saltmere\"@en'" in text
    assert "Choose one of the statements about Saltmere." in told(good_folder, good_store, "why", "place:saltmere")


def test_an_empty_answer_says_why_and_what_has_rows(good_folder: Path, good_store: EmbeddedStore) -> None:
    text = told(good_folder, good_store, "ask", "innovations-in-place", "--place", "Old Saltmere")
    assert "- Nothing in this graph fits “innovation taken up in Old Saltmere”." in text
    assert text.endswith("0 rows.\n")
