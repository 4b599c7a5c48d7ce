"""Blank nodes, markup, addresses that need care and what was removed are described as well as anything else."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pyoxigraph as ox
import pytest
import rdflib
from flask.testing import FlaskClient

import small
from carekg import build, query, store, web
from carekg.store.embedded import EmbeddedStore
from carekg.terms import BASE
from carekg.web.linked import description
from linked import READERS, links, whole
from pages import Page, page

# --- a world with everything odd in it ----------------------------------------------------------------------------


ODD = """
innovation:moon-walks a care:Innovation ; rdfs:label "Moon Walks"@en ;
    skos:definition "Walks by moonlight."@en ; care:restsOn passage:lantern-dusk ;
    care:innovationKind innovationkind:named ;
    rdfs:seeAlso [ rdfs:comment "inner" ; rdfs:seeAlso ( "one" "two" [ rdfs:comment "innermost" ] ) ] ;
    rdfs:comment "</script><script>alert(1)</script>" , "<!-- &amp;" .
<https://w3id.org/carekg/id/innovation/caf%C3%A9-walks> rdfs:label "percent" .
<https://w3id.org/carekg/id/innovation/café-rides> rdfs:label "letters" .
<https://w3id.org/carekg/id/innovation/walks.nt> rdfs:label "an ending that is none" .
<https://w3id.org/carekg/id/innovation/walks> rdfs:label "walks" ;
    rdfs:seeAlso <geo:51,0> , <care:strange> , <urn:x:y> .
innovation:lantern-strolls owl:deprecated true ; dcterms:isReplacedBy innovation:lantern-walks , innovation:moon-walks .
innovation:ember-walks owl:deprecated true .
topic:old-words owl:deprecated true ; dcterms:isReplacedBy topic:loneliness ; a skos:Concept ;
    rdfs:label "old words"@en ; skos:prefLabel "old words"@en ; skos:definition "Words of old."@en ;
    skos:inScheme concept:topic ; dcterms:source source:lantern-report ;
    rdfs:isDefinedBy <https://w3id.org/carekg/def> .
"""


@pytest.fixture(scope="module")
def odd(good_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """A small world with blank nodes, markup, removed things and addresses that need care."""
    place = tmp_path_factory.mktemp("odd")
    made = Path(shutil.copytree(good_folder, place / "world"))
    (made / "data" / "odd walks é.ttl").write_text(small.prefixed(ODD), encoding="utf-8")
    with EmbeddedStore(place / "store") as graph:
        build.build(made, graph)
        yield web.create_app(query.Asker({}, graph)).test_client()


@pytest.mark.parametrize("ending", ["ttl", "nq"])
def test_a_description_follows_blank_nodes_to_their_end(ending: str, odd: FlaskClient) -> None:
    answer = odd.get(f"/id/innovation/moon-walks.{ending}")
    values = {str(quad.object) for quad in ox.parse(answer.data, READERS[ending])}
    assert {'"inner"', '"one"', '"two"', '"innermost"'} <= values


def test_json_ld_has_the_same_blank_nodes(odd: FlaskClient) -> None:
    body = whole(odd, odd.get("/id/innovation/moon-walks.jsonld").data)
    one, other = ox.Dataset(ox.parse(body, ox.RdfFormat.JSON_LD)), ox.Dataset(
        ox.parse(odd.get("/id/innovation/moon-walks.nt").data, ox.RdfFormat.N_TRIPLES))
    one.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    other.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    assert one == other


@pytest.mark.parametrize(("address", "iri"), [
    ("/id/innovation/caf%C3%A9-walks", "caf%C3%A9-walks"), ("/id/innovation/café-rides", "café-rides"),
    ("/id/innovation/caf%C3%A9-rides", "café-rides"), ("/id/innovation/walks.nt", "walks.nt"),
    ("/id/innovation/walks", "walks")])
def test_an_address_that_needs_care_leads_to_its_own_thing(address: str, iri: str, odd: FlaskClient) -> None:
    answer = odd.get(address, headers={"Accept": "text/turtle"}, follow_redirects=True)
    assert answer.status_code == 200
    assert {str(quad.subject) for quad in ox.parse(answer.data, READERS["ttl"])} >= {f"<{BASE}id/innovation/{iri}>"}
    assert links(answer)["describes"] == {quote(f"{BASE}id/innovation/{iri}", safe="/:%"): ""}
    answer.headers["Link"].encode("ascii")


def test_a_graph_whose_file_has_a_space_in_its_name_is_there(odd: FlaskClient) -> None:
    encoded = "/graph/data/odd%20walks%20%C3%A9"
    for address in (encoded, "/graph/data/odd walks é", f"{encoded}.ttl"):
        assert "Moon Walks" in odd.get(address).text, address
    assert "Moon Walks" in page(odd, encoded).text


def test_markup_in_the_data_ends_no_script_on_a_page(odd: FlaskClient) -> None:
    text = odd.get("/id/innovation/moon-walks.html").text
    found = Page(text)
    assert found.open == []
    assert "script" not in found.tags
    assert len(found.blocks) == 1
    assert json.loads(found.blocks[0])["name"] == "Moon Walks"
    assert "<script>alert" not in text


def test_iris_that_a_context_would_misread_are_written_out(odd: FlaskClient) -> None:
    body = json.loads(odd.get("/id/innovation/walks.jsonld").data)
    assert "care:strange" in json.dumps(body)
    read = {str(q.object) for q in ox.parse(json.dumps(body), ox.RdfFormat.JSON_LD)}
    assert {"<geo:51,0>", "<care:strange>", "<urn:x:y>"} <= read


# --- what was removed ---------------------------------------------------------------------------------------------


GONE = "/id/innovation/lantern-strolls"


@pytest.mark.parametrize("address", [GONE, f"{GONE}.html", f"{GONE}.ttl", f"{GONE}.jsonld"])
@pytest.mark.parametrize("accept", ["*/*", "text/html", "text/turtle"])
def test_what_was_removed_is_gone_and_says_what_has_taken_its_place(
    address: str, accept: str, odd: FlaskClient
) -> None:
    answer = odd.get(address, headers={"Accept": accept})
    assert answer.status_code == 410
    assert "lantern-walks" in answer.text
    assert "moon-walks" in answer.text
    assert set(links(answer)["http://purl.org/dc/terms/isReplacedBy"]) == {
        f"{BASE}id/innovation/lantern-walks", f"{BASE}id/innovation/moon-walks"}


def test_what_was_removed_is_told_in_one_sentence_on_a_page_and_as_data(odd: FlaskClient) -> None:
    assert odd.get(GONE).text == (
        f"{BASE}id/innovation/lantern-strolls was removed; Lantern Walks ({BASE}id/innovation/lantern-walks) and "
        f"Moon Walks ({BASE}id/innovation/moon-walks) have taken its place.\n")
    found = page(odd, GONE, 410)
    assert "/id/innovation/lantern-walks" in found.links
    graph = rdflib.Graph().parse(data=odd.get(GONE, headers={"Accept": "text/turtle"}).data, format="turtle")
    assert (None, rdflib.DCTERMS.isReplacedBy, rdflib.URIRef(f"{BASE}id/innovation/moon-walks")) in graph


def test_what_was_removed_without_a_successor_says_that_too(odd: FlaskClient) -> None:
    answer = odd.get("/id/innovation/ember-walks")
    assert (answer.status_code, answer.text) == (
        410, f"{BASE}id/innovation/ember-walks was removed; nothing has taken its place.\n")


def test_what_is_deprecated_and_still_described_is_there_with_a_note(odd: FlaskClient) -> None:
    found = page(odd, "/concept/topic/old-words")
    assert "no longer to be used; in its place: loneliness" in found.text
    assert odd.get("/concept/topic/old-words.ttl").status_code == 200
    assert "no longer to be used" not in page(odd, "/concept/topic/loneliness").text


def test_nothing_that_ships_is_gone_by_mistake(shipped_store: EmbeddedStore) -> None:
    deprecated = f"SELECT ?s WHERE {{ ?s <{description.DEPRECATED}> true }}"
    assert store.rows(shipped_store, deprecated) == []
