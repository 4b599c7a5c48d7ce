"""Things are made and changed in the browser: what is typed is never lost, and nothing wrong gets in."""

import pathlib
import re
from collections.abc import Iterator
from dataclasses import replace

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient

import folders
import forming
import small
from carekg import change, query, web
from carekg.accounts.users import Users
from carekg.drafts import Drafts
from carekg.forms import stating
from carekg.forms.choices import Choices
from carekg.forms.model import Filled
from carekg.forms.reading import read
from carekg.forms.sending import DEEPEST
from carekg.names import Remembered
from carekg.settings import Settings, load
from carekg.store import About
from carekg.store.embedded import EmbeddedStore
from carekg.terms import BASE, PREFIXES
from carekg.web.forms.drawing import Drawing
from forming import Sheet
from pages import BROWSER, page
from plain import BEARER, TOKEN

WALKS = "/edit?thing=site:lantern-walks-saltmere"
PASSAGE = "ClaimShape-restsOn.0/PassageShape-"
PASSWORD = "correct horse battery"


class Room:
    """A small world that stewards write to by forms."""

    def __init__(self, store: EmbeddedStore, settings: Settings) -> None:
        self.store, self.settings = store, settings
        self.app = web.create_app(query.Asker({}, store), settings)
        self.client: FlaskClient = self.app.test_client()

    def open(self, address: str) -> Sheet:
        """A form as somebody with a token gets it."""
        return forming.opened(self.client, address, BEARER)

    def turtle(self, thing: str) -> str:
        """What the graph says of a thing."""
        return str(self.client.get(f"/id/{thing}.ttl").text)

    def entered(self, name: str) -> FlaskClient:
        """The browser of a user who has logged in."""
        browser = self.app.test_client()
        login = Sheet(browser, browser.get("/login", headers=BROWSER))
        data = {**login.sent, "name": name, "password": PASSWORD}
        assert browser.post("/login", data=data, headers=BROWSER).status_code == 303
        return browser


@pytest.fixture
def room(good_store: EmbeddedStore, tmp_path: pathlib.Path) -> Iterator[Room]:
    with EmbeddedStore(folders.own_store(good_store, tmp_path / "store")) as store:
        yield Room(store, replace(load(), token=TOKEN, store=str(store.path)))


@pytest.fixture(scope="module")
def still(good_store: EmbeddedStore) -> Room:
    """The same world, for those who change nothing."""
    return Room(good_store, replace(load(), token=TOKEN, store=str(good_store.path)))


def code(scheme: str, key: str) -> str:
    """A code as its list sends it."""
    return f"{PREFIXES['concept']}{scheme}/{key}"


def planned(room: Room) -> Sheet:
    """The form of a new site, in which all is right but for its passage."""
    sheet = room.open("/new/Site?about=innovation:lantern-rides")
    sheet.type("How it is linked", "care:isPlannedFor").type("Place", "Old Saltmere").type("Summary", "It is planned.")
    sheet.type("Role", code("site-role", "pilot")).type("Voice", code("voice", "document"))
    return sheet.type("Confidence", code("confidence", "high")).type("Why", "It was missing.").type(
        "Source", "study of lanterns", -1)


def with_passage(sheet: Sheet) -> Sheet:
    """The same with a new passage."""
    sheet = sheet.press("New passage for rests on")
    assert sheet.focus == f"{PASSAGE}isFrom.0"
    sheet.sent |= {f"{PASSAGE}isFrom.0": "study of lanterns", f"{PASSAGE}phrase.0": "rides to the old town"}
    return sheet


# --- made -----------------------------------------------------------------------------------------------------------


def test_a_claim_with_its_passage_is_made_and_kept_with_who_and_why(room: Room) -> None:
    sheet = with_passage(planned(room)).press("check")
    assert "Nothing is wrong with it. The new site is to be" in sheet.page.text
    assert "passage" not in room.turtle("site/lantern-rides-old-saltmere")
    answer = sheet.pressed("commit")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/id/site/lantern-rides-old-saltmere")
    assert "care:restsOn passage:lantern-study-rides-to-the-old" in room.turtle("site/lantern-rides-old-saltmere")
    entry = room.store.history.entries()[0]
    made, told = "/id/site/lantern-rides-old-saltmere.html", f'href="/history/{entry.number}#undo"'
    assert told in room.client.get(made, headers={**BROWSER, **BEARER}).text
    assert told not in room.client.get(made, headers=BROWSER).text
    assert (entry.about.who, entry.about.why, entry.about.how) == ("CAREKG_TOKEN", "It was missing.", "form")
    assert entry.about.source == PREFIXES["source"] + "lantern-study"


def test_what_is_wrong_stands_beside_its_field_with_what_was_typed(room: Room) -> None:
    before = room.store.history.last()
    sheet = with_passage(planned(room).type("Place", "Saltmeer"))
    sheet.sent[f"{PASSAGE}phrase.0"] = "one two three four five six seven eight nine ten eleven twelve <b>13"
    sheet = sheet.press("commit", 422)
    assert sheet.focus == "problems"
    assert "2 things to mend" in sheet.page.text
    assert "at most twelve words" in sheet.problem(f"{PASSAGE}phrase.0")
    assert "Saltmeer" in sheet.problem("SiteShape-place.0")
    assert sheet.sent[f"{PASSAGE}phrase.0"].endswith("twelve <b>13")
    assert {link[1:] for link in sheet.page.links if link.startswith("#") and link != "#main"} <= set(sheet.page.ids)
    assert room.store.history.last() == before
    sheet.pick("SiteShape-place.0", PREFIXES["place"] + "saltmere").sent[f"{PASSAGE}phrase.0"] = "riders of every age"
    assert sheet.press("check").sent["SiteShape-place.0"] == "Saltmere"
    assert sheet.pressed("commit").headers["Location"] == "/id/site/lantern-rides-saltmere"


def test_a_claim_without_a_passage_is_asked_for_one(room: Room) -> None:
    sheet = planned(room).press("commit", 422)
    assert "at least one passage" in sheet.problem("ClaimShape-restsOn.0")
    sheet = sheet.type("Rests on", "riders lonely").press("find:ClaimShape-restsOn.0")
    assert [name for name in sheet.page.text.split(". ") if "Riders feel less lonely" in name]
    assert ("What was found" in sheet.page.text, "to mend" in sheet.page.text) == (True, False)
    assert "study of lanterns, passage:lantern-study" in sheet.page.text
    assert sheet.press("New passage for rests on").sent[f"{PASSAGE}phrase.0"] == "riders lonely"
    sheet.pick("ClaimShape-restsOn.0", PREFIXES["passage"] + "lantern-study")
    assert sheet.pressed("commit").status_code == 303


@pytest.mark.heavy
def test_a_new_thing_within_a_new_thing_is_opened_and_closed_again(room: Room) -> None:
    sheet = with_passage(planned(room))
    sheet.sent[f"{PASSAGE}isFrom.0"] = "Diary of a rider"
    sheet = sheet.press("New source for source")
    inner = f"{PASSAGE}isFrom.0/SourceShape-"
    assert sheet.sent[f"{inner}label.0"] == "Diary of a rider"
    sheet.sent[f"{inner}issued.0"] = "2021"
    sheet.sent["source"] = "Diary of a rider"
    assert "care:isFrom source:diary-of-a-rider" not in sheet.press("check").answer.text
    closed = sheet.press(f"drop:{PASSAGE}isFrom.0")
    assert not [name for name in closed.sent if name.startswith(inner)]
    assert sheet.pressed("commit").status_code == 303
    assert 'dcterms:issued "2021"' in room.turtle("source/diary-of-a-rider")
    assert room.store.history.entries()[0].about.source == PREFIXES["source"] + "diary-of-a-rider"


def test_a_name_that_is_there_already_is_a_warning_that_does_not_block(room: Room) -> None:
    sheet = room.open("/new/innovation").type("Name", "Lantern walks").type("Definition", "Other walks.")
    sheet.type("Kind", code("innovation-kind", "named"))
    sheet = sheet.type("Rests on", "passage:lantern-study").press("check")
    assert "There is “Lantern Walks” already" in sheet.problem("InnovationShape-label.0")
    unknown = sheet.type("Kind", "").type("Rests on", "Zzyzx")
    assert "2 things to mend, 1 to look at" in unknown.press("check", 422).page.text
    unsaved = unknown.press("draft", 422)
    assert "1 thing to mend; nothing was saved" in unsaved.page.text
    assert unsaved.sent == unknown.sent
    sheet.type("Kind", code("innovation-kind", "named")).type("Rests on", "passage:lantern-study")
    assert sheet.pressed("commit").headers["Location"] == "/id/innovation/lantern-walks-2"


# --- changed --------------------------------------------------------------------------------------------------------


def test_a_thing_is_edited_and_a_form_that_changes_nothing_says_so(room: Room) -> None:
    before = room.store.history.last()
    assert "This would change nothing" in room.open(WALKS).press("commit").page.text
    assert room.store.history.last() == before
    sheet = room.open(WALKS).press("Another place")
    assert sheet.focus == "SiteShape-place.1"
    sheet.sent["SiteShape-place.1"] = "the Shore"
    sheet = sheet.type("Ended", "2013").press("check")
    assert [one for one in ("the Shore", "2012", "2013") if one in sheet.page.text] == ["the Shore", "2012", "2013"]
    assert sheet.pressed("commit").status_code == 303
    assert 'care:ended "2013"^^xsd:gYear' in room.turtle("site/lantern-walks-saltmere")
    assert "care:place place:saltmere , place:the-shore" in room.turtle("site/lantern-walks-saltmere")


def test_who_is_overtaken_sees_both_and_loses_nothing(room: Room) -> None:
    mine, theirs = room.open(WALKS), room.open(WALKS)
    assert theirs.type("Summary", "The first of all walks.").type("Ended", "2014").pressed("commit").status_code == 303
    last = room.store.history.last()
    mine = mine.type("Ended", "2013").type("Stated count", "7").press("commit", 409)
    assert mine.focus == "meanwhile"
    assert f"change {last} by CAREKG_TOKEN" in mine.page.text
    assert "2014" in mine.page.text  # what it is now, beside what was typed
    kept = [mine.sent[mine.name(label)] for label in ("Summary", "Ended", "Stated count")]
    assert kept == ["The first of all walks.", "2013", "7"]
    assert room.store.history.last() == last
    assert mine.pressed("commit").status_code == 303
    told = room.turtle("site/lantern-walks-saltmere")
    assert 'care:summary "The first of all walks."@en' in told
    assert 'care:ended "2013"^^xsd:gYear' in told


def test_what_two_add_to_and_take_from_one_field_is_all_done(room: Room) -> None:
    sheet = room.open(WALKS)
    sheet.sent |= {"ClaimShape-asPrinted.0": "first", "ClaimShape-asPrinted.1": "second"}
    assert sheet.pressed("commit").status_code == 303
    mine, theirs = room.open(WALKS), room.open(WALKS)
    theirs.sent |= {"ClaimShape-asPrinted.0": "", "ClaimShape-asPrinted.2": "theirs"}
    assert theirs.pressed("commit").status_code == 303
    mine.sent |= {"ClaimShape-asPrinted.2": "mine"}
    assert mine.press("commit", 409).pressed("commit").status_code == 303
    told = room.turtle("site/lantern-walks-saltmere")
    assert [one in told for one in ('"first"', '"second"', '"theirs"', '"mine"')] == [False, True, True, True]


def test_what_is_typed_of_a_thing_that_others_have_removed_comes_back(room: Room) -> None:
    mine = room.open(WALKS).type("Stated count", "7")
    item = ox.NamedNode(PREFIXES["site"] + "lantern-walks-saltmere")
    change.commit(change.Change.of([], stating.of(room.store, item.value).now, About("CAREKG_TOKEN")), room.store, None)
    mine = mine.press("commit", 409)
    assert "by CAREKG_TOKEN" in mine.page.text
    assert [mine.sent[mine.name(label)] for label in ("Stated count", "Summary")] == ["7", ""]


def test_a_form_that_was_given_after_a_change_that_is_not_here_is_refused(still: Room) -> None:
    sheet = still.open(WALKS)
    last = still.store.history.last()
    sheet.sent["against"] = str(last + 3)
    answer = sheet.pressed("commit")
    assert answer.status_code == 400
    assert f"given after change {last + 3}, and the last one here is {last}" in answer.text


@pytest.mark.parametrize(("address", "status", "said"), [
    ("/edit?thing=route:partnerships", 400, "described by the vocabulary"),
    ("/edit?thing=site:nowhere", 404, "Nothing is known"),
    ("/edit", 400, "is not an IRI"),
    ("/new/Inovation", 400, "Innovation"),
    ("/new/HeldClaim", 400, "has a form"),
])
def test_what_has_no_form_is_told_in_a_sentence(still: Room, address: str, status: int, said: str) -> None:
    answer = still.client.get(address, headers={**BROWSER, **BEARER})
    assert (answer.status_code, said in answer.text) == (status, True), answer.text


def test_the_classes_that_are_offered_for_a_thing_are_those_of_claims_about_it(still: Room) -> None:
    every = still.client.get("/new", headers={**BROWSER, **BEARER}).text
    assert all(f'"/new/{one}"' in every for one in ("Site", "Source", "Passage", "Facilitator", "Framework"))
    order = [every.index(one) for one in ('"/new/Innovation"', '"/new/Site"', "More kinds", '"/new/Framework"')]
    assert order == sorted(order)
    about = still.client.get("/new?about=innovation:lantern-walks", headers={**BROWSER, **BEARER}).text
    assert '"/new/Finding?about=innovation:lantern-walks"' in about
    assert "/new/Source" not in about


def test_a_class_of_any_vocabulary_has_a_form_that_can_be_sent(room: Room) -> None:
    boat = """<https://example.org/sea#Boat> a owl:Class ; rdfs:label "boat"@en .
        :BoatShape a sh:NodeShape ; sh:targetClass <https://example.org/sea#Boat> ; sh:property :BoatShape-name .
        :BoatShape-name a sh:PropertyShape ; sh:path rdfs:label ; sh:name "name"@en ."""
    graph = ox.NamedNode(f"{BASE}graph/shapes/boats")
    quads = [ox.Quad(one.subject, one.predicate, one.object, graph) for one in small.triples(boat)]
    change.commit(change.Change.of(quads, []), room.store, None)
    listed = room.client.get("/new", headers={**BROWSER, **BEARER}).text
    (address,) = re.findall(r'href="(/new/[^"]+)">boat<', listed)
    checked = room.open(address).type("Name", "Ann").press("check")
    assert (checked.sent["BoatShape-name.0"], "Nothing is wrong" in checked.page.text) == ("Ann", True)


def test_things_within_things_are_offered_as_deep_as_they_are_read(still: Room) -> None:
    forms = read(still.store)
    form = forms.forms[PREFIXES["care"] + "Passage"]
    drawing = Drawing(forms, Choices(still.store, Remembered(still.store).read))
    offered = [any(question.makes for part in drawing.drawn(Filled(form), "x.0/" * deep).parts
                   for question in part.questions) for deep in (0, DEEPEST - 1, DEEPEST)]
    assert offered == [True, True, False]


def test_a_text_says_which_language_it_is_in_where_none_is_named(still: Room) -> None:
    assert "such as cy; en where none is named" in still.open("/new/skos:Concept").page.text


# --- who may --------------------------------------------------------------------------------------------------------


def test_nobody_unknown_writes_and_what_they_typed_comes_back(still: Room) -> None:
    assert still.client.get("/new/Site", headers=BROWSER).status_code == 401
    sheet = planned(still)
    sheet.headers = BROWSER
    refused = sheet.press("commit", 401)
    assert refused.sent == sheet.sent
    assert "/edit" not in str(page(still.client, "/id/site/lantern-walks-saltmere").links)


@pytest.mark.heavy
def test_a_contributor_saves_a_draft_and_a_session_that_ends_loses_nothing(room: Room) -> None:
    users = Users(room.settings)
    users.add("bea", PASSWORD, "contributor")
    assert room.client.get(WALKS, headers=BROWSER).headers["Location"].startswith("/login?next=/edit")
    browser = room.entered("bea")
    assert WALKS in browser.get("/id/site/lantern-walks-saltmere.html", headers=BROWSER).text
    sheet = forming.opened(browser, WALKS).type("Ended", "2013")
    refused = sheet.press("commit", 403)
    assert "steward" in refused.page.text
    assert refused.sent == {**sheet.sent, "csrf_token": refused.sent["csrf_token"]}  # which has the time in it
    browser.delete_cookie("carekg")
    out = sheet.press("draft", 401)
    assert "Log in, in another tab" in out.page.text
    assert out.sent == sheet.sent
    out.client = room.entered("bea")
    saved = out.pressed("draft")
    assert saved.status_code == 303
    (draft,) = Drafts(room.store, None).listed()
    assert saved.headers["Location"] == f"/drafts/{draft.id}"
    assert (draft.author, draft.title) == ("bea", "Edit of site:lantern-walks-saltmere")
    page = out.client.get(f"/drafts/{draft.id}", headers=BROWSER).text
    again = forming.opened(out.client, f"/edit?thing={PREFIXES['site']}lantern-walks-saltmere&draft={draft.id}")
    assert f"lantern-walks-saltmere&amp;draft={draft.id}" in page
    assert (again.sent[again.name("Ended")], "Revise the draft" in again.page.text) == ("2013", True)
    assert again.type("Ended", "2014").pressed("draft").headers["Location"] == f"/drafts/{draft.id}"
    (draft,) = Drafts(room.store, None).listed()
    assert (draft.revision.number, draft.title) == (2, "Edit of site:lantern-walks-saltmere")


def test_what_is_seen_leads_a_steward_to_the_form_that_corrects_it(room: Room) -> None:
    Users(room.settings).add("ann", PASSWORD, "steward")
    ann = room.entered("ann")
    assert WALKS in page(ann, "/id/innovation/lantern-walks").links
    inferred = "/why?s=site:lantern-walks-saltmere&p=care:concerns&o=innovation:lantern-walks"
    assert WALKS in page(ann, inferred).links
    assert "log in to edit" in page(room.client, inferred).text
    assert WALKS not in page(room.client, "/id/innovation/lantern-walks").links
    # What the vocabulary describes is changed in the folder's files.
    assert "/edit?thing=route:partnerships" not in page(ann, "/concept/route/partnerships").links
