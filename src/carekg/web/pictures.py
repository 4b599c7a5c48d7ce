"""Pictures of the answers to prepared questions, as SVG, PNG and the specification they are made of."""

from __future__ import annotations

import json
from collections.abc import Callable, Hashable
from typing import Final, NamedTuple

from flask import Blueprint, Response, current_app, request

from carekg import charts, errors
from carekg.query import Query, find
from carekg.query.drawing import of_address
from carekg.web import conditions, formats, site
from carekg.web.questions import address, kept, noted
from carekg.web.questions.laid import Laid
from carekg.web.remembered import Remembered

blueprint = Blueprint("pictures", __name__)

KEY: Final = "carekg.pictures"
"""Under which an application keeps its press, and the pictures."""

POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'"
"""What a picture that is opened by itself may load: nothing; it has styles of its own."""

MOST: Final = 48
"""Pictures that are kept."""

WAITING: Final = 24
"""Requests that may wait for the press: a page may show several pictures, each drawn in a tenth of a second."""

ROLE: Final = "drawing."
"""What a name in an address begins with that says which column plays a role."""

LOOKS: Final = {"_theme": ("light", "dark"), "_width": ("wide", "narrow")}
"""How a picture may look: names in an address and their values, the first the default."""


class Form(NamedTuple):
    """A form in which a picture is given: its ending, its media type, and how it is made."""

    ending: str
    media: str
    make: Callable[[charts.Picture, charts.Press], bytes]


SVG: Final = Form("svg", "image/svg+xml", lambda picture, press: picture.svg(press).encode())
PNG: Final = Form("png", "image/png", lambda picture, press: picture.png(press))
SPECIFICATION: Final = Form("vega.json", "application/json", lambda picture, _: _written(picture))


class Studio:
    """What an application makes pictures with, and those it has made."""

    def __init__(self) -> None:
        self.press = charts.Press()
        self.made: Remembered[bytes] = Remembered(MOST, WAITING)


@blueprint.get("/queries/<name>.svg")
def svg(name: str) -> Response:
    """Draw the answer to a prepared query, as SVG."""
    return _asked(name, SVG)


@blueprint.get("/queries/<name>.png")
def png(name: str) -> Response:
    """Draw the answer to a prepared query, as PNG."""
    return _asked(name, PNG)


@blueprint.get("/queries/<name>.vega.json")
def spec(name: str) -> Response:
    """Give the Vega-Lite or Vega specification of the picture of an answer, its data included."""
    return _asked(name, SPECIFICATION)


def _asked(name: str, form: Form) -> Response:
    """Give the picture of the answer to a prepared query."""
    asker = site.asker()
    query = find(asker.queries, name)
    arguments = {key: request.args.getlist(key) for key in request.args if not address.is_own(key)}
    drawing, text = _drawing(query), query.bind(asker.terms(query, arguments))
    return sent(lambda: kept.laid(text), (text,), drawing, form, name)


def sent(asked: Callable[[], Laid], key: tuple[Hashable, ...], drawing: charts.Drawing, form: Form, name: str,
         ) -> Response:
    """Give the picture of an answer in a form, made now or remembered under what was asked, the ``key``."""
    look, version = _look(), site.asker().graph.version  # before it is asked: what is of a later graph is made again
    laid = asked()
    studio: Studio = current_app.extensions[KEY]

    def made() -> bytes:
        picture = charts.draw(laid.table, drawing, look, cut=laid.cut, linked=site.local, notes=noted.notes(laid))
        return form.make(picture, studio.press)

    body = studio.made.get(version, (key, drawing, look, form.ending), made)
    response = Response(body, content_type=form.media)
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["Content-Disposition"] = f'inline; filename="{name}-{drawing.kind}.{form.ending}"'
    if laid.cut:
        response.headers[formats.CUT] = str(laid.cut)
    response.add_etag()
    return conditions.held(response)


def _drawing(query: Query) -> charts.Drawing:
    """Give the drawing that a request asks for.

    :raises BadDrawing: the question has no such drawing, or gives no table.
    """
    if query.is_graph:
        raise errors.BadDrawing(f"{query.name} gives a graph and no table")
    return of_address(request.args.get("drawing", ""), roles(), query.drawings)


def roles() -> dict[str, list[str]]:
    """Give the columns that a request names for each role of its picture."""
    return {key.removeprefix(ROLE): [one for one in request.args.getlist(key) if one]
            for key in request.args if key.startswith(ROLE)}


def _look() -> charts.Look:
    """Give how a request wants its picture to look.

    :raises BadValue: it names a theme or a width that there is not.
    """
    chosen = {}
    for name, values in LOOKS.items():
        chosen[name] = request.args.get(name) or values[0]
        if chosen[name] not in values:
            raise errors.BadValue(chosen[name], f"a value of `{name}`; it takes {' or '.join(values)}")
    return charts.Look(charts.THEMES[chosen["_theme"]], chosen["_width"] == "narrow")


def _written(picture: charts.Picture) -> bytes:
    return (json.dumps(picture.spec, ensure_ascii=False, indent=1) + "\n").encode()
