"""The graph store over HTTP: whole graphs are got, put, added to and removed, in every format."""

import json
from io import BytesIO

import pyoxigraph as ox
import pytest
from werkzeug.datastructures import FileStorage

import plain
import processes
from carekg.reader.asking import GRAPH_FORMATS
from carekg.store.readers import FEWEST
from carekg.web import formats
from plain import DEFAULT, IN_G, ONE, TURTLE, TWO, G, sentence

# --- one method after another ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("address", "where"), [(G, IN_G), (DEFAULT, "")])
def test_what_is_put_takes_the_place_of_what_was_there(bare: plain.Plain, address: str, where: str) -> None:
    first = bare.send("PUT", address, f"{ONE} .", TURTLE)
    assert first.status_code == (201 if where else 204)
    assert bare.quads() == {ONE + where}
    assert bare.send("PUT", address, f"{TWO} .", TURTLE).status_code == 204
    assert bare.quads() == {TWO + where}
    answer = bare.client.get(address, headers={"Accept": "application/n-triples"})
    assert (answer.status_code, answer.text) == (200, f"{TWO} .\n")
    assert answer.mimetype == "application/n-triples"


def test_what_is_posted_is_added(bare: plain.Plain) -> None:
    assert bare.send("POST", G, f"{ONE} .", TURTLE).status_code == 201
    assert bare.send("POST", G, f"{TWO} .", TURTLE).status_code == 204
    assert bare.quads() == {ONE + IN_G, TWO + IN_G}


def test_a_graph_that_is_deleted_is_no_longer_there(bare: plain.Plain) -> None:
    bare.send("PUT", G, f"{ONE} .", TURTLE)
    bare.send("PUT", DEFAULT, f"{TWO} .", TURTLE)
    assert bare.send("DELETE", G).status_code == 204
    assert bare.quads() == {TWO}
    for method in ("GET", "HEAD", "DELETE"):
        assert bare.send(method, G).status_code == 404
    sentence(bare.send("GET", G), 404)
    assert bare.send("DELETE", DEFAULT).status_code == 204
    assert bare.client.get(DEFAULT).status_code == 200
    assert bare.quads() == set()


def test_a_head_has_the_headers_of_the_get_and_no_body(bare: plain.Plain) -> None:
    bare.send("PUT", G, f"{ONE} .", TURTLE)
    get, head = bare.client.get(G), bare.client.head(G)
    assert (head.status_code, head.data) == (200, b"")
    for name in ("ETag", "Content-Type", "Content-Length"):
        assert head.headers[name] == get.headers[name]
    assert get.content_length == len(get.data) > 0


@pytest.mark.parametrize("body", ["", "# nothing\n"])
def test_an_empty_graph_is_there(bare: plain.Plain, body: str) -> None:
    assert bare.send("PUT", G, body, TURTLE).status_code == 201
    answer = bare.client.get(G)
    assert (answer.status_code, answer.data) == (200, b"")
    assert bare.send("PUT", G, body, TURTLE).status_code == 204
    assert bare.send("DELETE", G).status_code == 204
    assert bare.client.get(G).status_code == 404


def test_a_graph_is_also_named_by_its_own_address(bare: plain.Plain) -> None:
    assert bare.send("PUT", "/store/my/graph", f"{ONE} .", TURTLE).status_code == 201
    assert bare.quads() == {f"{ONE} <http://localhost/store/my/graph>"}
    direct = bare.client.get("/store/my/graph")
    indirect = bare.client.get("/store?graph=http://localhost/store/my/graph")
    assert direct.data == indirect.data
    assert direct.headers["ETag"] == indirect.headers["ETag"]
    assert bare.send("POST", "/store/my/graph", f"{TWO} .", TURTLE).status_code == 204
    assert bare.send("PATCH", "/store/my/graph", f"D {ONE} .", "application/rdf-patch").status_code == 204
    assert bare.quads() == {f"{TWO} <http://localhost/store/my/graph>"}
    assert bare.send("DELETE", "/store/my/graph").status_code == 204
    assert bare.client.get("/store/my/graph").status_code == 404


def test_triples_posted_to_the_store_make_a_graph_whose_address_is_told(bare: plain.Plain) -> None:
    answer = bare.send("POST", "/store", f"{ONE} .", TURTLE)
    assert answer.status_code == 201
    place = answer.headers["Location"]
    assert bare.quads() == {f"{ONE} <{place}>"}
    assert bare.client.get(place.removeprefix("http://localhost")).status_code == 200


@pytest.mark.parametrize(("form", "media"), [("trig", "application/trig"), ("n-quads", "application/n-quads")])
def test_quads_posted_to_the_store_go_to_their_own_graphs(bare: plain.Plain, form: str, media: str) -> None:
    quads = {f"{ONE}{IN_G}", TWO, f"{ONE} <x:h>"}
    body = ox.serialize(ox.parse(" .\n".join([*quads, ""]), ox.RdfFormat.N_QUADS), format=GRAPH_FORMATS[form])
    assert bare.send("POST", "/store", body or b"", media).status_code == 204
    assert bare.quads() == quads


def test_all_graphs_are_got_where_none_is_named(bare: plain.Plain) -> None:
    bare.send("PUT", G, f"{ONE} .", TURTLE)
    bare.send("PUT", DEFAULT, f"{TWO} .", TURTLE)
    for one in formats.DATASETS:
        answer = bare.client.get("/store", headers={"Accept": one.media[0]})
        assert answer.mimetype == one.media[0]
        assert {str(quad) for quad in ox.parse(answer.data, GRAPH_FORMATS[one.name])} == {ONE + IN_G, TWO}


def test_a_graph_with_an_unusual_name_is_kept_apart(bare: plain.Plain) -> None:
    for name in ("http://e/%C3%A9?a=b&c", "http://e/é", "urn:x:'();,!*", "x:a#b"):
        answer = bare.client.put("/store", query_string={"graph": name}, data=f"{ONE} .", content_type=TURTLE,
                                   headers=plain.BEARER)
        assert answer.status_code == 201
        assert f"{ONE} <{name}>" in bare.quads()
        assert bare.client.get("/store", query_string={"graph": name}).status_code == 200
    assert len(bare.quads()) == 4


def test_no_process_is_left_behind(bare: plain.Plain) -> None:
    bare.send("PUT", G, f"{ONE} .", TURTLE)
    before = len(processes.readers())  # there may be fewer than usual: those that the change spent are replaced soon
    for number in range(before + 8):
        bare.send("PUT", G, f"{ONE} , {number} .", TURTLE)
    assert processes.comes_about(lambda: len(processes.readers()) <= before + FEWEST)


# --- formats ---------------------------------------------------------------------------------------------------------


TRIPLES = '<http://e/a> <http://e/p> <http://e/b> , "é\\n\\"\u2028"@en , 12 , _:b . _:b <http://e/p> <http://e/a> .'


def canonical(body: bytes | str, form: ox.RdfFormat) -> set[str]:
    """What a document says, whatever its blank nodes are called."""
    found = ox.Dataset(ox.Quad(*quad.triple) for quad in ox.parse(body, form))
    found.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return {str(quad) for quad in found}


@pytest.mark.parametrize("given", formats.GRAPHS, ids=lambda one: one.name)
def test_every_format_goes_in_and_comes_out(bare: plain.Plain, given: formats.Format) -> None:
    triples = [quad.triple for quad in ox.parse(TRIPLES, ox.RdfFormat.TURTLE)]
    body = ox.serialize(triples, format=GRAPH_FORMATS[given.name]) or b""
    for media in [one for one in given.media if one not in ("text/plain", "application/json", "application/xml",
                                                            "text/xml")]:
        assert bare.send("PUT", G, body, f"{media}; charset=UTF-8").status_code in (201, 204)
        for wanted in formats.GRAPHS:
            answer = bare.client.get(G, headers={"Accept": wanted.media[0]})
            assert answer.mimetype == wanted.media[0]
            assert canonical(answer.data, GRAPH_FORMATS[wanted.name]) == canonical(TRIPLES, ox.RdfFormat.TURTLE)


def test_a_graph_is_had_by_the_name_of_a_format_too(bare: plain.Plain) -> None:
    bare.send("PUT", G, f"{ONE} .", TURTLE)
    assert bare.client.get(f"{G}&format=rdf-xml").mimetype == "application/rdf+xml"
    sentence(bare.client.get(G, headers={"Accept": "image/png"}), 406)


def test_the_parts_of_a_form_are_added_together(bare: plain.Plain) -> None:
    parts = {
        "one": FileStorage(BytesIO(f"{ONE} .".encode()), "one.nt", content_type="application/n-triples"),
        "two": FileStorage(BytesIO(f"{TWO} .".encode()), "two.ttl", content_type="text/turtle"),
    }
    answer = bare.client.post(G, data=parts, headers=plain.BEARER, content_type="multipart/form-data")
    assert answer.status_code == 201
    assert bare.quads() == {ONE + IN_G, TWO + IN_G}


def test_one_part_that_is_wrong_keeps_out_the_others(bare: plain.Plain) -> None:
    parts = {
        "one": FileStorage(BytesIO(f"{ONE} .".encode()), "one.nt", content_type="application/n-triples"),
        "two": FileStorage(BytesIO(b"<x:a> <x:b> ."), "two.ttl", content_type="text/turtle"),
    }
    answer = bare.client.put(G, data=parts, headers=plain.BEARER, content_type="multipart/form-data")
    assert "line 1, column" in sentence(answer, 400)
    assert bare.quads() == set()
    assert bare.client.get(G).status_code == 404


def test_the_same_label_in_two_parts_is_two_blank_nodes(bare: plain.Plain) -> None:
    parts = {name: FileStorage(BytesIO(b"_:b <x:p> <x:c> ."), f"{name}.ttl", content_type="text/turtle")
             for name in ("one", "two")}
    bare.client.post(G, data=parts, headers=plain.BEARER, content_type="multipart/form-data")
    assert len(bare.quads()) == 2


def test_json_is_read_as_json_ld_where_it_says_so(bare: plain.Plain) -> None:
    body = json.dumps({"@context": {"p": "x:p"}, "@id": "x:a", "p": "one"})
    assert bare.send("PUT", G, body, 'application/ld+json; profile="http://www.w3.org/ns/json-ld#expanded"'
                       ).status_code == 201
    assert bare.quads() == {ONE + IN_G}


def test_a_cut_is_not_made_in_a_graph_that_is_got_whole() -> None:
    with plain.opened(rows=3) as one:
        one.send("PUT", G, "".join(f"<x:a> <x:p> {n} ." for n in range(20)), TURTLE)
        answer = one.client.get(G, headers={"Accept": "application/n-triples"})
        assert answer.text.count("\n") == 20
        assert formats.CUT not in answer.headers
