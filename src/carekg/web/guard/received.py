"""The body of a request, read before anything looks at it: whole, unpacked, no larger and no slower than it may be.

The server gives a body that broke off as if it were whole. Where a length was announced, the body is held against
it; a body in chunks has none, so that nothing is written from one. Reading takes a thread for as long as a client
likes to send, so that only some threads read, and each of them for a minute at most.
"""

from __future__ import annotations

import tempfile
import time
import zlib
from collections.abc import Callable, Iterator
from typing import IO, Final

from flask import Flask, current_app, request
from werkzeug.wsgi import get_input_stream

from carekg import errors
from carekg.web import site
from carekg.web.guard import limits
from carekg.web.protocol import permission

KEY: Final = "carekg.received"
"""Under which an application keeps the places for those who send, and a request's environment that its body is here."""

METHODS: Final = ("POST", "PUT", "PATCH", "DELETE")
PIECE: Final = 1 << 14
"""Bytes that are read at a time; between two pieces the clock is looked at."""

SECONDS: Final = 60.0
"""Time in which a body has to be here."""

PLACES: Final = limits.THREADS // 4
"""Bodies that are read at the same time; one client may send half as many."""

IN_ROOM: Final = 4 * 2**20
"""Bytes of a body that are kept in memory before it goes to a temporary file."""

CODINGS: Final = ("gzip", "x-gzip", "deflate")
"""What a body may be packed with (RFC 9110, 8.4.1)."""


def install(app: Flask) -> None:
    """Have an application read bodies so."""
    app.extensions[KEY] = limits.Places(PLACES, PLACES // 2)
    app.before_request(_receive)
    app.teardown_request(_let_go)


def _receive() -> None:
    """Put the whole body in place of what the server would read from the network.

    :raises TooLarge: it is larger than it may be, packed or unpacked.
    :raises NeedsLength: it would change something, and does not say how long it is.
    :raises UnsupportedCoding: it is packed with something else.
    :raises TooSlow: it was not here in time.
    :raises Crowded: too many bodies are on their way.
    :raises BadInput: it is not whole, or has too many fields.
    """
    environ = request.environ
    chunked = "HTTP_TRANSFER_ENCODING" in environ
    if request.method not in METHODS or request.routing_exception or not (chunked or request.content_length):
        return
    megabytes = _most()
    if (request.content_length or 0) > megabytes * 2**20:
        raise errors.TooLarge(megabytes)
    if chunked and (request.method != "POST" or "Authorization" in request.headers):
        raise errors.NeedsLength()
    unpack = _unpacking(request.headers.get("Content-Encoding", "").strip().lower())
    places: limits.Places = current_app.extensions[KEY]
    client = site.client()
    if not places.enter(client):
        raise errors.Crowded("As many requests are being received as can be")
    try:
        body = _read(unpack, megabytes)
    finally:
        places.leave(client)
    environ["CONTENT_LENGTH"] = str(body.seek(0, 2))
    body.seek(0)
    environ["wsgi.input"], environ["wsgi.input_terminated"], environ[KEY] = body, True, True
    for name in ("HTTP_TRANSFER_ENCODING", "HTTP_CONTENT_ENCODING"):
        environ.pop(name, None)
    request.max_content_length = request.max_form_memory_size = megabytes * 2**20


def _let_go(_error: BaseException | None = None) -> None:
    """Close the file that a body was put into."""
    if request.environ.get(KEY):
        request.environ["wsgi.input"].close()


def _most() -> int:
    """Give the megabytes that the body of this request may have: more for those who may write."""
    settings = site.settings()
    try:
        who = permission.known()
    except errors.CarekgError:  # which is told later, to who asks for something that takes a role
        who = None
    return max(settings.upload_mb, settings.body_mb) if who and who.may("draft") else settings.body_mb


def _read(unpack: Callable[[Iterator[bytes]], Iterator[bytes]], megabytes: int) -> IO[bytes]:
    """Give the body, unpacked, in a file that is in memory as long as it is small."""
    body: IO[bytes] = tempfile.SpooledTemporaryFile(IN_ROOM)  # noqa: SIM115 - it ends with the request
    is_form, fields = request.mimetype == "application/x-www-form-urlencoded", 0
    size = 0
    try:
        for piece in unpack(_pieces(megabytes)):
            size += len(piece)
            fields += piece.count(b"&") if is_form else 0
            if size > megabytes * 2**20:
                raise errors.TooLarge(megabytes)
            if fields >= limits.FIELDS:
                raise errors.BadInput(f"The form has more than {limits.FIELDS:,} fields, the most that are read.")
            body.write(piece)
    except BaseException:
        body.close()
        raise
    return body


def _pieces(megabytes: int) -> Iterator[bytes]:
    """Give the body as it comes, and see that it comes whole and in time."""
    until = time.monotonic() + SECONDS
    stream = get_input_stream(request.environ, max_content_length=megabytes * 2**20 + 1)  # one more tells too many
    wanted, got = request.content_length, 0
    while piece := stream.read(PIECE if wanted is None else min(PIECE, wanted - got)):
        got += len(piece)
        yield piece
        if got == wanted:
            return
        if time.monotonic() > until:
            raise errors.TooSlow(SECONDS)
    if wanted is not None and got < wanted:
        raise errors.BadInput(f"The body broke off: {got:,} of the {wanted:,} bytes came that were announced.")


# --- unpacking -------------------------------------------------------------------------------------------------------


def _unpacking(coding: str) -> Callable[[Iterator[bytes]], Iterator[bytes]]:
    """Give what unpacks a body that is packed so."""
    if coding in ("", "identity"):
        return lambda pieces: pieces
    if coding not in CODINGS:
        raise errors.UnsupportedCoding(coding, CODINGS)
    return _unpacked


def _unpacked(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Unpack piece by piece, a little at a time: what unfolds to too much is noticed before it is in memory."""
    work = zlib.decompressobj(zlib.MAX_WBITS | 32)  # gzip or zlib, as its first bytes say
    try:
        for piece in pieces:
            if work.eof:
                raise errors.BadInput("Something follows the packed body; pack all of it as one.")
            made = work.decompress(piece, PIECE)
            while made:
                yield made
                made = work.decompress(work.unconsumed_tail, PIECE)
    except zlib.error:
        raise errors.BadInput("The body is not packed as its Content-Encoding says.") from None
    if not work.eof or work.unused_data:
        raise errors.BadInput("The packed body is not whole, or something follows it; pack it as one.")
