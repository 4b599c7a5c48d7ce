"""What the suites are run on: a server over HTTP, filled and asked at its endpoint."""

import re
from collections.abc import Iterable
from typing import Final

import pyoxigraph as ox

from suites.engine import Failed, Malformed, Reading
from suites.server import Server

NOT_ALLOWED: Final = 403
"""Of SERVICE and LOAD, which a server may refuse before it reads the rest."""

MALFORMED: Final = re.compile("parse|syntax|expected|malformed", re.IGNORECASE)
"""What a sentence says of a text that is not well-formed; one that is may still be refused, with other words."""


class Served:
    """An engine behind a server."""

    def __init__(self, server: Server) -> None:
        self.server = server

    def fill(self, quads: Iterable[ox.Quad], graphs: Iterable[str] = ()) -> None:
        """Hold these and nothing else; one request brings them all, so that graphs share blank nodes."""
        held: dict[ox.NamedNode | ox.BlankNode | ox.DefaultGraph, list[ox.Triple]] = {}
        for quad in quads:
            held.setdefault(quad.graph_name, []).append(quad.triple)
        made = [f"CREATE SILENT GRAPH {ox.NamedNode(name)}" for name in graphs]
        self.update(" ;\n".join(["DROP ALL", *made, f"INSERT DATA {{ {_data(held)} }}"]), "")

    def ask(self, text: str, base: str, media: str) -> tuple[bytes, str]:
        headers = {"Content-Type": "application/sparql-query", "Accept": media}
        answer = self.server.send("POST", self.server.sparql, _based(text, base), headers)
        if answer.status == 200:
            return answer.data, answer.headers.get("Content-Type", "").partition(";")[0]
        raise _error(answer.status, answer.data)

    def update(self, text: str, base: str) -> None:
        answer = self.server.update(_based(text, base).decode())
        if answer.status not in (200, 204):
            raise _error(answer.status, answer.data)

    def reads(self, text: str, base: str, update: bool) -> Reading:
        self.fill([])
        headers = {"Content-Type": "application/sparql-query"}
        answer = (self.server.update(text) if update
                  else self.server.send("POST", self.server.sparql, text.encode(), headers))
        if answer.status >= 500:
            raise _error(answer.status, answer.data)
        if answer.status == NOT_ALLOWED:
            return Reading.DOUBTFUL
        if answer.status != 400:
            return Reading.FINE
        return Reading.MALFORMED if MALFORMED.search(answer.data.decode("utf-8", "replace")) else Reading.DOUBTFUL


def _data(held: dict[ox.NamedNode | ox.BlankNode | ox.DefaultGraph, list[ox.Triple]]) -> str:
    """Give triples by graph as INSERT DATA has them."""
    pieces = []
    for graph, triples in held.items():
        lines = (ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES) or b"").decode()
        pieces.append(lines if graph == ox.DefaultGraph() else f"GRAPH {graph} {{ {lines} }}")
    return "\n".join(pieces)


def _based(text: str, base: str) -> bytes:
    """Give a text with the base that it is to have, since the protocol has no other place for it."""
    return (f"BASE <{base}>\n{text}" if base else text).encode()


def _error(status: int, body: bytes) -> Exception:
    """Give what a refusal means."""
    sentence = f"{status} {body.decode(errors='replace').strip()}"
    return Malformed(sentence) if status == 400 else Failed(sentence)
