"""The questions that commissioners, innovators and policy analysts ask, each with its answer read against the sources.

`competency/questions.csv` names, for each question, the prepared query and the values that ask it, and whether the
right answer is rows or none. The answers stand beside it, or in `answers/` where a query is asked with its defaults.
Where a question or the data change, `pytest --rewrite-answers` writes them anew; read the difference before it is kept.
"""

import csv
import pathlib

import pytest

from asking import ANSWERS, given, read
from carekg import query

PLACE = pathlib.Path(__file__).parent / "competency"
with (PLACE / "questions.csv").open(encoding="utf-8", newline="") as table:
    QUESTIONS = {row["id"]: row for row in csv.DictReader(table)}

EXPECTED = {*(f"CQ-{n:02d}" for n in range(1, 41)), *(f"DQ-{n:02d}" for n in range(1, 11))}
"""Forty questions that the sources were read with, and ten of those who use such a graph."""


def arguments(row: dict[str, str]) -> dict[str, str]:
    """The values of a question: `name=value`, parted by semicolons."""
    return dict(part.split("=", 1) for part in row["arguments"].split(";") if part)


def kept_as(query_name: str, form: str) -> str:
    """The file that keeps the answer to a query with its defaults."""
    return f"{query_name}.{'nt' if form == 'n-triples' else 'csv'}"


def test_every_competency_question_is_asked() -> None:
    assert sorted(EXPECTED - set(QUESTIONS)) == []


def test_at_least_a_dozen_more_are_asked() -> None:
    assert len(set(QUESTIONS) - EXPECTED) >= 12


def test_every_query_serves_some_question(shipped: pathlib.Path) -> None:
    names = {path.stem for path in (shipped / "queries").glob("*.rq")}
    assert {row["query"] for row in QUESTIONS.values()} == names


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_question_has_the_answer_that_was_read(
    name: str, asker: query.Asker, request: pytest.FixtureRequest
) -> None:
    row = QUESTIONS[name]
    form = "n-triples" if asker.queries[row["query"]].is_graph else "csv"
    answer = given(asker, row["query"], form, **arguments(row))
    path = PLACE / f"{name}.csv" if row["arguments"] else ANSWERS / kept_as(row["query"], form)
    if form == "n-triples":
        answer = b"".join(sorted(set(answer.splitlines(keepends=True))))
    if row["arguments"] and request.config.getoption("--rewrite-answers"):
        path.write_bytes(answer)
    found = read(answer)
    assert found == read(path.read_bytes())
    assert (len(found) > 1) == (row["answer"] == "rows"), "an answer of none is right only where the table says so"


@pytest.mark.parametrize("name", [name for name, row in QUESTIONS.items() if row["answer"] == "none"])
def test_an_answer_of_none_says_that_nothing_is_stated(name: str, asker: query.Asker) -> None:
    sentence = asker.queries[QUESTIONS[name]["query"]].when_empty
    assert sentence.startswith(("No ", "Nothing "))
    assert sentence.endswith(".")


def test_no_answer_is_kept_that_nobody_asks_for() -> None:
    asked = {f"{name}.csv" for name, row in QUESTIONS.items() if row["arguments"]}
    assert {path.name for path in PLACE.iterdir()} == asked | {"questions.csv"}
