"""What an application was made for: the asker, the settings, and the address under which it is reached."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from urllib.parse import urljoin

from flask import current_app, request

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


def _site() -> Site:
    found: Site = current_app.extensions[KEY]
    return found
