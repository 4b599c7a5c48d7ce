"""Sheets in the browser: templates, an upload, what it would change, names to confirm, and the change."""

import html.parser
import io
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest
from werkzeug.test import TestResponse

import folders
import people
import sheeting
from carekg import query, web
from carekg.settings import load
from carekg.store.embedded import EmbeddedStore
from carekg.web.sheets import pages, upload
from pages import Page
from people import Browser
from plain import BEARER, TOKEN
from sheeting import SITE, as_csv


class Form(html.parser.HTMLParser):
    """The form of a sheet's page: what a browser would send of it, its radio buttons and the buttons at its end."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self.radios: dict[str, list[str]] = {}
        self.buttons: list[str] = []
        assert Page(text).open == []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "input" and given.get("type") == "radio":
            self.radios.setdefault(given["name"], []).append(given["value"])
        elif tag == "input" and "name" in given:
            self.fields[given["name"]] = given.get("value", "")
        elif tag == "button" and given.get("name") == "do":
            self.buttons.append(given["value"])


class Room:
    """A small world, and browsers of those who send sheets to it."""

    def __init__(self, store: EmbeddedStore) -> None:
        self.store = store
        settings = replace(load(), token=TOKEN, store=str(store.path))
        people.settle(settings)
        self.app = web.create_app(query.Asker({}, store), settings)
        self.bob, self.ann, self.ron = (Browser(self.app, name) for name in ("bob", "ann", "ron"))

    def sent(self, by: Browser, *rows: Mapping[str, Any], name: str = "site.csv", **fields: str) -> TestResponse:
        """What comes of sending a file of some rows."""
        return by.post("/sheets/check", file=(io.BytesIO(as_csv(*rows)), name), **fields)


@pytest.fixture(scope="module")
def room(good_store: EmbeddedStore, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    """One for all tests here: what each of them brings in has words of its own."""
    place = tmp_path_factory.mktemp("room") / "store"
    with EmbeddedStore(folders.own_store(good_store, place)) as store:
        yield Room(store)


def site(words: str, **said: str) -> dict[str, str]:
    """A row of a site that nobody else brings in."""
    return {**SITE, "summary": words, **said}


def pressed(by: Browser, answer: TestResponse, do: str, **fields: str) -> TestResponse:
    """What comes of a button on a sheet's page."""
    form = Form(answer.text)
    assert do in form.buttons
    return by.post("/sheets/check", **{**form.fields, "do": do, **fields})


def test_a_sheet_is_sent_looked_at_and_brought_in(room: Room) -> None:
    answer = room.sent(room.bob, site("They ride at dusk."), why="Seen at dusk")
    assert answer.status_code == 200
    assert "What this would change" in answer.text
    before = room.store.history.last()
    made = pressed(room.bob, answer, "commit")
    assert made.status_code == 303
    (entry, *_) = room.store.history.entries()
    assert entry.number == before + 1
    assert made.headers["Location"] == f"/history/{entry.number}"
    assert (entry.about.who, entry.about.why, entry.about.how) == ("bob", "Seen at dusk", "sheet")
    same = room.sent(room.bob, site("They ride at dusk."))
    assert "Nothing is to be changed" in same.text
    assert "commit" not in Form(same.text).buttons


def test_names_in_doubt_are_confirmed_by_radio_buttons(room: Room) -> None:
    answer = room.sent(room.bob, site("They ride at dawn.", place="Old Saltmer"))
    form = Form(answer.text)
    ((name, choices),) = form.radios.items()
    assert choices[0] == "place/old-saltmere"
    assert "commit" not in form.buttons
    settled = pressed(room.bob, answer, "check", **{name: choices[0]})
    assert Form(settled.text).radios == {}
    assert pressed(room.bob, settled, "commit").status_code == 303


def test_more_names_in_doubt_than_a_form_has_fields_for_are_asked_page_by_page(
        room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "MOST", 1)
    page = room.sent(room.bob, site("They ride twice.", place="Old Saltmer", subject="Lantern Ride"))
    asked = []
    while form := Form(page.text).radios:
        ((name, choices),) = form.items()
        asked.append((name, "And 1 more" in page.text))
        page = pressed(room.bob, page, "check", **{name: choices[0]})
    assert [more for _, more in asked] == [True, False]
    assert "commit" in Form(page.text).buttons
    broken = room.bob.post("/sheets/check", **{**Form(page.text).fields, upload.SETTLED: "[1"})
    assert (broken.status_code, "did not come back whole" in broken.text) == (400, True)


def test_what_is_wrong_is_told_by_the_cell_and_comes_as_a_copy(room: Room) -> None:
    answer = room.sent(room.bob, {**SITE, "voice": "", "summary": "<script>alert(1)</script>", "place": "Zzyzx"})
    assert answer.status_code == 422
    assert "2 cells to mend; nothing was changed" in answer.text
    assert "<b>C2</b>, place: “Zzyzx”. Nothing known goes by the name" in answer.text
    assert "<script>" not in answer.text
    copy = pressed(room.bob, answer, "copy")
    assert copy.headers["Content-Disposition"] == "attachment; filename=checked-site.xlsx"
    odd = pressed(room.bob, answer, "copy", name="si\r\nte\x00.csv", **{"class": "site"})
    assert odd.headers["Content-Disposition"] == 'attachment; filename="checked-si te.xlsx"'
    assert sheeting.opened(copy.data)["Errors"].max_row == 3


def test_a_file_that_cannot_be_read_is_told_and_what_was_typed_stays(room: Room) -> None:
    for content, name, told in ((b"", "site.csv", "No file was chosen"), (b"PK\x03\x04", "site.xlsx", "breaks off"),
                                (b"name\n1\n", "mine.csv", "does not say what its rows are")):
        answer = room.bob.post("/sheets/check", file=(io.BytesIO(content), name), why="My reason")
        assert (answer.status_code, told in answer.text, 'value="My reason"' in answer.text) == (400, True, True), name


def test_a_contributor_saves_a_sheet_as_a_draft_and_a_reader_sends_none(room: Room) -> None:
    answer = room.sent(room.ann, site("They ride in winter."))
    assert "commit" not in Form(answer.text).buttons
    assert room.ann.post("/sheets/check", **{**Form(answer.text).fields, "do": "commit"}).status_code == 403
    saved = pressed(room.ann, answer, "draft")
    assert (saved.status_code, saved.headers["Location"].startswith("/drafts/")) == (303, True)
    assert "They ride in winter." in room.ann.get(saved.headers["Location"]).text
    assert room.sent(room.ron, SITE).status_code == 403
    assert room.app.test_client().get("/sheets").status_code == 200


def test_a_session_that_has_ended_loses_nothing_and_a_forged_form_is_refused(room: Room) -> None:
    answer = room.sent(room.bob, site("They ride at noon."))
    left = Browser(room.app).post("/sheets/check", **{**Form(answer.text).fields, "do": "commit"})
    assert left.status_code == 401
    assert Form(left.text).fields == Form(answer.text).fields
    assert Form(left.text).buttons == Form(answer.text).buttons
    assert ("Log in, in another tab" in left.text, "Bearer" in left.text) == (True, False)
    assert room.bob.post("/sheets/check", **{**Form(left.text).fields, "do": "draft"}).status_code == 303
    other = room.bob.post("/sheets/check", **{**Form(left.text).fields, "do": "commit", "csrf_token": ""})
    assert (other.status_code, Form(other.text).fields["content"]) == (400, Form(answer.text).fields["content"])
    forged = room.bob.client.post("/sheets/check", data={**Form(answer.text).fields, "do": "commit", "csrf_token": "x"})
    assert (forged.status_code, forged.mimetype) == (400, "text/plain")
    told = room.app.test_client().post("/sheets/check", headers=BEARER, data={
        "file": (io.BytesIO(as_csv(site("They ride at noon.", voice="Nobody"))), "site.csv")})
    assert (told.status_code, [one["cell"] for one in (told.json or {})["problems"]]) == (422, ["F2"])
    by_token = room.app.test_client().post("/sheets/check", headers=BEARER, data={
        "file": (io.BytesIO(as_csv(site("They ride at noon."))), "site.csv"), "do": "commit"})
    assert by_token.status_code == 303


def test_who_lost_a_race_sees_what_the_sheet_would_change_now(room: Room) -> None:
    row = {"id": "site/lantern-walks-saltmere", "status": "running"}
    first, second = room.sent(room.bob, row), room.sent(room.bob, {**row, "status": "under way"})
    assert pressed(room.bob, first, "commit").status_code == 303
    late = pressed(room.bob, second, "commit")
    assert (late.status_code, "was changed meanwhile" in late.text) == (409, True)
    assert pressed(room.bob, late, "commit").status_code == 303


def test_templates_are_given_to_everybody(room: Room) -> None:
    anybody = room.app.test_client()
    answer = anybody.get("/sheets/site.xlsx?filled=1")
    assert answer.headers["Content-Disposition"] == "attachment; filename=site.xlsx"
    assert sheeting.opened(answer.data)["Site"].max_row > 2
    assert anybody.get("/sheets/sit.xlsx").status_code == 400


@pytest.mark.heavy
def test_a_sheet_with_more_rows_than_a_browser_may_send_is_told(room: Room) -> None:
    answer = room.sent(room.bob, *({**SITE, "summary": f"Ride {n}"} for n in range(upload.MOST_ROWS + 1)))
    assert (answer.status_code, "2,000 is the most" in answer.text) == (400, True)
