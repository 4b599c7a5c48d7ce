"""A steward without a mouse makes an innovation, a site and a finding, each with its passage, in a real browser."""

import pathlib
from collections.abc import Iterator

import pytest

import folders
import servers
from carekg.accounts.users import Users
from carekg.settings import load
from carekg.store.embedded import EmbeddedStore
from servers import Server

pytestmark = pytest.mark.heavy

PASSWORD = "correct horse battery"


DRAWN = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
"""The page gives the focus to where its author goes on in the frame after it was loaded."""


@pytest.fixture
def desk(good_store: EmbeddedStore, tmp_path: pathlib.Path) -> Iterator[Server]:
    """A server of the small world with a steward."""
    place = folders.own_store(good_store, tmp_path / "store")
    Users(load(store=str(place))).add("ada", PASSWORD, "steward", "Ada")
    folder = good_store.path.parent / "world"
    with servers.running(tmp_path, "--folder", str(folder), "--store", str(place), "serve") as one:
        yield one


def test_a_steward_makes_an_innovation_a_site_and_a_finding_by_keyboard_alone(desk: Server) -> None:
    browsing = pytest.importorskip("browsing")
    with browsing.opened() as page:
        keys = page.keyboard

        def fill(wanted: str, text: str) -> None:
            browsing.reach(page, wanted)
            keys.type(text)

        def press(wanted: str) -> None:
            browsing.reach(page, wanted)
            with page.expect_navigation():
                keys.press("Enter")
            page.evaluate(DRAWN)

        def claim(of: str, source: str) -> None:
            press("Add a claim about it")
            press(of)
            fill("ClaimShape-subject.0.how", "holds for")
            fill("Summary", f"The {of}, in one sentence.")
            fill("Voice", "the document")
            fill("Confidence", "high")
            press("New passage for rests on")
            keys.type(source)  # the place is there at once
            fill("Phrase", f"seven words that tell of the {of}")

        page.goto(f"{desk.base}/login?next=/new/Innovation")
        fill("Name", "ada")
        fill("Password", PASSWORD)
        with page.expect_navigation():
            keys.press("Enter")

        press("Check")  # what is missing is told, and the focus is there
        assert page.evaluate("document.activeElement.getAttribute('role')") == "alert"
        assert browsing.faults(page) == []
        press("name")  # from the list of what is to be mended to the field itself
        assert page.evaluate("document.activeElement.id") == "InnovationShape-label.0"
        keys.type("Lantern Boats")
        fill("Definition", "Boats with lights, rowed by neighbours.")
        fill("Kind", "named")
        press("New passage for rests on")
        fill("Phrase", "boats with lights")
        press("New source for source")
        keys.type("Boats of the bay")
        press("Check")
        assert "Nothing is wrong with it" in page.inner_text("main"), page.inner_text("main")
        assert browsing.faults(page) == []
        press("Commit")
        assert page.url.endswith("/id/innovation/lantern-boats.html")

        claim("site", "Boats of the bay")
        fill("Place", "Saltmere")
        fill("Role", "pilot")
        press("Check")
        assert "Nothing is wrong with it" in page.inner_text("main"), page.inner_text("main")
        press("Commit")
        page.goto(f"{desk.base}/id/innovation/lantern-boats")

        claim("finding", "Boats of the bay")
        fill("FindingShape-factor.0.how", "names a facilitator")
        fill("FindingShape-factor.0", "volunteers with lanterns")
        press("Check")
        assert "Nothing is wrong with it" in page.inner_text("main"), page.inner_text("main")
        press("Commit")
        page.goto(f"{desk.base}/id/innovation/lantern-boats")
        claims = page.locator("summary", has_text="Every claim about it")
        claims.focus()
        keys.press("Enter")
        shown = page.inner_text("main")
        assert "1 site" in shown
        assert "1 finding" in shown
        assert "boats of the bay" in shown.lower()


@pytest.mark.parametrize("width", [390, 1280])
def test_pages_of_forms_keep_nobody_out_and_fit_their_window(desk: Server, width: int) -> None:
    browsing = pytest.importorskip("browsing")
    with browsing.opened(width) as page:
        page.goto(f"{desk.base}/login?next=/new")
        page.fill("input[name=name]", "ada")
        page.fill("input[name=password]", PASSWORD)
        page.press("input[name=password]", "Enter")
        page.wait_for_url("**/new")
        for address in ("/new", "/new/Site", "/new/Passage", "/edit?thing=assessment:lantern-walks"):
            page.goto(desk.base + address)
            assert browsing.faults(page) == []
            assert page.evaluate("document.documentElement.scrollWidth") <= width
