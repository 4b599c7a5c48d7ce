"""The log of slow queries: what was asked, in its own words, so that somebody can find out why it took so long.

It holds what people asked, unlike the access log; so it is written only where somebody wants it.
"""

from __future__ import annotations

import shlex
from typing import Any, Final

from flask import Flask, Response, request

from carekg import syntax
from carekg.query import Query
from carekg.web import site
from carekg.web.guard import access, gate
from carekg.web.guard.lines import Lines

KEY: Final = "carekg.slow"
"""Under which an application keeps its log, and a request's environment what it asked."""

NAME: Final = "slow query"

LONGEST: Final = 20_000
"""Characters of a query, or of a value, that are kept."""

BLUEPRINTS: Final = ("questions", "pictures", "why")
"""Where a prepared question is asked by its name."""


class Log(Lines):
    """The log of what took longer than so many seconds."""

    def __init__(self, place: str, seconds: float) -> None:
        super().__init__(NAME, place)
        self.seconds = seconds

    def note(self, seen: gate.Seen) -> None:
        """Write a line where an answer took too long, or was stopped."""
        if seen.asked and (seen.seconds >= self.seconds or seen.error in ("OverDeadline", "OverMemory")):
            self.write(seen, **seen.asked)


def install(app: Flask, place: str, seconds: float) -> Log:
    """Have an application's answers looked at for the log, and give the log."""
    app.after_request(_look)
    log = app.extensions[KEY] = Log(place, seconds)
    return log


def _look(response: Response) -> Response:
    """Note what was asked, and the command that measures it."""
    seen: gate.Seen = request.environ[gate.KEY]
    name = str((request.view_args or {}).get("name", "")) if request.blueprint in BLUEPRINTS else ""
    if name in site.asker().queries:
        seen.asked = _question(site.asker().queries[name])
    elif request.endpoint == "sparql.endpoint" and (text := access.query()):
        seen.asked = {"update": text[:LONGEST]} if syntax.is_update(text) else {
            "query": text[:LONGEST], "profile": "carekg profile -"}
    return response


def _question(asked: Query) -> dict[str, Any]:
    values = {one.name: [value[:LONGEST] for value in request.args.getlist(one.name)] for one in asked.parameters
              if one.name in request.args}
    words = [f"{name}={value}" for name, given in values.items() for value in given]
    return {"question": asked.name, "values": values, "profile": shlex.join(["carekg", "profile", asked.name, *words])}
