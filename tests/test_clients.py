"""Other people's clients read from the real server as their users would: SPARQLWrapper, rdflib, pyoxigraph, CSV."""

import csv
import io
import urllib.request
from typing import Any

import pyoxigraph as ox
import pytest
import rdflib
import SPARQLWrapper as Wrapper
from rdflib import RDFS, Dataset, Graph, Literal, URIRef
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper import SPARQLExceptions

from carekg import store
from carekg.store.embedded import EmbeddedStore
from carekg.terms import BASE, CARE
from servers import Server

IRIS = BASE + "id/innovation/iris"
INNOVATION = str(CARE.Innovation)
NAMES = f"SELECT ?thing ?name WHERE {{ ?thing a <{INNOVATION}> ; <{RDFS.label}> ?name }} ORDER BY ?thing LIMIT 20"
TRIPLES = f"CONSTRUCT {{ ?s <{RDFS.label}> ?o }} WHERE {{ ?s a <{INNOVATION}> ; <{RDFS.label}> ?o }}"
METHODS = [("GET", "urlencoded"), ("POST", "urlencoded"), ("POST", "postdirectly")]
GRAPH_FORMATS = {None: "xml", Wrapper.XML: "xml", Wrapper.RDFXML: "xml", Wrapper.TURTLE: "turtle", Wrapper.N3: "n3",
                 Wrapper.JSONLD: "json-ld"}
"""What a user of SPARQLWrapper asks for, nothing included, and how rdflib reads what comes."""

pytestmark = [pytest.mark.filterwarnings(f"ignore:{name} is deprecated:DeprecationWarning")
              for name in ("ConjunctiveGraph", "Dataset.default_context", "Dataset.identifier")]


@pytest.fixture(scope="module")
def named(shipped_store: EmbeddedStore) -> dict[str, str]:
    """The names of innovations by IRI, asked of the store itself."""
    found = {row["thing"]: row["name"] for row in store.rows(shipped_store, NAMES)}
    assert len(found) == 20
    return found


@pytest.fixture(scope="module")
def triples(shipped_store: EmbeddedStore) -> set[Any]:
    """The triples that describe innovations by name, asked of the store itself."""
    return set(Graph().parse(shipped_store.answer(store.Question(TRIPLES, "n-triples")).read(), format="nt"))


# --- SPARQLWrapper -----------------------------------------------------------------------------------------------


def wrapped(server: Server, query: str, form: str | None, method: str = "GET",
            sent: str = "urlencoded") -> Wrapper.SPARQLWrapper:
    """A request as SPARQLWrapper's users write it."""
    one = Wrapper.SPARQLWrapper(f"{server.base}/sparql")
    one.setQuery(query)
    one.setMethod(method)
    one.setRequestMethod(sent)
    if form:
        one.setReturnFormat(form)
    return one


@pytest.mark.parametrize(("method", "sent"), METHODS)
def test_sparqlwrapper_reads_a_table_as_json(server: Server, named: dict[str, str], method: str, sent: str) -> None:
    found = wrapped(server, NAMES, Wrapper.JSON, method, sent).queryAndConvert()
    assert {row["thing"]["value"]: row["name"]["value"] for row in found["results"]["bindings"]} == named


@pytest.mark.parametrize("form", [None, Wrapper.XML])
@pytest.mark.parametrize(("method", "sent"), METHODS)
def test_sparqlwrapper_reads_a_table_as_xml(
    server: Server, named: dict[str, str], form: str | None, method: str, sent: str
) -> None:
    found = wrapped(server, NAMES, form, method, sent).queryAndConvert()
    assert [one.firstChild.data for one in found.getElementsByTagName("uri")] == list(named)


@pytest.mark.parametrize(("form", "delimiter"), [(Wrapper.CSV, ","), (Wrapper.TSV, "\t")])
@pytest.mark.parametrize(("method", "sent"), METHODS)
def test_sparqlwrapper_reads_a_table_as_lines(
    server: Server, named: dict[str, str], form: str, delimiter: str, method: str, sent: str
) -> None:
    text = wrapped(server, NAMES, form, method, sent).queryAndConvert().decode()
    rows = list(csv.reader(io.StringIO(text), delimiter=delimiter, quoting=csv.QUOTE_NONE))
    assert [row[0].strip("<>") for row in rows[1:]] == list(named)


def test_sparqlwrapper2_reads_a_table_by_variable(server: Server, named: dict[str, str]) -> None:
    one = Wrapper.SPARQLWrapper2(f"{server.base}/sparql")
    one.setQuery(NAMES)
    found = one.query().bindings
    assert {row["thing"].value: row["name"].value for row in found} == named
    assert {row["name"].lang for row in found} == {"en"}


@pytest.mark.parametrize("form", list(GRAPH_FORMATS), ids=str)
@pytest.mark.parametrize(("method", "sent"), METHODS)
def test_sparqlwrapper_reads_a_graph(
    server: Server, triples: set[Any], form: str | None, method: str, sent: str
) -> None:
    found = wrapped(server, TRIPLES, form, method, sent).queryAndConvert()
    graph = found if isinstance(found, Graph) else Graph().parse(found, format=GRAPH_FORMATS[form])
    assert set(graph.triples((None, None, None))) == triples


@pytest.mark.parametrize("form", [None, Wrapper.XML, Wrapper.JSON])
@pytest.mark.parametrize(("pattern", "truth"), [(f"?s a <{INNOVATION}>", True), ("?s a <x:nothing>", False)])
def test_sparqlwrapper_reads_yes_and_no(server: Server, form: str | None, pattern: str, truth: bool) -> None:
    found = wrapped(server, f"ASK {{ {pattern} }}", form).queryAndConvert()
    said = found["boolean"] if form == Wrapper.JSON else found.getElementsByTagName("boolean")[0].firstChild.data
    assert str(said).lower() == str(truth).lower()


@pytest.mark.parametrize(("method", "sent"), METHODS)
def test_sparqlwrapper_narrows_a_query_to_a_graph(server: Server, method: str, sent: str) -> None:
    one = wrapped(server, "SELECT ?s WHERE { ?s ?p ?o } LIMIT 1", Wrapper.JSON, method, sent)
    one.addDefaultGraph(BASE + "graph/none/such")
    assert one.queryAndConvert()["results"]["bindings"] == []
    one = wrapped(server, "SELECT DISTINCT ?g WHERE { GRAPH ?g { ?s ?p ?o } }", Wrapper.JSON, method, sent)
    one.addNamedGraph(BASE + "graph/inferred")
    assert [row["g"]["value"] for row in one.queryAndConvert()["results"]["bindings"]] == [BASE + "graph/inferred"]


def test_sparqlwrapper_tells_where_a_query_is_malformed(server: Server) -> None:
    with pytest.raises(SPARQLExceptions.QueryBadFormed, match="line 1, column"):
        wrapped(server, "SELECT ?s WHERE { ?s ?p }", Wrapper.JSON).query()


# --- rdflib ------------------------------------------------------------------------------------------------------


def remote(server: Server, **options: str) -> Graph:
    """A graph of rdflib that stands for the endpoint."""
    return Graph(SPARQLStore(f"{server.base}/sparql", **options))


@pytest.mark.parametrize("form", ["xml", "json", "csv", "tsv"])
@pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])
def test_rdflib_reads_a_table(server: Server, named: dict[str, str], method: str, form: str) -> None:
    found = remote(server, method=method, returnFormat=form).query(NAMES)
    assert {str(row[0]): str(row[1]) for row in found} == named  # type: ignore[index]


@pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])
def test_rdflib_reads_a_graph(server: Server, triples: set[Any], method: str) -> None:
    assert set(remote(server, method=method).query(TRIPLES).graph or ()) == triples
    assert URIRef(IRIS) in {s for s, _, _ in remote(server, method=method).query(f"DESCRIBE <{IRIS}>").graph or ()}


def test_rdflib_uses_the_endpoint_as_a_graph(server: Server) -> None:
    graph = remote(server)
    assert graph.value(URIRef(IRIS), RDFS.label) == Literal("IRIS", lang="en")
    assert (URIRef(IRIS), rdflib.RDF.type, URIRef(INNOVATION)) in graph
    assert (URIRef(IRIS), rdflib.RDF.type, RDFS.Class) not in graph
    assert len(set(graph.predicates(URIRef(IRIS)))) > 5
    assert bool(graph.query("ASK { ?s ?p ?o }"))
    found = graph.query("SELECT ?name WHERE { ?thing rdfs:label ?name }", initBindings={"thing": URIRef(IRIS)})
    assert [str(row[0]) for row in found] == ["IRIS"]  # type: ignore[index]


def test_rdflib_reads_a_named_graph_of_the_endpoint(server: Server, shipped_store: EmbeddedStore) -> None:
    inferred = BASE + "graph/inferred"
    count = store.rows(shipped_store, f"SELECT (COUNT(*) AS ?n) WHERE {{ GRAPH <{inferred}> {{ ?s ?p ?o }} }}")
    graph = Graph(SPARQLStore(f"{server.base}/sparql"), identifier=URIRef(inferred))
    assert len(graph) == int(count[0]["n"])


def test_rdflib_joins_the_endpoint_to_data_of_ones_own(server: Server) -> None:
    own = Graph().parse(data=f'<{IRIS}> <x:note> "mine" .', format="turtle")
    query = (f"SELECT ?name ?note WHERE {{ ?thing <x:note> ?note . "
             f"SERVICE <{server.base}/sparql> {{ ?thing <{RDFS.label}> ?name }} }}")
    assert [tuple(map(str, row)) for row in own.query(query)] == [("IRIS", "mine")]  # type: ignore[arg-type]


@pytest.mark.parametrize("form", [None, "turtle", "xml", "nt", "json-ld", "n3"])
def test_rdflib_reads_a_thing_at_its_address(server: Server, form: str | None) -> None:
    graph = Graph().parse(f"{server.base}/id/innovation/iris", format=form)
    assert graph.value(URIRef(IRIS), RDFS.label) == Literal("IRIS", lang="en")


@pytest.mark.parametrize(("ending", "form"), [("", "trig"), (".trig", "trig"), (".nq", "nquads")])
def test_rdflib_reads_a_thing_with_the_graphs_that_it_stands_in(server: Server, ending: str, form: str) -> None:
    dataset = Dataset()  # asked for N-Quads without an ending, rdflib accepts every format alike
    dataset.parse(f"{server.base}/id/innovation/iris{ending}", format=form)
    graphs = {str(graph) for _, _, _, graph in dataset.quads((URIRef(IRIS), None, None, None))}
    assert any(graph.startswith(BASE + "graph/data/") for graph in graphs)


# --- pyoxigraph and plain readers --------------------------------------------------------------------------------


def test_pyoxigraph_joins_the_endpoint_to_data_of_ones_own(server: Server) -> None:
    own = ox.Store()
    own.add(ox.Quad(ox.NamedNode(IRIS), ox.NamedNode("x:note"), ox.Literal("mine")))
    found = own.query(f"SELECT ?name ?note WHERE {{ ?thing <x:note> ?note . "
                      f"SERVICE <{server.base}/sparql> {{ ?thing <{RDFS.label}> ?name }} }}")
    assert isinstance(found, ox.QuerySolutions)
    assert [(row["name"].value, row["note"].value) for row in found] == [("IRIS", "mine")]


def test_pyoxigraph_reads_what_is_downloaded(server: Server) -> None:
    with urllib.request.urlopen(f"{server.base}/id/innovation/iris.ttl", timeout=30) as answer:
        found = list(ox.parse(answer, ox.RdfFormat.TURTLE))
    assert any(quad.subject == ox.NamedNode(IRIS) for quad in found)


def test_a_reader_of_csv_needs_an_address_and_nothing_else(server: Server) -> None:
    address = f"{server.base}/queries/innovations-by-route.csv?route=licensing-and-affiliation"
    with urllib.request.urlopen(address, timeout=30) as answer:
        assert answer.headers.get_content_type() == "text/csv"
        rows = list(csv.DictReader(io.TextIOWrapper(answer, "utf-8", newline="")))
    assert any(row["innovation"].startswith(BASE) for row in rows)
    assert {None} not in [set(row) for row in rows]
