"""Getting a document for LOAD, from the hosts that an operator has listed and from no other."""

from __future__ import annotations

import time
from typing import Final

import urllib3

from carekg import errors, syntax
from carekg.update import Operation
from carekg.web import formats
from carekg.web.protocol import bodies

LARGEST: Final = 100 * 2**20
"""Bytes that a document may have."""

SECONDS: Final = 30.0

ACCEPT: Final = ", ".join(one.media[0] for one in formats.GRAPHS)


def document(address: str, hosts: frozenset[str]) -> Operation | None:
    """Give the operation that adds the document at an address, or None where its host is not listed.

    A redirection is not followed: it may lead to another host.

    :raises BadInput: the address does not answer with a document of RDF.
    """
    if not syntax.is_listed(address, hosts):
        return None
    try:
        with urllib3.PoolManager(retries=False) as http:
            response = http.request("GET", address, headers={"Accept": ACCEPT}, timeout=SECONDS, redirect=False,
                                    preload_content=False)
            body = _whole(response)
    except urllib3.exceptions.HTTPError as error:
        raise errors.BadInput(f"{address} cannot be loaded: {type(error).__name__}; nothing was changed.") from None
    form = bodies.format_of(response.headers.get("Content-Type", ""))
    if response.status != 200 or form is None or len(body) > LARGEST:
        raise errors.BadInput(f"{address} cannot be loaded: it answered {response.status} with "
                              f"{response.headers.get('Content-Type') or 'no type'}; a document of RDF of at most "
                              f"{LARGEST // 2**20} MB is read. Nothing was changed.")
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise errors.BadInput(f"{address} cannot be loaded: it is not UTF-8 at byte {error.start}; nothing was "
                              "changed.") from None
    return {"kind": "insert-document", "text": text, "format": form.name, "base": address, "graph": "", "quads": False}


def _whole(response: urllib3.BaseHTTPResponse) -> bytes:
    """Give a body, or a little more than may be of one that is too large; a peer that drips is not waited for."""
    until = time.monotonic() + SECONDS
    body = bytearray()
    while len(body) <= LARGEST and (piece := response.read1(1 << 16)):
        body += piece
        if time.monotonic() > until:
            raise urllib3.exceptions.TimeoutError
    return bytes(body)
