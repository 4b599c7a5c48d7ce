"""Pages for sheets: /sheets with the templates and an upload, and /sheets/check with what a sheet would change."""

from __future__ import annotations

import json
from typing import Final

from flask import Blueprint, Response, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from carekg import errors
from carekg.drafts import Drafts
from carekg.forms.model import Form, everyday
from carekg.importers.sheets import told
from carekg.importers.sheets.naming import short
from carekg.importers.sheets.plan import UNCHANGED
from carekg.web import formats, site
from carekg.web.accounts import sessions
from carekg.web.protocol import commits, permission
from carekg.web.sheets import upload
from carekg.web.sheets.upload import ANSWER, MARK, SETTLED, Checked, Upload

blueprint = Blueprint("sheets", __name__)

WORKBOOK: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST: Final = 200
"""Things, problems and questions that a page lists; a copy of the sheet has all."""

CHECK, COPY, COMMIT, DRAFT = "check", "copy", "commit", "draft"
"""What the buttons do."""


@blueprint.get("/sheets")
def start() -> str:
    """Give the page with the templates and the upload."""
    return _start()


@blueprint.get("/sheets/<name>.xlsx")
def template(name: str) -> Response:
    """Give the template of a class; with ``filled=1``, with all things of the class that the graph holds."""
    file, content = upload.desk().template(name, filled=request.args.get("filled") == "1")
    return _workbook(file, content)


@blueprint.post("/sheets/check")
def sent() -> AnyResponse:
    """Check a sheet; write it into the graph, save it as a draft or give a checked copy, as the button says."""
    do = request.form.get("do", CHECK)
    left = None
    try:
        author = permission.may("commit" if do == COMMIT else "draft").name
    except errors.Refused as error:
        if not formats.prefers_html() or not sessions.has_users() or request.headers.get("Authorization"):
            raise
        left, do, author = error, CHECK, ""  # a session that has ended loses nothing
    try:
        given = Upload.sent()
        checked = Checked(given)
        outcome = checked.outcome
    except errors.BadInput as error:
        if not formats.prefers_html():
            raise
        return Response(_start(str(error)), error.http_status)
    if do == COPY:
        return _workbook(f"checked-{given.name.rpartition('.')[0] or given.name}.xlsx", outcome.copy())
    if left is not None:
        said = "You are not logged in, or no longer. Nothing was changed, and nothing is lost." \
            if isinstance(left, errors.Unauthorized) else str(left)
        return _page(checked, said, left.http_status)
    if not outcome.is_ready:
        return _page(checked, status=422 if outcome.problems else 409 if do in (COMMIT, DRAFT) else 200)
    if do not in (COMMIT, DRAFT) or not outcome.is_change:
        return _page(checked)
    return _done(checked, author, do)


def _done(checked: Checked, author: str, do: str) -> AnyResponse:
    """Write the sheet into the graph, or save it as a draft, and lead there; or say why that is not to be."""
    try:
        one = checked.change(author)
        if do == DRAFT:
            name = Drafts(site.asker().graph, commits.guard()).save(one)
            return redirect(url_for("drafts.draft", name=name), 303)
        made = commits.make(one)
        return redirect(url_for("history.change", number=made.number), 303)
    except errors.Overtaken as error:
        return _page(checked, str(error), error.http_status)
    except (errors.InvalidGraph, errors.UnknownThings) as error:  # the graph has changed since it was checked
        return _page(Checked(checked.upload), str(error), error.http_status)


def _start(problem: str = "") -> str:
    desk = upload.desk()
    often, others = everyday(desk.kinds())
    who = permission.known()
    return render_template("sheets/start.html", often=_addressed(often), others=_addressed(others), problem=problem,
                           typed=request.form, may=who is not None and who.may("draft"))


def _addressed(forms: list[Form]) -> list[tuple[Form, str]]:
    """Give forms, each with the part of an address that names it."""
    return [(one, _address(one.label)) for one in forms]


def _page(checked: Checked, problem: str = "", status: int = 200) -> Response:
    """Give the page of a sheet: what it would change, what is wrong with it, and what is to be confirmed."""
    outcome, plan = checked.outcome, checked.outcome.plan
    if not formats.prefers_html():
        return _told(checked, problem, status)
    things = [one for one in plan.things if one.verdict != UNCHANGED]
    who = permission.known()
    asked = {one.key for one in plan.questions}
    settled = [(*key, answer) for key, answer in checked.upload.answers.items() if key not in asked]
    page = render_template(
        "sheets/check.html", upload=checked.upload, outcome=outcome, plan=plan, label=plan.layout.form.label,
        summary=told.summary(plan), things=things[:MOST], left=len(things) - MOST, rows=told.rows, short=short,
        problems=outcome.problems[:MOST], more=len(outcome.problems) - MOST, problem=problem,
        questions=[(one, MARK.join((ANSWER, *one.key))) for one in plan.questions[:MOST]],
        settled=json.dumps(settled), settled_field=SETTLED, may_commit=who is None or who.may("commit"),
        token=request.form.get(sessions.FIELD, ""), known=who)
    response = Response(page, status=status)
    response.headers["Cache-Control"] = "no-store"
    return response


def _told(checked: Checked, problem: str, status: int) -> Response:
    """Give the same for programs."""
    plan = checked.outcome.plan
    response = jsonify(
        problem=problem, counts=plan.counts(), against=plan.against,
        things=[{"id": one.iri, "name": one.name, "verdict": one.verdict, "rows": one.rows, "changes": [
            {"field": each.field, "added": each.added, "removed": each.removed} for each in one.differences]}
            for one in plan.things],
        problems=[{"cell": one.where, "column": one.head, "value": one.value, "wrong": one.wrong, "right": one.right}
                  for one in checked.outcome.problems],
        questions=[{"answer": MARK.join((ANSWER, *one.key)), "column": one.column, "text": one.text, "rows": one.rows,
                    "options": dict(one.options())} for one in plan.questions])
    response.status_code = status
    return response


def _address(label: str) -> str:
    return "-".join(label.split())


def _workbook(name: str, content: bytes) -> Response:
    response = Response(content, content_type=WORKBOOK)
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response
