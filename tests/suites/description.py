"""The W3C suite of the SPARQL 1.1 Service Description: three tests by name, and what each finds wrong."""

import pathlib
from collections.abc import Callable, Mapping
from typing import Final

import pyshacl
from rdflib import Graph, Namespace, URIRef

from suites.server import Server

SD: Final = Namespace("http://www.w3.org/ns/sparql-service-description#")
SHAPES: Final = pathlib.Path(__file__).with_name("description.ttl")
KNOWN: Final = frozenset({
    "Aggregate", "BasicFederatedQuery", "Dataset", "DereferencesURIs", "EmptyGraphs", "EntailmentProfile",
    "EntailmentRegime", "Feature", "Function", "Graph", "GraphCollection", "Language", "NamedGraph", "RequiresDataset",
    "SPARQL10Query", "SPARQL11Query", "SPARQL11Update", "Service", "UnionDefaultGraph", "availableGraphs",
    "defaultDataset", "defaultEntailmentRegime", "defaultGraph", "defaultSupportedEntailmentProfile", "endpoint",
    "entailmentRegime", "extensionAggregate", "extensionFunction", "feature", "graph", "inputFormat",
    "languageExtension", "name", "namedGraph", "propertyFeature", "resultFormat", "supportedEntailmentProfile",
    "supportedLanguage",
})
"""The terms of the vocabulary."""


def described(server: Server) -> Graph:
    """Give what a server says of itself when it is asked without a query."""
    answer = server.send("GET", server.sparql, headers={"Accept": "text/turtle"})
    return Graph().parse(data=answer.data, format="turtle", publicID=server.sparql)


def returns_rdf(server: Server) -> str:
    """Say what is wrong with the answer as such."""
    answer = server.send("GET", server.sparql, headers={"Accept": "text/turtle"})
    media = answer.headers.get("Content-Type", "").partition(";")[0]
    if answer.status != 200 or media != "text/turtle":
        return f"GET {server.sparql}: {answer.status} as {media}"
    return "" if len(described(server)) else "it says nothing"


def has_endpoint_triple(server: Server) -> str:
    """Say whether the service does not name the endpoint that was asked."""
    found = sorted(str(one) for one in described(server).objects(None, SD.endpoint))
    return "" if found == [server.sparql] else f"its endpoints are {found}, and {server.sparql} was asked"


def conforms_to_schema(server: Server) -> str:
    """Say what in the description the vocabulary does not allow."""
    graph = described(server)
    terms = {term for triple in graph for term in triple if isinstance(term, URIRef) and term.startswith(SD)}
    if unknown := sorted(term for term in terms if term.removeprefix(SD) not in KNOWN):
        return f"the vocabulary has no {', '.join(unknown)}"
    conforms, _, report = pyshacl.validate(graph, shacl_graph=Graph().parse(SHAPES))
    return "" if conforms else str(report)


TESTS: Final[Mapping[str, Callable[[Server], str]]] = {
    "returns-rdf": returns_rdf,
    "has-endpoint-triple": has_endpoint_triple,
    "conforms-to-schema": conforms_to_schema,
}
