"""Answers that are taken along: workbook, CSV, JSON and Turtle, and the commands by which others ask for them."""

import csv
import dataclasses
import io
import json
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import openpyxl
import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient

import plain
from carekg import query, web
from carekg.query import Asker, Cell
from carekg.settings import load
from carekg.store.embedded import EmbeddedStore
from carekg.terms import PREFIXES
from carekg.web.questions import commands, tabular
from carekg.web.questions.address import Address
from pages import BROWSER, Page
from servers import Server

SAMPLE = "/queries/innovations-by-route-and-factor"
HOSTILE = ["=1+1", "+1+1", "-1+1", "@SUM(1)", "\t=1+1", "'=1+1", "''-2", '=HYPERLINK("http://x","y")', "|cmd", "a\nb",
           "\u202e=1", "=" + "x" * 40]
PLAIN = ["-5", "+44", "-1,000.5", "-", "O'Hara", "'quoted'", "2017-01-01", "-5%"]
"""Texts that begin with a sign and are no formula, or have an apostrophe and are as they are."""

OWN = """#+ summary: Which values are there?
#+ parameters:
#+   - {name: type, label: text, type: text, optional: true}
#+   - {name: x, label: text, type: text, optional: true}
SELECT ?text ?number ?day ?long WHERE {
  VALUES (?text ?number ?day ?long) { ROWS }
  OPTIONAL { FILTER(?text = $type || ?text = $x) }
}
"""
XSD = "http://www.w3.org/2001/XMLSchema#"


@pytest.fixture(scope="module")
def own(shipped_store: EmbeddedStore, tmp_path_factory: pytest.TempPathFactory) -> Asker:
    """Asks a question whose answer holds every hostile text, a negative number and a day."""
    path = tmp_path_factory.mktemp("own") / "own.rq"
    rows = " ".join(f'({ox.Literal(text)} -{n}.5 "2017-12-05"^^<{XSD}date> 12345678901234567890)'
                    for n, text in enumerate([*HOSTILE, *PLAIN], 1))
    path.write_text(OWN.replace("ROWS", rows), encoding="utf-8")
    return Asker({"own": query.load(path)}, shipped_store)


@pytest.fixture(scope="module")
def taking(own: Asker) -> FlaskClient:
    """A client of a server with that question."""
    return web.create_app(own).test_client()


def table(answer: bytes) -> list[list[str]]:
    """The rows of a CSV file for spreadsheets."""
    assert answer.startswith(b"\xef\xbb\xbf"), "Excel knows UTF-8 by its mark"
    return list(csv.reader(io.StringIO(answer.decode("utf-8-sig"), newline="")))


# --- CSV -------------------------------------------------------------------------------------------------------


def test_no_cell_begins_a_formula_and_every_text_can_be_had_back(taking: FlaskClient) -> None:
    _, *rows = table(taking.get("/queries/own.table.csv").data)
    texts = [row[0] for row in rows]
    assert not [text for text in texts if text.startswith(("=", "@", "\t")) or re.match(r"[+-].*[-+*(]", text)]
    signs = ("=", "+", "-", "@", "\t", "\r", "\n", "'")
    given = [text[1:] if text.startswith("'") and text[1:].startswith(signs) else text for text in texts]
    assert given == [*HOSTILE, *PLAIN]


@pytest.mark.parametrize("text", ["-5", "+44", "-1,000.5", "O'Hara", "2017-01-01", "-5%", "", "a=b"])
def test_what_is_no_formula_is_left_as_it_is(text: str) -> None:
    assert tabular.safe(Cell(text)) == text


def test_a_negative_number_stays_a_number(taking: FlaskClient) -> None:
    _, first, *_ = table(taking.get("/queries/own.table.csv").data)
    assert first[1:3] == ["-1.5", "2017-12-05"]


def test_a_number_that_is_written_otherwise_is_a_text(tmp_path: Path, shipped_store: EmbeddedStore) -> None:
    odd = ["=1+1", "--12345", "9" * 5000, "1.5"]
    values = " ".join(f'("{text}"^^<{XSD}integer>)' for text in odd)
    (tmp_path / "odd.rq").write_text(f"#+ summary: Which?\nSELECT ?n WHERE {{ VALUES (?n) {{ {values} }} }}")
    asked = web.create_app(Asker({"odd": query.load(tmp_path / "odd.rq")}, shipped_store)).test_client()
    assert asked.get("/queries/odd?_sort=n", headers=BROWSER).status_code == 200
    assert [row[0] for row in table(asked.get("/queries/odd.table.csv").data)[1:]] == ["'=1+1", "'--12345", *odd[2:]]
    assert [row["values"]["n"] for row in asked.get("/queries/odd.table.json").json["rows"]] == odd  # type: ignore[index]
    assert asked.get("/queries/odd.xlsx").status_code == 200


def test_a_line_is_a_row_with_who_says_so_where_and_in_which_words(client: FlaskClient) -> None:
    head, *rows = table(client.get(f"{SAMPLE}.table.csv").data)
    told = client.get(f"{SAMPLE}.table.json").json
    assert told
    assert len(rows) == told["total"] == len(told["rows"])
    assert len(rows) < client.get(f"{SAMPLE}.csv").text.count("\r\n") - 1, "there a line is a receipt"
    for row, one in zip(rows, told["rows"], strict=True):
        cells = dict(zip(head, row, strict=True))
        assert cells["innovation"] == one["values"]["innovation"]
        assert cells["who says so"].split("\n") == [each["source"] for each in one["receipts"]]
        assert cells["innovation address"] == one["addresses"]["innovation"]


def test_a_table_has_the_same_columns_whatever_its_rows_hold(client: FlaskClient) -> None:
    places = [client.get(f"/queries/innovations-in-place.table.csv?place=place:{key}") for key in ("devon", "london")]
    none = client.get("/queries/innovations-in-place.table.csv?place=Somerset%20Council")
    heads = [next(csv.reader(io.StringIO(one.data.decode("utf-8-sig")))) for one in (*places, none)]
    assert "began" in heads[0]
    assert heads[0] == heads[1] == heads[2]
    sorted_by = client.get("/queries/innovations-in-place.table.json?place=place:devon&_sort=-began").json
    assert sorted_by
    assert {row["values"]["began"] for row in sorted_by["rows"]} == {None}


def test_what_is_picked_and_sorted_on_the_page_is_what_is_taken(client: FlaskClient) -> None:
    asked = "?route=partnerships&_filter=programme&_sort=-innovation"
    page = client.get(f"/queries/innovations-by-route{asked}", headers=BROWSER).text
    address = re.search(r'href="([^"]+\.table\.csv[^"]*)"', page)
    assert address
    head, *rows = table(client.get(address[1].replace("&amp;", "&")).data)
    shown = re.findall(r'<td data-heading="innovation"><a[^>]*>([^<]*)', page)
    assert [row[head.index("innovation")] for row in rows] == shown
    assert shown == sorted(shown, reverse=True, key=str.casefold)
    assert 0 < len(rows) < len(table(client.get("/queries/innovations-by-route.table.csv?route=partnerships").data)) - 1


def test_a_table_that_cannot_be_looked_at_so_is_refused(client: FlaskClient) -> None:
    assert client.get(f"{SAMPLE}.table.csv?_sort=nope").status_code == 400
    assert client.get(f"{SAMPLE}.csv?_srt=nope").status_code == 400
    assert client.get(f"{SAMPLE}.table.xml").status_code == 406
    for form in ("csv", "json", "xml"):
        whole = client.get(f"{SAMPLE}.{form}?_filter=programme")
        assert whole.status_code == 400
        assert "`_filter` sorts or picks the rows of a table: ask for /queries/" in whole.text


# --- Excel -----------------------------------------------------------------------------------------------------


def test_a_workbook_has_typed_cells_and_texts_that_stay_texts(taking: FlaskClient) -> None:
    answer = taking.get("/queries/own.xlsx")
    assert answer.headers["Content-Disposition"] == "attachment; filename=own.xlsx"
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    rows = list(book["Answer"].iter_rows(min_row=2))
    assert [row[1].value for row in rows] == [*HOSTILE, *PLAIN]
    assert {row[1].data_type for row in rows} == {"s"}
    assert rows[0][2].value == -1.5
    assert rows[0][3].value.date().isoformat() == "2017-12-05"
    assert rows[0][4].value == "12345678901234567890", "a number of twenty digits would lose the last five"


def test_a_workbook_of_what_no_workbook_can_hold_says_so_with_a_sign(client: FlaskClient) -> None:
    answer = client.get("/queries/passages-with-words.xlsx", query_string={"text": "lost\x1cfound"})
    about = openpyxl.load_workbook(io.BytesIO(answer.data))["About"]
    assert "lost\ufffdfound" in " ".join(str(cell.value) for row in about.rows for cell in row)


def test_a_workbook_leads_to_things_and_tells_of_itself(client: FlaskClient) -> None:
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"{SAMPLE}.xlsx?strength=strong").data))
    assert book.sheetnames == ["Answer", "Receipts", "About"]
    assert book["Answer"]["B2"].hyperlink.target == "http://localhost/id/innovation/iris"
    about = {row[0].value: row[1].value for row in book["About"].iter_rows()}
    assert about["question"] == "Which innovations scaled by a route had a factor, and how strongly?"
    assert about["strength"] == "strong"
    assert about["licence"] == "https://creativecommons.org/licenses/by/4.0/"
    assert about["graph version"]
    assert about["asked on"].endswith("+00:00")
    again = client.get(about["address"].removeprefix("http://localhost"), headers=BROWSER)
    assert again.status_code == 200
    receipts = list(book["Receipts"].iter_rows(min_row=2, values_only=True))
    rows = list(book["Answer"].iter_rows(min_row=2, values_only=True))
    assert {row[0] for row in receipts} == {row[0] for row in rows}


def test_an_answer_cut_short_says_so_in_every_form(asker: Asker) -> None:
    narrow = web.create_app(asker, dataclasses.replace(load(), rows=3)).test_client()
    for ending in ("table.csv", "table.json", "xlsx", "turtle"):
        answer = narrow.get(f"/queries/innovations.{ending}")
        assert answer.headers["Carekg-Cut"] == "3", ending
        assert "first-3-rows" in answer.headers["Content-Disposition"], ending
    book = openpyxl.load_workbook(io.BytesIO(narrow.get("/queries/innovations.xlsx").data))
    assert "cut after 3 rows" in str([row[1].value for row in book["About"].iter_rows()])
    assert "cut after 3 rows" in narrow.get("/queries/innovations.table.json").json["about"]["left_out"]  # type: ignore[index]
    assert "cut after 3 rows" in narrow.get("/queries/innovations.turtle").text


# --- RDF -------------------------------------------------------------------------------------------------------


def test_turtle_has_the_claims_passages_and_sources_behind_the_rows(client: FlaskClient) -> None:
    care = "https://w3id.org/carekg/def#"
    answer = client.get("/queries/innovations-by-route", headers={"Accept": "text/turtle"})
    assert answer.mimetype == "text/turtle"
    found = {quad.triple for quad in ox.parse(answer.data, ox.RdfFormat.TURTLE)}
    told = client.get("/queries/innovations-by-route.table.json").json
    assert told
    said = {(str(one.subject), str(one.predicate)) for one in found}
    for row in told["rows"]:
        assert (f"<{row['addresses']['innovation']}>", "<http://www.w3.org/2000/01/rdf-schema#label>") in said
    resting = {one.object for one in found if one.predicate.value == f"{care}restsOn"}
    passages = {one.subject for one in found if one.predicate.value == f"{care}isFrom"}
    assert passages
    assert passages <= resting
    files = [one.object.value for one in found if one.predicate.value == "http://purl.org/dc/terms/license"
             and str(one.subject).startswith("<http://localhost/")]
    assert files == ["https://creativecommons.org/licenses/by/4.0/"]


# --- elsewhere -------------------------------------------------------------------------------------------------


def test_turtle_leaves_out_passages_without_a_name(bare: plain.Plain, tmp_path: Path) -> None:
    care = f"PREFIX care: <{PREFIXES['care']}> "
    (tmp_path / "said.rq").write_text(f"#+ summary: Who?\n{care} SELECT ?thing ?words ?source {{ "
                                      "?thing care:restsOn ?p . ?p care:words ?words ; care:isFrom ?source }")
    bare.change(f"{care} INSERT DATA {{ <{PREFIXES['innovation']}a> care:restsOn [ care:words 'by lantern light' ; "
                f"care:isFrom <{PREFIXES['source']}b> ] }}")
    asked = web.create_app(Asker({"said": query.load(tmp_path / "said.rq")}, bare.store)).test_client()
    answer = asked.get("/queries/said.ttl")
    assert answer.status_code == 200
    assert "innovation:a care:restsOn" not in answer.text


def test_the_address_that_stays_holds_every_value_and_asks_the_same(client: FlaskClient) -> None:
    for asked in ("", "?strength=", "?route=partnerships&factor=funding"):
        found = Page(client.get(f"{SAMPLE}{asked}", headers=BROWSER).text)
        permanent = next(link for link in found.links if link.startswith("http://localhost/queries/")
                         and link.partition("?")[0].endswith(SAMPLE))
        assert "route=route:" in permanent
        exact = permanent.removeprefix("http://localhost").replace(SAMPLE, f"{SAMPLE}.csv")
        assert client.get(exact).data == client.get(f"{SAMPLE}.csv{asked}").data


def test_the_query_to_edit_gives_the_same_answer(client: FlaskClient) -> None:
    found = Page(client.get(f"{SAMPLE}?route=partnerships", headers=BROWSER).text)
    edit = next(link for link in found.links if link.startswith("/sparql?query="))
    assert client.get(edit, headers={"Accept": "text/csv"}).data == client.get(f"{SAMPLE}.csv?route=partnerships").data


ODD = ["it's", 'a "b"', "$(id)", "`id`", "a\\b", "50% & more", "#(tab)", "a\nb", "ü€", "'; DROP", "-x"]


@pytest.mark.parametrize("value", ODD)
def test_a_command_holds_a_hostile_value_as_nothing_but_a_value(value: str, own: Asker) -> None:
    address = Address("/queries/own", (("type", value), ("x", value)))
    where = f"http://localhost{address.at('/queries/own.table.csv')}"
    made = {one.name: one.text for one in commands.commands(
        own.queries["own"], "http://localhost/", address, commands.Addresses(where, where))}
    assert shlex.split(made["curl"])[-1] == where
    assert shlex.split(made["curl"])[:-1] == ["curl", "--fail", "--output", "own.csv"]
    asked: list[object] = []
    scope = {"import": None}
    client = type("Client", (), {"ask": lambda _, *args, **named: asked.append((args, named)) or type(
        "Answer", (), {"to_pandas": lambda _: ""})()})()
    code = made["Python"].replace("import carekg\n", "").replace("carekg.connect", "connect")
    exec(code, {**scope, "connect": lambda _: client, "print": lambda _: None})
    assert asked == [(("own",), {"type": value, "x": value})]
    assert json.loads(re.search(r"read\.csv\((\".*?\"), file", made["R"])[1]) == where  # type: ignore[index]
    quoted = re.search(r'Contents\("(.*)"\),', made["Power Query"])
    assert quoted and '"' not in quoted[1].replace('""', "")


@pytest.mark.parametrize(("look", "is_told"), [
    ("_filter", True), ("_sort", True), ("_only.text", True), ("_rows", False)])
def test_the_command_that_takes_all_rows_says_so_where_some_are_picked(look: str, is_told: bool, own: Asker) -> None:
    address = Address("/queries/own", (("x", "a"), (look, "1")))
    made = commands.commands(own.queries["own"], "http://localhost/", address, commands.Addresses("x", "x"))
    assert ("It gives all rows" in next(one.note for one in made if one.name == "Python")) is is_told


@pytest.mark.heavy
def test_each_command_of_the_page_gives_the_same_rows(server: Server, tmp_path: Path) -> None:
    import html
    import urllib.request

    address = f"{server.base}{SAMPLE}?route=partnerships&strength="
    text = urllib.request.urlopen(urllib.request.Request(address, headers=BROWSER)).read().decode()
    made = {name: html.unescape(code) for name, code in re.findall(
        r'<pre tabindex="0" aria-label="([^"]+)"><code>(.*?)</code>', text, re.DOTALL)}
    subprocess.run(made["curl"], shell=True, check=True, cwd=tmp_path, capture_output=True)
    expected = table((tmp_path / "innovations-by-route-and-factor.csv").read_bytes())
    assert len(expected) > 2
    if r := shutil.which("Rscript"):
        (tmp_path / "ask.R").write_text(made["R"] + "\ncat(dim(answer), names(answer)[1])", encoding="utf-8")
        told = subprocess.run([r, "ask.R"], cwd=tmp_path, check=True, capture_output=True, text=True).stdout
        assert told.endswith(f"{len(expected) - 1} {len(expected[0])} innovation")
    for name in ("Python", "Python without carekg"):
        code = made[name].rpartition("\n")[0] + "\nfound = answer if 'pandas' in globals() else answer.to_pandas()"
        code += "\nprint(len(found), found.iloc[0, 0])"
        told = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout
        assert told.split(maxsplit=1) == [str(len(expected) - 1), expected[1][0] + "\n"], name


@pytest.mark.heavy
def test_a_spreadsheet_works_nothing_out(taking: FlaskClient, tmp_path: Path) -> None:
    office = shutil.which("soffice")
    assert office
    for ending in ("table.csv", "xlsx"):
        path = tmp_path / f"own.{ending.rpartition('.')[2]}"
        path.write_bytes(taking.get(f"/queries/own.{ending}").data)
        subprocess.run([office, "--headless", f"-env:UserInstallation=file://{tmp_path}/profile", "--convert-to",
                        "fods", "--outdir", str(tmp_path), str(path)], check=True, capture_output=True)
        told = (tmp_path / "own.fods").read_text(encoding="utf-8")
        assert "=1+1" in told.replace("&#x9;", "\t")
        assert "table:formula" not in told
