"""Who may write, and whether anybody may."""

from __future__ import annotations

import contextlib

from flask import g, request

from carekg import errors
from carekg.accounts import tokens
from carekg.web import site


def writer() -> str:
    """Give the name of the token with which a request writes; its body may then be as large as an upload.

    :raises ReadOnly: the server has no tokens.
    :raises Unauthorized: the request has no token, or one that is not known.
    """
    settings = site.settings()
    name = tokens.Keeper(settings).holder(request.headers.get("Authorization"))
    request.max_content_length = request.max_form_memory_size = settings.upload_mb * 2**20
    g.writer = name  # the access log names who wrote
    return name


def widen() -> None:
    """Let the body of a request be as large as an upload where it has a token, whatever it turns out to ask for."""
    if request.headers.get("Authorization"):
        with contextlib.suppress(errors.Refused):
            writer()
            g.pop("writer")  # it may turn out to be a question


def is_open() -> bool:
    """Say whether anybody may write at all."""
    return is_plain() or tokens.Keeper(site.settings()).is_open()


def is_plain() -> bool:
    """Say whether this is a plain SPARQL server, of an empty folder."""
    manifest = site.asker().graph.manifest()
    return manifest is not None and manifest.plain
