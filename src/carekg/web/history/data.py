"""The history to take along: the log of all changes, and the whole graph as it was after one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import pyoxigraph as ox
from flask import Blueprint, Response, request, stream_with_context

from carekg import errors, patch
from carekg.past import log
from carekg.store.history import replay
from carekg.web import formats, site
from carekg.web.linked import writing

blueprint = Blueprint("history_data", __name__)

FORMATS: Final = tuple(one for name in ("n-quads", "trig") for one in formats.DATASETS if one.name == name)


@blueprint.get("/history/log")
def whole() -> Response:
    """Give all changes as one RDF Patch log; with `after`, those after that one."""
    after = request.args.get("after", "0")
    if not after.isdecimal() or len(after) > 15:
        raise errors.BadValue(after, "the number of a change")
    pieces: Iterator[bytes] = log.written(site.asker().graph.history, int(after))
    return Response(stream_with_context(pieces), content_type=f"{patch.MEDIA}; charset=utf-8")


@blueprint.get("/history/<int:number>/graph")
def graph(number: int) -> Response:
    """Give the whole graph as it was after a change, each triple in its graph."""
    form = formats.wanted(FORMATS)
    quads = replay.after(site.asker().graph.history, number)
    text = quads.dump(format=ox.RdfFormat.N_QUADS if form.name == "n-quads" else ox.RdfFormat.TRIG)
    response = Response(text or b"", content_type=writing.content_type(form.media[0]))
    response.headers["Cache-Control"] = "public, max-age=604800, immutable"  # what was does not change
    return response
