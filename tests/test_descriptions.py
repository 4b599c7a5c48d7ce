"""What a description of a thing holds, for readers of this house and of others."""

import warnings

import pytest
import rdflib
from flask.testing import FlaskClient

from carekg import store
from carekg.store.embedded import EmbeddedStore
from carekg.terms import BASE, PREFIXES
from carekg.web.linked import description
from linked import IRIS, THINGS
from pages import page
from servers import Server

# --- what a description holds -------------------------------------------------------------------------------------


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


# --- what is not there --------------------------------------------------------------------------------------------


def test_what_is_nearly_there_is_offered_with_links(client: FlaskClient) -> None:
    answer = client.get("/id/innovation/shared-livs")
    assert answer.status_code == 404
    assert f"did you mean {BASE}id/innovation/shared-lives" in answer.text
    assert "/id/innovation/shared-lives" in page(client, "/id/innovation/shared-livs", 404).links
    assert f"{BASE}concept/route/partnerships" in client.get("/concept/route/partnership.ttl").text


def test_what_is_like_nothing_is_not_guessed_at(client: FlaskClient) -> None:
    assert client.get("/id/innovation/zzzzqqqq").text == f"Nothing is known of {BASE}id/innovation/zzzzqqqq.\n"


# --- JSON-LD by other people's readers ----------------------------------------------------------------------------


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
