"""Whole graphs of a snapshot: whether one is there, what it holds, and a fingerprint of it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

import pyoxigraph as ox

from carekg.reader import Channel, Pieces, send_frame
from carekg.reader.asking import GRAPH_FORMATS
from carekg.reader.effect import Graph


class Unmet(Exception):
    """A graph is not as a request takes it to be: ``missing``, ``there`` already, or ``changed``."""


def named(iri: str) -> Graph:
    """Give the graph of that IRI, the default graph where there is none."""
    return ox.NamedNode(iri) if iri else ox.DefaultGraph()


def is_there(store: ox.Store, graph: Graph) -> bool:
    """Say whether a store has a graph, though it be empty."""
    return isinstance(graph, ox.DefaultGraph) or store.contains_named_graph(graph)


def digest(store: ox.Store, graph: Graph) -> str:
    """Give a fingerprint of a graph's triples that does not depend on their order."""
    return fingerprint(store.quads_for_pattern(None, None, None, graph))


def fingerprint(quads: Iterable[ox.Quad]) -> str:
    """Give the sum of the quads' hashes, in hexadecimal."""
    total = 0
    for quad in quads:
        text = f"{quad.subject} {quad.predicate} {quad.object}".encode()
        total += int.from_bytes(hashlib.blake2b(text, digest_size=16).digest(), "big")
    return f"{total % (1 << 128):032x}"


def answer(store: ox.Store, request: dict[str, Any], channel: Channel) -> str:
    """Send a graph, or every one where none is named; give its fingerprint.

    :raises Unmet: there is no such graph.
    """
    if request["graph"] is None:
        quads = list(store)
    elif is_there(store, graph := named(request["graph"])):
        quads = list(store.quads_for_pattern(None, None, None, graph))
    else:
        raise Unmet(f"missing {graph}")
    found = quads if request["graph"] is None else [quad.triple for quad in quads]
    send_frame(channel, b"H", f"graph {request['form']}".encode())
    if request["body"]:
        pieces = Pieces(channel)
        prefixes = _used(quads, request["prefixes"]) if request["form"] in ("turtle", "trig", "n3") else None
        pieces.write(ox.serialize(found, format=GRAPH_FORMATS[request["form"]], prefixes=prefixes) or b"")
        pieces.flush()
    return fingerprint(quads)


def _used(quads: Iterable[ox.Quad], prefixes: dict[str, str]) -> dict[str, str]:
    """Give the prefixes whose namespace some IRI has."""
    terms = {term.value for quad in quads for term in (quad.subject, quad.predicate, quad.object, quad.graph_name)
             if isinstance(term, ox.NamedNode)}
    terms |= {quad.object.datatype.value for quad in quads if isinstance(quad.object, ox.Literal)}
    namespaces = {iri[:max(iri.rfind("#"), iri.rfind("/")) + 1] for iri in terms}
    return {prefix: iri for prefix, iri in prefixes.items() if iri in namespaces}
