"""Pictures of answers to anybody's query: the query and the drawing are in the address."""

from __future__ import annotations

from flask import Blueprint, Response, request

from carekg import errors, syntax
from carekg.query.drawing import of_address
from carekg.web import pictures
from carekg.web.editor import answered
from carekg.web.pictures import PNG, SPECIFICATION, SVG, Form
from carekg.web.protocol import sparql

blueprint = Blueprint("drawn", __name__)


@blueprint.get("/sparql.svg")
def svg() -> Response:
    """Draw the answer to a query, as SVG."""
    return _sent(SVG)


@blueprint.get("/sparql.png")
def png() -> Response:
    """Draw the answer to a query, as PNG."""
    return _sent(PNG)


@blueprint.get("/sparql.vega.json")
def spec() -> Response:
    """Give the Vega-Lite or Vega specification of the picture of an answer, its data included."""
    return _sent(SPECIFICATION)


def _sent(form: Form) -> Response:
    """Give a picture in a form.

    :raises BadInput: there is no query in the address.
    :raises BadDrawing: there is no such drawing, or the query gives a graph.
    """
    text = request.args.get("query", "")
    if not text.strip():
        raise errors.BadInput("The address has no `query`; a picture is of the answer to one.")
    if syntax.asks_for_graph(text):
        raise errors.BadDrawing("a query with CONSTRUCT or DESCRIBE gives a graph and no table")
    drawing = of_address(request.args.get("drawing", ""), pictures.roles(), ())
    asked = sparql.question(text, "json")
    return pictures.sent(lambda: answered.laid(asked, placed=drawing.kind == "map"), (asked,), drawing, form, "sparql")
