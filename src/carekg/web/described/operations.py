"""The parts of which routes of the HTTP API are described: what they take, what they give, what can go wrong."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from carekg.web import formats
from carekg.web.formats import RESULTS, Format


def of_type(name: str, media: str) -> Format:
    """Give a format by its name and its one media type."""
    return formats.HTML._replace(name=name, media=(media,))


HTML: Final = formats.HTML._replace(media=("text/html",))
JSON: Final = of_type("json", "application/json")
LISTS: Final = (JSON, RESULTS[2])
"""The formats of a list that is no answer to a query."""

TAGS: Final = {
    "questions": "Prepared queries: each has its own path and typed parameters.",
    "sparql": "The SPARQL 1.1 Protocol.",
    "graph store": "The SPARQL 1.1 Graph Store Protocol, and RDF Patch.",
    "linked data": "Every IRI that the project mints, by content negotiation.",
    "descriptions": "What this server holds and offers, described for machines.",
    "dumps": "The whole graph as files, with checksums and ranges.",
    "reconciliation": "The Reconciliation Service API 0.2: names in tables matched with things of the graph.",
    "drafts": "Changes that somebody proposes and somebody else approves; each takes a role.",
    "accounts": "Users: logging in and out, passwords and roles.",
    "changes": "What changed in the graph, as feeds.",
    "sheets": "Spreadsheets: a template for each class, and a sheet that becomes a change.",
    "pages": "Pages for people.",
    "operation": "For whoever runs the server.",
    "other": "Everything else.",
}

DONE: Final = {
    200: "The answer.",
    201: "Done, and the graph is new.",
    204: "Done; there is nothing to say.",
    206: "The range of the file that was asked for.",
    303: "See the document at `Location`.",
    304: "Nothing has changed since the answer that the request has.",
    503: "It is not well.",
}
"""What a status means with which a route gives what it is asked for."""

WITH_CONTENT: Final = (200, 206, 503)
"""Statuses with which the answer itself comes."""

ERRORS: Final = {
    400: "The request cannot be understood; the sentence says where it is wrong and what would be right.",
    401: "It needs a token, or the token is not right.",
    403: "Understood, and not allowed here.",
    404: "Nothing is known under this address.",
    406: "The answer does not come in the format asked for; the sentence names those that it has.",
    408: "The query was stopped at its deadline.",
    409: "It does not fit what others have changed meanwhile; the sentence says what.",
    410: "What was here has been removed.",
    411: "The request writes, and does not say how long its body is.",
    412: "What the request names is not as its conditions, such as `If-Match`, expect it.",
    413: "The request is too large, or its query needs more memory than a query may take.",
    415: "A body of this type is not read here.",
    416: "The range lies outside the file.",
    422: "The data violate the shapes; the sentence says where.",
    429: "Too many requests; `Retry-After` says when to come again.",
    431: "The address and the headers are longer than is read.",
    500: "Something went wrong on this server, which was not the request's fault.",
    503: "The server cannot answer just now; try again shortly.",
}
"""What a status means, wherever it is given."""

ALWAYS: Final = (413, 429, 431)
"""What any request may meet: the largest request and head of one, and the limit of requests by one client."""

MET: Final = {304: (412,)}
"""What a request may meet too that may be told that nothing has changed: its other conditions (RFC 9110, 13)."""

ASKING: Final = (408, 503)
"""What a request may meet whose answer is asked of the graph."""


@dataclass(frozen=True)
class Operation:
    """What one method of one route takes and gives beyond its rule and docstring."""

    tag: str = "other"
    offered: tuple[Format, ...] = ()
    problems: tuple[int, ...] = ()
    parameters: tuple[dict[str, Any], ...] = ()
    body: dict[str, Any] = field(default_factory=dict)
    paths: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Schemas of the path's own variables."""
    statuses: tuple[int, ...] = (200,)
    needs_token: bool = False
    may_be_cut: bool = False


def text(name: str, description: str, *, several: bool = False, required: bool = False) -> dict[str, Any]:
    """Give a parameter of the query string that holds a text, or several."""
    schema: dict[str, Any] = {"type": "string"}
    if several:
        schema = {"type": "array", "items": {"type": "string", "format": "iri"}}
    return {"name": name, "in": "query", "description": description, "required": required, "schema": schema}


def choice(offered: tuple[Format, ...]) -> dict[str, Any]:
    """Give the parameter that names a format, which goes before the ``Accept`` header."""
    return {"name": "format", "in": "query", "required": False, "schema": ending(offered),
            "description": "The format by its name; without it, the Accept header decides."}


def ending(offered: tuple[Format, ...]) -> dict[str, Any]:
    """Give the schema of a format's name."""
    return {"enum": [one.name for one in offered]}


def example(one: str, *more: str) -> dict[str, Any]:
    """Give the schema of a text of which there are examples."""
    return {"type": "string", "minLength": 1, "examples": [one, *more]}


def content(offered: tuple[Format, ...]) -> dict[str, Any]:
    """Give the media types of an answer, each with its schema where it has one."""
    names = dict.fromkeys(media for one in offered for media in one.media)
    return {media: {"schema": _schema(media)} for media in names}


def _schema(media: str) -> dict[str, Any]:
    if media == "application/sparql-results+json":
        return {"$ref": "#/components/schemas/Results"}
    return {} if media.endswith(("json", "yaml")) else {"type": "string"}
