"""The SPARQL editor in a real browser: what it offers, where it marks faults, what it keeps, and whom it asks."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

import folders
import servers
from carekg.store.embedded import EmbeddedStore
from servers import Server

pytestmark = pytest.mark.heavy

OFFERED = ".cm-tooltip-autocomplete li"
WIDER = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture(scope="module")
def desk(good_store: EmbeddedStore, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server of the small world."""
    room = tmp_path_factory.mktemp("desk")
    place = folders.own_store(good_store, room / "store")
    folder = good_store.path.parent / "world"
    with servers.running(room, "--folder", str(folder), "--store", str(place), "serve") as one:
        yield one


class Desk:
    """The editor of a page, and what the page has asked for and complained of."""

    def __init__(self, page: Any, base: str) -> None:
        self.page, self.base = page, base
        self.asked: list[str] = []
        self.complaints: list[str] = []
        page.on("request", lambda one: self.asked.append(one.url))
        page.on("console", self._heard)
        page.on("pageerror", lambda one: self.complaints.append(str(one)))

    def _heard(self, message: Any) -> None:
        is_icon = message.location["url"].endswith("/favicon.ico")  # which browsers ask for, though no page names one
        if message.type in ("error", "warning") and not is_icon:
            self.complaints.append(message.text)

    def open(self, path: str = "/sparql") -> None:
        self.page.goto(f"{self.base}{path}")
        self.page.wait_for_selector(".cm-editor")

    def clear(self) -> None:
        self.page.click(".cm-content")
        self.page.keyboard.press("Control+a")
        self.page.keyboard.press("Delete")

    def type(self, text: str) -> None:
        self.page.keyboard.type(text, delay=5)

    def take(self, wanted: str) -> None:
        """Take what is offered first, which has to be this."""
        self.page.wait_for_selector(f"{OFFERED}[aria-selected]:has-text('{wanted}')")
        self.page.wait_for_timeout(100)  # completion takes no key for a moment after it has come up
        self.page.keyboard.press("Enter")

    def run(self) -> None:
        with self.page.expect_response(lambda one: one.url.endswith("/sparql")):
            self.page.keyboard.press("Control+Enter")
        self.page.wait_for_selector("#answer:not([aria-busy])")

    @property
    def text(self) -> str:
        return str(self.page.evaluate("document.getElementById('query').value"))

    @property
    def tabs(self) -> list[str]:
        return list(self.page.locator("[role=tab]").all_inner_texts())


@pytest.fixture
def page() -> Iterator[Any]:
    browsing = pytest.importorskip("browsing")
    with browsing.opened() as one:
        yield one


@pytest.fixture
def editor(page: Any, desk: Server) -> Desk:
    """The editor, with nothing in it."""
    found = Desk(page, desk.base)
    found.open()
    found.clear()
    return found


def test_a_query_is_written_from_what_is_offered_and_its_answer_stands_below(editor: Desk) -> None:
    editor.type("SELECT ?innovation WHERE { ?innovation a inno")
    editor.take("care:Innovation")
    editor.type(" ; funded")
    editor.take("care:fundedBy")
    editor.type(" ?funder")
    editor.page.keyboard.press("Escape")
    assert re.sub(r"\s+", " ", editor.text) == (
        "PREFIX care: <https://w3id.org/carekg/def#> "
        "SELECT ?innovation WHERE { ?innovation a care:Innovation ; care:fundedBy ?funder}")
    editor.run()
    assert "Lantern Walks" in editor.page.inner_text(".answered table")
    assert editor.complaints == []


def test_a_value_is_found_by_its_label_and_its_prefix_is_declared(editor: Desk) -> None:
    editor.type("PREFIX care: <https://w3id.org/carekg/def#>\nSELECT * WHERE { ?x care:fundedBy shore")
    editor.take("Shoreline Fund")
    assert "PREFIX fund: <https://w3id.org/carekg/id/funding-source/>\nSELECT" in editor.text
    assert "care:fundedBy fund:shoreline-fund" in editor.text


def test_only_what_the_graph_has_is_offered(editor: Desk) -> None:
    known = json.loads(editor.page.request.get(f"{editor.base}/sparql/terms.json").text())
    editor.type("SELECT * WHERE { ?x a ")
    editor.page.keyboard.press("Control+Space")
    editor.page.wait_for_selector(OFFERED)
    offered = [text.split("\n")[0] for text in editor.page.locator(OFFERED).all_inner_texts()]
    assert {one for one in offered if not one.startswith("?")} <= {one["name"] for one in known["classes"]}
    assert "care:Innovation" in offered


def test_nothing_is_offered_within_words_and_remarks(editor: Desk) -> None:
    editor.type("# inno")
    editor.page.keyboard.press("Control+Space")
    editor.page.wait_for_timeout(400)
    assert editor.page.locator(OFFERED).count() == 0


def test_a_fault_is_marked_where_it_is_and_told(editor: Desk) -> None:
    editor.type("SELECT * WHERE { ?s ?p ?o ")
    editor.page.keyboard.press("Control+End")
    editor.type(" ORDERS BY ?s")
    editor.page.keyboard.press("Escape")
    editor.run()
    told = editor.page.locator("#fault")
    assert told.get_attribute("role") == "alert"
    assert "line 1, column" in told.inner_text()
    assert editor.page.inner_text(".cm-lintRange-error") == "ORDERS"
    assert [one for one in editor.complaints if "400" not in one] == []


def test_the_keyboard_gets_into_the_editor_and_out_of_it(editor: Desk) -> None:
    import browsing

    editor.type("SELECT")
    editor.page.keyboard.press("Escape")
    editor.page.keyboard.press("Tab")
    assert editor.page.evaluate("document.activeElement.innerText") == "Run"
    editor.page.keyboard.press("Shift+Tab")
    assert editor.page.evaluate("document.activeElement.className").startswith("cm-content")
    editor.open()
    browsing.reach(editor.page, "New tab")


def test_tabs_are_there_again_after_a_reload_and_one_that_was_closed_comes_back(editor: Desk) -> None:
    editor.type("# The first one\nASK {}")
    editor.page.click("text=New tab")
    editor.type("# The second one\nASK {}")
    editor.open()
    assert editor.tabs == ["The first one", "The second one"]
    assert "second" in editor.text
    editor.page.focus("[role=tab][aria-selected=true]")
    editor.page.keyboard.press("ArrowLeft")
    assert "first" in editor.text
    editor.page.keyboard.press("Delete")
    assert editor.tabs == ["The second one"]
    editor.page.click("text=Reopen the one closed")
    assert editor.tabs == ["The second one", "The first one"]


def test_a_short_link_opens_with_the_query_and_its_answer(editor: Desk) -> None:
    editor.type("SELECT ?n WHERE { VALUES ?n { 41 42 } ")
    editor.page.keyboard.press("Escape")
    editor.page.click("text=Short link")
    address = editor.page.locator("#answer .permalink").inner_text()
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/q/[a-z2-7]{12}", address)
    text = editor.text
    editor.open(address.removeprefix(editor.base))
    assert editor.text == text
    assert "42" in editor.page.inner_text(".answered table")


def test_an_answer_is_sorted_and_drawn_in_its_place(editor: Desk) -> None:
    editor.type("SELECT ?n WHERE { VALUES ?n { 2 10 1 } ")
    editor.page.keyboard.press("Escape")
    editor.run()
    editor.page.click("th a")
    editor.page.wait_for_selector("th[aria-sort=ascending]")
    assert editor.page.locator("td").all_inner_texts() == ["1", "2", "10"]
    assert editor.page.evaluate("document.activeElement.closest('th') !== null")
    editor.page.click(".views >> text=Chart")
    editor.page.wait_for_selector("figure img")
    editor.page.wait_for_function("() => document.querySelector('figure img').naturalWidth > 0")
    assert editor.page.url == f"{editor.base}/sparql"
    assert editor.complaints == []


def test_an_example_opens_in_a_tab_and_runs(editor: Desk) -> None:
    editor.page.click("summary:has-text('Examples')")
    link = editor.page.locator(".examples a").first
    words = link.inner_text()
    link.click()
    editor.page.wait_for_selector("[role=tab]:nth-child(2)")
    assert editor.tabs[1] == words[:40].strip()
    editor.run()
    assert editor.page.locator(".answered").count() == 1


def test_no_request_leaves_the_server(editor: Desk) -> None:
    editor.type("SELECT * WHERE { ?x a care:")
    editor.page.wait_for_selector(OFFERED)
    assert {one for one in editor.asked if not one.startswith(f"{editor.base}/")} == set()


def test_without_a_script_the_page_answers_all_the_same(desk: Server) -> None:
    pytest.importorskip("browsing")
    import shutil

    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = shutil.which("chromium") or shutil.which("google-chrome")
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_context(java_script_enabled=False).new_page()
        page.goto(f"{desk.base}/sparql")
        page.fill("textarea", "SELECT ?n WHERE { VALUES ?n { 1 2 } }")
        page.click("text=Run")
        assert page.locator("td").all_inner_texts() == ["1", "2"]
        page.click("text=Short link")
        assert "/q/" in page.url
        browser.close()


@pytest.mark.parametrize(("width", "scheme"), [(390, "light"), (1280, "dark")])
def test_nobody_is_kept_out_of_the_editor(width: int, scheme: str, desk: Server) -> None:
    browsing = pytest.importorskip("browsing")
    with browsing.opened(width) as page:
        page.emulate_media(color_scheme=scheme)
        found = Desk(page, desk.base)
        found.open("/sparql?query=SELECT%20%2A%20WHERE%20%7B%20%3Fs%20%3Fp%20%3Fo%20%7D%20LIMIT%205")
        found.page.click(".cm-content")
        found.type(" LIM")
        found.page.wait_for_selector(OFFERED)
        assert browsing.faults(page) == []
        assert page.evaluate(WIDER) <= 0
