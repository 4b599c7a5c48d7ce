"""The graph store refuses who may not, what it cannot read, and what means harm, and stays as it was."""

from pathlib import Path

import pytest

import plain
from hearing import Ear
from plain import DEFAULT, IN_G, ONE, TURTLE, TWO, G, sentence

# --- who may, and which graph ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE", "PATCH"])
@pytest.mark.parametrize("sent", [{}, {"Authorization": "Bearer wrong"}, {"Authorization": "Basic YTpi"}])
def test_nothing_is_changed_without_the_token(bare: plain.Plain, method: str, sent: dict[str, str]) -> None:
    bare.send("PUT", G, f"{ONE} .", TURTLE)
    answer = bare.client.open(G, method=method, data=f"{TWO} .", content_type=TURTLE, headers=sent)
    sentence(answer, 401)
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert bare.quads() == {ONE + IN_G}


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_a_method_that_needs_a_graph_says_so(bare: plain.Plain, method: str) -> None:
    assert "?graph=" in sentence(bare.send(method, "/store", f"{ONE} .", TURTLE), 400)


@pytest.mark.parametrize("address", ["/store?graph=relative", "/store?graph=", "/store?graph=x:a&graph=x:b",
                                     "/store?default&graph=x:a", "/store?graph=http://e/a b", "/store/a?default",
                                     "/store/a?graph=x:b"])
def test_a_graph_that_is_named_wrongly_is_told(bare: plain.Plain, address: str) -> None:
    for method in ("GET", "PUT", "DELETE"):
        sentence(bare.send(method, address, f"{ONE} .", TURTLE), 400)
    assert bare.quads() == set()


# --- bodies that are wrong or mean harm ------------------------------------------------------------------------------


@pytest.mark.parametrize("media", ["", "image/png", "application/json", "text/plain", "application/xml", "turtle", ";"])
def test_a_body_of_another_type_is_not_read(bare: plain.Plain, media: str) -> None:
    for method in ("PUT", "POST"):
        assert "text/turtle" in sentence(bare.send(method, G, f"{ONE} .", media), 415)
    assert "rdf-patch" in sentence(bare.send("PATCH", G, f"A {ONE} .", media or TURTLE), 415)
    assert bare.quads() == set()


@pytest.mark.parametrize("address", ["/store", G, "/store/my/graph"])
def test_what_patch_takes_is_said(bare: plain.Plain, address: str) -> None:
    for answer in (bare.client.options(address), bare.send("PATCH", address, f"A {ONE} .", TURTLE)):
        assert answer.status_code in (200, 415)
        assert answer.headers["Accept-Patch"] == "application/rdf-patch"
    assert "Accept-Patch" not in bare.send("PUT", G, f"{ONE} .", TURTLE).headers


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
def test_a_body_that_is_wrong_changes_nothing(bare: plain.Plain, case: str, method: str) -> None:
    bare.send("PUT", G, f"{ONE} .", TURTLE)
    media, body = WRONG[case]
    sentence(bare.send(method, G, body, media), 400)
    assert bare.quads() == {ONE + IN_G}


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


@pytest.mark.heavy
@pytest.mark.parametrize("case", ENTITIES)
def test_entities_of_xml_do_no_harm(bare: plain.Plain, ear: Ear, case: str) -> None:
    body = ENTITIES[case].replace("EAR", ear.address)
    answer = bare.send("PUT", G, body, "application/rdf+xml")
    assert answer.status_code in (201, 400, 413)
    held = "".join(bare.quads())
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
def test_a_context_elsewhere_is_refused_and_not_got(bare: plain.Plain, ear: Ear, case: str) -> None:
    answer = bare.send("PUT", G, CONTEXTS[case].replace("EAR", ear.address), "application/ld+json")
    sentence(answer, 400)
    assert ear.heard() == 0
    assert bare.quads() == set()


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
def test_a_document_that_is_nested_deeply_does_not_end_the_server(bare: plain.Plain, case: str) -> None:
    media, body = NESTED[case]
    answer = bare.send("PUT", G, body, media)
    assert answer.status_code in (201, 400, 413), answer.text
    if answer.status_code != 201:
        sentence(answer, answer.status_code)
    assert bare.send("PUT", DEFAULT, f"{ONE} .", TURTLE).status_code == 204
    assert ONE in bare.quads()


def test_a_bad_document_is_told_with_its_line(bare: plain.Plain) -> None:
    body = "<x:a> <x:b> 1 .\n<x:a> <x:b> 2\n<x:a> <x:b> 3 .\n"
    assert "line 3, column" in sentence(bare.send("PUT", G, body, TURTLE), 400)
