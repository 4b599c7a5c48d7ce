"""The Reconciliation Service API 0.2 at /reconcile: manifest, queries, suggestions, previews and data extension.

https://www.w3.org/community/reports/reconciliation/CG-FINAL-specs-0.2-20230410/
"""

from __future__ import annotations

from typing import Any, Final

from flask import Blueprint, Response, current_app, jsonify, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

import carekg
from carekg import errors, reconciliation
from carekg.names import Thing
from carekg.reconciliation.asked import MOST_CANDIDATES, MOST_QUERIES
from carekg.reconciliation.space import id_of
from carekg.terms import BASE, CARE
from carekg.web import named, site
from carekg.web.remembered import Remembered

blueprint = Blueprint("reconcile", __name__, url_prefix="/reconcile")

KEY: Final = "carekg.reconciliation"
"""Under which an application keeps its service."""

WIDTH, HEIGHT = 430, 260
"""Pixels of a preview."""

FORMS: Final = ("application/x-www-form-urlencoded", "multipart/form-data")
LIMIT: Final = {
    "name": "limit", "type": "number", "default": 0, "label": "Values at most",
    "help_text": "How many values of this property each thing gives; 0 gives them all."}
"""The setting of a column in data extension."""

FRAMED: Final = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors *"
"""The security policy of a preview: it loads a style sheet, and any page may show it in a frame."""


@blueprint.before_request
def _refuse_callbacks() -> None:
    """Clause 3.3: JSONP is optional, CORS is not."""
    if "callback" in request.values:
        raise errors.BadInput("JSONP is not given here, since it would run this server's text as code on your page; "
                              "leave out `callback` and read the JSON: any origin may (CORS).")


@blueprint.route("", methods=["GET", "POST"])
def endpoint() -> Response:
    """Answer queries or a data extension; without either, give the manifest (clause 3.1)."""
    if request.method == "POST" and request.mimetype not in FORMS:
        raise errors.UnsupportedMedia(request.mimetype, f"a form, {FORMS[0]}")
    queries, query, extend = (_one(name) for name in ("queries", "query", "extend"))
    if extend is not None:
        return jsonify(_service().extended(reconciliation.extension(extend)))
    if queries is not None:
        return jsonify(_service().reconciled(reconciliation.batch(queries)))
    if query is not None:
        return jsonify(_service().reconciled({"q": reconciliation.single(query)})["q"])
    if request.method == "POST":
        raise errors.BadInput("The form has neither `queries` nor `extend`; send one of them, as JSON.")
    return jsonify(_manifest())


@blueprint.get("/suggest/entity")
def suggest_entity() -> Response:
    """Suggest things whose name begins so, of a type if one is named."""
    return jsonify(_service().entities(_prefix(), request.args.getlist("type"), _number("cursor", 0)))


@blueprint.get("/suggest/type")
def suggest_type() -> Response:
    """Suggest types."""
    return jsonify(_service().types(_prefix(), _number("cursor", 0)))


@blueprint.get("/suggest/property")
def suggest_property() -> Response:
    """Suggest properties."""
    return jsonify(_service().properties(_prefix(), _number("cursor", 0)))


@blueprint.get("/properties")
def properties() -> Response:
    """Propose the properties that things of a type have (clause 7.2)."""
    limit = _number("limit", MOST_CANDIDATES)
    return jsonify(_service().proposed(_one("type") or "", min(limit, MOST_CANDIDATES)))


@blueprint.get("/preview")
def preview() -> Response:
    """Show a thing on a page that fits a small frame (clause 5)."""
    thing = _thing()
    kinds = [kind["name"] for kind in _service().space.types_of(thing)]
    response = make_response(render_template(
        "preview.html", thing=thing, id=id_of(thing.iri), kinds=kinds, names=named.names().of(thing.iri)[1:]))
    response.headers["Content-Security-Policy"] = FRAMED
    return response


@blueprint.get("/view")
def view() -> AnyResponse:
    """Lead to the page of a thing: its own where this project mints its IRI, else its preview."""
    thing = _thing()
    return redirect(site.local(thing.iri), 303) if thing.iri.startswith(BASE) else preview()


@blueprint.get("/about")
def about() -> str:
    """Say how to use the service and what scores and features mean."""
    return render_template("reconcile.html", endpoint=site.address("/reconcile"), types=_service().space.usual_types())


def _manifest() -> dict[str, Any]:
    """Give what the service offers, and where (clause 3.1)."""
    here = site.address("/reconcile")
    suggest = {what: {"service_url": here, "service_path": f"/suggest/{what}"}
               for what in ("entity", "type", "property")}
    return {
        "versions": ["0.2"],
        "name": "carekg: innovations in health and social care, places, organisations, factors",
        "identifierSpace": BASE,
        "schemaSpace": str(CARE._NS),
        "defaultTypes": _service().space.usual_types(),
        "documentation": f"{here}/about",
        "serviceVersion": carekg.__version__,
        "batchSize": MOST_QUERIES,
        "view": {"url": f"{here}/view?id={{{{id}}}}"},
        "feature_view": {"url": f"{here}/about#{{{{id}}}}"},
        "preview": {"url": f"{here}/preview?id={{{{id}}}}", "width": WIDTH, "height": HEIGHT},
        "suggest": suggest,
        "extend": {"propose_properties": {"service_url": here, "service_path": "/properties"},
                   "property_settings": [LIMIT]},
    }


def _service() -> reconciliation.Service:
    """Give the service over the graph as it is now."""
    graph = site.asker().graph
    kept: Remembered[reconciliation.Service] = current_app.extensions.setdefault(KEY, Remembered(1))
    return kept.get(graph.version, "service", lambda: reconciliation.Service(graph, named.names()))


def _thing() -> Thing:
    """Give the thing that the request names.

    :raises NotFound: there is none; the sentence offers near misses.
    """
    key = _one("id")
    if key is None:
        raise errors.BadInput("The request names no thing; send `id`, such as `id=id/innovation/iris`.")
    names = named.names()
    if (thing := names.get(key)) is None:
        raise errors.NotFound(key[:200], [one.iri for one in names.near(key[:200])])
    return thing


def _prefix() -> str:
    """Give the text to complete (clause 6.2)."""
    prefix = _one("prefix")
    if prefix is None:
        raise errors.BadInput("The request has no `prefix`; send the text that names begin with.")
    return prefix[:300]


def _number(name: str, default: int) -> int:
    text = _one(name) or str(default)
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise errors.BadValue(text, f"a value for `{name}`: it takes a whole number from 0 up")
    return int(text)


def _one(name: str) -> str | None:
    """Give the value of a parameter that may come once."""
    found = request.values.getlist(name)
    if len(found) > 1:
        raise errors.BadInput(f"The request has {len(found)} parameters `{name}`; send one.")
    return found[0] if found else None
