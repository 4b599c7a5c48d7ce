"""The HTTP API described by OpenAPI 3.1 (https://spec.openapis.org/oas/v3.1.1): made of the routes and the questions.

Nothing is in it that no route answers, and no route is left out: the paths are those of the application's own map.
"""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

import yaml
from flask import Blueprint, Response, current_app
from werkzeug.routing import Rule

from carekg import __version__
from carekg.query import Query
from carekg.web import conditions, formats, site
from carekg.web.accounts import sessions
from carekg.web.described import operations, routes, schemas

blueprint = Blueprint("openapi", __name__)

VARIABLE: Final = re.compile(r"<(?:[^:<>]+:)?_*([^<>]+)>")
"""A variable of a route's rule, with what converts it."""

SILENT: Final = ("HEAD", "OPTIONS")
"""Methods that every path has, which its GET explains."""


FORMS: Final = "forms."
"""The endpoints of pages that only a browser fills in; programs change the graph by other ways."""


@blueprint.get("/openapi.json")
def as_json() -> Response:
    """Give the description of the HTTP API in JSON."""
    return _sent(json.dumps(document(), ensure_ascii=False, indent=1) + "\n", "application/json")


@blueprint.get("/openapi.yaml")
def as_yaml() -> Response:
    """Give the description of the HTTP API in YAML."""
    plain = json.loads(json.dumps(document()))  # nothing in it twice the same object: no anchors
    text = yaml.dump(plain, Dumper=getattr(yaml, "CSafeDumper", yaml.SafeDumper), sort_keys=False, allow_unicode=True)
    return _sent(text, "application/yaml")  # RFC 9512


def _sent(text: str, media: str) -> Response:
    response = Response(text, content_type=media)
    response.add_etag()
    return conditions.held(response)


def document() -> dict[str, Any]:
    """Give the whole description."""
    return {
        "openapi": "3.1.1",
        "info": {
            "title": "carekg", "version": __version__,
            "summary": "A knowledge graph over HTTP: prepared queries, SPARQL, linked data, dumps.",
            "description": "Each path that takes GET takes HEAD and OPTIONS too; a method that it does not take is "
                           "answered with 405 and an `Allow` that names those that it does. An error is one sentence: "
                           "what is wrong, where, and what would be right.",
            "license": {"name": "Apache License 2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": site.address("/").rstrip("/")}],
        "tags": [{"name": name, "description": text} for name, text in operations.TAGS.items()],
        "paths": paths(),
        "components": {
            "schemas": {"Results": schemas.RESULTS},
            "parameters": {f"{query.name}.{one.name}": schemas.parameter(site.asker(), one)
                           for query in site.asker().queries.values() for one in query.parameters},
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"},  # RFC 6750
                                "session": {"type": "apiKey", "in": "cookie", "name": sessions.COOKIE}},
            "responses": {f"Error{status}": _problem(text) for status, text in operations.ERRORS.items()},
        },
    }


def paths() -> dict[str, Any]:
    """Give every path with its operations, in the order of the alphabet."""
    made: dict[str, dict[str, Any]] = {}
    for rule in current_app.url_map.iter_rules():
        if rule.endpoint.startswith(FORMS):
            continue
        for method in sorted((rule.methods or set()) - set(SILENT)):
            for path, described in _operations(rule, method):
                made.setdefault(path, {})[method.lower()] = described
    return dict(sorted(made.items()))


def _operations(rule: Rule, method: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Give the paths of a rule with what a method does there: several where each question has its own."""
    known = routes.KNOWN.get(f"{method} {rule.endpoint}", operations.Operation())
    if rule.endpoint == routes.QUESTION and "form" not in rule.arguments:
        for query in site.asker().queries.values():
            yield VARIABLE.sub(query.name, rule.rule), _question(query, known)
    elif rule.endpoint in (routes.QUESTION, routes.ROWS):
        yield _path(rule), _any_question(rule, known)
    else:
        yield _path(rule), _operation(rule, method, known)


def _path(rule: Rule) -> str:
    return VARIABLE.sub(r"{\1}", rule.rule)


def _operation(rule: Rule, method: str, known: operations.Operation) -> dict[str, Any]:
    """Describe a method of a route by its docstring and what is known of it."""
    said = inspect.getdoc(current_app.view_functions[rule.endpoint]) or rule.endpoint
    if rule.endpoint == "static":
        said = "Give a file that pages use."
    name = re.sub(r"\W+", "_", _path(rule)).strip("_") or "home"
    made = {"operationId": f"{method.lower()}_{name}",
            "tags": [known.tag], "summary": said.partition("\n")[0].rstrip("."),
            "parameters": [*_variables(rule, known), *known.parameters], "responses": _responses(known)}
    if known.body:
        made["requestBody"] = known.body
    if known.needs_token:
        made["security"] = [{"token": []}, {"session": []}]
    return made


def _question(query: Query, known: operations.Operation) -> dict[str, Any]:
    """Describe the path of one prepared query."""
    table = formats.GRAPHS if query.is_graph else formats.TABLES
    whole = (*table, operations.HTML)
    known = replace(known, offered=whole)
    given = [{"$ref": f"#/components/parameters/{query.name}.{one.name}"} for one in query.parameters]
    return {"operationId": f"ask_{query.name.replace('-', '_')}", "tags": [known.tag],
            "summary": query.summary, "description": query.description,
            "parameters": [*given, operations.choice(whole)], "responses": _responses(known)}


def _any_question(rule: Rule, known: operations.Operation) -> dict[str, Any]:
    """Describe the paths of prepared queries with the ending of a format."""
    ending = known.offered or (*formats.RESULTS, formats.XLSX, *formats.GRAPHS)
    known = replace(known, offered=ending, parameters=(
        {"name": "arguments", "in": "query", "style": "form", "explode": True, "required": False,
         "description": "The parameters of the question, as its own path has them.",
         "schema": {"type": "object", "additionalProperties": {"type": "string"}}}, *known.parameters,
    ), paths={"name": {"enum": sorted(site.asker().queries)}, "form": operations.ending(ending)})
    return _operation(rule, "GET", known)


def _variables(rule: Rule, known: operations.Operation) -> list[dict[str, Any]]:
    """Give the parameters that are parts of a path."""
    return [{"name": name, "in": "path", "required": True,
             "schema": known.paths.get(name, {"type": "string", "minLength": 1})}
            for name in VARIABLE.findall(rule.rule)]


def _responses(known: operations.Operation) -> dict[str, Any]:
    """Give the answers by status: those that are right, and each problem by reference."""
    found: dict[str, Any] = {}
    for status in known.statuses:
        found[str(status)] = {"description": operations.DONE[status]}
        if known.offered and status in operations.WITH_CONTENT:
            found[str(status)]["content"] = operations.content(known.offered)
        if headers := _headers(known, status):
            found[str(status)]["headers"] = headers
    met = [status for one in known.statuses for status in operations.MET.get(one, ())]
    for status in sorted({*known.problems, *met, *operations.ALWAYS}):
        found.setdefault(str(status), {"$ref": f"#/components/responses/Error{status}"})
    return found


def _headers(known: operations.Operation, status: int) -> dict[str, Any]:
    """Give the headers of an answer that say what it is, or how much of it."""
    said = {}
    if known.may_be_cut and status == 200:
        said[formats.CUT] = "Where the answer was cut: after how many rows or triples."
    if 304 in known.statuses and status in (200, 206, 304):
        said["ETag"] = "Its tag, for `If-None-Match` and `If-Match`; some answers that are large have none."
    return {name: {"schema": {"type": "string"}, "description": text} for name, text in said.items()}


def _problem(text: str) -> dict[str, Any]:
    sentence = {"schema": {"type": "string"}}
    return {"description": text, "content": {"text/plain": sentence, "text/html": sentence}}
