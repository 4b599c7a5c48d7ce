"""Each prepared question gives, with its defaults, the answer that was read and found honest.

The files in `answers/` are such answers. Where a question or the data change, `pytest --rewrite-answers` writes them
anew; read the difference before it is kept.
"""

import pathlib
from collections.abc import Iterator

import pytest

import small
from asking import ANSWERS, asked, given, read, table
from carekg import query

QUESTIONS = sorted(path.stem for path in (small.ROOT / "queries").glob("*.rq"))
GRAPHS = {"innovation-as-graph"}
"""The questions whose answer is a graph."""

SAMPLE = "innovations-by-route-and-factor"
ASSESSED_AS_STRONG = {
    "IRIS",
    "PINCER",
    "Pathway homeless hospital teams",
    "Mental Health First Aid England",
    "Schwartz Rounds",
}


def kept(asker: query.Asker, name: str) -> tuple[pathlib.Path, bytes]:
    """The file that keeps the answer of a question, and the answer: a table as it comes, a graph in sorted lines."""
    if not asker.queries[name].is_graph:
        return ANSWERS / f"{name}.csv", given(asker, name)
    lines = given(asker, name, "n-triples").splitlines(keepends=True)
    return ANSWERS / f"{name}.nt", b"".join(sorted(set(lines)))


def sweep(asker: query.Asker, question: query.Query) -> Iterator[dict[str, str]]:
    """The defaults of a question, then each value of its first parameter."""
    yield {}
    for parameter in question.parameters[:1]:
        yield from ({parameter.name: choice.iri} for choice in asker.choices(parameter))


def labels(rows: list[dict[str, str]]) -> set[str]:
    """The innovations that an answer names."""
    return {row["innovationLabel"] for row in rows}


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_question_with_its_defaults_gives_the_answer_that_is_kept(
    name: str, asker: query.Asker, request: pytest.FixtureRequest
) -> None:
    path, answer = kept(asker, name)
    if request.config.getoption("--rewrite-answers"):
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(answer)
    expected = read(path.read_bytes())
    found = read(answer)
    assert found[0] == expected[0], "the columns are others"
    assert sorted(found) == sorted(expected), "the rows are others"
    assert found == expected, "the rows are in another order"


def test_just_the_questions_that_construct_give_a_graph(asker: query.Asker) -> None:
    assert {name for name in QUESTIONS if asker.queries[name].is_graph} == GRAPHS


def test_every_question_has_its_kept_answer_and_the_other_way_round() -> None:
    assert sorted(path.stem for path in ANSWERS.iterdir()) == QUESTIONS


@pytest.mark.parametrize("name", QUESTIONS)
def test_no_question_answers_with_nothing_by_default(name: str, asker: query.Asker) -> None:
    assert len(read(kept(asker, name)[1])) > 1


@pytest.mark.parametrize("name", [name for name in QUESTIONS if name not in GRAPHS])
def test_every_column_of_a_question_holds_something_for_some_value(name: str, asker: query.Asker) -> None:
    empty = set(read(kept(asker, name)[1])[0])
    for arguments in sweep(asker, asker.queries[name]):
        empty -= {column for row in asked(asker, name, **arguments) for column, value in row.items() if value}
        if not empty:
            break
    assert not empty


def test_no_question_asks_for_a_section_or_a_line_which_a_passage_may_lack() -> None:
    for name in QUESTIONS:
        for line in (small.ROOT / "queries" / f"{name}.rq").read_text(encoding="utf-8").splitlines():
            assert "OPTIONAL" in line or not {"care:section", "care:line"} & set(line.split()), (name, line)


@pytest.mark.parametrize("name", [name for name in QUESTIONS if name not in GRAPHS])
def test_every_row_of_a_question_with_receipts_has_one(name: str, asker: query.Asker) -> None:
    answer = table(asker, name)
    for row in answer.rows():
        assert not answer.receipts or row.receipts, row.cells
        assert all(receipt.words and receipt.source.text and receipt.where for receipt in row.receipts), row.cells


# --- the sample question ---------------------------------------------------------------------------------------


def licensed(asker: query.Asker, **more: str) -> list[dict[str, str]]:
    """The sample question: licensing as route, partnerships as factor."""
    return asked(asker, SAMPLE, route="licensing and affiliation", factor="partnerships", **more)


def test_a_strength_that_is_assessed_as_strong_is_found_for_five_innovations(asker: query.Asker) -> None:
    rows = licensed(asker, strength="strong", basis="assessed")
    assert labels(rows) == ASSESSED_AS_STRONG
    assert {row["basisFoundLabel"] for row in rows} == {"assessed by us"}
    assert {row["strengthFoundLabel"] for row in rows} == {"strong"}


def test_no_source_states_a_strength_and_the_answer_says_so(asker: query.Asker) -> None:
    assert licensed(asker, strength="strong", basis="stated") == []
    sentence = asker.queries[SAMPLE].when_empty
    assert sentence.startswith("No ")
    assert sentence.endswith(".")


def test_an_open_basis_tells_how_many_strengths_are_stated_and_how_many_assessed(asker: query.Asker) -> None:
    answer = table(asker, SAMPLE, strength="strong")
    assert asker.tally(asker.queries[SAMPLE], answer) == {"assessed by us": 5, "stated by a source": 0}


def test_a_moderate_strength_is_found_for_one_innovation(asker: query.Asker) -> None:
    assert labels(licensed(asker, strength="moderate")) == {"Community Circles"}


def test_an_open_strength_gives_every_innovation_that_some_strength_gives(asker: query.Asker) -> None:
    everything = labels(licensed(asker, strength=""))
    assert everything == {
        label
        for choice in asker.choices(asker.queries[SAMPLE].parameter("strength"))
        for label in labels(licensed(asker, strength=choice.iri))
    }
    assert everything >= ASSESSED_AS_STRONG | {"Community Circles"}


def test_each_row_of_the_sample_says_who_says_it_of_the_route_and_of_the_factor(asker: query.Asker) -> None:
    rows = table(asker, SAMPLE).rows()
    assert len(rows) == 5
    for row in rows:
        assert {receipt.about for receipt in row.receipts} == {"", "route"}


def test_a_value_that_is_no_route_is_refused_with_near_misses(asker: query.Asker) -> None:
    with pytest.raises(Exception, match="`licencing` is not a scaling route; did you mean licensing and affiliation"):
        asked(asker, SAMPLE, route="licencing")


@pytest.mark.parametrize(
    "typed", ["licensing-and-affiliation", "Licensing and Affiliation", " route:licensing-and-affiliation"]
)
def test_a_value_goes_by_key_by_label_and_by_prefixed_name(typed: str, asker: query.Asker) -> None:
    assert labels(asked(asker, SAMPLE, route=typed, strength="strong")) == ASSESSED_AS_STRONG


# --- what an answer must not say ---------------------------------------------------------------------------------


def test_a_mapping_is_told_in_the_direction_in_which_it_was_made(asker: query.Asker) -> None:
    rows = asked(asker, "factors-of-special-relevance")
    told = {(row["nearId"], row["relation"], row["farId"]) for row in rows}
    assert ("SP-3", "broader than", "EX-2") in told
    assert ("FA-2", "narrower than", "SP-7") in told
    assert ("SP-7", "narrower than", "FA-2") not in told
    assert all(row["id"] in (row["nearId"], row["farId"]) for row in rows if row["nearId"])


def test_outcomes_tell_for_whom_as_their_question_promises(asker: query.Asker) -> None:
    assert "for whom" in asker.queries["outcomes-by-innovation"].summary
    assert "forWhom" in read(given(asker, "outcomes-by-innovation"))[0]


@pytest.mark.parametrize("name", ["GoodGym", "Rotherham Social Prescribing Service"])
def test_a_start_that_a_source_dates_is_not_called_not_stated(name: str, asker: query.Asker) -> None:
    began = next((row["start"] for row in asked(asker, "not-stated") if row["innovationFoundLabel"] == name), "stated")
    assert began == "stated", "a site says where and when it began"


@pytest.mark.parametrize(
    ("name", "arguments", "figure"),
    [
        ("outcomes-and-figures", {}, "90 per cent attendance (as printed: over 90%)"),
        ("savings", {}, "(Saving for children's services in the first year., as printed: about £2.6 million)"),
        ("claims-about-innovation", {"innovation": "innovation:iris"}, "over 8,000"),
    ],
)
def test_a_number_keeps_the_words_by_which_its_source_hedges_it(
    name: str, arguments: dict[str, str], figure: str, asker: query.Asker
) -> None:
    assert any(figure in value for row in asked(asker, name, **arguments) for value in row.values())


def test_a_site_without_a_position_is_in_the_answer_that_the_map_is_drawn_of(asker: query.Asker) -> None:
    rows = asked(asker, "sites-on-map", innovation="innovation:iris")
    assert len({row["site"] for row in rows}) == 12
    assert {row["placeLabel"] for row in rows if not row["latitude"]} == {"Gwent", "Swansea Bay"}
    printed = asked(asker, "sites-on-map", innovation="innovation:shared-lives")
    assert "nearly every area" in {row["placeLabel"] for row in printed}


def test_a_site_that_is_under_way_is_not_counted_as_running(asker: query.Asker) -> None:
    (row,) = {tuple(row[name] for name in ("statedToRun", "underWay", "noStatusStated"))
              for row in asked(asker, "sites-then-and-now", innovation="innovation:community-circles")}
    assert row == ("0", "5", "0")


def test_a_closure_that_is_only_considered_is_not_drawn_as_one(asker: query.Asker) -> None:
    events = {(row["innovationFoundLabel"], row["event"]) for row in asked(asker, "closures-and-changes")}
    assert ("Family Drug and Alcohol Court", "planned: closed") in events
    assert ("Family Drug and Alcohol Court", "closed") not in events
    assert ("The Cares Family", "closed") in events


def test_a_site_that_ended_is_told_apart_on_the_map_of_a_place(asker: query.Asker) -> None:
    told = {(row["innovationLabel"], row["told"]) for row in asked(asker, "sites-in-place", place="place:manchester")}
    assert {("The Cares Family", "ended"), ("Sporting Memories Network", "taken up")} <= told
