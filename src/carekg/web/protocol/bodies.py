"""The body of a request: documents, by media type, one or, as a form, several; or members, as JSON or as a form."""

from __future__ import annotations

from typing import Any, Final

from flask import request
from werkzeug.datastructures import FileStorage
from werkzeug.http import parse_options_header

from carekg import errors
from carekg.update import Operation
from carekg.web import formats

PARTS: Final = "multipart/form-data"
UNSURE: Final = ("application/xml", "text/xml", "application/json", "text/plain")
"""Media types that name no format of RDF, though answers may be sent as such."""


def documents(graph: str, *, quads: bool = False) -> list[Operation]:
    """Give the operations that add what the body says to a graph, or its quads to their graphs.

    :raises UnsupportedMedia: a document is of no format of RDF.
    :raises BadInput: a document is not UTF-8.
    """
    if request.mimetype != PARTS:
        return [_document(graph, text(), request.content_type or "", request.url, quads)]
    found = [(file.content_type or "", _read(file)) for _, file in request.files.items(multi=True)]
    found += [("text/turtle", value) for _, value in request.form.items(multi=True)]
    if not found:
        raise errors.BadInput("The form has no document; send each as a part with its own Content-Type.")
    return [_document(graph, part, media, request.url, quads) for media, part in found]


def has_quads() -> bool:
    """Say whether the body is of a format whose documents hold graphs."""
    form = format_of(request.content_type or "")
    return form is not None and form.name in ("trig", "n-quads")


def format_of(content_type: str) -> formats.Format | None:
    """Give the format that a ``Content-Type`` names."""
    media, _ = parse_options_header(content_type)
    return next((one for one in formats.GRAPHS if media.lower() in one.media and media.lower() not in UNSURE), None)


def text() -> str:
    """Give the body as text.

    :raises BadInput: it is not UTF-8.
    """
    return _decoded(request.get_data(), request.mimetype_params.get("charset", "utf-8"))


def members(*names: str) -> dict[str, str]:
    """Give the members of the JSON object in the body, or the fields of its form, as texts; nothing where one is not.

    :raises BadInput: it is no object.
    :raises BadMember: a member is no text and no number.
    """
    if not request.is_json:
        return {name: request.form.get(name, "") for name in names}
    given = _json()
    if not isinstance(given, dict):
        raise errors.BadInput("The body is no JSON object; send one with the members " + ", ".join(names) + ".")
    return {name: _member(name, given.get(name, "")) for name in names}


def _json() -> Any:
    """Give the JSON in the body; None where there is none, or one with brackets within brackets without end."""
    try:
        return request.get_json(silent=True)
    except RecursionError:
        return None


def _member(name: str, value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise errors.BadMember(name, "a text")
    try:
        str(value).encode()
    except UnicodeEncodeError:
        raise errors.BadMember(name, "a text of whole characters; it has half of a pair (a surrogate)") from None
    return str(value)


def _read(file: FileStorage) -> str:
    return _decoded(file.read(), file.mimetype_params.get("charset", "utf-8"))


def _decoded(body: bytes, charset: str) -> str:
    if charset.lower() not in ("utf-8", "utf8", "us-ascii"):
        raise errors.BadInput(f"The body is in {charset}; send it in UTF-8.")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise errors.BadInput(f"The body is not UTF-8 at byte {error.start}; send it in UTF-8.") from None


def _document(graph: str, body: str, content_type: str, base: str, quads: bool) -> Operation:
    form = format_of(content_type)
    if form is None:
        known = ", ".join(one.media[0] for one in formats.GRAPHS)
        raise errors.UnsupportedMedia(content_type, f"one of {known}")
    return {"kind": "insert-document", "text": body, "format": form.name, "base": graph or base, "graph": graph,
            "quads": quads}
