"""An empty answer explains itself: what to leave out, what is near, what is not stated, all under a deadline."""

import urllib.parse
from pathlib import Path

import pytest

import plain
from carekg import errors, folder, query, store
from carekg.explain import Reason, empty, free
from carekg.explain.asked import Asked
from carekg.explain.trials import Trials
from carekg.store.embedded import EmbeddedStore
from carekg.terms import PREFIXES

PATIENCE = 20.0
"""Seconds, so that a busy machine does not stop what a test looks for."""

CARE = f"PREFIX care: <{PREFIXES['care']}> PREFIX rdfs: <{PREFIXES['rdfs']}> "


@pytest.fixture(scope="module")
def asker(good_folder: Path, good_store: EmbeddedStore) -> query.Asker:
    """Asks the questions of the small world."""
    return query.Asker(query.catalogue(folder.queries(good_folder)), good_store)


def why(asker: query.Asker, name: str, deadline: float = PATIENCE, **arguments: str) -> list[Reason]:
    return empty.reasons(asker, asker.queries[name], {key: [value] for key, value in arguments.items()}, deadline)


def rows_at(asker: query.Asker, address: str) -> int:
    """The rows that a question has at an address."""
    path, _, text = address.partition("?")
    arguments = urllib.parse.parse_qs(text, keep_blank_values=True)
    if path == "/sparql":
        return len(query.Table.from_json(asker.graph.answer(store.Question(arguments["query"][0])).read()).rows())
    one = asker.queries[path.removeprefix("/queries/")]
    return len(query.Table.from_json(asker.ask(one, arguments).read()).rows())


def test_a_place_that_was_replaced_offers_the_one_that_replaced_it(asker: query.Asker) -> None:
    found = {one.kind: one for one in why(asker, "innovations-in-place", place="Old Saltmere")}
    assert found["near"].sentence == "For “Saltmere”, which replaced “Old Saltmere”, there is 1 row."
    assert found["near"].address == "/queries/innovations-in-place?place=place:saltmere"
    assert found["unused"].sentence == "Nothing in this graph fits “innovation taken up in Old Saltmere”."
    assert "stopped" not in found


def test_every_address_with_a_number_of_rows_leads_to_that_many(asker: query.Asker) -> None:
    told = [*why(asker, "innovations-in-place", place="Old Saltmere"),
            *why(asker, "factors-by-innovation", innovation="Lantern Rides"),
            *why(asker, "innovations-by-route", route="partnerships"),
            *why(asker, "innovations-by-route-and-factor", route="partnerships", factor="partnerships")]
    counted = [one for one in told if one.rows]
    assert len(counted) >= 3
    for one in counted:
        assert rows_at(asker, one.address) == one.rows, one


def test_an_optional_argument_that_leaves_nothing_over_is_named(asker: query.Asker) -> None:
    found = why(asker, "organisations-by-innovation", innovation="Lantern Rides")
    (one,) = [one for one in found if one.kind == "optional"]
    assert one.sentence == "Without the innovation “Lantern Rides” there is 1 row."
    assert one.address == "/queries/organisations-by-innovation"


def test_what_is_typed_to_break_a_query_is_explained_as_any_other_value(asker: query.Asker) -> None:
    found = why(asker, "place-and-successors", place="Old Saltmere", code='"} DROP ALL # {')
    assert {one.kind for one in found} >= {"silent"}


def test_values_are_not_counted_where_there_are_more_than_are_looked_at(bare: plain.Plain, tmp_path: Path) -> None:
    care, name = PREFIXES["care"], PREFIXES["innovation"]
    (tmp_path / "which.rq").write_text(
        "#+ summary: Which?\n#+ parameters:\n#+   - {name: who, label: who, type: thing, of: 'care:Innovation'}\n"
        f"PREFIX care: <{care}>\nSELECT ?x {{ $who care:summary ?x }}")
    bare.change(f"INSERT DATA {{ {' . '.join(f'<{name}n{n}> <{care}summary> 1' for n in range(1202))} }}")
    which = query.load(tmp_path / "which.rq")
    asked = Asked(query.Asker({"which": which}, bare.store), which, {}, Trials(bare.store, 9))
    assert asked.having(which.parameters[0]) is None


def test_what_no_source_states_of_a_thing_is_told_with_the_question_that_lists_it(asker: query.Asker) -> None:
    found = why(asker, "factors-by-innovation", innovation="Lantern Rides")
    (gap,) = [one for one in found if one.kind == "not stated"]
    assert gap.sentence == "Of “Lantern Rides” it is not stated here: start, route, place, factor."
    assert gap.address == "/queries/not-stated?innovation=innovation:lantern-rides"


def test_the_sentence_of_the_question_itself_is_always_among_them(asker: query.Asker) -> None:
    found = why(asker, "innovations-in-place", place="Old Saltmere")
    (own,) = [one for one in found if one.kind == "silent"]
    assert own.sentence == asker.queries["innovations-in-place"].when_empty
    assert own.address == "/id/place/old-saltmere"


def test_where_the_time_is_over_it_says_so_and_gives_what_it_has(asker: query.Asker) -> None:
    found = why(asker, "innovations-in-place", 0.0, place="Old Saltmere")
    assert [one.kind for one in found] == ["silent", "stopped"]


def test_a_value_that_is_not_known_is_told_as_everywhere(asker: query.Asker) -> None:
    with pytest.raises(errors.BadValue, match="did you mean Saltmere"):
        why(asker, "innovations-in-place", place="Saltmeer")


# --- queries that somebody wrote ----------------------------------------------------------------------------------


def told(store: EmbeddedStore, text: str) -> list[Reason]:
    return free.reasons(store, text, deadline=PATIENCE)


def test_a_misspelt_class_is_told_with_the_one_that_is_meant(good_store: EmbeddedStore) -> None:
    (one,) = told(good_store, CARE + "SELECT ?i WHERE { ?i a care:Inovation ; rdfs:label ?l }")
    assert one.sentence == ("“care:Inovation” is used nowhere in this graph; did you mean care:Innovation? "
                            "With that, there are 2 rows.")
    assert "?i a care:Innovation ; rdfs:label ?l" in urllib.parse.unquote(one.address)


def test_several_misspelt_names_are_mended_at_once(asker: query.Asker, good_store: EmbeddedStore) -> None:
    found = told(good_store, CARE + "SELECT ?i WHERE { ?i a care:Inovation ; care:takenUpWithin ?p }")
    assert [one.pattern for one in found] == ["care:Inovation", "care:takenUpWithin"]
    assert {rows_at(asker, one.address) for one in found} == {found[0].rows}


def test_a_text_without_its_language_is_told_and_mended(asker: query.Asker, good_store: EmbeddedStore) -> None:
    (one,) = told(good_store, CARE + 'SELECT ?i WHERE { ?i rdfs:label "Saltmere" }')
    assert one.kind == "language"
    assert '"Saltmere"@en' in one.sentence
    assert rows_at(asker, one.address) == one.rows == 1


def test_the_part_that_leaves_nothing_over_is_told_and_the_others_are_not(good_store: EmbeddedStore) -> None:
    (one,) = told(good_store, CARE + "SELECT ?i WHERE { ?i a care:Innovation ; rdfs:label ?l . FILTER(?l = ?i) }")
    assert (one.kind, one.pattern, one.rows) == ("pattern", "FILTER(?l = ?i)", 2)


def test_a_name_in_the_template_of_a_graph_need_not_exist(good_store: EmbeddedStore) -> None:
    text = CARE + "CONSTRUCT { ?i <x:new> ?l } WHERE { ?i a care:Innovation ; rdfs:label ?l ; care:label ?l }"
    assert [one.pattern for one in told(good_store, text) if one.kind == "unknown"] == ["care:label"]


def test_functions_datatypes_and_declared_prefixes_are_no_names(good_store: EmbeddedStore) -> None:
    text = (CARE + "PREFIX xsd: <http://www.w3.org/2001/XMLSchema#> PREFIX ex: <http://example.org/> "
            'SELECT ?i WHERE { ?i rdfs:label ?l . FILTER(xsd:date("2020-01-01") > "2021-01-01"^^xsd:date) }')
    assert [one.kind for one in told(good_store, text)] == ["pattern"]


def test_what_is_no_query_is_not_explained_but_does_no_harm(good_store: EmbeddedStore) -> None:
    assert [one.kind for one in told(good_store, "DESCRIBE <http://example.org/nothing>")] == ["unknown"]


def test_a_query_that_is_very_long_is_not_looked_at(good_store: EmbeddedStore) -> None:
    (one,) = told(good_store, f"SELECT * {{ {'?a <x:p> ?b . ' * 10_000} }}")
    assert one.kind == "stopped"
