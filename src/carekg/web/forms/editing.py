"""Pages on which things are made and changed: /new, /new/<class> and /edit?thing=IRI.

Each button sends the whole form, and what comes back has all that was typed, whatever is wrong with it, with the
session or with the server. A form says after which change it was made: where others have changed the thing since, its
author sees both (409) before anything is committed.
"""

from __future__ import annotations

from typing import Final

from flask import Blueprint, Response, current_app, redirect, render_template, request, url_for
from rapidfuzz import process
from werkzeug.wrappers import Response as AnyResponse

from carekg import errors, store
from carekg.drafts import TITLE, Drafts
from carekg.forms import stating
from carekg.forms.choices import Choices
from carekg.forms.difference import TYPE, Difference, Row
from carekg.forms.model import Field, Filled, Form, Problem, everyday
from carekg.forms.reading import Forms, read
from carekg.terms import BASE, PREFIXES, compact, expand
from carekg.web import named, site
from carekg.web.accounts import sessions
from carekg.web.forms import buttons
from carekg.web.forms.desk import AGAINST, SOURCE, SOURCES, WHY, Desk, form_of, number
from carekg.web.forms.drawing import Drawing
from carekg.web.linked import things
from carekg.web.protocol import commits, permission
from carekg.web.remembered import Remembered

blueprint = Blueprint("forms", __name__)

KEY: Final = "carekg.forms"
"""Under which an application keeps the forms of its graph's shapes."""

CHECK, COMMIT, DRAFT = "check", "commit", "draft"
"""What the buttons at the end of a form do."""

CLASS: Final = "SELECT ?type WHERE { ITEM a ?type }"


@blueprint.get("/new")
def classes() -> Response:
    """List the classes of which a thing can be made; where the address names a thing, those of claims about it."""
    permission.may("draft")
    made, (about, types) = _forms(), _about()
    listed = [form for form in made.forms.values() if not about or _takes(form, types)]
    label = Choices(site.asker().graph, named.names).called([about])[about] if about else ""
    return Response(render_template("forms/classes.html", forms=listed, groups=_grouped(listed), about=about,
                                    label=label))


@blueprint.get("/new/<path:name>")
def blank(name: str) -> AnyResponse:
    """Give the form of a class; what the address says by the names of places stands in it."""
    permission.may("draft")
    form = _form(name)
    desk = Desk(_forms(), form, {**request.args.to_dict(), AGAINST: ""})
    filled = desk.given()
    about, types = _about()
    if field := _takes(form, types):
        desk.typed[f"{field.key}.0"] = desk.choices.shown([about], field.values.classes)[about]
        filled = desk.given()
    return _page(desk, filled)


@blueprint.post("/new/<path:name>")
def made(name: str) -> AnyResponse:
    """Do what a button of a new thing's form says."""
    return _sent(_form(name), "")


@blueprint.get("/edit")
def given() -> AnyResponse:
    """Give the form of a thing with what is stated of it, and upon it what the draft says that the address names."""
    permission.may("draft")
    thing, form = _thing()
    desk = Desk(_forms(), form, {}, thing)
    if not (name := request.args.get("draft", "")):
        return _page(desk, desk.given())
    drafts = Drafts(desk.graph, commits.guard())
    one = drafts.draft(name)
    desk.typed[WHY] = one.revision.why
    if source := one.revision.source:
        desk.typed[SOURCE] = desk.choices.shown([source], SOURCES)[source]
    return _page(desk, desk.laid_over(drafts.effect(one)))


@blueprint.post("/edit")
def changed() -> AnyResponse:
    """Do what a button of a thing's form says, though others have removed the thing since it was given."""
    thing, form = _thing(number(request.form.get(AGAINST, "")))
    return _sent(form, thing)


# --- a form that was sent -----------------------------------------------------------------------------------------


def _sent(form: Form, thing: str) -> AnyResponse:
    typed = request.form.to_dict()
    desk = Desk(_forms(), form, typed, thing)
    try:
        author = permission.may("commit" if typed.get("do") == COMMIT else "draft").name
    except errors.Refused as error:  # a session that has ended loses nothing
        return _refused(desk, error)
    if focus := buttons.pressed(typed, desk.forms):
        found = desk.difference()
        problems = [one for one in found.problems if typed["do"].startswith("find:") and one.place == focus]
        return _page(desk, desk.sent(), problems, focus=focus, finding=True)
    if desk.stated.meanwhile:
        return _overtaken(desk)
    found = desk.difference()
    problems = desk.tried(found, author)
    if typed.get("do") == DRAFT and (unread := [*found.problems, *desk.problems]):
        return _page(desk, desk.sent(), unread, 422, unsaved=True)
    if typed.get("do") == DRAFT and found:
        return _saved(desk, found, author)
    if any(one.blocks for one in problems):
        return _page(desk, desk.sent(), problems, 422)
    if typed.get("do") != COMMIT or not found:
        return _page(desk, desk.sent(), problems, preview=found)
    return _committed(desk, found, author)


def _committed(desk: Desk, found: Difference, author: str) -> AnyResponse:
    """Commit what a form comes to and lead to the thing, or give the form back with why not."""
    try:
        commits.make(desk.change(found, author))
    except errors.Overtaken as error:
        fresh = Desk(desk.forms, desk.form, desk.typed, desk.thing)
        return _overtaken(fresh) if fresh.stated.meanwhile else _page(
            fresh, fresh.sent(), [Problem("", str(error))], error.http_status, renewed=True)
    except (errors.InvalidGraph, errors.UnknownThings):  # the graph has changed since it was tried
        return _page(desk, desk.sent(), desk.tried(desk.difference(), author), 422)
    except (errors.Refused, errors.StoreError) as error:
        return _refused(desk, error)
    return redirect(site.local(found.thing), 303)


def _saved(desk: Desk, found: Difference, author: str) -> AnyResponse:
    """Save what a form comes to as a draft, which may break a shape, or revise that of the address; and lead to it."""
    title = desk.typed.get(WHY, "").strip() or f"{'Edit of' if desk.thing else 'New'} {compact(found.thing)}"
    try:
        drafts, name = Drafts(desk.graph, commits.guard()), request.args.get("draft", "")
        if name:
            whole = desk.beside(found, drafts.effect(drafts.draft(name))) if desk.thing else found
            drafts.revise(name, desk.change(whole, author))
        else:
            name = drafts.save(desk.change(found, author), title[:TITLE])
    except (errors.BadInput, errors.Refused, errors.StoreError) as error:
        return _refused(desk, error)
    return redirect(url_for("drafts.draft", name=name), 303)


def _refused(desk: Desk, error: errors.CarekgError) -> Response:
    """Give the form back with all that was typed, and why nothing was done with it."""
    left = isinstance(error, errors.Unauthorized) and sessions.has_users()
    said = "You are not logged in, or no longer. Nothing that you have typed is lost." if left else str(error)
    return _page(desk, desk.sent(), [Problem("", said)], error.http_status, headers=error.headers(), left_out=left)


def _overtaken(desk: Desk) -> Response:
    """Show what others have changed meanwhile beside what was typed; what its author left alone is as it is now."""
    return _page(desk, desk.merged(), desk.difference().problems, 409, meanwhile=desk.meanwhile(), renewed=True)


# --- pages ----------------------------------------------------------------------------------------------------------


def _page(desk: Desk, filled: Filled, problems: list[Problem] | None = None, status: int = 200, *, focus: str = "",
          preview: Difference | None = None, meanwhile: list[Row] | None = None, renewed: bool = False,
          headers: dict[str, str] | None = None, left_out: bool = False, finding: bool = False,
          unsaved: bool = False) -> Response:
    """Give the page of a form.

    :param focus: the place at which its author goes on.
    :param meanwhile: how others have changed the thing since the form was given.
    :param renewed: the form is sent once more by somebody who knows of these changes.
    :param left_out: its author has to log in.
    :param finding: its author looks for what they may mean; nothing is wrong yet.
    :param unsaved: what is wrong keeps it from being saved as a draft.
    """
    drawing = Drawing(desk.forms, desk.choices, problems or ())
    drawn, sources = drawing.drawn(filled), drawing.listing(SOURCES)
    ranks = {name: number for number, name in enumerate(drawing.labels)}
    problems = sorted(problems or (), key=lambda one: ranks.get(one.place, -1))
    page = render_template(
        "forms/form.html", form=desk.form, drawn=drawn, thing=desk.thing, problems=problems, focus=focus,
        labels=drawing.labels, lists=drawing.suggested.values(), preview=preview, meanwhile=meanwhile, sources=sources,
        typed=desk.typed, against=desk.last if renewed else desk.against, entries=desk.stated.meanwhile,
        title=desk.choices.called([desk.thing])[desk.thing] if desk.thing else f"A new {desk.form.label}",
        left=_left(desk), left_out=left_out, finding=finding, unsaved=unsaved, draft=request.args.get("draft", ""),
        who=permission.known(),
        action=request.full_path if desk.thing else url_for("forms.made", name=_short(desk.form)))
    response = Response(page, status=status, headers=headers)
    response.headers["Cache-Control"] = "no-store"
    return response


def _left(desk: Desk) -> list[str]:
    """Give the properties that are stated of a thing and that its form does not have: they stay as they are."""
    own = {predicate for one in desk.form.fields for predicate in one.predicates} | {TYPE.value}
    found = sorted({quad.predicate.value for quad in desk.stated.now} - own)
    return list(desk.choices.called(found).values()) if found else []


def _forms() -> Forms:
    """Give the forms of the shapes that are served; they stay until the graph is built anew."""
    graph = site.asker().graph
    kept: Remembered[Forms] = current_app.extensions.setdefault(KEY, Remembered(1))
    return kept.get(graph.version.partition(":")[0], "forms", lambda: read(graph))


def _form(name: str) -> Form:
    """Give the form of a class by its last part, its short IRI or its IRI.

    :raises BadValue: it has none.
    """
    made = _forms().forms
    iri = expand(name) or PREFIXES["care"] + name
    found = made.get(iri) or next((one for one in made.values() if _short(one).lower() == name.lower()), None)
    if found is None:
        near = [one for one, *_ in process.extract(name, list(map(_short, made.values())), score_cutoff=70, limit=3)]
        raise errors.BadValue(name, "a class that has a form, as /new lists them", near)
    return found


def _thing(against: int | None = None) -> tuple[str, Form]:
    """Give the thing that a request names, and its form.

    :param against: the change after which its author got the form, when it may have been there still.
    :raises BadInput: it names none, or one that is stated elsewhere than in data.
    :raises NotFound: nothing is known of it.
    """
    iri = site.iri(expand(request.args.get("thing", "")) or "")
    made, graph = _forms(), site.asker().graph
    stated = stating.of(graph, iri, against)
    types = {quad.object.value for quad in stated.now or stated.before if quad.predicate == TYPE
             and hasattr(quad.object, "value")}
    if not types:
        if Choices(graph, named.names).known([iri]):
            raise errors.BadInput(f"{iri} is described by the vocabulary, whose files are changed in the folder; "
                                  "what stewards change is stated in data.")
        raise things.not_found(iri)
    return iri, form_of(made, types, iri)


def _about() -> tuple[str, list[str]]:
    """Give the thing that an address is about, with its classes; nothing where it names none that is known."""
    iri, graph = expand(request.args.get("about", "")) or "", site.asker().graph
    if not iri.startswith(BASE) or not Choices(graph, named.names).known([iri]):
        return "", []
    return iri, [row["type"].value for row in store.solutions(graph, CLASS.replace("ITEM", f"<{iri}>"))]


def _takes(form: Form, types: list[str]) -> Field | None:
    """Give the field by which a form's things are about something of one of some classes; None where there is none."""
    return next((one for one in form.fields if len(one.predicates) > 1 and set(one.values.classes) & set(types)), None)


def _grouped(listed: list[Form]) -> dict[str, list[tuple[Form, str]]]:
    """Give forms below their headings: those that are wanted most often first, without one."""
    often, others = everyday(listed)
    groups = {"": often, "More kinds": others} if often else {"": others}
    return {heading: [(form, _short(form)) for form in forms] for heading, forms in groups.items() if forms}


def _short(form: Form) -> str:
    """Give by what an address names a class: the last part of an IRI of ours, else its short form."""
    care = PREFIXES["care"]
    return form.iri.removeprefix(care) if form.iri.startswith(care) else compact(form.iri).strip("<>")


