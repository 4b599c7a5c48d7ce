"""What the documentation of SPARQL endpoints tells people to type: curl in all its forms, on the real server."""

import json
import pathlib
import shutil
import subprocess

import pytest

from carekg.terms import BASE
from servers import Server
from suites import server as suite

ASK = "ASK { ?s ?p ?o }"
SELECT = "SELECT ?s WHERE { ?s ?p ?o } LIMIT 3"
YES = {"head": {}, "boolean": True}
BOX = "http://example.org/box"

pytestmark = [pytest.mark.heavy, pytest.mark.skipif(not shutil.which("curl"), reason="curl is not installed")]


def curl(*arguments: str, text: str = "") -> str:
    """What curl prints."""
    done = subprocess.run(["curl", "--silent", "--show-error", "--max-time", "30", *arguments], input=text.encode(),
                          capture_output=True, check=True)
    return done.stdout.decode()


@pytest.mark.parametrize("arguments", [
    ("--get", "--data-urlencode", f"query={ASK}"),
    ("--data-urlencode", f"query={ASK}"),
    ("--header", "Content-Type: application/sparql-query", "--data-binary", ASK),
    ("--header", "Content-Type: application/sparql-query; charset=utf-8", "--data-binary", ASK),
    ("--http1.0", "--get", "--data-urlencode", f"query={ASK}"),
    ("--header", "Expect: 100-continue", "--data-urlencode", f"query={ASK}"),
    ("--compressed", "--get", "--data-urlencode", f"query={ASK}"),
], ids=["get", "form", "body", "charset", "http1.0", "expect", "compressed"])
def test_curl_asks_a_query(server: Server, arguments: tuple[str, ...]) -> None:
    assert json.loads(curl(*arguments, f"{server.base}/sparql")) == YES


def test_curl_sends_a_query_from_a_file(server: Server, tmp_path: pathlib.Path) -> None:
    file = tmp_path / "query.rq"
    file.write_text("# a comment\n" * 10_000 + ASK)
    form = curl("--data-urlencode", f"query@{file}", f"{server.base}/sparql")
    body = curl("--header", "Content-Type: application/sparql-query", "--data-binary", f"@{file}",
                f"{server.base}/sparql")
    assert json.loads(form) == json.loads(body) == YES


@pytest.mark.parametrize("media", ["text/csv", "text/tab-separated-values", "application/sparql-results+xml"])
def test_curl_names_the_type_that_it_wants(server: Server, media: str) -> None:
    said = curl("--header", f"Accept: {media}", "--get", "--data-urlencode", f"query={SELECT}", "--output", "/dev/null",
                "--write-out", "%{http_code} %{content_type}", f"{server.base}/sparql")
    assert said.startswith(f"200 {media}")


def test_curl_asks_for_the_head_alone(server: Server) -> None:
    said = curl("--head", f"{server.base}/queries/innovations-by-route.csv").lower()
    assert said.startswith("http/1.1 200")
    assert "content-type: text/csv" in said


def test_curl_asks_what_an_address_takes(server: Server) -> None:
    said = curl("--include", "--request", "OPTIONS", f"{server.base}/sparql").lower()
    allowed = next(line for line in said.splitlines() if line.startswith("allow:"))
    assert {"get", "post", "head", "options"} <= set(allowed.removeprefix("allow:").replace(" ", "").split(","))


def test_curl_follows_an_iri_to_its_data_and_to_its_page(server: Server) -> None:
    address = f"{server.base}/id/innovation/iris"
    data = curl("--location", "--header", "Accept: text/turtle", address)
    page = curl("--location", "--header", "Accept: text/html", address)
    assert f"<{BASE}id/innovation/iris>" in data or "innovation:iris" in data
    assert page.lstrip().lower().startswith("<!doctype html>")


def test_curl_is_told_what_is_wrong(server: Server) -> None:
    said = curl("--write-out", "%{http_code}", "--data-urlencode", "query=SELECT ?s WHERE { ?s ?p }",
                f"{server.base}/sparql")
    assert "line 1, column" in said
    assert said.endswith("400")


def test_curl_keeps_a_graph_in_the_graph_store(other: suite.Server, tmp_path: pathlib.Path) -> None:
    file = tmp_path / "box.ttl"
    file.write_text("<http://example.org/a> <http://example.org/b> 'c' .")
    address = f"{other.store}?graph={BOX}"
    token = ("--header", f"Authorization: Bearer {other.token}")
    code = ("--output", "/dev/null", "--write-out", "%{http_code}")
    turtle = ("--header", "Content-Type: text/turtle")
    assert curl(*code, *turtle, "--upload-file", str(file), address) == "401"
    assert curl(*code, *token, *turtle, "--upload-file", str(file), address) == "201"
    assert curl(*code, *token, *turtle, "--upload-file", str(file), address) in ("200", "204")
    assert curl(*code, *token, "--form", f"box=@{file};type=text/turtle", address) in ("200", "204")
    assert "'c'" in curl("--header", "Accept: application/n-triples", address).replace('"', "'")
    etag = tmp_path / "etag"
    curl("--etag-save", str(etag), "--output", "/dev/null", address)
    assert curl(*code, "--etag-compare", str(etag), address) == "304"
    assert curl(*code, *token, *turtle, "--header", 'If-Match: "another"', "--upload-file", str(file), address) == "412"
    assert curl(*code, *token, "--request", "DELETE", address) in ("200", "204")
    assert curl(*code, address) == "404"


def test_curl_sends_an_update_in_each_form(other: suite.Server) -> None:
    token = ("--header", f"Authorization: Bearer {other.token}")
    curl("--fail", *token, "--data-urlencode", "update=INSERT DATA { <x:a> <x:b> 1 }", other.sparql)
    curl("--fail", *token, "--header", "Content-Type: application/sparql-update", "--data-binary",
         "INSERT DATA { <x:a> <x:b> 2 }", other.sparql)
    said = curl("--header", "Accept: text/csv", "--get", "--data-urlencode", "query=SELECT ?o { ?s ?p ?o } ORDER BY ?o",
                other.sparql)
    assert said.split() == ["o", "1", "2"]


def test_curl_stops_reading_and_the_server_serves_on(server: Server) -> None:
    command = ["curl", "--silent", "--get", "--data-urlencode", "query=SELECT * { ?s ?p ?o }", f"{server.base}/sparql"]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as reading:
        assert reading.stdout and len(reading.stdout.read(1000)) == 1000
        reading.kill()
    assert json.loads(curl("--get", "--data-urlencode", f"query={ASK}", f"{server.base}/sparql")) == YES
