"""Answering one query on a snapshot, in the format that is wanted and with no more rows than are wanted."""

from __future__ import annotations

import contextlib
import re
import resource
from collections.abc import Iterator
from itertools import islice
from typing import Any

import pyoxigraph as ox

from carekg.reader import Channel, Pieces, send_frame
from carekg.reader.rows import Counted, Full

RESULT_FORMATS = {
    "json": ox.QueryResultsFormat.JSON,
    "xml": ox.QueryResultsFormat.XML,
    "csv": ox.QueryResultsFormat.CSV,
    "tsv": ox.QueryResultsFormat.TSV,
}
GRAPH_FORMATS = {
    "turtle": ox.RdfFormat.TURTLE,
    "n-triples": ox.RdfFormat.N_TRIPLES,
    "rdf-xml": ox.RdfFormat.RDF_XML,
    "json-ld": ox.RdfFormat.JSON_LD,
    "trig": ox.RdfFormat.TRIG,
    "n-quads": ox.RdfFormat.N_QUADS,
    "n3": ox.RdfFormat.N3,
}
REMARKS = {"rdf-xml": "\n<!-- {} -->\n", "json-ld": ""} | dict.fromkeys(
    ("turtle", "n-triples", "trig", "n-quads", "n3"), "# {}\n")
"""How each format of a graph takes a remark at its end, for `str.format`."""


def answer(store: ox.Store, request: dict[str, Any], channel: Channel) -> bool:
    """Answer one query on the channel, in the format asked for its form; say whether the answer was cut."""
    refuse_service(request["checked"] or request["query"], request["base"] or None)
    results: Any
    base = request["base"] or None
    if request["default_graphs"] or request["named_graphs"]:
        default: list[Any] = [ox.NamedNode(iri) for iri in request["default_graphs"]]
        named: list[Any] = [ox.NamedNode(iri) for iri in request["named_graphs"]]
        results = store.query(request["query"], base_iri=base, default_graph=default, named_graphs=named)
    else:
        results = store.query(request["query"], base_iri=base)
    is_graph = isinstance(results, ox.QueryTriples)
    known: dict[str, Any] = GRAPH_FORMATS if is_graph else RESULT_FORMATS
    name = request["form"] or next(iter(known))
    if name not in known:
        raise ValueError(f"its answer comes as {', '.join(known)}, not as {name}")
    kind = "graph" if is_graph else "boolean" if isinstance(results, ox.QueryBoolean) else "solutions"
    send_frame(channel, b"H", f"{kind} {name}".encode())
    if kind == "boolean":
        _boolean(results, name, channel)
        return False
    return (_graph if is_graph else _table)(results, name, request["rows"], channel)


def in_json(store: ox.Store, query: str) -> str:
    """Answer a SELECT or ASK query in JSON."""
    refuse_service(query)
    results: Any = store.query(query)
    return (results.serialize(format=ox.QueryResultsFormat.JSON) or b"").decode()


def _boolean(results: ox.QueryBoolean, name: str, channel: Channel) -> None:
    if name in ("csv", "tsv"):  # those formats' standard has no ASK
        send_frame(channel, b"D", b"true\n" if results else b"false\n")
    else:
        send_frame(channel, b"D", results.serialize(format=RESULT_FORMATS[name]) or b"")


def _table(results: ox.QuerySolutions, name: str, most: int, channel: Channel) -> bool:
    pieces: Any = Counted(channel, name, most) if most else Pieces(channel)
    try:
        results.serialize(pieces, format=RESULT_FORMATS[name])
        pieces.flush()
    except Full:
        pass
    return isinstance(pieces, Counted) and pieces.full


def _graph(results: ox.QueryTriples, name: str, most: int, channel: Channel) -> bool:
    found = islice(results, most or None)
    pieces = Pieces(channel)  # the engine writes graphs word by word, which would cost a call each
    pieces.write(ox.serialize(found, format=GRAPH_FORMATS[name]) or b"")
    cut = bool(most) and next(iter(results), None) is not None
    if cut:
        remark = f"Cut after {most} triples, the most that are given at once."
        pieces.write(REMARKS[name].format(remark).encode())
    pieces.flush()
    return cut


def refuse_service(query: str, base: str | None = None) -> None:
    """Refuse a query in which ``service`` is the keyword, as only the engine's own grammar can tell.

    Where the word stands in a string, a comment or a name, the query parses as well with another word in its place.
    """
    if "service" not in query.lower():
        return
    try:
        ox.Store().query(re.sub("(?i)service", "xervice", query), base_iri=base)
    except SyntaxError:
        with _shut_in(), contextlib.suppress(OSError, RuntimeError):  # the engine may try at once, and finds no socket
            ox.Store().query(query, base_iri=base)  # where it does not parse either, the error is the query's own
        raise PermissionError("SERVICE") from None


@contextlib.contextmanager
def _shut_in() -> Iterator[None]:
    """Let this process open no socket and no file for a while, though it may for an allowed service."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
