"""The graph store over HTTP: whole graphs are got, put, added to, removed and patched, and nobody's change is lost."""

import json
import threading
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pyoxigraph as ox
import pytest
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse

import conftest
import plain
import processes
from carekg.reader.asking import GRAPH_FORMATS
from carekg.web import formats

G = "/store?graph=http://example.org/g"
DEFAULT = "/store?default"
TURTLE = "text/turtle"
ONE = '<x:a> <x:p> "one"'
TWO = '<x:a> <x:p> "two"'
IN_G = " <http://example.org/g>"


@pytest.fixture(scope="module")
def running() -> Iterator[plain.Plain]:
    with plain.opened() as one:
        yield one


@pytest.fixture
def graphs(running: plain.Plain) -> plain.Plain:
    """A plain server with nothing in it."""
    running.change("DROP ALL")
    return running


def sentence(answer: TestResponse, status: int) -> str:
    """What an answer that refuses says, which is one sentence or a few."""
    assert answer.status_code == status, answer.text
    assert answer.text.endswith(".\n")
    assert "Traceback" not in answer.text
    return answer.text


# --- one method after another ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("address", "where"), [(G, IN_G), (DEFAULT, "")])
def test_what_is_put_takes_the_place_of_what_was_there(graphs: plain.Plain, address: str, where: str) -> None:
    first = graphs.send("PUT", address, f"{ONE} .", TURTLE)
    assert first.status_code == (201 if where else 204)
    assert graphs.quads() == {ONE + where}
    assert graphs.send("PUT", address, f"{TWO} .", TURTLE).status_code == 204
    assert graphs.quads() == {TWO + where}
    answer = graphs.client.get(address, headers={"Accept": "application/n-triples"})
    assert (answer.status_code, answer.text) == (200, f"{TWO} .\n")
    assert answer.mimetype == "application/n-triples"


def test_what_is_posted_is_added(graphs: plain.Plain) -> None:
    assert graphs.send("POST", G, f"{ONE} .", TURTLE).status_code == 201
    assert graphs.send("POST", G, f"{TWO} .", TURTLE).status_code == 204
    assert graphs.quads() == {ONE + IN_G, TWO + IN_G}


def test_a_graph_that_is_deleted_is_no_longer_there(graphs: plain.Plain) -> None:
    graphs.send("PUT", G, f"{ONE} .", TURTLE)
    graphs.send("PUT", DEFAULT, f"{TWO} .", TURTLE)
    assert graphs.send("DELETE", G).status_code == 204
    assert graphs.quads() == {TWO}
    for method in ("GET", "HEAD", "DELETE"):
        assert graphs.send(method, G).status_code == 404
    sentence(graphs.send("GET", G), 404)
    assert graphs.send("DELETE", DEFAULT).status_code == 204
    assert graphs.client.get(DEFAULT).status_code == 200
    assert graphs.quads() == set()


def test_a_head_has_the_headers_of_the_get_and_no_body(graphs: plain.Plain) -> None:
    graphs.send("PUT", G, f"{ONE} .", TURTLE)
    get, head = graphs.client.get(G), graphs.client.head(G)
    assert (head.status_code, head.data) == (200, b"")
    assert head.headers["ETag"] == get.headers["ETag"]
    assert head.content_type == get.content_type


@pytest.mark.parametrize("body", ["", "# nothing\n"])
def test_an_empty_graph_is_there(graphs: plain.Plain, body: str) -> None:
    assert graphs.send("PUT", G, body, TURTLE).status_code == 201
    answer = graphs.client.get(G)
    assert (answer.status_code, answer.data) == (200, b"")
    assert graphs.send("PUT", G, body, TURTLE).status_code == 204
    assert graphs.send("DELETE", G).status_code == 204
    assert graphs.client.get(G).status_code == 404


def test_a_graph_is_also_named_by_its_own_address(graphs: plain.Plain) -> None:
    assert graphs.send("PUT", "/store/my/graph", f"{ONE} .", TURTLE).status_code == 201
    assert graphs.quads() == {f"{ONE} <http://localhost/store/my/graph>"}
    direct = graphs.client.get("/store/my/graph")
    indirect = graphs.client.get("/store?graph=http://localhost/store/my/graph")
    assert direct.data == indirect.data
    assert direct.headers["ETag"] == indirect.headers["ETag"]
    assert graphs.send("POST", "/store/my/graph", f"{TWO} .", TURTLE).status_code == 204
    assert graphs.send("PATCH", "/store/my/graph", f"D {ONE} .", "application/rdf-patch").status_code == 204
    assert graphs.quads() == {f"{TWO} <http://localhost/store/my/graph>"}
    assert graphs.send("DELETE", "/store/my/graph").status_code == 204
    assert graphs.client.get("/store/my/graph").status_code == 404


def test_triples_posted_to_the_store_make_a_graph_whose_address_is_told(graphs: plain.Plain) -> None:
    answer = graphs.send("POST", "/store", f"{ONE} .", TURTLE)
    assert answer.status_code == 201
    place = answer.headers["Location"]
    assert graphs.quads() == {f"{ONE} <{place}>"}
    assert graphs.client.get(place.removeprefix("http://localhost")).status_code == 200


@pytest.mark.parametrize(("form", "media"), [("trig", "application/trig"), ("n-quads", "application/n-quads")])
def test_quads_posted_to_the_store_go_to_their_own_graphs(graphs: plain.Plain, form: str, media: str) -> None:
    quads = {f"{ONE}{IN_G}", TWO, f"{ONE} <x:h>"}
    body = ox.serialize(ox.parse(" .\n".join([*quads, ""]), ox.RdfFormat.N_QUADS), format=GRAPH_FORMATS[form])
    assert graphs.send("POST", "/store", body or b"", media).status_code == 204
    assert graphs.quads() == quads


def test_all_graphs_are_got_where_none_is_named(graphs: plain.Plain) -> None:
    graphs.send("PUT", G, f"{ONE} .", TURTLE)
    graphs.send("PUT", DEFAULT, f"{TWO} .", TURTLE)
    for one in formats.DATASETS:
        answer = graphs.client.get("/store", headers={"Accept": one.media[0]})
        assert answer.mimetype == one.media[0]
        assert {str(quad) for quad in ox.parse(answer.data, GRAPH_FORMATS[one.name])} == {ONE + IN_G, TWO}


# --- formats ---------------------------------------------------------------------------------------------------------


TRIPLES = '<http://e/a> <http://e/p> <http://e/b> , "é\\n\\"\u2028"@en , 12 , _:b . _:b <http://e/p> <http://e/a> .'


def canonical(body: bytes | str, form: ox.RdfFormat) -> set[str]:
    """What a document says, whatever its blank nodes are called."""
    found = ox.Dataset(ox.Quad(*quad.triple) for quad in ox.parse(body, form))
    found.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return {str(quad) for quad in found}


@pytest.mark.parametrize("given", formats.GRAPHS, ids=lambda one: one.name)
def test_every_format_goes_in_and_comes_out(graphs: plain.Plain, given: formats.Format) -> None:
    triples = [quad.triple for quad in ox.parse(TRIPLES, ox.RdfFormat.TURTLE)]
    body = ox.serialize(triples, format=GRAPH_FORMATS[given.name]) or b""
    for media in [one for one in given.media if one not in ("text/plain", "application/json", "application/xml",
                                                            "text/xml")]:
        assert graphs.send("PUT", G, body, f"{media}; charset=UTF-8").status_code in (201, 204)
        for wanted in formats.GRAPHS:
            answer = graphs.client.get(G, headers={"Accept": wanted.media[0]})
            assert answer.mimetype == wanted.media[0]
            assert canonical(answer.data, GRAPH_FORMATS[wanted.name]) == canonical(TRIPLES, ox.RdfFormat.TURTLE)


def test_a_graph_is_had_by_the_name_of_a_format_too(graphs: plain.Plain) -> None:
    graphs.send("PUT", G, f"{ONE} .", TURTLE)
    assert graphs.client.get(f"{G}&format=rdf-xml").mimetype == "application/rdf+xml"
    sentence(graphs.client.get(G, headers={"Accept": "image/png"}), 406)


def test_the_parts_of_a_form_are_added_together(graphs: plain.Plain) -> None:
    parts = {
        "one": FileStorage(BytesIO(f"{ONE} .".encode()), "one.nt", content_type="application/n-triples"),
        "two": FileStorage(BytesIO(f"{TWO} .".encode()), "two.ttl", content_type="text/turtle"),
    }
    answer = graphs.client.post(G, data=parts, headers=plain.BEARER, content_type="multipart/form-data")
    assert answer.status_code == 201
    assert graphs.quads() == {ONE + IN_G, TWO + IN_G}


def test_one_part_that_is_wrong_keeps_out_the_others(graphs: plain.Plain) -> None:
    parts = {
        "one": FileStorage(BytesIO(f"{ONE} .".encode()), "one.nt", content_type="application/n-triples"),
        "two": FileStorage(BytesIO(b"<x:a> <x:b> ."), "two.ttl", content_type="text/turtle"),
    }
    answer = graphs.client.put(G, data=parts, headers=plain.BEARER, content_type="multipart/form-data")
    assert "line 1, column" in sentence(answer, 400)
    assert graphs.quads() == set()
    assert graphs.client.get(G).status_code == 404


def test_the_same_label_in_two_parts_is_two_blank_nodes(graphs: plain.Plain) -> None:
    parts = {name: FileStorage(BytesIO(b"_:b <x:p> <x:c> ."), f"{name}.ttl", content_type="text/turtle")
             for name in ("one", "two")}
    graphs.client.post(G, data=parts, headers=plain.BEARER, content_type="multipart/form-data")
    assert len(graphs.quads()) == 2


@pytest.mark.parametrize("media", ["", "image/png", "application/json", "text/plain", "application/xml", "turtle", ";"])
def test_a_body_of_another_type_is_not_read(graphs: plain.Plain, media: str) -> None:
    for method in ("PUT", "POST"):
        assert "text/turtle" in sentence(graphs.send(method, G, f"{ONE} .", media), 415)
    assert "rdf-patch" in sentence(graphs.send("PATCH", G, f"A {ONE} .", media or TURTLE), 415)
    assert graphs.quads() == set()


# --- relative IRIs and blank nodes -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("address", "base"), [
    (G, "http://example.org/"), ("/store/my/graph", "http://localhost/store/my/"), (DEFAULT, "http://localhost/"),
])
def test_relative_iris_are_relative_to_the_graph(graphs: plain.Plain, address: str, base: str) -> None:
    graphs.send("PUT", address, "<a> <b> <#c> .", TURTLE)
    (quad,) = graphs.quads()
    assert quad.startswith(f"<{base}a> <{base}b> <{base}")


def test_a_document_may_state_its_own_base(graphs: plain.Plain) -> None:
    graphs.send("PUT", G, "@base <http://other.example/x> . <a> <b> <c> .", TURTLE)
    assert graphs.quads() == {f"<http://other.example/a> <http://other.example/b> <http://other.example/c>{IN_G}"}


def test_what_was_got_can_be_patched_by_the_names_of_its_blank_nodes(graphs: plain.Plain) -> None:
    graphs.send("PUT", G, "_:x <x:p> 1 , 2 . _:y <x:p> 1 .", TURTLE)
    lines = graphs.client.get(G, headers={"Accept": "application/n-triples"}).text.splitlines()
    (two,) = (line for line in lines if '"2"' in line)
    node = two.split(" ")[0]
    rows = f"TX .\nD {two}\nA {node} <x:p> 3 .\nTC .\n"
    assert graphs.send("PATCH", G, rows, "application/rdf-patch").status_code == 204
    left = graphs.client.get(G, headers={"Accept": "application/n-triples"}).text
    assert sorted(line.split(" ")[2][1] for line in left.splitlines()) == ["1", "1", "3"]
    assert left.count(node) == 2


def test_blank_nodes_of_a_document_are_new_ones(graphs: plain.Plain) -> None:
    graphs.send("PUT", G, "_:x <x:p> 1 .", TURTLE)
    again = graphs.client.get(G, headers={"Accept": "application/n-triples"}).data
    graphs.send("POST", G, again, "application/n-triples")
    assert len(graphs.quads()) == 2


def test_a_patch_without_a_graph_is_of_all(graphs: plain.Plain) -> None:
    rows = f"A {ONE} .\nA {TWO}{IN_G} .\n"
    assert graphs.send("PATCH", "/store", rows, "application/rdf-patch").status_code == 204
    assert graphs.quads() == {ONE, TWO + IN_G}


def test_a_patch_that_is_wrong_changes_nothing(graphs: plain.Plain) -> None:
    assert "Row 2" in sentence(graphs.send("PATCH", G, f"A {ONE} .\nA <x:a> .\n", "application/rdf-patch"), 400)
    assert graphs.quads() == set()


# --- conditions ------------------------------------------------------------------------------------------------------


def test_a_change_is_made_where_the_graph_is_as_it_was_seen(graphs: plain.Plain) -> None:
    graphs.send("PUT", G, f"{ONE} .", TURTLE)
    for wanted in formats.GRAPHS:
        tag = graphs.client.get(G, headers={"Accept": wanted.media[0]}).headers["ETag"]
        assert graphs.send("POST", G, f"{TWO} .", TURTLE, If_Match=f'"other", {tag}').status_code == 204
        assert "changed meanwhile" in sentence(graphs.send("PUT", G, f"{ONE} .", TURTLE, If_Match=tag), 412)
        fresh = graphs.client.head(G).headers["ETag"]
        assert graphs.send("PUT", G, f"{ONE} .", TURTLE, If_Match=fresh).status_code == 204
    assert graphs.quads() == {ONE + IN_G}


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE", "PATCH"])
@pytest.mark.parametrize("condition", [{"If-Match": '"0-turtle"'}, {"If-None-Match": "*"}])
def test_every_method_that_changes_keeps_to_its_conditions(
    graphs: plain.Plain, method: str, condition: dict[str, str]
) -> None:
    graphs.send("PUT", G, f"{ONE} .", TURTLE)
    media, body = ("application/rdf-patch", f"D {ONE} .") if method == "PATCH" else (TURTLE, f"{TWO} .")
    sentence(graphs.send(method, G, "" if method == "DELETE" else body, media, **condition), 412)
    assert graphs.quads() == {ONE + IN_G}


def test_a_graph_is_made_only_where_there_is_none(graphs: plain.Plain) -> None:
    assert graphs.send("PUT", G, f"{ONE} .", TURTLE, If_None_Match="*").status_code == 201
    assert graphs.send("PUT", G, f"{TWO} .", TURTLE, If_None_Match="*").status_code == 412
    assert graphs.quads() == {ONE + IN_G}


def test_a_graph_is_changed_only_where_there_is_one(graphs: plain.Plain) -> None:
    assert graphs.send("PUT", G, f"{ONE} .", TURTLE, If_Match="*").status_code == 412
    assert graphs.client.get(G).status_code == 404
    graphs.send("PUT", G, f"{ONE} .", TURTLE)
    assert graphs.send("PUT", G, f"{TWO} .", TURTLE, If_Match="*").status_code == 204


def test_what_somebody_has_already_is_not_sent_again(graphs: plain.Plain) -> None:
    graphs.send("PUT", G, f"{ONE} .", TURTLE)
    for method in ("GET", "HEAD"):
        tag = graphs.client.open(G, method=method).headers["ETag"]
        again = graphs.client.open(G, method=method, headers={"If-None-Match": tag})
        assert (again.status_code, again.data) == (304, b"")
    graphs.send("POST", G, f"{TWO} .", TURTLE)
    assert graphs.client.get(G, headers={"If-None-Match": tag}).status_code == 200


def test_the_tag_depends_on_the_triples_and_not_on_their_order(graphs: plain.Plain) -> None:
    graphs.send("PUT", G, f"{ONE} . {TWO} .", TURTLE)
    graphs.send("PUT", "/store?graph=x:h", f"{TWO} .", TURTLE)
    graphs.send("POST", "/store?graph=x:h", f"{ONE} .", TURTLE)
    there, other = (graphs.client.head(one).headers["ETag"] for one in (G, "/store?graph=x:h"))
    assert there == other
    graphs.send("POST", G, "<x:a> <x:p> 3 .", TURTLE)
    assert graphs.client.head(G).headers["ETag"] != there


def test_one_of_two_who_change_the_same_graph_at_once_is_told(graphs: plain.Plain) -> None:
    graphs.send("PUT", G, f"{ONE} .", TURTLE)
    tag = graphs.client.head(G).headers["ETag"]
    start, got = threading.Barrier(2), list[int]()

    def put(number: int) -> None:
        start.wait()
        got.append(graphs.send("PUT", G, f"<x:a> <x:p> {number} .", TURTLE, If_Match=tag).status_code)

    threads = [threading.Thread(target=put, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(got) == [204, 412]
    assert len(graphs.quads()) == 1


# --- who may, and which graph ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE", "PATCH"])
@pytest.mark.parametrize("sent", [{}, {"Authorization": "Bearer wrong"}, {"Authorization": "Basic YTpi"}])
def test_nothing_is_changed_without_the_token(graphs: plain.Plain, method: str, sent: dict[str, str]) -> None:
    graphs.send("PUT", G, f"{ONE} .", TURTLE)
    answer = graphs.client.open(G, method=method, data=f"{TWO} .", content_type=TURTLE, headers=sent)
    sentence(answer, 401)
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert graphs.quads() == {ONE + IN_G}


@pytest.mark.parametrize("address", ["/store?graph=relative", "/store?graph=", "/store?graph=x:a&graph=x:b",
                                     "/store?default&graph=x:a", "/store?graph=http://e/a b", "/store/a?default",
                                     "/store/a?graph=x:b"])
def test_a_graph_that_is_named_wrongly_is_told(graphs: plain.Plain, address: str) -> None:
    for method in ("GET", "PUT", "DELETE"):
        sentence(graphs.send(method, address, f"{ONE} .", TURTLE), 400)
    assert graphs.quads() == set()


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_a_method_that_needs_a_graph_says_so(graphs: plain.Plain, method: str) -> None:
    assert "?graph=" in sentence(graphs.send(method, "/store", f"{ONE} .", TURTLE), 400)


def test_a_graph_with_an_unusual_name_is_kept_apart(graphs: plain.Plain) -> None:
    for name in ("http://e/%C3%A9?a=b&c", "http://e/é", "urn:x:'();,!*", "x:a#b"):
        answer = graphs.client.put("/store", query_string={"graph": name}, data=f"{ONE} .", content_type=TURTLE,
                                   headers=plain.BEARER)
        assert answer.status_code == 201
        assert f"{ONE} <{name}>" in graphs.quads()
        assert graphs.client.get("/store", query_string={"graph": name}).status_code == 200
    assert len(graphs.quads()) == 4


# --- bodies that are wrong or mean harm ------------------------------------------------------------------------------


WRONG = {
    "broken Turtle": (TURTLE, b"<x:a> <x:b> ."),
    "Turtle that breaks off": (TURTLE, b"<x:a> <x:b> <x:c"),
    "a relative IRI in N-Triples": ("application/n-triples", b"<a> <b> <c> ."),
    "broken RDF/XML": ("application/rdf+xml", b"<rdf:RDF"),
    "broken JSON-LD": ("application/ld+json", b'{"@id": '),
    "a body that is not UTF-8": (TURTLE, b'<x:a> <x:b> "\xff" .'),
    "another character set": ("text/turtle; charset=utf-16", "<x:a> <x:b> 1 .".encode("utf-16")),
    "an unknown character set": ("text/turtle; charset=klingon", b"<x:a> <x:b> 1 ."),
    "a form without a part": ("multipart/form-data; boundary=x", b"--x--\r\n"),
    "no form at all": ("multipart/form-data", b"hello"),
    "null bytes": (TURTLE, b"\x00\x00\x00"),
}


@pytest.mark.parametrize("case", WRONG)
@pytest.mark.parametrize("method", ["PUT", "POST"])
def test_a_body_that_is_wrong_changes_nothing(graphs: plain.Plain, case: str, method: str) -> None:
    graphs.send("PUT", G, f"{ONE} .", TURTLE)
    media, body = WRONG[case]
    sentence(graphs.send(method, G, body, media), 400)
    assert graphs.quads() == {ONE + IN_G}


RDF = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://e/"'
BOMB = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 20))
ENTITIES = {
    "a bomb": f'<!DOCTYPE x [<!ENTITY a0 "ha">{BOMB}]><rdf:RDF {RDF}><e:T rdf:about="x:a"><e:p>&a19;</e:p>'
              "</e:T></rdf:RDF>",
    "a file": f'<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/hostname">]><rdf:RDF {RDF}><e:T rdf:about="x:a">'
              "<e:p>&f;</e:p></e:T></rdf:RDF>",
    "an address": f'<!DOCTYPE x [<!ENTITY f SYSTEM "EAR">]><rdf:RDF {RDF}><e:T rdf:about="x:a"><e:p>&f;</e:p>'
                  "</e:T></rdf:RDF>",
    "a document type": f'<!DOCTYPE x SYSTEM "EAR"><rdf:RDF {RDF}><e:T rdf:about="x:a"><e:p>1</e:p>'
                       "</e:T></rdf:RDF>",
    "a parameter": f'<!DOCTYPE x [<!ENTITY % f SYSTEM "EAR"> %f;]><rdf:RDF {RDF}></rdf:RDF>',
}


@pytest.mark.parametrize("case", ENTITIES)
def test_entities_of_xml_do_no_harm(graphs: plain.Plain, ear: conftest.Ear, case: str) -> None:
    body = ENTITIES[case].replace("EAR", ear.address)
    answer = graphs.send("PUT", G, body, "application/rdf+xml")
    assert answer.status_code in (201, 400, 413)
    held = "".join(graphs.quads())
    assert len(held) < 200
    assert case != "a file" or Path("/etc/hostname").read_text().strip() not in held
    assert ear.heard() == 0


CONTEXTS = {
    "an address": '{"@context": "EAR", "@id": "x:a", "p": 1}',
    "addresses": '{"@context": ["EAR", {"p": "x:p"}], "@id": "x:a", "p": 1}',
    "an import": '{"@context": {"@version": 1.1, "@import": "EAR", "p": "x:p"}, "@id": "x:a", "p": 1}',
    "a context within": '{"@context": {"p": {"@id": "x:p", "@context": "EAR"}}, "@id": "x:a", "p": {"q": 1}}',
    "a file": '{"@context": "file:///etc/hostname", "@id": "x:a", "p": 1}',
    "a relative address": '{"@context": "context.jsonld", "@id": "x:a", "p": 1}',
}


@pytest.mark.parametrize("case", CONTEXTS)
def test_a_context_elsewhere_is_refused_and_not_got(graphs: plain.Plain, ear: conftest.Ear, case: str) -> None:
    answer = graphs.send("PUT", G, CONTEXTS[case].replace("EAR", ear.address), "application/ld+json")
    sentence(answer, 400)
    assert ear.heard() == 0
    assert graphs.quads() == set()


DEEP = 20_000
NESTED = {
    "JSON-LD": ("application/ld+json", '{"@context":{"p":"x:p"},"p":' * DEEP + "1" + "}" * DEEP),
    "lists of JSON": ("application/ld+json", "[" * DEEP + "]" * DEEP),
    "contexts": ("application/ld+json", '{"@context":' * DEEP + "1" + "}" * DEEP),
    "brackets of Turtle": (TURTLE, "<x:a> <x:p> " + "[ <x:p> " * DEEP + "1" + " ]" * DEEP + " ."),
    "lists of Turtle": (TURTLE, "<x:a> <x:p> " + "( " * DEEP + " )" * DEEP + " ."),
    "triples of Turtle": (TURTLE, "<x:a> <x:p> " + "<<( <x:a> <x:p> " * DEEP + "1" + " )>>" * DEEP + " ."),
    "triples of N-Triples": ("application/n-triples",
                             "<x:a> <x:p> " + "<<( <x:a> <x:p> " * DEEP + "<x:a>" + " )>>" * DEEP + " ."),
    "XML": ("application/rdf+xml", f"<rdf:RDF {RDF}>" + "<e:T><e:p>" * DEEP + "</e:p></e:T>" * DEEP + "</rdf:RDF>"),
}


@pytest.mark.heavy
@pytest.mark.parametrize("case", NESTED)
def test_a_document_that_is_nested_deeply_does_not_end_the_server(graphs: plain.Plain, case: str) -> None:
    media, body = NESTED[case]
    answer = graphs.send("PUT", G, body, media)
    assert answer.status_code in (201, 400, 413), answer.text
    if answer.status_code != 201:
        sentence(answer, answer.status_code)
    assert graphs.send("PUT", DEFAULT, f"{ONE} .", TURTLE).status_code == 204
    assert ONE in graphs.quads()


def test_a_bad_document_is_told_with_its_line(graphs: plain.Plain) -> None:
    body = "<x:a> <x:b> 1 .\n<x:a> <x:b> 2\n<x:a> <x:b> 3 .\n"
    assert "line 3, column" in sentence(graphs.send("PUT", G, body, TURTLE), 400)


def test_no_process_is_left_behind(graphs: plain.Plain) -> None:
    graphs.send("PUT", G, f"{ONE} .", TURTLE)
    before = len(processes.readers())
    for number in range(5):
        graphs.send("PUT", G, f"{ONE} , {number} .", TURTLE)
    assert processes.comes_about(lambda: len(processes.readers()) <= before)


def test_a_cut_is_not_made_in_a_graph_that_is_got_whole() -> None:
    with plain.opened(rows=3) as one:
        one.send("PUT", G, "".join(f"<x:a> <x:p> {n} ." for n in range(20)), TURTLE)
        answer = one.client.get(G, headers={"Accept": "application/n-triples"})
        assert answer.text.count("\n") == 20
        assert formats.CUT not in answer.headers


def test_json_is_read_as_json_ld_where_it_says_so(graphs: plain.Plain) -> None:
    body = json.dumps({"@context": {"p": "x:p"}, "@id": "x:a", "p": "one"})
    assert graphs.send("PUT", G, body, 'application/ld+json; profile="http://www.w3.org/ns/json-ld#expanded"'
                       ).status_code == 201
    assert graphs.quads() == {ONE + IN_G}
