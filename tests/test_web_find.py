"""Finding on a page: what is found, why, by which values it can be narrowed, and what to do where nothing is."""

import csv
import io
import pathlib
import re
from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient

import browsing
import commands
import folders
import plain
import servers
from carekg import folder, query, web
from carekg.store.embedded import EmbeddedStore
from pages import BROWSER, page


@pytest.fixture(scope="module")
def finder(shipped: pathlib.Path, good_store: EmbeddedStore) -> Iterator[FlaskClient]:
    """A client of the small world, asked by the shipped questions."""
    app = web.create_app(query.Asker(query.catalogue(folder.queries(shipped)), good_store))
    client = app.test_client()
    client.get("/find.json")
    yield client
    app.extensions["carekg.find"].close()


def addresses(text: str, start: str = "/find?") -> list[str]:
    """The addresses of a page that begin so."""
    return [one.replace("&amp;", "&") for one in re.findall(r'href="([^"]+)"', text) if one.startswith(start)]


def test_a_page_tells_what_was_found_why_and_from_which_source(finder: FlaskClient) -> None:
    found = page(finder, "/find?q=small+town")
    assert len(found.ids) == len(set(found.ids))
    assert "script" not in found.tags
    assert {"/id/innovation/lantern-walks", "/id/passage/lantern-dusk", "/id/source/lantern-report"} <= set(found.links)
    text = finder.get("/find?q=small+town", headers=BROWSER).text
    assert "<mark>small town</mark>" in text


def test_the_first_page_shows_by_what_everything_can_be_chosen_and_each_value_is_a_link(finder: FlaskClient) -> None:
    text = finder.get("/find", headers=BROWSER).text
    links = addresses(text)
    assert {"/find?kind=care:Innovation", "/find?place=place:the-shore", "/find?year=2012"} <= set(links)
    for link in links[::9]:
        assert finder.get(link, headers=BROWSER).status_code == 200


def test_what_is_chosen_can_be_taken_back_and_goes_along_with_other_words(finder: FlaskClient) -> None:
    text = finder.get("/find?q=lantern&year=2012&year=2017&kind=site", headers=BROWSER).text
    assert {"/find?q=lantern&year=2012&kind=care:Site", "/find?q=lantern&year=2012&year=2017"} <= set(addresses(text))
    assert '<input type="hidden" name="kind" value="care:Site">' in text
    assert 'aria-current="true"' in text


def test_json_and_csv_hold_what_the_page_shows(finder: FlaskClient) -> None:
    said = finder.get("/find.json?q=lantern").json
    assert said
    rows = list(csv.DictReader(io.StringIO(finder.get("/find.csv?q=lantern").text, newline="")))
    assert len({row["iri"] for row in rows}) == said["total"]
    assert [one["iri"] for one in said["results"]] == list(dict.fromkeys(row["iri"] for row in rows))[:20]
    shown = page(finder, "/find?q=lantern").text
    assert f"{said['total']} things" in shown
    for one in said["results"]:
        assert "".join(part["text"] for part in one["segments"]) == one["label"]
        assert one["label"] in shown
    facet = next(one for one in said["facets"] if one["name"] == "year")
    for value in facet["values"]:
        assert finder.get(value["address"]).json["total"] == value["count"]  # type: ignore[index]
    if said["pages"] > 1:
        assert said["addresses"]["next"] == "/find.json?q=lantern&page=2"
        assert finder.get(said["addresses"]["next"]).json["page"] == 2  # type: ignore[index]


def test_nothing_found_offers_names_words_and_questions(finder: FlaskClient) -> None:
    found = page(finder, "/find?q=innovations+zzzz")
    assert "Nothing here has all of these words" in found.text
    assert "No text has “zzzz”" in found.text
    assert "without zzzz" in found.text
    assert "Questions that fit" in found.text
    assert "/id/innovation/lantern-walks" in page(finder, "/find?q=lantren+wolkz").links


@pytest.mark.parametrize(("asked", "status", "sentence"), [
    ("q=" + "x" * 200, 200, "Nothing here has all of these words"),
    ("q=" + "x+" * 140 + "yy", 200, "Nothing here has all of these words"),
    ("q=" + "x" * 400, 400, "What you look for has 400 characters, and 300 are read"),
    (urlencode({"q": "<script>alert(1)</script>"}), 200, "<script>alert(1)</script>"),
    (urlencode({"q": 'AND OR NOT NEAR("a" b) * -x ^y'}), 200, "thing"),
    (urlencode({"q": '" * -'}), 200, "has no letter and no digit to look for"),
    ("q=a%00b", 200, "thing"),
    ("q=%ff%fe", 200, "thing"),
    ("colour=red", 400, "`colour` is not something to choose by here; take one of kind, area, route"),
    ("place=nowhere", 400, "`nowhere` is not a value of place here"),
    ("&".join(f"place=p{n}" for n in range(500)), 400, "500 values are chosen, and 50 is the most at once"),
    ("page=0", 400, "There is no page 0"),
    ("page=two", 400, "`two` is not the number of a page, such as 2"),
    ("page=99&q=lantern", 400, "There is no page 99; the last is page"),
])
def test_whatever_is_asked_there_is_a_page_that_says_what_to_do(
    asked: str, status: int, sentence: str, finder: FlaskClient
) -> None:
    found = page(finder, f"/find?{asked}", status)
    assert sentence in found.text
    assert "script" not in found.tags
    assert "/find" in found.links  # the form, with which to look again


def test_data_say_what_is_wrong_in_a_line(finder: FlaskClient) -> None:
    for form in ("json", "csv"):
        answer = finder.get(f"/find.{form}?colour=red")
        assert (answer.status_code, answer.mimetype) == (400, "text/plain")
        assert "`colour` is not something to choose by here" in answer.text
    assert finder.get("/find.pdf").status_code == 406


def test_a_plain_server_finds_what_was_written_to_it(bare: plain.Plain) -> None:
    label = "<http://www.w3.org/2000/01/rdf-schema#label>"
    home = "https://example.org/"
    bare.change(f'INSERT DATA {{ <{home}a> {label} "harbour" . <{home}b> {label} "=1+pier" }}')
    answer = bare.client.get("/find.json?q=harbor").json
    assert answer
    assert [one["label"] for one in answer["results"]] == ["harbour"]
    assert "\n'=1+pier,https://example.org/b" in bare.client.get("/find.csv?q=pier").text, "no spreadsheet works it out"


def test_the_command_finds_the_same(good_folder: pathlib.Path, good_store: EmbeddedStore, tmp_path: pathlib.Path,
                                    finder: FlaskClient) -> None:
    place = folders.own_store(good_store, tmp_path / "store")
    result = commands.run("find", "lantern", "wal", "--by", "kind=innovation", folder=good_folder, store=place)
    assert "Lantern Walks  (innovation)  innovation:lantern-walks" in result.output
    assert "2 things." in result.output
    assert "write it as FACET=VALUE" in commands.sentence(
        commands.run("find", "--by", "kind", folder=good_folder, store=place), 2)


@pytest.mark.heavy
@pytest.mark.parametrize("width", [390, 1280])
def test_the_pages_keep_nobody_out_and_nothing_sticks_out(width: int, server: servers.Server) -> None:
    with browsing.opened(width) as browser:
        for path in ("/find", "/find?q=partnership", "/find?q=partnership&kind=innovation", "/find?q=zzzz",
                     "/find?colour=red", "/find?q=%22"):
            browser.goto(f"{server.base}{path}")
            assert browsing.faults(browser) == [], path
            assert browser.evaluate("document.documentElement.scrollWidth") <= width, path


@pytest.mark.heavy
def test_one_finds_and_narrows_by_keyboard_alone(server: servers.Server) -> None:
    with browsing.opened() as browser:
        browser.goto(f"{server.base}/find")
        browsing.reach(browser, "q")
        browser.keyboard.type("shared lives")
        browser.keyboard.press("Enter")
        browser.wait_for_url("**/find?q=shared*")
        browser.locator(".facet").get_by_role("link", name="innovation", exact=True).focus()
        browser.keyboard.press("Enter")
        browser.wait_for_url("**kind=care*Innovation*")
        assert browser.locator(".results h3").first.inner_text() == "Shared Lives"
