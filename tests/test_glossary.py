"""The glossary of a folder, read from its tables, and the words of it that a text uses."""

import pathlib

from flask.testing import FlaskClient

import small
from carekg import glossary

TABLES = """# Words

## The field

| word | here |
| --- | --- |
| care farm | a farm on which people *mend* |
| CQC | the regulator, see `care:Regulator` |

## The graph

| word | here |
| --- | --- |
| SHACL, shape | the language of constraints, and one of them |
"""


def read(place: pathlib.Path, text: str) -> glossary.Glossary:
    (place / "GLOSSARY.md").write_text(text, encoding="utf-8")
    return glossary.read(place)


def test_each_row_of_a_table_is_a_word_under_its_heading(tmp_path: pathlib.Path) -> None:
    found = read(tmp_path, TABLES)
    assert {heading: [word.name for word in words] for heading, words in found.sections.items()} == {
        "The field": ["care farm", "CQC"], "The graph": ["SHACL, shape"]}
    assert [word.meaning for word in found.words][:2] == ["a farm on which people mend",
                                                          "the regulator, see care:Regulator"]


def test_words_are_found_in_a_text_in_any_number_and_abbreviations_as_written(tmp_path: pathlib.Path) -> None:
    found = read(tmp_path, TABLES)
    assert [word.name for word in found.used(["Which Care farms?", "two shapes"])] == ["care farm", "SHACL, shape"]
    assert found.used(["cqc", "a daycare farmer", "reshape"]) == []
    assert [word.key for word in found.used(["CQCs"])] == ["cqc"]


def test_a_folder_without_a_glossary_has_no_words(tmp_path: pathlib.Path) -> None:
    assert glossary.read(tmp_path).words == ()


def test_the_shipped_glossary_has_every_row_once() -> None:
    lines = [line for line in (small.ROOT / glossary.NAME).read_text(encoding="utf-8").splitlines()
             if line.startswith("| ")]
    words = glossary.read(small.ROOT).words
    assert len(words) == len(lines) - 2 * len({word.section for word in words}) > 50
    assert len({word.key for word in words}) == len(words)


def test_words_come_as_a_page_and_as_json(client: FlaskClient) -> None:
    page = client.get("/words", headers={"Accept": "text/html"}).text
    assert 'id="standing"' in page
    listed = client.get("/words.json").json
    assert {"word", "meaning", "section"} == set(listed[0])
    assert "not stated" in {one["word"] for one in listed}


def test_help_leads_to_first_questions(client: FlaskClient) -> None:
    page = client.get("/help").text
    assert "/queries/not-stated" in page
    assert "/words#standing" in page
