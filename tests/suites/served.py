"""What the suites are run on: a server over HTTP, filled through its graph store and asked at its endpoint."""

from collections.abc import Iterable
from typing import Final
from urllib.parse import quote

import pyoxigraph as ox

from suites.engine import Failed, Malformed
from suites.server import Server

REFUSED: Final = 403
"""Understood, and not allowed here: SERVICE and LOAD of addresses that the operator did not list."""


class Served:
    """An engine behind a server."""

    def __init__(self, server: Server) -> None:
        self.server = server

    def fill(self, quads: Iterable[ox.Quad], graphs: Iterable[str] = ()) -> None:
        self.update("DROP ALL", "")
        held: dict[str, list[ox.Quad]] = {name: [] for name in graphs}
        for quad in quads:
            name = "" if quad.graph_name == ox.DefaultGraph() else quad.graph_name.value
            held.setdefault(name, []).append(quad)
        for name, one in held.items():
            triples = [ox.Triple(quad.subject, quad.predicate, quad.object) for quad in one]
            body = ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES) or b""
            where = f"{self.server.store}?" + (f"graph={quote(name, safe='')}" if name else "default")
            answer = self.server.send("PUT", where, body, {"Content-Type": "application/n-triples"})
            if answer.status not in (200, 201, 204):
                raise Failed(f"PUT {where}: {answer.status} {answer.data.decode(errors='replace')}")

    def ask(self, text: str, base: str, media: str) -> tuple[bytes, str]:
        headers = {"Content-Type": "application/sparql-query", "Accept": media}
        answer = self.server.send("POST", self.server.sparql, _based(text, base), headers)
        if answer.status == 200:
            return answer.data, answer.headers.get("Content-Type", "").partition(";")[0]
        raise _error(answer.status, answer.data)

    def update(self, text: str, base: str) -> None:
        answer = self.server.send("POST", self.server.sparql, _based(text, base),
                                  {"Content-Type": "application/sparql-update"})
        if answer.status not in (200, 204):
            raise _error(answer.status, answer.data)

    def accepts(self, text: str, base: str, update: bool) -> bool:
        self.fill([])
        kind = "update" if update else "query"
        answer = self.server.send("POST", self.server.sparql, text.encode(),
                                  {"Content-Type": f"application/sparql-{kind}"})
        if answer.status == 400:
            return False
        if answer.status in (200, 204, REFUSED):
            return True
        raise _error(answer.status, answer.data)


def _based(text: str, base: str) -> bytes:
    """Give a text with the base that it is to have, since the protocol has no other place for it."""
    return (f"BASE <{base}>\n{text}" if base else text).encode()


def _error(status: int, body: bytes) -> Exception:
    """Give what a refusal means."""
    sentence = f"{status} {body.decode(errors='replace').strip()}"
    return Malformed(sentence) if status == 400 else Failed(sentence)
