"""The access log: one JSON object a line for each request that was answered.

A query is told by a hash of its text, so that the same query is found again and nobody's question is kept.
"""

from __future__ import annotations

import contextlib
import hashlib
from typing import Final

from flask import Flask, Response, g, request

from carekg import errors
from carekg.web import site
from carekg.web.guard import gate, received
from carekg.web.guard.lines import Lines

KEY: Final = "carekg.access"
"""Under which an application keeps its log."""

NAME: Final = "access"

DIRECT: Final = "application/sparql-query"


class Log(Lines):
    """The access log."""

    def __init__(self, place: str) -> None:
        super().__init__(NAME, place)

    def note(self, seen: gate.Seen) -> None:
        """Write a line."""
        self.write(seen, **seen.more)


def install(app: Flask, place: str) -> Log:
    """Have an application's answers looked at for the log, and give the log."""
    app.after_request(_look)
    log = app.extensions[KEY] = Log(place)
    return log


def _look(response: Response) -> Response:
    """Note which query was answered, and of which graph."""
    more = request.environ[gate.KEY].more
    if "writer" in g:  # the name of a token, as `carekg token list` has it
        more["by"] = g.writer
    if request.endpoint == "questions.question" and response.status_code < 400:
        more["question"] = (request.view_args or {})["name"]
    if request.endpoint == "sparql.endpoint" and (text := query()):
        more["query"] = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:16]
    with contextlib.suppress(errors.CarekgError):
        more["graph"] = site.asker().graph.version
    return response


def query() -> str:
    """Give the text of a SPARQL query or update, where the request was read so far."""
    if request.mimetype in (DIRECT, "application/sparql-update"):
        return request.get_data(cache=True, as_text=False).decode("utf-8", "replace") if _was_read() else ""
    given = [request.args] + ([request.form] if _was_read() else [])
    return next((one[name] for one in given for name in ("query", "update") if name in one), "")


def _was_read() -> bool:
    """Say whether the body was taken in, and can be looked at without waiting for it."""
    return not request.content_length or request.environ.get(received.KEY, False)
