"""A plain SPARQL server: the application over a store that was made of an empty folder, with a token for writes."""

import contextlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyoxigraph as ox
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from carekg import query, update, web
from carekg.settings import Settings, load
from carekg.store import Manifest, Update
from carekg.store.asked import Limits
from carekg.store.embedded import EmbeddedStore

TOKEN = "a-token-for-these-tests-only"
BEARER = {"Authorization": f"Bearer {TOKEN}"}
ALL = "SELECT * { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }"

G = "/store?graph=http://example.org/g"
IN_G = " <http://example.org/g>"
DEFAULT = "/store?default"
TURTLE = "text/turtle"
ONE = '<x:a> <x:p> "one"'
TWO = '<x:a> <x:p> "two"'
INSERT = f"INSERT DATA {{ {ONE} }}"
"""Graphs by their addresses, and triples to put there."""


class Plain:
    """The store, and a client that writes with the token unless it says otherwise."""

    def __init__(self, store: EmbeddedStore, settings: Settings) -> None:
        self.store, self.settings = store, settings
        self.app = web.create_app(query.Asker({}, store), settings)

    @property
    def client(self) -> FlaskClient:
        return self.app.test_client()

    def send(self, method: str, address: str, body: bytes | str = b"", media: str = "", **headers: str) -> TestResponse:
        """Send a request with the token; underscores in the names of headers are dashes."""
        given: dict[str, Any] = {**BEARER, **{name.replace("_", "-"): value for name, value in headers.items()}}
        return self.client.open(address, method=method, data=body or None, content_type=media or None, headers=given)

    def update(self, text: str, address: str = "/sparql") -> TestResponse:
        """Send an update as the body of a POST."""
        return self.send("POST", address, text, "application/sparql-update")

    def change(self, text: str) -> None:
        """Do an update without asking the web for it."""
        self.store.change(Update(update.operations(text), text))

    def quads(self) -> set[str]:
        """What the store holds, by the names that its blank nodes have there."""
        answer, _ = self.store.graph(None, "n-quads")
        return {str(quad) for quad in ox.parse(answer.read(), ox.RdfFormat.N_QUADS)}


@contextlib.contextmanager
def opened(path: Path | None = None, deadline: float = 10.0, **settings: Any) -> Iterator[Plain]:
    """A plain server with an empty store, in memory or in a folder."""
    chosen = replace(load(), **{"token": TOKEN, "deadline": deadline, **settings})
    with EmbeddedStore(path, Limits(deadline), hosts=chosen.hosts) as store:
        if store.manifest() is None:
            store.replace([], Manifest("empty", "2026-01-01T00:00:00+00:00", 0, plain=True))
        yield Plain(store, chosen)


def sentence(answer: TestResponse, status: int) -> str:
    """What an answer that refuses says, which is one sentence or a few."""
    assert answer.status_code == status, answer.text
    assert answer.text.endswith(".\n")
    assert "Traceback" not in answer.text
    return answer.text
