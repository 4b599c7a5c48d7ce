"""What the routes of the HTTP API take and give, as far as their rules and docstrings do not say it: one table.

A route that is not in the table is described by its rule and its docstring alone.
"""

from __future__ import annotations

from typing import Any, Final

from carekg import patch
from carekg.query.drawing import KINDS
from carekg.web.described import planned, proposing
from carekg.web.described.operations import ASKING, HTML, JSON, LISTS, Operation, choice, ending, example, of_type, text
from carekg.web.formats import DATASETS, GRAPHS, RESULTS
from carekg.web.linked import documents
from carekg.web.protocol.bodies import UNSURE

FORMS: Final = ("application/x-www-form-urlencoded", "multipart/form-data")
PAGED: Final = (*GRAPHS, HTML)
"""The formats of a document that is a page too."""


def _body(schemas: dict[str, Any]) -> dict[str, Any]:
    return {"required": True, "content": {media: {"schema": schema} for media, schema in schemas.items()}}


# --- SPARQL ---------------------------------------------------------------------------------------------------------

_QUERY: Final = text("query", "SELECT, ASK, CONSTRUCT or DESCRIBE; without it, the service is described.")
_GRAPHS: Final = (
    text("default-graph-uri", "A graph of the query's default graph; may be repeated.", several=True),
    text("named-graph-uri", "A named graph of the query; may be repeated.", several=True),
)
_USING: Final = (
    text("using-graph-uri", "A graph of the update's default graph; may be repeated.", several=True),
    text("using-named-graph-uri", "A named graph of the update; may be repeated.", several=True),
)
_ANSWERS: Final = (*RESULTS, *GRAPHS)
_FORM: Final = {
    "type": "object", "oneOf": [{"required": ["query"]}, {"required": ["update"]}],
    "properties": {one["name"]: one["schema"] for one in (
        _QUERY, text("update", ""), *_GRAPHS, *_USING, choice(_ANSWERS))},
}
_SPARQL: Final = {
    "GET sparql.endpoint": Operation("sparql", (*_ANSWERS, HTML), (400, 403, 406, *ASKING),
                                     (_QUERY, *_GRAPHS, choice(_ANSWERS)), may_be_cut=True),
    "POST sparql.endpoint": Operation(
        "sparql", (*_ANSWERS, HTML), (400, 401, 403, 406, 409, 415, 422, *ASKING),
        (*_GRAPHS, *_USING, choice(_ANSWERS)),
        _body({"application/sparql-query": {"type": "string"}, "application/sparql-update": {"type": "string"},
               **dict.fromkeys(FORMS, _FORM)}), statuses=(200, 204), may_be_cut=True),
}

_EDITOR: Final = {
    **{f"GET drawn.{form}": Operation("sparql", (of_type(form, media),), (400, 403, 404, *ASKING), (
        text("query", "SELECT or ASK.", required=True), *_GRAPHS,
        text("drawing", "The kind of picture; `drawing.ROLE` names the column that plays a role in it.")),
        statuses=(200, 304), may_be_cut=True)
       for form, media in (("svg", "image/svg+xml"), ("png", "image/png"), ("spec", "application/json"))},
    "GET terms.terms": Operation("sparql", (JSON,), ASKING, statuses=(200, 304)),
    "GET terms.values": Operation("sparql", (JSON,), (400, *ASKING), (
        text("property", "The IRI of the property, or its short name such as `care:scaledVia`.", required=True),),
        statuses=(200, 304)),
    "GET terms.names": Operation("sparql", (JSON,), ASKING, (text("q", "How a name begins."),)),
    "POST shared.keep": Operation("sparql", (JSON,), (400, 403, 411, *ASKING), body=_body({
        FORMS[0]: {"type": "object", "required": ["query"], "properties": {"query": {"type": "string"}}}}),
        statuses=(201, 303)),
    "GET shared.kept": Operation("sparql", (of_type("query", "application/sparql-query"), HTML),
                                 (400, 403, 404, *ASKING),
                                 paths={"name": example("aaaaaaaaaaaa")}),
}

# --- graph store ----------------------------------------------------------------------------------------------------

_NAMED: Final = (
    {"name": "graph", "in": "query", "required": False, "schema": {"type": "string", "format": "iri"},
     "description": "The IRI of the graph."},
    {"name": "default", "in": "query", "required": False, "schema": {"const": ""}, "allowEmptyValue": True,
     "description": "The default graph, in the place of a named one."},
)
_DOCUMENTS: Final = _body({
    **{media: {"type": "string"} for one in GRAPHS for media in one.media if media not in UNSURE},
    "multipart/form-data": {"type": "object", "additionalProperties": {"type": "string"}}})
_MATCH: Final = tuple(
    {"name": name, "in": "header", "required": False, "schema": {"type": "string", "examples": ["*"]},
     "description": f"The `ETag` that the graph {word} have, or `*` for any; that of the dataset where none is named."}
    for name, word in (("If-Match", "has to"), ("If-None-Match", "must not")))
_CHANGED: Final = (*_NAMED, *_MATCH)
_WRITING: Final = (400, 401, 403, 404, 409, 412, 415, 422, *ASKING)
_STORE: Final = {
    "GET graphs.get": Operation("graph store", GRAPHS, (400, 404, 406, *ASKING), (*_CHANGED, choice(GRAPHS)),
                                statuses=(200, 304)),
    "PUT graphs.put": Operation("graph store", (), _WRITING, _CHANGED, _DOCUMENTS, {}, (200, 201, 204), True),
    "POST graphs.post": Operation("graph store", (), _WRITING, _CHANGED, _DOCUMENTS, {}, (200, 201, 204), True),
    "DELETE graphs.delete": Operation("graph store", (), _WRITING, _CHANGED, {}, {}, (200, 204), True),
    "PATCH graphs.patched": Operation("graph store", (), _WRITING, _CHANGED, _body({patch.MEDIA: {"type": "string"}}),
                                      {}, (200, 201, 204), True),
}

# --- questions, things, vocabulary ----------------------------------------------------------------------------------

QUESTION: Final = "questions.question"
"""The endpoint that has one path for each prepared query."""

ROWS: Final = "questions.rows"
"""The endpoint that answers one as a table with one line for each row."""

_LOOKS: Final = (
    text("_sort", "The column to sort by; with `-` before its name, the other way round."),
    text("_filter", "Words that a row or its receipts have to hold."))
_SEARCH: Final = (
    text("q", "Words, names, phrases in quotation marks; none lists everything by facets."),
    {"name": "page", "in": "query", "required": False, "schema": {"type": "integer", "minimum": 1, "default": 1},
     "description": "Which page of 20 things; a CSV has a thousand at once."},
    {"name": "facets", "in": "query", "required": False, "style": "form", "explode": True,
     "schema": {"type": "object", "additionalProperties": {"type": "array", "items": {"type": "string"}}},
     "description": "Values by facet, such as `kind=care:Innovation&route=route:partnerships`: a thing has one of the "
                    "values of each facet. Which facets there are, the answer tells."},
)
_ENDING: Final = {"ending": {"enum": list(documents.FORMATS)}}
_THING: Final = {"key": example("innovation/iris", "factor/partnerships")}
_GRAPH: Final = {"key": example("catalogue", "inferred")}
_DRAWN: Final = {"name": example("routes-and-innovations")}
_PICTURE: Final = (
    {"name": "drawing", "in": "query", "required": False, "schema": {"enum": list(KINDS)},
     "description": "The kind of picture; without it, the first that the question declares."},
    {"name": "_theme", "in": "query", "required": False, "schema": {"enum": ["light", "dark"], "default": "light"},
     "description": "Dark signs on light paper, or light ones on dark."},
    {"name": "_width", "in": "query", "required": False, "schema": {"enum": ["wide", "narrow"], "default": "wide"},
     "description": "Laid out for a page, or for a telephone."},
    {"name": "arguments", "in": "query", "style": "form", "explode": True, "required": False,
     "description": "The parameters of the question, as its own path has them; `drawing.ROLE` names the column that "
                    "plays a role.", "schema": {"type": "object", "additionalProperties": {"type": "string"}}},
)
_DATA: Final = {
    "GET questions.catalogue": Operation("questions", (*LISTS, HTML), (406,), (choice((*LISTS, HTML)),),
                                         paths={"form": ending(LISTS)}),
    "GET find.find": Operation("questions", (*LISTS, HTML), (400, 406, *ASKING), (*_SEARCH, choice((*LISTS, HTML))),
                               paths={"form": ending(LISTS)}, may_be_cut=True),
    f"GET {QUESTION}": Operation("questions", problems=(400, 404, 406, *ASKING), may_be_cut=True),
    **{f"GET pictures.{form}": Operation("questions", (of_type(form, media),), (400, 404, *ASKING), _PICTURE,
                                         paths=_DRAWN, statuses=(200, 304), may_be_cut=True)
       for form, media in (("svg", "image/svg+xml"), ("png", "image/png"), ("spec", "application/json"))},
    f"GET {ROWS}": Operation("questions", (JSON, RESULTS[2]), (400, 404, 406, *ASKING), _LOOKS, may_be_cut=True),
    "GET compare.page": Operation("questions", (*LISTS, HTML), (400, 406, *ASKING), (
        {"name": "thing", "in": "query", "required": True, "description": "A thing to compare, by its short name such "
         "as innovation:iris, its IRI or its label; two to six of one class.",
         "schema": {"type": "array", "items": {"type": "string"},
                    "examples": [["innovation:iris", "innovation:pincer"]]}},
        text("kind", "The class whose things the page offers, such as care:Innovation."), choice((*LISTS, HTML))),
                                  paths={"form": ending((*LISTS, HTML))}),
    "GET questions.record": Operation("questions", GRAPHS, (404, 406, *ASKING), (choice(PAGED),), paths=_ENDING,
                                      statuses=(200, 303, 304)),
    "GET things.thing": Operation("linked data", PAGED, (404, 406, 410, *ASKING), (choice(PAGED),), paths=_THING,
                                  statuses=(200, 303, 304)),
    "GET catalogue.graph": Operation("linked data", PAGED, (404, 406, *ASKING), (choice(PAGED),), paths=_GRAPH,
                                   statuses=(200, 304)),
    **{f"GET {endpoint}": Operation("linked data", PAGED, (404, 406, *ASKING), (choice(PAGED),), paths=_ENDING,
                                    statuses=(200, 304))
       for endpoint in ("vocabulary.terms", "vocabulary.shapes", "catalogue.listing")},
    "GET vocabulary.version": Operation("linked data", PAGED, (404, 406, *ASKING), (choice(PAGED),),
                                        paths={"version": example("0.1.0")}, statuses=(200, 304)),
    "GET vocabulary.context": Operation("linked data", (of_type("json-ld", "application/ld+json"),), ASKING,
                                        statuses=(200, 304)),
}

# --- descriptions, dumps, changes -----------------------------------------------------------------------------------

_RANGE: Final = {"name": "Range", "in": "header", "required": False, "schema": example("bytes=0-1023"),
                 "description": "One range of bytes."}
_FILES: Final = tuple(of_type(media, media) for media in (
    "application/gzip", "application/n-quads", "text/turtle", "text/plain"))
_PATCH: Final = of_type("patch", "application/rdf-patch")
_PAST: Final = tuple(one for one in DATASETS if one.name in ("n-quads", "trig"))
_NUMBER: Final = {"number": {"type": "integer", "minimum": 1, "examples": [1]}}
_WHY: Final = {"type": "object", "properties": {"why": {"type": "string", "maxLength": 2000}}}
_DESCRIPTIONS: Final = {
    "GET void.description": Operation("descriptions", GRAPHS, (406, *ASKING), (choice(GRAPHS),), statuses=(200, 304)),
    "GET examples.listing": Operation("descriptions", GRAPHS, (406,), (choice(GRAPHS),), statuses=(200, 304)),
    **{f"GET openapi.{name}": Operation("descriptions", (of_type(name, media),), ASKING, statuses=(200, 304))
       for name, media in (("as_json", "application/json"), ("as_yaml", "application/yaml"))},
    "GET dumps.listing": Operation("dumps", (JSON, *GRAPHS, HTML), (406, *ASKING), (choice((JSON, *PAGED)),),
                                   statuses=(200, 304)),
    "GET dumps.file": Operation("dumps", _FILES, (404, 416, *ASKING), (_RANGE,), statuses=(200, 206, 304),
                                paths={"name": example("carekg.nq.gz", "carekg.nq.gz.sha256")}),
    "GET catalogue.file": Operation("dumps", (of_type("turtle", "text/turtle"),), (404, *ASKING), statuses=(200, 304),
                                    paths={"path": example("data/wider/iris.ttl")}),
    "GET history.listing": Operation("changes", (HTML, JSON), (400, 404, *ASKING), (
        text("thing", "Only what touches this thing: its IRI, or such as innovation:iris."),
        {"name": "before", "in": "query", "required": False, "schema": {"type": "integer", "minimum": 0},
         "description": "Only changes with lower numbers."})),
    "GET history.change": Operation("changes", (HTML, JSON, _PATCH), (404, *ASKING), paths=_NUMBER),
    "POST history.take_back": Operation("changes", (HTML, JSON), (400, 401, 403, 404, 409, 411, 415, 422, *ASKING),
                                     body=_body({"application/json": _WHY, FORMS[0]: _WHY}), paths=_NUMBER,
                                     statuses=(201, 303), needs_token=True),
    "GET history.at": Operation("changes", (), (400, *ASKING), paths={"when": example("2026-01-31")}, statuses=(303,)),
    "GET history_data.whole": Operation("changes", (_PATCH,), (400, *ASKING), (
        {"name": "after", "in": "query", "required": False, "schema": {"type": "integer", "minimum": 0},
         "description": "Only the changes after this one."},)),
    "GET history_data.graph": Operation("changes", _PAST, (404, 406, *ASKING), (choice(_PAST),), paths=_NUMBER),
    "GET feed.view": Operation("changes", GRAPHS, (406,), (choice(GRAPHS),), statuses=(200, 304)),
    "GET feed.page": Operation("changes", GRAPHS, (404, 406), (choice(GRAPHS),), statuses=(200, 304),
                               paths={"number": {"type": "integer", "minimum": 0, "examples": [0]}}),
    "GET feed.version": Operation("changes", (), (404, *ASKING), statuses=(303,), paths={
        "history": example("0a1b2c3d"), **{name: {"type": "integer", "minimum": 0, "examples": [1]}
                                           for name in ("number", "within")}}),
    "GET feed.as_atom": Operation("changes", (of_type("atom", "application/atom+xml"),), ASKING, statuses=(200, 304)),
}

# --- reconciliation -------------------------------------------------------------------------------------------------

_BATCH: Final = text("queries", "A reconciliation query batch, as JSON.")
_EXTENSION: Final = text("extend", "A data extension query, as JSON.")
_PREFIX: Final = text("prefix", "The text that names begin with.", required=True)
_CURSOR: Final = {"name": "cursor", "in": "query", "required": False, "schema": {"type": "integer", "minimum": 0},
                  "description": "How many suggestions to skip."}
_TYPE: Final = text("type", "A type, as /reconcile/suggest/type gives them.")
_ID: Final = {"name": "id", "in": "query", "required": True, "schema": example("id/innovation/iris"),
              "description": "The identifier of a thing."}
_BATCHED: Final = {"type": "object", "properties": {one["name"]: one["schema"] for one in (_BATCH, _EXTENSION)}}
_RECONCILIATION: Final = {
    "GET reconcile.endpoint": Operation("reconciliation", (JSON,), (400, *ASKING), (
        _BATCH, text("query", "One query: a name, or JSON."), _EXTENSION)),
    "POST reconcile.endpoint": Operation("reconciliation", (JSON,), (400, 415, *ASKING),
                                         body=_body(dict.fromkeys(FORMS, _BATCHED))),
    "GET reconcile.suggest_entity": Operation("reconciliation", (JSON,), (400, *ASKING), (_PREFIX, _CURSOR, _TYPE)),
    **{f"GET reconcile.suggest_{what}": Operation("reconciliation", (JSON,), (400, *ASKING), (_PREFIX, _CURSOR))
       for what in ("type", "property")},
    "GET reconcile.properties": Operation("reconciliation", (JSON,), (400, *ASKING), (_TYPE, {
        **_CURSOR, "name": "limit", "description": "How many properties to give at most."})),
    "GET reconcile.preview": Operation("reconciliation", (HTML,), (400, 404, *ASKING), (_ID,)),
    "GET reconcile.view": Operation("reconciliation", (), (400, 404, *ASKING), (_ID,), statuses=(303,)),
    "GET reconcile.about": Operation("pages", (HTML,), ASKING),
}

# --- why something is here, or is not -------------------------------------------------------------------------------

_EXPLAINED: Final = (JSON, of_type("text", "text/plain"), HTML)
_WHY_FORM: Final = {"form": ending(_EXPLAINED[:2])}
_TRIPLE: Final = (
    {"name": "s", "in": "query", "required": False, "schema": example("innovation:iris"),
     "description": "The subject: its IRI, or a short one."},
    {"name": "p", "in": "query", "required": False, "schema": example("care:scaledVia"),
     "description": "The property; without it, what is said of the subject is listed."},
    {"name": "o", "in": "query", "required": False, "schema": example("route:licensing-and-affiliation", '"IRIS"@en'),
     "description": "The value as Turtle has it, or the plain text of a literal."},
    {"name": "answers", "in": "query", "required": False, "schema": {"enum": ["yes", "no"], "default": "no"},
     "description": "Whether to tell which answers of prepared questions would lose rows without it, or of what is "
                    "inferred, without which statement it would go."},
    {"name": "removed", "in": "query", "required": False, "schema": {"enum": ["yes", "no"], "default": "no"},
     "description": "Whether the page tells what would go with it; the data always do."},
)
_EXPLAINING: Final = {
    "GET why.triple": Operation("linked data", _EXPLAINED, (400, 404, 406, *ASKING),
                                (*_TRIPLE, choice(_EXPLAINED))),
    "GET why.question": Operation("questions", _EXPLAINED, (400, 404, 406, *ASKING), (_PICTURE[-1],),
                                  paths={**_DRAWN, **_WHY_FORM}),
    "GET why.sparql": Operation("sparql", _EXPLAINED, (400, 403, 406, *ASKING),
                                (text("query", "The query whose result is empty.", required=True),), paths=_WHY_FORM),
}

# --- pages and operation --------------------------------------------------------------------------------------------

_PLAIN: Final = of_type("text", "text/plain")
_XML: Final = of_type("xml", "application/xml")
_OTHERS: Final = {
    "GET home": Operation("pages", (HTML,), ASKING),
    "GET guide.page": Operation("pages", (HTML,), ASKING),
    "GET guide.words": Operation("descriptions", (*LISTS, HTML), (406,), (choice((*LISTS, HTML)),),
                                 paths={"form": ending(LISTS)}),
    "GET static": Operation("pages", (), (404,), paths={"filename": example("style.css")}, statuses=(200, 304)),
    "GET crawlers.robots": Operation("descriptions", (_PLAIN,)),
    "GET crawlers.sitemap": Operation("descriptions", (_XML,), ASKING),
    "GET crawlers.part": Operation("descriptions", (_XML,), (404, *ASKING),
                                   paths={"number": {"type": "integer", "minimum": 0, "examples": [1]}}),
    "GET health.told": Operation("operation", (JSON,), statuses=(200, 503)),
    "GET health.live": Operation("operation", (_PLAIN,)),
    "GET health.ready": Operation("operation", (_PLAIN,), statuses=(200, 503)),
    "GET metrics.page": Operation("operation", (_PLAIN,)),
}

KNOWN: Final[dict[str, Operation]] = {
    **_SPARQL, **_EDITOR, **_STORE, **_DATA, **_DESCRIPTIONS, **_RECONCILIATION, **_EXPLAINING, **_OTHERS,
    **proposing.KNOWN, **planned.KNOWN}
"""Method and endpoint to what it takes and gives."""
