"""The fields of each class, as the shapes have them."""

import pytest

import small
from carekg import errors, fields
from carekg.fields import keys
from carekg.terms import PREFIXES, compact

SHAPES = """
:BoatShape a sh:NodeShape ; sh:targetClass :Boat ; sh:property :BoatShape-name , :BoatShape-crew , :BoatShape-berth ;
    sh:xone ( [ sh:path :rowsTo ; sh:minCount 1 ] [ sh:path :sailsTo ; sh:minCount 1 ] ) .
:BoatShape-name a sh:PropertyShape ; sh:path rdfs:label ; sh:name "name"@en ; sh:description "On its bow."@en ;
    sh:order 1 ; sh:minCount 1 ; sh:maxCount 1 ; sh:languageIn ( "en" ) .
:BoatShape-crew a sh:PropertyShape ; sh:path :crew ; sh:datatype xsd:integer ; sh:order 3 .
:BoatShape-berth a sh:PropertyShape ; sh:path [ sh:alternativePath ( :rowsTo :sailsTo ) ] ; sh:name "berth"@en ;
    sh:class :Harbour ; sh:order 2 .
:FerryShape a sh:NodeShape ; sh:targetClass :Ferry ;
    sh:property [ sh:path :line ; sh:node :InLines ] , [ sh:path :crew ; sh:maxCount 1 ] .
:InLines a sh:NodeShape ; sh:property [ sh:path skos:inScheme ; sh:hasValue :lines ] .
:FlagShape a sh:NodeShape ; sh:targetSubjectsOf :flag ; sh:class :Ferry ;
    sh:property [ sh:path :flag ; sh:in ( "a" ) ] .
"""
TERMS = """
:Ferry rdfs:subClassOf :Boat ; rdfs:label "ferry"@en .
:sailsTo rdfs:label "sails to"@en .
:crew rdfs:label "crew"@en .
"""


@pytest.fixture(scope="module")
def boats() -> fields.Fields:
    return fields.read(small.triples(SHAPES), small.triples(TERMS))


@pytest.fixture(scope="module")
def shipped() -> fields.Fields:
    return fields.read(small.shipped("shapes"), small.shipped("ontology"))


def test_a_class_has_its_own_fields_then_those_of_the_class_above_and_those_that_only_it_may_have(
        boats: fields.Fields) -> None:
    ferry = boats.find("ferry")
    assert [one.name for one in ferry.fields] == ["crew", "flag", "line", "name", "berth"]
    assert [one.name for one in boats.find(":Boat".replace(":", small.HOME)).fields] == ["name", "berth", "crew"]


def test_shapes_of_the_same_property_make_one_field(boats: fields.Fields) -> None:
    crew = boats.find("ferry").field(f"{small.HOME}crew")
    assert crew is not None
    assert (crew.most, crew.datatypes, len(crew.shapes)) == (1, (PREFIXES["xsd"] + "integer",), 2)


def test_a_value_under_one_of_several_properties_is_one_field_with_the_choice(boats: fields.Fields) -> None:
    berth = boats.find("Boat").field(f"{small.HOME}sailsTo")
    assert berth is not None
    assert (berth.name, [one.label for one in berth.choices], berth.least) == ("berth", ["rowsTo", "sails to"], 1)


def test_what_a_field_takes_is_told(boats: fields.Fields) -> None:
    _, flag, line, name, _ = boats.find("Ferry").fields
    assert line.schemes == (f"{small.HOME}lines",)
    assert flag.values == ('"a"',)
    assert (name.languages, name.help, name.is_text, name.is_single) == (("en",), "On its bow.", True, True)


def test_each_shape_tells_the_properties_of_which_it_speaks(shipped: fields.Fields) -> None:
    def speaks(shape: str) -> set[str]:
        return {compact(one) for one in shipped.speaking[PREFIXES["caresh"] + shape]}

    assert speaks("SiteShape-where") == {"care:place", "care:placeAsPrinted"}
    assert speaks("PlaceShape-gssCodeUnique") == {"care:gssCode"}
    assert speaks("ClaimShape-namedPerson") == {"care:voice", "care:speaker"}


def test_every_shipped_class_with_a_shape_has_fields_and_all_but_parts_of_others_a_name(
        shipped: fields.Fields) -> None:
    assert {kind.label for kind in shipped.kinds.values() if not kind.naming} == {"answer", "passage"}
    assert {"site", "award", "innovation", "finding", "assessment"} <= {one.label for one in shipped.kinds.values()}
    assert shipped.nameless([PREFIXES["care"] + "Passage"]) == shipped.find("passage")
    subjects = [one for one in shipped.find("assessment").fields if PREFIXES["care"] + "holdsFor" in one.paths]
    assert [one.name for one in subjects] == ["innovation"]


def test_a_class_that_is_misspelt_is_told_with_the_one_that_is_meant(shipped: fields.Fields) -> None:
    assert shipped.find("Funding Source") == shipped.find("care:FundingSource")
    with pytest.raises(errors.BadValue, match="innovation"):
        shipped.find("inovation")


def test_a_new_thing_gets_a_key_made_of_its_name_that_nothing_has() -> None:
    below = keys.home(PREFIXES["care"] + "ScalingEpisode")
    assert below == PREFIXES["episode"]
    assert keys.home(PREFIXES["care"] + "Lamp", [PREFIXES["place"] + "a"]) == PREFIXES["place"]
    assert keys.fresh(below, "Café d'Été – 2!", {f"{below}cafe-dete-2"}) == f"{below}cafe-dete-2-2"
    assert keys.fresh(below, "学", ()) == f"{below}unnamed"
