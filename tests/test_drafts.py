"""Drafts: proposed by one, looked at as the graph is today, talked about, and committed once, by another steward."""

import pathlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pyoxigraph as ox
import pytest

import folders
import forming
import people
from carekg import change, drafts, errors, query, update, web
from carekg.accounts import tokens
from carekg.change.guard import Guards
from carekg.drafts import today
from carekg.settings import Settings
from carekg.store import About, Made, Update, rows
from carekg.store.embedded import EmbeddedStore
from carekg.terms import DATA, PREFIXES
from pages import BROWSER, Page
from people import Browser
from plain import opened, sentence

PROLOGUE = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in PREFIXES.items())
WALKS = "innovation:lantern-walks"
COMMENT = f"INSERT DATA {{ {WALKS} rdfs:comment 'By night, %s.'@en }}"
JSON = {"Accept": "application/json"}


class Office:
    """A store of the small world, with its drafts, and a server of it with people."""

    def __init__(self, store: EmbeddedStore) -> None:
        self.store, self.guard = store, Guards().over(store)
        self.drafts = drafts.Drafts(store, self.guard)
        self.settings = Settings(store.path, str(store.path), rate="off")
        people.settle(self.settings)
        self.app = web.create_app(query.Asker({}, store), self.settings)
        self.count = 0

    def fresh(self) -> str:
        """An update that nobody has made."""
        self.count += 1
        return COMMENT % self.count

    def save(self, text: str, who: str = "ann", why: str = "Seen at dusk.", against: int | None = None) -> str:
        """Save an update as a draft."""
        return self.drafts.save(proposed(text, who, why, against))

    def commit(self, text: str) -> Made:
        """Make an update at once, as somebody else."""
        return change.commit(proposed(text, "cem"), self.store, self.guard)

    def today(self, name: str) -> drafts.Today:
        return self.drafts.today(self.drafts.draft(name))

    def holds(self, pattern: str) -> bool:
        return bool(rows(self.store, f"{PROLOGUE} SELECT * WHERE {{ {pattern} }} LIMIT 1"))

    def browser(self, name: str = "") -> Browser:
        return Browser(self.app, name)


def proposed(text: str, who: str, why: str = "Seen at dusk.", against: int | None = None) -> change.Change:
    asked = Update(update.operations(PROLOGUE + text), PROLOGUE + text)
    return change.Change(asked, About(who, why, "https://example.org/report"), against)


@pytest.fixture(scope="module")
def office(good_store: EmbeddedStore, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    place = folders.own_store(good_store, tmp_path_factory.mktemp("office") / "store")
    with EmbeddedStore(pathlib.Path(place)) as store:
        yield Office(store)


# --- kept ------------------------------------------------------------------------------------------------------------


def test_a_draft_changes_nothing_and_says_what_it_would_change(office: Office) -> None:
    last = office.store.history.last()
    name = office.save(f"DELETE DATA {{ {WALKS} rdfs:label 'Lantern Walks'@en }} ; "
                       f"INSERT DATA {{ {WALKS} rdfs:label 'Walks'@en }}")
    draft = office.drafts.draft(name)
    assert (office.store.history.last(), office.holds(f"{WALKS} rdfs:label 'Lantern Walks'@en")) == (last, True)
    assert (draft.title, draft.author, draft.state, draft.revision.against) == ("Seen at dusk.", "ann", "open", last)
    assert (draft.revision.source, draft.revision.added, draft.revision.removed) == ("https://example.org/report", 1, 1)
    effect = office.drafts.effect(draft)
    assert [str(quad.object) for quad in effect.added | effect.removed if quad in effect.added] == ['"Walks"@en']
    assert [quad.graph_name.value for quad in effect.added] == [f"{DATA}stewards"]
    assert office.today(name).is_right


def test_drafts_survive_whoever_keeps_them_and_are_their_owners_alone(office: Office) -> None:
    name = office.save(office.fresh())
    office.drafts.comment(name, "bob", "Is it?\r\nSay where.")
    again = drafts.Drafts(office.store, office.guard).draft(name)
    assert [(one.who, one.said) for one in again.comments] == [("bob", "Is it?\nSay where.")]
    assert (office.store.path / "drafts.sqlite").stat().st_mode & 0o077 == 0
    assert len(name) == 22
    assert name != office.save(office.fresh())


def test_a_store_in_memory_has_drafts_for_its_life() -> None:
    with opened() as plain:
        kept = drafts.Drafts(plain.store, None)
        name = kept.save(change.Change(Update(update.operations("INSERT DATA { <x:a> <x:p> 2 }")), About("ann", "So.")))
        assert kept.today(kept.draft(name)).is_right
        assert kept.approve(name, "bob").number == 1


@pytest.mark.parametrize(("text", "why", "told"), [
    ("INSERT DATA { }", "Why.", "would change nothing"),
    (f"INSERT DATA {{ {WALKS} rdfs:label 'Lantern Walks'@en }}", "Why.", "would change nothing"),
    (f"INSERT DATA {{ {WALKS} rdfs:comment 'x' }}", "", "is empty"),
    (f"INSERT DATA {{ {WALKS} rdfs:comment 'x' }}", "x" * 2001, "2,001 characters"),
    (f"INSERT DATA {{ {WALKS} rdfs:comment 'x' }}", "a\x1b[2Jb", "control characters"),
    (f"INSERT DATA {{ {WALKS} rdfs:comment 'x' }}", "\ud800", "control characters")])
def test_what_is_no_draft_is_refused_in_a_sentence(text: str, why: str, told: str, office: Office) -> None:
    with pytest.raises(errors.BadInput, match=told):
        office.save(text, why=why)


def test_what_nobody_may_change_is_no_draft_either(office: Office) -> None:
    with pytest.raises(errors.Derived):
        office.save("INSERT DATA { GRAPH <https://w3id.org/carekg/graph/inferred> { <x:a> <x:p> 1 } }")


# --- today -----------------------------------------------------------------------------------------------------------


def test_a_draft_that_is_wrong_is_kept_and_says_what_is_wrong(office: Office) -> None:
    name = office.save("INSERT DATA { innovation:new a care:Innovation }")
    seen = office.today(name)
    assert seen.trial is not None
    assert len(seen.trial.report.violations) == 4
    with pytest.raises(errors.InvalidGraph):
        office.drafts.approve(name, "bob")
    assert office.drafts.draft(name).is_open
    assert not office.holds("innovation:new ?p ?o")


def test_a_draft_that_turned_invalid_meanwhile_says_so_and_stays(office: Office) -> None:
    office.commit("INSERT DATA { source:passing a care:Source ; rdfs:label 'Passing'@en }")
    name = office.save(f"INSERT DATA {{ {WALKS} rdfs:seeAlso source:passing }}")
    assert office.today(name).is_right
    office.commit("DELETE WHERE { source:passing ?p ?o }")
    seen = office.today(name)
    assert (seen.is_right, bool(seen.trial and seen.trial.unknown)) == (False, True)
    with pytest.raises(errors.UnknownThings):
        office.drafts.approve(name, "bob")
    assert office.drafts.draft(name).is_open


def test_a_draft_whose_things_vanished_says_what_is_gone(office: Office) -> None:
    office.commit("INSERT DATA { source:brief a care:Source ; rdfs:label 'Brief'@en ; rdfs:comment 'One.', 'Two.' }")
    name = office.save("DELETE DATA { source:brief rdfs:comment 'One.', 'Two.' }")
    office.commit("DELETE DATA { source:brief rdfs:comment 'One.' }")
    seen = office.today(name)
    assert (seen.is_right, [str(quad.object) for quad in seen.gone]) == (True, ['"One."'])
    assert [entry.about.who for entry in seen.newer] == ["cem"]
    office.commit("DELETE WHERE { source:brief ?p ?o }")
    assert (office.today(name).is_right, len(office.today(name).gone)) == (False, 2)
    with pytest.raises(errors.BadInput, match="all that it says is so already"):
        office.drafts.approve(name, "bob", against=office.store.history.last())


def test_what_was_changed_since_it_was_looked_at_is_not_approved_unseen(office: Office) -> None:
    name = office.save(office.fresh())
    office.commit(office.fresh())
    with pytest.raises(errors.Overtaken, match="by cem"):
        office.drafts.approve(name, "bob")
    seen = office.store.history.last()
    office.drafts.revise(name, proposed(office.fresh(), "ann"))
    with pytest.raises(errors.Overtaken, match="ann, who has revised the draft"):
        office.drafts.approve(name, "bob", revision=1, against=seen)
    assert office.drafts.approve(name, "bob", revision=2, against=seen).number == seen + 1


# --- who -------------------------------------------------------------------------------------------------------------


def test_another_than_its_author_approves_a_draft_and_both_are_on_record(office: Office) -> None:
    text = office.fresh()
    name = office.save(text)
    with pytest.raises(errors.OwnDraft):
        office.drafts.approve(name, "ann")
    number = office.drafts.approve(name, "bob").number
    draft, entry = office.drafts.draft(name), office.store.history.entry(number)
    assert (draft.state, draft.change, draft.closed_by) == ("committed", number, "bob")
    assert (entry.about.who, entry.about.why, entry.about.source) == ("ann", "Seen at dusk.", "https://example.org/report")
    assert entry.about.how == f"draft {draft.number}, approved by bob"
    for act in (lambda: office.drafts.approve(name, "zoe"), lambda: office.drafts.withdraw(name, "ann"),
                lambda: office.drafts.revise(name, proposed(office.fresh(), "ann"))):
        with pytest.raises(errors.Closed, match=f"committed as change {number}, approved by bob"):
            act()
    office.drafts.comment(name, "zoe", "Thanks.")


def test_only_its_author_revises_and_withdraws_a_draft(office: Office) -> None:
    name = office.save(office.fresh())
    for act in (lambda: office.drafts.revise(name, proposed(office.fresh(), "bob")),
                lambda: office.drafts.withdraw(name, "bob")):
        with pytest.raises(errors.NotYours, match="Only its author, ann, may"):
            act()
    office.drafts.withdraw(name, "ann")
    assert office.drafts.draft(name).told() == "withdrawn by ann"
    with pytest.raises(errors.Closed):
        office.drafts.approve(name, "bob")


def test_of_many_who_approve_at_once_one_does(office: Office) -> None:
    name, last = office.save(office.fresh()), office.store.history.last()

    def approve(who: str) -> str:
        try:
            return str(drafts.Drafts(office.store, office.guard).approve(name, who, against=last).number)
        except errors.Closed as error:
            return type(error).__name__

    with ThreadPoolExecutor(6) as threads:
        said = sorted(threads.map(approve, ["bob", "zoe", "eve"] * 2))
    assert said == [str(last + 1), *["Closed"] * 5]
    assert office.store.history.last() == last + 1


def test_a_draft_that_was_committed_as_the_server_died_is_found_so(office: Office) -> None:
    name = office.save(office.fresh())
    draft = office.drafts.draft(name)
    made = change.commit(change.Change(today.update(office.drafts.effect(draft)), About(
        "ann", "Seen at dusk.", "", today.how(draft, "bob"))), office.store, office.guard)  # and then nothing was noted
    with pytest.raises(errors.Closed, match=f"committed as change {made.number}"):
        office.drafts.approve(name, "zoe", against=made.number)
    assert office.drafts.draft(name).told() == f"committed as change {made.number}, approved by bob"
    other = office.save(office.fresh())
    change.commit(change.Change(today.update(office.drafts.effect(office.drafts.draft(other))), About(
        "ann", "", "", today.how(office.drafts.draft(other), "zoe"))), office.store, office.guard)
    for _ in range(12):  # of which each hides the one before
        office.commit(office.fresh())
    assert office.drafts.draft(other).closed_by == "zoe"


def test_drafts_that_cannot_be_written_or_read_are_told(office: Office, tmp_path: pathlib.Path) -> None:
    broken = drafts.Drafts(office.store, office.guard)
    broken._database = drafts.database.Database(tmp_path / "drafts.sqlite")
    (tmp_path / "drafts.sqlite").write_bytes(b"x" * 5000)
    with pytest.raises(errors.StoreError, match=r"The drafts in .* cannot be read"):
        broken.listed()
    with pytest.raises(errors.StoreError, match=r"The drafts in .* cannot be written"):
        broken.comment("x", "ann", "y")


# --- over HTTP -------------------------------------------------------------------------------------------------------


def patched(office: Office) -> str:
    """A change that nobody has made, as RDF Patch."""
    office.count += 1
    return (f'A <{PREFIXES["innovation"]}lantern-walks> <{PREFIXES["rdfs"]}comment> "By day, {office.count}."@en .')


def saved(office: Office, name: str = "ann", **fields: Any) -> str:
    """Save a draft by the form, and give its address."""
    given = {"why": "Seen at noon.", "patch": patched(office), **fields}
    answer = office.browser(name).post("/drafts", **given)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["Location"])


def test_a_draft_goes_its_way_in_two_browsers(office: Office) -> None:
    author, steward = office.browser("ann"), office.browser("bob")
    address = saved(office, title="Lanterns at noon")
    for browser, buttons in ((author, {"Comment", "Revise", "Withdraw"}), (steward, {"Comment", "Approve and commit"}),
                             (office.browser("ron"), set()), (office.browser(), set())):
        page = browser.get(address)
        assert page.status_code == 200
        assert Page(page.text).open == []
        assert "Lanterns at noon" in page.text
        known = ("Comment", "Revise", "Withdraw", "Approve and commit")
        assert {name for name in known if f"<button>{name}</button>" in page.text} == buttons
        assert page.headers["Cache-Control"] == "private, no-store"
        assert "noindex" in page.headers["X-Robots-Tag"]
    assert "Lanterns at noon" in author.get("/drafts").text
    assert steward.post(f"{address}/comment", said="<b>Is it?</b>").status_code == 303
    assert "&lt;b&gt;Is it?&lt;/b&gt;" in author.get(address).text
    assert author.post(f"{address}/revise", why="Seen at one.", patch=patched(office)).status_code == 303
    stale = steward.post(f"{address}/approve", revision=1, against=office.store.history.last())
    assert (stale.status_code, "revised the draft" in stale.text) == (409, True)
    assert author.post(f"{address}/approve").status_code == 403
    assert steward.post(f"{address}/approve", revision=2, against=office.store.history.last()).status_code == 303
    page = steward.get(address)
    assert "approved by bob" in page.text
    assert "<button>Approve" not in page.text
    assert office.store.history.entries(most=1)[0].about.who == "ann"
    assert "Lanterns at noon" not in author.get("/drafts").text
    assert "Lanterns at noon" in author.get("/account").text


def test_a_program_saves_reads_and_approves_with_tokens(office: Office) -> None:
    bearers = [{"Authorization": f"Bearer {tokens.add(office.settings.tokens_file, name, role, user)}"}
               for name, role, user in (("robot", "contributor", ""), ("bobs", "steward", "bob"))]
    client = office.app.test_client()
    update_text = f"{PROLOGUE} {office.fresh()}"
    posts: list[dict[str, Any]] = [
        {"json": {"title": "By JSON", "why": "Because.", "patch": patched(office)}},
        {"json": {"why": "Because.", "update": update_text, "against": office.store.history.last()}},
        {"data": patched(office), "content_type": "application/rdf-patch", "headers": {"Carekg-Reason": "Because."}},
        {"data": f"{PROLOGUE} {office.fresh()}", "content_type": "application/sparql-update",
         "headers": {"Carekg-Reason": "Because.", "Carekg-Source": "https://example.org/s", "Carekg-Title": "By hand"}}]
    for post in posts:
        answer = client.post("/drafts", **{**post, "headers": {**bearers[0], **post.get("headers", {})}})
        assert answer.status_code == 201, answer.text
    address = answer.headers["Location"]
    assert (answer.json or {})["title"] == "By hand"
    whole = client.get(address, headers=JSON).json or {}
    assert (whole["author"], whole["source"], whole["today"]["isRight"]) == ("robot", "https://example.org/s", True)
    assert [one["change"] for one in whole["changes"]] == ["added"]
    rows_ = client.get(address, headers={"Accept": "application/rdf-patch"})
    assert (rows_.mimetype, rows_.text.count("\nA ")) == ("application/rdf-patch", 1)
    assert sentence(client.post(f"{address}/approve", headers=bearers[0]), 403)
    approved = client.post(f"{address}/approve", headers=bearers[1])
    assert (approved.json or {})["closedBy"] == "bob"
    listed = client.get("/drafts", headers=bearers[0]).json or {}
    assert "By JSON" in {one["title"] for one in listed["drafts"]}
    assert client.get("/drafts").status_code == 401


@pytest.mark.parametrize(("given", "told"), [
    ({"why": ""}, "needs a reason"), ({"why": " \n"}, "needs a reason"), ({"patch": ""}, "takes one change"),
    ({"update": "INSERT DATA { }"}, "takes one change"), ({"patch": "A <x:a> ."}, "Row 1 of the patch"),
    ({"patch": "", "update": "INSERT"}, "does not parse"), ({"against": "soon"}, "a whole number"),
    ({"against": "9" * 30}, "a whole number"), ({"against": "99999"}, "the last one is"),
    ({"title": "x" * 201}, "201 characters"), ({"source": "here"}, "an IRI"),
    ({"patch": "", "update": "LOAD <http://127.0.0.1/x>"}, "LOAD is refused"),
    ({"why": "a\x00b"}, "control characters")])
def test_a_form_that_is_wrong_comes_back_with_what_was_typed(given: dict[str, str], told: str, office: Office) -> None:
    answer = office.browser("ann").post("/drafts", **{"why": "Seen <at> noon.", "patch": patched(office), **given})
    assert answer.status_code in (400, 403)
    assert told in answer.text
    if "why" not in given and "update" not in given:
        assert "Seen &lt;at&gt; noon." in answer.text


@pytest.mark.parametrize("body", [
    b"", b"{", b"[]", b"null", b'{"why": ["x"]}', b'{"why": true}', b"\xff\xfe", b'"x"', b"[" * 100_000,
    b'{"why": "x", "patch": "A <x:a> <x:p> \'\\ud800\' ."}', b'{"why": "x", "source": "x:\\ud800", "patch": "A"}'])
def test_json_that_is_wrong_is_told(body: bytes, office: Office) -> None:
    browser = office.browser("ann")
    answer = browser.client.post("/drafts", data=body, content_type="application/json",
                                 headers={"X-CSRFToken": browser.sent["csrf_token"]})
    assert sentence(answer, 400)


@pytest.mark.parametrize("body", [b"[" * 100_000, b'{"why": "\\ud800"}', b'{"why": ["x"]}'])
def test_the_reason_of_an_undo_that_cannot_be_read_is_told_as_that_of_a_draft_is(body: bytes, office: Office) -> None:
    browser, made = office.browser("bob"), office.commit(office.fresh())
    answer = browser.client.post(f"/history/{made.number}/undo", data=body, content_type="application/json",
                                 headers={"X-CSRFToken": browser.sent["csrf_token"]})
    assert (sentence(answer, 400), office.store.history.last()) == (answer.text, made.number)


def test_what_is_no_draft_has_no_page(office: Office) -> None:
    for name in ("x", "new-not", "%00", "A" * 22, "..%2f..", "'; DROP TABLE draft"):
        assert office.app.test_client().get(f"/drafts/{name}").status_code == 404
        assert office.browser("bob").post(f"/drafts/{name}/approve").status_code == 404
    assert sentence(office.browser("ann").client.get("/drafts?state=lost"), 400)


def test_a_session_that_has_ended_loses_no_comment_and_an_overtaken_approval_comes_back_to_the_draft(
        office: Office) -> None:
    address, ann, bob = saved(office), office.browser("ann"), office.browser("bob")
    assert 'aria-describedby="why-help">Seen at' in ann.get(address).text
    assert 'aria-describedby="patch-help"></textarea>' not in ann.get(address).text
    bad = ann.post(f"{address}/revise", why="", patch="A typed .")
    assert (bad.status_code, "needs a reason" in bad.text, "A typed .</textarea>" in bad.text) == (400, True, True)
    out = office.browser().post(f"{address}/comment", said="Where was\nit <seen>?", **ann.sent)
    assert (out.status_code, "Log in, in another tab" in out.text, "Bearer" in out.text) == (401, True, False)
    assert "Where was\nit &lt;seen&gt;?</textarea>" in out.text
    assert people.field(out) == ann.sent
    assert ann.post(f"{address}/comment", said="Where was\nit <seen>?", **people.field(out)).status_code == 303
    seen = office.store.history.last()
    office.commit(office.fresh())
    late = bob.post(f"{address}/approve", revision=1, against=seen)
    assert (late.status_code, "its author can revise it" in late.text) == (409, True)
    assert f'name="against" value="{office.store.history.last()}"' in late.text


def test_a_draft_that_is_revised_in_a_form_keeps_what_the_form_has_no_field_for(office: Office) -> None:
    iri, source = PREFIXES["innovation"] + "lantern-walks", PREFIXES["source"] + "lantern-study"
    beyond = f"A <{iri}> <{PREFIXES['rdfs']}seeAlso> <{source}> .\n"
    many = "\n".join(patched(office) for _ in range(201))
    assert "Revise it in the form" not in office.browser("ann").get(saved(office, patch=many)).text
    patch, typed = beyond + patched(office), f"By day, {office.count}."
    address = saved(office, title=" ", patch=patch)
    assert "Revise it in the form" in office.browser("ann").get(address).text
    client = office.browser("ann").client
    for why in ("Seen at two.", "Seen at three."):
        sheet = forming.opened(client, f"/edit?thing={iri}&draft={address.rpartition('/')[2]}").type("Why", why)
        (name,) = (name for name, text in sheet.sent.items() if text == typed)
        sheet.sent[name] = typed = f"It is so. {why}"
        assert sheet.pressed("draft").headers["Location"] == address
    draft = office.drafts.draft(address.rpartition("/")[2])
    assert (draft.title, draft.revision.number, draft.revision.why) == ("Seen at noon.", 3, "Seen at three.")
    assert sorted(str(quad.object) for quad in office.drafts.effect(draft).added) == [
        '"It is so. Seen at three."@en', f"<{source}>"]


@pytest.mark.parametrize("act", ["comment", "revise", "withdraw", "approve"])
def test_nobody_does_anything_to_a_draft_without_a_role_or_from_another_site(act: str, office: Office) -> None:
    address = saved(office)
    fields = {"said": "x", "why": "y", "patch": patched(office)}
    assert office.app.test_client().post(f"{address}/{act}", data=fields).status_code == 401
    assert office.browser("ron").post(f"{address}/{act}", **fields).status_code == 403
    assert office.browser("bob").client.post(f"{address}/{act}", data=fields, headers=BROWSER).status_code == 400
    if act in ("revise", "withdraw"):
        assert office.browser("bob").post(f"{address}/{act}", **fields).status_code == 403
    assert (office.app.test_client().get(address).json or {})["revision"] == 1


def test_older_drafts_are_a_page_further(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    names = {saved(office).rpartition("/")[2] for _ in range(3)}
    monkeypatch.setattr("carekg.web.drafts.pages.PAGE", 2)
    browser, found, address = office.browser("bob"), list[str](), "/drafts?state=open"
    while address:
        listed = browser.client.get(address, headers=JSON).json or {}
        assert len(listed["drafts"]) <= 2
        found += [one["id"] for one in listed["drafts"]]
        address = listed["older"]
    assert names <= set(found)
    assert len(found) == len(set(found))
    assert 'rel="next"' in browser.get("/drafts").text


def test_an_admin_withdraws_what_others_have_left(office: Office) -> None:
    address = saved(office)
    assert office.browser("eve").post(f"{address}/withdraw").status_code == 303
    assert (office.app.test_client().get(address).json or {})["closedBy"] == "eve"


def test_a_draft_that_is_wrong_has_a_page_that_says_why_and_no_button(office: Office) -> None:
    address = saved(office, patch="", update=f"{PROLOGUE} INSERT DATA {{ innovation:newer a care:Innovation }}")
    page = office.browser("bob").get(address)
    assert "It cannot be committed as it is: 4 violations" in page.text
    assert "<button>Approve" not in page.text
    refused = office.browser("bob").post(f"{address}/approve", headers={"Accept": "text/turtle"})
    assert (refused.status_code, refused.mimetype) == (422, "text/turtle")
    assert list(ox.parse(refused.data, ox.RdfFormat.TURTLE))


def test_a_graph_that_another_service_keeps_has_no_drafts() -> None:
    with pytest.raises(errors.Refused, match="change it there"):
        drafts.database.Database.beside(None)
