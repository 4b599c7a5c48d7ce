"""The pages of plans: the form, the plan at its address, what one takes along, and plans that users keep."""

import html
import io
import pathlib
import re
import shutil
import subprocess
from collections.abc import Iterator

import docx
import pytest
from flask.testing import FlaskClient

import folders
import people
from carekg import change, query, update, web
from carekg.change.guard import Guards
from carekg.plans import kept
from carekg.settings import Settings
from carekg.store import About, Update
from carekg.store.embedded import EmbeddedStore
from carekg.terms import PREFIXES
from pages import BROWSER, Page, page
from people import Browser
from servers import Server

FORM = "topic=&group=older+people&group=&place=&stage=&lack=risk+aversion&nasss:condition=&nasss:technology=complex"
"""What a browser sends of the form, in which most is left open."""

SHORT = "/plan?stage=stages:growing"
"""A plan of which one part is asked."""

WHOLE = "/plan?group=group:older-people&lack=factor:risk-aversion&complex=nasss:technology"


def whole(client: FlaskClient, address: str, status: int = 200) -> Page:
    """A page that is whole, runs nothing, and has no id twice."""
    found = page(client, address, status)
    assert len(found.ids) == len(set(found.ids))
    assert "script" not in found.tags
    return found


class Desk:
    """A server of the small world with users, whose graph can be changed."""

    def __init__(self, store: EmbeddedStore, folder: pathlib.Path) -> None:
        self.store = store
        settings = Settings(store.path, str(store.path), rate="off")
        people.settle(settings)
        queries = query.catalogue({path.stem: path for path in (folder / "queries").glob("*.rq")})
        self.app = web.create_app(query.Asker(queries, store), settings)

    def change(self, text: str) -> None:
        """Change the graph."""
        whole = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in PREFIXES.items()) + text
        about = About("bob", "Seen at dusk.", "https://example.org/report")
        change.commit(change.Change(Update(update.operations(whole), whole), about), self.store,
                      Guards().over(self.store))


@pytest.fixture
def desk(good_store: EmbeddedStore, tmp_path: pathlib.Path) -> Iterator[Desk]:
    with EmbeddedStore(pathlib.Path(folders.own_store(good_store, tmp_path / "store"))) as store:
        yield Desk(store, good_store.path.parent / "world")


@pytest.fixture(scope="module")
def plan(client: FlaskClient) -> Page:
    """The page of a plan."""
    return whole(client, WHOLE)


# --- the form -----------------------------------------------------------------------------------------------------


def test_the_form_asks_for_each_fact_in_plain_words_and_offers_what_there_is(client: FlaskClient) -> None:
    found = whole(client, "/plan")
    for words in ("Need or service", "Target group", "What you lack", "Value proposition", "Make the plan"):
        assert words in found.text
    text = client.get("/plan", headers=BROWSER).text
    assert 'list="list-topic"' in text
    assert '<option value="dementia">' in text
    assert "<option>Growing</option>" in text


def test_what_a_browser_sends_leads_to_an_address_that_has_what_was_told_and_no_more(client: FlaskClient) -> None:
    answer = client.get(f"/plan?{FORM}", headers=BROWSER)
    assert (answer.status_code, answer.headers["Location"]) == (303, WHOLE)


def test_a_description_can_be_changed_from_the_plan(client: FlaskClient, plan: Page) -> None:
    address = next(link for link in plan.links if link.startswith("/plan/describe?"))
    text = client.get(address, headers=BROWSER).text
    assert 'name="group" value="older people"' in text
    assert re.search(r'name="nasss:technology" value="complex" checked', text)


@pytest.mark.parametrize(("asked", "sentence"), [
    ("topic=&place=", "Nothing is described yet. Tell one thing at least"),
    ("topic=dementis", "`dementis` is not a need or service; did you mean dementia?"),
    ("colour=red", "`colour` is no fact that a plan takes"),
    ("place=" + "&place=".join(map(str, range(500))), "Place has 500 values, and 8 are the most"),
    ("title=" + "x" * 200 + "&topic=dementia", "The name has 200 characters"),
])
def test_what_is_wrong_is_said_on_the_form_in_which_all_that_was_typed_still_stands(
    client: FlaskClient, asked: str, sentence: str
) -> None:
    found = whole(client, f"/plan?{asked}", 400)
    assert sentence in found.text
    assert "Make the plan" in found.text


def test_markup_that_somebody_types_stays_a_text(client: FlaskClient) -> None:
    for address in ("/plan?topic=<img src=x>", f"{SHORT}&title=<img src=x>"):
        answer = client.get(address, headers=BROWSER, follow_redirects=True)
        assert "<img" not in answer.text
        assert html.escape("<img src=x>") in answer.text


def test_a_folder_whose_questions_make_no_plan_says_so(asker: query.Asker) -> None:
    bare = web.create_app(query.Asker({}, asker.graph)).test_client()
    assert "No plan can be made here" in page(bare, "/plan", 403).text


# --- the plan -----------------------------------------------------------------------------------------------------


def test_a_plan_shows_what_was_told_its_parts_with_receipts_and_what_was_not_asked(
    client: FlaskClient, plan: Page, asker: query.Asker
) -> None:
    for words in ("older people", "Innovations like yours", "rests on", "A caution from NASSS", "Take it with you",
                  "What you have, and whom it helped: Not asked, because you left what you have open."):
        assert words in plan.text
    parts = {one.name for one in asker.queries.values() if one.plan}
    assert {link.partition("?")[0].rpartition("/")[2] for link in plan.links if link.startswith("/queries/")} < parts
    assert re.search(r"\d+ lines?, resting on \d+ passages? of \d+ sources?\.", plan.text)
    alone = next(link for link in plan.links if link.startswith("/queries/strategies-for-barrier?"))
    assert alone == "/queries/strategies-for-barrier?factor=factor:risk-aversion"
    assert client.get(alone, headers=BROWSER).status_code == 200


def test_no_search_engine_lists_plans_and_nobody_in_between_keeps_those_of_users(
    client: FlaskClient, desk: Desk
) -> None:
    assert client.get(SHORT, headers=BROWSER).headers["X-Robots-Tag"] == "noindex, nofollow"
    assert "X-Robots-Tag" not in client.get("/plan", headers=BROWSER).headers
    assert Browser(desk.app, "ron").get("/plans").headers["Cache-Control"] == "private, no-store"


def test_an_address_of_another_graph_says_that_it_has_changed(client: FlaskClient) -> None:
    assert "The graph has changed since this address was made" in page(client, f"{SHORT}&graph=abc-1").text
    lasting = re.search(r"<code>(http[^<]+)</code>", client.get(SHORT, headers=BROWSER).text)
    assert lasting
    same = page(client, html.unescape(lasting[1]).removeprefix("http://localhost"))
    assert "since this address was made" not in same.text


def test_a_plan_comes_as_json_with_the_receipts_of_each_line(client: FlaskClient) -> None:
    answer = client.get(WHOLE.replace("/plan", "/plan.json"))
    assert answer.json
    assert answer.json["description"]["group"] == [{"value": "group:older-people", "label": "older people"}]
    sections = {one["question"]: one for one in answer.json["sections"]}
    for one in sections.values():
        assert all(line["receipts"] for line in one["lines"])
        assert bool(one["unasked"]) != bool(one["told"])
    assert sections["comparable-innovations"]["lines"][0]["things"]["innovation"].startswith("https://w3id.org/")


def test_a_plan_comes_as_a_file_of_word(client: FlaskClient) -> None:
    answer = client.get(SHORT.replace("/plan", "/plan.docx"))
    assert str(answer.mimetype).endswith("wordprocessingml.document")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="plan.docx"'
    assert docx.Document(io.BytesIO(answer.data)).tables


def test_a_page_to_print_has_each_note_that_its_lines_name(client: FlaskClient) -> None:
    found = whole(client, WHOLE.replace("/plan", "/plan/print"))
    named = {link.removeprefix("#") for link in found.links if link.startswith("#note-")}
    assert named == {one for one in found.ids if one.startswith("note-")}
    assert {"Notes: who says it, where, and in which words", "CC BY 4.0"} <= {
        words for words in ("Notes: who says it, where, and in which words", "CC BY 4.0") if words in found.text}


@pytest.mark.parametrize(("asked", "sentence"), [
    ("", "A plan needs at least one fact about the innovation; it takes `topic`"),
    ("?topic=dementis", "The description is not right: `dementis` is not a need or service; did you mean dementia."),
])
def test_a_program_is_told_in_one_line_what_is_wrong(client: FlaskClient, asked: str, sentence: str) -> None:
    answer = client.get(f"/plan.json{asked}")
    assert (answer.status_code, answer.mimetype) == (400, "text/plain")
    assert answer.text.startswith(sentence)
    assert answer.text.endswith(".\n")


# --- kept plans ---------------------------------------------------------------------------------------------------


@pytest.mark.heavy
def test_a_reader_keeps_a_plan_and_is_told_what_differs_since(desk: Desk) -> None:
    ron = Browser(desk.app, "ron")
    ron.sent = people.field(ron.get("/plan?place=place:saltmere"))
    sent = ron.post("/plans", name="Lamps", plan="place=place:saltmere&lack=factor:lantern-rain")
    assert sent.status_code == 303
    assert "Plans that you keep" in ron.get("/account").text
    place = sent.headers["Location"]
    assert "The graph has not changed since." in Page(ron.get(place).text).text
    desk.change("DELETE DATA { innovation:lantern-walks skos:definition "
                "\"Evening walks on which neighbours carry lanterns together.\"@en } ; "
                "INSERT DATA { innovation:lantern-walks skos:definition \"Walks with lamps.\"@en }")
    found = Page(ron.get(place).text).text
    assert "What this plan says now differs in 1 part" in found
    assert "new Lantern Walks · 1 · place Saltmere (a source names a site) · Walks with lamps." in found
    assert "gone Lantern Walks · 1 · place Saltmere (a source names a site) · Evening walks" in found
    assert "The graph has changed since." in Page(ron.get("/plans").text).text
    assert ron.post(f"{place}/renew").status_code == 303
    assert "The graph has not changed since." in Page(ron.get(place).text).text
    assert Browser(desk.app).get(place).status_code == 200, "whoever has the address may read it"
    ann = Browser(desk.app, "ann")
    assert ann.post(f"{place}/delete").status_code == 404
    assert ron.post(f"{place}/rename", name="Lanterns").status_code == 303
    assert "Lanterns" in Page(ron.get("/plans").text).text
    assert ron.post(f"{place}/delete").status_code == 303
    assert ron.get(place).status_code == 404


def test_what_a_kept_plan_told_and_is_there_no_more_is_said(desk: Desk) -> None:
    one = kept.Plans(desk.store.history.path).save("ron", "Lamps", "place=place:saltmere&lack=factor:gone", "", {})
    told = Page(Browser(desk.app).get(f"/plans/{one}").text).text
    assert "What is left out, because it is not here any more:" in told and "factor:gone` is not" in told


def test_only_what_is_a_plan_is_kept(desk: Desk) -> None:
    ron = Browser(desk.app, "ron")
    for plan in ("", "colour=red", "place=nowhere", "a=&" * 700, "&" * 700):
        assert ron.post("/plans", name="x", plan=plan).status_code == 400, plan[:10]
    assert "You keep no plan yet." in ron.get("/plans").text


def test_nobody_keeps_a_plan_without_logging_in_or_from_another_site(desk: Desk) -> None:
    assert Browser(desk.app).post("/plans", name="x", plan="place=place:saltmere").status_code in (400, 401, 403)
    assert Browser(desk.app).get("/plans").status_code == 303
    ron = Browser(desk.app, "ron")
    ron.sent = {}
    assert ron.post("/plans", name="x", plan="place=place:saltmere").status_code == 400


# --- as people use it ---------------------------------------------------------------------------------------------


@pytest.mark.heavy
@pytest.mark.parametrize("width", [390, 1280])
def test_a_plan_is_made_by_keyboard_and_is_usable_by_everybody(server: Server, width: int) -> None:
    browsing = pytest.importorskip("browsing")
    with browsing.opened(width) as page:
        page.goto(f"{server.base}/plan")
        assert browsing.faults(page) == []
        browsing.reach(page, "Need or service")
        page.keyboard.type("dementia")
        browsing.reach(page, "What you lack")
        page.keyboard.type("funding")
        browsing.reach(page, "Make the plan")
        with page.expect_navigation():
            page.keyboard.press("Enter")
        assert page.url.endswith("/plan?topic=topic:dementia&lack=factor:funding")
        assert page.locator("h2", has_text="Innovations like yours").count() == 1
        assert browsing.faults(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        page.goto(page.url.replace("/plan?", "/plan/print?"))
        assert browsing.faults(page) == []


@pytest.mark.heavy
def test_the_file_of_word_becomes_pages_in_another_program(client: FlaskClient, tmp_path: pathlib.Path) -> None:
    office, text = shutil.which("soffice"), shutil.which("pdftotext")
    if not office or not text:
        pytest.skip("LibreOffice or pdftotext is not installed")
    (tmp_path / "plan.docx").write_bytes(client.get(WHOLE.replace("/plan", "/plan.docx")).data)
    told = subprocess.run([office, "--headless", f"-env:UserInstallation={tmp_path.as_uri()}/office", "--convert-to",
                           "pdf", "--outdir", str(tmp_path), str(tmp_path / "plan.docx")], capture_output=True,
                          text=True, timeout=120, check=False)
    if not (tmp_path / "plan.pdf").exists():
        pytest.skip(f"this LibreOffice reads no files of Word: {told.stderr}")
    found = subprocess.run([text, str(tmp_path / "plan.pdf"), "-"], capture_output=True, text=True, check=True).stdout
    assert "Innovations like yours" in found
    assert "Notes: who says it, where, and in which words" in found
