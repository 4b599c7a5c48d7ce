"""Comunica and sparql-http-client, installed from npm, ask the real server as their users would."""

from typing import Any

import pytest

import node
from carekg.terms import BASE, CARE
from servers import Server
from suites import server as suite

IRIS = BASE + "id/innovation/iris"
LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
NAMES = f"SELECT ?thing ?name WHERE {{ ?thing a <{CARE.Innovation}> ; <{LABEL}> ?name }} ORDER BY ?thing LIMIT 3"
NAME = f"SELECT ?name WHERE {{ <{IRIS}> <{LABEL}> ?name }}"
CLIENTS = ["comunica", "sparql-http-client"]

pytestmark = pytest.mark.heavy


def read(server: Server, client: str, kind: str, query: str) -> Any:
    """What a client makes of the endpoint's answer."""
    return node.asked(client=client, kind=kind, query=query, sources=[f"{server.base}/sparql"],
                      endpoint=f"{server.base}/sparql")


@pytest.mark.parametrize("client", CLIENTS)
def test_a_client_on_node_reads_a_table(server: Server, client: str) -> None:
    found = read(server, client, "select", NAMES)
    assert [row["thing"].startswith(BASE + "id/innovation/") for row in found] == [True] * 3


@pytest.mark.parametrize("client", CLIENTS)
def test_a_client_on_node_reads_yes_and_no(server: Server, client: str) -> None:
    assert read(server, client, "ask", f"ASK {{ <{IRIS}> a <{CARE.Innovation}> }}") is True
    assert read(server, client, "ask", f"ASK {{ <{IRIS}> a <x:nothing> }}") is False


@pytest.mark.parametrize("client", CLIENTS)
def test_a_client_on_node_reads_a_graph(server: Server, client: str) -> None:
    found = read(server, client, "construct", f"CONSTRUCT {{ <{IRIS}> ?p ?o }} WHERE {{ <{IRIS}> ?p ?o }}")
    assert [IRIS, LABEL, "IRIS", ""] in found


@pytest.mark.parametrize("ending", ["", ".ttl", ".nt", ".rdf", ".jsonld", ".trig"])
def test_comunica_reads_a_thing_at_its_address(server: Server, ending: str) -> None:
    found = node.asked(client="comunica", kind="select", query=NAME,
                       sources=[f"{server.base}/id/innovation/iris{ending}"])
    assert found == [{"name": "IRIS"}]


def test_comunica_reads_the_graphs_that_a_thing_stands_in(server: Server) -> None:
    query = f"SELECT ?graph WHERE {{ GRAPH ?graph {{ <{IRIS}> <{LABEL}> ?name }} }}"
    found = node.asked(client="comunica", kind="select", query=query,
                       sources=[f"{server.base}/id/innovation/iris.trig"])
    assert [row["graph"].startswith(BASE + "graph/data/") for row in found] == [True]


def test_comunica_reads_the_description_of_the_dataset(server: Server) -> None:
    query = "PREFIX void: <http://rdfs.org/ns/void#> SELECT ?at WHERE { ?dataset void:sparqlEndpoint ?at }"
    found = node.asked(client="comunica", kind="select", query=query, sources=[f"{server.base}/.well-known/void"])
    assert {row["at"] for row in found} == {f"{server.base}/sparql"}


def test_comunica_finds_out_by_itself_what_an_address_serves(server: Server) -> None:
    query = "SELECT ?at WHERE { ?service <http://www.w3.org/ns/sparql-service-description#endpoint> ?at }"
    found = node.asked(client="comunica", kind="select", query=query,
                       sources=[{"type": "file", "value": f"{server.base}/sparql"}])
    assert found == [{"at": f"{server.base}/sparql"}]


def test_comunica_joins_two_endpoints_and_a_document(server: Server, other: suite.Server) -> None:
    assert other.update(f'INSERT DATA {{ <{IRIS}> <x:note> "ours" }}').status < 300
    query = f"SELECT ?name ?note ?kind WHERE {{ <{IRIS}> <{LABEL}> ?name ; <x:note> ?note ; a ?kind }}"
    found = node.asked(client="comunica", kind="select", query=query,
                       sources=[f"{server.base}/sparql", other.sparql, f"{server.base}/id/innovation/iris.ttl"])
    assert {"name": "IRIS", "note": "ours", "kind": str(CARE.Innovation)} in found


def test_comunica_calls_the_endpoint_with_service(server: Server) -> None:
    query = f"SELECT ?name WHERE {{ SERVICE <{server.base}/sparql> {{ <{IRIS}> <{LABEL}> ?name }} }}"
    document = f"{server.base}/id/innovation/iris.ttl"
    assert node.asked(client="comunica", kind="select", query=query, sources=[document]) == [{"name": "IRIS"}]


@pytest.mark.parametrize("client", CLIENTS)
def test_a_client_on_node_sends_an_update(other: suite.Server, client: str) -> None:
    target = {"type": "sparql", "value": other.sparql}
    node.asked(client=client, kind="update", query=f'INSERT DATA {{ <x:{client}> <x:says> "hello" }}',
               sources=[target], destination=target, endpoint=other.sparql, token=other.token)
    found = node.asked(client=client, kind="select", query=f"SELECT ?said WHERE {{ <x:{client}> <x:says> ?said }}",
                       sources=[other.sparql], endpoint=other.sparql)
    assert found == [{"said": "hello"}]


def test_sparql_http_client_reads_from_the_graph_store_and_is_told_why_it_may_not_stream_into_it(
    other: suite.Server
) -> None:
    box = "http://example.org/box"
    assert other.update(f"INSERT DATA {{ <x:d> <x:e> 'f' . GRAPH <{box}> {{ <x:a> <x:b> 'c' }} }}").status < 300
    ends = {"client": "sparql-http-client", "store": other.store, "token": other.token, "endpoint": other.sparql}
    assert [quad[:3] for quad in node.asked(kind="get", destination=box, **ends)] == [["x:a", "x:b", "c"]]
    with pytest.raises(RuntimeError, match="Content-Length"):
        node.asked(kind="put", query="CONSTRUCT WHERE { ?s ?p ?o }", destination=box, **ends)
    assert [quad[:3] for quad in node.asked(kind="get", destination=box, **ends)] == [["x:a", "x:b", "c"]]
