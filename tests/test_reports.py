"""Reports that a steward understands: by thing, in plain words, with what would be right and where it was typed."""

import functools
import json
import re

import pyoxigraph as ox
import pytest

import small
from carekg import reports, validation
from carekg.reports import Group, Line, Spot, Told, Where
from carekg.reports.typed import Typed
from carekg.store import Effect
from carekg.terms import CARE, expand

BROKEN = sorted((small.ROOT / "tests" / "broken").glob("*.ttl"))
WALKS = "https://w3id.org/carekg/id/innovation/lantern-walks"
TOPIC = "https://w3id.org/carekg/def#topic"
RDFS_LABEL = "http://www.w3.org/2000/01/rdf-schema#label"


@functools.cache
def broken() -> tuple[Told, validation.Report]:
    """What is told of the good world with every broken file in it."""
    triples = [*small.shipped("ontology"), *small.good()]
    triples += [one for path in BROKEN for one in small.triples(path.read_text(encoding="utf-8"))]
    report = validation.report(triples, small.shipped("shapes"))
    return reports.told(report), report


def of_world(turtle: str, where: Where | None = None, removed: str = "", unknown: tuple[str, ...] = ()) -> Told:
    """What is told of the good world with some more in it, which is what a change states."""
    added, gone = small.triples(turtle), small.triples(removed)
    data = {*small.good(), *added} - set(gone)
    report = validation.report([*small.shipped("ontology"), *data], small.shipped("shapes"))
    effect = Effect({ox.Quad(*one) for one in added}, {ox.Quad(*one) for one in gone})
    return reports.told(report, unknown, stated=effect, where=where)


# --- each shape ---------------------------------------------------------------------------------------------------


@pytest.mark.heavy
def test_every_violation_of_every_shape_is_told_once_with_its_shape() -> None:
    told, report = broken()
    assert len(told.lines) == len(report.results)
    assert {line.shape for line in told.lines} == {result.shape for result in report.results}
    assert {path.stem for path in BROKEN} == {line.shape.rpartition("#")[2] for line in told.lines}


def test_no_sentence_has_a_datatype_or_an_iri_where_there_is_a_name() -> None:
    for line in broken()[0].lines:
        said = line.says()
        assert "^^" not in said, said
        assert "_:" not in said, said
        assert not re.search(r"(?<!\w)(care|sh|skos|xsd|concept):", said), said


def test_what_a_message_leaves_open_is_told() -> None:
    """Only where a message says all that was found, it stands alone."""
    alone = {line.shape.rpartition("#")[2] for line in broken()[0].lines if not line.found and not line.right}
    assert alone == {"DeclaredTermShape"}


@pytest.mark.parametrize(("thing", "path", "fault"), [
    ("site:site-with-two-standings", "",
     "It has holds for (Lantern Walks) and is planned for (Lantern Walks). Keep one of them."),
    ("passage:passage-with-english-phrase", "phrase",
     "`walk by lantern light` is a text in English. Give a plain text."),
    ("award:award-in-words", "amount", "`8000 pounds` is a plain text. Give a number such as 12.5."),
    ("award:award-with-two-amounts", "amount", "There are 2: `8000.0` and `9000.0`. Keep one of them."),
    ("site:site-without-speaker", "", "Either its voice is not a named person, or it has a speaker."),
    ("place:place-sharing-a-code", "GSS code", "Wickmouth has the same."),
    ("answer:answer-complexity-wrong", "complexity",
     "a study is from the list of voices. Choose one of complex, complicated or simple."),
    ("award:award-with-currency-sign", "currency", "`£` does not fit that. One that does is `EUR`."),
    ("passage:passage-with-thirteen-words", "phrase",
     "`one two three four five six seven eight nine ten eleven twelve thirteen` has 13 words. Give at most 12."),
    ("site:site-that-ended-too-early", "ended", "Given: began `2015`, ended `2014-06`."),
    ("site:site-of-ours-that-holds", "voice", "Given as voice: us. Give another."),
    ("figure:figure-upside-down", "minimum", "`9` is not at most `8`, which is its maximum."),
    ("site:site-without-place", "place or place as printed", "None is given. Give one: place or place as printed."),
    ("milestone:milestone-cited", "",
     "It is a milestone. Say that it is a citation, or leave out what only a citation has."),
])
def test_a_steward_reads_what_was_found_and_what_would_be_right(thing: str, path: str, fault: str) -> None:
    (group,) = [one for one in broken()[0].groups if one.thing == expand(thing)]
    told = {(line.path, f"{line.found} {line.right}".strip()) for line in group.lines}
    assert told == {(path, fault)}


# --- things -------------------------------------------------------------------------------------------------------


def test_lines_stand_below_their_thing_with_its_name_and_class() -> None:
    told = of_world('innovation:owls a care:Innovation ; rdfs:label "Owl Walks"@en .')
    (group,) = told.groups
    assert (group.thing, group.label, group.kind) == ("https://w3id.org/carekg/id/innovation/owls", "Owl Walks",
                                                      "innovation")
    assert {line.path for line in group.lines} == {"definition", "rests on", "kind"}
    assert told.blocks
    assert told.summary() == "3 violations"
    assert told.as_text().splitlines()[0] == "Owl Walks (innovation)"


def test_a_value_in_words_is_told_with_the_thing_that_may_be_meant() -> None:
    told = of_world('innovation:lantern-walks care:topic "lonelyness" .')
    (line,) = told.lines
    assert [one.iri for one in line.near] == [expand("topic:loneliness")]
    assert line.sentence().endswith("Is loneliness meant?")
    assert (line.property, line.value, line.given) == (TOPIC, '"lonelyness"', "`lonelyness`")


def test_what_is_described_nowhere_is_told_below_what_speaks_of_it_with_what_is_meant() -> None:
    sentence = "topic:lonelines, which innovation:lantern-walks speaks of, is described nowhere"
    told = of_world("innovation:lantern-walks care:topic topic:lonelines .", unknown=(sentence,))
    (group,) = told.groups
    (line,) = group.lines  # that it is in no list either need not be told
    assert (group.thing, group.label) == (WALKS, "Lantern Walks")
    assert line.sentence() == f"topic: {sentence}. Is loneliness meant?"


def test_what_is_taken_away_and_spoken_of_is_told_by_its_name_with_what_speaks_of_it() -> None:
    sentence = "place:saltmere, which site:lantern-walks-saltmere speaks of, is described nowhere"
    gone = "\n".join(f"{one.subject} {one.predicate} {one.object} ." for one in small.good()
                     if str(one.subject) == f"<{expand('place:saltmere')}>")
    told = of_world("", removed=gone, unknown=(sentence,))
    (own,) = [group for group in told.groups if group.thing == expand("place:saltmere")]
    assert "site:lantern-walks-saltmere speaks of it still. Keep it, or change that too." in own.lines[0].sentence()
    others = [line.sentence() for group in told.groups if group is not own for line in group.lines]
    assert "place: What a site lies in is a place. Saltmere is described nowhere." in others


def test_no_value_moves_a_terminal_or_breaks_a_line() -> None:
    told = of_world('innovation:owls a care:Innovation ; rdfs:label "Owl\\u001b[31m"@en ; care:topic "a\\u0007\\nb" .')
    assert told.as_text().splitlines()[0] == "Owl\ufffd[31m (innovation)"
    assert "`a\ufffd b` is a plain text." in told.as_text()


def test_a_thing_without_an_address_is_told_as_such() -> None:
    (group,) = of_world("innovation:lantern-walks care:hasFigure [ a care:Innovation ] .").groups[-1:]
    assert not group.has_address
    assert (group.label, group.kind) == ("a thing without an address", "innovation")


def test_a_warning_is_told_and_does_not_block() -> None:
    shapes = small.triples('caresh:S a sh:NodeShape ; sh:targetClass care:Innovation ; sh:property caresh:S-note . '
                           'caresh:S-note sh:path rdfs:comment ; sh:minCount 1 ; sh:severity sh:Warning ; '
                           'sh:message "An innovation has a note."@en .')
    told = reports.told(validation.report(small.triples("innovation:owls a care:Innovation ."), shapes))
    assert not told.blocks
    assert told.summary() == "1 warning"
    assert "  Warning: comment: An innovation has a note. None is given. Give one." in told.as_text().splitlines()


def test_nothing_wrong_is_nothing_told() -> None:
    told = of_world("")
    assert (bool(told), told.summary(), told.as_text()) == (False, "", "")


def test_all_of_it_can_be_had_as_json_or_cut() -> None:
    told, _ = broken()
    data = json.loads(json.dumps(told.as_data()))
    assert sum(len(group["lines"]) for group in data["groups"]) == len(told.lines)
    assert len(told.cut(7).lines) == 7
    assert told.cut(10**6).lines == told.lines


# --- where it was typed -------------------------------------------------------------------------------------------


def test_a_line_has_where_its_statement_was_typed() -> None:
    cells = {(WALKS, TOPIC, '"walking"'): "cell C7", (WALKS, RDFS_LABEL, '"Lamps"@en'): Spot("cell B7", "b7")}
    told = of_world('innovation:lantern-walks care:topic "walking" ; rdfs:label "Lamps"@en .',
                    where=lambda *statement: cells.get(statement))
    assert {line.where for line in told.lines} == {Spot("cell C7"), Spot("cell B7", "b7")}
    assert any(line.sentence().startswith("cell C7: topic: The topics of an innovation are") for line in told.lines)


def test_what_is_missing_is_told_where_its_thing_was_typed() -> None:
    told = of_world('innovation:owls a care:Innovation ; rdfs:label "Owl Walks"@en .',
                    where=lambda _thing, property_, value: None if property_ or value else "row 4")
    assert {line.where for line in told.lines} == {Spot("row 4")}


UPDATE = """PREFIX care: <https://w3id.org/carekg/def#>
BASE <https://example.org/>
# :a care:line 1 .
DELETE DATA { <a> care:line 3 } ;
INSERT DATA { <a> a care:Passage ; care:line -3 , 4.5 ; care:phrase "say \\"x\\"; ok."@en-GB , '''two
lines''' .
  GRAPH <g> { <b> care:amount "8"^^<#d> ; care:x [ care:line 5 ] ; care:y ( 1 2 ) ; care:z <c>.
    <c> care:line true . }
} ;
DELETE { ?s care:line ?o } INSERT { <d> care:line ?o } WHERE { ?s care:line ?o }
"""


@pytest.mark.parametrize(("subject", "name", "value", "stands"), [
    ("a", "", "", "<a> a care:P"),
    ("a", "line", "", "care:line -3"),
    ("a", "line", '"-3"^^<http://www.w3.org/2001/XMLSchema#integer>', "-3"),
    ("a", "line", '"4.5"^^<http://www.w3.org/2001/XMLSchema#decimal>', "4.5"),
    ("a", "line", '"3"^^<http://www.w3.org/2001/XMLSchema#integer>', "3 } ;"),
    ("a", "phrase", '"say \\"x\\"; ok."@en-GB', '"say'),
    ("a", "phrase", '"two\\nlines"', "'''two"),
    ("b", "amount", '"8"^^<https://example.org/#d>', '"8"'),
    ("b", "z", "<https://example.org/c>", "<c>."),
    ("c", "line", '"true"^^<http://www.w3.org/2001/XMLSchema#boolean>', "true"),
    ("d", "line", "", "care:line ?o } WHERE"),
    ("b", "line", "", ""),
    ("", "", "", ""),
])
def test_a_statement_is_found_in_the_update_that_states_it(subject: str, name: str, value: str, stands: str) -> None:
    thing = f"https://example.org/{subject}" if subject else ""
    spot = Typed(UPDATE)(thing, str(CARE._NS) + name if name else "", value)
    assert spot == (at(UPDATE, stands) if stands else None)


def at(text: str, stands: str, name: str = "") -> Spot:
    """Where something stands in a text."""
    place = text.index(stands)
    line, column = text.count("\n", 0, place) + 1, place - (text.rfind("\n", 0, place) + 1) + 1
    return Spot(f"{name}line {line}, column {column}", f"line-{line}", place)


def test_statements_are_found_in_rows_of_a_patch_and_in_triples_of_a_graph() -> None:
    patch = 'TX .\nD <x:a> <x:p> "1" .\nA <x:a> <x:q> "2" .\nTC .\n'
    assert Typed(patch)("x:a", "x:q", '"2"') == at(patch, '"2"')
    quads = '<x:a> <x:p> "1" <x:g> .\n<x:b> <x:p> "2" <x:g> .\n'
    assert Typed(quads, name="b.nq")("x:b", "x:p", '"2"') == at(quads, '"2"', "b.nq, ")
    turtle = "@base <http://x.example/y> . @prefix : <#> .\n:a :p 2E-1 , 5 ; :q :b .\n"
    spots = [Typed(turtle)("http://x.example/y#a", f"http://x.example/y#{name}", value) for name, value in (
        ("p", '"2E-1"^^<http://www.w3.org/2001/XMLSchema#double>'), ("q", "<http://x.example/y#b>"))]
    assert spots == [at(turtle, "2E-1"), at(turtle, ":b")]
    trig = "@prefix : <x:> .\n:g { :a :p :b.c . }\n:h { :b :p :c. }"
    assert Typed(trig)("x:b", "x:p", "<x:c>") == at(trig, ":c. }")
    assert Typed(trig)("x:a", "x:p", "<x:b.c>") == at(trig, ":b.c")


def test_a_line_without_a_thing_has_a_group_of_its_own() -> None:
    told = reports.told(None, ("no such thing",))
    assert told == Told((Group("", "The change as a whole", "", (Line("no such thing."),)),))
