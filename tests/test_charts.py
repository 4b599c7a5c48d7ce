"""Pictures of answers: what they say in words, what they leave out, that they are safe, and that making is bounded."""

import dataclasses
import itertools
import json
import pathlib
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from typing import Any

import pytest

from carekg import charts, errors, query
from carekg.charts import legible, look, maps
from carekg.query import Table
from carekg.query.drawing import read

HOSTILE = ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "]]>", "&amp;\x0b\x00 \u202eevil", "",
           "a" * 5000, "word " * 400, "'+alert(1)+'", '{"signal":"x"}', "\N{GRINNING FACE}", "مرحبا"]
SVG = "{http://www.w3.org/2000/svg}"
WIDE = charts.Look()


def table(*rows: dict[str, object]) -> Table:
    """An answer with those rows; what begins with http is an IRI."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    bindings = [{name: {"type": "uri" if str(value).startswith("http") else "literal", "value": str(value)}
                 for name, value in row.items() if value is not None} for row in rows]
    return Table.from_json(json.dumps({"head": {"vars": names}, "results": {"bindings": bindings}}).encode())


def words(answer: Table, **roles: Any) -> str:
    """The words of a picture of an answer."""
    return charts.draw(answer, read(roles)).alt


def values(picture: charts.Picture) -> list[dict[str, Any]]:
    """The data that a picture in Vega-Lite draws."""
    found = picture.spec.get("data", picture.spec["layer"][-1].get("data") if "layer" in picture.spec else {})
    return list(found["values"])


# --- what pictures say ----------------------------------------------------------------------------------------------


def test_bars_say_how_many_there_are_the_largest_and_the_smallest() -> None:
    sites = (("partnerships", 9), ("growth", 2), ("licence", 4))
    answer = table(*({"route": route, "sites": number} for route, number in sites))
    assert words(answer, kind="bar", y="route", x="sites", title="Sites by route") == (
        "Bar chart: Sites by route. 3 bars, sites by route. Largest: partnerships (9). Smallest: growth (2).")


def test_bars_count_things_and_not_rows_where_things_are_named() -> None:
    answer = table(*({"route": "growth", "what": what, "words": n} for n, what in enumerate(("one", "one", "two"))))
    assert "whats by route. growth: 2." in words(answer, kind="bar", y="route", count="what")
    assert "rows by route. growth: 3." in words(answer, kind="bar", y="route")


def test_a_bar_without_a_number_is_told_of_and_not_drawn_as_none() -> None:
    answer = table({"who": "A", "pounds": 300, "currency": "GBP"}, {"who": "B", "pounds": 200, "currency": "GBP"},
                   {"who": "C", "pounds": 50, "currency": "EUR"}, {"who": "D", "pounds": None, "currency": None})
    picture = charts.draw(answer, read({"kind": "bar", "y": "who", "x": "pounds", "colour": "currency"}))
    assert "3 bars" in picture.alt
    assert "GBP: Largest: A (300). Smallest: B (200). EUR: C: 50." in picture.alt
    assert picture.alt.endswith("Not drawn: 1 row without a number.")
    assert "not stated" not in picture.alt
    assert [one["t"] for one in values(picture)] == ["300", "200", "50"]


def test_numbers_below_nought_are_drawn_as_such_and_what_a_flow_cannot_show_is_told() -> None:
    answer = table(*({"who": who, "to": "us", "pounds": n} for who, n in (("A", 30), ("B", -5), ("C", 0), ("D", None))))
    bars = charts.draw(answer, read({"kind": "bar", "y": "who", "x": "pounds"}))
    assert bars.spec["encoding"]["x"]["scale"]["domain"] == [-5, 30]
    assert {one["y"]: (one["t"], one["e"]) for one in values(bars)} == {"A": ("30", 30), "B": ("-5", 0), "C": ("0", 0)}
    matrix = charts.draw(answer, read({"kind": "matrix", "x": "who", "y": "to", "size": "pounds"}))
    assert [one["t"] for one in values(matrix)] == ["30", "-5"]
    assert "2 of 2 cells have a number other than 0." in matrix.alt
    assert words(answer, **{"kind": "flow", "from": "who", "to": "to", "size": "pounds"}).endswith(
        "Not drawn: 1 row without a number; 2 rows with nothing above 0.")


def test_groups_with_names_that_begin_alike_have_panels_of_their_own() -> None:
    answer = table(*({"who": "A", "n": n, "group": "a name that goes on and on, as names do, with " + "abcd"[n]}
                     for n in range(4)))
    picture = charts.draw(answer, read({"kind": "bar", "y": "who", "x": "n", "colour": "group"}))
    assert len({one["g"] for one in values(picture)}) == 4
    links = table(*({"from": "A", "to": f"B{n}", "group": f"group {n}"} for n in range(9)))
    said = words(links, **{"kind": "network", "from": "from", "to": "to", "colour": "group"})
    assert said.endswith("group 4 1, other 4."), "six groups are told apart"


def test_what_is_not_drawn_is_told_in_the_picture_itself_which_goes_along_where_it_is_taken() -> None:
    answer = table({"place": "Leeds", "lat": 53.8, "long": -1.5}, {"place": "Hull", "lat": 53.7, "long": -0.3},
                   {"place": "Gwent", "lat": None, "long": None})
    roles = {"kind": "map", "latitude": "lat", "longitude": "long", "label": "place"}
    assert charts.draw(answer, read(roles)).spec["title"]["subtitle"] == ["Not drawn: 1 row without a position."]
    whole = charts.draw(table({"place": "Leeds", "lat": 53.8, "long": -1.5}), read(roles))
    assert "subtitle" not in whole.spec["title"]


def test_what_is_too_much_is_left_out_and_told() -> None:
    answer = table(*({"place": f"place {n:03}", "sites": n} for n in range(1, 501)))
    picture = charts.draw(answer, read({"kind": "bar", "y": "place", "x": "sites"}))
    assert len(values(picture)) == 30
    assert picture.alt.endswith("Not drawn: 470 further values of place, together 110,685.")
    assert "Largest: place 500 (500)." in picture.alt


def test_an_answer_that_was_cut_says_so() -> None:
    answer = table({"a": "x"}, {"a": "y"})
    picture = charts.draw(answer, read({"kind": "bar", "y": "a"}), cut=50_000)
    assert "the answer goes on after 50,000 rows of data" in picture.alt


def test_what_is_noted_of_an_answer_is_told_with_its_picture() -> None:
    answer = table({"a": "x"}, {"a": "y"})
    picture = charts.draw(answer, read({"kind": "bar", "y": "a"}), notes=["1 row is no longer to be used."])
    assert picture.alt.endswith("Each has 1. 1 row is no longer to be used.")


def test_a_picture_of_one_mark_is_not_offered(shipped: pathlib.Path) -> None:
    people = query.load(shipped / "queries" / "people.rq")
    bar = dataclasses.replace(people, drawings=(read({"kind": "bar", "y": "a"}),))
    assert charts.of(bar, table({"a": "x"}, {"a": "x", "b": "y"})) == []
    assert charts.of(bar, table({"a": "x"}, {"a": "y"})) == list(bar.drawings)
    assert charts.of(bar, table({"b": "x"}, {"b": "y"})) == []


def test_lines_go_by_time_and_say_from_what_to_what() -> None:
    answer = table({"year": "2017", "sites": 15}, {"year": "2013", "sites": 1}, {"year": "2015-06-01", "sites": 10},
                   {"year": "soon", "sites": 99})
    picture = charts.draw(answer, read({"kind": "line", "x": "year", "y": "sites"}))
    assert "1 line over year. 1 in 2013, 15 in 2017. Not drawn: 1 row without a year or a number." in picture.alt
    assert [round(row["x"], 1) for row in values(picture)] == [2013, 2015.4, 2017]


def test_a_number_that_begins_like_a_year_is_drawn_where_it_is() -> None:
    answer = table({"dose": "1234.5", "days": 2}, {"dose": "1500", "days": 3})
    assert [one["x"] for one in values(charts.draw(answer, read({"kind": "line", "x": "dose", "y": "days"})))] == [
        1234.5, 1500]


def test_units_have_panels_of_their_own_and_a_unit_told_once_is_left_to_the_table() -> None:
    answer = table(*({"year": year, "n": n, "unit": unit} for year, n, unit in (
        (2013, 4, "sites"), (2015, 900, "people"), (2017, 1200, "people"), (2017, 9, "sites"), (2017, 5, "per cent"))))
    picture = charts.draw(answer, read({"kind": "line", "x": "year", "y": "n", "panel": "unit"}))
    assert {row["p"] for row in values(picture)} == {"sites", "people"}
    assert picture.spec["resolve"] == {"scale": {"y": "independent"}}
    assert "people: 900 in 2015, 1,200 in 2017." in picture.alt
    assert picture.alt.endswith("Not drawn: 1 further value of unit, which have fewer points.")


def test_a_matrix_prints_each_number_in_signs_that_can_be_read_on_its_shade() -> None:
    answer = table(*({"route": f"r{n % 7}", "factor": f"f{n % 5}", "n": n} for n in range(35)))
    for theme in charts.THEMES.values():
        drawing = read({"kind": "matrix", "x": "route", "y": "factor", "size": "n"})
        picture = charts.draw(answer, drawing, charts.Look(theme))
        cells = [row for row in values(picture) if row["t"]]
        assert len(cells) == 34
        assert min(look.contrast(row["sign"], row["shade"]) for row in cells) >= 4.5


def test_a_row_and_a_column_of_a_matrix_without_any_number_are_told_and_not_drawn() -> None:
    answer = table({"route": "r", "factor": "f", "n": 3}, {"route": "r", "factor": "g", "n": 0})
    assert "1 value of factor with nothing above 0" in words(answer, kind="matrix", x="route", y="factor", size="n")


def test_a_timeline_tells_what_is_planned_by_hollow_marks_and_what_ended_by_a_bar() -> None:
    answer = table({"what": "a", "began": "2015", "ended": "2017", "state": "ended"},
                   {"what": "b", "began": "2019-03", "ended": None, "state": "planned"},
                   {"what": "c", "began": "not stated", "ended": None, "state": "held"})
    picture = charts.draw(answer, read(
        {"kind": "timeline", "y": "what", "start": "began", "end": "ended", "colour": "state"}))
    assert ("2 dates and periods of 2 whats, 1 with an end. First: a (2015 to 2017). Last: b (2019-03). "
            "By state: ended 1, planned 1. Not drawn: 1 row without a year.") in picture.alt
    encoding = picture.spec["layer"][-1]["encoding"]
    fills = dict(zip(encoding["fill"]["scale"]["domain"], encoding["fill"]["scale"]["range"], strict=True))
    assert fills["planned"] == "transparent" != fills["ended"]
    assert len(set(encoding["shape"]["scale"]["range"])) == 2


@pytest.mark.parametrize("rows", [1, 2, 3])
def test_values_that_are_cut_to_one_label_are_told_apart_by_numbers(rows: int) -> None:
    cells = [query.Cell("a very long name of a thing that goes on and on, " * 3, f"urn:{n}") for n in range(1200)]
    labels = legible.names(cells, 12, rows)
    assert len(set(labels.values())) == len(labels) == len(cells)
    assert max(len(line) for label in labels.values() for line in label.split(legible.LINE)) <= 12


@pytest.mark.parametrize(("years", "marks"), [
    (("2018", "2020"), [2018, 2019, 2020, 2021]),
    (("1975", "2019"), [1970, 1980, 1990, 2000, 2010, 2020]),
    (("2020", "2020"), [2020, 2021]),
])
def test_a_timeline_marks_whole_years_each_once(years: tuple[str, str], marks: list[int]) -> None:
    answer = table(*({"what": year, "began": year} for year in years))
    spec = charts.draw(answer, read({"kind": "timeline", "y": "what", "start": "began"})).spec
    x = spec["layer"][-1]["encoding"]["x"]
    assert (x["axis"]["values"], x["scale"]["domain"]) == (marks, [marks[0], marks[-1]])


def test_a_map_shows_the_corner_of_the_land_where_its_points_are() -> None:
    answer = table({"lat": "51.5", "lon": "-0.1", "place": "a"}, {"lat": "51.4", "lon": "-0.2", "place": "b"},
                   {"lat": "91", "lon": "0", "place": "no such place"})
    picture = charts.draw(answer, read({"kind": "map", "latitude": "lat", "longitude": "lon", "label": "place"}))
    (west, south), (east, north) = picture.spec["projection"]["fit"]["coordinates"]
    assert west < -0.2 < -0.1 < east
    assert 0.5 < north - south < 2
    assert "Furthest north: a; furthest south: b. Not drawn: 1 row without a position." in picture.alt


def test_without_an_outline_of_the_land_a_map_is_drawn_and_the_log_says_so(
    monkeypatch: pytest.MonkeyPatch, tmp_path: pathlib.Path, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(maps, "OUTLINE", tmp_path / "outline.json")
    drawing = read({"kind": "map", "latitude": "lat", "longitude": "lon"})
    picture = charts.draw(table({"lat": "51", "lon": "0"}), drawing)
    assert [one["mark"]["type"] for one in picture.spec["layer"]] == ["point"]
    assert "maps are drawn without one" in caplog.text


def test_a_flow_adds_up_an_award_of_two_givers_once() -> None:
    answer = table(*({"giver": giver, "to": "one", "amount": 30, "award": "shared"} for giver in ("a", "b")),
                   {"giver": "a", "to": "two", "amount": 12, "award": "alone"})
    drawing = read({"kind": "flow", "from": "giver", "to": "to", "size": "amount", "count": "award"})
    picture = charts.draw(answer, drawing)
    assert "3 flows of amount from 2 givers to 2 tos, together 42." in picture.alt
    texts = [row["t"] for data in picture.spec["data"] if data["name"] == "texts" for row in data["values"]]
    assert texts == ["a", "42", "b", "30", "two", "12", "one", "30"]


def test_a_network_names_what_has_most_links() -> None:
    answer = table(*({"from": f"n{n}", "to": "hub"} for n in range(60)))
    told = words(answer, **{"kind": "network", "from": "from", "to": "to"})
    assert "45 things and 44 links. Most links: hub (60)" in told
    assert "Not drawn: 16 things with fewer links." in told


@pytest.mark.parametrize(("roles", "sentence"), [
    ({"kind": "line", "x": "name", "y": "name"}, "no row has both a year or number in name and a number to draw"),
    ({"kind": "map", "latitude": "name", "longitude": "name"}, "no row has name and name"),
    ({"kind": "timeline", "y": "name", "start": "name"}, "no row has a year in name"),
    ({"kind": "bar", "y": "empty"}, "no row has a number for empty"),
])
def test_an_answer_without_anything_to_draw_says_what_it_lacks(roles: dict[str, str], sentence: str) -> None:
    with pytest.raises(errors.NothingToDraw, match=sentence):
        charts.draw(table({"name": "a", "empty": ""}), read(roles))


def test_a_drawing_of_a_column_that_is_not_there_names_those_that_are() -> None:
    with pytest.raises(errors.BadDrawing, match="a bar draws `b`, which is no column of the answer; it has a"):
        charts.draw(table({"a": "x"}), read({"kind": "bar", "y": "b"}))


# --- labels and colours ---------------------------------------------------------------------------------------------


def test_labels_are_short_clean_and_never_alike() -> None:
    texts = [*HOSTILE, "b" * 99 + "1", "b" * 99 + "2"]
    cells = [row.cells[0] for row in table(*({"a": text} for text in texts)).rows()]
    for rows in (1, 2):
        found = legible.names(cells, 20, rows)
        assert len(found) == len(set(found.values())) == len(cells)
        assert all(len(line) <= 20 for label in found.values() for line in label.split("\n"))
        assert not any(ord(sign) < 32 and sign != "\n" for sign in "".join(found.values()))
        assert "\u202e" not in "".join(found.values())
    assert legible.names(cells, 20)[""] == "not stated"


def test_every_colour_of_a_theme_is_seen_on_its_paper() -> None:
    for theme in charts.THEMES.values():
        assert min(look.contrast(colour, theme.paper) for colour in (*theme.colours, theme.ink, theme.quiet)) >= 4.5
        assert len(set(theme.colours)) == look.GROUPS == len(set(look.SHAPES))


# --- making pictures ------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def press() -> Iterator[charts.Press]:
    """A press of this module's own."""
    one = charts.Press()
    yield one
    one.close()


def test_hostile_labels_become_text_and_links_lead_to_this_server(press: charts.Press) -> None:
    answer = table(*({"a": f"https://example.org/id/x/{n}", "aLabel": label, "n": n + 1}
                     for n, label in enumerate(HOSTILE)))
    picture = charts.draw(answer, read({"kind": "bar", "y": "a", "x": "n", "link": "a", "title": "<b>&"}),
                          linked=lambda iri: iri.removeprefix("https://example.org"))
    made = picture.svg(press)
    root = ET.fromstring(made)
    unwanted = {f"{SVG}{name}" for name in ("script", "img", "image", "foreignObject")}
    assert {one.tag for one in root.iter()}.isdisjoint(unwanted)
    assert not any(name.startswith("on") or name == "style" for one in root.iter() for name in one.attrib)
    leads = {value for one in root.iter() for name, value in one.attrib.items() if name.endswith("href")}
    assert leads == {f"/id/x/{n}" for n in range(len(HOSTILE))}
    assert [root.findtext(f"{SVG}{name}") for name in ("title", "desc")] == ["<b>&", picture.alt]
    assert "<script>alert(1)</script>" in [one.text for one in root.iter(f"{SVG}text")]


def test_a_picture_that_takes_too_long_or_too_much_is_given_up() -> None:
    picture = charts.draw(table({"a": "x"}, {"a": "y"}), read({"kind": "bar", "y": "a"}))
    for one, sentence in ((charts.Press(deadline=0.01), "it took more than 0.01 seconds"),
                          (charts.Press(memory=2**26), "it needs more than 64 MB of memory")):
        with pytest.raises(errors.OverDrawn, match=sentence):
            picture.svg(one)
        one.close()
    with pytest.raises(errors.OverDrawn, match="it would have more than 2 MB"):
        charts.Press().svg("vega", {"data": ["x" * 2**22]})


def test_a_picture_opens_no_address_and_no_file(press: charts.Press, tmp_path: pathlib.Path) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text("word\nhush\n", encoding="utf-8")
    spec = {"mark": "text", "encoding": {"text": {"field": "word"}}}
    for address in ("http://127.0.0.1:9/a.csv", str(secret)):
        with pytest.raises(errors.OverDrawn, match="not allowed"):
            press.svg("vega-lite", {**spec, "data": {"url": address}})
    assert "hush" not in press.svg("vega-lite", {**spec, "data": {"url": secret.as_uri()}})
    with pytest.raises(errors.OverDrawn, match="a picture holds no other picture"):
        press.png(f'<svg xmlns="http://www.w3.org/2000/svg"><image href="{tmp_path / "a.png"}"/></svg>')


@pytest.mark.heavy
def test_the_same_answer_is_the_same_network_each_time(press: charts.Press) -> None:
    answer = table(*({"from": f"n{a}", "to": f"n{b}"} for a, b in itertools.combinations(range(5), 2)))
    picture = charts.draw(answer, read({"kind": "network", "from": "from", "to": "to"}))
    first = picture.svg(press)
    press.close()  # as when nobody asked for long: the next picture starts another process
    assert picture.svg(press) == first
