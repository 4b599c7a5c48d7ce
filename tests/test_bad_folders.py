"""Questions, folders and vocabularies that are not right are refused in a sentence, and nothing changes."""

import pathlib
import re
import shutil

import pytest
from flask.testing import FlaskClient

from carekg.store.embedded import EmbeddedStore
from commands import run, sentence
from hearing import Ear
from spoiling import QUESTION, Refused, edit, write

# --- questions -------------------------------------------------------------------------------------------------


def test_a_question_that_does_not_parse_is_told_with_its_place(world: pathlib.Path, refused: Refused) -> None:
    write(world, "queries/more.rq", QUESTION.replace("$group .", "$group $group ."))
    told = refused()
    line = QUESTION.splitlines().index("  ?innovation a care:Innovation ; care:serves $group .") + 1
    assert re.match(rf"queries/more\.rq:({line}|{line + 1}):\d+: ", told), told
    assert "[" not in told


def test_an_undeclared_prefix_of_a_question_is_told_with_the_line_that_declares_it(
    world: pathlib.Path, refused: Refused
) -> None:
    write(world, "queries/more.rq", QUESTION.replace("care:Innovation", "skos:Concept"))
    told = refused()
    assert told.startswith("queries/more.rq:10:")
    assert "PREFIX skos: <http://www.w3.org/2004/02/skos/core#>" in told


def test_a_parameter_that_a_question_uses_and_does_not_declare_is_told(world: pathlib.Path, refused: Refused) -> None:
    write(world, "queries/more.rq", QUESTION.replace("$group .", "$group ; care:fundedBy $funder ."))
    told = refused()
    assert told.startswith("queries/more.rq")
    assert "`funder`" in told or "`$funder`" in told


def test_a_parameter_that_a_question_declares_and_does_not_use_is_told(world: pathlib.Path, refused: Refused) -> None:
    write(world, "queries/more.rq", QUESTION.replace("$group", "?other"))
    assert refused() == "queries/more.rq: parameter `group` is not used in the WHERE clause."


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("#+ summary: Which innovations are there?\n", "", "needs a summary that is a question"),
        ("are there?", "are there", "needs a summary that is a question"),
        ("type: concept", "type: concpt", "the parameter `group`, which needs a type (concept, thing, text"),
        ("of: group", "of: grop", "the parameter `group`, which needs a type"),
        ("#+ parameters:", "#+ paramters:", "the #+ header has `paramters`; it takes summary, description"),
        ("#+     of: group", "#+     fo: group", "a parameter with `fo: group`; a parameter takes name, label, type"),
        ("default: group:older-people", "default: group:older-peple", "group:older-peple"),
        ("#+ summary:", "#+ summary: [", "is not YAML"),
        ("SELECT ?innovation", "SELECT ?innovation $group", "parameter `group` is projected"),
        ("SELECT ?innovation WHERE", "DELETE WHERE", "queries/more.rq:"),
    ],
)
def test_what_is_wrong_with_a_question_is_told_with_its_file(
    old: str, new: str, told: str, world: pathlib.Path, refused: Refused
) -> None:
    assert old in QUESTION
    write(world, "queries/more.rq", QUESTION.replace(old, new))
    sentence_ = refused()
    assert sentence_.removeprefix("Unknown term: ").startswith("queries/more.rq")
    assert told in sentence_


@pytest.mark.parametrize("text", [b"", b"\n", QUESTION.encode().replace(b"there", b"th\xe9re"), b"\x00\xff"])
def test_a_question_that_is_empty_or_not_utf8_is_told_with_its_file(
    text: bytes, world: pathlib.Path, refused: Refused
) -> None:
    write(world, "queries/more.rq", text)
    assert refused().startswith("queries/more.rq")


def test_a_question_that_calls_another_service_is_refused_before_anybody_is_called(
    world: pathlib.Path, ear: Ear
) -> None:
    body = f"  SERVICE <{ear.address}> {{ ?innovation ?p $group }}\n}}"
    write(world, "queries/more.rq", QUESTION[: QUESTION.index("  ?innovation a")] + body)
    result = run("check", folder=world)
    assert ear.heard() == 0
    told = sentence(result, 2)
    assert told.startswith("queries/more.rq")
    assert "SERVICE" in told


def test_an_undeclared_parameter_over_http_is_told_with_those_that_are(client: FlaskClient) -> None:
    answer = client.get("/queries/innovations-by-route.csv?rout=partnerships")
    assert (answer.status_code, answer.text) == (
        400, "`rout` is not a parameter of innovations-by-route; it takes `route`.\n")


# --- folders ---------------------------------------------------------------------------------------------------


def test_a_folder_that_is_not_there_is_told(tmp_path: pathlib.Path, good_store: EmbeddedStore) -> None:
    missing = tmp_path / "no-such"
    for command in ("build", "check", "ask"):
        arguments = [command, "disagreements"] if command == "ask" else [command]
        told = sentence(run(*arguments, folder=missing, store=tmp_path / "store"), 2)
        assert told == f"{missing} has no folder; name one that holds ontology/, shapes/, data/ and queries/."
    assert not (tmp_path / "store").exists()


def test_a_file_in_the_place_of_a_folder_is_told(tmp_path: pathlib.Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    assert str(tmp_path / "file") in sentence(run("check", folder=tmp_path / "file"), 2)


@pytest.mark.parametrize("emptied", [False, True])
def test_a_folder_without_an_ontology_is_told(emptied: bool, world: pathlib.Path, refused: Refused) -> None:
    shutil.rmtree(world / "ontology")
    if emptied:
        (world / "ontology").mkdir()
    told = refused()
    assert told == f"{world} has no ontology; put the vocabulary's Turtle files into its ontology/ folder."


def test_an_ontology_of_empty_files_is_told(world: pathlib.Path, refused: Refused) -> None:
    for path in (world / "ontology").glob("*.ttl"):
        path.write_text("", encoding="utf-8")
    told = refused()
    assert re.match(r"\d+ unknown terms, so nothing was changed\.\n", told)
    assert told.splitlines()[-1].startswith("  ... and ")


def test_an_empty_folder_is_told(tmp_path: pathlib.Path) -> None:
    assert "has no ontology" in sentence(run("check", folder=tmp_path), 2)


def test_two_files_of_one_name_are_told(world: pathlib.Path, refused: Refused) -> None:
    write(world, "data/world.nt", "")
    told = refused()
    assert "world.nt" in told
    assert "world.ttl" in told


# --- vocabulary ------------------------------------------------------------------------------------------------


def test_an_axiom_that_reasoning_does_not_cover_is_told(world: pathlib.Path, refused: Refused) -> None:
    name = "ontology/care.ttl"
    edit(world, name, "care:Innovation a owl:Class ;", "care:Innovation a owl:Class ; owl:disjointWith care:Place ;")
    told = sentence(run("build", folder=world, store=world.parent / "other"), 2)
    assert told.startswith("The ontology uses ")
    assert "disjointWith" in told
    assert "care:Innovation" in told
