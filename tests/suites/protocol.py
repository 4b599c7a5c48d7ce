"""The W3C suite of the SPARQL 1.1 Protocol: its tests by name, each as the requests that its manifest describes."""

from typing import Final
from urllib.parse import urlencode

from suites.exchange import Exchange, Request

DATA: Final = "http://kasei.us/2009/09/sparql/data/"
GRAPHS: Final = tuple(
    (f"{DATA}data{n}.rdf", f"<{DATA}data{n}.rdf> "
     "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://xmlns.com/foaf/0.1/Document> .\n")
    for n in (1, 2, 3)
)
"""Three documents, each described in the graph of its name."""

FORM: Final = {"Content-Type": "application/x-www-form-urlencoded"}
QUERY: Final = {"Content-Type": "application/sparql-query"}
UPDATE: Final = {"Content-Type": "application/sparql-update"}
FINE: Final = ("2xx", "3xx")
BAD: Final = ("4xx",)
NAMED_1_2: Final = f"GRAPH ?g1 {{ <{DATA}data1.rdf> a ?type }} GRAPH ?g2 {{ <{DATA}data2.rdf> a ?type }}"


def at(*parameters: tuple[str, str], endpoint: str = "{sparql}") -> str:
    """Give the endpoint's address with parameters."""
    return endpoint + (f"?{urlencode(parameters)}" if parameters else "")


def to(*parameters: tuple[str, str]) -> str:
    """Give the address for updates with parameters."""
    return at(*parameters, endpoint="{updates}")


def graphs(kind: str, *numbers: int) -> list[tuple[str, str]]:
    """Give the parameters that name some of the three graphs."""
    return [(f"{kind}-graph-uri", f"{DATA}data{n}.rdf") for n in numbers]


def asked(text: str, *parameters: tuple[str, str], form: str = "truth", truth: bool | None = True) -> Request:
    """Give a query as the body of a POST."""
    return Request("POST", at(*parameters), FINE, text.encode(), QUERY, form, truth)


def changed(text: str, *parameters: tuple[str, str]) -> Request:
    """Give an update as the body of a POST."""
    return Request("POST", to(*parameters), FINE, text.encode(), UPDATE)


def refused(address: str, body: bytes, headers: dict[str, str]) -> Request:
    """Give a POST that has to be refused."""
    return Request("POST", address, BAD, body, headers)


def dataset(
    key: str, where: str, parameters: list[tuple[str, str]], then: str, made: str = "?s a dc:Found",
) -> Exchange:
    """Give a test of an update whose dataset comes from parameters: it writes into a graph, which is looked at."""
    data = " ".join(f"GRAPH <{name}> {{ {triples} }}" for name, triples in GRAPHS)
    into = f"http://example.org/protocol-{key.replace('_', '-')}-test/"
    text = ("PREFIX dc: <http://purl.org/dc/terms/> PREFIX foaf: <http://xmlns.com/foaf/0.1/> "
            f"DROP ALL ; INSERT DATA {{ {data} }} ; INSERT {{ GRAPH <{into}> {{ {made} }} }} WHERE {{ {where} }}")
    look = f"PREFIX dc: <http://purl.org/dc/terms/> ASK {{ {then.replace('INTO', f'<{into}>')} }}"
    return Exchange("sparql11/protocol", key, (changed(text, *parameters), asked(look)))


def found(*numbers: int, absent: tuple[int, ...]) -> str:
    """Give the pattern that some documents were found, and others not."""
    there = " . ".join(f"<{DATA}data{n}.rdf> a dc:Found" for n in numbers)
    missing = " ".join(f"FILTER NOT EXISTS {{ GRAPH INTO {{ <{DATA}data{n}.rdf> ?p{n} ?o{n} }} }}" for n in absent)
    return f"GRAPH INTO {{ {there} }} {missing}"


def one(key: str, *requests: Request, held: tuple[tuple[str, str], ...] = ()) -> Exchange:
    """Give a test of this suite."""
    return Exchange("sparql11/protocol", key, requests, held)


UNKNOWN: Final = ("default-graph-uri", f"{DATA}data0.rdf")
BOTH_TYPES: Final = f"<{DATA}data1.rdf> a ?type . <{DATA}data2.rdf> a ?type ."

QUERIES: Final = (
    one("query_post_form", Request("POST", at(UNKNOWN), FINE, b"query=ASK%20%7B%7D", FORM, "truth", True)),
    one("query_dataset_default_graphs_get",
        Request("GET", at(("query", f"ASK {{ {BOTH_TYPES} }}"), *graphs("default", 1, 2)), FINE,
                form="truth", truth=True),
        held=GRAPHS),
    one("query_dataset_default_graphs_post", asked(f"ASK {{ {BOTH_TYPES} }}", *graphs("default", 1, 2)), held=GRAPHS),
    one("query_dataset_named_graphs_post", asked(f"ASK {{ {NAMED_1_2} }}", *graphs("named", 1, 2)), held=GRAPHS),
    one("query_dataset_named_graphs_get",
        Request("GET", at(("query", f"ASK {{ {NAMED_1_2} }}"), *graphs("named", 1, 2)), FINE, form="truth", truth=True),
        held=GRAPHS),
    one("query_dataset_full",
        asked(f"ASK {{ <{DATA}data3.rdf> a ?type {NAMED_1_2} }}", *graphs("default", 3), *graphs("named", 1, 2)),
        held=GRAPHS),
    one("query_multiple_dataset",
        asked(f"ASK FROM <{DATA}data3.rdf> {{ {NAMED_1_2} }}", *graphs("named", 1, 2)), held=GRAPHS),
    one("query_get", Request("GET", at(("query", "ASK {}"), UNKNOWN), FINE, form="truth", truth=True)),
    one("query_content_type_select", asked("SELECT (1 AS ?value) {}", UNKNOWN, form="table", truth=None)),
    one("query_content_type_ask", asked("ASK {}", UNKNOWN)),
    one("query_content_type_describe", asked("DESCRIBE <http://example.org/>", UNKNOWN, form="graph", truth=None)),
    one("query_content_type_construct",
        asked("CONSTRUCT { <s> <p> 1 } WHERE {}", UNKNOWN, form="graph", truth=None)),
    one("query_post_direct", asked("ASK {}")),
    one("bad_query_method", Request("PUT", at(("query", "ASK {}"), UNKNOWN), BAD, b"", FORM)),
    one("bad_multiple_queries", Request("GET", at(("query", "ASK {}"), ("query", "SELECT * {}")), BAD)),
    one("bad_query_wrong_media_type", refused(at(), b"ASK {}", {"Content-Type": "text/plain"})),
    one("bad_query_missing_form_type", refused(at(), b"query=ASK%20%7B%7D", {})),
    one("bad_query_missing_direct_type", refused(at(), b"ASK {}", {})),
    one("bad_query_non_utf8",
        refused(at(), "ASK {}".encode("utf-16"), {"Content-Type": "application/sparql-query; charset=UTF-16"})),
    one("bad_query_syntax", Request("GET", at(("query", "ASK {")), BAD)),
)

UPDATES: Final = (
    dataset("update_dataset_default_graph", "?s a foaf:Document", graphs("using", 1), found(1, absent=(2, 3))),
    dataset("update_dataset_default_graphs", "?s a foaf:Document", graphs("using", 1, 2), found(1, 2, absent=(3,))),
    dataset("update_dataset_named_graphs", "GRAPH ?g { ?s a foaf:Document }",
            graphs("using-named", 1, 2), found(1, 2, absent=(3,))),
    dataset("update_dataset_full",
            '{ GRAPH ?in { ?s a foaf:Document } } UNION { ?s a foaf:Document BIND ("default" AS ?in) }',
            [*graphs("using", 1), *graphs("using-named", 2)],
            f'GRAPH INTO {{ <{DATA}data1.rdf> <http://example.org/in> "default" . <{DATA}data2.rdf> '
            f"<http://example.org/in> <{DATA}data2.rdf> }} "
            f"FILTER NOT EXISTS {{ GRAPH INTO {{ <{DATA}data3.rdf> ?p ?o }} }}",
            made="?s <http://example.org/in> ?in"),
    one("update_post_form", Request("POST", to(), FINE, b"update=CLEAR+ALL", FORM)),
    one("update_post_direct", changed("CLEAR ALL")),
    one("update_base_uri",
        changed("CLEAR SILENT GRAPH <http://example.org/protocol-base-test/> ; INSERT DATA { "
                "GRAPH <http://example.org/protocol-base-test/> { "
                "<http://example.org/s> <http://example.org/p> <test> } }"),
        asked("ASK { GRAPH <http://example.org/protocol-base-test/> { <http://example.org/s> <http://example.org/p> ?o "
              'FILTER (isIRI(?o) && STR(?o) != "test") } }')),
    one("bad_update_get", Request("GET", to(("update", "CLEAR ALL")), BAD)),
    one("bad_multiple_updates", refused(to(), b"update=CLEAR%20NAMED&update=CLEAR%20DEFAULT", FORM)),
    one("bad_update_wrong_media_type", refused(to(), b"CLEAR NAMED", {"Content-Type": "text/plain"})),
    one("bad_update_missing_form_type", refused(to(), b"update=CLEAR%20NAMED", {})),
    one("bad_update_non_utf8",
        refused(to(), "CLEAR NAMED".encode("utf-16"), {"Content-Type": "application/sparql-update; charset=UTF-16"})),
    one("bad_update_syntax", refused(to(), b"update=CLEAR%20XYZ", FORM)),
    one("bad_update_dataset_conflict",
        refused(to(("using-named-graph-uri", "http://example/people")),
                b"PREFIX foaf: <http://xmlns.com/foaf/0.1/> WITH <http://example/addresses> "
                b"DELETE { ?person foaf:givenName 'Bill' } INSERT { ?person foaf:givenName 'William' } "
                b"WHERE { ?person foaf:givenName 'Bill' }", UPDATE)),
)

TESTS: Final = QUERIES + UPDATES
