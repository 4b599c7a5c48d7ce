"""A service by its address: what belongs to others is left alone, and a peer that misbehaves is told in a sentence."""

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

import service
from carekg import errors
from carekg.store import Manifest, Question, rows
from carekg.store.remote import RemoteStore
from carekg.terms import BASE

ASK = Question("SELECT * WHERE { ?s ?p ?o }")
NOTHING = b'{"head": {"vars": []}, "results": {"bindings": []}}'
JSON = "application/sparql-results+json"
OURS = f'<{BASE}id/site/x> <{BASE}def#summary> "words" <{BASE}graph/data/a> .\n'.encode()
MANIFEST = Manifest("d", "2026-01-01T00:00:00+00:00", 1)


# --- beside the graphs of others -------------------------------------------------------------------------------------


def test_graphs_of_others_and_their_default_graph_are_left_alone() -> None:
    others = ("INSERT DATA { GRAPH <https://example.org/g> { <https://example.org/a> <https://example.org/b> 1 } "
              f"GRAPH <{BASE}graphs/theirs> {{ <https://example.org/a> <https://example.org/b> 2 }} }}")
    with service.running() as address, RemoteStore(address, address, deadline=30) as store:
        service.post(address, "update", others)
        service.post(address, "update",
                     "INSERT { <https://example.org/a> <https://example.org/b> 3 } WHERE { }")
        for _ in range(2):
            store.replace([OURS], MANIFEST)
            found = rows(store, "SELECT ?o WHERE { { GRAPH ?g { <https://example.org/a> ?p ?o } } "
                                "UNION { <https://example.org/a> ?p ?o } } ORDER BY ?o")
            assert [row["o"] for row in found] == ["1", "2", "3"]
        store.replace([], MANIFEST)
        assert rows(store, f"SELECT * WHERE {{ <{BASE}id/site/x> ?p ?o }}") == []


def test_blank_nodes_stay_the_same_things_in_their_graph_and_in_the_default_graph() -> None:
    graph = f"<{BASE}graph/ontology/a>"
    quads = (f"_:x <{BASE}def#a> _:y {graph} .\n_:y <{BASE}def#b> _:x {graph} .\n"
             f"_:x <{BASE}def#b> <{BASE}def#c> {graph} .\n").encode()
    with service.running() as address, RemoteStore(address, address, deadline=30) as store:
        for _ in range(2):
            store.replace([quads], MANIFEST)
            pattern = f"?x <{BASE}def#a> ?y . ?y <{BASE}def#b> ?x . ?x <{BASE}def#b> <{BASE}def#c>"
            assert len(rows(store, f"SELECT * WHERE {{ {pattern} }}")) == 1
            assert len(rows(store, f"SELECT * WHERE {{ GRAPH {graph} {{ {pattern} }} }}")) == 1


def test_a_service_that_takes_no_updates_is_told_and_keeps_what_it_has() -> None:
    with service.running(writes=False) as address, RemoteStore(address, address) as store:
        with pytest.raises(errors.StoreError, match=r"^http://\S+ answered 403.*\.$"):
            store.replace([OURS], MANIFEST)
        assert store.manifest() is None


def test_a_format_that_a_service_does_not_have_is_given_all_the_same_or_told_in_a_sentence() -> None:
    with service.running() as address, RemoteStore(address, address) as store:
        try:
            assert b"\t" in store.answer(Question("SELECT ?s ?p WHERE { ?s ?p ?o }", "tsv")).read()
        except errors.StoreError as error:
            assert "where text/tab-separated-values was asked for" in str(error)


# --- peers that misbehave ------------------------------------------------------------------------------------------


class Peer:
    """What a small real HTTP server says to every request, and what it was sent."""

    status = 200
    media = JSON
    body = NOTHING
    seconds = 0.0
    drip = False

    def __init__(self) -> None:
        self.sent: list[str] = []


@pytest.fixture
def peer() -> Iterator[tuple[Peer, str]]:
    """A peer and its address."""
    one = Peer()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            one.sent.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
            with contextlib.suppress(OSError):
                time.sleep(one.seconds)
                self.send_response(one.status)
                if one.media:
                    self.send_header("Content-Type", one.media)
                self.send_header("Content-Length", str(len(one.body)))
                self.end_headers()
                for n in range(len(one.body)):
                    self.wfile.write(one.body[n:n + 1])
                    time.sleep(0.2 if one.drip else 0)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the library's
            return

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        server.block_on_close = False
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield one, f"http://127.0.0.1:{server.server_address[1]}/"
        server.shutdown()
        thread.join()


def test_a_peer_that_answers_as_it_should_is_heard(peer: tuple[Peer, str]) -> None:
    one, address = peer
    with RemoteStore(address, address) as store:
        assert rows(store, ASK.query) == []
        store.answer(Question(ASK.query, default_graphs=("https://example.org/g",), named_graphs=("https://e/h",)))
    assert "default-graph-uri=https%3A%2F%2Fexample.org%2Fg&named-graph-uri=https%3A%2F%2Fe%2Fh" in one.sent[1]


TELLING = {
    "HTML": ({"media": "text/html; charset=utf-8", "body": b"<html>"},
             r"answered text/html where application/sparql-results\+json was asked for; is it a SPARQL service\?$"),
    "no media type": ({"media": ""}, r"answered without a media type where .*\?$"),
    "not found": ({"status": 404}, r"answered 404 Not Found\.$"),
    "broken": ({"status": 500}, r"answered 500 Internal Server Error\.$"),
    "busy": ({"status": 503}, r"answered 503 Service Unavailable\.$"),
    "a redirection": ({"status": 301}, r"answered 301 Moved Permanently\.$"),
    "not allowed": ({"status": 401}, r"answered 401 Unauthorized\.$"),
}


@pytest.mark.parametrize("case", TELLING)
def test_a_peer_that_misbehaves_is_told_by_its_address(peer: tuple[Peer, str], case: str) -> None:
    one, address = peer
    said, sentence = TELLING[case]
    vars(one).update(said)
    with RemoteStore(address, address) as store, pytest.raises(errors.StoreError, match=f"^{address} {sentence}"):
        store.answer(ASK)


def test_a_query_that_a_peer_finds_malformed_is_told_in_its_words(peer: tuple[Peer, str]) -> None:
    one, address = peer
    one.status, one.body = 400, b"Parse error:\n  line 1"
    with RemoteStore(address, address) as store, pytest.raises(errors.BadQuery, match=r"Parse error: line 1\.$"):
        store.answer(ASK)


@pytest.mark.parametrize("body", [b"{", b"[]", b"\xff", b'{"head": {}}'])
def test_an_answer_that_is_no_answer_is_told_in_a_sentence(peer: tuple[Peer, str], body: bytes) -> None:
    one, address = peer
    one.body = body
    with RemoteStore(address, address) as store:
        with pytest.raises(errors.StoreError, match=r"\.$"):
            store.manifest()
        with pytest.raises(errors.StoreError, match=r"\.$"):
            rows(store, ASK.query)


@pytest.mark.parametrize("about", ["{", "[]", '{"unknown": 1}', "7"])
def test_a_manifest_that_is_none_of_ours_is_told_in_a_sentence(peer: tuple[Peer, str], about: str) -> None:
    one, address = peer
    quoted = about.replace('"', '\\"')
    one.body = (f'{{"head": {{"vars": ["about"]}}, "results": {{"bindings": [{{"about": '
                f'{{"type": "literal", "value": "{quoted}"}}}}]}}}}').encode()
    with RemoteStore(address, address) as store, pytest.raises(errors.StoreError, match=r"\.$"):
        store.manifest()


def test_a_service_that_is_down_is_told() -> None:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{trial.getsockname()[1]}/"
    with RemoteStore(address, address) as store, pytest.raises(errors.StoreError,
                                                              match=rf"^{address} cannot be reached.*\.$"):
        store.answer(ASK)


@pytest.mark.parametrize("address", ["http://nowhere.invalid/", "http://[::1/", "http://127.0.0.1:99999/"])
def test_an_address_that_leads_nowhere_is_told(address: str) -> None:
    with RemoteStore(address, address) as store, pytest.raises(errors.StoreError, match=r"\.$"):
        store.answer(ASK)


def test_a_peer_that_is_slower_than_the_deadline_is_told(peer: tuple[Peer, str]) -> None:
    one, address = peer
    one.seconds = 3
    began = time.monotonic()
    with RemoteStore(address, address, deadline=0.3) as store, pytest.raises(errors.OverDeadline, match=r"0\.3 s"):
        store.answer(ASK)
    assert time.monotonic() - began < 2.5


def test_a_peer_that_answers_byte_by_byte_is_held_to_the_deadline_too(peer: tuple[Peer, str]) -> None:
    one, address = peer
    one.drip = True
    began = time.monotonic()
    with RemoteStore(address, address, deadline=0.5) as store, pytest.raises(errors.OverDeadline):
        store.answer(ASK)
    assert time.monotonic() - began < len(NOTHING) * 0.2 / 2


def test_a_peer_that_breaks_off_is_told(peer: tuple[Peer, str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        def hang_up() -> None:
            connection, _ = listening.accept()
            with connection:
                connection.recv(1)
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: " + JSON.encode() +
                                   b"\r\nContent-Length: 1000\r\n\r\n{")
        thread = threading.Thread(target=hang_up)
        thread.start()
        address = f"http://127.0.0.1:{listening.getsockname()[1]}/"
        with RemoteStore(address, address) as store, pytest.raises(errors.StoreError, match="broke off"):
            store.answer(ASK)
        thread.join()
