"""Users in a browser: logged in by a signed cookie, out when anything changes, and no form of another site counts."""

import base64
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask, Response

import people
from carekg import errors, query, web
from carekg.accounts import tokens
from carekg.accounts.users import Users
from carekg.settings import Settings
from carekg.store.embedded import EmbeddedStore
from carekg.web.accounts import door
from carekg.web.protocol import permission
from pages import BROWSER, Page
from people import Browser, field
from plain import sentence

ELSEWHERE = [
    "https://evil.example/", "//evil.example/", "/\\evil.example/", "\\\\evil.example", "/\t/evil.example", "http:evil",
    "javascript:alert(1)", "/\x00/x", " //evil.example", "evil.example", "/" + "x" * 5000, "///evil",
    "/%0d%0a\r\nX: y"]
"""What looks like an address of this server, and is none."""


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return people.beside(tmp_path_factory.mktemp("sessions"))


@pytest.fixture
def app(settings: Settings, good_store: EmbeddedStore, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """The application over the small world, with a page that takes a role, and everybody's account as at first."""
    people.hasten(monkeypatch)
    people.settle(settings)
    made = application(good_store, settings)
    yield made
    people.settle(settings)


def application(store: EmbeddedStore, settings: Settings) -> Flask:
    made = web.create_app(query.Asker({}, store), settings)

    def write() -> Response:
        return Response(permission.writer())

    def contribute() -> Response:
        return Response(permission.need("contributor"))

    made.add_url_rule("/write", "write", write, methods=["POST"])
    made.add_url_rule("/contribute", "contribute", contribute, methods=["GET", "POST"])
    return made


def who(browser: Browser) -> str:
    """Who a browser is logged in as, by its account page; nothing where nobody is."""
    page = browser.get("/account")
    return page.text.partition("logged in as <code>")[2].partition("</code>")[0] if page.status_code == 200 else ""


# --- in and out ------------------------------------------------------------------------------------------------------


def test_one_logs_in_and_out_and_is_shown_on_every_page(app: Flask) -> None:
    browser = Browser(app)
    assert 'href="/login?next=/sparql">Log in</a>' in browser.get("/sparql").text
    assert browser.client.head("/sparql", headers=BROWSER).content_length == browser.get("/sparql").content_length
    entered = browser.log_in("ann", next="/sparql?format=html")
    assert (entered.status_code, entered.headers["Location"]) == (303, "/sparql?format=html")
    (cookie,) = entered.headers.getlist("Set-Cookie")
    assert all(part in cookie for part in ("HttpOnly", "SameSite=Lax", "Path=/", "Expires="))
    assert "Secure" not in cookie
    page = browser.get("/sparql")
    assert ('<a href="/account">Ann</a>' in page.text, "Log in</a>" in page.text) == (True, False)
    assert Page(page.text).open == []
    assert browser.post("/logout", **field(page)).headers["Location"] == "/"
    assert who(browser) == ""


def test_the_cookie_goes_over_https_only_where_the_site_does(good_store: EmbeddedStore, settings: Settings) -> None:
    safe = application(good_store, replace(settings, public_url="https://example.org/"))
    assert "; Secure" in Browser(safe).log_in("ann").headers["Set-Cookie"]


@pytest.mark.parametrize(("name", "password"), [
    ("nobody", people.PASSWORD), ("ann", "wrong"), ("a\nn\x00", "x" * 90_000)])
def test_nobody_is_told_whether_a_name_or_a_password_is_wrong(name: str, password: str, app: Flask) -> None:
    browser = Browser(app)
    refused = browser.log_in(name, password)
    assert refused.status_code == 401
    assert str(errors.BadLogin()) in refused.text
    assert who(browser) == ""


def test_nobody_is_led_to_another_site_by_logging_in(app: Flask) -> None:
    browser = Browser(app)
    for address in ELSEWHERE:
        page = browser.client.get("/login", query_string={"next": address}, headers=BROWSER)
        assert 'name="next" value=""' in page.text, address
    for address in ELSEWHERE[::4]:
        assert browser.log_in("ann", next=address).headers["Location"] == "/account"


@pytest.mark.parametrize("act", [
    lambda users: users.give("bob", "admin"), lambda users: users.remove("bob"),
    lambda users: users.end_sessions("bob"), lambda users: users.change_password("bob", "over the hills 7"),
    lambda users: (users.remove("bob"), users.path.write_text(users.path.read_text().replace('"cem"', '"bob"')))])
def test_who_is_changed_or_removed_is_logged_out_at_once(
    act: Callable[[Users], object], app: Flask, settings: Settings
) -> None:
    browser = Browser(app, "bob")
    assert browser.post("/write").text == "bob"
    act(Users(settings))
    assert who(browser) == ""
    assert sentence(browser.post("/write", headers={}), 401)
    assert "Log in</a>" in browser.get("/sparql").text


def test_a_page_that_takes_a_role_leads_to_the_login_and_a_program_to_a_sentence(app: Flask) -> None:
    asked = Browser(app).get("/contribute?a=b&c=d")
    assert (asked.status_code, asked.headers["Location"]) == (303, "/login?next=/contribute?a%3Db%26c%3Dd")
    assert "log in at /login" in sentence(app.test_client().get("/contribute"), 401)
    posted = Browser(app).post("/write")
    assert (posted.status_code, 'href="/login"' in posted.text) == (401, True)


def test_where_there_are_no_users_nobody_is_asked_to_log_in(good_store: EmbeddedStore, tmp_path: Path) -> None:
    empty = application(good_store, Settings(tmp_path, str(tmp_path / "store"), rate="off"))
    assert "Log in" not in Browser(empty).get("/sparql").text
    assert sentence(empty.test_client().post("/write"), 403).startswith("This server is read-only")
    assert "there are no users" in sentence(empty.test_client().get("/login"), 403)
    assert not list(tmp_path.iterdir())


# --- roles -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", people.ROLES)
def test_a_role_does_what_it_may_and_is_told_what_it_lacks(name: str, app: Flask) -> None:
    role, browser = people.ROLES[name], Browser(app, name)
    page = browser.get("/sparql").text
    assert [address in page for address in ('"/new"', '"/sheets"', '"/drafts"')] == [role != "reader"] * 2 + [True]
    refused = browser.get("/new").text
    assert ("ask whoever runs this server" in refused, "carekg user" in refused) == (role == "reader", False)
    for address, needed, roles in (("/contribute", "contributor", ("contributor", "steward", "admin")),
                                   ("/write", "steward", ("steward", "admin"))):
        answer = browser.post(address, headers={})
        if role in roles:
            assert answer.text == name
        else:
            assert f"the role {needed} is needed, and {name} has the role {role}" in sentence(answer, 403)


def test_a_contributors_token_does_not_commit_and_is_told_what_to_do_instead(app: Flask, settings: Settings) -> None:
    token = tokens.add(settings.tokens_file, "robot", "contributor")
    answer = app.test_client().post("/sparql", data="INSERT DATA { }", content_type="application/sparql-update",
                                    headers={"Authorization": f"Bearer {token}"})
    assert "save the change as a draft" in sentence(answer, 403)
    tokens.remove(settings.tokens_file, "robot")


def test_only_admins_see_users_and_give_roles_and_none_to_themselves(app: Flask, settings: Settings) -> None:
    admin, steward = Browser(app, "eve"), Browser(app, "bob")
    assert steward.get("/users").status_code == steward.post("/users/ron/role", role="admin").status_code == 403
    page = admin.get("/users")
    assert all(name in page.text for name in people.ROLES)
    assert people.HASHED not in page.text
    assert admin.post("/users/ron/role", role="contributor").status_code == 303
    assert {one.name: one.role for one in Users(settings).all()}["ron"] == "contributor"
    for name, role in (("eve", "reader"), ("nobody", "reader"), ("ron", "owner")):
        assert admin.post(f"/users/{name}/role", role=role).status_code == 400


# --- forged ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["/write", "/contribute", "/logout", "/account/sessions", "/account/password"])
@pytest.mark.parametrize("given", ["", "x", "other", "elsewhere"])
def test_a_form_that_no_page_of_this_server_has_is_refused(address: str, given: str, app: Flask) -> None:
    browser, other = Browser(app, "eve"), Browser(app, "bob")
    sent = {"": {}, "x": {"csrf_token": "x"}, "other": other.sent, "elsewhere": browser.sent}[given]
    headers = {"Sec-Fetch-Site": "cross-site"} if given == "elsewhere" else {}
    answer = browser.client.post(address, data=sent, headers=headers)
    assert sentence(answer, 400).startswith("Nothing was done")
    assert who(browser) == "eve"


def test_a_script_of_a_page_may_send_the_token_as_a_header(app: Flask) -> None:
    browser = Browser(app, "bob")
    sent = {"X-CSRFToken": browser.sent["csrf_token"]}
    assert browser.client.post("/write", json={}, headers=sent).text == "bob"
    assert browser.client.post("/write", json={}).status_code == 400


def test_a_program_with_a_token_needs_no_field_and_goes_before_a_session(app: Flask, settings: Settings) -> None:
    token = tokens.add(settings.tokens_file, "robot")
    bearer = {"Authorization": f"Bearer {token}"}
    assert app.test_client().post("/write", headers=bearer).text == "robot"
    assert Browser(app, "ron").client.post("/write", headers=bearer).text == "robot"
    assert Browser(app, "bob").client.post("/write", headers={"Authorization": "Bearer wrong"}).status_code == 401
    tokens.remove(settings.tokens_file, "robot")


def test_logging_in_takes_a_form_of_this_server_too(app: Flask) -> None:
    sent = {"name": "ann", "password": people.PASSWORD}
    assert app.test_client().post("/login", data=sent).status_code == 400


def _tampered(cookie: str) -> list[str]:
    head, *rest = cookie.split(".")
    said = json.dumps({"user": "eve", "stamp": "stamp of eve"}).encode()
    payload = base64.urlsafe_b64encode(said).decode().strip("=")
    return ["", "x", "..", ".".join([payload, *rest[-2:]]), ".".join([head, *rest[:-1], "A" * 43]), payload, "A" * 4000]


def test_a_cookie_that_this_server_has_not_signed_is_nobodys(app: Flask, settings: Settings) -> None:
    browser = Browser(app, "ron")
    (cookie,) = [one.value for one in browser.client._cookies.values()]
    for forged in _tampered(cookie):
        browser.client.set_cookie("carekg", forged)
        assert (who(browser), browser.get("/sparql").status_code) == ("", 200)
    browser.client.set_cookie("carekg", cookie)
    assert who(browser) == "ron"
    settings.secret_file.unlink()  # another key: what the old one signed is nobody's
    assert who(browser) == ""


def test_a_session_ends_with_its_hours(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = Browser(app, "ann")
    later = time.time() + 12 * 3600 + 60
    monkeypatch.setattr("itsdangerous.timed.time.time", lambda: later)
    assert who(browser) == ""


# --- caches ----------------------------------------------------------------------------------------------------------


def test_pages_for_the_anonymous_can_be_kept_and_those_of_a_user_cannot(app: Flask) -> None:
    anonymous, known = Browser(app).get("/words"), Browser(app, "ann").get("/words")
    assert "Set-Cookie" not in anonymous.headers
    assert "no-store" not in anonymous.headers.get("Cache-Control", "")
    assert "Cookie" in anonymous.vary
    assert anonymous.headers["Access-Control-Allow-Origin"] == "*"
    assert known.headers["Cache-Control"] == "private, no-store"
    assert "Set-Cookie" not in known.headers
    assert "Access-Control-Allow-Origin" not in known.headers


def test_data_are_the_same_for_everybody_and_say_so(app: Flask) -> None:
    address = "/id/innovation/lantern-walks.ttl"
    answers = [app.test_client().get(address), Browser(app, "ann").client.get(address)]
    for answer in answers:
        assert "Cookie" not in answer.vary
        assert "private" not in answer.headers.get("Cache-Control", "")
    assert answers[0].data == answers[1].data


# --- one's own account -----------------------------------------------------------------------------------------------


def test_a_password_is_changed_and_ends_other_sessions(app: Flask, settings: Settings) -> None:
    here, there = Browser(app, "ann"), Browser(app, "ann")
    fresh = {"new": "over the hills 7", "again": "over the hills 7"}
    for given, status in (({"old": "wrong", **fresh}, 403), ({"old": people.PASSWORD, **fresh, "again": "other"}, 400),
                          ({"old": people.PASSWORD, "new": "short", "again": "short"}, 400)):
        refused = here.post("/account/password", **given)
        assert (refused.status_code, 'role="alert"' in refused.text) == (status, True)
    assert who(there) == "ann"
    assert here.post("/account/password", old=people.PASSWORD, **fresh).status_code == 303
    assert (who(here), who(there)) == ("ann", "")
    assert Users(settings).let_in("ann", "over the hills 7")


def test_one_logs_out_everywhere_else(app: Flask) -> None:
    here, there = Browser(app, "ann"), Browser(app, "ann")
    assert here.post("/account/sessions").status_code == 303
    assert (who(here), who(there)) == ("ann", "")


def test_what_was_typed_before_a_session_ended_can_still_be_sent_in_the_next(app: Flask) -> None:
    browser = Browser(app)
    browser.log_in("bob")
    typed = field(browser.get("/account"))
    browser.post("/logout", **typed)
    browser.log_in("bob")
    assert browser.post("/write", **typed).text == "bob"


# --- the door --------------------------------------------------------------------------------------------------------


def test_passwords_are_not_tried_for_ever(app: Flask, settings: Settings) -> None:
    tries = door.Door()
    users = Users(settings)
    most = int(door.CLIENT.split()[0])
    for _ in range(most):
        with pytest.raises(errors.BadLogin):
            tries.let_in(users, "ann", "wrong", "203.0.113.7")
    with pytest.raises(errors.LoginsTooOften, match=r"try again in \d+ s") as told:
        tries.let_in(users, "ann", people.PASSWORD, "203.0.113.7")
    assert (told.value.http_status, "Retry-After" in told.value.headers()) == (429, True)
    for number in range(int(door.NAME.split()[0]) - most):
        with pytest.raises(errors.BadLogin):
            tries.let_in(users, "ann", "wrong", f"203.0.113.{number + 8}")
    with pytest.raises(errors.LoginsTooOften):
        tries.let_in(users, "ann", people.PASSWORD, "203.0.113.200")
    assert tries.let_in(users, "bob", people.PASSWORD, "203.0.113.200").name == "bob"


def test_a_login_that_is_refused_says_when_to_come_again(app: Flask) -> None:
    app.extensions[door.KEY]._clients = door.Tries("1 per hour")
    browser = Browser(app)
    browser.log_in("ann")
    refused = browser.log_in("ann")
    assert (refused.status_code, "try again in" in refused.text) == (429, True)


def test_users_that_cannot_be_trusted_take_no_page_away_from_readers(app: Flask, settings: Settings) -> None:
    browser = Browser(app, "ann")
    settings.users_file.chmod(0o666)
    assert browser.get("/sparql").status_code == 200
    assert "can be changed by others" in sentence(browser.post("/write", headers={}), 503)
    settings.users_file.chmod(0o600)
