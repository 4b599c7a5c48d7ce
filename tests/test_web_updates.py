"""Updates over HTTP: with the token, whole or not at all, and without leaving the house unless a host is listed."""

import contextlib
import http.server
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

import conftest
import plain
import processes
from carekg import query, web
from carekg.settings import load
from suites import server as suite

ONE = "<x:a> <x:p> 1"
HELD = '<x:a> <x:p> "1"^^<http://www.w3.org/2001/XMLSchema#integer>'
INSERT = f"INSERT DATA {{ {ONE} }}"
FORM = "application/x-www-form-urlencoded"


@pytest.fixture(scope="module")
def running() -> Iterator[plain.Plain]:
    with plain.opened() as one:
        yield one


@pytest.fixture
def bare(running: plain.Plain) -> plain.Plain:
    """A plain server with nothing in it."""
    running.change("DROP ALL")
    return running


def sentence(answer: TestResponse, status: int) -> str:
    """What an answer that refuses says."""
    assert answer.status_code == status, answer.text
    assert answer.text.endswith(".\n")
    return answer.text


# --- how an update is sent -------------------------------------------------------------------------------------------


def test_an_update_is_sent_as_a_body_or_as_a_form(bare: plain.Plain) -> None:
    answer = bare.update(INSERT)
    assert (answer.status_code, answer.data) == (204, b"")
    assert bare.quads() == {HELD}
    answer = bare.send("POST", "/sparql", f"update={quote('DELETE WHERE { ?s ?p ?o }')}", FORM)
    assert answer.status_code == 204
    assert bare.quads() == set()


def test_a_body_may_say_that_it_is_utf_8_and_no_other_character_set(bare: plain.Plain) -> None:
    text = "INSERT DATA { <x:é> <x:p> 'ü' }"
    assert bare.send("POST", "/sparql", text, "application/sparql-update; charset=UTF-8").status_code == 204
    assert bare.quads() == {'<x:é> <x:p> "ü"'}
    sentence(bare.send("POST", "/sparql", text.encode("latin-1"), "application/sparql-update"), 400)
    sentence(bare.send("POST", "/sparql", text.encode("utf-16"), "application/sparql-update; charset=utf-16"), 400)
    sentence(bare.send("POST", "/sparql", b"update=INSERT+DATA+%7B+%3Cx%3A%FF%3E+a+1+%7D", FORM), 400)
    assert len(bare.quads()) == 1


@pytest.mark.parametrize(("address", "body", "media", "status"), [
    (f"/sparql?update={quote(INSERT)}", INSERT, "application/sparql-update", 400),
    (f"/sparql?query={quote('ASK {}')}", INSERT, "application/sparql-update", 400),
    ("/sparql", f"update={quote(INSERT)}&update={quote(INSERT)}", FORM, 400),
    ("/sparql", f"update={quote(INSERT)}&query={quote('ASK {}')}", FORM, 400),
    ("/sparql", "", FORM, 400),
    ("/sparql", INSERT, "text/plain", 415),
    ("/sparql", INSERT, "application/sparql-query", 400),
    ("/sparql", f"query={quote(INSERT)}", FORM, 400),
    ("/sparql", "ASK {}", "application/sparql-update", 400),
])
def test_an_update_that_is_sent_wrongly_is_told(
    bare: plain.Plain, address: str, body: str, media: str, status: int
) -> None:
    sentence(bare.send("POST", address, body, media), status)
    assert bare.quads() == set()


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_an_update_by_get_is_not_done(bare: plain.Plain, method: str) -> None:
    assert bare.send(method, f"/sparql?update={quote(INSERT)}").status_code == 400
    assert bare.quads() == set()


def test_a_malformed_update_is_told_with_line_and_column_and_changes_nothing(bare: plain.Plain) -> None:
    told = sentence(bare.update(f"{INSERT} ;\nINSERT DATA {{ <x:a>\n <x:p> }}"), 400)
    assert "line 3, column" in told
    told = sentence(bare.update(f"{INSERT} ; PREFIX x: <x:>\nINSERT DATA {{ x:a x:p }}"), 400)
    assert "line 2, column" in told
    assert bare.quads() == set()


@pytest.mark.parametrize(("text", "status"), [
    ("CLEAR GRAPH <x:none>", 404), ("DROP GRAPH <x:none>", 404), ("COPY <x:none> TO DEFAULT", 404),
    (f"{INSERT} ; CREATE GRAPH <x:g> ; CREATE GRAPH <x:g>", 409),
])
def test_a_graph_that_is_not_as_it_should_be_stops_the_whole_update(
    bare: plain.Plain, text: str, status: int
) -> None:
    sentence(bare.update(text), status)
    assert bare.quads() == set()


def test_relative_iris_are_relative_to_the_endpoint(bare: plain.Plain) -> None:
    bare.update("INSERT DATA { <a> <#p> <../b> }")
    assert bare.quads() == {"<http://localhost/a> <http://localhost/sparql#p> <http://localhost/b>"}
    bare.update("BASE <http://e/> DELETE DATA { <http://localhost/a> <http://localhost/sparql#p> "
                   "<http://localhost/b> } ; INSERT DATA { <a> <b> <c> }")
    assert bare.quads() == {"<http://e/a> <http://e/b> <http://e/c>"}


def test_graphs_of_the_request_are_those_of_the_patterns(bare: plain.Plain) -> None:
    bare.change("INSERT DATA { GRAPH <x:g> { <x:a> <x:p> 1 } GRAPH <x:h> { <x:b> <x:p> 1 } }")
    text = "INSERT { ?s <x:seen> 1 } WHERE { ?s <x:p> ?o }"
    assert bare.update(text, "/sparql?using-graph-uri=x:g").status_code == 204
    body = f"update={quote(text.replace('seen', 'found'))}&using-graph-uri=x:h"
    assert bare.send("POST", "/sparql", body, FORM).status_code == 204
    named = text.replace("{ ?s <x:p> ?o }", "{ GRAPH ?g { ?s <x:p> ?o } }").replace("seen", "named")
    assert bare.update(named, "/sparql?using-named-graph-uri=x:h").status_code == 204
    assert {quad.rpartition(" ")[0] for quad in bare.quads() if not quad.endswith(("g>", "h>"))} == {
        "<x:a> <x:seen>", "<x:b> <x:found>", "<x:b> <x:named>"}
    sentence(bare.update(f"WITH <x:g> {text}", "/sparql?using-graph-uri=x:g"), 400)
    sentence(bare.update(text, "/sparql?using-graph-uri=relative"), 400)


def test_an_update_that_takes_too_long_is_stopped_and_changes_nothing() -> None:
    with plain.opened(deadline=1.0) as one:
        one.change("INSERT DATA { " + "".join(f"<x:s{n}> <x:p> {n} . " for n in range(400)) + "}")
        began = time.monotonic()
        text = f"{INSERT} ; INSERT {{ ?a <x:q> ?n }} WHERE {{ ?a ?b ?c . ?d ?e ?f . ?g ?h ?n . ?i ?j ?k }}"
        told = sentence(one.update(text), 408)
        assert "1 s" in told
        assert time.monotonic() - began < 15
        assert len(one.quads()) == 400
        assert one.update(INSERT).status_code == 204


# --- who may ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("sent", [{}, {"Authorization": "Bearer wrong"}, {"Authorization": plain.TOKEN},
                                  {"Authorization": f"Basic {plain.TOKEN}"}, {"Authorization": "Bearer"}])
def test_nothing_is_updated_without_the_token(bare: plain.Plain, sent: dict[str, str]) -> None:
    for body, media in ((INSERT, "application/sparql-update"), (f"update={quote(INSERT)}", FORM)):
        answer = bare.client.post("/sparql", data=body, content_type=media, headers=sent)
        sentence(answer, 401)
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert bare.quads() == set()


def test_a_barewithout_tokens_is_read_only(tmp_path: Path) -> None:
    with plain.opened(token="", tokens=tmp_path / "none.json") as one:
        answer = one.update(INSERT)
        assert "read-only" in sentence(answer, 403)
        assert one.quads() == set()


def test_the_graph_of_a_folder_takes_no_updates(asker: query.Asker) -> None:
    client: FlaskClient = web.create_app(asker, replace(load(), token=plain.TOKEN)).test_client()
    version = asker.graph.version
    for method, address, media, body in (
        ("POST", "/sparql", "application/sparql-update", "DROP ALL"),
        ("POST", "/sparql", FORM, f"update={quote('DROP ALL')}"),
        ("PUT", "/store?default", "text/turtle", f"{ONE} ."),
        ("POST", "/store", "text/turtle", f"{ONE} ."),
        ("DELETE", "/store?graph=https://w3id.org/carekg/graph/inferred", "", ""),
        ("PATCH", "/store", "application/rdf-patch", f"A {ONE} ."),
    ):
        answer = client.open(address, method=method, data=body, content_type=media or None, headers=plain.BEARER)
        assert "made from its folder" in sentence(answer, 403)
    assert asker.graph.version == version


# --- LOAD ------------------------------------------------------------------------------------------------------------


@dataclass
class Peer:
    """A web server of somebody else, with what it answers by path, and the paths that it was asked for."""

    port: int = 0
    pages: dict[str, tuple[int, dict[str, str], bytes]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@pytest.fixture
def peer() -> Iterator[Peer]:
    one = Peer()

    class Handler(http.server.BaseHTTPRequestHandler):
        def answer(self) -> None:
            one.asked.append(self.path)
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            status, headers, body = one.pages.get(self.path.partition("?")[0], (404, {}, b""))
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            with contextlib.suppress(OSError):
                self.wfile.write(body)

        do_GET = do_POST = answer  # noqa: N815 - so the library calls them

        def log_message(self, *_: object) -> None: ...

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as serving:
        one.port = serving.server_address[1]
        thread = threading.Thread(target=serving.serve_forever, args=(0.05,))
        thread.start()
        yield one
        serving.shutdown()
        thread.join()


TURTLE = {"Content-Type": "text/turtle"}


@pytest.fixture(scope="module")
def open_one() -> Iterator[plain.Plain]:
    """A plain server whose operator lists this machine."""
    with plain.opened(hosts=frozenset({"127.0.0.1"})) as one:
        yield one


@pytest.fixture
def listing(open_one: plain.Plain) -> plain.Plain:
    open_one.change("DROP ALL")
    return open_one


def test_load_is_refused_where_no_host_is_listed(bare: plain.Plain, ear: conftest.Ear) -> None:
    for text in (f"LOAD <{ear.address}>", f"LOAD <{ear.address}> INTO GRAPH <x:g>", "LOAD <file:///etc/hostname>",
                 f"{INSERT} ; LOAD <{ear.address}>", f"BASE <{ear.address}> LOAD <a>",
                 f"PREFIX e: <{ear.address}> LOAD e:a"):
        sentence(bare.update(text), 403)
        assert bare.quads() == set()
    assert ear.heard() == 0


def test_load_silently_does_nothing_where_no_host_is_listed(bare: plain.Plain, ear: conftest.Ear) -> None:
    assert bare.update(f"LOAD SILENT <{ear.address}> ; {INSERT}").status_code == 204
    assert bare.quads() == {HELD}
    assert ear.heard() == 0


def test_load_brings_a_document_from_a_host_that_is_listed(listing: plain.Plain, peer: Peer) -> None:
    peer.pages["/a.ttl"] = (200, {"Content-Type": "text/turtle; charset=utf-8"}, f"{ONE} . <b> <x:p> 'é' .".encode())
    assert listing.update(f"LOAD <{peer.address}/a.ttl>").status_code == 204
    assert listing.quads() == {HELD, f'<{peer.address}/b> <x:p> "é"'}
    assert listing.update(f"DROP ALL ; LOAD <{peer.address}/a.ttl> INTO GRAPH <x:g>").status_code == 204
    assert listing.quads() == {f"{HELD} <x:g>", f'<{peer.address}/b> <x:p> "é" <x:g>'}


def test_names_of_a_load_may_be_short_or_relative(listing: plain.Plain, peer: Peer) -> None:
    peer.pages["/a.ttl"] = (200, TURTLE, f"{ONE} .".encode())
    text = f"PREFIX e: <{peer.address}/> PREFIX x: <x:> BASE <{peer.address}/> LOAD e:a.ttl INTO GRAPH x:g ; " \
           "LOAD <a.ttl> INTO GRAPH <g>"
    assert listing.update(text).status_code == 204
    assert listing.quads() == {f"{HELD} <x:g>", f"{HELD} <{peer.address}/g>"}


FAILING = {
    "missing": (404, TURTLE, b""),
    "of no format": (200, {"Content-Type": "text/html"}, b"<p>hello"),
    "without a type": (200, {}, b""),
    "broken": (200, TURTLE, b"<x:a> <x:b> ."),
    "not UTF-8": (200, TURTLE, b"<x:a> <x:b> '\xff\xfe' ."),
}


@pytest.mark.parametrize("case", FAILING)
def test_a_document_that_cannot_be_loaded_is_told_and_changes_nothing(
    listing: plain.Plain, peer: Peer, case: str
) -> None:
    peer.pages["/a"] = FAILING[case]
    sentence(listing.update(f"{INSERT} ; LOAD <{peer.address}/a>"), 400)
    assert listing.quads() == set()
    assert listing.update(f"{INSERT} ; LOAD SILENT <{peer.address}/a>").status_code == 204
    assert listing.quads() == {HELD}


def test_load_does_not_follow_elsewhere(listing: plain.Plain, peer: Peer, ear: conftest.Ear) -> None:
    for status in (301, 302, 303, 307, 308):
        peer.pages["/a"] = (status, {"Location": ear.address}, b"")
        assert str(status) in sentence(listing.update(f"LOAD <{peer.address}/a>"), 400)
    assert ear.heard() == 0
    assert len(peer.asked) == 5


@pytest.mark.parametrize("address", ["http://127.0.0.1.example:PORT/", "http://127.0.0.1@HOST/", "http://HOST#127.0.0.1",
                                     "http://localhost:PORT/", "http://[::1]:PORT/", "ftp://127.0.0.1:PORT/",
                                     "file://127.0.0.1/etc/hostname", "http:/127.0.0.1:PORT/", "http://0:PORT/",
                                     "http://2130706433:PORT/"])
def test_another_host_is_not_taken_for_a_listed_one(listing: plain.Plain, ear: conftest.Ear, address: str) -> None:
    port = ear.address.rpartition(":")[2].strip("/")
    wrong = address.replace("PORT", port).replace("HOST", f"localhost:{port}")
    sentence(listing.update(f"LOAD <{wrong}>"), 403)
    assert ear.heard() == 0


def test_a_port_that_is_listed_lists_no_other() -> None:
    with plain.opened(hosts=frozenset({"127.0.0.1:1"})) as one:
        sentence(one.update("LOAD <http://127.0.0.1:2/>"), 403)
        assert "cannot be loaded" in sentence(one.update("LOAD <http://127.0.0.1:1/>"), 400)


# --- SERVICE ---------------------------------------------------------------------------------------------------------


RESULTS = {"Content-Type": "application/sparql-results+json"}
ROWS = b'{"head":{"vars":["o"]},"results":{"bindings":[{"o":{"type":"literal","value":"from there"}}]}}'


def ask(server: plain.Plain, text: str) -> TestResponse:
    return server.client.get("/sparql", query_string={"query": text})


def test_service_is_refused_where_no_host_is_listed(bare: plain.Plain, ear: conftest.Ear) -> None:
    for word in ("SERVICE", "SERVICE SILENT", "service"):
        sentence(ask(bare, f"SELECT * {{ {word} <{ear.address}> {{ ?s ?p ?o }} }}"), 403)
        sentence(bare.update(f"INSERT {{ ?s ?p ?o }} WHERE {{ {word} <{ear.address}> {{ ?s ?p ?o }} }}"), 403)
    assert ear.heard() == 0


def test_service_reaches_a_host_that_is_listed(listing: plain.Plain, peer: Peer) -> None:
    peer.pages["/sparql"] = (200, RESULTS, ROWS)
    for word in ("SERVICE", "SERVICE SILENT", "service # remark\n"):
        answer = ask(listing, f"SELECT ?o {{ {word} <{peer.address}/sparql> {{ ?s ?p ?o }} }}")
        assert [row["o"]["value"] for row in answer.get_json()["results"]["bindings"]] == ["from there"]
    assert len(peer.asked) == 3


HIDDEN = [
    "SERVICE <EAR> { ?s ?p ?o }",
    "SERVICE SILENT <EAR> { ?s ?p ?o }",
    "VALUES ?e { <EAR> } SERVICE ?e { ?s ?p ?o }",
    "SERVICE <PEER> { SERVICE <EAR> { ?s ?p ?o } }",
    "FILTER(1<2)SERVICE#>\n<EAR>{ ?s ?p ?o }",
    "FILTER('x'<'y>')SERVICE <EAR>{ ?s ?p 'z' }",
    "?s ?p 7SERVICE <EAR> { ?x ?y ?z }",
    "?s ?p 'SERVICE <PEER>' . SERVICE <EAR> { ?x ?y ?z }",
    "{ SELECT * { SERVICE <EAR> { ?x ?y ?z } } }",
    "BIND(EXISTS { SERVICE <EAR> { ?x ?y ?z } } AS ?b)",
    "SERVICE e:there { ?x ?y ?z }",
    "SERVICE <there> { ?x ?y ?z }",
]


@pytest.mark.parametrize("hidden", HIDDEN)
def test_a_second_service_is_not_let_through_beside_one_that_is_listed(
    listing: plain.Plain, peer: Peer, ear: conftest.Ear, hidden: str
) -> None:
    peer.pages["/sparql"] = (200, RESULTS, ROWS)
    there = ear.address.replace("127.0.0.1", "localhost")
    text = f"BASE <{there}> PREFIX e: <{there}> SELECT * {{ SERVICE <{peer.address}/sparql> {{ ?s ?p ?o }} {hidden} }}"
    answer = ask(listing, text.replace("EAR", there).replace("PEER", f"{peer.address}/sparql"))
    assert answer.status_code in (400, 403), answer.text
    assert ear.heard() == 0


def test_a_service_that_sends_elsewhere_is_not_followed(listing: plain.Plain, peer: Peer, ear: conftest.Ear) -> None:
    there = ear.address.replace("127.0.0.1", "localhost")
    for status in (301, 302, 303, 307, 308):
        peer.pages["/sparql"] = (status, {"Location": there}, b"")
        answer = ask(listing, f"SELECT * {{ SERVICE <{peer.address}/sparql> {{ ?s ?p ?o }} }}")
        assert answer.status_code == 400
    assert ear.heard() == 0


def test_a_service_that_does_not_answer_is_told_and_silent_is_let_pass(listing: plain.Plain, peer: Peer) -> None:
    peer.pages["/sparql"] = (500, {}, b"no")
    sentence(ask(listing, f"SELECT * {{ SERVICE <{peer.address}/sparql> {{ ?s ?p ?o }} }}"), 400)
    answer = ask(listing, f"SELECT * {{ SERVICE SILENT <{peer.address}/sparql> {{ ?s ?p ?o }} }}")
    assert answer.get_json()["results"]["bindings"] == [{}]


def test_one_server_asks_another(listing: plain.Plain, tmp_path: Path) -> None:
    with suite.carekg(tmp_path) as other:
        assert other.update(f"INSERT DATA {{ {ONE} }}").status == 204
        text = f"SELECT ?o {{ SERVICE <{other.sparql}> {{ <x:a> <x:p> ?o }} }}"
        assert [row["o"]["value"] for row in ask(listing, text).get_json()["results"]["bindings"]] == ["1"]


# --- real servers ----------------------------------------------------------------------------------------------------


def test_updates_are_there_after_a_restart(tmp_path: Path) -> None:
    place = str(tmp_path / "store")
    for number in range(2):
        room = tmp_path / str(number)
        room.mkdir()
        with suite.carekg(room, place) as running:
            assert running.update(f"INSERT DATA {{ <x:a> <x:p> {number} }}").status == 204
            put = running.send("PUT", f"{running.store}?graph=x:g{number}", f"{ONE} .".encode(), TURTLE)
            assert put.status == 201
            address = f"{running.sparql}?query={quote(plain.ALL)}"
            found = running.send("GET", address, headers={"Accept": "text/csv"}).data.decode()
            assert found.count("\r\n") == 1 + 2 * (number + 1)


def test_two_servers_on_one_store_lose_nothing(tmp_path: Path) -> None:
    place = str(tmp_path / "store")
    rooms = [tmp_path / "one", tmp_path / "other"]
    for room in rooms:
        room.mkdir()
    with suite.carekg(rooms[0], place) as one, suite.carekg(rooms[1], place) as other:
        assert one.update("INSERT DATA { <x:counter> <x:is> 0 }").status == 204
        got: list[int] = []

        def count(server: suite.Server) -> None:
            text = "DELETE { ?c <x:is> ?n } INSERT { ?c <x:is> ?m } WHERE { ?c <x:is> ?n BIND(?n + 1 AS ?m) }"
            for _ in range(5):
                while (status := server.update(text).status) == 503:  # the other one is writing
                    time.sleep(0.02)
                got.append(status)

        threads = [threading.Thread(target=count, args=(server,)) for server in (one, other)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert got == [204] * 10
        for server in (one, other):
            address = f"{server.sparql}?query={quote('SELECT ?n { ?c <x:is> ?n }')}"
            assert processes.comes_about(lambda server=server, address=address: server.send(  # type: ignore[misc]
                "GET", address, headers={"Accept": "text/csv"}).data == b"n\r\n10\r\n")
