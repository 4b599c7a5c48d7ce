"""Bad input is refused in one sentence that says where, what and what would be right, and nothing changes."""

import json
import pathlib
import re

import pytest

from carekg import folder as knowledge
from carekg import query, web
from carekg.store.embedded import EmbeddedStore
from commands import run, sentence
from spoiling import INNOVATION, QUESTION, Refused, edit, prefixes, write


@pytest.mark.heavy
def test_the_additions_of_these_tests_are_right(world: pathlib.Path) -> None:
    write(world, "data/more.ttl", prefixes(world) + INNOVATION)
    write(world, "queries/more.rq", QUESTION)
    assert run("check", folder=world).exit_code == 0


@pytest.mark.heavy
def test_check_says_the_same_as_build(world: pathlib.Path, refused: Refused) -> None:
    for old, new in ((" .\n", " \n"), ("care:Inn", "care:In"), ("passage:lantern-dusk", "place:saltmere")):
        write(world, "data/more.ttl", prefixes(world) + INNOVATION.replace(old, new))
        exit_code = 3 if "place" in new else 2
        assert sentence(run("check", folder=world), exit_code) == refused(exit_code)


# --- data files ------------------------------------------------------------------------------------------------


def test_broken_turtle_is_told_with_file_line_and_column(world: pathlib.Path, refused: Refused) -> None:
    line = edit(world, "data/world.ttl", 'rdfs:label "Lantern Walks"@en ;', 'rdfs:label "Lantern Walks@en ;')
    told = refused()
    assert re.match(rf"data/world\.ttl:{line}:\d+: ", told)
    assert "\n" not in told


def test_an_undeclared_prefix_is_told_with_the_line_that_declares_it(
    world: pathlib.Path, refused: Refused
) -> None:
    write(world, "data/more.ttl", prefixes(world).replace("@prefix skos:", "@prefix scos:") + INNOVATION)
    told = refused()
    line = (prefixes(world) + INNOVATION).splitlines().index('    skos:definition "Walks without lanterns."@en ;') + 1
    assert told.startswith(f"data/more.ttl:{line}:")
    assert "`@prefix skos: <http://www.w3.org/2004/02/skos/core#> .`" in told


def test_a_prefix_that_nobody_knows_is_named(world: pathlib.Path, refused: Refused) -> None:
    write(world, "data/more.ttl", prefixes(world) + INNOVATION.replace("skos:definition", "nope:definition"))
    told = refused()
    assert told.startswith("data/more.ttl:")
    assert "nope" in told


@pytest.mark.parametrize(
    ("old", "new", "right"),
    [
        ("care:isOffshootOf", "care:isOfshootOf", "care:isOffshootOf"),
        ("skos:definition", "skos:defnition", "skos:definition"),
        ("a care:Innovation", "a care:Inovation", "care:Innovation"),
        ("place:saltmere ;", "place:saltmeer ;", "place:saltmere"),
        ("siterole:pilot", "siterole:pilote", "siterole:pilot"),
    ],
)
def test_a_misspelt_term_is_told_with_its_file_its_line_and_the_right_one(
    old: str, new: str, right: str, world: pathlib.Path, refused: Refused
) -> None:
    line = edit(world, "data/world.ttl", old, new)
    told = refused()
    wrong = next(word for word in new.split() if ":" in word)
    assert wrong in told
    assert re.search(rf"data/world\.ttl:{line}\b", told)
    assert right in told.replace(wrong, "")


def test_a_misspelt_term_of_a_shape_is_told(world: pathlib.Path, refused: Refused) -> None:
    name = next(path.name for path in sorted((world / "shapes").glob("*.ttl")) if "sh:minCount" in path.read_text())
    line = edit(world, f"shapes/{name}", "sh:minCount", "sh:mincount")
    told = refused()
    assert told.startswith(f"Unknown term: shapes/{name}:{line}: ")
    assert "sh:mincount" in told
    assert "sh:minCount" in told


def test_a_misspelt_property_in_a_query_is_told(world: pathlib.Path, refused: Refused) -> None:
    write(world, "queries/more.rq", QUESTION.replace("care:serves", "care:servs"))
    told = refused()
    assert "queries/more.rq" in told
    assert "care:servs" in told


@pytest.mark.heavy
def test_a_violation_in_one_of_many_files_is_told_with_file_line_and_value(
    world: pathlib.Path, refused: Refused
) -> None:
    for number in range(20):
        text = INNOVATION.replace("moon-walks", f"moon-walks-{number}").replace("Moon Walks", f"Moon Walks {number}")
        if number == 13:
            text = text.replace("care:restsOn passage:lantern-dusk", "care:restsOn place:saltmere")
        write(world, f"data/more-{number}.ttl", prefixes(world) + text)
    told = refused(3)
    line = (prefixes(world) + INNOVATION).splitlines().index("    care:restsOn passage:lantern-dusk .") + 1
    assert told.startswith("1 violation, so nothing was changed.\n")
    assert f"data/more-13.ttl:{line}: innovation:moon-walks-13: " in told
    assert "place:saltmere" in told
    assert len(told.splitlines()) == 2


@pytest.mark.heavy
def test_many_violations_are_counted_and_the_first_are_shown(
    world: pathlib.Path, refused: Refused
) -> None:
    for number in range(30):
        text = INNOVATION.replace("moon-walks", f"moon-walks-{number}")
        wrong = text.replace("passage:lantern-dusk", "place:saltmere")
        write(world, f"data/more-{number}.ttl", prefixes(world) + wrong)
    told = refused(3)
    assert int(told.split()[0]) >= 30
    assert len(told.splitlines()) == 22
    assert re.search(r"\.\.\. and \d+ more$", told)


@pytest.mark.heavy
def test_an_enormous_value_is_not_repeated_whole(world: pathlib.Path, refused: Refused) -> None:
    wrong = INNOVATION.replace("passage:lantern-dusk", '"' + "x" * 1_000_000 + '"')
    write(world, "data/more.ttl", prefixes(world) + wrong)
    told = refused(3)
    assert "data/more.ttl" in told
    assert len(told) < 2_000


def test_a_file_that_is_not_utf8_is_told_with_its_name(world: pathlib.Path, refused: Refused) -> None:
    text = (prefixes(world) + INNOVATION).replace("Walks without", "W\u00e4lks without").encode("latin-1")
    write(world, "data/more.ttl", text)
    told = refused()
    assert told.startswith("data/more.ttl")
    assert "UTF-8" in told


@pytest.mark.parametrize("name", ["data/more.ttl", "shapes/more.ttl", "ontology/more.ttl"])
def test_a_half_written_file_is_told_wherever_it_lies(
    name: str, world: pathlib.Path, refused: Refused
) -> None:
    text = prefixes(world) + INNOVATION
    write(world, name, text[: text.index("without") + 3])
    assert re.match(rf"{re.escape(name)}:\d+:\d+: ", refused())


@pytest.mark.parametrize("text", [b"\x00\x01\x02\xff", b"PK\x03\x04", b"<html></html>", b"a,b,c\n1,2,3\n"])
def test_a_file_of_another_kind_is_told(text: bytes, world: pathlib.Path, refused: Refused) -> None:
    write(world, "data/more.ttl", text)
    told = refused()
    assert told.startswith("data/more.ttl")
    assert len(told) < 400


def test_a_link_that_leads_nowhere_is_told_or_passed_over(world: pathlib.Path) -> None:
    (world / "data" / "more.ttl").symlink_to(world / "nowhere.ttl")
    assert run("check", folder=world).exit_code in (0, 2)


def test_a_file_that_cannot_be_read_is_told(world: pathlib.Path, refused: Refused) -> None:
    unreadable = pathlib.Path("/proc/self/mem")  # even for root, whom no permission keeps out
    (world / "data" / "more.ttl").symlink_to(unreadable)
    assert refused().startswith("data/more.ttl: it cannot be read")


# --- what is no fault ------------------------------------------------------------------------------------------


@pytest.mark.heavy
def test_empty_files_of_data_and_shapes_do_no_harm(world: pathlib.Path, tmp_path: pathlib.Path) -> None:
    for name in ("data/empty.ttl", "shapes/empty.ttl", "ontology/empty.ttl", "data/blank.nt"):
        write(world, name, "")
    assert run("build", folder=world, store=tmp_path / "store").exit_code == 0


@pytest.mark.heavy
def test_a_huge_literal_is_kept_whole(world: pathlib.Path, tmp_path: pathlib.Path) -> None:
    huge = "Walks " + "and walks " * 200_000
    text = INNOVATION.replace("Walks without lanterns.", huge)
    write(world, "data/more.ttl", prefixes(world) + text)
    assert run("build", folder=world, store=tmp_path / "store").exit_code == 0
    asker = query.Asker(query.catalogue(knowledge.queries(world)), EmbeddedStore(tmp_path / "store"))
    with asker.graph:
        answer = web.create_app(asker).test_client().get("/id/innovation/moon-walks.jsonld")
        assert huge in json.dumps(json.loads(answer.data), ensure_ascii=False)


# --- what a data file can get wrong, each told once, in its file and line --------------------------------------------


MISTAKES = {
    "a date as text": ('care:began "2012-03"^^xsd:gYearMonth', 'care:began "March 2012"',
                       "A claim began at most once: in a year, in a month or on a day. `March 2012` is a plain text."),
    "a date of the wrong form": ('care:asOf "2012-03-01"^^xsd:date', 'care:asOf "1/3/2012"^^xsd:date',
                                 "a year, a month or a day. `1/3/2012`^^xsd:date is not written as a day is."),
    "an amount without currency": ('    care:currency "GBP" ;\n', "", "An amount has a currency. None is given."),
    "an amount as text": ("care:amount 8000.0", 'care:amount "8,000"',
                          "An award has at most one amount, a decimal number above nought. `8,000` is a plain text."),
    "a value of another list": ("care:siteRole siterole:pilot", "care:siteRole confidence:high",
                                "from the list of site roles. confidence:high is a skos:Concept."),
    "two standings": ("care:isPlannedFor innovation:lantern-walks",
                      "care:isPlannedFor innovation:lantern-walks ; care:holdsFor innovation:lantern-walks",
                      "exactly one of the nine standings. It has care:holdsFor (innovation:lantern-walks) and"),
    "a phrase with a language": ('walk by lantern light"', 'walk by lantern light"@en',
                                 "as plain text without a language. `neighbours of"),
    "an id that is a number": ('dcterms:identifier "INN-901"', "dcterms:identifier 901",
                               "at most one identifier, a plain text. `901`^^xsd:integer is a whole number."),
}


WHOLE = {"an amount without currency": "award:lantern-walks a care:Award",
         "two standings": "site:lantern-walks-elsewhere a care:Site"}
"""Mistakes of a thing as a whole, told where its description begins."""


def test_each_mistake_in_a_data_file_is_told_in_one_sentence_with_its_line(
    world: pathlib.Path, refused: Refused
) -> None:
    path = world / "data" / "world.ttl"
    text = path.read_text(encoding="utf-8")
    for old, new, _ in MISTAKES.values():
        assert old in text
        text = text.replace(old, new, 1)
    path.write_text(text, encoding="utf-8")
    told = refused(3).splitlines()[1:]
    for mistake, (_, new, words) in MISTAKES.items():
        found = [line for line in told if words in line]
        assert len(found) == 1, mistake
        number = int(re.findall(r"data/world\.ttl:(\d+): ", found[0])[0])
        assert (WHOLE.get(mistake) or new) in text.splitlines()[number - 1], mistake


def test_an_unknown_concept_of_a_short_list_is_told_with_the_list(world: pathlib.Path, refused: Refused) -> None:
    edit(world, "data/world.ttl", "complexity:simple", "complexity:dark")
    told = refused()
    assert "complexity:dark is described nowhere" in told
    assert "(there are complexity:complex, complexity:complicated, complexity:simple)" in told
