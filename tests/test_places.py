"""Places: every official area once, contained in bigger ones, with its successor; what is vague stays vague."""

import csv
import functools
import pathlib

import pytest

import small
from asking import asked
from carekg import query
from carekg.terms import GSS

TABLE = pathlib.Path(__file__).parent / "tables" / "site-resolution.csv"
with TABLE.open(encoding="utf-8", newline="") as opened:
    LABELS = {row["label"]: row for row in csv.DictReader(opened)}

KINDS_OF_CODE = {
    "E06": 63, "E07": 164, "E08": 36, "E09": 33, "E10": 21, "W06": 22, "S12": 32, "N09": 11,
    "E12": 9, "E54": 42, "E38": 106, "W11": 7,
}
"""The beginning of a GSS code, and how many current areas have such a one: authorities, regions, health areas."""


@functools.cache
def places() -> dict[str, dict[str, set[str]]]:
    """What the data say of each place, by property."""
    return {thing: values for thing, values in small.said("data").items() if thing.startswith("place:")}


def one(values: set[str]) -> str:
    """The only value, or nothing."""
    return next(iter(values), "")


def around(place: str) -> set[str]:
    """The bigger places around a place."""
    found: set[str] = set()
    waiting = {place}
    while waiting:
        bigger = places()[waiting.pop()]["care:isIn"] - found
        found |= bigger
        waiting |= bigger
    return found


@pytest.mark.parametrize("start", KINDS_OF_CODE)
def test_every_area_of_a_kind_is_there(start: str) -> None:
    current = {name for name, said in places().items() if one(said["care:gssCode"]).startswith(start)
               and not said["care:ended"] and not said["care:succeededBy"]}
    assert len(current) == KINDS_OF_CODE[start]


def test_a_code_is_written_beside_the_address_that_the_statisticians_give_it() -> None:
    for name, said in places().items():
        for code in said["care:gssCode"]:
            assert f"<{GSS}{code}>" in said["skos:exactMatch"], name


def test_every_place_lies_in_the_united_kingdom_unless_it_is_abroad() -> None:
    outside = {name for name in places() if "place:united-kingdom" not in around(name)} - {"place:united-kingdom"}
    assert outside == {"place:australia", "place:netherlands", "place:united-states", "place:western-australia"}


def test_no_place_lies_in_itself() -> None:
    assert [name for name in places() if name in around(name)] == []


def test_a_point_lies_within_the_islands() -> None:
    points = {name: (float(one(said["wgs:lat"])), float(one(said["wgs:long"])))
              for name, said in places().items() if said["wgs:lat"]}
    assert len(points) > 400
    assert {name for name, (lat, long) in points.items() if not (49.8 < lat < 61 and -8.7 < long < 1.9)} == set()


def test_an_area_that_ended_leads_to_its_successor() -> None:
    ended = {name for name, said in places().items() if said["care:ended"] and said["care:gssCode"]}
    assert len(ended) > 40
    assert {name for name in ended if not places()[name]["care:succeededBy"]} == set()


@pytest.mark.parametrize("name", ["east-lancashire", "north-kent", "south-kent", "north-london", "gwent"])
def test_a_vague_area_has_no_code_and_no_point(name: str) -> None:
    said = places()[f"place:{name}"]
    assert said["care:placeType"] == {"vague area"}
    assert not said["care:gssCode"]
    assert not said["wgs:lat"]


def test_the_table_of_labels_is_whole() -> None:
    assert len(LABELS) >= 110


@pytest.mark.parametrize("label", LABELS)
def test_the_name_that_a_source_prints_leads_to_the_places_it_means(label: str) -> None:
    row = LABELS[label]
    meant = {f"place:{key}" for key in row["place_keys"].split("|") if key}
    assert meant <= set(places())
    users = [small.said("data")[f"site:{key}"]["care:place"] for key in row["used_by"].split("|") if key]
    assert all(places_of_site & meant for places_of_site in users)
    assert not users or meant <= set().union(*users)


def test_a_question_about_a_region_finds_what_lies_in_it(asker: query.Asker) -> None:
    found = {row["innovationLabel"] for row in asked(asker, "innovations-in-place", place="place:north-west")}
    assert {"The Deal", "North London Cares"} <= found, "Wigan and Manchester lie in the North West"
    assert "Prevention Matters" not in found, "Buckinghamshire does not"
