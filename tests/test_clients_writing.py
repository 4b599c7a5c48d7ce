"""Other people's clients write to a server on an empty folder, with its token, and read back what they wrote."""

from urllib.error import HTTPError

import pytest
import SPARQLWrapper as Wrapper
from rdflib import RDFS, Dataset, Graph, Literal, URIRef
from rdflib.graph import DATASET_DEFAULT_GRAPH_ID
from rdflib.plugins.stores.sparqlstore import SPARQLUpdateStore

from suites import server as suite

CAT, DOG, BOX = URIRef("http://example.org/cat"), URIRef("http://example.org/dog"), URIRef("http://example.org/box")
LONG = "a word " * 40_000
"""More than an address would hold."""

pytestmark = [pytest.mark.filterwarnings(f"ignore:{name}:DeprecationWarning")
              for name in ("ConjunctiveGraph is deprecated", "Dataset.default_context is deprecated")]


def opened(other: suite.Server, **options: object) -> SPARQLUpdateStore:
    """The endpoint as a store of rdflib that may write."""
    headers = {"Authorization": f"Bearer {other.token}"} if other.token else {}
    return SPARQLUpdateStore(other.sparql, other.sparql, headers=headers, **options)


def default(store: SPARQLUpdateStore) -> Graph:
    """The default graph of an endpoint, as rdflib names it."""
    return Graph(store, identifier=DATASET_DEFAULT_GRAPH_ID)


# --- rdflib ------------------------------------------------------------------------------------------------------


def test_rdflib_adds_and_removes_triples(other: suite.Server) -> None:
    graph = default(opened(other))
    graph.add((CAT, RDFS.label, Literal("cat", lang="en")))
    graph.add((DOG, RDFS.label, Literal('a\n"quoted" \\ line')))
    assert set(graph.objects()) == {Literal("cat", lang="en"), Literal('a\n"quoted" \\ line')}
    graph.remove((DOG, None, None))
    graph.set((CAT, RDFS.label, Literal("tabby")))
    assert list(graph) == [(CAT, RDFS.label, Literal("tabby"))]


def test_rdflib_adds_a_whole_graph(other: suite.Server) -> None:
    own = Graph().parse(data="".join(f"<x:{n}> <x:number> {n} ." for n in range(500)), format="turtle")
    box = Graph(opened(other), identifier=BOX)
    box += own
    assert set(box) == set(own)


def test_rdflib_keeps_graphs_apart(other: suite.Server) -> None:
    store = opened(other)
    box = Graph(store, identifier=BOX)
    box.add((CAT, RDFS.label, Literal("cat")))
    default(store).add((DOG, RDFS.label, Literal("dog")))
    assert set(box.subjects()) == {CAT}
    assert set(default(opened(other)).subjects()) == {DOG}
    assert BOX in {one.identifier for one in Dataset(store=opened(other), default_union=False).graphs()}
    box.remove((None, None, None))
    assert len(box) == 0


@pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])
def test_rdflib_sends_an_update_and_reads_what_it_did(other: suite.Server, method: str) -> None:
    graph = Graph(opened(other, method=method), identifier=BOX)
    graph.update(f"INSERT DATA {{ <{CAT}> a <{DOG}> }}")
    graph.update("INSERT { ?s rdfs:label ?words } WHERE { ?s ?p ?o }", initNs={"rdfs": RDFS},
                 initBindings={"words": Literal("said")})
    assert graph.value(CAT, RDFS.label) == Literal("said")
    assert len(graph) == 2


def test_rdflib_keeps_changes_back_until_they_are_committed(other: suite.Server) -> None:
    store = opened(other, autocommit=False, dirty_reads=True)
    graph = default(store)
    graph.add((CAT, RDFS.label, Literal("cat")))
    graph.add((DOG, RDFS.label, Literal("dog")))
    assert len(default(opened(other))) == 0
    store.commit()
    assert len(default(opened(other))) == 2


def test_rdflib_sends_more_than_an_address_holds(other: suite.Server) -> None:
    graph = default(opened(other, method="POST"))
    graph.add((CAT, RDFS.comment, Literal(LONG)))
    assert graph.value(CAT, RDFS.comment) == Literal(LONG)


def test_rdflib_is_refused_without_the_token(other: suite.Server) -> None:
    with pytest.raises(HTTPError) as told:
        default(SPARQLUpdateStore(other.sparql, other.sparql)).add((CAT, RDFS.label, Literal("cat")))
    with told.value as error:
        assert error.code == 401
    assert len(default(opened(other))) == 0


# --- SPARQLWrapper -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("sent", ["urlencoded", "postdirectly"])
def test_sparqlwrapper_sends_an_update(other: suite.Server, sent: str) -> None:
    one = Wrapper.SPARQLWrapper(other.sparql)
    one.addCustomHttpHeader("Authorization", f"Bearer {other.token}")
    one.setMethod(Wrapper.POST)
    one.setRequestMethod(sent)
    one.setQuery(f'INSERT DATA {{ <{CAT}> <{RDFS.label}> "cat" ; <{RDFS.comment}> "{LONG}" }}')
    assert one.isSparqlUpdateRequest()
    answer = one.query().response
    assert (answer.status, answer.read()) == (204, b"")
    assert (CAT, RDFS.label, Literal("cat")) in default(opened(other))


def test_sparqlwrapper_is_refused_without_the_token(other: suite.Server) -> None:
    one = Wrapper.SPARQLWrapper(other.sparql)
    one.setMethod(Wrapper.POST)
    one.setQuery(f"INSERT DATA {{ <{CAT}> a <{DOG}> }}")
    with pytest.raises(Wrapper.SPARQLExceptions.Unauthorized, match="token"):
        one.query()


def test_sparqlwrapper_is_told_where_an_update_is_malformed(other: suite.Server) -> None:
    one = Wrapper.SPARQLWrapper(other.sparql)
    one.addCustomHttpHeader("Authorization", f"Bearer {other.token}")
    one.setMethod(Wrapper.POST)
    one.setQuery("INSERT DATA { <x:a> <x:b> }")
    with pytest.raises(Wrapper.SPARQLExceptions.QueryBadFormed, match="line 1, column"):
        one.query()
