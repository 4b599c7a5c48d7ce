"""The vocabulary as people read it: every term with its words, its place, its axioms, its shapes and a real example."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import rdflib
from flask.testing import FlaskClient
from rdflib.namespace import OWL, RDF, RDFS, SH, SKOS

from carekg import build, query, store, vocabulary, web
from carekg.query import Cell
from carekg.store.embedded import EmbeddedStore
from carekg.terms import BASE, PREFIXES
from pages import BROWSER, page

KINDS = (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty)


def parsed(shipped: Path, part: str) -> rdflib.Graph:
    """The files of a part of the folder, as one graph."""
    graph = rdflib.Graph()
    for path in (shipped / part).glob("*.ttl"):
        graph.parse(path)
    return graph


def terms_of(ontology: rdflib.Graph) -> list[rdflib.URIRef]:
    """The classes and properties that an ontology declares as ours."""
    found = {term for kind in KINDS for term in ontology.subjects(RDF.type, kind)}
    return sorted(term for term in found if str(term).startswith(PREFIXES["care"]))


@pytest.fixture(scope="module")
def read(good_store: EmbeddedStore) -> dict[str, vocabulary.Term]:
    """The terms of the small world's vocabulary, by the name after the hash."""
    return {term.anchor: term for term in vocabulary.described(good_store).terms}


def said(words: tuple[Cell, ...]) -> str:
    return " ".join(cell.text for cell in words)


def sections(client: FlaskClient) -> dict[str, str]:
    """The HTML of each section of the page, by its anchor."""
    section = r'(?s)<section class="term" id="([^"]+)">(.*?)</section>'
    text = client.get("/def", headers=BROWSER).text
    return {found[1]: found[2] for found in re.finditer(section, text)}


# --- every term -----------------------------------------------------------------------------------------------------


def test_every_term_has_a_section_with_its_label_iri_and_definition(client: FlaskClient, shipped: Path) -> None:
    ontology = parsed(shipped, "ontology")
    found = sections(client)
    plain = {anchor: " ".join(re.sub(r"<[^>]*>", " ", text).split()) for anchor, text in found.items()}
    assert len(terms_of(ontology)) > 150
    for term in terms_of(ontology):
        text = plain[str(term).removeprefix(PREFIXES["care"])].replace("&#39;", "'").replace("&#34;", '"')
        for predicate in (RDFS.label, SKOS.definition):
            assert str(ontology.value(term, predicate)) in text
        assert str(term) in text


def test_an_anchor_stands_once_on_its_page(client: FlaskClient) -> None:
    for address in ("/def", "/shapes"):
        ids = page(client, address).ids
        assert len(ids) == len(set(ids))
    assert {"Innovation", "place", "Place", "scaledVia"} <= set(page(client, "/def").ids)


def test_every_fragment_on_the_pages_leads_to_an_anchor(client: FlaskClient) -> None:
    pages = {address: page(client, address) for address in ("/def", "/shapes")}
    for address, found in pages.items():
        for link in found.links:
            place, mark, fragment = link.partition("#")
            if mark and (place or address) in pages:
                assert fragment in pages[place or address].ids, (address, link)


@pytest.mark.heavy
def test_every_other_link_on_the_pages_leads_to_what_the_graph_has(
    client: FlaskClient, shipped_store: EmbeddedStore
) -> None:
    pages = ("/def", "/shapes", "/catalogue")
    links = {link for address in pages for link in page(client, address).links if link[0] == "/"}
    things = {BASE + link[1:] for link in links if link.startswith(("/id/", "/concept/", "/graph/"))}
    known = "SELECT DISTINCT ?thing { { ?thing ?p ?o } UNION { GRAPH ?thing { ?s ?p ?o } } }"
    assert len(things) > 300
    assert things <= {row["thing"] for row in store.rows(shipped_store, known)}
    for link in {link.partition("#")[0] for link in links if BASE + link[1:] not in things}:
        with client.get(link, headers=BROWSER) as answer:
            assert answer.status_code == 200, link


def test_every_code_list_is_there_with_its_values(client: FlaskClient) -> None:
    found = page(client, "/def")
    assert "statuses" in found.text
    assert {"/concept/status/ended", "/concept/standing/held", "/concept/route/partnerships"} <= set(found.links)


def test_a_term_names_its_kin_and_what_its_shapes_hold_it_to(read: dict[str, vocabulary.Term]) -> None:
    assert "claim" in said(read["Site"].links["kind of"])
    assert "site" in said(read["Claim"].links["kinds"])
    assert said(read["place"].links["said of"]) == "site"
    assert said(read["place"].links["leads to"]) == "place"
    assert read["place"].links["leads to"][0].iri == "#Place"
    assert read["status"].links["leads to"][0].iri == f"{BASE}concept/status"
    assert "xsd:gYear" in said(read["began"].links["leads to"])
    assert "facilitator" in said(read["hasFacilitator"].links["leads to"])


# --- what follows ---------------------------------------------------------------------------------------------------

AXIOMS = {
    "scaledVia": ["has held claim then route", "scaled via then skos:broader"],
    "statedIn": ["rests on then is from"],
    "hasHeldClaim": ["holds for read backwards"],
    "words": ["paraphrase", "phrase"],
    "isIn": ["is in then is in"],
    "opposes": ["opposes read backwards"],
    "HeldClaim": ["what stands before holds for"],
    "Facilitator": ["what stands after has facilitator"],
    "place": [],
}


@pytest.mark.parametrize("name", AXIOMS)
def test_an_axiom_is_told_in_words(name: str, read: dict[str, vocabulary.Term]) -> None:
    assert [said(words) for words in read[name].follows] == AXIOMS[name]


def test_what_a_class_brings_with_it_is_told_from_both_sides(read: dict[str, vocabulary.Term]) -> None:
    assert [said(words) for words in read["HeldClaim"].implies] == ["standing is held"]
    assert "being a held claim gives held" in [said(words) for words in read["standing"].follows]


def test_just_the_properties_that_nobody_may_write_are_marked_as_derived(
    read: dict[str, vocabulary.Term], shipped: Path
) -> None:
    shapes = parsed(shipped, "shapes")
    forbidden = {str(shapes.value(shape, SH.path)).removeprefix(PREFIXES["care"])
                 for shape in shapes.subjects(SH.maxCount, rdflib.Literal(0)) if "#Derived" in str(shape)}
    marked = {name for name, term in read.items() if term.derived and term.kind != "class"}
    assert len(forbidden) > 30
    assert marked <= forbidden
    assert {name for name in forbidden - marked if read[name].uses} == set()


def test_a_derived_term_says_so_on_its_page(client: FlaskClient) -> None:
    found = sections(client)
    assert ">derived<" in found["scaledVia"]
    assert ">derived<" not in found["holdsFor"]


# --- shapes ---------------------------------------------------------------------------------------------------------


def test_every_shape_stands_with_its_message_at_the_terms_on_which_it_bears(
    read: dict[str, vocabulary.Term], shipped: Path
) -> None:
    shapes = parsed(shipped, "shapes")
    count = 0
    for shape, path in shapes.subject_objects(SH.path):
        name = str(path).removeprefix(PREFIXES["care"])
        if isinstance(shape, rdflib.URIRef) and name in read and shapes.value(shape, SH.message):
            here = {one.name: one.message for one in read[name].shapes}
            assert here[str(shape).partition("#")[2]] == str(shapes.value(shape, SH.message))
            count += 1
    assert count > 100
    assert "InnovationShape-label" in {one.name for one in read["Innovation"].shapes}
    assert "InnovationShape-label" not in {one.name for one in read["Site"].shapes}


def test_the_address_of_a_shape_is_a_page_and_rdf(client: FlaskClient) -> None:
    assert "InnovationShape-label" in page(client, "/shapes").ids
    graph = rdflib.Graph().parse(data=client.get("/shapes", headers={"Accept": "text/turtle"}).data, format="turtle")
    assert (rdflib.URIRef(PREFIXES["caresh"] + "InnovationShape-label"), SH.path, RDFS.label) in graph
    assert (rdflib.URIRef(PREFIXES["care"] + "Innovation"), RDF.type, OWL.Class) not in graph


# --- examples -------------------------------------------------------------------------------------------------------


def test_every_example_is_in_the_graph(read: dict[str, vocabulary.Term], good_store: EmbeddedStore) -> None:
    used = [term for term in read.values() if term.uses]
    assert len(used) > 100
    for term in used:
        ends = [f"<{cell.iri}>" if cell.iri else "?text" for cell in term.example]
        pattern = f"{ends[0]} a <{term.iri}>" if term.kind == "class" else f"{ends[0]} <{term.iri}> {ends[1]}"
        answer = good_store.answer(store.Question(f"SELECT * {{ {pattern} }} LIMIT 1")).read()
        assert b'"bindings":[]' not in answer, term.iri


def test_an_example_has_words_and_prefers_an_innovation(read: dict[str, vocabulary.Term]) -> None:
    place = read["takenUpIn"].example
    assert [cell.text for cell in place] == ["Lantern Walks", "Saltmere"]
    assert [cell.iri for cell in place] == [f"{BASE}id/innovation/lantern-walks", f"{BASE}id/place/saltmere"]
    assert read["restsOn"].example[0].iri.startswith(f"{BASE}id/innovation/")
    assert [cell.text for cell in read["Innovation"].example] == ["Lantern Rides"]


def test_a_count_is_that_of_the_statements(read: dict[str, vocabulary.Term], good_store: EmbeddedStore) -> None:
    [row] = store.rows(good_store, f"SELECT (COUNT(*) AS ?n) {{ ?s <{PREFIXES['care']}restsOn> ?o }}")
    assert read["restsOn"].uses == int(row["n"]) > 10
    unused = [term for term in read.values() if not term.uses]
    assert all(term.example == () for term in unused)


@pytest.mark.heavy
def test_the_same_folder_gives_the_same_page(world: Path, tmp_path: Path, good_store: EmbeddedStore) -> None:
    with EmbeddedStore(tmp_path / "store") as other:
        build.build(world, other)
        one, again = vocabulary.described(good_store), vocabulary.described(other)
    assert one == again


# --- the page as a page ---------------------------------------------------------------------------------------------


def test_the_pages_need_no_script_and_carry_no_style_of_their_own(client: FlaskClient) -> None:
    for address in ("/def", "/shapes", "/catalogue"):
        found = page(client, address)
        assert "script" not in found.tags
        assert " style=" not in client.get(address, headers=BROWSER).text
        assert len(client.get(address, headers=BROWSER).data) < 1_000_000


def test_the_picture_of_the_model_comes_from_this_server(client: FlaskClient) -> None:
    assert "/static/model.svg" in page(client, "/def").links
    with client.get("/static/model.svg") as answer:
        assert answer.status_code == 200
        assert answer.mimetype == "image/svg+xml"
        assert b"Innovation" in answer.data


def test_the_vocabulary_is_still_rdf_to_who_asks_for_it(client: FlaskClient) -> None:
    for media in ("text/turtle", "application/rdf+xml", "application/ld+json"):
        assert client.get("/def", headers={"Accept": media}).mimetype == media
    graph = rdflib.Graph().parse(data=client.get("/def").data, format="turtle")
    assert (rdflib.URIRef(PREFIXES["care"] + "Innovation"), RDF.type, OWL.Class) in graph
    assert list(graph.subjects(RDF.type, SH.NodeShape)) == []


class Counting:
    """A store that counts the questions put to it, and whose graph can be said to have changed."""

    def __init__(self, graph: EmbeddedStore) -> None:
        self.graph, self.asked, self.version = graph, 0, "1"

    def answer(self, question: store.Question, deadline: float | None = None) -> store.Answer:
        self.asked += 1
        return self.graph.answer(question, deadline)


@pytest.mark.heavy
def test_the_vocabulary_is_read_once_and_anew_when_the_graph_has_changed(good_store: EmbeddedStore) -> None:
    graph = Counting(good_store)
    client = web.create_app(query.Asker({}, graph)).test_client()  # type: ignore[arg-type]
    counts = [(page(client, "/def"), graph.asked)[1] for _ in range(2)]
    assert counts[0] == counts[1] > 0
    graph.version = "2"
    page(client, "/def")
    assert graph.asked == 2 * counts[0]


# --- somebody else's vocabulary -------------------------------------------------------------------------------------

STRANGE = """@prefix : <https://example.org/lantern#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
<https://example.org/lantern> a owl:Ontology .
:Wick a owl:Class ; rdfs:comment "What burns." .
:burns a owl:ObjectProperty ; rdfs:label "burns"@en ; rdfs:domain :Wick .
"""


@pytest.fixture
def strange(tmp_path: Path) -> Iterator[FlaskClient]:
    (tmp_path / "mine" / "ontology").mkdir(parents=True)
    (tmp_path / "mine" / "ontology" / "words.ttl").write_text(STRANGE, encoding="utf-8")
    with EmbeddedStore(tmp_path / "store") as graph:
        build.build(tmp_path / "mine", graph)
        yield web.create_app(query.Asker({}, graph)).test_client()


def test_somebody_elses_terms_are_shown_under_their_own_names(strange: FlaskClient) -> None:
    found = page(strange, "/def")
    assert "https://example.org/lantern#Wick" in found.ids
    assert "What burns." in found.text
    assert "not used in this graph" in found.text
