"""Search: what is typed is found where it stands, best first, and chosen by what prepared questions declare."""

import pathlib
import re
import resource
import signal
import threading
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import folders
import searching
import service
import small
from carekg import errors, query
from carekg.search import Index, Search, asked, bearing, making, spelling, text
from carekg.search.text import Marker, Segment, Way
from carekg.store import Manifest, remote
from carekg.store.embedded import EmbeddedStore
from carekg.store.remote import RemoteStore
from carekg.terms import BASE
from searching import GRAPH, changed, current, indexed, names

WALKS = "Lantern Walks"
SITE = f'<{BASE}id/site/x> <{BASE}def#summary> "a harbour" <{BASE}graph/data/a> .\n'.encode()


@pytest.fixture(scope="module")
def index(good_store: EmbeddedStore) -> Iterator[Index]:
    """An index of the small world; nobody changes it."""
    with indexed(good_store) as one:
        current(one)
        yield one


@pytest.fixture
def own(good_store: EmbeddedStore, tmp_path: pathlib.Path) -> Iterator[EmbeddedStore]:
    """A store of the small world of one's own."""
    with EmbeddedStore(folders.own_store(good_store, tmp_path / "own")) as store:
        yield store


# --- words ---------------------------------------------------------------------------------------------------------


def test_the_name_itself_comes_first_and_longer_ones_follow(index: Index) -> None:
    assert names(index, "lantern walks")[0] == WALKS
    assert names(index, "Saltmere")[:2] == ["Saltmere", "Old Saltmere"]


@pytest.mark.parametrize("typed", [
    "LANTERN walks", "lantern wal", "Làntern Walks", "lantern, walks!", '"lantern walks"', "lantern-walks", "INN-901",
    "lantren walks", "lanternwalks", "neighbor carry lanterns", "what are the lantern walks",
])
def test_a_thing_is_found_however_its_name_is_typed(typed: str, index: Index) -> None:
    found = names(index, typed) or [one.label for one in index.find(Search(typed)).near]
    assert WALKS in found


@pytest.mark.parametrize("typed", ["innovation:lantern-walks", f" {BASE}id/innovation/lantern-walks "])
def test_a_thing_is_found_by_its_short_name_and_its_iri(typed: str, index: Index) -> None:
    found = index.find(Search(typed))
    assert (found.hits[0].name, found.total) == (WALKS, 1)
    assert index.find(Search(typed, {"kind": ["care:Place"]})).total == 0


def test_of_things_of_one_name_that_comes_first_by_which_one_can_choose_and_what_is_no_longer_used_last(
        own: EmbeddedStore) -> None:
    changed(own, f"""INSERT DATA {{ GRAPH {GRAPH} {{
        organisation:bell-old a care:Organisation ; rdfs:label "Bell of the Sea" ; owl:deprecated true .
        source:bell a care:Source ; rdfs:label "Bell of the Sea" . source:bell-report a care:Source ;
        rdfs:label "Bell sea: a report on the bell" .
        innovation:bell a care:Innovation ; rdfs:label "Bell of the Sea" }} }}""")
    with indexed(own) as index:
        current(index)
        for typed in ("bell of the sea", "bell sea"):
            found = [hit.iri.removeprefix(f"{BASE}id/") for hit in index.find(Search(typed)).hits]
            assert found[0] == "innovation/bell", typed
            assert {*found[:3]} == {"innovation/bell", "source/bell", "organisation/bell-old"}, typed
            assert found[2] == "organisation/bell-old", typed


def test_a_phrase_is_found_as_it_stands_only(index: Index) -> None:
    assert WALKS in names(index, '"neighbours carry lanterns"')
    assert names(index, '"lanterns carry neighbours"') == []
    assert WALKS in names(index, "lanterns carry neighbours")


def test_a_word_taken_for_another_is_told(index: Index) -> None:
    found = index.find(Search("saltmeer"))
    assert [(one.typed, one.words) for one in found.taken] == [("saltmeer", ("saltmere",))]
    assert found.hits[0].name == "Saltmere"


def test_a_thing_is_found_by_the_words_of_a_passage_with_its_source(index: Index) -> None:
    hit = next(one for one in index.find(Search("small town")).hits if one.name == WALKS)
    why = next(one for one in hit.why if one.source)
    assert Segment("small town", True) in why.segments
    assert why.source and (why.source.label, why.source.passage.rpartition("/")[2]) == (
        "Lanterns by the sea (report)", "lantern-dusk")


@pytest.mark.parametrize("typed", ["*", '"', '""', "AND", "NOT -", "a OR b*", "label:x", "NEAR(a b)", "x\0y", "<b>",
                                   "😀", "(", "^walk", "{label}: walk", "%", "' OR 1=1 --"])
def test_signs_are_no_operators(typed: str, index: Index) -> None:
    assert index.find(Search(typed)).total >= 0


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=80))
def test_whatever_is_typed_is_answered(index: Index, typed: str) -> None:
    found = index.find(Search(typed))
    assert len(found.hits) == min(found.total, found.search.size)


def test_too_long_a_text_is_refused_with_what_to_do(index: Index) -> None:
    with pytest.raises(errors.BadInput, match=r"has 301 characters, and 300 are read; take the few words"):
        index.find(Search("x" * 301))
    assert index.find(Search("x" * 200)).total == 0


def test_where_nothing_has_all_words_it_is_told_what_has_some(index: Index) -> None:
    found = index.find(Search("lantern saltmere zzzz"))
    assert found.total == 0
    assert {one.left_out for one in found.without} == {"zzzz"}
    assert index.find(Search(found.without[0].text)).total == found.without[0].count
    assert WALKS in [one.label for one in index.find(Search("lantern walkways zz")).near]


# --- marks and spelling --------------------------------------------------------------------------------------------


@given(st.text(), st.lists(st.sampled_from([Way(("a",)), Way(("b", "c")), Way(("d",), True)])))
def test_a_marked_text_is_the_text_whatever_is_in_it(written: str, ways: list[Way]) -> None:
    assert "".join(one.text for one in Marker(ways).marked(written)) == written


@given(st.text(), st.sampled_from([Way(("and",)), Way(("dont",)), Way(("a", "b")), Way(("x",), True), Way(("ss",))]))
def test_a_text_that_may_have_nothing_has_nothing(written: str, way: Way) -> None:
    marker = Marker([way])
    assert marker.may_mark(written) or not any(one.hit for one in marker.marked(written))


def test_marks_are_around_what_was_sought_and_nothing_else() -> None:
    marked = Marker([Way(("co", "production")), Way(("wal",), True)]).marked("Co-production of <b>walks</b>: cowal")
    assert [one.text for one in marked if one.hit] == ["Co-production", "walks"]


def test_an_excerpt_is_around_the_first_hit_and_short() -> None:
    long = "before " * 100 + "walk" + " after" * 100
    shown = "".join(one.text for one in text.excerpt(Marker([Way(("walk",))]).marked(long)))
    assert "walk" in shown
    assert len(shown) < 400
    assert (shown[0], shown[-1]) == ("…", "…")


@pytest.mark.parametrize(("typed", "other"), [
    ("organisation", "organization"), ("behavior", "behaviour"), ("programme", "program"), ("centre", "center"),
    ("partnership", "partnerships"), ("charities", "charity"), ("licence", "license"),
])
def test_other_spellings_are_thought_of(typed: str, other: str) -> None:
    assert other in list(spelling.others(typed))
    assert "for" not in list(spelling.others("four"))


def test_plain_words_count_in_quotation_marks_and_where_nothing_else_is_typed() -> None:
    assert [part.text for part in asked.read("what helps in Leeds").parts] == ["helps", "Leeds"]
    assert asked.read("to be").left_out == ()
    assert asked.read('"in Leeds" of').parts[0].words == ("in", "leeds")


# --- facets --------------------------------------------------------------------------------------------------------


def test_every_count_is_what_choosing_the_value_gives(index: Index) -> None:
    for search in (Search(), Search("lantern")):
        for facet in index.find(search).facets:
            for choice in facet.choices[:8]:
                assert index.find(Search(search.text, {facet.name: [choice.key]})).total == choice.count, choice


def test_values_of_one_facet_add_up_and_facets_narrow_each_other(index: Index) -> None:
    rides, walks = ({"year": ["2012"]}, {"status": ["ended"]})
    either = index.find(Search("", {"year": ["2012", "2017"]})).total
    both = index.find(Search("", {**rides, **walks})).total
    assert either > index.find(Search("", rides)).total > both > 0
    assert both <= index.find(Search("", walks)).total


def test_what_is_narrower_counts_for_what_is_broader(index: Index) -> None:
    shown = {one.name: one for one in index.find(Search("", {"kind": ["care:Innovation"]})).facets}
    depths = {one.label: (one.count, one.depth) for one in shown["place"].choices}
    assert depths == {"the Shore": (1, 0), "Saltmere": (1, 1)}
    assert names(index, place=["the Shore"], kind=["innovation"]) == [WALKS]


def test_a_plan_is_no_place_that_took_it_up(index: Index) -> None:
    factors = {one.name: one for one in index.find(Search("", {"kind": ["care:Innovation"]})).facets}
    assert "rain" not in [one.label for one in factors["factor"].choices]  # it is named in order to be denied
    assert "route" not in factors  # all that is known of routes is our reading, and where a text stands


@pytest.mark.parametrize(("chosen", "sentence"), [
    ({"colour": ["red"]}, "`colour` is not something to choose by here; take one of kind, area"),
    ({"place": ["saltmeer"]}, "`saltmeer` is not a value of place here; did you mean Saltmere"),
    ({"year": [str(n) for n in range(500)]}, "500 values are chosen, and 50 is the most"),
])
def test_a_wrong_choice_is_told_with_what_would_be_right(
    chosen: dict[str, list[str]], sentence: str, index: Index
) -> None:
    with pytest.raises(errors.BadInput, match=sentence):
        index.find(Search("", chosen))


def test_pages_part_what_is_found_and_there_is_none_beyond_the_last(index: Index) -> None:
    whole = [one.iri for one in index.find(Search("lantern", size=500)).hits]
    parts = [index.find(Search("lantern", page=page, size=7)).hits for page in range(1, -(-len(whole) // 7) + 1)]
    assert [one.iri for part in parts for one in part] == whole
    with pytest.raises(errors.BadInput, match="There is no page 99; the last is"):
        index.find(Search("lantern", page=99))


def test_a_facet_of_ones_own_is_a_question_as_the_page_on_it_tells(
    good_store: EmbeddedStore, tmp_path: pathlib.Path
) -> None:
    path = tmp_path / "topics.rq"
    path.write_text(re.findall(r"```sparql\n(.*?)```", (small.ROOT / "docs" / "find.md").read_text(), re.S)[0])
    index = Index(query.Asker({"topics": query.load(path)}, good_store))
    current(index)
    facet = next(one for one in index.find(Search("walks")).facets if one.name == "topic")
    assert (facet.label, [(one.label, one.count) for one in facet.choices]) == ("Topic", [("loneliness", 1)])
    index.close()


@pytest.mark.parametrize(("header", "sentence"), [
    ("facet: route", "give it thing, value and label"),
    ("facet: {thing: thing, value: q, label: Route}", "no name for it in an address"),
    ("facet: {thing: thing, value: value}", "a facet without `label`"),
    ("facet: {thing: thing, value: other, label: Route}", "names the column `other`, which is not among"),
    ("facet: {thing: thing, value: value, label: Route, colour: red}", "it takes thing, value, label"),
    ("facet: {thing: thing, value: value, label: Route, sort: size}", "count or value"),
])
def test_a_facet_that_is_declared_wrongly_is_told(header: str, sentence: str, tmp_path: pathlib.Path) -> None:
    path = tmp_path / "things.rq"
    path.write_text(f"#+ summary: Which?\n#+ {header}\nSELECT ?thing ?value WHERE {{ ?thing ?p ?value }}\n")
    with pytest.raises(errors.BrokenFile, match=sentence):
        query.load(path)


@pytest.mark.parametrize(("pattern", "found"), [
    ("?thing <x:a> ?value", {"x:a"}),
    ("?thing <x:a>/^<x:b>* ?value OPTIONAL { ?thing <x:label> ?l } BIND(STR(?l) AS ?lLabel)", {"x:a", "x:b"}),
    ("?thing <x:a> ?value OPTIONAL { ?thing <x:b> ?l } FILTER(!BOUND(?l))", {"x:a", "x:b"}),
    ("?thing <x:a> ?y OPTIONAL { ?y <x:b> ?value }", {"x:a", "x:b"}),
    ("?thing <x:a> ?value FILTER NOT EXISTS { ?thing <x:dead> true }", {"x:a", "x:dead"}),
])
def test_a_label_bears_on_no_facet_and_everything_else_does(pattern: str, found: set[str]) -> None:
    assert bearing.properties(f"SELECT ?thing ?value WHERE {{ {pattern} }}", "thing", "value") == found


@pytest.mark.parametrize("pattern", ["?thing ?p ?value", "?thing !<x:a> ?value"])
def test_a_question_that_names_no_property_is_read_again_upon_each_change(pattern: str) -> None:
    with pytest.raises(bearing.AnyProperty):
        bearing.properties(f"SELECT ?thing ?value WHERE {{ {pattern} }}", "thing", "value")


# --- an index follows its graph ------------------------------------------------------------------------------------


def test_a_change_is_found_at_once_and_the_index_is_not_made_anew(own: EmbeddedStore) -> None:
    with indexed(own) as index:
        file = current(index).database.path
        changed(own, f"DELETE DATA {{ GRAPH {searching.GRAPH} {{ place:saltmere rdfs:label \"Saltmere\"@en }} }} ; "
                     f"INSERT DATA {{ GRAPH {searching.GRAPH} {{ place:saltmere rdfs:label \"Pepperton\"@en ; "
                     "owl:deprecated true } }")
        assert "Saltmere" not in names(index, "saltmere")
        found = index.find(Search("pepperton"))
        assert ([(one.name, one.deprecated) for one in found.hits[:1]], found.late) == ([("Pepperton", True)], False)
        assert current(index).database.path == file


@pytest.mark.heavy
def test_an_index_that_follows_changes_is_one_made_anew(own: EmbeddedStore) -> None:
    searching.follows(own, changes=15, at_once=15)


@pytest.mark.heavy
@pytest.mark.parametrize("seed", [1, 2])
def test_after_three_hundred_changes_it_still_is(own: EmbeddedStore, seed: int) -> None:
    searching.follows(own, changes=300, at_once=60, seed=seed)


@pytest.mark.heavy
def test_an_index_is_kept_beside_its_graph_and_what_is_damaged_is_made_again(own: EmbeddedStore) -> None:
    with indexed(own) as one:
        file = current(one).database.path
        assert file.parent == own.path
        made = file.stat().st_ino
    changed(own, f"INSERT DATA {{ GRAPH {searching.GRAPH} {{ place:saltmere skos:altLabel \"Pepperton\" }} }}")
    with indexed(own) as other:
        assert names(other, "pepperton") == ["Saltmere"]
        assert (current(other).database.path, file.stat().st_ino) == (file, made)
    file.write_bytes(b"x" * 5000)
    with indexed(own) as third:
        assert names(third, "pepperton") == ["Saltmere"]
        file.unlink()
        current(third).database.close()
        assert names(third, "saltmere")[0] == "Saltmere"
    file.parent.joinpath("find-lock").unlink(missing_ok=True)
    own.path.chmod(0o555)
    with indexed(own) as fourth:
        assert names(fourth, "pepperton") == ["Saltmere"]
    own.path.chmod(0o755)


@pytest.mark.heavy
def test_more_than_is_worth_following_is_written_anew(own: EmbeddedStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(making, "MOST", 0)
    searching.follows(own, changes=15, at_once=5)


def test_a_full_disk_is_told_in_a_sentence_leaves_nothing_half_made_and_is_tried_again(
        own: EmbeddedStore, monkeypatch: pytest.MonkeyPatch) -> None:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    with indexed(own) as index:
        resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, before[1]))
        try:
            for _ in range(2):
                with pytest.raises(errors.StoreError, match=r"cannot be written \(disk I/O error\)\. Is the disk"):
                    index.find(Search("lantern"))
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
        assert [path.name for path in own.path.glob("find-*")] == ["find-lock"]
        monkeypatch.setattr(index, "_again", 0.0)
        assert WALKS in names(index, "lantern walks")


@pytest.mark.heavy
def test_an_index_that_is_not_kept_goes_when_another_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remote, "FRESH", -1.0)
    with service.running() as address, RemoteStore(address, address, deadline=30) as store, indexed(store) as index:
        store.replace([SITE], Manifest("d", "2026-01-01T00:00:00+00:00", 1))
        first = current(index).database.path
        store.replace([SITE.replace(b"harbour", b"lantern")], Manifest("e", "2026-01-02T00:00:00+00:00", 1))
        assert names(index, "lantern") == ["a lantern"]
        assert (first.exists(), current(index).database.path.exists()) == (False, True)


@pytest.mark.heavy
def test_many_threads_search_while_the_graph_changes(own: EmbeddedStore) -> None:
    with indexed(own) as index:
        current(index)
        wrong: list[object] = []

        def search() -> None:
            for _ in range(15):
                try:
                    found = index.find(Search("lantern"))
                    assert len(found.hits) == min(found.total, 20)
                except Exception as error:  # told by the test
                    wrong.append(error)

        threads = [threading.Thread(target=search) for _ in range(4)]
        for thread in threads:
            thread.start()
        for number in range(3):
            label = f'place:p{number} rdfs:label "lantern {number}"'
            changed(own, f"INSERT DATA {{ GRAPH {searching.GRAPH} {{ {label} }} }}")
        for thread in threads:
            thread.join()
        assert wrong == []
        assert "lantern 2" in names(index, "lantern 2")


@pytest.mark.heavy
def test_a_new_build_is_indexed_anew(own: EmbeddedStore, good_folder: pathlib.Path) -> None:
    with indexed(own) as index:
        before = current(index)
        own.mend()  # as after a build: another generation
        assert current(index).number == before.number


@pytest.mark.heavy
def test_a_graph_that_another_service_holds_is_found_too() -> None:
    with service.running() as address, RemoteStore(address, address, deadline=30) as store, indexed(store) as index:
        store.replace([SITE], Manifest("d", "2026-01-01T00:00:00+00:00", 1))
        assert names(index, "harbor") == ["a harbour"]
