"""Things' pages made of sections: for innovations and whatever else a question declares, on screen and on paper."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from carekg import folder, query, web
from carekg.store.embedded import EmbeddedStore
from pages import BROWSER, Page, page
from servers import Server

PAGES = {
    "/id/innovation/iris": ("Who pays", "How it scaled", "What is not stated", "Similar innovations"),
    "/id/innovation/shared-lives": ("Where and since when", "What helped and what hindered", "Where sources disagree"),
    "/id/place/wigan": ("What and where it is", "Innovations here"),
    "/id/organisation/health-foundation": ("What it has a part in", "Money it received"),
    "/id/funding-source/second-half-fund": ("What it has paid for",),
    "/concept/route/licensing-and-affiliation": ("What it is for", "Innovations that took it, or may have"),
    "/concept/factor/partnerships": ("What sources find about it", "What counters it"),
    "/concept/nasss": ("What is said of it", "Its parts", "Where it was applied"),
    "/id/source/growing-innovative-models": ("What it is", "What it says"),
}
"""Pages of each kind, with headings that they have."""


@pytest.fixture(scope="module")
def iris(client: FlaskClient) -> str:
    """The page of one innovation."""
    return client.get("/id/innovation/iris.html", headers=BROWSER).text


@pytest.mark.parametrize("address", ["/id/innovation/iris", "/id/place/wigan", "/concept/nasss"])
def test_a_page_has_the_sections_of_its_class_and_all_is_whole(address: str, client: FlaskClient) -> None:
    found = page(client, address)
    assert [heading for heading in PAGES[address] if heading not in found.text] == []
    assert len(found.ids) == len(set(found.ids))
    assert "script" not in found.tags
    assert {link.removeprefix("#") for link in found.links if link.startswith("#")} <= set(found.ids)


def test_a_section_leads_to_its_question_and_to_its_data(iris: str, client: FlaskClient) -> None:
    links = Page(iris).links
    asked = "?innovation=innovation:iris"
    for ending in ("", ".csv", ".json"):
        assert f"/queries/funding-by-innovation{ending}{asked}" in links
    assert "145000" in client.get(f"/queries/funding-by-innovation.csv{asked}").text


def test_a_line_has_what_it_says_and_its_receipts_behind_one_click(iris: str) -> None:
    section = iris[iris.index('id="funding-by-innovation"'):iris.index('id="episodes-by-innovation"')]
    assert "145,000" in section
    assert re.search(r'<details class="told"><summary>1 receipt</summary>', section)
    assert "paraphrased" in section
    assert re.search(r'href="/why\?s=award:[^"]*o=innovation:iris"', section)


def test_a_claim_about_something_else_than_the_thing_of_the_page_leads_to_why_it_is_there(client: FlaskClient) -> None:
    text = client.get("/id/organisation/volunteering-matters.html", headers=BROWSER).text
    section = text[text.index('id="awards-received"'):]
    link = re.search(r'href="(/why\?s=award:[^"]*p=care:concerns)"', section[:section.index("</section>")])
    assert link
    assert "Why is this here?" in client.get(link[1].replace("&amp;", "&"), headers=BROWSER).text


def test_a_plan_is_marked_and_a_fact_is_not(client: FlaskClient) -> None:
    text = client.get("/id/innovation/shared-lives.html", headers=BROWSER).text
    section = text[text.index('id="sites-by-innovation"'):text.index('id="sites-on-map"')]
    assert 'class="standing planned">planned<' in section
    assert ">held<" not in section
    assert "What has no mark is held to be so by a source." in text


def test_a_section_without_a_line_says_that_sources_are_silent(iris: str) -> None:
    found = Page(iris)
    assert "Sources do not state when it started, changed or ended." in found.text
    assert re.search(r"Turning points not stated", found.text)
    assert re.search(r"Where sources disagree none", found.text)


def test_disagreements_stand_side_by_side_with_what_was_done_about_them(client: FlaskClient) -> None:
    text = client.get("/id/innovation/personalised-integrated-care.html", headers=BROWSER).text
    section = text[text.index('id="disagreements-about-innovation"'):text.index('id="assessments-in-short"')]
    groups = re.split('<div class="group">', section)[1:]
    assert groups
    assert all(group.count("<li>") >= 2 for group in (re.sub(r"<details.*?</details>", "", one, flags=re.S)
                                                     for one in groups))
    assert all("what we did: " in group for group in groups)


def test_pictures_are_loaded_apart_and_told_in_words(iris: str) -> None:
    pictures = re.findall(r'<img src="([^"]*)" alt="([^"]*)" loading="lazy"', iris)
    assert {re.sub(r".*drawing=", "", address) for address, _ in pictures} == {"map", "timeline", "network"}
    assert all(len(alt) > 20 for _, alt in pictures)


def test_on_paper_each_receipt_is_a_numbered_note(iris: str) -> None:
    notes = [int(number) for number in re.findall(r'<li value="(\d+)">', iris)]
    assert notes == list(range(1, len(notes) + 1))
    spans = [part.split("–") for marks in re.findall(r'<sup class="on-paper">([^<]*)</sup>', iris)
             for part in marks.split(", ")]
    assert {number for span in spans for number in range(int(span[0]), int(span[-1]) + 1)} == set(notes)


def test_all_that_is_stated_stays_at_the_end(iris: str) -> None:
    end = iris[iris.index('id="more"'):]
    folded = re.findall(r"<details><summary>([^(<]*[^ (<])", end)
    assert folded == ["Every claim about it", "Ask about it", "Statements", "Referred to by"]
    assert "/id/innovation/iris.ttl" in Page(iris).links


def test_a_class_that_no_question_declares_keeps_the_page_of_any_thing(client: FlaskClient) -> None:
    found = page(client, "/id/passage/001-186-network")
    assert "Statements" in found.text
    assert "On this page" not in client.get("/id/passage/001-186-network.html", headers=BROWSER).text


# --- anybody's folder -----------------------------------------------------------------------------------------------

SEEN = """#+ summary: Which walks were seen in a town?
#+ parameters:
#+   - name: town
#+     label: town
#+     type: thing
#+     of: care:Place
#+ page:
#+   - parameter: town
#+     heading: Walks <b>seen</b> here
#+     order: 5
#+     empty: Nobody saw a walk here.
PREFIX care: <https://w3id.org/carekg/def#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT DISTINCT ?walk ?walkLabel WHERE { ?site care:place $town ; care:concerns ?walk . ?walk rdfs:label ?walkLabel }
ORDER BY ?walk
"""


@pytest.fixture
def towns(good_folder: Path, good_store: EmbeddedStore, tmp_path: Path) -> FlaskClient:
    """The small world, with a question of its own for the pages of places."""
    (tmp_path / "walks-seen.rq").write_text(SEEN, encoding="utf-8")
    asked = {**query.catalogue(folder.queries(good_folder)), "walks-seen": query.load(tmp_path / "walks-seen.rq")}
    return web.create_app(query.Asker(asked, good_store)).test_client()


def test_a_question_of_ones_own_stands_on_the_pages_of_its_class(towns: FlaskClient) -> None:
    found = page(towns, "/id/place/saltmere")
    assert "walks-seen" in found.ids
    assert "Walks <b>seen</b> here" in found.text
    assert "Lantern Walks" in found.text
    assert "Nobody saw a walk here." in page(towns, "/id/place/the-shore").text


# --- every page -----------------------------------------------------------------------------------------------------


@pytest.mark.heavy
def test_every_page_of_every_innovation_has_its_sections(client: FlaskClient, asker: query.Asker) -> None:
    headings = [one.heading for question in asker.queries.values() for one in question.page
                if one.kind.endswith("#Innovation")]
    assert len(headings) > 14
    for choice in asker.choices(asker.queries["not-stated"].parameters[0]):
        found = page(client, choice.iri.removeprefix("https://w3id.org/carekg"))
        assert [heading for heading in headings if heading not in found.text] == [], choice.iri
        assert "could not be answered" not in found.text
        assert len(found.ids) == len(set(found.ids))


@pytest.mark.heavy
@pytest.mark.parametrize("address", PAGES)
def test_a_page_of_every_kind_is_there(address: str, client: FlaskClient) -> None:
    assert [heading for heading in PAGES[address] if heading not in page(client, address).text] == []


@pytest.fixture(scope="module", params=[390, 1280], ids=["phone", "desktop"])
def browser(request: pytest.FixtureRequest) -> Iterator[Any]:
    """A page of a browser of that width."""
    browsing = pytest.importorskip("browsing")
    with browsing.opened(request.param) as one:
        yield one


@pytest.mark.heavy
@pytest.mark.parametrize("address", [
    "/id/innovation/iris.html", "/id/innovation/personalised-integrated-care.html", "/id/place/wigan.html",
    "/concept/factor/partnerships.html", "/concept/route/licensing-and-affiliation.html", "/concept/nasss.html",
    "/id/source/growing-innovative-models.html", "/compare?thing=innovation:iris&thing=innovation:pincer"])
def test_nobody_is_kept_out_of_a_page(address: str, server: Server, browser: Any) -> None:
    browsing = pytest.importorskip("browsing")
    browser.goto(server.base + address)
    assert browsing.faults(browser) == []
    assert browser.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0


@pytest.mark.heavy
@pytest.mark.parametrize(("name", "most"), [("iris", 5), ("personalised-integrated-care", 7)])
def test_a_page_on_paper_is_a_few_sheets_without_what_is_for_the_screen(
    name: str, most: int, server: Server, browser: Any
) -> None:
    browser.goto(f"{server.base}/id/innovation/{name}.html")
    sheets = len(re.findall(rb"/Type\s*/Page\b(?!s)", browser.pdf(format="A4", prefer_css_page_size=True)))
    assert 2 <= sheets <= most
    browser.emulate_media(media="print")
    shown = {place: browser.locator(place).first.is_visible()
             for place in ("header nav", "details.told", "sup.on-paper", ".notes li")}
    browser.emulate_media(media="null")
    assert shown == {"header nav": False, "details.told": False, "sup.on-paper": True, ".notes li": True}
