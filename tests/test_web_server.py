"""The real server, the headers that guard every answer, and the methods that an address takes."""

import pathlib
import urllib.error
import urllib.parse
import urllib.request

import pytest
from flask.testing import FlaskClient

from servers import Server

SAMPLE = "/queries/innovations-by-route-and-factor"
ROUTES = "/queries/routes-and-innovations.csv"
GUARDS = {
    "X-Content-Type-Options": "nosniff",
    "Access-Control-Allow-Origin": "*",
}


def asked(server: Server, address: str, **more: str) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body that the real server gives."""
    request = urllib.request.Request(server.base + address, headers={"Accept": "text/html", **more})
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status, dict(answer.headers), answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, dict(error.headers), error.read()


@pytest.mark.parametrize("address", ["/", f"{SAMPLE}?strength=moderate", "/def", "/id/innovation/iris"])
def test_the_real_server_gives_each_page_with_its_guards(address: str, server: Server) -> None:
    status, headers, body = asked(server, address)
    assert status == 200
    assert len(body) > 200
    guarded(headers)


def test_the_real_server_survives_a_query_that_kills_its_reader(server: Server) -> None:
    status, headers, _ = asked(server, "/sparql?query=" + urllib.parse.quote("ASK " + "{" * 5_000 + "}" * 5_000))
    assert 400 <= status < 500
    guarded(headers)
    assert asked(server, "/sparql?query=ASK%7B%7D", Accept="text/csv")[2] == b"true\n"


def test_the_real_server_refuses_a_line_that_is_too_long(server: Server) -> None:
    assert 400 <= asked(server, f"{SAMPLE}.csv?route=" + "x" * 500_000)[0] < 500
    assert asked(server, "/")[0] == 200


def guarded(headers: dict[str, str]) -> None:
    """The headers keep a page from loading anything foreign, and let any page read data."""
    lowered = {name.lower(): value for name, value in headers.items()}
    for name, value in GUARDS.items():
        assert lowered[name.lower()] == value
    policy = lowered["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert "accept" in lowered["vary"].lower()


@pytest.mark.parametrize("address", ["/", "/nope", "/id/nope", ROUTES, "/sparql?query=x", "/queries.json"])
@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_every_answer_is_guarded_and_head_is_get_without_a_body(method: str, address: str, client: FlaskClient) -> None:
    answer = client.open(address, method=method)
    guarded(dict(answer.headers))
    if method == "HEAD":
        whole = client.get(address)
        assert answer.data == b""
        assert (answer.status_code, answer.mimetype) == (whole.status_code, whole.mimetype)
        assert answer.headers["Content-Length"] == str(len(whole.data))


def test_options_and_wrong_methods_name_the_right_ones(client: FlaskClient) -> None:
    assert set(client.options("/sparql").headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS", "POST"}
    for method in ("PUT", "DELETE", "PATCH"):
        answer = client.open("/sparql", method=method)
        assert answer.status_code == 405
        assert "GET" in answer.headers["Allow"]
        assert answer.text.startswith(f"{method} is not for /sparql; it takes GET")
    assert client.post("/queries").status_code == 405


def test_no_page_names_a_folder_of_this_machine(client: FlaskClient, shipped: pathlib.Path) -> None:
    for address in ("/", "/queries/nope", "/sparql?query=x", "/id/nope", "/def", SAMPLE):
        assert str(shipped) not in client.get(address, headers={"Accept": "text/html"}).text
