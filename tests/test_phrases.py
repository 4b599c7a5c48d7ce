"""Quoted phrases are looked up in the reader's own copies of the documents, and drift is told."""

from pathlib import Path

import pytest

from carekg import errors, folder, phrases
from commands import run, sentence

LINES = [f"line {number}" for number in range(1, 12)] + [
    "It is told that neighbours of every age in the small town walk by\u00a0lantern light, come what may."]


@pytest.fixture
def documents(tmp_path: Path) -> Path:
    """A folder with the one document that the small world quotes."""
    place = tmp_path / "documents"
    place.mkdir()
    (place / "lanterns.txt").write_text("\n".join(LINES), encoding="utf-8")
    return place


def test_a_phrase_on_its_line_is_found(world: Path, documents: Path) -> None:
    assert phrases.check(folder.load(world), documents) == (1, 0)


def test_a_phrase_that_has_moved_is_told_with_its_new_line(world: Path, documents: Path) -> None:
    (documents / "lanterns.txt").write_text("\n".join(["one more", *LINES]), encoding="utf-8")
    with pytest.raises(errors.DriftedPhrases, match=r"data/world.ttl:\d+: passage:lantern-dusk: .* is not on line 12; "
                                                    r"it stands on line 13"):
        phrases.check(folder.load(world), documents)


def test_a_phrase_that_is_gone_is_told(world: Path, documents: Path) -> None:
    (documents / "lanterns.txt").write_text("nothing of the kind", encoding="utf-8")
    with pytest.raises(errors.DriftedPhrases, match="it stands nowhere in the document"):
        phrases.check(folder.load(world), documents)


def test_a_folder_without_the_documents_is_refused(world: Path, tmp_path: Path) -> None:
    with pytest.raises(errors.BadInput, match="has none of the documents that are quoted: lanterns"):
        phrases.check(folder.load(world), tmp_path)


@pytest.mark.heavy
def test_the_check_command_says_that_nothing_was_looked_up(world: Path) -> None:
    assert "Quoted phrases were not looked up: CAREKG_SOURCES" in run("check", folder=world).stdout


@pytest.mark.heavy
def test_the_check_command_looks_phrases_up(world: Path, documents: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CAREKG_SOURCES", str(documents))
    assert "1 quoted phrases stand on their lines" in run("check", folder=world).stdout
    (documents / "lanterns.txt").write_text("nothing of the kind", encoding="utf-8")
    assert sentence(run("check", folder=world), 2).startswith("A phrase is not on its line: data/world.ttl:")


def test_a_phrase_of_a_source_without_a_document_is_counted(world: Path, documents: Path) -> None:
    path = world / "data" / "world.ttl"
    more = ('passage:lantern-noon a care:Passage ; care:isFrom source:lantern-study ; care:section "Noon" ; '
            'care:line 3 ; care:phrase "no lantern is needed at noon" .')
    path.write_text(path.read_text(encoding="utf-8") + more, encoding="utf-8")
    assert phrases.check(folder.load(world), documents) == (1, 1)


def test_a_folder_that_is_not_there_is_told_before_anything_else(world: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CAREKG_SOURCES", "/nowhere/at/all")
    assert sentence(run("check", folder=world), 2) == "CAREKG_SOURCES names /nowhere/at/all, which is no folder."
