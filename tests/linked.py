"""Documents about things as tests read them: where they are, in which forms, and what their headers lead to."""

import json
import re
from collections import defaultdict

import pyoxigraph as ox
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

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

Triples = set[tuple[str, str, str]]


def triples(data: bytes, ending: str) -> Triples:
    """The triples of a body, blank nodes left out since each format names them anew."""
    found = [quad.triple for quad in ox.parse(data, READERS[ending])]
    return {(str(t.subject), str(t.predicate), str(t.object)) for t in found
            if not isinstance(t.subject, ox.BlankNode) and not isinstance(t.object, ox.BlankNode)}


def whole(client: FlaskClient, document: bytes) -> bytes:
    """JSON-LD with the context that it names in its place, as any loader would put it."""
    body = json.loads(document)
    assert body["@context"] == "http://localhost/context.jsonld"
    context = client.get("/context.jsonld").get_json()["@context"]
    return json.dumps({**body, "@context": context}).encode()


def links(answer: TestResponse) -> dict[str, dict[str, str]]:
    """The targets of an answer's Link headers by relation, each with its type."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for line in answer.headers.getlist("Link"):
        match = re.fullmatch(r'<([^<>"\s]+)>; rel="([^"]+)"(?:; type="([^"]+)")?', line)
        assert match, line
        found[match[2]][match[1]] = match[3] or ""
    return found
