"""Things side by side: as a page, as JSON and as CSV, and what is said where they cannot be."""

import csv
import io
import re

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient

from carekg import profiles, query, web
from carekg.store.embedded import EmbeddedStore
from carekg.web import compare
from pages import BROWSER, Page, page

BOTH = "thing=innovation:iris&thing=innovation:pincer"


@pytest.fixture(scope="module")
def table(client: FlaskClient) -> dict[str, list[str]]:
    """Two innovations side by side as CSV: the cells by what they are about."""
    answer = client.get(f"/compare.csv?{BOTH}")
    assert answer.mimetype == "text/csv"
    rows = list(csv.reader(io.StringIO(answer.text, newline="")))
    assert rows[0] == ["about", "verdict", "IRIS", "PINCER"]
    return {row[0]: row[1:] for row in rows}


def test_rows_are_the_sections_and_cells_are_short_values(table: dict[str, list[str]]) -> None:
    verdict, iris, pincer = table["How it scaled"]
    assert iris == "partnerships; licensing and affiliation"
    assert "replication through delivery networks" in pincer
    assert verdict == "differs; in common: licensing and affiliation; partnerships"
    assert "Health Foundation, 145,000 GBP, exact" in table["Who pays"][1]


def test_not_stated_is_told_apart_from_none(table: dict[str, list[str]]) -> None:
    assert table["Where and since when"] == ["stated for IRIS only", table["Where and since when"][1], "not stated"]
    assert table["Where sources disagree"][:2] == ["only PINCER has any", "none"]
    assert table["Turning points"] == ["not stated for any", "not stated", "not stated"]


def test_our_reading_stays_one(table: dict[str, list[str]]) -> None:
    assert "(candidate)" in table["Assessments"][2]


def test_json_has_each_value_with_its_standing_and_its_receipts(client: FlaskClient) -> None:
    found = client.get(f"/compare.json?{BOTH}").json
    assert found
    assert [one["name"] for one in found["things"]] == ["innovation:iris", "innovation:pincer"]
    (sites,) = [row for row in found["rows"] if row["section"] == "sites-by-innovation"]
    assert sites["cells"][0]["values"][0]["receipts"][0]["source"].startswith("https://")
    assert {one["standing"] for one in sites["cells"][0]["values"]} == {"held"}
    assert sites["cells"][1] == {"gap": "not stated", "problem": None, "values": []}


def test_a_page_names_each_cell_by_its_thing_and_leads_to_the_data(client: FlaskClient) -> None:
    answer = client.get(f"/compare?{BOTH}", headers=BROWSER)
    found = Page(answer.text)
    assert answer.status_code == 200
    assert {f"/compare.csv?{BOTH}", f"/compare.json?{BOTH}", "/id/innovation/pincer"} <= set(found.links)
    assert set(re.findall(r'<td data-heading="([^"]*)"', answer.text)) == {"IRIS", "PINCER"}
    assert 'value="IRIS"' in answer.text
    assert len(found.ids) == len(set(found.ids))


@pytest.mark.parametrize("things", [
    "thing=route:partnerships&thing=licensing+and+affiliation", "thing=Wigan&thing=place:leeds",
    "thing=factor:partnerships&thing=factor:evidence"])
def test_routes_places_and_factors_are_compared_too_by_name_or_by_label(things: str, client: FlaskClient) -> None:
    assert "side by side" in page(client, f"/compare?{things}").text


WRONG = {
    "thing=innovation:iris": "There is only IRIS to compare; add another thing of the same class below, up to 6.",
    "thing=innovation:iris&thing=IRIS": "There is only IRIS to compare",
    "thing=innovation:iris&thing=place:wigan": "IRIS is of innovation, Wigan is of place; compare things of one class",
    "thing=innovation:iris&thing=Pinser": "`Pinser` is not a thing that can be compared here; did you mean PINCER",
    "thing=innovation:iris&thing=%3Cb%3E": "`<b>` is not a thing that can be compared here",
    "&".join(f"thing=innovation:number-{n}" for n in range(7)): "7 things are too many to stand side by side",
    f"{BOTH}&things=3": "`things` is not a parameter of /compare; it takes `thing`, `kind`, `format`.",
    "thing=passage:001-186-network&thing=innovation:iris": "is not a thing that can be compared here",
}


@pytest.mark.parametrize("asked", WRONG)
def test_what_cannot_be_compared_is_said_with_what_to_do(asked: str, client: FlaskClient) -> None:
    found = page(client, f"/compare?{asked}", 400)
    assert WRONG[asked] in found.text
    assert "datalist" in found.tags
    data = client.get(f"/compare.json?{asked}")
    assert data.status_code == 400
    assert WRONG[asked] in data.text


def test_without_things_the_page_asks_for_some_of_a_class(client: FlaskClient) -> None:
    found = page(client, "/compare")
    assert "Choose two to six of one class." in found.text
    assert "/compare?kind=care:Place" in found.links
    places = client.get("/compare?kind=care:Place", headers=BROWSER).text
    assert '<option value="Wigan">' in places
    assert client.get("/compare.csv").status_code == 400


class Counting(query.Asker):
    """Counts the texts that it is asked for the things of."""

    looked_up = 0

    def term(self, parameter: query.Parameter, value: str, *, offering: bool = True) -> ox.NamedNode | ox.Literal:
        self.looked_up += offering
        return super().term(parameter, value, offering=offering)


@pytest.mark.heavy
def test_of_five_hundred_values_no_more_are_looked_up_than_can_be_shown(
        asker: query.Asker, shipped_store: EmbeddedStore) -> None:
    counting = Counting(asker.queries, shipped_store)
    client = web.create_app(counting).test_client()
    asked = "&".join(f"thing=x{n}" for n in range(500))
    assert "500 things are too many" in page(client, f"/compare?{asked}", 400).text
    assert counting.looked_up < 100
    page(client, f"/queries/innovations-in-place?{asked.replace('thing', 'place')}", 400)
    assert counting.looked_up < 120, "nor are near misses for each of them"


def test_no_name_of_a_thing_is_worked_out_by_a_spreadsheet() -> None:
    assert compare.as_csv(profiles.Comparison({"x:a": "=1+1", "x:b": "-5"}, ())) == "about,verdict,'=1+1,-5\r\n"


def test_what_ended_or_was_set_aside_does_not_stand_beside_what_goes_on_without_a_word(client: FlaskClient) -> None:
    answer = client.get("/compare.csv?thing=innovation:the-cares-family&thing=innovation:goodgym")
    told = {row[0]: row[2:] for row in csv.reader(io.StringIO(answer.text, newline=""))}
    assert "Manchester, ended" in told["Where and since when"][0]
    assert "licensing and affiliation, set aside" in told["How it scaled"][1]
    figures = client.get("/compare.csv?thing=innovation:iris&thing=innovation:shared-lives").text
    assert "over 8,000" in figures
