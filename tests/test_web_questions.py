"""A question's page: its form, its rows sorted, picked and paged, what is wrong, and what is no longer to be used."""

import csv
import io
import json
import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qsl

import openpyxl
import pytest
from flask.testing import FlaskClient

import small
from carekg import query, web
from carekg.query import Asker, Table
from carekg.store import Manifest
from carekg.store.embedded import EmbeddedStore
from carekg.web.questions.address import Address
from carekg.web.questions.laid import Laid
from carekg.web.questions.view import view, wish
from pages import BROWSER, Page, page

ROUTE = "/queries/innovations-by-route"
LONG = "/queries/modelled-and-observed"

Asking = Callable[[str], FlaskClient]

MANY = """#+ summary: Which numbers are there?
#+ parameters:
#+   - {name: several, label: number, type: integer, default: "1", repeatable: true}
#+   - {name: day, label: day, type: date, optional: true}
SELECT ?number ?word ?when WHERE {
  VALUES (?number ?word ?when) { ROWS }
  FILTER(?number >= $several)
  OPTIONAL { FILTER(?when = $day) }
}
"""


@pytest.fixture
def asking(shipped_store: EmbeddedStore, tmp_path: Path) -> Asking:
    """A client of a server with one question of one's own."""
    def made(text: str) -> FlaskClient:
        path = tmp_path / "own.rq"
        path.write_text(text, encoding="utf-8")
        return web.create_app(Asker({"own": query.load(path)}, shipped_store)).test_client()
    return made


@pytest.fixture
def many(asking: Asking) -> FlaskClient:
    """A client of a server whose question has many rows."""
    return asking(MANY.replace("ROWS", " ".join(f'({n} "n{n % 7}" "20{n % 90 + 10}-01-02")' for n in range(1, 1201))))


def laid(*texts: str) -> Laid:
    """An answer with one column, laid out."""
    rows = [{"name": {"type": "literal", "value": text}} if text else {} for text in texts]
    return Laid(Table.from_json(json.dumps({"head": {"vars": ["name"]}, "results": {"bindings": rows}}).encode()))


def shown(one: Laid, asked: str) -> list[str]:
    """The texts that an address shows of an answer."""
    return [row.cells[0].text for row in view(one, wish(Address("/x", tuple(parse_qsl(asked))), one)[0]).rows]


def column(found: str, heading: str) -> list[str]:
    """The cells below a heading of a page, as texts."""
    cells = re.findall(rf'<td data-heading="{heading}"[^>]*>(.*?)</td>', found, re.DOTALL)
    return [" ".join(Page(cell).text.split()) for cell in cells]


# --- rows ------------------------------------------------------------------------------------------------------


def test_words_are_sorted_with_the_numbers_in_them_as_numbers_and_nothing_comes_last() -> None:
    one = laid("IL-10", "", "il-2", "IL-1")
    assert shown(one, "") == ["IL-10", "", "il-2", "IL-1"]
    assert shown(one, "_sort=name") == ["IL-1", "il-2", "IL-10", ""]
    assert shown(one, "_sort=-name") == ["IL-10", "il-2", "IL-1", ""]


def test_every_word_has_to_be_in_a_row_whatever_its_letters() -> None:
    one = laid("North Devon", "South Devon", "North Wales")
    assert shown(one, "_filter=devon+NORTH") == ["North Devon"]
    assert shown(one, "_only.name=North+Wales&_only.name=South+Devon") == ["South Devon", "North Wales"]


def test_a_page_has_the_rows_that_follow_those_of_the_page_before() -> None:
    one = laid(*(f"{n}" for n in range(60)))
    pages = [shown(one, f"_rows=25&_page={n}") for n in (1, 2, 3)]
    assert [*pages[0], *pages[1], *pages[2]] == [f"{n}" for n in range(60)]
    assert shown(one, "_rows=25&_page=9") == pages[2]


def test_numbers_of_the_answer_are_sorted_by_what_they_are(client: FlaskClient) -> None:
    up = column(client.get(f"{LONG}?_sort=value", headers=BROWSER).text, "value")
    down = column(client.get(f"{LONG}?_sort=-value", headers=BROWSER).text, "value")
    numbers = [float(text.replace(",", "")) for text in up if text]
    assert numbers == sorted(numbers)
    assert float(down[0].replace(",", "")) > numbers[-1]


def test_the_head_of_a_column_says_how_it_is_sorted_and_leads_to_the_other_way(client: FlaskClient) -> None:
    found = client.get(f"{ROUTE}?route=partnerships&_sort=innovation&_page=1", headers=BROWSER).text
    assert f'aria-sort="ascending"><a href="{ROUTE}?route=partnerships&amp;_sort=-innovation#answer"' in found
    assert found.count('aria-sort="none"') > 3


def test_a_page_leads_to_the_next_one_with_all_else_as_it_is(client: FlaskClient) -> None:
    address, rows = f"{LONG}?kind=&_sort=value&_rows=50", []
    while address:
        answer = client.get(address, headers=BROWSER)
        rows += column(answer.text, "figure")
        following = re.search(r'<a href="([^"]+)" rel="next"', answer.text)
        address = following[1].replace("&amp;", "&") if following else ""
    assert len(rows) == int(re.search(r"<b>(\d+)</b>\s+rows", answer.text)[1])  # type: ignore[index]
    assert len(rows) > 150


def test_what_a_column_offers_picks_as_many_rows_as_it_says(client: FlaskClient) -> None:
    found = client.get(ROUTE, headers=BROWSER).text
    offered = re.findall(r'<option value="(\w+)">\1 \((\d+)\)', found)
    assert offered
    for text, count in offered:
        columns = re.findall(r'name="_only\.(\w+)"', found)
        picked = [client.get(f"{ROUTE}?_only.{one}={text}", headers=BROWSER).text for one in columns]
        assert any(f"<b>{count}</b> of them" in one for one in picked), text


# --- what is wrong ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("asked", "sentence", "link"), [
    ("route=licencing", "`licencing` is not a scaling route", f"{ROUTE}?route=route:licensing-and-affiliation"),
    ("rout=partnerships", "`rout` is not a parameter of innovations-by-route", f"{ROUTE}?route=partnerships"),
    ("_sort=inovation", "`_sort=inovation` is not known here", f"{ROUTE}?_sort=innovation"),
    ("_only.standin=held", "it takes a column of this answer", f"{ROUTE}?_only.standing=held"),
    ("_page=zwei", "a whole number from 1 on", ROUTE),
    ("_rows=100000", "a whole number from 1 to 500", ROUTE),
    ("_srt=innovation", "did you mean _sort?", ROUTE),
    ("drawing=pie", "`pie` is no kind of drawing", ""),
])
def test_what_is_wrong_is_told_and_what_may_be_meant_is_a_link(
    asked: str, sentence: str, link: str, client: FlaskClient
) -> None:
    found = page(client, f"{ROUTE}?{asked}", 400)
    assert sentence in found.text
    assert not link or link in found.links


def test_several_values_of_what_takes_one_are_told(client: FlaskClient) -> None:
    found = page(client, "/queries/barriers-and-help-by-route?route=partnerships&route=organic-growth", 400)
    assert "it takes a single one" in found.text


def test_every_value_that_is_wrong_is_told_and_kept(client: FlaskClient) -> None:
    answer = client.get("/queries/innovations-by-route-and-factor?route=licencing&factor=partnrships", headers=BROWSER)
    assert answer.status_code == 400
    assert '<option value="licencing" selected>licencing (not known)</option>' in answer.text
    assert 'value="partnrships"' in answer.text
    assert answer.text.count('aria-invalid="true"') == 2


@pytest.mark.parametrize("day", ["2017-1", "2017-02-30", "today", "2017-01-01T00:00"])
def test_half_a_date_stays_in_its_field_and_is_told(day: str, many: FlaskClient) -> None:
    answer = many.get("/queries/own", query_string={"day": day}, headers=BROWSER)
    assert answer.status_code == 400
    assert re.search(rf'name="day"[^>]* type="text" value="{day}"', answer.text)
    assert "it takes a date such as 2017-12-05" in Page(answer.text).text


def test_two_things_of_one_label_are_told_apart_by_what_stands_in_brackets(asker: Asker) -> None:
    place = query.Parameter("place", "place", "thing", of="care:Place")
    assert asker.term(place, "Wigan [place:wigan]") == asker.term(place, "place:wigan")


def test_a_name_that_an_address_needs_itself_is_no_name_of_a_parameter(tmp_path: Path) -> None:
    for name in ("_sort", "format", "drawing"):
        path = tmp_path / "own.rq"
        path.write_text(MANY.replace("name: day", f"name: {name}").replace("$day", f"${name}"), encoding="utf-8")
        with pytest.raises(query.file.errors.BrokenFile, match="means something else in an address"):
            query.load(path)


# --- several values ---------------------------------------------------------------------------------------------


def test_several_values_give_the_rows_of_each(client: FlaskClient) -> None:
    one, two, both = (client.get(f"{ROUTE}.csv?{asked}").text.splitlines()[1:] for asked in (
        "route=partnerships", "route=organic-growth", "route=partnerships&route=organic-growth"))
    assert one and two
    assert set(both) == {*one, *two}
    found = client.get(f"{ROUTE}?route=partnerships&route=organic-growth&_more=route", headers=BROWSER).text
    assert found.count('<select id="p-route') == 3
    assert "_more" not in "".join(Page(found).links)


# --- the form --------------------------------------------------------------------------------------------------


def test_a_long_list_is_typed_ahead_by_labels_and_other_names(client: FlaskClient, asker: Asker) -> None:
    found = client.get("/queries/innovations-in-place", headers=BROWSER).text
    assert re.search(r'id="p-place" name="place" [^>]*value="Greater Manchester"[^>]* list="c-place"', found)
    choices = asker.choices(asker.queries["innovations-in-place"].parameters[0])
    other = next((one, one.others[0]) for one in choices if one.others)
    assert f'<option value="{other[1]}">{other[0].label}' in found


def test_one_more_value_is_asked_for_without_a_script(many: FlaskClient) -> None:
    found = many.get("/queries/own?several=5&several=6&_more=several", headers=BROWSER).text
    values = re.findall(r'id="p-several[^>]* value="([^"]*)"', found)
    assert values == ["5", "6", ""]
    assert re.search(r'id="p-several-3" name="several"[^>]* autofocus', found)
    assert '<button class="small" name="_more" value="several"' in found


def test_five_hundred_values_are_asked_with_and_most_are_folded(many: FlaskClient) -> None:
    answer = many.get("/queries/own", query_string={"several": [str(n) for n in range(500)]}, headers=BROWSER)
    assert answer.status_code == 200
    assert answer.text.count('name="several"') == 500 + answer.text.count('type="hidden" name="several"')
    assert "490 more" in answer.text
    wrong = many.get("/queries/own", query_string={"several": ["x"] * 500}, headers=BROWSER)
    assert wrong.status_code == 400
    assert wrong.text.count("Mend it") == 10


def test_a_field_has_the_input_that_its_type_wants(many: FlaskClient) -> None:
    found = many.get("/queries/own", headers=BROWSER).text
    assert re.search(r'name="several"[^>]* type="number" value="1"', found)
    assert re.search(r'name="day"[^>]* type="date" value=""', found)


# --- what no longer holds --------------------------------------------------------------------------------------


WALKS = """
:old a care:Claim ; rdfs:label "old walks" ; owl:deprecated true ; care:restsOn :p1 .
:new a care:Claim ; rdfs:label "new walks" ; care:restsOn :p2 .
:unnamed a care:Claim ; care:concerns :strolls ; owl:deprecated true ; care:restsOn :p3 .
:strolls rdfs:label "strolls" .
:p1 care:isFrom :s ; care:words "w1" . :p2 care:isFrom :s ; care:words "w2" . :p3 care:isFrom :s ; care:words "w3" .
:s rdfs:label "S" .
"""
CLAIMS = """#+ summary: Which claims are there?
PREFIX care: <https://w3id.org/carekg/def#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT ?thing ?thingLabel ?words ?source WHERE {
  { ?thing care:restsOn ?passage } UNION { ?claim care:concerns ?thing ; care:restsOn ?passage }
  ?thing rdfs:label ?thingLabel . ?passage care:isFrom ?source ; care:words ?words .
} ORDER BY ?thingLabel
"""


def test_what_is_no_longer_to_be_used_is_marked_and_counted_wherever_it_goes(tmp_path: Path) -> None:
    path = tmp_path / "claims.rq"
    path.write_text(CLAIMS, encoding="utf-8")
    quads = [f"{triple.subject} {triple.predicate} {triple.object} <{small.HOME}g> .\n".encode()
             for triple in small.triples(WALKS)]
    with EmbeddedStore(None) as graph:
        graph.replace(quads, Manifest("x", "2026-01-01T00:00:00", len(quads)))
        client = web.create_app(Asker({"claims": query.load(path)}, graph)).test_client()
        found = client.get("/queries/claims", headers=BROWSER).text
        assert column(found, "thing") == [
            "new walks", "old walks no longer to be used", "strolls no longer to be used"]
        assert "2 tell of what is no longer to be used." in Page(found).text
        head, *lines = csv.reader(io.StringIO(client.get("/queries/claims.table.csv").text.removeprefix("\ufeff")))
        assert [line[head.index("no longer to be used")] for line in lines] == ["", "yes", "yes"]
        rows = client.get("/queries/claims.table.json").json["rows"]  # type: ignore[index]
        assert [row.get("deprecated", False) for row in rows] == [False, True, True]


# --- speed -----------------------------------------------------------------------------------------------------


def test_no_more_is_kept_of_an_answer_than_many_ways_to_draw_it() -> None:
    laid = Laid(Table.of(["a"]))
    assert [laid.once("one", lambda: 1), laid.once("one", lambda: 2)] == [1, 1]
    for n in range(500):
        laid.once(n, lambda: "drawn")
    assert laid.once("one", lambda: 3) == 3


def test_turning_a_page_asks_the_graph_nothing(asker: Asker, monkeypatch: pytest.MonkeyPatch) -> None:
    client = web.create_app(asker).test_client()
    first = client.get(f"{LONG}?_rows=25", headers=BROWSER)
    assert first.status_code == 200

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("asked")

    monkeypatch.setattr(asker.graph, "answer", refuse)
    for asked in ("_rows=25&_page=2", "_sort=-value", "_filter=homes"):
        assert client.get(f"{LONG}?{asked}", headers=BROWSER).status_code == 200


def test_a_workbook_has_years_as_numbers_where_a_column_has_nothing_else(client: FlaskClient) -> None:
    years = sheet(client, "/queries/innovations-by-route.xlsx?route=licensing-and-affiliation", "began")
    assert {type(one) for one in years} == {int, type(None)}
    mixed = sheet(client, "/queries/innovations-by-route.xlsx?route=partnerships", "began")
    assert {type(one) for one in mixed} == {str, type(None)}


def sheet(client: FlaskClient, address: str, head: str) -> list[object]:
    """What a column of the workbook at an address holds."""
    book = openpyxl.load_workbook(io.BytesIO(client.get(address).data))
    heads, *rows = book["Answer"].iter_rows(values_only=True)
    return [row[heads.index(head)] for row in rows]
