"""A change that a request makes: judged by the guard of the graph, and kept with who made it, why, and on what basis.

Why, and the IRI of the source that a change rests on, come in the headers ``Carekg-Reason`` and ``Carekg-Source``;
after which change its author had looked, in ``Carekg-Against``. The answer has the number of the change in
``Carekg-Change``.
"""

from __future__ import annotations

from typing import Final

from flask import Blueprint, Response, current_app, g, request
from flask.blueprints import BlueprintSetupState

from carekg import change, errors
from carekg.change.guard import Guard, Guards
from carekg.store import About, Made, Update
from carekg.web import site
from carekg.web.protocol import permission, telling

blueprint = Blueprint("commits", __name__)

KEY: Final = "carekg.guards"
"""Under which an application keeps the guard of its graph."""

LONGEST: Final = 2000
"""Characters that a reason may have."""


@blueprint.record_once
def _prepare(state: BlueprintSetupState) -> None:
    state.app.extensions[KEY] = Guards()


def commit(update: Update, how: str) -> Made:
    """Do an update for the writer of this request; give the quads that it states and withdraws.

    :param how: the way by which it came, such as ``update``.
    :raises InvalidGraph, UnknownThings, Derived: the guard refuses it; nothing was changed.
    """
    source = said("Carekg-Source")
    about = About(g.writer, said("Carekg-Reason"), (site.iri(source) or "") if source else "", how)
    return make(change.Change(update, about, _against(), site.client()))


def make(one: change.Change) -> Made:
    """Make a change in the graph that is served; see :func:`carekg.change.commit` for the errors."""
    made = change.commit(one, site.asker().graph, guard(), telling.see(one.update))
    g.made = made.number
    return made


@blueprint.after_app_request
def _numbered(response: Response) -> Response:
    """Give the number of the change that a request has made, by which its author can find and undo it."""
    if g.get("made") and response.status_code < 400:
        response.headers["Carekg-Change"] = str(g.made)
    return response


def _against() -> int | None:
    """Give the number of the change after which the author of this one had looked, where the request says it.

    :raises BadValue: it is no number.
    """
    text = said("Carekg-Against")
    if text and not (text.isascii() and text.isdecimal() and len(text) < 16):
        raise errors.BadValue(text, "the number of a change, for Carekg-Against; /history lists them")
    return int(text) if text else None


def guard() -> Guard | None:
    """Give the guard of the graph that is served; None for a plain store."""
    guards: Guards = current_app.extensions[KEY]
    return None if permission.is_plain() else guards.over(site.asker().graph)


def reason(text: str) -> str:
    """Give a reason as it is kept.

    :raises BadInput: it is too long.
    """
    if len(text) > LONGEST:
        raise errors.BadInput(f"The reason has {len(text):,} characters, and {LONGEST:,} is the most.")
    return text.strip()


def said(name: str) -> str:
    """Give what a header says, which clients send in UTF-8.

    :raises BadInput: it is too long.
    """
    text = request.headers.get(name, "").encode("latin-1", "replace").decode("utf-8", "replace").strip()
    if len(text) > LONGEST:
        raise errors.BadInput(f"{name} has {len(text):,} characters, and {LONGEST:,} is the most.")
    return text
