"""What a server answers over HTTP, or one sentence on what is in the way."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode, urljoin

import urllib3
from urllib3.util import make_headers, parse_url

from carekg import __version__, errors

LARGEST: Final = 2**30
"""Bytes that an answer may have: as many as a server gives."""

MOST_REDIRECTS: Final = 5
"""Redirects that are followed, such as one from http to https."""

MOST_WORDS: Final = 600
"""Characters of what a server says is wrong that are told."""

ATTEMPTS: Final = 5
"""Times that a busy server is asked."""

WAITING: Final = (429, 503)
"""Statuses of a server that may have room in a moment (RFC 6585, 4; RFC 9110, 15.6.4)."""

REFUSED: Final = (401, 403, 408, 413, 429)
"""Statuses of what is understood, and not allowed or too much."""

Fields = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Page:
    """What came: its body, its media type, and after how many rows it was cut, nought where it is whole."""

    body: bytes
    media: str
    cut: int = 0


class Web:
    """A server, asked over HTTP; ``root`` is its address with a slash and without what is secret in it.

    :param timeout: seconds that one request may take in all, time to wait for a busy server included.
    :param pool: connections of one's own making, for a proxy or a certificate that this machine does not know.
    """

    def __init__(self, address: str, timeout: float, pool: urllib3.PoolManager | None = None) -> None:
        try:
            parts = parse_url(address.strip())
        except urllib3.exceptions.LocationParseError:
            raise errors.BadValue(address, "the address of a server, such as http://127.0.0.1:8000") from None
        if not parts.host:
            raise errors.BadValue(address, "the address of a server, such as http://127.0.0.1:8000")
        self.root = parts._replace(auth=None, path=(parts.path or "").rstrip("/") + "/", query=None, fragment=None).url
        self.timeout = timeout
        self._headers = {"User-Agent": f"carekg/{__version__}"}
        if parts.auth:
            self._headers |= make_headers(basic_auth=parts.auth)
        self._pool = pool or urllib3.PoolManager(maxsize=4)

    def get(self, path: str, accept: str, fields: Fields = ()) -> Page:
        """Get what is at a path below the root."""
        return self._asked("GET", self.address(path, fields), accept, None)

    def post(self, path: str, accept: str, fields: Fields) -> Page:
        """Send a form to a path below the root, for what may be too long for an address."""
        return self._asked("POST", self.address(path), accept, urlencode(fields).encode())

    def address(self, path: str, fields: Fields = ()) -> str:
        """Give the whole address of a path with fields."""
        return urljoin(self.root, path.lstrip("/")) + (f"?{urlencode(fields)}" if fields else "")

    def close(self) -> None:
        """Close the connections."""
        self._pool.clear()

    def _asked(self, method: str, url: str, accept: str, body: bytes | None) -> Page:
        """Ask, and ask again where a busy server says when, as long as there is time."""
        until = time.monotonic() + self.timeout
        for attempt in range(1, ATTEMPTS + 1):
            response, found = self._sent(method, url, accept, body, until)
            wait = _seconds(response.headers) if response.status in WAITING and attempt < ATTEMPTS else None
            if wait is None or time.monotonic() + wait > until:
                break
            time.sleep(wait)
        return _page(url, response, found, accept)

    def _sent(self, method: str, url: str, accept: str, body: bytes | None, until: float,
              ) -> tuple[urllib3.BaseHTTPResponse, bytes]:
        """Send a request once and read the answer whole, or say what is in the way."""
        headers = {**self._headers, "Accept": f"{accept}, text/plain;q=0.1"}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        retries = urllib3.Retry(total=MOST_REDIRECTS, connect=0, read=0, other=0, redirect=MOST_REDIRECTS,
                                respect_retry_after_header=False)
        try:
            response = self._pool.request(method, url, body=body, headers=headers, retries=retries,
                                          preload_content=False, timeout=max(until - time.monotonic(), 0.001))
            return response, self._whole(url, response, until)
        except urllib3.exceptions.MaxRetryError as error:
            raise self._told(url, error.reason or error) from None
        except (urllib3.exceptions.HTTPError, OSError) as error:
            raise self._told(url, error) from None

    def _whole(self, url: str, response: urllib3.BaseHTTPResponse, until: float) -> bytes:
        """Give the whole body; a server that drips is held to the deadline as one that is silent."""
        body = bytearray()
        while piece := response.read1(1 << 16):
            body += piece
            if time.monotonic() > until:
                response.close()
                raise errors.NoAnswer(url, self.timeout)
            if len(body) > LARGEST:
                response.close()
                raise errors.NotOurs(url, f"more than {LARGEST:,} bytes")
        response.release_conn()
        return bytes(body)

    def _told(self, url: str, error: Exception) -> errors.StoreError:
        """Give the error of a request that got no answer."""
        if isinstance(error, urllib3.exceptions.NewConnectionError):  # in urllib3 also a kind of time-out
            return errors.Unreachable(self.root, str(error).rpartition(": ")[2] or "no connection")
        if isinstance(error, urllib3.exceptions.TimeoutError):
            return errors.NoAnswer(url, self.timeout)
        if isinstance(error, urllib3.exceptions.ResponseError):
            return errors.NotOurs(url, f"more than {MOST_REDIRECTS} redirects")
        if isinstance(error, urllib3.exceptions.SSLError):
            return errors.Unreachable(self.root, f"its certificate or its TLS is not accepted ({error})")
        return errors.Unreachable(self.root, f"the connection broke off ({error})")


def _page(url: str, response: urllib3.BaseHTTPResponse, body: bytes, accept: str) -> Page:
    """Give what came where it is an answer of the kind that was asked for; else raise what the server says."""
    media = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if response.status >= 400 and media == "text/plain":
        raise _refusal(response.status, " ".join(body.decode("utf-8", "replace").split())[:MOST_WORDS])
    if not 200 <= response.status < 300:
        raise errors.NotOurs(url, f"{response.status} {response.reason or ''}".strip())
    if media not in [one.partition(";")[0].strip() for one in accept.split(",")]:
        shown = {"text/html": "a page of HTML", "": "something without a media type"}.get(media, media)
        raise errors.NotOurs(url, shown)
    cut = response.headers.get("Carekg-Cut", "")
    return Page(body, media, int(cut) if cut.isdecimal() else 0)


def _refusal(status: int, sentence: str) -> errors.CarekgError:
    """Give the error that a server tells of, in its own words."""
    kind = errors.StoreError if status >= 500 else errors.Refused if status in REFUSED else errors.BadInput
    return kind(sentence if sentence.endswith((".", "?")) else f"{sentence}.")


def _seconds(headers: Mapping[str, str]) -> float | None:
    """Give how long a busy server asks to wait, where it says so in seconds."""
    text = headers.get("Retry-After", "")
    return float(text) if text.isdecimal() else None
