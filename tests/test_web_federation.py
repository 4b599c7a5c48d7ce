"""SERVICE asks hosts that are listed, and leaves the house for no other."""

import pytest
from werkzeug.test import TestResponse

import plain
from hearing import Ear
from peers import RESULTS, Peer
from plain import INSERT, sentence
from suites import server as suite

ROWS = b'{"head":{"vars":["o"]},"results":{"bindings":[{"o":{"type":"literal","value":"from there"}}]}}'


def ask(server: plain.Plain, text: str) -> TestResponse:
    return server.client.get("/sparql", query_string={"query": text})


def test_service_is_refused_where_no_host_is_listed(bare: plain.Plain, ear: Ear) -> None:
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
    listing: plain.Plain, peer: Peer, ear: Ear, hidden: str
) -> None:
    peer.pages["/sparql"] = (200, RESULTS, ROWS)
    there = ear.address.replace("127.0.0.1", "localhost")
    text = f"BASE <{there}> PREFIX e: <{there}> SELECT * {{ SERVICE <{peer.address}/sparql> {{ ?s ?p ?o }} {hidden} }}"
    answer = ask(listing, text.replace("EAR", there).replace("PEER", f"{peer.address}/sparql"))
    assert answer.status_code in (400, 403), answer.text
    assert ear.heard() == 0


def test_a_service_that_sends_elsewhere_is_not_followed(listing: plain.Plain, peer: Peer, ear: Ear) -> None:
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


def test_one_server_asks_another(listing: plain.Plain, other: suite.Server) -> None:
    assert other.update(INSERT).status == 204
    text = f"SELECT ?o {{ SERVICE <{other.sparql}> {{ <x:a> <x:p> ?o }} }}"
    assert [row["o"]["value"] for row in ask(listing, text).get_json()["results"]["bindings"]] == ["one"]
