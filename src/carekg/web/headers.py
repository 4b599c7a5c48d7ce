"""The headers that every answer has: what a page may load, and who may read it from where.

Data are for everybody, so any page of any site may read what is asked (https://fetch.spec.whatwg.org/#http-cors-protocol).
Writing is not: no grant is given for it, so a browser lets no page of another site write, though its reader had a
token.
"""

from __future__ import annotations

from typing import Final

from flask import Flask, Response, request

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


def install(app: Flask) -> None:
    """Give each answer of an application its headers."""
    app.after_request(_guarded)


def _guarded(response: Response) -> Response:
    for name, value in (ALWAYS | PAGES if response.mimetype == "text/html" else ALWAYS).items():
        response.headers.setdefault(name, value)
    if request.endpoint not in ALIKE:
        response.vary.add("Accept")
    if not _writes():
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Access-Control-Expose-Headers"] = ", ".join(SHOWN)
    if _is_preflight():
        _granted(response)
    return response


def _writes() -> bool:
    """Say whether a request would write, or asks a browser's leave to."""
    method = request.headers.get("Access-Control-Request-Method", "") if _is_preflight() else request.method
    wanted = request.headers.get("Access-Control-Request-Headers", "").lower()
    return (method not in READ or "authorization" in wanted or "Authorization" in request.headers
            or request.mimetype == "application/sparql-update")


def _is_preflight() -> bool:
    return request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers


def _granted(response: Response) -> None:
    """Answer a preflight: the methods that this address takes, of those by which one asks."""
    for name in ("Access-Control-Request-Method", "Access-Control-Request-Headers"):
        response.vary.add(name)
    if _writes():
        return
    response.headers["Access-Control-Allow-Methods"] = ", ".join(one for one in READ if one in response.allow)
    response.headers["Access-Control-Allow-Headers"] = ", ".join(SENT)
    response.headers["Access-Control-Max-Age"] = KEPT
