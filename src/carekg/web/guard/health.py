"""Whether the server is well, for whoever watches it: alive, ready to answer, and with which graph."""

from __future__ import annotations

import threading
import time
from typing import Any, Final

from flask import Blueprint, Response, current_app, jsonify
from flask.blueprints import BlueprintSetupState

from carekg import __version__, errors, store
from carekg.web import site

blueprint = Blueprint("health", __name__, url_prefix="/health")

ASKED: Final = store.Question("ASK {}", "json", client="health")
"""The cheapest question, which goes the whole way through a reader."""

SECONDS: Final = 5.0
"""Time in which a server that is ready answers it."""

KEY: Final = "carekg.health"
"""Under which an application keeps its verdict."""

FRESH: Final = 1.0
"""Seconds for which a verdict holds: nobody's watching, of which no rate is kept, takes readers from the others."""


class Verdict:
    """What keeps a server from answering, as it was found at most a second ago."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._problem, self._until = "", 0.0

    def problem(self) -> str:
        """Give it as a sentence, or nothing."""
        with self._lock:
            if time.monotonic() >= self._until:
                self._problem = _problem()
                self._until = time.monotonic() + FRESH
            return self._problem


@blueprint.record_once
def _prepare(state: BlueprintSetupState) -> None:
    state.app.extensions[KEY] = Verdict()


@blueprint.get("/live")
def live() -> Response:
    """Say that the process answers: where it does not, start it anew."""
    return _kept_nowhere(Response("live\n", mimetype="text/plain"))


@blueprint.get("/ready")
def ready() -> Response:
    """Say whether questions are answered: 503 with a sentence where they are not, so that nobody is sent here."""
    problem = _found()
    return _kept_nowhere(Response(f"{problem or 'ready'}\n", 503 if problem else 200, mimetype="text/plain"))


@blueprint.get("")
def told() -> Response:
    """Say all of it as JSON."""
    problem = _found()
    found: dict[str, Any] = {"live": True, "ready": not problem, "version": __version__}
    if problem:
        found["problem"] = problem
    else:
        graph, manifest = site.asker().graph, site.asker().graph.manifest()
        found["graph"] = {"version": graph.version, "built": manifest.built if manifest else None,
                          "triples": manifest.triples if manifest else None, "filling": graph.filling}
    response = jsonify(found)
    response.status_code = 503 if problem else 200
    return _kept_nowhere(response)


def _found() -> str:
    verdict: Verdict = current_app.extensions[KEY]
    return verdict.problem()


def _problem() -> str:
    """Give what keeps this server from answering, as a sentence, or nothing."""
    try:
        graph = site.asker().graph
        if graph.manifest() is None:
            return "There is no graph yet; run `carekg build`."
        graph.answer(ASKED, SECONDS).read()
    except errors.CarekgError as error:
        return str(error)
    return ""


def _kept_nowhere(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response
