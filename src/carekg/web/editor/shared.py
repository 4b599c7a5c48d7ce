"""Queries under short links: keeping one, and the page of one that is kept."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, Response, current_app, jsonify, redirect, request, url_for
from flask.blueprints import BlueprintSetupState
from werkzeug.wrappers import Response as AnyResponse

from carekg.shared import Shared
from carekg.web import formats, site
from carekg.web.editor import pages
from carekg.web.guard.limits import Limiter
from carekg.web.protocol import sparql

blueprint = Blueprint("shared", __name__)

KEY: Final = "carekg.shared"
"""Under which an application counts who keeps queries."""

RATE: Final = "60 per hour"
"""How often one client may keep a query; nobody shares more, and nobody fills the room for all."""

MEDIA: Final = "application/sparql-query"


@blueprint.record_once
def _prepare(state: BlueprintSetupState) -> None:
    state.app.extensions[KEY] = Limiter(RATE)


@blueprint.post("/sparql/share")
def keep() -> AnyResponse:
    """Keep a query and give its short link."""
    limiter: Limiter = current_app.extensions[KEY]
    limiter.count(site.client())
    name = _queries().keep(request.form.get("query", "").replace("\r\n", "\n"))
    if formats.prefers_html():
        return redirect(str(pages.looks(url_for(".kept", name=name))), 303)
    response = jsonify(address=site.address(url_for(".kept", name=name)))
    response.status_code, response.headers["Location"] = 201, url_for(".kept", name=name)
    return response


@blueprint.get("/q/<name>")
def kept(name: str) -> Response:
    """Give a shared query: to a browser with its answer, to others as its text."""
    text = _queries().find(name)
    if formats.prefers_html():
        response = sparql.shown(text, short=site.address(url_for(".kept", name=name)))
    else:
        response = Response(text, content_type=f"{MEDIA}; charset=utf-8")
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _queries() -> Shared:
    return Shared.beside(site.asker().graph.history.path)
