"""Plans: what a header may say of one, facts that were typed, and parts that are answers to prepared questions."""

import io
import json
import pathlib
from collections.abc import Callable
from typing import Any

import docx
import pyoxigraph as ox
import pytest

from asking import asked, table
from carekg import charts, errors, plans, query
from carekg.plans import document, kept, word
from carekg.plans.document import About
from carekg.store.embedded import EmbeddedStore

ABOUT = About("1 May 2026", "abc-1", "https://example.org/plan?topic=x", "CC BY 4.0")
MEMORY = {"title": ["Memory Mates"], "topic": ["dementia"], "group": ["older people"],
          "lack": ["funding", "risk-aversion"],
          "nasss:organisation": ["complex"], "nasss:technology": ["complex"], "nasss:condition": ["simple"]}

Maker = Callable[..., query.Query]
HEADER = """#+ summary: Which things have a value?
#+ parameters:
#+   - {name: value, label: value, type: text}
#+   - {name: also, label: other value, type: integer, optional: true}
"""
BODY = "SELECT ?thing WHERE { ?thing ?p $value ; ?q $also }"


@pytest.fixture
def loaded(tmp_path: pathlib.Path) -> Maker:
    """Writes a query file with a plan and reads it."""
    def make(plan: str, name: str = "things", body: str = BODY, header: str = HEADER) -> query.Query:
        path = tmp_path / "queries" / f"{name}.rq"
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"{header}#+ plan: {plan}\n{body}", encoding="utf-8")
        return query.load(path)
    return make


@pytest.fixture(scope="module")
def memory(asker: query.Asker) -> tuple[plans.Description, tuple[plans.Section, ...]]:
    """A description, and its plan on the shipped graph."""
    told, problems = plans.read(asker, MEMORY)
    assert problems == []
    return told, plans.answered(asker, told)


def part(sections: tuple[plans.Section, ...], name: str) -> plans.Section:
    return next(one for one in sections if one.question.name == name)


def written(asker: query.Asker, memory: tuple[plans.Description, tuple[plans.Section, ...]]) -> document.Document:
    told, sections = memory
    return document.written(sections, told, plans.facts(asker.queries), ABOUT, lambda _row: False)


def test_an_amount_has_its_currency_its_commas_and_how_it_is_to_be_read(asker: query.Asker) -> None:
    amounts = {row["awardLabel"][:30]: row["amount"] for row in asked(asker, "funders-of-innovations", innovation=[
        "innovation:homeshare", "innovation:local-area-coordination", "innovation:iris", "innovation:goodgym"])}
    assert amounts["The Big Lottery Fund gave more"] == "more than £1,300,000"
    assert amounts["The Big Lottery Fund and the L"] == "£2,000,000, a total of several awards or receivers"
    assert amounts["The Department for Education g"] == "up to £771,000"
    assert "not stated" in amounts.values()


def test_a_total_is_not_added_to_an_exact_amount_where_money_is_drawn(asker: query.Asker) -> None:
    for name in ("funding-by-innovation", "money-flow"):
        found = charts.draw(table(asker, name, innovation="innovation:homeshare"), next(
            one for one in asker.queries[name].drawings if one.kind == "bar"))
        assert "3,300,000" not in json.dumps(found.spec), name
        assert "1,300,000" in json.dumps(found.spec)
    flow = charts.draw(table(asker, "money-flow", innovation="innovation:homeshare"), next(
        one for one in asker.queries["money-flow"].drawings if one.kind == "flow"))
    assert "3.3 million" not in json.dumps(flow.spec)
    assert "1.3 million" in json.dumps(flow.spec)


def test_a_figure_that_a_source_hedges_has_its_words_and_its_commas(asker: query.Asker) -> None:
    row, = (row for row in asked(asker, "figures-by-innovation", innovation="innovation:dementia-friends")
            if row["asPrinted"] == "more than 600,000")
    assert (row["reading"], row["value"]) == ("600,000", "600000")
    personalised = asked(asker, "figures-by-innovation", innovation="innovation:personalised-integrated-care")
    assert {"500 to 1000", "1996"} <= {row["reading"] for row in personalised}, "a year is written like that"


# --- headers ------------------------------------------------------------------------------------------------------


def test_a_plan_of_a_header_is_read_whole(loaded: Maker) -> None:
    one = loaded("{heading: Things, order: 10, about: So., from: {value: colour, also: count of shade}, "
                 "columns: [thing], by: thing, "
                 "facts: {colour: {under: Look, label: Colour, help: Which., rates: 'complexity:simple'}}}")
    assert one.plan == query.Plan(
        "Things", 10, {"value": query.Source("colour"), "also": query.Source("shade", is_count=True)}, "So.", "",
        ("thing",), "thing", {"colour": query.Asked("Look", "Colour", "Which.", "complexity:simple")})


@pytest.mark.parametrize(("plan", "sentence"), [
    ("things", "has `plan: things`; give it heading, order and from"),
    ("{colour: red}", "has `colour` under `plan`; it takes heading, order"),
    ("{heading: A, order: first, from: {value: a}}", "has `order: first` under `plan`; write a whole number"),
    ("{order: 1, from: {value: a}}", "has a `plan` with `heading: `; write a text"),
    ("{heading: A, order: 1}", "has a `plan` without `from`"),
    ("{heading: A, order: 1, from: {colour: a}}", "fills `colour` under `plan`; its parameters are value, also"),
    ("{heading: A, order: 1, from: {also: a}}", "leaves `value` open, which has to be given"),
    ("{heading: A, order: 1, from: {value: 'A b'}}", "has `A b` under `from`; write a fact such as place"),
    ("{heading: A, order: 1, from: {value: a}, facts: [a]}", "write each fact with under, label and help"),
    ("{heading: A, order: 1, from: {value: a}, facts: {b: {}}}", "tells of the fact `b` under `plan`; `from` uses a"),
    ("{heading: A, order: 1, from: {value: a}, facts: {a: {colour: red}}}", "it takes under, label, help, rates"),
    ("{heading: A, order: 1, from: {value: a}, facts: {a: {rates: high}}}", "write a rating such as complexity:"),
    ("{heading: A, order: 1, from: {value: a}, columns: thing}", "write a list of names in square brackets"),
    ("{heading: A, order: 1, from: {value: a}, columns: [colour]}", "`plan` shows the column `colour`"),
    ("{heading: A, order: 1, from: {value: a}, by: colour}", "`plan` shows the column `colour`"),
])
def test_a_plan_that_is_wrong_is_told_in_a_sentence(loaded: Maker, plan: str, sentence: str) -> None:
    with pytest.raises(errors.BrokenFile) as told:
        loaded(plan)
    assert str(told.value).startswith("queries/things.rq")
    assert sentence in str(told.value)
    assert str(told.value).endswith(".")


def test_a_question_that_gives_a_graph_is_no_part_of_a_plan(loaded: Maker) -> None:
    body = BODY.replace("SELECT ?thing", "CONSTRUCT { ?thing ?p 1 }")
    with pytest.raises(errors.BrokenFile, match="for a query that gives a table, and this one gives a graph"):
        loaded("{heading: A, order: 1, from: {value: a}}", body=body)


@pytest.mark.parametrize(("first", "second", "sentence"), [
    ("{value: a}", "{value: nothing.thing}", "fills `value` from nothing.thing; write a question with a `plan`"),
    ("{value: a}", "{value: one.colour}", "fills `value` from one.colour"),
    ("{value: a}", "{value: b, also: a}", "takes the fact `a` as text, which two takes as something else"),
])
def test_headers_that_do_not_go_together_are_told(loaded: Maker, first: str, second: str, sentence: str) -> None:
    one = loaded(f"{{heading: A, order: 1, from: {first}}}", "one")
    two = loaded(f"{{heading: B, order: 2, from: {second}}}", "two")
    query.refuse_clashes({"one": one})
    with pytest.raises(errors.BrokenFile, match=sentence.replace("(", r"\(")):
        query.refuse_clashes({"one": one, "two": two})


def test_values_stand_where_a_text_has_undef_for_them_and_nowhere_else(loaded: Maker) -> None:
    one = loaded("{heading: A, order: 1, from: {value: a}}", body=(
        "SELECT ?thing WHERE { { { VALUES $value { UNDEF } FILTER(BOUND($value)) } ?thing ?p ?value } UNION "
        "{ { VALUES $also { UNDEF } FILTER(BOUND($also)) } ?thing ?q ?also } }"))
    store = ox.Store()
    store.extend(ox.Quad(ox.NamedNode(f"x:{name}"), ox.NamedNode("x:p"), ox.Literal(name)) for name in "abc")

    def found(**terms: list[ox.Literal]) -> list[str]:
        return sorted(row["thing"].value for row in store.query(one.bind(terms)))  # type: ignore[union-attr]

    assert found() == []
    assert found(value=[ox.Literal("a")]) == ["x:a"]
    assert found(value=[ox.Literal("a"), ox.Literal("b")]) == ["x:a", "x:b"]
    assert found(value=[ox.Literal("a"), ox.Literal("b")], also=[ox.Literal("c")]) == ["x:a", "x:b", "x:c"]


# --- facts --------------------------------------------------------------------------------------------------------


def test_facts_are_those_that_the_questions_take_in_the_order_of_the_plan(asker: query.Asker) -> None:
    known = plans.facts(asker.queries)
    assert list(known) == ["topic", "group", "area", "place", "lack", "route", "have", "stage", "simple", "complicated",
                           "complex"]
    assert all(fact.label and fact.help and fact.under for fact in known.values() if not fact.rates)
    assert plans.facts({}) == {}


def test_what_is_rated_are_the_domains_as_the_graph_has_them(asker: query.Asker) -> None:
    parts = plans.rated(asker, plans.facts(asker.queries))
    assert [part.label for part in parts["complex"]] == [row["partLabel"] for row in asked(
        asker, "framework-parts", framework="concept:nasss") if row["kind"] == "domain"]
    assert all(part.meaning for part in parts["complex"])


def test_a_value_goes_by_label_short_name_and_iri_and_an_address_has_all_of_a_description(asker: query.Asker) -> None:
    told, problems = plans.read(asker, {**MEMORY, "least": ["2"], "graph": ["abc"], "place": [" ", "Leeds"]})
    assert problems == []
    assert told.arguments() == [
        ("title", "Memory Mates"), ("topic", "topic:dementia"), ("group", "group:older-people"),
        ("place", "place:leeds"), ("lack", "factor:funding"), ("lack", "factor:risk-aversion"),
        ("simple", "nasss:condition"), ("complex", "nasss:organisation"), ("complex", "nasss:technology"),
        ("least", "2"), ("graph", "abc")]
    typed: dict[str, list[str]] = {}
    for name, value in told.arguments():
        typed.setdefault(name, []).append(value)
    assert plans.read(asker, typed) == (told, [])


@pytest.mark.parametrize(("typed", "fact", "sentence"), [
    ({"topic": ["dementis"]}, "topic", "`dementis` is not a need or service; did you mean dementia?"),
    ({"topic": ["x"] * 500}, "topic", "Need or service has 500 values, and 8 are the most; keep those that matter"),
    ({"place": ["<script>alert(1)</script>"]}, "place", "`<script>alert(1)</script>` is not a place"),
    ({"colour": ["red"]}, "", "`colour` is no fact that a plan takes; it takes `topic`"),
    ({"topics": ["dementia"]}, "", "`topics` is no fact that a plan takes; did you mean `topic`?"),
    ({"titel": ["Ours"]}, "", "`titel` is no fact that a plan takes; did you mean `title`?"),
    ({"nasss:nothing": ["complex"]}, "", "`nasss:nothing` is no fact that a plan takes"),
    ({"complex": ["nasss:technology"], "simple": ["nasss:technology"]}, "complex",
     "Technology is rated both simple and complex; keep one rating."),
    ({"nasss:technology": ["complex", "simple"]}, "complex", "Technology is rated both simple and complex"),
    ({"nasss:technology": ["vast"]}, "simple", "`vast` is no rating of nasss:technology; it takes simple, complicated"),
    ({"complex": ["nasss:q-1a"]}, "complex", "Nature of the condition is not rated by itself; rate Condition"),
    ({"title": ["x" * 200]}, "title", "The name has 200 characters, and 120 is the most."),
    ({"least": ["many"]}, "", "`least` takes a whole number such as 1"),
])
def test_what_is_wrong_with_a_description_is_told_beside_its_fact(
    asker: query.Asker, typed: dict[str, list[str]], fact: str, sentence: str
) -> None:
    _, (problem,) = plans.read(asker, typed)
    assert problem.fact == fact
    assert problem.sentence.startswith(sentence)


# --- parts --------------------------------------------------------------------------------------------------------


def test_the_parts_that_can_be_asked_are_and_the_others_say_what_was_left_open(
    memory: tuple[plans.Description, tuple[plans.Section, ...]]
) -> None:
    sections = memory[1]
    assert [one.plan.order for one in sections] == sorted(one.plan.order for one in sections)
    assert {one.question.name: one.unasked for one in sections if one.unasked} == {
        "advice-on-routes": "Not asked, because you left route open.",
        "where-it-helped": "Not asked, because you left what you have open.",
        "innovations-in-place": "Not asked, because you left place open.",
        "stage-and-next": "Not asked, because you left stage open."}
    assert not [one.problem for one in sections if one.problem]


def test_a_part_says_what_its_question_says_when_it_is_asked_alone(
    asker: query.Asker, memory: tuple[plans.Description, tuple[plans.Section, ...]]
) -> None:
    for section in memory[1]:
        for answer in section.answers:
            arguments = {name: [value.key for value in values] for name, values in answer.given.items()}
            alone = query.Table.from_json(asker.ask(section.question, arguments).read())
            assert answer.table.rows() == alone.rows(), section.question.name


def test_every_line_rests_on_a_receipt_and_none_is_lost(
    memory: tuple[plans.Description, tuple[plans.Section, ...]]
) -> None:
    for section in memory[1]:
        assert all(row.receipts for row in section.lines), section.question.name
        assert {one for row in section.lines for one in row.receipts} == {
            one for row in section.rows for one in row.receipts}


def test_what_innovations_share_is_listed_and_as_many_as_are_counted(
    memory: tuple[plans.Description, tuple[plans.Section, ...]]
) -> None:
    found = part(memory[1], "comparable-innovations")
    names = [column.name for column in found.answers[0].table.columns]
    for row in found.rows:
        shares = row.cells[names.index("shares")].text.split("; ")
        assert len(shares) == int(row.cells[names.index("inCommon")].text)
        assert all(one.endswith(("(filed by us)", "(a source says so)")) for one in shares)
    assert len(found.rows) == len(found.handed.values) == 12


def test_a_place_counts_but_makes_none_alike_unless_nothing_else_is_told(asker: query.Asker) -> None:
    def found(**typed: str) -> dict[str, str]:
        return {row["innovationLabel"]: row["inCommon"] for row in asked(asker, "comparable-innovations", **typed)}

    assert found(topic="social-prescribing", place="Rotherham") == {
        "Rotherham Social Prescribing Service": "2", "parkrun practice initiative": "1", "social prescribing": "1"}
    assert "ESCAPE-pain" in found(place="Rotherham"), "it has a site in the region around"


def test_several_things_that_are_lacked_are_asked_for_one_after_the_other(
    memory: tuple[plans.Description, tuple[plans.Section, ...]]
) -> None:
    met = part(memory[1], "facilitators-against-barrier")
    assert [[value.key for value in answer.given["factor"]] for answer in met.answers] == [
        ["factor:funding"], ["factor:risk-aversion"]]


def test_the_number_of_complex_domains_is_what_the_caution_is_asked_with(
    memory: tuple[plans.Description, tuple[plans.Section, ...]]
) -> None:
    rule = part(memory[1], "complexity-rule")
    assert [value.key for value in rule.answers[0].given["domains"]] == ["2"]
    assert any("rarely, if ever, and not never" in cell.text for row in rule.lines for cell in row.cells)
    rated = {row.cells[0].text: row.cells[1].text for row in part(memory[1], "complexity-by-domain").lines}
    assert rated["Organisation"] == rated["Technology"] == "complex"
    assert (rated["Condition"], rated["Wider system"]) == ("simple", "not rated")


def test_innovations_that_share_most_are_handed_on_in_whole_groups_and_more_where_it_is_wished(
    asker: query.Asker
) -> None:
    typed = {"topic": ["loneliness"], "group": ["older people", "children and families"]}
    told, _ = plans.read(asker, typed)
    narrow = part(plans.answered(asker, told), "comparable-innovations").handed
    assert (narrow.least, narrow.wider) == (2, 1)
    assert len(narrow.values) < narrow.total
    told, _ = plans.read(asker, {**typed, "least": ["1"]})
    sections = plans.answered(asker, told)
    wide = part(sections, "comparable-innovations").handed
    assert len(wide.values) == wide.total == narrow.total
    routes = part(sections, "routes-of-innovations")
    assert {value.key for value in routes.answers[0].given["innovation"]} == {value.key for value in wide.values}


def test_of_whom_a_part_says_nothing_is_said(memory: tuple[plans.Description, tuple[plans.Section, ...]]) -> None:
    sites = part(memory[1], "sites-then-and-now")
    assert "Dementia Friends" in [value.label for value in sites.silent]
    assert "Nothing is stated here of Dementia Friends" in document.rests_on(sites)


def test_where_nothing_is_alike_what_follows_is_not_asked(asker: query.Asker) -> None:
    told, problems = plans.read(asker, {"place": ["place:orkney-islands"]})
    sections = plans.answered(asker, told)
    assert problems == []
    assert document.rests_on(part(sections, "comparable-innovations")).startswith("No innovation in this graph shares")
    assert part(sections, "funders-of-innovations").unasked == (
        "Not asked, because “Innovations like yours” found nothing.")


def test_a_folder_of_somebody_else_has_the_plan_that_its_questions_make(good_store: EmbeddedStore) -> None:
    folder = good_store.path.parent / "world"
    own = query.Asker(query.catalogue({path.stem: path for path in (folder / "queries").glob("*.rq")}), good_store)
    assert list(plans.facts(own.queries)) == ["topic", "group", "area", "place", "lack", "route"]
    told, problems = plans.read(own, {"place": ["Saltmere"], "lack": ["rain"]})
    sections = plans.answered(own, told)
    assert problems == []
    assert [cell.text for cell in part(sections, "comparable-innovations").lines[0].cells[:2]] == ["Lantern Walks", "1"]
    met = part(sections, "who-met-barrier").lines
    assert [cell.text for cell in met[0].cells][3:] == ["rejected", "Umbrellas were handed out."]


# --- documents ----------------------------------------------------------------------------------------------------


def test_a_document_has_each_passage_as_one_note_and_each_line_its_numbers(
    asker: query.Asker, memory: tuple[plans.Description, tuple[plans.Section, ...]]
) -> None:
    made = written(asker, memory)
    numbers = [number for block in made.blocks for line in block.lines for number in line.notes]
    assert set(numbers) == set(range(1, len(made.notes) + 1))
    assert len(set(made.notes)) == len(made.notes)
    assert dict(made.described)["What you lack"] == ("funding", "risk aversion")
    assert [heading for heading, _ in made.unasked] == [one.plan.heading for one in memory[1] if one.unasked]


def test_a_file_of_word_holds_the_headings_the_lines_and_the_notes(
    asker: query.Asker, memory: tuple[plans.Description, tuple[plans.Section, ...]]
) -> None:
    made = written(asker, memory)
    told = docx.Document(io.BytesIO(word.written(made)))
    headings = [one.text for one in told.paragraphs if one.style and str(one.style.name).startswith("Heading")]
    assert headings[1:-2] == [block.heading for block in made.blocks]
    lines = sum(len(block.lines) for block in made.blocks)
    assert sum(len(table.rows) - 1 for table in told.tables) == lines + 4 + len(made.described)
    texts = " ".join(one.text for one in told.paragraphs)
    assert f"[{len(made.notes)}] " in texts
    assert all(table.rows[0]._tr.xpath("./w:trPr/w:tblHeader") for table in told.tables)
    assert told.core_properties.title == "Memory Mates"


def test_characters_that_a_file_of_word_cannot_hold_are_no_harm(
    asker: query.Asker, memory: tuple[plans.Description, tuple[plans.Section, ...]]
) -> None:
    made = document.Document("a\x00b\ud800c", ABOUT, (("x\x0b", ("y",)),), (), (), ())
    assert word.written(made)[:2] == b"PK"
    assert written(asker, memory).title == "Memory Mates"


# --- kept ---------------------------------------------------------------------------------------------------------


def test_a_plan_is_kept_renamed_and_deleted_by_its_owner_alone(tmp_path: pathlib.Path) -> None:
    own = kept.Plans(tmp_path / "history.sqlite")
    one = own.save("ann", " Memory\n Mates ", "topic=topic:dementia", "abc-1", {"a": [["b", "c"]]})
    assert (tmp_path / "plans.sqlite").stat().st_mode & 0o077 == 0
    found = own.plan(one)
    assert (found.name, found.address, found.said) == ("Memory Mates", "topic=topic:dementia", {"a": [["b", "c"]]})
    own.rename(one, "ann", "Mates")
    assert [(plan.id, plan.name) for plan in own.listed("ann")] == [(one, "Mates")]
    assert own.listed("bob") == []
    refused: list[Callable[[], object]] = [
        lambda: own.rename(one, "bob", "Mine"), lambda: own.delete(one, "bob"), lambda: own.plan("nothing")]
    for each in refused:
        with pytest.raises(errors.NoPlan):
            each()
    own.delete(one, "ann")
    assert own.listed("ann") == []


@pytest.mark.parametrize(("name", "address", "sentence"), [
    (" \n", "a=b", "The plan has no name"), ("x" * 121, "a=b", "The name has 121 characters"),
    ("x", "a" * 9000, "The address of this plan has 9,000 characters")])
def test_a_plan_that_cannot_be_kept_is_refused_in_a_sentence(
    tmp_path: pathlib.Path, name: str, address: str, sentence: str
) -> None:
    with pytest.raises(errors.BadInput, match=sentence):
        kept.Plans(tmp_path / "history.sqlite").save("ann", name, address, "abc", {})


def test_nobody_keeps_more_than_the_most(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "MOST", 1)
    own = kept.Plans(tmp_path / "history.sqlite")
    own.save("ann", "One", "a=b", "abc", {})
    with pytest.raises(errors.BadInput, match="You keep 1 plans, and 1 is the most; delete one"):
        own.save("ann", "Two", "a=b", "abc", {})


def test_nothing_is_kept_beside_a_graph_that_another_service_keeps() -> None:
    with pytest.raises(errors.Refused, match="the address of a plan holds all of it"):
        kept.Plans(None)


def test_what_differs_is_told_line_by_line(memory: tuple[plans.Description, tuple[plans.Section, ...]]) -> None:
    sections: Any = memory[1]
    before = kept.said(sections)
    assert kept.changes(before, sections) == []
    gone = before["funders-of-innovations"].pop()
    before["routes-of-innovations"].append(["Somewhere", "", "else"])
    assert [(one.question, one.came, one.went) for one in kept.changes(before, sections)] == [
        ("routes-of-innovations", (), ("Somewhere · else",)),
        ("funders-of-innovations", (" · ".join(filter(None, gone)),), ())]
