"""Whole graphs of a snapshot: whether one is there, what it holds, and a fingerprint of it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
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


def held(store: ox.Store, iri: str | None) -> list[ox.Triple] | list[ox.Quad]:
    """Give the triples of the graph of that IRI, or the quads of every one where none is named."""
    if iri is None:
        return list(store)
    return [quad.triple for quad in store.quads_for_pattern(None, None, None, named(iri))]


def fingerprint(statements: Iterable[ox.Triple | ox.Quad]) -> str:
    """Give the sum of the statements' hashes, in hexadecimal, which does not depend on their order."""
    total = 0
    for statement in statements:
        total += int.from_bytes(hashlib.blake2b(str(statement).encode(), digest_size=16).digest(), "big")
    return f"{total % (1 << 128):032x}"


def expect(store: ox.Store, iri: str | None, digests: list[str] | None, none: list[str] | None) -> None:
    """Hold a graph, or every one where none is named, to be as somebody saw it last.

    :param digests: what it may be now, ``*`` for anything that is there; None where that is not asked.
    :param none: what it may not be, likewise.
    :raises Unmet: it is not so.
    """
    there = iri is None or is_there(store, named(iri))
    now = {"*"} if there else set[str]()
    if there and {*(digests or ()), *(none or ())} - {"*"}:
        now.add(fingerprint(held(store, iri)))
    if (digests is not None and not now & set(digests)) or (none is not None and now & set(none)):
        what = "the dataset" if iri is None else f"the graph <{iri}>" if iri else "the default graph"
        raise Unmet(f"changed {what}")


def answer(store: ox.Store, request: dict[str, Any], channel: Channel) -> str:
    """Send a graph, or every one where none is named; give its fingerprint.

    :raises Unmet: there is no such graph.
    """
    iri = request["graph"]
    if iri is not None and not is_there(store, named(iri)):
        raise Unmet(f"missing {named(iri)}")
    found = held(store, iri)
    send_frame(channel, b"H", f"graph {request['form']}".encode())
    pieces = Pieces(channel)
    prefixes = _used(found, request["prefixes"]) if request["form"] in ("turtle", "trig", "n3") else None
    pieces.write(ox.serialize(found, format=GRAPH_FORMATS[request["form"]], prefixes=prefixes) or b"")
    pieces.flush()
    return fingerprint(found)


def _used(statements: Sequence[ox.Triple | ox.Quad], prefixes: dict[str, str]) -> dict[str, str]:
    """Give the prefixes whose namespace some IRI has."""
    terms = {term.value for one in statements for term in one if isinstance(term, ox.NamedNode)}
    terms |= {one.object.datatype.value for one in statements if isinstance(one.object, ox.Literal)}
    namespaces = {iri[:max(iri.rfind("#"), iri.rfind("/")) + 1] for iri in terms}
    return {prefix: iri for prefix, iri in prefixes.items() if iri in namespaces}
