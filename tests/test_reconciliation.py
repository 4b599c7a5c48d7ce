"""Matching names: what a commissioner's spreadsheet says finds the right thing, and only what is sure is a match."""

import csv
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import small
from carekg import errors, names, reconciliation
from carekg.reconciliation import Query, asked, space, values
from carekg.store.embedded import EmbeddedStore
from carekg.terms import BASE

TABLE = small.ROOT / "tests" / "tables" / "reconciliation.csv"
ROWS = list(csv.DictReader(TABLE.read_text(encoding="utf-8").splitlines()))


@pytest.fixture(scope="module")
def service(shipped_store: EmbeddedStore) -> reconciliation.Service:
    """The service over the shipped graph."""
    return reconciliation.Service(shipped_store, names.Remembered(shipped_store).read())


def ask(service: reconciliation.Service, text: str = "", type_: str = "", limit: int = 10, strict: str = "any",
        **properties: str) -> list[dict[str, Any]]:
    wanted = tuple(asked.Wanted(pid.replace("_", ":"), (value,)) for pid, value in properties.items())
    query = Query(text, (type_,) if type_ else (), limit, wanted, strict)
    found: list[dict[str, Any]] = service.reconciled({"q": query})["q"]["result"]
    return found


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['text']} {row['type']}".strip())
def test_a_spelling_finds_the_right_thing_or_none(service: reconciliation.Service, row: dict[str, str]) -> None:
    found = ask(service, row["text"], row["type"])
    assert [one["id"] for one in found if one["match"]] == ([row["thing"]] if row["match"] == "yes" else [])
    if row["thing"]:
        assert found[0]["id"] == row["thing"]


def test_the_table_has_things_that_exist_and_both_outcomes(service: reconciliation.Service) -> None:
    assert len(ROWS) > 80
    assert {row["thing"] for row in ROWS if row["thing"] and not service.names.get(row["thing"])} == set()
    assert {row["match"] for row in ROWS} == {"yes", "no"}


def test_a_property_tells_namesakes_apart(service: reconciliation.Service) -> None:
    assert not any(one["match"] for one in ask(service, "Somerset"))
    found = ask(service, "Somerset", care_placeType="unitary authority")
    assert (found[0]["id"], found[0]["match"]) == ("id/place/somerset-unitary", True)
    assert "Place type: as asked." in found[0]["description"]
    other = next(one for one in found if one["id"] == "id/place/somerset")
    assert "Place type: not as asked." in other["description"]
    assert other["score"] == 99 - 20


def test_an_identifier_finds_what_its_name_does_not(service: reconciliation.Service) -> None:
    found = ask(service, "The council up the road", care_gssCode="E08000035")
    assert (found[0]["id"], found[0]["score"], found[0]["match"]) == ("id/place/leeds", 100, True)
    assert {"id": "care:gssCode", "value": True} in found[0]["features"]
    assert "Score 100: by properties alone." in found[0]["description"]


def test_an_identifier_that_says_otherwise_forbids_a_match(service: reconciliation.Service) -> None:
    assert ask(service, "Leeds")[0]["match"]
    found = ask(service, "Leeds", care_gssCode="E08000036")
    assert not any(one["match"] for one in found if one["id"] == "id/place/leeds")
    assert next(one for one in found if one["id"] == "id/place/leeds")["score"] == 80


def test_a_value_may_be_a_thing_by_name_or_identifier(service: reconciliation.Service) -> None:
    for value in ("Greater Manchester", "id/place/greater-manchester", f"{BASE}id/place/greater-manchester"):
        found = ask(service, "Bury", care_isIn=value)
        assert found[0]["id"] == "id/place/bury"
        assert {"id": "care:isIn", "value": True} in found[0]["features"], value
    assert {"id": "care:isIn", "value": False} in ask(service, "Bury", care_isIn="Kent")[0]["features"]


def test_without_a_name_properties_find_things_and_none_is_a_match(service: reconciliation.Service) -> None:
    found = ask(service, type_="care:Place", limit=50, care_isIn="West Yorkshire")
    assert {"id/place/leeds", "id/place/bradford"} <= {one["id"] for one in found}
    assert not any(one["match"] for one in found)


def test_what_the_graph_does_not_state_changes_nothing(service: reconciliation.Service) -> None:
    plain, told = ask(service, "Nesta")[0], ask(service, "Nesta", care_gssCode="nothing")[0]
    assert (told["score"], told["match"]) == (plain["score"], plain["match"])
    assert "GSS code: not stated." in told["description"]
    assert "care:gssCode" not in {feature["id"] for feature in told["features"]}


def test_a_year_is_held_against_dates(service: reconciliation.Service) -> None:
    issued = "id/source/growing-innovative-models"
    for year, verdict in (("2017", True), ("2018", False)):
        found = ask(service, issued, "care:Source", dcterms_issued=year)[0]
        assert {"id": "dcterms:issued", "value": verdict} in found["features"]


def test_strictness_says_what_types_do(service: reconciliation.Service) -> None:
    any_ = service.reconciled({"q": Query("Nesta", ("care:Place", "care:Organisation"))})["q"]["result"]
    assert any_[0]["id"] == "id/organisation/nesta"
    should = ask(service, "Nesta", "care:Place", strict="should")
    assert (should[0]["id"], should[0]["score"], should[0]["match"]) == ("id/organisation/nesta", 90, False)
    assert "It is not of the type asked for." in should[0]["description"]
    both = ("care:FundingSource", "care:Organisation")
    of_all = service.reconciled({"q": Query("NESTA", both, strict="all")})["q"]["result"]
    assert [one["id"] for one in of_all if one["match"]] == ["id/organisation/nesta"]
    none = service.reconciled({"q": Query("Nesta", ("care:Place", "care:Organisation"), strict="all")})["q"]["result"]
    assert none == []


def test_the_answer_to_a_query_does_not_depend_on_its_batch(service: reconciliation.Service) -> None:
    queries = {str(n): Query(row["text"], (row["type"],) if row["type"] else ()) for n, row in enumerate(ROWS)}
    together = service.reconciled(queries)
    assert together == {key: service.reconciled({key: query})[key] for key, query in queries.items()}


def test_a_rival_that_the_limit_cuts_off_still_forbids_a_match(service: reconciliation.Service) -> None:
    found = ask(service, "Community Circles", limit=1)
    assert [(one["id"], one["match"]) for one in found] == [("id/innovation/community-circles", False)]
    assert {"id": "rivals", "value": 1} in found[0]["features"]


@pytest.mark.parametrize("key", ["care:Innovation", f"{BASE}def#Innovation", "def#Innovation", "Innovation",
                                 "innovation", " care:Innovation "])
def test_a_type_goes_by_identifier_iri_and_label(service: reconciliation.Service, key: str) -> None:
    assert service.space.type(key) == f"{BASE}def#Innovation"


def test_an_unknown_type_or_property_is_told_with_near_ones(service: reconciliation.Service) -> None:
    with pytest.raises(errors.BadValue, match=r"`Inovation` is not a type here; .* did you mean care:Innovation"):
        service.space.type("Inovation")
    with pytest.raises(errors.BadValue, match=r"`care:gsCode` is not a property here; .* did you mean care:gssCode"):
        service.space.property("care:gsCode")


def test_every_type_and_property_leads_back_to_itself(service: reconciliation.Service) -> None:
    for iri in service.space.types:
        assert service.space.type(space.short(iri)) == iri
    for iri in service.space.properties:
        assert service.space.property(space.short(iri)) == iri


def test_every_thing_is_found_by_its_identifier(service: reconciliation.Service) -> None:
    usual = {iri for iri, thing in service.names.things.items() if set(thing.types) & set(service.space.usual)}
    for iri in sorted(usual)[::50]:
        found = ask(service, space.id_of(iri))
        assert (found[0]["id"], found[0]["score"]) == (space.id_of(iri), 100)


def test_every_label_finds_its_thing_among_the_first(service: reconciliation.Service) -> None:
    usual = [thing for thing in service.names.things.values() if set(thing.types) & set(service.space.usual)]
    for thing in usual[::25]:
        assert space.id_of(thing.iri) in [one["id"] for one in ask(service, thing.label) if one["score"] == 100]


def test_columns_have_values_as_things_texts_numbers_and_days(service: reconciliation.Service) -> None:
    leeds = service.extended(reconciliation.extension(json.dumps({
        "ids": ["id/place/leeds", "no such thing"],
        "properties": [{"id": "care:gssCode"}, {"id": "care:isIn", "settings": {"limit": "2"}}, {"id": "latitude"}]})))
    row = leeds["rows"]["id/place/leeds"]
    assert row["care:gssCode"] == [{"str": "E08000035"}]
    assert row["latitude"] == [{"float": 53.82575}]
    assert len(row["care:isIn"]) == 2
    assert {"id": "id/place/england", "name": "England"} in row["care:isIn"]
    assert leeds["rows"]["no such thing"] == {"care:gssCode": [], "care:isIn": [], "latitude": []}
    assert leeds["meta"][1] == {"id": "care:isIn", "name": "is in", "type": {"id": "care:Place", "name": "place"}}


@pytest.mark.parametrize(("value", "said"), [
    (values.Value("7", False, values.XSD + "integer"), {"int": 7}),
    (values.Value(str(2**70), False, values.XSD + "integer"), {"str": str(2**70)}),
    (values.Value("0.5", False, values.XSD + "decimal"), {"float": 0.5}),
    (values.Value("INF", False, values.XSD + "double"), {"str": "INF"}),
    (values.Value("2017-12-05", False, values.XSD + "date"), {"date": "2017-12-05T00:00:00Z"}),
    (values.Value("2017-12-05T10:00:00", False, values.XSD + "dateTime"), {"date": "2017-12-05T10:00:00"}),
    (values.Value("2017", False, values.XSD + "gYear"), {"str": "2017"}),
    (values.Value("true", False, values.XSD + "boolean"), {"str": "true"}),
    (values.Value("https://example.org/", True), {"str": "https://example.org/"}),
])
def test_a_value_is_written_by_its_datatype(
        service: reconciliation.Service, value: values.Value, said: dict[str, Any]) -> None:
    assert values.written(value, service.names) == said


BAD: dict[str, tuple[Any, str]] = {
    "no object": ([], "`queries` has to be an object in JSON."),
    "a query that is none": ({"q": 1}, "`queries.q` has to be an object in JSON."),
    "neither name nor properties": ({"q": {"limit": 1}}, "it has `query`, a name to look for, or `properties`"),
    "a number for a name": ({"q": {"query": 1}}, "`queries.q.query` has to be a text"),
    "a huge name": ({"q": {"query": "x" * 10_001}}, "`queries.q.query` has to be a text of at most 10,000 characters"),
    "a misnamed member": ({"q": {"query": "x", "typ": "y"}}, "`queries.q.typ` has to be one of the members query,"),
    "no limit": ({"q": {"query": "x", "limit": 0}}, "`queries.q.limit` has to be a whole number above 0."),
    "half a limit": ({"q": {"query": "x", "limit": 1.5}}, "`queries.q.limit` has to be a whole number above 0."),
    "a limit in words": ({"q": {"query": "x", "limit": "5"}}, "`queries.q.limit` has to be a whole number above 0."),
    "true as a limit": ({"q": {"query": "x", "limit": True}}, "`queries.q.limit` has to be a whole number above 0."),
    "types that are none": ({"q": {"query": "x", "type": {}}}, "`queries.q.type` has to be an array in JSON."),
    "a type that is none": ({"q": {"query": "x", "type": [1]}}, "`queries.q.type` has to be a text"),
    "strictness": ({"q": {"query": "x", "type_strict": "very"}}, "has to be one of any, should, all."),
    "properties that are none": ({"q": {"properties": "x"}}, "`queries.q.properties` has to be an array"),
    "a property that is none": ({"q": {"properties": [1]}}, "`queries.q.properties[0]` has to be an object"),
    "a property without a value": ({"q": {"properties": [{"pid": "x"}]}}, "an object with `pid`, a property, and `v`"),
    "a value of a value": ({"q": {"properties": [{"pid": "x", "v": [[1]]}]}}, "`queries.q.properties[0].v` has to be"),
    "a value of nothing": ({"q": {"properties": [{"pid": "x", "v": None}]}}, "`queries.q.properties[0].v` has to be"),
    "too many queries": ({str(n): {"query": "x"} for n in range(26)}, "`queries` has 26 members, and 25 is the most"),
    "too many values": ({"q": {"properties": [{"pid": "x", "v": ["y"] * 51}] * 2}}, "properties.*.v` has 102 members"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_batch_is_told_by_its_member(name: str) -> None:
    sent, sentence = BAD[name]
    with pytest.raises(errors.BadInput) as refused:
        reconciliation.batch(json.dumps(sent))
    assert sentence in str(refused.value)


@pytest.mark.parametrize(("text", "sentence"), [
    ("", "`queries` has to be JSON, and it is not at line 1, column 1"),
    ("{", "`queries` has to be JSON, and it is not at line 1, column 2"),
    ("[" * 100_000, "JSON with fewer brackets within brackets"),
    ('{"q": {"query": "x", "limit": ' + "9" * 5000 + "}}", "with shorter numbers"),
    ('{"q": {"query": "x", "limit": NaN}}', "`queries.q.limit` has to be a whole number above 0."),
    ('{"q": {"query": "x", "properties": [{"pid": "y", "v": Infinity}]}}', "`queries.q.properties[0].v` has to be"),
])
def test_what_is_no_json_is_told_where(text: str, sentence: str) -> None:
    with pytest.raises(errors.BadMember) as refused:
        reconciliation.batch(text)
    assert sentence in str(refused.value)


def test_a_batch_has_all_that_the_api_allows() -> None:
    text = json.dumps({"q": {"query": "x", "type": "T", "limit": 1000, "type_strict": "should", "properties": [
        {"pid": "a", "v": "b"}, {"pid": "c", "v": [1, 2.5, True, {"id": "d", "name": "e"}]}]}})
    wanted = (asked.Wanted("a", ("b",)), asked.Wanted("c", ("1", "2.5", "true", "d")))
    assert reconciliation.batch(text) == {"q": Query("x", ("T",), asked.MOST_CANDIDATES, wanted, "should")}
    assert reconciliation.single("Leeds") == Query("Leeds")
    assert reconciliation.single('{"query": "Leeds", "limit": 3}') == Query("Leeds", limit=3)


MEMBERS = st.sampled_from(
    ["query", "type", "limit", "properties", "type_strict", "pid", "v", "id", "ids", "settings"]) | st.text(max_size=3)
JSONS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(MEMBERS, inner, max_size=5), max_leaves=12)


@given(JSONS)
def test_any_json_is_read_or_refused_with_a_sentence(sent: Any) -> None:
    for read in (reconciliation.batch, reconciliation.extension, reconciliation.single):
        try:
            read(json.dumps(sent))
        except errors.BadInput as refused:
            assert str(refused).endswith(".")


@given(st.text(max_size=60))
def test_any_text_has_candidates_or_none(text: str) -> None:
    thing = names.Thing("https://example.org/a", "Lantern walks of Saltmere", ("https://example.org/T",))
    known = names.Names({thing.iri: thing}, [names.Name(thing.iri, thing.label, names.LABEL)])
    for match in known.find(text) + known.completing(text):
        assert 0 < match.score <= 100 and match.why.endswith(".")

