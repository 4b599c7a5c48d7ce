"""The values of an answer as Python and data frames have them: typed, and missing where they are missing."""

import json
import sys
from datetime import UTC, date, datetime
from decimal import Decimal

import pandas
import pytest

from carekg import errors
from carekg.client import Answer, kinds, reading
from carekg.client.arguments import typed
from carekg.query.deprecated import Deprecated

XSD = "http://www.w3.org/2001/XMLSchema#"
E = "https://example.org/"


def literal(text: str, type_: str = "") -> dict[str, str]:
    return {"type": "literal", "value": text, **({"datatype": XSD + type_} if type_ else {})}


def iri(name: str) -> dict[str, str]:
    return {"type": "uri", "value": E + name}


def answer(names: str, *rows: dict[str, dict[str, str]]) -> Answer:
    """The answer to a question whose solutions are these."""
    said = {"head": {"vars": names.split()}, "results": {"bindings": rows}}
    return Answer(reading.prepared(reading.Given(json.dumps(said).encode())), asks="What is it?")


def column(*texts: str | None, type_: str = "") -> Answer:
    """An answer of one column, in which None is an unbound value."""
    return answer("x", *({} if text is None else {"x": literal(text, type_)} for text in texts))


@pytest.mark.parametrize(("texts", "type_", "kind", "values", "dtype"), [
    (["3", None, "-2"], "integer", "integer", [3, None, -2], "Int64"),
    (["2.50", None], "decimal", "decimal", [Decimal("2.50"), None], "Float64"),
    (["1e3", "NaN"], "double", "number", [1000.0, None], "Float64"),
    (["2017", None], "gYear", "year", [2017, None], "Int64"),
    (["2017-12-05", None], "date", "date", [date(2017, 12, 5), None], "datetime64[s]"),
    (["0001-01-01", "9999-12-31"], "date", "date", [date(1, 1, 1), date(9999, 12, 31)], "datetime64[s]"),
    (["true", "0", None], "boolean", "truth", [True, False, None], "boolean"),
    (["2017-12-05T10:00:00+01:00", None], "dateTime", "time", [datetime(2017, 12, 5, 9, tzinfo=UTC), None],
     "datetime64[us, UTC]"),
    (["2017-12-05T10:00:00"], "dateTime", "time", [datetime(2017, 12, 5, 10)], "datetime64[us]"),
    (["walks", None], "", "text", ["walks", None], "string"),
])
def test_a_column_has_the_type_that_its_values_have(texts, type_, kind, values, dtype) -> None:
    one = column(*texts, type_=type_)
    assert one.columns[0].kind == kind
    found = [row["x"] for row in one]
    assert [None if value != value else value for value in found] == values
    series = one.to_pandas()["x"]
    assert str(series.dtype) == dtype
    assert list(series.isna()) == [text in (None, "NaN") for text in texts]


@pytest.mark.parametrize(("texts", "type_"), [
    (["-0044-03-15"], "date"), (["12017-01-01"], "date"), (["2017-13-45"], "date"), (["2017-12-05Z"], "date"),
    (["9" * 30], "integer"), (["many"], "integer"), (["1" * 30 + "." + "1" * 30], "decimal"), (["maybe"], "boolean"),
    (["2017-12-05T10:00:00", "2017-12-05T10:00:00Z"], "dateTime"), (["2017-03"], "gYearMonth"),
])
def test_what_no_library_holds_stays_as_the_graph_has_it(texts, type_) -> None:
    one = column(*texts, type_=type_)
    assert [row["x"] for row in one] == texts
    assert list(one.to_pandas()["x"]) == texts


def test_a_column_of_several_kinds_is_text_that_sorts_as_it_is() -> None:
    one = answer("x", {"x": literal("2017-12-05", "date")}, {"x": literal("2017", "gYear")},
                 {"x": literal("2016-03", "gYearMonth")})
    assert one.columns[0].kind == "text"
    assert sorted(row["x"] for row in one) == ["2016-03", "2017", "2017-12-05"]


def test_whole_numbers_beside_decimals_are_decimals_and_long_decimals_are_exact() -> None:
    one = answer("x", {"x": literal("1", "integer")}, {"x": literal("12345678901234567.25", "decimal")})
    assert [row["x"] for row in one] == [Decimal(1), Decimal("12345678901234567.25")]
    assert list(one.to_pandas()["x"]) == [Decimal(1), Decimal("12345678901234567.25")]


def test_a_thing_is_its_label_with_its_iri_beside_it_also_where_all_are_missing() -> None:
    one = answer("route routeLabel", {"route": iri("r"), "routeLabel": literal("by road")}, {})
    assert list(one) == [{"route": "by road", "route_iri": f"{E}r"}, {"route": None, "route_iri": None}]
    assert list(answer("route routeLabel").to_pandas().columns) == ["route", "route_iri"]


def test_no_two_columns_have_one_name() -> None:
    names = "innovation innovationFound Innovation innovationIri receipts words source"
    row = {name: literal(name) for name in names.split()}
    frame = answer(names, {**row, "innovation": iri("a")}).to_pandas()
    assert len(set(frame.columns)) == len(frame.columns) == 11
    assert frame["innovation_iri"][0] == "innovationIri"
    assert frame["receipts_2"][0] == 1


def test_the_unit_of_a_number_is_told_where_all_have_the_same_and_else_where_it_stands() -> None:
    rows = [{"amount": literal("5", "decimal"), "currency": literal("GBP"), "value": literal("1", "integer"),
             "unit": literal(unit), "year": literal("2017", "gYear"), "sharePercent": literal("7", "integer")}
            for unit in ("people", "sites")]
    one = answer("amount currency value unit year sharePercent", *rows)
    told = {each.name: (each.unit, each.unit_in) for each in one.columns}
    assert told == {"amount": ("GBP", "currency"), "currency": ("", ""), "value": ("", "unit"), "unit": ("", ""),
                    "year": ("", ""), "share_percent": ("%", "")}
    flow = answer("amount currencyFound", {"amount": literal("5", "decimal"), "currencyFound": literal("GBP")})
    assert [(each.unit, each.unit_in) for each in flow.columns] == [("GBP", "currency"), ("", "")]
    assert one.to_pandas().attrs["units"] == {"amount": "GBP", "share_percent": "%"}


# --- receipts ------------------------------------------------------------------------------------------------------


@pytest.fixture
def receipted() -> Answer:
    """Three rows: one with two receipts and one for its route, one with one, one with none."""
    def row(thing: str, **texts: str) -> dict[str, dict[str, str]]:
        return {"thing": literal(thing), **{name: literal(text) for name, text in texts.items()}}

    return answer("thing words source where routeWords routeSource routeWhere",
                  row("a", words="one\nline", source="S", where="line 3", routeWords="r", routeSource="T"),
                  row("a", words="two", source="S", where="paraphrased", routeWords="r", routeSource="T"),
                  row("b", words="three", source="T"), row("c"))


def test_receipts_stand_in_columns_their_lines_in_step(receipted: Answer) -> None:
    frame = receipted.to_pandas()
    assert list(frame["receipts"]) == [3, 1, 0]
    assert frame["receipt_words"][0].split("\n") == ["one line", "two"]
    assert frame["receipt_where"][0].split("\n") == ["line 3", "paraphrased"]
    assert frame["route_receipt_source"][0] == "T"
    assert frame["receipt_words"].isna().tolist() == [False, False, True]


def test_receipts_stand_in_rows_and_no_row_is_lost(receipted: Answer) -> None:
    rows = receipted.to_dicts(receipts="rows")
    assert [(row["row"], row["thing"], row["receipt_about"], row["receipt_words"]) for row in rows] == [
        (1, "a", "the row", "one line"), (1, "a", "route", "r"), (1, "a", "the row", "two"),
        (2, "b", "the row", "three"), (3, "c", None, None)]


def test_receipts_are_left_out_where_nobody_wants_them(receipted: Answer) -> None:
    assert receipted.to_dicts(receipts=None) == [{"thing": "a"}, {"thing": "b"}, {"thing": "c"}] == list(receipted)
    assert [len(several) for several in receipted.receipts] == [3, 1, 0]
    with pytest.raises(ValueError, match="'columns', 'rows' and None"):
        receipted.to_pandas(receipts="both")  # type: ignore[arg-type]


def test_what_is_no_longer_to_be_used_is_marked(receipted: Answer) -> None:
    assert "deprecated" not in receipted.to_pandas()
    known = Deprecated(frozenset({f"{E}old"}))
    body = json.dumps({"head": {"vars": ["x", "words", "source"]}, "results": {"bindings": [
        {"x": iri("old"), "words": literal("w"), "source": iri("s")},
        {"x": iri("old"), "words": literal("v"), "source": iri("s")}, {"x": iri("new")}]}}).encode()
    one = Answer(reading.prepared(reading.Given(body), known), asks="What?")
    assert list(one.to_pandas()["deprecated"]) == [True, False]
    assert [row["deprecated"] for row in one.to_dicts("rows")] == [True, True, False]
    assert "1 row no longer to be used" in one._repr_html_()


# --- showing -------------------------------------------------------------------------------------------------------


def test_a_notebook_shows_the_rows_escaped_with_receipts_to_be_opened() -> None:
    bad = "<script>alert(1)</script>"
    one = answer("thing words source", *({"thing": literal(f"{bad}{n}"), "words": literal(bad), "source": iri('"><b>')}
                                         for n in range(30)))
    shown = one._repr_html_()
    assert bad not in shown
    assert '"><b>' not in shown
    assert "&lt;script&gt;" in shown
    assert "<details><summary>1</summary>" in shown
    assert "30 rows, of which the first 20 are shown." in shown
    assert "30 rows. The first 10 are shown." in repr(one)


def test_an_address_is_a_link_only_where_it_leads_to_the_web() -> None:
    rows = reading.listed(["x"], [])
    assert "<a " not in Answer(rows, asks="?", address="javascript:alert(1)")._repr_html_()
    assert '<a href="http://h/?a=1&amp;b=2">' in Answer(rows, asks="?", address="http://h/?a=1&b=2")._repr_html_()


# --- the ways out --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("way", "package"), [("to_pandas", "pandas"), ("to_polars", "polars"),
                                              ("to_arrow", "pyarrow")])
def test_a_library_that_is_missing_is_named_with_the_command_that_installs_it(way, package, monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(errors.MissingExtra, match=f"`pip install {package}`"):
        getattr(column("a"), way)()


def test_what_an_answer_is_not_is_told() -> None:
    for read in (reading.prepared, reading.selected):
        with pytest.raises(errors.StoreError, match="not in the format of SPARQL"):
            read(reading.Given(b"<a> <b>", is_graph=True))
    for body in (b"[" * 100_000, b"", b"<html>", b"[]", b'{"head": {}}',
                 b'{"head": {"vars": ["x"]}, "results": {"bindings": [3]}}'):
        for read in (reading.prepared, reading.selected):
            with pytest.raises(errors.StoreError, match="not in the format of SPARQL"):
                read(reading.Given(body))


def test_a_result_of_sparql_keeps_every_row_and_every_column() -> None:
    said = {"head": {"vars": ["words", "source", "x", "xLabel"]}, "results": {"bindings": [
        {"words": literal("w"), "source": iri("s"), "x": iri("y"), "xLabel": literal("Y")}] * 2}}
    one = Answer(reading.selected(reading.Given(json.dumps(said).encode())), asks="")
    assert [len(one), list(one[0])] == [2, ["words", "source", "source_iri", "x", "x_iri", "x_label"]]
    assert reading.selected(reading.Given(b'{"head": {}, "boolean": true}')).rows[0].cells[0].text == "true"


@pytest.mark.heavy
def test_polars_and_arrow_have_the_same_columns_and_types_as_python(receipted: Answer) -> None:
    import polars
    import pyarrow

    one = answer("day year count share amount name flag seen", {
        "day": literal("0001-01-01", "date"), "year": literal("2017", "gYear"), "count": literal("3", "integer"),
        "share": literal("0.5", "double"), "amount": literal("12345678901234567.25", "decimal"),
        "name": literal("a"), "flag": literal("true", "boolean"), "seen": literal("2017-12-05T10:00:00Z", "dateTime"),
    }, {})
    frame, table = one.to_polars(), one.to_arrow()
    assert frame.rows(named=True) == table.to_pylist() == list(one)
    assert frame.dtypes == [polars.Date, polars.Int64, polars.Int64, polars.Float64, polars.Decimal(38, 2),
                            polars.String, polars.Boolean, polars.Datetime("us", "UTC")]
    assert table.schema.types[4] == pyarrow.decimal128(38, 2)
    for mode in ("columns", "rows", None):
        assert receipted.to_polars(mode).rows(named=True) == receipted.to_arrow(mode).to_pylist() \
            == receipted.to_dicts(mode)
    assert answer("x y").to_polars().columns == answer("x y").to_arrow().column_names == ["x", "y"]


# --- arguments -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("value", "texts"), [
    ("a b", ["a b"]), (2017, ["2017"]), (0.00001, ["0.00001"]), (3.0, ["3"]), (Decimal("1E+3"), ["1000"]),
    (date(2017, 12, 5), ["2017-12-05"]), (datetime(2017, 12, 5), ["2017-12-05"]),
    (pandas.Timestamp("2017-12-05"), ["2017-12-05"]), (None, [""]), ([], [""]), (["a", "b", "a"], ["a", "b"]),
    (pandas.Series([1, 2], dtype="Int64"), ["1", "2"]), ({"a": 1}, ["a"]), (True, ["true"]),
])
def test_a_value_is_given_as_a_person_would_type_it(value, texts) -> None:
    assert typed(value) == texts


def test_every_kind_has_a_reader_or_is_text() -> None:
    assert set(kinds.OF.values()) == set(kinds.READERS)
