"""What was changed: the list of changes, one change with its diff, a thing with who stated what, and undoing."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Final

import pyoxigraph as ox
from flask import Blueprint, Response, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from carekg import errors, patch, store
from carekg.change import undo
from carekg.past import blame
from carekg.reader.effect import Effect
from carekg.store import About, Entry
from carekg.store.history import History, provenance
from carekg.terms import PREFIXES
from carekg.web import diffs, formats, site
from carekg.web.protocol import bodies, commits, permission

blueprint = Blueprint("history", __name__)

CONCERNS: Final = f"{PREFIXES['care']}concerns"
PAGE: Final = 50
"""Changes on a page."""

CLAIMS: Final = 500
"""Claims about a thing whose changes are looked up."""

LARGE: Final = 2000
"""Statements of a change up to which they are all read to be shown."""


@blueprint.get("/history")
def listing() -> Response | str:
    """List the changes, newest first; with `thing`, who stated what of it, and the changes that touch it."""
    term, before = request.args.get("thing", ""), _whole("before")
    node = _node(term) if term else None
    entries = _history().entries(str(node) if node else "", before, PAGE + 1)
    more = entries[PAGE - 1].number if len(entries) > PAGE else 0
    beside = _beside(node, {entry.number for entry in entries}) if node and not before else []
    stated = blame.blame(site.asker().graph, node.value) if node else []
    if node and not stated and not entries:
        raise errors.NotFound(node.value)
    if formats.prefers_html():
        name = diffs.label(node.value, site.asker().graph) if node else ""
        return render_template("history.html", entries=entries[:PAGE], thing=node.value if node else "", more=more,
                               stated=_blamed(stated), beside=beside, label=name)
    found: dict[str, Any] = {"changes": [as_json(entry) for entry in entries[:PAGE]]}
    if node:
        found["stated"] = [{"quad": str(one.quad), "file": one.file,
                            "change": one.entry.number if one.entry else None} for one in stated]
        found["claims"] = [as_json(entry) for entry in beside]
    if more:
        found["next"] = site.address(url_for("history.listing", thing=term or None, before=more))
    return jsonify(found)


@blueprint.get("/history/<int:number>")
def change(number: int) -> Response | str:
    """Show one change: who made it, when, why, on which source, and what it stated and withdrew."""
    entry = _history().entry(number)
    if request.accept_mimetypes.best_match(["text/html", "application/json", patch.MEDIA], "") == patch.MEDIA:
        return Response(_history().stated(number).as_patch(), content_type=f"{patch.MEDIA}; charset=utf-8")
    is_large = entry.added + entry.removed > LARGE
    effect = Effect() if is_large else _history().stated(number)
    if not formats.prefers_html():
        left = {"more": entry.added + entry.removed} if is_large else {}
        return jsonify({**as_json(entry), "statements": diffs.as_json(effect), **left})
    parts, more = diffs.parts(effect, site.asker().graph)
    who = permission.known()
    return render_template("change.html", entry=entry, parts=parts, more=more, last=_history().last(),
                           large=is_large, may_undo=bool(who and who.may("commit")),
                           iri=provenance.iri(entry))


@blueprint.post("/history/<int:number>/undo")
def take_back(number: int) -> AnyResponse:
    """Undo a change, by a change of its own that can be undone in its turn."""
    who = permission.writer()
    is_said = not request.is_json or request.get_data()
    why = (bodies.members("why")["why"] if is_said else "") or commits.said("Carekg-Reason")
    made = undo.undo(number, site.asker().graph, commits.guard(), About(who, commits.reason(why)), site.client())
    place = url_for("history.change", number=made.number)
    if formats.prefers_html():
        return redirect(place, 303)
    response = jsonify(as_json(_history().entry(made.number)))
    response.status_code, response.headers["Location"] = 201, site.address(place)
    return response


@blueprint.get("/history/at/<when>")
def at(when: str) -> AnyResponse:
    """Lead to the last change that was made at a day or time in UTC, or before it."""
    number = _history().moment(when)
    return redirect(url_for("history.change", number=number), 303)


def as_json(entry: Entry) -> dict[str, Any]:
    """Give what is told of a change as JSON."""
    about = entry.about
    return {"number": entry.number, "iri": provenance.iri(entry), "made": entry.made, "who": about.who,
            "why": about.why, "source": about.source, "how": about.how, "added": entry.added,
            "removed": entry.removed, "address": site.address(url_for("history.change", number=entry.number))}


def _beside(node: ox.NamedNode, known: Collection[int]) -> list[Entry]:
    """Give the last changes that touch claims about a thing and not the thing itself; builds aside."""
    text = f"SELECT DISTINCT ?claim WHERE {{ ?claim <{CONCERNS}> {node} }} LIMIT {CLAIMS}"
    claims = [str(row["claim"]) for row in store.solutions(site.asker().graph, text)]
    found = {entry.number: entry for claim in claims for entry in _history().entries(claim, most=PAGE)
             if not entry.is_build and entry.number not in known}
    return [found[number] for number in sorted(found, reverse=True)[:PAGE]]


def _blamed(stated: list[blame.Stated]) -> list[tuple[diffs.Line, blame.Stated]]:
    """Give each statement of a thing as a page shows it."""
    lines = diffs.lines(Effect({one.quad for one in stated}), site.asker().graph)
    return [(lines[one.quad], one) for one in stated]


def _node(text: str) -> ox.NamedNode:
    """Give the thing that a request names: an IRI, such as innovation:iris, or a name."""
    return ox.NamedNode(blame.find(site.asker().graph, text))


def _whole(name: str) -> int:
    """Give a whole number that a request has, nought for none.

    :raises BadValue: it is none.
    """
    text = request.args.get(name, "0") or "0"
    if not text.isascii() or not text.isdecimal() or len(text) > 15:
        raise errors.BadValue(text, "the number of a change")
    return int(text)


def _history() -> History:
    return site.asker().graph.history
