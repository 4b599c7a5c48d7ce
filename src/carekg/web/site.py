"""What an application was made for: the asker, the settings, and the address under which it is reached."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv6Address, IPv6Network
from typing import Final
from urllib.parse import urljoin

import pyoxigraph as ox
from flask import Response, current_app, request

from carekg import errors
from carekg.query import Asker
from carekg.settings import Settings
from carekg.terms import BASE

KEY: Final = "carekg"
"""Under which an application keeps its site."""


@dataclass(frozen=True)
class Site:
    """What one application serves, and how."""

    asker: Asker
    settings: Settings


def asker() -> Asker:
    """Give the asker that this application was made for."""
    return _site().asker


def settings() -> Settings:
    """Give the settings that this application was made with."""
    return _site().settings


def address(path: str = "/") -> str:
    """Give the whole address of a path on this server, as others reach it."""
    return urljoin(settings().public_url or request.url_root, path)


def local(iri: str) -> str:
    """Give the path on this server of an IRI that the project mints, else the IRI itself."""
    return "/" + iri.removeprefix(BASE) if iri.startswith(BASE) else iri


def client() -> str:
    """Give who sends a request, by address."""
    return grouped(request.remote_addr or "")


def nothing(status: int) -> Response:
    """Give an answer without a body."""
    response = Response(status=status)
    response.headers.pop("Content-Type", None)
    return response


def grouped(address: str) -> str:
    """Give what stands for a client: its IPv4 address, or the network of its IPv6 address, which is one client's."""
    if ":" not in address:
        return address
    try:
        whole = IPv6Address(address.partition("%")[0])
    except ValueError:
        return address
    return str(whole.ipv4_mapped or IPv6Network((whole, 64), strict=False))


def iri(text: str) -> str:
    """Give an IRI that a request names, where it is one.

    :raises BadValue: it is relative, or no IRI.
    """
    try:
        return ox.NamedNode(text).value
    except ValueError:
        raise errors.BadValue(text, "an IRI; it has to be absolute, such as https://example.org/graph") from None


def _site() -> Site:
    found: Site = current_app.extensions[KEY]
    return found
