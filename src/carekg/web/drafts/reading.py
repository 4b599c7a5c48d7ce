"""What a request proposes: as a form, as JSON, or as a patch or an update that is its whole body."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from flask import request

from carekg import change, errors, patch, update
from carekg.store import About, Update
from carekg.web import site
from carekg.web.protocol import bodies, commits

UPDATE: Final = "application/sparql-update"
FORMS: Final = ("application/x-www-form-urlencoded", "multipart/form-data")
JSON: Final = "application/json"

HOW: Final = "draft"
"""By which way a change comes that is a draft; the history says also which, and who approved it."""


def change_of(author: str) -> tuple[change.Change, str]:
    """Give the change that a request proposes, and the title of its draft.

    :raises BadInput: it has no change, two, or no reason.
    :raises UnsupportedMedia: its body is of another type.
    """
    if request.mimetype in (patch.MEDIA, UPDATE):
        said = {"title": commits.said("Carekg-Title"), "why": commits.said("Carekg-Reason"),
                "source": commits.said("Carekg-Source"), "against": request.args.get("against", ""),
                "patch" if request.mimetype == patch.MEDIA else "update": bodies.text()}
    elif request.mimetype in FORMS:
        said = {name: request.form.get(name, "") for name in ("title", "why", "source", "against", "patch", "update")}
    elif request.mimetype == JSON:
        said = bodies.members("title", "why", "source", "against", "patch", "update")
    else:
        raise errors.UnsupportedMedia(request.mimetype, f"a form, or a body of type {JSON}, {patch.MEDIA} or {UPDATE}")
    if not said["why"].strip():
        raise errors.BadInput("A draft needs a reason, for whoever is to approve it: say in `why`, or in the header "
                              "Carekg-Reason, why the graph is to be changed.")
    source = said["source"].strip()
    about = About(author, said["why"].strip(), site.iri(source) if source else "", HOW)
    return change.Change(_update(said), about, number(said["against"], "against"), site.client()), said["title"]


def number(text: str, name: str) -> int | None:
    """Give a number that a request may have; None where it has none.

    :raises BadMember: it is no whole number.
    """
    if not text.strip():
        return None
    if not text.strip().isdecimal() or len(text) > 15:
        raise errors.BadMember(name, "a whole number")
    return int(text)


def _update(said: Mapping[str, str]) -> Update:
    """Give the update that a request proposes, as a patch or in SPARQL."""
    rows, text = said.get("patch", ""), said.get("update", "")
    if bool(rows.strip()) == bool(text.strip()):
        raise errors.BadInput("A draft takes one change: an RDF Patch as `patch`, or a SPARQL Update as `update`.")
    if rows.strip():
        return Update([{"kind": "rows", "rows": patch.rows(rows, None)}])
    return Update(update.operations(text), text, site.address("/sparql"))
