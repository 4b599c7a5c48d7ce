"""The prepared queries as examples for SPARQL clients, in the form of the SIB's, each runnable as it stands.

https://github.com/sib-swiss/sparql-examples. What :mod:`carekg.query.record` says of each query is in the graph too;
here it comes with the endpoint at which it runs.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import pyoxigraph as ox
from flask import Blueprint, Response
from rdflib.namespace import SDO

from carekg.query import record
from carekg.terms import BASE
from carekg.web import site
from carekg.web.described import statements

blueprint = Blueprint("examples", __name__)

TARGET: Final = ox.NamedNode(str(SDO.target))


@blueprint.get("/sparql-examples")
@blueprint.get("/.well-known/sparql-examples")
def listing() -> Response:
    """Give the prepared queries as examples for SPARQL clients."""
    return statements.sent(triples())


def triples() -> Iterator[ox.Triple]:
    """Give the description of every prepared query, with its endpoint."""
    endpoint = ox.NamedNode(site.address("/sparql"))
    for query in site.asker().queries.values():
        yield from record.triples(query)
        yield ox.Triple(ox.NamedNode(f"{BASE}query/{query.name}"), TARGET, endpoint)
