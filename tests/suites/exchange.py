"""Requests that are sent one after the other and what has to come back: one test of a protocol."""

import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

import urllib3

from suites import answers
from suites.server import Server

HERE: Final = "http://www.example/gsp"
"""The base of relative IRIs in the Turtle that is compared."""

MEDIA: Final = {
    "table": frozenset(answers.TABLES.values()),
    "truth": frozenset({"application/sparql-results+xml", "application/sparql-results+json"}),
    "graph": frozenset(answers.GRAPHS.values()) | {"application/ld+json"},
}
"""What an answer may come as, by what it is."""


@dataclasses.dataclass(frozen=True)
class Request:
    """A request and what has to come back.

    In `address`, `{sparql}`, `{updates}` and `{store}` stand for the server's addresses and `{location}` for what the
    last ``Location`` said. `statuses` are numbers or classes such as `2xx`; `form` is `table`, `truth` or `graph`;
    `turtle` is the graph that has to come.
    """

    method: str
    address: str
    statuses: tuple[str, ...]
    body: bytes | None = None
    headers: Mapping[str, str] = dataclasses.field(default_factory=dict)
    form: str = ""
    truth: bool | None = None
    turtle: str | None = None
    media: str = ""
    located: bool = False


@dataclasses.dataclass(frozen=True)
class Exchange:
    """A test by its W3C name: graphs that are there before, by name, as N-Triples; and its requests."""

    suite: str
    key: str
    requests: tuple[Request, ...]
    graphs: tuple[tuple[str, str], ...] = ()


def outcome(test: Exchange, server: Server) -> str:
    """Run a test on a server that holds nothing else; give nothing where it passes, else what is wrong."""
    server.update("DROP ALL")
    for name, triples in test.graphs:
        server.send("PUT", f"{server.store}?graph={name}", triples.encode(), {"Content-Type": "application/n-triples"})
    return next(filter(None, sent(test.requests, server)), "")


def sent(requests: Iterable[Request], server: Server) -> Iterator[str]:
    """Send requests one after the other; give for each what is wrong, or nothing."""
    location = ""
    for request in requests:
        address = request.address.format(
            sparql=server.sparql, updates=server.updates or server.sparql, store=server.store, location=location)
        if not address.startswith("http"):
            yield "no Location came before"
            continue
        answer = server.send(request.method, address, request.body, request.headers)
        location = answer.headers.get("Location", location)
        wrong = _wrong(request, answer)
        body = (request.body or b"").decode("utf-8", "replace")
        yield f"{wrong}; {request.method} {address} {dict(request.headers)} {body}" if wrong else ""


def _wrong(request: Request, answer: urllib3.BaseHTTPResponse) -> str:
    """Say what is wrong with an answer, or nothing."""
    media = answer.headers.get("Content-Type", "").partition(";")[0]
    if not {str(answer.status), f"{answer.status // 100}xx"} & set(request.statuses):
        said = answer.data[:200].decode("utf-8", "replace")
        return f"status {answer.status}, not {' or '.join(request.statuses)}: {said}"
    if request.located and "Location" not in answer.headers:
        return "no Location"
    if media not in MEDIA.get(request.form, {media}) or (request.media and media != request.media):
        return f"comes as {media}"
    if request.truth is not None and not answers.truth(request.truth).agrees(answers.table(answer.data, media)):
        return f"the answer is not {request.truth}"
    return _wrong_graph(request.turtle, answer.data, media) if request.turtle is not None else ""


def _wrong_graph(turtle: str, data: bytes, media: str) -> str:
    """Say whether a graph is not the expected one."""
    expected = answers.graph(turtle.encode(), "text/turtle", HERE)
    found = answers.graph(data, media, HERE)
    return "" if expected.agrees(found) else f"another graph: {data.decode()}"
