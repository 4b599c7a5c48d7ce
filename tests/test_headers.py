"""What every answer says of itself: pages load nothing foreign; anybody's page may read, and none may write."""

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from carekg.web.guard import headers
from pages import BROWSER

ELSEWHERE = "https://elsewhere.example"
ADDRESSES = ["/", "/nope", "/queries", "/sparql?query=ASK%7B%7D", "/sparql?query=x", "/id/innovation/iris", "/def",
             "/static/style.css", "/health", "/metrics"]


def preflight(client: FlaskClient, address: str, method: str, wanted: str = "") -> TestResponse:
    sent = {"Origin": ELSEWHERE, "Access-Control-Request-Method": method}
    return client.options(address, headers=sent | ({"Access-Control-Request-Headers": wanted} if wanted else {}))


def listed(answer: TestResponse, name: str) -> set[str]:
    return {one.strip() for one in answer.headers.get(name, "").split(",")} - {""}


# --- pages ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_answer_says_what_it_is_and_may_be_embedded_as_data(address: str, client: FlaskClient) -> None:
    with client.get(address) as answer:
        for name, value in headers.ALWAYS.items():
            assert answer.headers.getlist(name) == [value]


def test_a_page_may_load_this_servers_style_and_pictures_and_run_nothing() -> None:
    policy = dict(one.strip().partition(" ")[::2] for one in headers.POLICY.split(";"))
    assert policy == {"default-src": "'none'", "style-src": "'self'", "img-src": "'self'", "form-action": "'self'",
                      "base-uri": "'none'", "frame-ancestors": "'none'"}


@pytest.mark.parametrize("address", ["/", "/queries/innovations-by-route", "/sparql", "/def", "/catalogue"])
def test_a_page_has_no_style_or_script_of_the_kind_that_its_policy_forbids(address: str, client: FlaskClient) -> None:
    answer = client.get(address, headers=BROWSER)
    assert answer.status_code == 200
    for name, value in headers.PAGES.items():
        assert answer.headers[name] == value
    text = answer.text.lower()
    for forbidden in ("<style", " style=", " onclick=", " onload=", "javascript:", "<script>", "<script src"):
        assert forbidden not in text


# --- reading from elsewhere -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ADDRESSES)
def test_any_page_may_read_what_is_asked(address: str, client: FlaskClient) -> None:
    with client.get(address, headers={"Origin": ELSEWHERE}) as answer:
        assert answer.headers.getlist("Access-Control-Allow-Origin") == ["*"]
        assert {"Link", "ETag", "Content-Location", "Location", "Retry-After"} <= listed(
            answer, "Access-Control-Expose-Headers")
        assert "Access-Control-Allow-Credentials" not in answer.headers


def test_a_query_by_post_may_be_asked_from_elsewhere(client: FlaskClient) -> None:
    leave = preflight(client, "/sparql", "POST", "content-type, accept")
    assert leave.status_code == 200
    assert leave.headers["Access-Control-Allow-Origin"] == "*"
    assert "POST" in listed(leave, "Access-Control-Allow-Methods")
    assert {"Accept", "Content-Type", "If-None-Match"} <= listed(leave, "Access-Control-Allow-Headers")
    assert int(leave.headers["Access-Control-Max-Age"]) > 0
    media = "application/sparql-query"
    answer = client.post("/sparql", data="ASK {}", content_type=media, headers={"Origin": ELSEWHERE})
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize(("address", "methods"), [
    ("/sparql", {"GET", "HEAD", "OPTIONS", "POST"}), ("/queries", {"GET", "HEAD", "OPTIONS"})])
def test_leave_is_given_for_the_methods_that_an_address_takes(
    address: str, methods: set[str], client: FlaskClient
) -> None:
    leave = preflight(client, address, "GET")
    assert listed(leave, "Access-Control-Allow-Methods") == methods
    assert listed(leave, "Allow") >= methods


# --- writing from elsewhere -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["/sparql", "/store", "/store/x", "/", "/nope"])
@pytest.mark.parametrize(("method", "wanted"), [
    ("PUT", ""), ("DELETE", ""), ("PATCH", ""), ("POST", "authorization"), ("GET", "Authorization, Accept"),
    ("post", ""), ("", "")])
def test_no_leave_is_given_to_write_or_to_send_a_token(
    method: str, wanted: str, address: str, client: FlaskClient
) -> None:
    leave = preflight(client, address, method, wanted)
    for name in ("Origin", "Methods", "Headers"):
        assert f"Access-Control-Allow-{name}" not in leave.headers


@pytest.mark.parametrize("sent", [
    {"method": "PUT"}, {"method": "DELETE"}, {"method": "PATCH"}, {"headers": {"Authorization": "Bearer x"}},
    {"method": "POST", "content_type": "application/sparql-update", "data": "CLEAR ALL",
     "headers": {"Authorization": "Bearer x"}}])
def test_the_answer_to_what_writes_is_not_for_other_pages(sent: dict[str, object], client: FlaskClient) -> None:
    for address in ("/sparql", "/store?default"):
        answer = client.open(address, **sent)
        assert "Access-Control-Allow-Origin" not in answer.headers


@pytest.mark.parametrize(("address", "media"), [
    ("/sparql", "application/sparql-update"), ("/sparql", "application/sparql-query"), ("/sparql", "image/png"),
    ("/sparql", "application/x-www-form-urlencoded"), ("/store?default", "text/turtle"), ("/nope", "text/plain")])
def test_where_leave_is_given_a_refusal_can_be_read(address: str, media: str, client: FlaskClient) -> None:
    assert preflight(client, address, "POST", "content-type").headers["Access-Control-Allow-Origin"] == "*"
    answer = client.post(address, data="update=CLEAR ALL", content_type=media, headers={"Origin": ELSEWHERE})
    assert answer.status_code >= 400
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


@given(method=st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=12),
       wanted=st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=60))
@examples(deadline=None)
def test_no_preflight_that_is_made_up_breaks_or_opens(method: str, wanted: str, client: FlaskClient) -> None:
    leave = preflight(client, "/sparql", method, wanted)
    assert leave.status_code == 200
    granted = listed(leave, "Access-Control-Allow-Methods")
    assert granted == set() or (method.strip() in granted and "authorization" not in wanted.lower())
    assert "Authorization" not in listed(leave, "Access-Control-Allow-Headers")


# --- what an answer depends on ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_answer_that_is_negotiated_says_so(address: str, client: FlaskClient) -> None:
    with client.get(address) as answer:
        is_alike = address in ("/static/style.css", "/health", "/metrics")
        assert ("Accept" in answer.vary) != is_alike


def test_a_preflight_says_on_what_it_depends(client: FlaskClient) -> None:
    assert {"access-control-request-method", "access-control-request-headers"} <= {
        one.lower() for one in preflight(client, "/sparql", "POST").vary}


@pytest.mark.parametrize("address", ["/", "/sparql", "/queries", "/id/innovation/iris", "/health/ready", "/metrics"])
def test_options_lists_the_methods_of_an_address(address: str, client: FlaskClient) -> None:
    answer = client.options(address)
    assert answer.status_code == 200
    assert {"GET", "HEAD", "OPTIONS"} <= listed(answer, "Allow")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
