"""LOAD brings documents from hosts that are listed, and leaves the house for no other."""

import pytest

import plain
from hearing import Ear
from peers import TURTLE, Peer
from plain import INSERT, ONE, sentence


def test_load_is_refused_where_no_host_is_listed(bare: plain.Plain, ear: Ear) -> None:
    for text in (f"LOAD <{ear.address}>", f"LOAD <{ear.address}> INTO GRAPH <x:g>", "LOAD <file:///etc/hostname>",
                 f"{INSERT} ; LOAD <{ear.address}>", f"BASE <{ear.address}> LOAD <a>",
                 f"PREFIX e: <{ear.address}> LOAD e:a"):
        assert "CAREKG_HOSTS" in sentence(bare.update(text), 403)
        assert bare.quads() == set()
    query = f"SELECT * {{ SERVICE <{ear.address}> {{ ?s ?p ?o }} }}"
    assert "CAREKG_HOSTS" in sentence(bare.client.get("/sparql", query_string={"query": query}), 403)
    assert ear.heard() == 0


def test_load_silently_does_nothing_where_no_host_is_listed(bare: plain.Plain, ear: Ear) -> None:
    assert bare.update(f"LOAD SILENT <{ear.address}> ; {INSERT}").status_code == 204
    assert bare.quads() == {ONE}
    assert ear.heard() == 0


def test_load_brings_a_document_from_a_host_that_is_listed(listing: plain.Plain, peer: Peer) -> None:
    peer.pages["/a.ttl"] = (200, {"Content-Type": "text/turtle; charset=utf-8"}, f"{ONE} . <b> <x:p> 'é' .".encode())
    assert listing.update(f"LOAD <{peer.address}/a.ttl>").status_code == 204
    assert listing.quads() == {ONE, f'<{peer.address}/b> <x:p> "é"'}
    assert listing.update(f"DROP ALL ; LOAD <{peer.address}/a.ttl> INTO GRAPH <x:g>").status_code == 204
    assert listing.quads() == {f"{ONE} <x:g>", f'<{peer.address}/b> <x:p> "é" <x:g>'}


def test_names_of_a_load_may_be_short_or_relative(listing: plain.Plain, peer: Peer) -> None:
    peer.pages["/a.ttl"] = (200, TURTLE, f"{ONE} .".encode())
    text = f"PREFIX e: <{peer.address}/> PREFIX x: <x:> BASE <{peer.address}/> LOAD e:a.ttl INTO GRAPH x:g ; " \
           "LOAD <a.ttl> INTO GRAPH <g>"
    assert listing.update(text).status_code == 204
    assert listing.quads() == {f"{ONE} <x:g>", f"{ONE} <{peer.address}/g>"}


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
    assert listing.quads() == {ONE}


@pytest.mark.parametrize("into", ["", " INTO GRAPH <x:g>"])
def test_a_loaded_document_that_does_not_parse_is_told_by_its_address(
    listing: plain.Plain, peer: Peer, into: str
) -> None:
    peer.pages["/a"] = (200, TURTLE, f"{ONE} .\n<x:a> <x:b> .".encode())
    said = sentence(listing.update(f"{INSERT} ;\nLOAD <{peer.address}/a>{into}"), 400)
    assert said.startswith(f"The document at {peer.address}/a does not parse at line 2, column ")
    assert said.endswith("; nothing was changed.\n")
    assert listing.quads() == set()


def test_load_does_not_follow_elsewhere(listing: plain.Plain, peer: Peer, ear: Ear) -> None:
    for status in (301, 302, 303, 307, 308):
        peer.pages["/a"] = (status, {"Location": ear.address}, b"")
        assert str(status) in sentence(listing.update(f"LOAD <{peer.address}/a>"), 400)
    assert ear.heard() == 0
    assert len(peer.asked) == 5


@pytest.mark.parametrize("address", ["http://127.0.0.1.example:PORT/", "http://127.0.0.1@HOST/", "http://HOST#127.0.0.1",
                                     "http://localhost:PORT/", "http://[::1]:PORT/", "ftp://127.0.0.1:PORT/",
                                     "file://127.0.0.1/etc/hostname", "http:/127.0.0.1:PORT/", "http://0:PORT/",
                                     "http://2130706433:PORT/"])
def test_another_host_is_not_taken_for_a_listed_one(listing: plain.Plain, ear: Ear, address: str) -> None:
    port = ear.address.rpartition(":")[2].strip("/")
    wrong = address.replace("PORT", port).replace("HOST", f"localhost:{port}")
    sentence(listing.update(f"LOAD <{wrong}>"), 403)
    assert ear.heard() == 0


def test_a_port_that_is_listed_lists_no_other() -> None:
    with plain.opened(hosts=frozenset({"127.0.0.1:1"})) as one:
        sentence(one.update("LOAD <http://127.0.0.1:2/>"), 403)
        assert "cannot be loaded" in sentence(one.update("LOAD <http://127.0.0.1:1/>"), 400)
