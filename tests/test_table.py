"""An answer as a table for people: labels for IRIs, receipts gathered, values counted."""

import json

from carekg import query
from carekg.query import Asker

SOURCE = {"source": "<https://example.org/s>", "sourceLabel": "S"}


def table(names: list[str], *rows: dict[str, str]) -> query.Table:
    """A table of an answer; values that begin with < are IRIs."""
    bindings = [{name: {"type": "uri", "value": value[1:-1]} if value.startswith("<") else
                 {"type": "literal", "value": value} for name, value in row.items()} for row in rows]
    return query.Table.from_json(json.dumps({"head": {"vars": names}, "results": {"bindings": bindings}}).encode())


def test_a_label_stands_in_the_place_of_its_iri() -> None:
    one = table(["route", "routeLabel", "placeFound"], {"route": "<https://example.org/r>", "routeLabel": "by road"},
                {"route": "<https://w3id.org/carekg/concept/route/x>", "placeFound": "Kent"})
    assert [column.heading for column in one.columns] == ["route", "place"]
    assert [cell.text for row in one.rows() for cell in row.cells] == ["by road", "", "route:x", "Kent"]
    assert one.rows()[0].cells[0].iri == "https://example.org/r"


def test_solutions_that_differ_in_receipts_alone_are_one_row() -> None:
    names = ["thing", "words", "source", "sourceLabel", "where", "routeWords", "routeSource", "routeWhere"]
    one = table(names,
                {"thing": "a", "words": "w1", "where": "line 3", **SOURCE,
                 "routeWords": "r", "routeSource": "<https://example.org/s>", "routeWhere": "paraphrased"},
                {"thing": "a", "words": "w2", "where": "line 4", **SOURCE},
                {"thing": "a", "words": "w1", "where": "line 3", **SOURCE},
                {"thing": "b"})
    rows = one.rows()
    assert [column.name for column in one.columns] == ["thing"]
    assert [row.cells[0].text for row in rows] == ["a", "b"]
    assert [(r.quoted, r.source.text, r.where, r.about) for r in rows[0].receipts] == [
        ("“w1”", "S", "line 3", ""), ("r", "<https://example.org/s>", "paraphrased", "route"),
        ("“w2”", "S", "line 4", "")]
    assert rows[1].receipts == ()


def test_a_tally_counts_rows_by_value_those_without_a_row_included() -> None:
    one = table(["thing", "basis"], {"thing": "a", "basis": "<https://example.org/x>"},
                {"thing": "b", "basis": "<https://example.org/x>"}, {"thing": "c"})
    values = {"https://example.org/x": "stated", "https://example.org/y": "assessed"}
    assert one.tally("basis", values) == {"stated": 2, "assessed": 0}


def test_columns_without_any_value_are_not_shown_and_a_yes_or_no_is_a_table() -> None:
    assert table(["a", "b"], {"b": "x"}).shown() == [1]
    yes = query.Table.from_json(b'{"head": {}, "boolean": true}')
    assert [cell.text for row in yes.rows() for cell in row.cells] == ["yes"]


def test_the_shipped_sample_question_tallies_every_row(asker: Asker) -> None:
    one = query.find(asker.queries, "innovations-by-route-and-factor")
    found = query.Table.from_json(asker.ask(one, {}).read())
    tally = asker.tally(one, found)
    assert len(tally) > 1
    assert sum(tally.values()) == len(found.rows()) > 0
