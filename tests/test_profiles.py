"""The sections of a thing's page: what a question's header declares, and what becomes of its answer."""

from collections.abc import Callable
from pathlib import Path

import pytest

from carekg import errors, folder, profiles, query
from carekg.profiles import comparing
from carekg.profiles.comparing import Place, Value
from carekg.query import Asker, Query
from carekg.store.embedded import EmbeddedStore
from carekg.terms import PREFIXES, expand

HEADER = """#+ summary: Who pays for an innovation?
#+ parameters:
#+   - name: innovation
#+     label: innovation
#+     type: thing
#+     of: care:Innovation
#+   - name: word
#+     label: word
#+     type: text
#+     optional: true
"""
PAGE = """#+ page:
#+   - parameter: innovation
#+     heading: Who pays
#+     order: 40
#+     empty: Sources do not state who pays.
#+     columns: [payer: who, sum]
"""
BODY = "SELECT ?payer ?sum WHERE { $innovation ?by ?payer ; ?p ?sum BIND(STR($word) AS ?w) } ORDER BY ?payer ?sum\n"
WALKS = PREFIXES["innovation"] + "lantern-walks"

Maker = Callable[..., Query]


@pytest.fixture
def loaded(tmp_path: Path) -> Maker:
    """Read a query from a file with the text given."""
    def load(text: str, name: str = "who-pays") -> Query:
        path = tmp_path / "queries" / f"{name}.rq"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return query.load(path)
    return load


@pytest.fixture(scope="module")
def walks(good_store: EmbeddedStore, shipped: Path) -> dict[str, profiles.Answered]:
    """The sections of the walks by lantern light, as the shipped questions declare them."""
    asker = Asker(query.catalogue(folder.queries(shipped)), good_store)
    declared = profiles.sections(asker.queries.values(), {expand("care:Innovation") or ""})
    return {one.section.key: one for one in profiles.answered(asker, WALKS, declared)}


# --- what a header declares -----------------------------------------------------------------------------------------


def test_a_header_says_where_its_answer_stands(loaded: Maker) -> None:
    (one,) = loaded(HEADER + PAGE + BODY).page
    assert (one.kind, one.heading, one.order, one.gap) == (expand("care:Innovation"), "Who pays", 40, "not stated")
    assert one.columns == (("payer", "who"), ("sum", ""))


def test_a_class_or_a_scheme_may_be_named_in_the_place_of_that_of_the_parameter(loaded: Maker) -> None:
    for said, kind in (("care:Claim", expand("care:Claim")), ("route", f"{expand('concept:route')}")):
        (one,) = loaded(HEADER + PAGE + f"#+     class: {said}\n" + BODY).page
        assert one.kind == kind


WRONG = {
    "a page that is no list": (PAGE.replace("  - parameter", "    parameter"), "write a list"),
    "an entry that is no mapping": ("#+ page: [innovation]\n", "give it parameter, heading, order and empty"),
    "an unknown key": (PAGE + "#+     coloums: [payer]\n", "`coloums` under `page`; an entry takes"),
    "a parameter that is not there": (PAGE.replace("parameter: innovation", "parameter: inovation"), "`inovation`"),
    "a parameter that takes a text": (PAGE.replace("parameter: innovation", "parameter: word"), "`word`"),
    "a class that is none": (PAGE + "#+     class: Innovation\n", "write a class such as care:Innovation"),
    "no heading": (PAGE.replace("heading: Who pays", "heading: ''"), "without `heading`"),
    "no sentence for nothing": (PAGE.replace("empty: Sources do not state who pays.", "rows: 2"), "without `empty`"),
    "an order that is no number": (PAGE.replace("order: 40", "order: first"), "`order: first`"),
    "an order that is left out": (PAGE.replace("#+     order: 40\n", ""), "`order: None`"),
    "columns that are no list": (PAGE.replace("[payer: who, sum]", "payer"), "`columns: payer`"),
    "a column that is not given": (PAGE.replace("payer: who", "giver"), "the column `giver`, which the query does not"),
    "a comparison by what is not given": (PAGE + "#+     compare: [giver]\n", "the column `giver`"),
    "a drawing that is not declared": (PAGE + "#+     drawings: [map]\n", "the drawing `map`"),
    "a gap of another sort": (PAGE + "#+     gap: unknown\n", "write not stated or none"),
    "together with what is no yes or no": (PAGE + "#+     together: both\n", "write true or false"),
    "one class twice": (PAGE + PAGE.removeprefix("#+ page:\n"), "twice on the page of one class"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_with_a_page_is_told_in_one_sentence(loaded: Maker, case: str) -> None:
    page, sentence = WRONG[case]
    with pytest.raises(errors.BrokenFile) as told:
        loaded(HEADER + page + BODY)
    assert str(told.value).startswith("queries/who-pays.rq")
    assert sentence in str(told.value)


def test_a_graph_stands_on_no_page(loaded: Maker) -> None:
    with pytest.raises(errors.BrokenFile, match="this one gives a graph"):
        loaded(HEADER + PAGE + "CONSTRUCT { $innovation ?p ?o } WHERE { $innovation ?p ?o BIND($word AS ?w) }")


def test_sections_stand_in_their_order_and_a_question_once(loaded: Maker) -> None:
    late = loaded(HEADER + PAGE + BODY, "late")
    early = loaded(HEADER + PAGE.replace("40", "10") + PAGE.replace("#+ page:\n", "").replace("40", "50")
                   + "#+     class: care:Claim\n" + BODY, "early")
    kinds = {expand("care:Innovation") or "", expand("care:Claim") or ""}
    assert [(one.key, one.placing.order) for one in profiles.sections([late, early], kinds)] == [
        ("early", 10), ("late", 40)]
    assert profiles.sections([late, early], {"https://example.org/Other"}) == []


# --- what becomes of an answer --------------------------------------------------------------------------------------


def test_every_section_of_a_thing_is_answered(walks: dict[str, profiles.Answered]) -> None:
    assert [key for key, one in walks.items() if one.problem] == []
    assert {"sites-by-innovation", "funding-by-innovation", "outcomes-by-innovation", "not-stated"} <= set(walks)


def test_a_line_says_how_it_stands_and_rests_on_its_receipts(walks: dict[str, profiles.Answered]) -> None:
    sites = {line.standing: line for line in walks["sites-by-innovation"].lines}
    assert set(sites) == {"held", "planned"}
    assert all(line.receipts for line in sites.values())
    assert "standing" not in {column.name for column in walks["sites-by-innovation"].columns}


def test_a_column_that_holds_nothing_or_only_repeats_the_thing_is_left_out(walks: dict[str, profiles.Answered]) -> None:
    for one in (one for one in walks.values() if one.lines):
        for n, column in enumerate(one.columns):
            assert any(line.cells[n].text for line in one.lines), (one.section.key, column.name)
            assert any(line.cells[n].iri != WALKS for line in one.lines)


def test_a_number_has_commas_and_a_year_none(walks: dict[str, profiles.Answered]) -> None:
    awards = walks["funding-by-innovation"]
    written = {column.name: awards.written(column, cell)
               for column, cell in zip(awards.columns, awards.lines[0].cells, strict=True)}
    assert written["amount"] == "8,000"
    assert "," not in written["began"]


def test_lines_about_one_disagreement_stand_side_by_side(walks: dict[str, profiles.Answered]) -> None:
    (group,) = walks["disagreements-about-innovation"].groups
    assert len(group.sides) == 2
    assert len({said for _, said in group.sides}) == 2


def test_what_is_no_longer_to_be_used_is_marked(good_store: EmbeddedStore, shipped: Path) -> None:
    asker = Asker(query.catalogue(folder.queries(shipped)), good_store)
    declared = profiles.sections([asker.queries["sites-by-innovation"]], {expand("care:Innovation") or ""})
    (one,) = profiles.answered(asker, WALKS, declared, lambda row: any("elsewhere" in cell.iri for cell in row.cells))
    assert sorted((line.standing, line.deprecated) for line in one.lines) == [("held", False), ("planned", True)]


def test_a_question_that_is_refused_says_why_and_the_others_stand(good_store: EmbeddedStore, loaded: Maker) -> None:
    needs = loaded(HEADER.replace("#+     optional: true\n", "") + PAGE + BODY, "needs")
    quick = loaded(HEADER + PAGE + BODY, "quick")
    declared = profiles.sections([needs, quick], {expand("care:Innovation") or ""})
    found = {one.section.key: one for one in profiles.answered(Asker({}, good_store), WALKS, declared)}
    assert "needs `word`" in found["needs"].problem
    assert found["quick"].lines
    assert not found["quick"].problem


# --- side by side ---------------------------------------------------------------------------------------------------


def place(*texts: str, gap: str = "") -> Place:
    """What a row has for one thing."""
    return Place(tuple(map(Value, texts)), gap)


@pytest.mark.parametrize(("places", "gap", "told"), [
    ([place("a"), place("a")], "not stated", "the same"),
    ([place("a"), place("b")], "not stated", "differs"),
    ([place("a", "b"), place("b", "c")], "not stated", "differs; in common: b"),
    ([place(), place()], "not stated", "not stated for any"),
    ([place("a"), place()], "not stated", "stated for Walks only"),
    ([place(), place("a")], "none", "only Rides has any"),
    ([place("a"), Place(problem="too slow")], "none", "could not be answered for all"),
])
def test_what_sets_things_apart_is_said_in_words(places: list[Place], gap: str, told: str) -> None:
    assert comparing.verdict(places, ["Walks", "Rides"], gap) == told


def test_what_some_of_several_have_in_common_is_told_with_whose_it_is() -> None:
    told = comparing.verdict([place("a", "b"), place("a", "b"), place("a", "c")], ["Walks", "Rides", "Runs"], "none")
    assert told == "differs; in common: a; Walks and Rides: b"


def test_a_plan_is_not_the_same_as_a_fact() -> None:
    fact, plan = Value("Saltmere", standing="held"), Value("Saltmere", standing="planned")
    assert comparing.verdict([Place((fact,)), Place((plan,))], ["Walks", "Rides"], "not stated") == "differs"
    assert plan.shown == "Saltmere (planned)"
