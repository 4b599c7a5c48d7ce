"""A change that a request makes: judged by the guard of the graph, and kept with who made it, why, and on what basis.

Why, and the IRI of the source that a change rests on, come in the headers ``Carekg-Reason`` and ``Carekg-Source``.
"""

from __future__ import annotations

from typing import Final

from flask import Blueprint, current_app, g, request
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
    return make(change.Change(update, about, client=site.client()))


def make(one: change.Change) -> Made:
    """Make a change in the graph that is served; see :func:`carekg.change.commit` for the errors."""
    return change.commit(one, site.asker().graph, guard(), telling.see(one.update))


def guard() -> Guard | None:
    """Give the guard of the graph that is served; None for a plain store."""
    guards: Guards = current_app.extensions[KEY]
    return None if permission.is_plain() else guards.over(site.asker().graph)


def said(name: str) -> str:
    """Give what a header says, which clients send in UTF-8.

    :raises BadInput: it is too long.
    """
    text = request.headers.get(name, "").encode("latin-1", "replace").decode("utf-8", "replace").strip()
    if len(text) > LONGEST:
        raise errors.BadInput(f"{name} has {len(text):,} characters, and {LONGEST:,} is the most.")
    return text
