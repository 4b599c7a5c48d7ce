"""What every request passes on its way in and its answer on its way out: it is let in, timed, counted and told.

It stands outside the application, since only there is an answer's end seen. A small answer leaves in one piece, which
the server sends without holding a thread; a large one holds a thread as long as its reader likes to read, so that a
reader who takes next to nothing is left.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from flask import Flask, Response, request

from carekg import errors
from carekg.web import site
from carekg.web.guard import limits

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

KEY: Final = "carekg.seen"
"""Under which a request's environment has what is seen of it."""

PATIENCE: Final = 60.0
"""Seconds after which a reader has to have taken something."""

SLOWEST: Final = 10_000
"""Bytes a second that a reader then has to take."""


@dataclass
class Seen:
    """What is seen of a request and its answer."""

    client: str
    method: str
    path: str
    began: float = field(default_factory=time.perf_counter)
    status: int = 0
    sent: int = 0
    seconds: float = 0.0
    route: str = "none"
    has_place: bool = False
    in_pieces: bool = False
    error: str = ""
    headers: list[tuple[str, str]] = field(default_factory=list)
    more: dict[str, str] = field(default_factory=dict)
    asked: dict[str, Any] = field(default_factory=dict)


class Gate:
    """A WSGI application around another; each of ``noting`` is given what was seen, once the answer has ended."""

    def __init__(self, inner: WSGIApplication, limiter: limits.Limiter,
                 noting: Iterable[Callable[[Seen], None]]) -> None:
        self.inner, self.limiter, self.noting = inner, limiter, tuple(noting)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request."""
        client = site.grouped(environ.get("REMOTE_ADDR", ""))
        seen = environ[KEY] = Seen(client, environ["REQUEST_METHOD"], environ.get("PATH_INFO", ""))
        environ[limits.KEY] = seen.has_place = self.limiter.places.enter(client)

        def started(status: str, headers: list[tuple[str, str]], *error: Any) -> Any:
            seen.status = int(status[:3])
            return start_response(status, headers + seen.headers, *error)

        try:
            body = self.inner(environ, started)
            if seen.in_pieces and not isinstance(body, tuple):
                return _Leaving(body, seen, self._left)
            whole = _whole(body)
        except BaseException:
            self._left(seen)
            raise
        seen.sent = len(whole)
        self._left(seen)
        return [whole]

    def _left(self, seen: Seen) -> None:
        """Note that an answer has ended, whole or not."""
        seen.seconds = time.perf_counter() - seen.began
        if seen.has_place:
            self.limiter.places.leave(seen.client)
        for note in self.noting:
            note(seen)


class _Leaving:
    """A large answer on its way, piece by piece."""

    def __init__(self, body: Iterable[bytes], seen: Seen, left: Callable[[Seen], None]) -> None:
        self._body, self._pieces, self._seen, self._end = body, iter(body), seen, left
        self._ended = False

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        waited = time.perf_counter() - self._seen.began
        if waited > PATIENCE and self._seen.sent < SLOWEST * (waited - PATIENCE / 2):
            self._seen.error = "TooSlow"
            raise StopIteration  # fewer bytes than announced: the server breaks the connection off
        piece = next(self._pieces)
        self._seen.sent += len(piece)
        return piece

    def close(self) -> None:
        """Let go of the answer; the server calls this also where its reader has gone."""
        if self._ended:
            return
        self._ended = True
        try:
            _close(self._body)
        finally:
            self._end(self._seen)


def install(app: Flask, limiter: limits.Limiter, *noting: Callable[[Seen], None]) -> None:
    """Have all of an application's requests pass through."""
    app.after_request(_look)
    app.wsgi_app = Gate(app.wsgi_app, limiter, noting)  # type: ignore[method-assign]


def failed(error: errors.CarekgError) -> None:
    """Note why a request is refused."""
    request.environ[KEY].error = type(error).__name__


def _look(response: Response) -> Response:
    """Note what only the application knows."""
    seen: Seen = request.environ[KEY]
    seen.in_pieces = response.is_streamed
    if request.url_rule is not None:
        seen.route = request.url_rule.rule
    return response


def _whole(body: Iterable[bytes]) -> bytes:
    try:
        return b"".join(body)
    finally:
        _close(body)


def _close(body: Iterable[bytes]) -> None:
    if hasattr(body, "close"):
        body.close()
