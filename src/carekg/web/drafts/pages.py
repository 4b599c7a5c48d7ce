"""Drafts: saved, listed, looked at, talked about, revised, withdrawn and approved.

Whoever has a draft's address may read it: nobody can guess it. To do more takes a role.
"""

from __future__ import annotations

from typing import Any, Final

import pyoxigraph as ox
from flask import Blueprint, Response, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from carekg import errors, patch, reports
from carekg.accounts.roles import Who
from carekg.drafts import COMMITTED, OPEN, WITHDRAWN, Draft, Drafts, Today
from carekg.forms import filling, stating
from carekg.reader.effect import Effect
from carekg.reports import Told
from carekg.web import diffs, formats, site
from carekg.web.accounts import sessions
from carekg.web.drafts import reading
from carekg.web.protocol import bodies, commits, permission

blueprint = Blueprint("drafts", __name__)

STATES: Final = (OPEN, COMMITTED, WITHDRAWN, "all")
PAGE: Final = 100
"""Drafts that a page lists."""

PLACE: Final = "/drafts/<name>"
REFUSALS: Final = (errors.BadInput, errors.Refused)
"""Errors after which a browser is given the page of the draft again."""


@blueprint.after_request
def _apart(response: Response) -> Response:
    """Keep drafts out of caches and search engines: their addresses are for those whom they were given to."""
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


@blueprint.get("/drafts")
def listing() -> Response | str:
    """List the drafts that are open, or those in the `state` that is asked for."""
    permission.may("see")
    state = request.args.get("state", OPEN)
    if state not in STATES:
        raise errors.BadValue(state, f"a state of drafts: {', '.join(STATES[:-1])} or {STATES[-1]}")
    before = reading.number(request.args.get("before", ""), "before") or 0
    found = _drafts().listed("" if state == "all" else state, before=before, most=PAGE + 1)
    older = url_for("drafts.listing", state=state, before=found[PAGE - 1].number) if len(found) > PAGE else ""
    found = found[:PAGE]
    if formats.prefers_html():
        return render_template("drafts.html", drafts=found, state=state, states=STATES, older=older)
    return jsonify(drafts=[_summary(one) for one in found], older=site.address(older) if older else None)


@blueprint.get("/drafts/new")
def new() -> str:
    """Give a form in which a change is written as a patch or an update."""
    permission.may("draft")
    return render_template("draft_new.html", given={})


@blueprint.post("/drafts")
def save() -> AnyResponse:
    """Save a change as a draft: a form, JSON, an RDF Patch or a SPARQL Update; nothing is committed."""
    author = permission.may("draft").name
    try:
        one, title = reading.change_of(author)
        return _done(_drafts().save(one, title), 201)
    except (errors.BadInput, errors.Derived) as error:
        if not formats.prefers_html() or request.mimetype not in reading.FORMS:
            raise
        page = render_template("draft_new.html", given=request.form, problem=str(error))  # what was typed comes back
        return Response(page, error.http_status)


@blueprint.get(PLACE)
def draft(name: str) -> Response | str:
    """Show a draft, held against the graph as it is now: as a page, as JSON, or its change as RDF Patch."""
    drafts = _drafts()
    one = drafts.draft(name)
    if request.accept_mimetypes.best_match(["text/html", reading.JSON, patch.MEDIA], "") == patch.MEDIA:
        return Response(drafts.effect(one).as_patch(), content_type=f"{patch.MEDIA}; charset=utf-8")
    today = drafts.today(one) if one.is_open else None
    if not formats.prefers_html():
        return jsonify(_whole(one, drafts, today))
    return _page(one, drafts, today)


@blueprint.post(f"{PLACE}/comment")
def comment(name: str) -> AnyResponse:
    """Say something of a draft."""
    try:
        who = permission.may("comment")
        _drafts().comment(name, who.name, bodies.members("said")["said"])
    except REFUSALS as error:
        return _back(name, error, "comment")
    return _done(name, 201)


@blueprint.post(f"{PLACE}/revise")
def revise(name: str) -> AnyResponse:
    """Put another change in the place of one's own draft."""
    try:
        one, _title = reading.change_of(permission.may("draft").name)
        _drafts().revise(name, one)
    except REFUSALS as error:
        return _back(name, error, "revise")
    return _done(name, 200)


@blueprint.post(f"{PLACE}/withdraw")
def withdraw(name: str) -> AnyResponse:
    """Close one's own draft, or as an admin anybody's, without committing it."""
    try:
        who = permission.may("draft")
        _drafts().withdraw(name, who.name, anybodys=who.may("withdraw"))
    except REFUSALS as error:
        return _back(name, error, "withdraw")
    return _done(name, 200)


@blueprint.post(f"{PLACE}/approve")
def approve(name: str) -> AnyResponse:
    """Commit somebody else's draft, as it was looked at: `revision` and `against` say which that was."""
    try:
        who = permission.may("approve")
        said = bodies.members("revision", "against") if request.mimetype in (*reading.FORMS, reading.JSON) else {}
        revision, against = (reading.number(said.get(key, ""), key) for key in ("revision", "against"))
        _drafts().approve(name, who.name, revision=revision or 0, against=against, make=commits.make)
    except REFUSALS as error:
        return _back(name, error, "approve")
    return _done(name, 200)


def _drafts() -> Drafts:
    return Drafts(site.asker().graph, commits.guard())


def _done(name: str, status: int) -> AnyResponse:
    """Lead a browser to the page of a draft, and tell everybody else what it is now."""
    address = url_for("drafts.draft", name=name)
    if formats.prefers_html():
        return redirect(address, 303)
    response = jsonify(_summary(_drafts().draft(name)))
    response.status_code = status
    response.headers["Location"] = address
    return response


def _back(name: str, error: errors.CarekgError, act: str) -> Response:
    """Give a browser the page of a draft with why nothing was done; what was typed stands there still."""
    if not formats.prefers_html() or "Authorization" in request.headers:
        raise error
    drafts = _drafts()
    one = drafts.draft(name)
    said = str(error)
    if isinstance(error, errors.Overtaken):
        said = (f"Nothing was committed: since you opened the draft it was overtaken by {'; by '.join(error.newer)}. "
                "Below it is as of now: approve it if it is right still; else its author can revise it.")
    elif isinstance(error, errors.Unauthorized):
        said = "You are not logged in, or no longer. Nothing was done, and nothing that you have typed is lost."
    page = _page(one, drafts, drafts.today(one) if one.is_open else None, said, act)
    return Response(page, error.http_status, error.headers())


def _page(one: Draft, drafts: Drafts, today: Today | None, problem: str = "", act: str = "") -> str:
    """Give the page of a draft.

    :param problem: why what its reader wanted to do was not done.
    :param act: what that was; whoever has to log in for it can send it again.
    """
    effect = drafts.effect(one)
    notes = {quad: note for quads, note in ((today.already, "is so already"), (today.gone, "is no longer so"))
             for quad in quads} if today else {}
    parts, more = diffs.parts(effect, site.asker().graph, notes)
    who = permission.known()
    may = _may(one, who)
    if not who and act and (one.is_open or act == "comment"):
        may[act] = True
    return render_template(
        "draft.html", draft=one, today=today, told=_told(today), parts=parts, more=more, who=who, may=may,
        form=_form(one, effect) if may["revise"] else "", problem=problem, typed=request.form,
        token=request.form.get(sessions.FIELD, ""),
        address=site.address(url_for("drafts.draft", name=one.id)), patch=effect.as_patch().decode())


def _form(one: Draft, effect: Effect) -> str:
    """Give the address of the form in which a draft can be revised: of a small one, about one thing that is there."""
    things = {quad.subject for quad in (*effect.added, *effect.removed)}
    (thing, *others) = things
    if others or len(effect.added) > filling.MOST or not isinstance(thing, ox.NamedNode):
        return ""
    if not stating.of(site.asker().graph, thing.value).now:
        return ""
    return url_for("forms.given", thing=thing.value, draft=one.id)


def _told(today: Today | None) -> Told:
    return reports.told_of(today.trial, site.asker().graph) if today and today.trial else Told()


def _may(one: Draft, who: Who | None) -> dict[str, bool]:
    """Give which forms a page has for whoever looks at it."""
    is_author = bool(who) and one.author == getattr(who, "name", "")
    return {"comment": bool(who and who.may("comment")),
            "revise": one.is_open and is_author and bool(who and who.may("draft")),
            "withdraw": one.is_open and bool(who and (who.may("withdraw") or (is_author and who.may("draft")))),
            "approve": one.is_open and not is_author and bool(who and who.may("approve"))}


def _summary(one: Draft) -> dict[str, Any]:
    return {"id": one.id, "number": one.number, "title": one.title, "author": one.author, "state": one.state,
            "change": one.change or None, "closed": one.closed or None, "closedBy": one.closed_by or None,
            "made": one.made, "why": one.revision.why, "source": one.revision.source or None,
            "revision": one.revision.number, "revised": one.revision.made, "against": one.revision.against,
            "added": one.revision.added, "removed": one.revision.removed,
            "address": site.address(url_for("drafts.draft", name=one.id))}


def _whole(one: Draft, drafts: Drafts, today: Today | None) -> dict[str, Any]:
    """Give all of a draft; ``today`` is what it comes to in the graph as it is, for one that is open."""
    effect = drafts.effect(one)
    now = today and {"isRight": today.is_right, "refusal": today.refusal or None, "report": _told(today).as_data(),
                     "already": sorted(map(str, today.already)), "gone": sorted(map(str, today.gone)),
                     "newer": [entry.sentence() for entry in today.newer], "last": today.last}
    return {**_summary(one), "changes": diffs.as_json(effect), "today": now,
            "comments": [{"who": said.who, "made": said.made, "said": said.said} for said in one.comments]}
