"""The list of the prepared questions: by their subjects for people, described for programs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import Response, jsonify, render_template, url_for

from carekg.query import Query
from carekg.web import formats, site
from carekg.web.described import operations
from carekg.web.questions import tabular


def page() -> str:
    """Give the page that lists them."""
    return render_template("queries.html", groups=groups(site.asker().queries.values()))


def data(form: str | None) -> Response:
    """Give the list as JSON or CSV."""
    described = [_described(query) for query in site.asker().queries.values()]
    if formats.wanted(operations.LISTS, form).name == "json":
        return jsonify(described)
    rows = ([d["name"], d["summary"], " ".join(p["name"] for p in d["parameters"])] for d in described)
    return Response(tabular.listed([["name", "summary", "parameters"], *rows]), content_type="text/csv; charset=utf-8")


def groups(queries: Iterable[Query]) -> dict[str, list[Query]]:
    """Give the queries by their first tag, tags and queries in the order of the alphabet."""
    found: dict[str, list[Query]] = {}
    for query in sorted(queries, key=lambda one: (one.tags[:1] or ("other",), one.name)):
        found.setdefault(query.tags[0] if query.tags else "other", []).append(query)
    return found


def _described(query: Query) -> dict[str, Any]:
    parameters = [{"name": p.name, "label": p.label, "description": p.description, "type": p.type,
                   "values": p.source if p.of else None, "default": p.default, "optional": p.optional,
                   "repeatable": p.repeatable} for p in query.parameters]
    return {"name": query.name, "summary": query.summary, "description": query.description, "tags": list(query.tags),
            "when_empty": query.when_empty, "gives": "graph" if query.is_graph else "table",
            "address": url_for("questions.question", name=query.name), "parameters": parameters}
