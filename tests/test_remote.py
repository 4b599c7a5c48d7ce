"""A service by its address: what belongs to others is left alone, and a peer that misbehaves is told in a sentence."""

import json
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import service
from carekg import errors, query, web
from carekg.store import Manifest, Question, rows
from carekg.store.remote import RemoteStore
from carekg.terms import BASE
from listening import free_port
from pages import BROWSER
from peers import RESULTS, Page, Peer

ASK = Question("SELECT * WHERE { ?s ?p ?o }")
NOTHING = b'{"head": {"vars": []}, "results": {"bindings": []}}'
OURS = f'<{BASE}id/site/x> <{BASE}def#summary> "words" <{BASE}graph/data/a> .\n'.encode()
MANIFEST = Manifest("d", "2026-01-01T00:00:00+00:00", 1)


# --- beside the graphs of others -------------------------------------------------------------------------------------


@pytest.mark.heavy
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


@pytest.mark.heavy
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


@pytest.fixture
def answering(peer: Peer) -> Peer:
    """A peer that answers every query with nothing, as it should."""
    peer.otherwise = (200, RESULTS, NOTHING)
    return peer


@pytest.fixture
def store(answering: Peer) -> Iterator[RemoteStore]:
    """The peer as a store."""
    with RemoteStore(answering.address, answering.address) as opened:
        yield opened


def test_a_peer_that_answers_as_it_should_is_heard(answering: Peer, store: RemoteStore) -> None:
    assert rows(store, ASK.query) == []
    store.answer(Question(ASK.query, default_graphs=("https://example.org/g",), named_graphs=("https://e/h",)))
    assert "default-graph-uri=https%3A%2F%2Fexample.org%2Fg&named-graph-uri=https%3A%2F%2Fe%2Fh" in answering.sent[1]


TELLING: dict[str, tuple[Page, str]] = {
    "HTML": ((200, {"Content-Type": "text/html; charset=utf-8"}, b"<html>"),
             r"answered text/html where application/sparql-results\+json was asked for; is it a SPARQL service\?$"),
    "no media type": ((200, {}, NOTHING), r"answered without a media type where .*\?$"),
    "not found": ((404, RESULTS, NOTHING), r"answered 404 Not Found\.$"),
    "broken": ((500, RESULTS, NOTHING), r"answered 500 Internal Server Error\.$"),
    "busy": ((503, RESULTS, NOTHING), r"answered 503 Service Unavailable\.$"),
    "a redirection": ((301, RESULTS, NOTHING), r"answered 301 Moved Permanently\.$"),
    "not allowed": ((401, RESULTS, NOTHING), r"answered 401 Unauthorized\.$"),
}


@pytest.mark.parametrize("case", TELLING)
def test_a_peer_that_misbehaves_is_told_by_its_address(answering: Peer, store: RemoteStore, case: str) -> None:
    answering.otherwise, sentence = TELLING[case]
    with pytest.raises(errors.StoreError, match=f"^{answering.address} {sentence}"):
        store.answer(ASK)


def test_a_query_that_a_peer_finds_malformed_is_told_in_its_words(answering: Peer, store: RemoteStore) -> None:
    answering.otherwise = (400, RESULTS, b"Parse error:\n  line 1")
    with pytest.raises(errors.BadQuery, match=r"Parse error: line 1\.$"):
        store.answer(ASK)


@pytest.mark.parametrize("body", [b"{", b"[]", b"\xff", b'{"head": {}}'])
def test_an_answer_that_is_no_answer_is_told_in_a_sentence(answering: Peer, store: RemoteStore, body: bytes) -> None:
    answering.otherwise = (200, RESULTS, body)
    with pytest.raises(errors.StoreError, match=r"\.$"):
        store.manifest()
    with pytest.raises(errors.StoreError, match=r"\.$"):
        rows(store, ASK.query)


@pytest.mark.parametrize("about", ["{", "[]", '{"unknown": 1}', "7"])
def test_a_manifest_that_is_none_of_ours_is_told_in_a_sentence(
    answering: Peer, store: RemoteStore, about: str
) -> None:
    value = {"type": "literal", "value": about}
    found = {"head": {"vars": ["about"]}, "results": {"bindings": [{"about": value}]}}
    answering.otherwise = (200, RESULTS, json.dumps(found).encode())
    with pytest.raises(errors.StoreError, match=r"\.$"):
        store.manifest()


def test_a_service_that_is_down_is_told() -> None:
    address = f"http://127.0.0.1:{free_port()}/"
    with RemoteStore(address, address) as store, pytest.raises(errors.StoreError,
                                                              match=rf"^{address} cannot be reached.*\.$"):
        store.answer(ASK)


@pytest.mark.parametrize("path", ["/", "/queries/who", "/why?s=innovation:iris&p=a", "/sparql?query=ASK{}"])
def test_a_page_says_that_the_service_is_down(path: str, shipped: Path) -> None:
    address = f"http://127.0.0.1:{free_port()}/"
    with RemoteStore(address, address) as store:
        who = query.load(shipped / "queries" / "people.rq")
        answer = web.create_app(query.Asker({"who": who}, store)).test_client().get(path, headers=BROWSER)
    assert answer.status_code in (502, 503)
    assert "cannot be reached" in answer.text


@pytest.mark.parametrize("address", ["http://nowhere.invalid/", "http://[::1/", "http://127.0.0.1:99999/"])
def test_an_address_that_leads_nowhere_is_told(address: str) -> None:
    with RemoteStore(address, address) as store, pytest.raises(errors.StoreError, match=r"\.$"):
        store.answer(ASK)


def test_a_peer_that_is_slower_than_the_deadline_is_told(answering: Peer) -> None:
    answering.seconds = 3
    began = time.monotonic()
    with (
        RemoteStore(answering.address, answering.address, deadline=0.3) as store,
        pytest.raises(errors.OverDeadline, match=r"0\.3 s"),
    ):
        store.answer(ASK)
    assert time.monotonic() - began < 2.5


def test_a_peer_that_answers_byte_by_byte_is_held_to_the_deadline_too(answering: Peer) -> None:
    answering.between_bytes = 0.2
    began = time.monotonic()
    with (
        RemoteStore(answering.address, answering.address, deadline=0.5) as store,
        pytest.raises(errors.OverDeadline),
    ):
        store.answer(ASK)
    assert time.monotonic() - began < len(NOTHING) * 0.2 / 2


def test_a_peer_that_breaks_off_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        def hang_up() -> None:
            connection, _ = listening.accept()
            with connection:
                connection.recv(1)
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/sparql-results+json\r\n"
                                   b"Content-Length: 1000\r\n\r\n{")
        thread = threading.Thread(target=hang_up)
        thread.start()
        address = f"http://127.0.0.1:{listening.getsockname()[1]}/"
        with RemoteStore(address, address) as store, pytest.raises(errors.StoreError, match="broke off"):
            store.answer(ASK)
        thread.join()
