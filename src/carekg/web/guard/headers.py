"""The headers that every answer has: what a page may load, and who may read it from where.

Data are for everybody, so any page of any site may read what is asked (https://fetch.spec.whatwg.org/#http-cors-protocol).
Writing is not: no grant is given for it, so a browser lets no page of another site write, though its reader had a
token.
"""

from __future__ import annotations

from typing import Final

from flask import Flask, Response, request

from carekg.web.guard import gate

POLICY: Final = ("default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
                 "frame-ancestors 'none'")
"""What a page may load: this server's style and pictures, and no script from anywhere."""

ALWAYS: Final = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
"""Headers of each answer that does not have its own."""

PAGES: Final = {
    "Referrer-Policy": "same-origin",  # an address has a reader's question in it
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
"""Headers of each page beside those."""

READ: Final = ("GET", "HEAD", "OPTIONS", "POST")
"""Methods by which one asks; POST is among them, since SPARQL and reconciliation ask by it too."""

SENT: Final = ("Accept", "Accept-Language", "Cache-Control", "Content-Encoding", "Content-Type", "If-Modified-Since",
               "If-None-Match", "If-Range", "Prefer", "Range")
"""Headers that a page elsewhere may send. Authorization is not among them, nor If-Match."""

SHOWN: Final = ("Accept-Patch", "Accept-Post", "Accept-Ranges", "Allow", "Carekg-Cut", "Content-Disposition",
                "Content-Length", "Content-Location", "Content-Range", "ETag", "Last-Modified", "Link", "Location",
                "Repr-Digest", "Retry-After", "WWW-Authenticate")
"""Headers that a page elsewhere may read, beside those that it always may."""

KEPT: Final = "86400"
"""Seconds for which a browser keeps what a preflight said."""

ALIKE: Final = ("static", "health.live", "health.ready", "health.told", "metrics.page")
"""Endpoints whose answer is the same whatever a client accepts."""


OPEN: Final = {"Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": ", ".join(SHOWN)}
"""Headers of each answer that any page may read."""


def install(app: Flask) -> None:
    """Give each answer of an application its headers."""
    app.after_request(_guarded)


def _guarded(response: Response) -> Response:
    """Say what an answer has beside its own headers; the gate adds them, since checking each again takes time."""
    more = dict(ALWAYS)
    if "Content-Security-Policy" in response.headers:  # a view knows better what its page is for
        del more["Content-Security-Policy"]
    if response.mimetype == "text/html":
        more |= PAGES
    if request.endpoint not in ALIKE:
        response.vary.add("Accept")
    is_preflight = request.method == "OPTIONS" and "HTTP_ACCESS_CONTROL_REQUEST_METHOD" in request.environ
    may_read = not _writes(is_preflight)
    if may_read:
        more |= OPEN
    if is_preflight:
        response.vary.update(("Access-Control-Request-Method", "Access-Control-Request-Headers"))
        more |= _leave(response) if may_read else {}
    request.environ[gate.KEY].headers = list(more.items())
    return response


def _writes(is_preflight: bool) -> bool:
    """Say whether a request would write, or asks a browser's leave to."""
    environ = request.environ
    if is_preflight:
        wanted = environ.get("HTTP_ACCESS_CONTROL_REQUEST_HEADERS", "").lower()
        return environ["HTTP_ACCESS_CONTROL_REQUEST_METHOD"] not in READ or "authorization" in wanted
    known = "HTTP_AUTHORIZATION" in environ or "HTTP_COOKIE" in environ  # nothing is written without one of them
    return request.method not in READ or known


def _leave(response: Response) -> dict[str, str]:
    """Give the answer to a preflight: the methods that this address takes, of those by which one asks."""
    methods = ", ".join(one for one in READ if one in response.allow)
    return {"Access-Control-Allow-Methods": methods, "Access-Control-Allow-Headers": ", ".join(SENT),
            "Access-Control-Max-Age": KEPT}
