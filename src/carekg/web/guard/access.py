"""The access log: one JSON object a line for each request that was answered.

A query is told by a hash of its text, so that the same query is found again and nobody's question is kept. Whatever
comes from a client is a JSON string in ASCII: it cannot end a line or move a terminal's cursor.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
import sys
from datetime import UTC, datetime
from logging.handlers import WatchedFileHandler
from pathlib import Path
from typing import Final

from flask import Flask, Response, g, request

from carekg import errors
from carekg.web import site
from carekg.web.guard import gate, received

KEY: Final = "carekg.access"
"""Under which an application keeps its log."""

TERMINAL: Final = "-"
LONGEST: Final = 500
"""Characters of a path that are kept."""

DIRECT: Final = "application/sparql-query"


class Log:
    """An access log on stderr or in a file; a file that was moved away, as logrotate does, is begun anew."""

    def __init__(self, place: str) -> None:
        """Open the log.

        :raises StoreError: the file cannot be written.
        """
        try:
            self._handler = logging.StreamHandler(sys.stderr) if place == TERMINAL else _file(Path(place))
        except OSError as error:
            raise errors.StoreError(f"The access log {place} cannot be written: {error.strerror}.") from None

    def close(self) -> None:
        """Let go of the file."""
        self._handler.close()

    def note(self, seen: gate.Seen) -> None:
        """Write a line."""
        now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        said = {"time": now, "client": seen.client, "method": seen.method, "path": seen.path[:LONGEST],
                "status": seen.status, "bytes": seen.sent, "milliseconds": round(seen.seconds * 1000, 2)}
        said |= {"error": seen.error} if seen.error else {}
        line = json.dumps(said | seen.more)
        self._handler.handle(logging.LogRecord("carekg.access", logging.INFO, "", 0, line, None, None))


def _file(path: Path) -> WatchedFileHandler:
    return WatchedFileHandler(path, encoding="ascii")


def refuse_unwritable(place: str) -> None:
    """Try to open the log, so that one that cannot be written is told before anything is served.

    :raises StoreError: the file cannot be written.
    """
    if place:
        Log(place).close()


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
    if request.endpoint == "sparql.endpoint" and (text := _query()):
        more["query"] = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:16]
    with contextlib.suppress(errors.CarekgError):
        more["graph"] = site.asker().graph.version
    return response


def _query() -> str:
    """Give the text of a SPARQL query or update, where the request was read so far."""
    if request.mimetype in (DIRECT, "application/sparql-update"):
        return request.get_data(cache=True, as_text=False).decode("utf-8", "replace") if _was_read() else ""
    given = [request.args] + ([request.form] if _was_read() else [])
    return next((one[name] for one in given for name in ("query", "update") if name in one), "")


def _was_read() -> bool:
    """Say whether the body was taken in, and can be looked at without waiting for it."""
    return not request.content_length or request.environ.get(received.KEY, False)
