"""Every IRI that the project mints leads to documents about it: the same triples in each format, with their graphs."""

import json
import re
import warnings
from collections import defaultdict
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urldefrag

import pyoxigraph as ox
import pytest
import rdflib
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

import small
from carekg import build, query, store, web
from carekg.store.embedded import EmbeddedStore
from carekg.terms import BASE, INFERRED, PREFIXES
from carekg.web.linked import description
from conftest import Server
from pages import BROWSER, Page, page

IRIS = "/id/innovation/iris"
ENDINGS = {
    "html": "text/html",
    "ttl": "text/turtle",
    "nt": "application/n-triples",
    "rdf": "application/rdf+xml",
    "jsonld": "application/ld+json",
    "trig": "application/trig",
    "nq": "application/n-quads",
}
READERS = {
    "ttl": ox.RdfFormat.TURTLE,
    "nt": ox.RdfFormat.N_TRIPLES,
    "rdf": ox.RdfFormat.RDF_XML,
    "trig": ox.RdfFormat.TRIG,
    "nq": ox.RdfFormat.N_QUADS,
}
THINGS = [IRIS, "/id/place/wigan", "/id/award/iris-violence-reduction-unit", "/id/passage/001-186-network",
          "/concept/route/partnerships", "/concept/route"]
DOCUMENTS = ["/def", "/shapes", "/catalogue", "/graph/data/sources/documents", "/query/disagreements"]
SAMPLE = 2
"""IRIs of one kind that are followed."""

Triples = set[tuple[str, str, str]]


def triples(data: bytes, ending: str) -> Triples:
    """The triples of a body, blank nodes left out since each format names them anew."""
    found = [quad.triple for quad in ox.parse(data, READERS[ending])]
    return {(str(t.subject), str(t.predicate), str(t.object)) for t in found
            if not isinstance(t.subject, ox.BlankNode) and not isinstance(t.object, ox.BlankNode)}


def from_jsonld(client: FlaskClient, data: bytes) -> Triples:
    """The triples of JSON-LD that names its context, which is put in its place as any loader would."""
    body = json.loads(data)
    assert body["@context"] == "http://localhost/context.jsonld"
    body["@context"] = (client.get("/context.jsonld").json or {})["@context"]
    whole = ox.serialize((q.triple for q in ox.parse(json.dumps(body), ox.RdfFormat.JSON_LD)),
                         format=ox.RdfFormat.N_TRIPLES)
    return triples(whole or b"", "nt")


def links(answer: TestResponse) -> dict[str, dict[str, str]]:
    """The targets of an answer's Link headers by relation, each with its type."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for line in answer.headers.getlist("Link"):
        match = re.fullmatch(r'<([^<>"\s]+)>; rel="([^"]+)"(?:; type="([^"]+)")?', line)
        assert match, line
        found[match[2]][match[1]] = match[3] or ""
    return found


# --- every IRI ------------------------------------------------------------------------------------------------------


def minted(graph: EmbeddedStore) -> dict[str, list[str]]:
    """IRIs of ours that stand anywhere in the graph, a few of each kind."""
    text = f"""SELECT DISTINCT ?iri WHERE {{
      {{ ?iri ?p ?o }} UNION {{ ?s ?iri ?o }} UNION {{ ?s ?p ?iri }} UNION {{ GRAPH ?iri {{ ?s ?p ?o }} }}
      FILTER(isIRI(?iri) && STRSTARTS(STR(?iri), "{BASE}")) }}"""
    kinds: dict[str, list[str]] = defaultdict(list)
    for row in store.rows(graph, text):
        document, fragment = urldefrag(row["iri"])
        kind = "/".join(document.removeprefix(BASE).split("/")[:2 if "/query/" not in document else 1])
        kinds[f"{kind}#{fragment if '/graph/' in document else ''}" if fragment else kind].append(row["iri"])
    return kinds


def test_every_kind_of_iri_that_is_minted_leads_to_a_document_that_speaks_of_it(
    client: FlaskClient, shipped_store: EmbeddedStore
) -> None:
    kinds = minted(shipped_store)
    assert len(kinds) > 80
    for kind, found in kinds.items():
        for iri in sorted(found)[::max(1, len(found) // SAMPLE)]:
            place = "/" + urldefrag(iri).url.removeprefix(BASE)
            answer = client.get(place, headers={"Accept": "text/turtle"}, follow_redirects=True)
            assert answer.status_code == 200, (kind, iri)
            told = answer.data
            for other in links(answer)["describedby"]:
                told += b"\n" + client.get(other, headers={"Accept": "text/turtle"}).data
            graph = triples(told, "ttl")
            assert f"<{iri}>" in {term for triple in graph for term in triple} or "/graph/" in iri, (kind, iri)


def test_every_term_of_the_vocabulary_is_a_subject_where_its_iri_leads(
    client: FlaskClient, shipped_store: EmbeddedStore
) -> None:
    for place in ("def", "shapes"):
        subjects = {s for s, _, _ in triples(client.get(f"/{place}.nt").data, "nt")}
        for row in store.rows(shipped_store, f"""SELECT DISTINCT ?iri WHERE {{
          ?iri a ?class FILTER(STRSTARTS(STR(?iri), "{BASE}{place}#")) }}"""):
            assert f"<{row['iri']}>" in subjects


def test_the_vocabulary_answers_for_its_version_and_for_no_other(client: FlaskClient) -> None:
    text = client.get("/def.nt").text
    (version,) = re.findall(r"versionIRI> <https://w3id\.org/carekg(/def/[^>]+)>", text)
    assert client.get(version, headers={"Accept": "application/n-triples"}).text == text
    assert client.get(f"{version}.nt").text == text
    assert client.get("/def/99.0.0").status_code == 404


# --- every format ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", [*THINGS, *DOCUMENTS])
def test_each_ending_gives_the_same_triples_in_its_format(place: str, client: FlaskClient) -> None:
    first = triples(client.get(f"{place}.nt").data, "nt")
    assert first
    for ending, media in ENDINGS.items():
        answer = client.get(f"{place}.{ending}")
        if ending == "html" and place.startswith("/query/"):
            assert (answer.status_code, answer.headers["Location"]) == (303, "/queries/disagreements")
            continue
        assert answer.status_code == 200, ending
        assert answer.mimetype == media
        if ending in READERS:
            assert triples(answer.data, ending) == first, ending
        if ending == "jsonld":
            assert from_jsonld(client, answer.data) == first


def test_a_large_graph_comes_as_the_engine_writes_it(client: FlaskClient) -> None:
    first = triples(client.get("/graph/inferred.nt").data, "nt")
    assert len(first) > 20_000
    for ending in ("ttl", "nq", "trig"):
        with client.get(f"/graph/inferred.{ending}") as answer:
            assert triples(answer.data, ending) == first
    assert f"<{INFERRED}> ." in client.get("/graph/inferred.nq").text
    with client.head("/graph/inferred.nq") as answer:
        assert (answer.status_code, answer.data) == (200, b"")


@pytest.mark.parametrize("ending", ["trig", "nq"])
@pytest.mark.parametrize("place", [*THINGS, "/def", "/graph/data/sources/documents"])
def test_each_triple_stands_in_a_graph_that_states_it(
    place: str, ending: str, client: FlaskClient, shipped_store: EmbeddedStore
) -> None:
    quads = [q for q in ox.parse(client.get(f"{place}.{ending}").data, READERS[ending])
             if not isinstance(q.subject, ox.BlankNode) and not isinstance(q.object, ox.BlankNode)]
    assert quads
    by_graph: dict[Any, set[str]] = defaultdict(set)
    for quad in quads:
        by_graph[quad.graph_name].add(str(quad.triple))
    union = by_graph.pop(ox.DefaultGraph())
    assert union == set().union(*by_graph.values())
    for name, found in by_graph.items():
        whole = store.Question(f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH {name} {{ ?s ?p ?o }} }}", "n-triples")
        known = {str(q.triple) for q in ox.parse(shipped_store.answer(whole).read(), ox.RdfFormat.N_TRIPLES)}
        assert found <= known, name


def test_what_was_inferred_is_marked_by_its_graph(client: FlaskClient) -> None:
    care = PREFIXES["care"]
    graphs = {str(q.predicate)[1:-1]: str(q.graph_name)[1:-1]
              for q in ox.parse(client.get(f"{IRIS}.nq").data, ox.RdfFormat.N_QUADS)
              if str(q.subject) == f"<{BASE}id/innovation/iris>" and isinstance(q.graph_name, ox.NamedNode)}
    assert graphs[f"{care}scaledVia"] == graphs[f"{care}isConcernOf"] == str(INFERRED)
    assert graphs[f"{care}innovationKind"] == f"{BASE}graph/data/wider/iris"


@pytest.mark.parametrize(("alias", "media"), [("json", "application/ld+json"), ("xml", "application/rdf+xml"),
                                             ("n3", "text/n3")])
def test_other_peoples_endings_are_understood(alias: str, media: str, client: FlaskClient) -> None:
    assert client.get(f"{IRIS}.{alias}").mimetype == media
    assert client.get(f"/def.{alias}").mimetype == media


@pytest.mark.parametrize("place", ["/def.pdf", "/catalogue.exe", "/query/disagreements.pdf", f"{IRIS}.pdf"])
def test_an_ending_that_no_format_has_is_not_found(place: str, client: FlaskClient) -> None:
    assert client.get(place).status_code == 404


def test_two_requests_for_the_same_give_the_same_bytes(client: FlaskClient) -> None:
    for ending in READERS:
        assert client.get(f"{IRIS}.{ending}").data == client.get(f"{IRIS}.{ending}").data


# --- negotiation, redirects, headers --------------------------------------------------------------------------------

ACCEPTED = {
    "text/html": "html",
    BROWSER["Accept"]: "html",
    "*/*": "ttl",
    "": "ttl",
    "text/turtle": "ttl",
    "application/ld+json": "jsonld",
    "application/rdf+xml;q=0.4, application/n-triples;q=0.6": "nt",
    "application/trig": "trig",
    "application/n-quads, text/turtle;q=0.9": "nq",
    "application/json": "jsonld",
    "text/html;q=0.3, application/rdf+xml": "rdf",
}


@pytest.mark.parametrize(("accept", "ending"), ACCEPTED.items())
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_thing_leads_to_the_document_that_is_wanted(
    accept: str, ending: str, method: str, client: FlaskClient
) -> None:
    answer = client.open(IRIS, method=method, headers={"Accept": accept})
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"{IRIS}.{ending}"
    assert "Accept" in answer.headers["Vary"]
    assert links(answer)["describedby"] == {f"{IRIS}.{one}": media for one, media in ENDINGS.items()}


@pytest.mark.parametrize("place", ["/concept/route/partnerships", "/concept/route", "/id/place/wigan"])
def test_what_is_no_document_never_answers_as_if_it_were(place: str, client: FlaskClient) -> None:
    for accept in ("text/html", "text/turtle", "*/*"):
        assert client.get(place, headers={"Accept": accept}).status_code == 303


@pytest.mark.parametrize("place", DOCUMENTS)
@pytest.mark.parametrize(("accept", "ending"), [("text/turtle", "ttl"), ("application/ld+json", "jsonld")])
def test_a_document_is_sent_at_once_and_says_where_that_form_stays(
    place: str, accept: str, ending: str, client: FlaskClient
) -> None:
    answer = client.get(place, headers={"Accept": accept})
    assert answer.status_code == 200
    assert answer.headers["Content-Location"] == f"{place}.{ending}"
    assert "Accept" in answer.headers["Vary"]
    assert client.get(answer.headers["Content-Location"]).data == answer.data
    assert links(answer)["describes"] == {f"https://w3id.org/carekg{place}": ""}


@pytest.mark.parametrize("place", [*THINGS, "/def", "/graph/inferred"])
@pytest.mark.parametrize("ending", ENDINGS)
def test_a_document_leads_to_its_other_forms_and_to_what_it_describes(
    place: str, ending: str, client: FlaskClient
) -> None:
    with client.head(f"{place}.{ending}") as answer:
        assert (answer.status_code, answer.data) == (200, b"")
    found = links(answer)
    assert found["alternate"] == {f"{place}.{one}": media for one, media in ENDINGS.items()}
    assert found["describes"] == {f"https://w3id.org/carekg{place}": ""}
    assert found["canonical"] == {f"http://localhost{place}.html": ""}


def test_a_document_names_the_class_of_what_it_is_about(client: FlaskClient) -> None:
    assert f"{PREFIXES['care']}Innovation" in links(client.head(f"{IRIS}.ttl"))["type"]


def test_a_page_leads_to_its_data(client: FlaskClient) -> None:
    for place in (IRIS, "/def", "/shapes", "/catalogue", "/graph/inferred"):
        assert {f"{place}.{one}" for one in ENDINGS if one != "html"} <= set(page(client, place).links)


def test_what_nobody_can_read_is_refused_with_what_there_is(client: FlaskClient) -> None:
    answer = client.get(IRIS, headers={"Accept": "image/png"})
    assert answer.status_code == 406
    assert "application/trig" in answer.text


def test_a_document_that_has_not_changed_is_not_sent_again(client: FlaskClient) -> None:
    tag = client.get(f"{IRIS}.ttl").headers["ETag"]
    again = client.get(f"{IRIS}.ttl", headers={"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")


def test_a_name_of_a_format_in_the_address_goes_before_what_is_accepted(client: FlaskClient) -> None:
    answer = client.get(f"{IRIS}?format=n-quads", headers=BROWSER)
    assert answer.headers["Location"] == f"{IRIS}.nq"


# --- what a description holds ---------------------------------------------------------------------------------------


def graph_of(client: FlaskClient, place: str) -> rdflib.Graph:
    return rdflib.Graph().parse(data=client.get(f"{place}.nt").data, format="nt")


def test_a_description_has_all_that_is_said_and_the_labels_of_what_it_points_to(
    client: FlaskClient, shipped_store: EmbeddedStore
) -> None:
    for place in THINGS:
        me = rdflib.URIRef("https://w3id.org/carekg" + place)
        made = graph_of(client, place)
        said = store.rows(shipped_store, f"SELECT ?p ?o WHERE {{ <{me}> ?p ?o }}")
        assert len(list(made.predicate_objects(me))) == len(said)
        label = f"<{PREFIXES['rdfs']}label>"
        labelled = store.rows(shipped_store, f"SELECT DISTINCT ?o WHERE {{ <{me}> ?p ?o . ?o {label} ?l }}")
        assert {row["o"] for row in labelled} <= {str(s) for s in made.subjects(rdflib.RDFS.label)}


def test_every_claim_that_concerns_an_innovation_can_be_reached_from_it(
    client: FlaskClient, shipped_store: EmbeddedStore
) -> None:
    care = PREFIXES["care"]
    claims = {row["c"] for row in store.rows(
        shipped_store, f"SELECT ?c WHERE {{ ?c <{care}concerns> <{BASE}id/innovation/iris> ; a <{care}Claim> }}")}
    made = graph_of(client, IRIS)
    found = {str(o) for o in made.objects(rdflib.URIRef(f"{BASE}id/innovation/iris"))}
    assert len(claims) > 20
    assert claims <= found
    assert claims <= {str(s) for s in made.subjects(rdflib.URIRef(f"{care}summary"))}, "each says what it claims"


def test_stated_links_to_a_thing_are_given_and_inferred_ones_left_to_their_subjects(client: FlaskClient) -> None:
    made = graph_of(client, "/concept/route/partnerships")
    me = rdflib.URIRef(f"{BASE}concept/route/partnerships")
    linking = set(made.predicates(object=me))
    assert rdflib.URIRef(PREFIXES["care"] + "route") in linking
    assert rdflib.URIRef(PREFIXES["care"] + "scaledVia") not in linking


def test_a_description_that_leaves_links_out_says_so(client: FlaskClient) -> None:
    place = "/concept/confidence/high"
    answer = client.get(f"{place}.nt")
    assert str(description.MOST) in answer.headers["Carekg-Cut"]
    made = rdflib.Graph().parse(data=answer.data, format="nt")
    assert len(list(made.subjects(object=rdflib.URIRef(BASE + place[1:])))) == description.MOST
    (note,) = made.objects(rdflib.URIRef(f"http://localhost{place}.nt"), rdflib.RDFS.comment)
    assert "SPARQL gives them all" in note
    assert "Carekg-Cut" not in client.get(f"{IRIS}.nt").headers


# --- a world with everything odd in it ------------------------------------------------------------------------------

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
def odd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """A small world with blank nodes, markup, removed things and addresses that need care."""
    place = tmp_path_factory.mktemp("odd")
    made = small.good_folder(place / "world")
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
    body = odd.get("/id/innovation/moon-walks.jsonld").data
    loaded = json.loads(body)
    loaded["@context"] = (odd.get("/context.jsonld").json or {})["@context"]
    one, other = ox.Dataset(ox.parse(json.dumps(loaded), ox.RdfFormat.JSON_LD)), ox.Dataset(
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


# --- what was removed -----------------------------------------------------------------------------------------------

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


# --- what is not there ----------------------------------------------------------------------------------------------


def test_what_is_nearly_there_is_offered_with_links(client: FlaskClient) -> None:
    answer = client.get("/id/innovation/shared-livs")
    assert answer.status_code == 404
    assert f"did you mean {BASE}id/innovation/shared-lives" in answer.text
    assert "/id/innovation/shared-lives" in page(client, "/id/innovation/shared-livs", 404).links
    assert f"{BASE}concept/route/partnerships" in client.get("/concept/route/partnership.ttl").text


def test_what_is_like_nothing_is_not_guessed_at(client: FlaskClient) -> None:
    assert client.get("/id/innovation/zzzzqqqq").text == f"Nothing is known of {BASE}id/innovation/zzzzqqqq.\n"


# --- JSON-LD by other people's readers ------------------------------------------------------------------------------


@pytest.mark.parametrize("place", [IRIS, "/id/place/wigan", "/concept/route", "/graph/data/sources/documents"])
def test_rdflib_fetches_the_context_and_reads_the_same_triples(place: str, server: Server) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # rdflib's own parser uses what rdflib deprecates
        made = rdflib.Graph().parse(f"{server.base}{place}.jsonld", format="json-ld")
    plain = rdflib.Graph().parse(f"{server.base}{place}.nt", format="nt")
    assert len(plain) > 10
    assert shown(made) == shown(plain)


def shown(graph: rdflib.Graph) -> set[tuple[str, str, str]]:
    """The triples of a graph with numbers as they are written."""
    return {(s.n3(), p.n3(), o.n3()) for s, p, o in graph}
