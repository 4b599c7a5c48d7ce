"""What the routes of the HTTP API take and give, as far as their rules and docstrings do not say it: one table.

A route that is not in the table is described by its rule and its docstring alone.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from carekg.web import formats
from carekg.web.formats import GRAPHS, RESULTS, Format


def _format(name: str, media: str) -> Format:
    """Give a format by its name and its one media type."""
    return formats.HTML._replace(name=name, media=(media,))


HTML: Final = formats.HTML._replace(media=("text/html",))
JSON: Final = _format("json", "application/json")
LISTS: Final = (JSON, RESULTS[2])
"""The formats of a list that is no answer to a query."""

TAGS: Final = {
    "questions": "Prepared queries: each has its own path and typed parameters.",
    "sparql": "The SPARQL 1.1 Protocol.",
    "linked data": "Every IRI that the project mints, by content negotiation.",
    "descriptions": "What this server holds and offers, described for machines.",
    "dumps": "The whole graph as files, with checksums and ranges.",
    "changes": "What changed in the graph, as feeds.",
    "pages": "Pages for people.",
    "operation": "For whoever runs the server.",
    "other": "Everything else.",
}

ERRORS: Final = {
    400: "The request cannot be understood; the sentence says where it is wrong and what would be right.",
    401: "It needs a token, or the token is not right.",
    403: "Understood, and not allowed here.",
    404: "Nothing is known under this address.",
    406: "The answer does not come in the format asked for; the sentence names those that it has.",
    408: "The query was stopped at its deadline.",
    410: "What was here has been removed.",
    412: "The graph is no longer what the request took it to be.",
    413: "The request is too large, or its query needs more memory than a query may take.",
    415: "A body of this type is not read here.",
    416: "The range lies outside the file.",
    422: "The data violate the shapes; the sentence says where.",
    429: "Too many requests; `Retry-After` says when to come again.",
    500: "Something went wrong on this server, which was not the request's fault.",
    503: "The graph cannot be read just now; try again shortly.",
}
"""What a status means, wherever it is given."""

ALWAYS: Final = (413, 429)
"""What any request may meet: the largest request, and the limit of requests by one client."""

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
    status: int = 200
    security: tuple[str, ...] = ()


def _text(name: str, description: str, *, several: bool = False, required: bool = False) -> dict[str, Any]:
    """Give a parameter of the query string that holds a text, or several."""
    schema: dict[str, Any] = {"type": "string"}
    if several:
        schema = {"type": "array", "items": {"type": "string", "format": "iri"}}
    return {"name": name, "in": "query", "description": description, "required": required, "schema": schema}


def choice(offered: tuple[Format, ...]) -> dict[str, Any]:
    """Give the parameter that names a format, which goes before the ``Accept`` header."""
    return {"name": "format", "in": "query", "required": False, "schema": {"enum": [one.name for one in offered]},
            "description": "The format by its name; without it, the Accept header decides."}


def _example(text: str, *more: str) -> dict[str, Any]:
    return {"type": "string", "minLength": 1, "examples": [text, *more]}


def _ending(offered: tuple[Format, ...]) -> dict[str, Any]:
    return {"enum": [one.name for one in offered]}


_QUERY: Final = _text("query", "The query: SELECT, ASK, CONSTRUCT or DESCRIBE.", required=True)
_GRAPHS: Final = (
    _text("default-graph-uri", "A graph of the query's default graph; may be repeated.", several=True),
    _text("named-graph-uri", "A named graph of the query; may be repeated.", several=True),
)
_ANSWERS: Final = (*RESULTS, *GRAPHS)
_SPARQL_PROBLEMS: Final = (400, 403, 406, *ASKING)
_FORM: Final = {
    "type": "object", "required": ["query"],
    "properties": {one["name"]: one["schema"] for one in (_QUERY, *_GRAPHS, choice(_ANSWERS))},
}

QUESTION: Final = "questions.question"
"""The endpoint that has one path for each prepared query."""

KNOWN: Final[dict[str, Operation]] = {
    "GET home": Operation("pages", (HTML,), (503,)),
    "GET static": Operation("pages", (), (404,), paths={"filename": _example("style.css")}),
    "GET sparql.endpoint": Operation("sparql", (*_ANSWERS, HTML), _SPARQL_PROBLEMS,
                                     (_QUERY, *_GRAPHS, choice(_ANSWERS))),
    "POST sparql.endpoint": Operation(
        "sparql", _ANSWERS, (*_SPARQL_PROBLEMS, 415), (*_GRAPHS, choice(_ANSWERS)),
        {"required": True, "content": {
            "application/sparql-query": {"schema": {"type": "string"}},
            "application/x-www-form-urlencoded": {"schema": _FORM}, "multipart/form-data": {"schema": _FORM}}}),
    "GET questions.catalogue": Operation("questions", (*LISTS, HTML), (406,), paths={"form": _ending(LISTS)}),
    f"GET {QUESTION}": Operation("questions", problems=(400, 404, 406, *ASKING)),
    "GET questions.record": Operation("questions", (*GRAPHS, HTML), (404, 406, *ASKING), (choice((*GRAPHS, HTML)),)),
    "GET things.thing": Operation("linked data", (*GRAPHS, HTML), (404, 406, *ASKING), (choice((*GRAPHS, HTML)),),
                                  paths={"key": _example("innovation/iris", "factor/partnerships")}),
    "GET catalogue.graph": Operation("linked data", GRAPHS, (404, 406, *ASKING), (choice(GRAPHS),),
                                  paths={"key": _example("catalogue", "inferred")}),
    **{f"GET {endpoint}": Operation("linked data", (*GRAPHS, HTML), (406, *ASKING), (choice((*GRAPHS, HTML)),))
       for endpoint in ("vocabulary.terms", "vocabulary.shapes", "catalogue.listing")},
    "GET void.description": Operation("descriptions", GRAPHS, (406, *ASKING), (choice(GRAPHS),)),
    "GET feed.view": Operation("changes", GRAPHS, (406,), (choice(GRAPHS),)),
    "GET feed.page": Operation("changes", GRAPHS, (404, 406), (choice(GRAPHS),),
                               paths={"number": {"type": "integer", "minimum": 0, "examples": [0]}}),
    "GET feed.as_atom": Operation("changes", (_format("atom", "application/atom+xml"),), ASKING),
    "GET examples.listing": Operation("descriptions", GRAPHS, (406,), (choice(GRAPHS),)),
    "GET dumps.listing": Operation("dumps", (JSON, *GRAPHS, HTML), (406, *ASKING), (choice((JSON, *GRAPHS, HTML)),)),
    "GET dumps.file": Operation("dumps", (*(_format(name, name) for name in (
        "application/gzip", "application/n-quads", "text/turtle", "text/plain")),), (404, 416, *ASKING), (
            {"name": "Range", "in": "header", "required": False, "schema": {"type": "string"},
             "description": "One range of bytes, which is answered with 206."},),
        paths={"name": _example("carekg.nq.gz", "carekg.nq.gz.sha256")}),
    **{f"GET openapi.{name}": Operation("descriptions", (_format(name, media),),
                                        (503,))
       for name, media in (("as_json", "application/json"), ("as_yaml", "application/yaml"))},
}
"""Method and endpoint to what it takes and gives."""


def content(offered: tuple[Format, ...]) -> dict[str, Any]:
    """Give the media types of an answer, each with its schema where it has one."""
    names = dict.fromkeys(media for one in offered for media in one.media)
    return {media: {"schema": _schema(media)} for media in names}


def _schema(media: str) -> dict[str, Any]:
    if media == "application/sparql-results+json":
        return {"$ref": "#/components/schemas/Results"}
    return {} if media.endswith("json") else {"type": "string"}
