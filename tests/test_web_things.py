"""What is found at each IRI: things, concepts, graphs, the vocabulary, and sentences for what is not there."""

import pathlib
import re
from collections import Counter
from urllib.parse import unquote, urldefrag, urljoin

import pytest
import rdflib
from flask.testing import FlaskClient

from pages import BROWSER, Page, page

HTML = {"Accept": "text/html"}
THINGS = {
    "/id/innovation/iris": "IRIS",
    "/id/place/wigan": "Wigan",
    "/id/source/growing-innovative-models": "Growing innovative models",
    "/concept/route/licensing-and-affiliation": "licensing and affiliation",
    "/concept/factor/partnerships": "partnerships",
    "/concept/route": "route",
}
QUESTIONS = sorted(path.stem for path in (pathlib.Path(__file__).parent.parent / "queries").glob("*.rq"))


@pytest.mark.parametrize(("address", "title"), THINGS.items())
def test_an_address_leads_to_a_page_and_to_a_graph_of_the_thing(address: str, title: str, client: FlaskClient) -> None:
    iri = "https://w3id.org/carekg" + address
    found = page(client, address)
    assert title in found.text
    assert iri in found.text
    for media in ("text/turtle", "application/n-triples", "application/rdf+xml"):
        answer = client.get(address, headers={"Accept": media}, follow_redirects=True)
        assert answer.mimetype == media
        graph = rdflib.Graph().parse(data=answer.data, format=media)
        assert (rdflib.URIRef(iri), rdflib.RDFS.label, None) in graph
    assert iri in client.get(f"{address}?format=json-ld", follow_redirects=True).text


def test_an_innovation_shows_its_claims_with_their_words(client: FlaskClient) -> None:
    found = page(client, "/id/innovation/pincer")
    assert "PRIMIS" in found.text
    assert "receipt" in found.text
    assert "held" in found.text


@pytest.mark.parametrize(("address", "question"), [
    ("/id/innovation/pincer", "/queries/sites-by-innovation?innovation=innovation:pincer"),
    ("/concept/factor/partnerships", "/queries/innovations-by-route-and-factor?factor=factor:partnerships"),
    ("/id/place/wigan", "/queries/innovations-in-place?place=place:wigan"),
])
def test_a_thing_leads_to_the_questions_that_take_it(address: str, question: str, client: FlaskClient) -> None:
    links = {unquote(link) for link in page(client, address).links}
    assert question in links
    assert client.get(question, headers=HTML).status_code == 200


def test_a_passage_leads_to_no_question(client: FlaskClient) -> None:
    assert "Ask about it" not in page(client, "/id/passage/001-186-network").text


def test_the_vocabulary_is_a_page_with_an_anchor_for_each_term_and_a_graph(client: FlaskClient) -> None:
    found = page(client, "/def")
    assert {"Innovation", "scaledVia", "restsOn"} <= set(found.ids)
    graph = rdflib.Graph().parse(data=client.get("/def").data, format="turtle")
    kinds = (rdflib.OWL.Class, rdflib.OWL.ObjectProperty, rdflib.OWL.DatatypeProperty)
    terms = {str(term) for kind in kinds for term in graph.subjects(rdflib.RDF.type, kind)}
    assert {iri.partition("#")[2] for iri in terms if iri.startswith("https://w3id.org/carekg/def#")} <= set(found.ids)


def test_a_named_graph_is_given_as_it_stands_in_its_file(client: FlaskClient, shipped: pathlib.Path) -> None:
    answer = client.get("/graph/data/places/combined-authorities")
    assert answer.status_code == 200
    assert answer.mimetype == "text/turtle"
    given = rdflib.Graph().parse(data=answer.data, format="turtle")
    written = rdflib.Graph().parse(shipped / "data" / "places" / "combined-authorities.ttl")
    assert len(given) == len(written)
    assert values(given) == values(written)


def values(graph: rdflib.Graph) -> set[tuple[object, ...]]:
    """The triples with numbers as numbers, since a store may write 0.50 as 0.5."""
    return {(s, p, getattr(o, "toPython", lambda o=o: o)(), getattr(o, "language", None)) for s, p, o in graph}


def test_a_named_graph_has_a_page_with_its_licence_checksum_and_things(client: FlaskClient) -> None:
    found = page(client, "/graph/data/places/combined-authorities")
    assert {"file", "checksum"} <= set(found.ids)
    assert "CC BY 4.0" in found.text
    assert "/id/place/greater-manchester" in found.links


def test_a_folder_of_graphs_has_a_page_that_lists_its_files(client: FlaskClient) -> None:
    assert "/graph/data/places/combined-authorities" in page(client, "/graph/data/places").links


UNKNOWN = [
    "/id/innovation/nope",
    "/concept/route/nope",
    "/graph/nope",
    "/def/nope",
    "/nope",
    "/queries/nope",
    "/query/nope",
]


@pytest.mark.parametrize("address", UNKNOWN)
@pytest.mark.parametrize("accept", ["text/html", "text/turtle", "*/*"])
def test_what_is_not_here_is_said_in_a_sentence(address: str, accept: str, client: FlaskClient) -> None:
    answer = client.get(address, headers={"Accept": accept})
    assert answer.status_code == 404
    words = Page(answer.text).text if accept == "text/html" else answer.text
    assert "nope" in words
    assert any(word in words for word in ("Nothing is known of", "There is no")), words


def test_a_question_that_nearly_exists_is_offered(client: FlaskClient) -> None:
    assert "did you mean innovations-by-route" in client.get("/queries/innovations-by-rout").text


def test_the_address_of_a_query_leads_a_browser_to_its_page(client: FlaskClient) -> None:
    answer = client.get("/query/disagreements", headers=BROWSER)
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/queries/disagreements"


# --- every link ------------------------------------------------------------------------------------------------


FEW = 3
"""Links to things or concepts of one kind that are followed."""


@pytest.mark.heavy
def test_every_link_of_every_kind_of_page_leads_somewhere(client: FlaskClient) -> None:
    links: dict[str, str] = {}
    followed: Counter[str] = Counter()
    for address in ["/", "/queries", "/sparql", *(f"/queries/{name}" for name in QUESTIONS), *THINGS]:
        for link in Page(client.get(address, headers=BROWSER).text).links:
            kind = re.match(r"/(id|concept)/[^/]+/|/queries/[^.]*\?", whole := urljoin(address, link))
            if whole not in links and (not kind or followed[kind[0]] < FEW):
                followed[kind[0] if kind else ""] += 1
                links[whole] = address
    other_downloads = tuple(f".{form}" for form in ("json", "xml", "tsv", "n-triples", "rdf-xml", "json-ld"))
    seen: dict[str, set[str]] = {}
    for link, origin in links.items():
        if link.startswith(("http://", "https://")) or urldefrag(link).url.endswith(other_downloads):
            continue
        assert link.startswith("/"), (link, origin)
        place, fragment = urldefrag(link)
        if place not in seen:
            with client.get(place, headers=BROWSER, follow_redirects=True) as answer:
                assert answer.status_code == 200, (link, origin)
                seen[place] = set(Page(answer.text).ids) if answer.mimetype == "text/html" else set()
        assert not fragment or fragment in seen[place], (link, origin)
    assert len(seen) > 200
