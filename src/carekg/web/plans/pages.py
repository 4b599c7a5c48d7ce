"""The pages of a plan: a form to describe an innovation, and the plan at an address that has all of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final
from urllib.parse import urlencode

from flask import Blueprint, Response, jsonify, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from carekg import errors, plans
from carekg.plans import document
from carekg.web import formats, site
from carekg.web.accounts import sessions
from carekg.web.plans.form import form
from carekg.web.questions.deprecated import deprecated

blueprint = Blueprint("plans", __name__)

LICENCE: Final = "CC BY 4.0, https://creativecommons.org/licenses/by/4.0/; words in quotation marks are their sources'"
WORD: Final = formats.Format("docx", (document.WORD,), "docx", "https://www.iso.org/standard/71691.html")
FORMS: Final = (formats.JSON, WORD)
"""What a plan comes as beside a page."""

FIRST: Final = 8
"""Lines of a part that are shown at once; those behind them are opened with one click."""

OWN: Final = ("format",)


@dataclass(frozen=True)
class Made:
    """A plan that was made: its description, its parts, and when and of which graph."""

    told: plans.Description
    sections: tuple[plans.Section, ...]
    about: document.About

    @property
    def document(self) -> document.Document:
        """Give it as a document."""
        return document.written(self.sections, self.told, plans.facts(site.asker().queries), self.about,
                                deprecated().marks)


def address(told: plans.Description, place: str = "/plan") -> str:
    """Give the address of a plan, which has all values of the description in it."""
    query = urlencode(told.arguments(), safe=":")
    return f"{place}?{query}" if query else place


def graph() -> str:
    """Give what the graph is called that plans are made of now: it changes with what the graph holds."""
    store = site.asker().graph
    manifest = store.manifest()
    last = store.history.last() if store.history.path is not None else 0
    return f"{manifest.digest[:10]}-{last}" if manifest else store.version


def made(told: plans.Description) -> Made:
    """Ask the questions of a plan."""
    sections = plans.answered(site.asker(), told, site.client())
    manifest = site.asker().graph.manifest()
    since = f", as it is since {manifest.modified[:16].replace('T', ' ')} UTC" if manifest else ""
    lasting = replace(told, made=graph())
    day = datetime.now(UTC)
    about = document.About(f"{day.day} {day:%B %Y}", f"{graph()}{since}", site.address(address(lasting)), LICENCE)
    return Made(told, sections, about)


@blueprint.after_request
def _unlisted(response: Response) -> Response:
    """Keep plans out of search engines: each description is an address, and there is no end of them."""
    if request.path != "/plan" or request.args:
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


# --- addresses ----------------------------------------------------------------------------------------------------


@blueprint.get("/plan")
@blueprint.get("/plan.<form>")
def plan(form: str | None = None) -> AnyResponse | str:
    """Give the plan for the innovation that the address describes; the form where it describes none."""
    _refuse_without_plan()
    typed = _typed()
    told, problems = plans.read(site.asker(), typed)
    if form == formats.HTML.ending or (form is None and formats.prefers_html()):
        if problems or not told.values:
            return _form_page(typed, told, problems)
        if address(told) != address_now() and form is None:
            return redirect(address(told), 303)
        return result(made(told))
    chosen = formats.wanted(FORMS, form)
    refuse(told, problems)
    return sent(made(told), chosen.name)


@blueprint.get("/plan/describe")
def describe() -> AnyResponse | str:
    """Give the form in which an innovation is described, with what the address says of it."""
    _refuse_without_plan()
    typed = _typed()
    told, problems = plans.read(site.asker(), typed)
    return _form_page(typed, told, problems, asked=False)


@blueprint.get("/plan/print")
def printed() -> AnyResponse | str:
    """Give the plan as a page to be printed, with its receipts as numbered notes."""
    _refuse_without_plan()
    typed = _typed()
    told, problems = plans.read(site.asker(), typed)
    if problems or not told.values:
        return _form_page(typed, told, problems)
    return render_template("plans/print.html", plan=made(told).document, nature=document.NATURE,
                           no_longer=document.NO_LONGER)


def result(found: Made, **more: object) -> str:
    """Give the page of a plan."""
    told = found.told
    known = plans.facts(site.asker().queries)
    return render_template(
        "plans/plan.html", made=found, title=document.title(told), described=_described(told, known),
        nature=document.NATURE, no_longer=document.NO_LONGER, marks=deprecated().marks, rests_on=document.rests_on,
        handed_on=document.handed_on, first=FIRST, change=address(told, "/plan/describe"), query=_query(told),
        lasting=found.about.address, wider=lambda least: address(replace(told, least=least)),
        has_changed=bool(told.made) and told.made != graph(), may_keep=_may_keep(), asked=_asked, **more)


def sent(found: Made, form: str) -> Response:
    """Give a plan as JSON or as a document of Word."""
    if form == WORD.name:
        from carekg.plans import word  # imported here: it brings the library that writes files of Word

        response = Response(word.written(found.document), content_type=document.WORD)
        response.headers["Content-Disposition"] = 'attachment; filename="plan.docx"'
        return response
    known = plans.facts(site.asker().queries)
    return jsonify(document.as_json(found.sections, found.told, known, found.about, deprecated().marks))


def address_now() -> str:
    """Give the address that was asked for, written as ours are."""
    pairs = [(name, value) for name, value in request.args.items(multi=True) if name not in OWN]
    return f"/plan?{urlencode(pairs, safe=':')}"


# --- parts --------------------------------------------------------------------------------------------------------


def _typed() -> dict[str, list[str]]:
    return {name: request.args.getlist(name) for name in request.args if name not in OWN}


def _query(told: plans.Description) -> str:
    return urlencode(told.arguments(), safe=":")


def _form_page(typed: Mapping[str, Sequence[str]], told: plans.Description, problems: Sequence[plans.Problem],
               *, asked: bool = True) -> Response:
    """Give the form; what was typed stays in it, and what is wrong stands beside it."""
    is_empty = asked and bool(typed) and not told.values and not problems
    page = render_template("plans/form.html", form=form(site.asker(), typed, told, problems), is_empty=is_empty,
                           wrong=bool(problems))
    return Response(page, 400 if problems or is_empty else 200)


def refuse(told: plans.Description, problems: Sequence[plans.Problem]) -> None:
    """Hold a description against what a plan needs.

    :raises BadInput: something in it is wrong, or it tells nothing.
    """
    if problems:
        told_wrong = " ".join(one.sentence for one in problems[:10]).rstrip(".?")
        raise errors.BadInput(f"The description is not right: {told_wrong}.")
    if not told.values:
        names = ", ".join(f"`{name}`" for name in plans.facts(site.asker().queries))
        raise errors.BadInput(f"A plan needs at least one fact about the innovation; it takes {names}.")


def _refuse_without_plan() -> None:
    if not plans.facts(site.asker().queries):
        raise errors.Refused("No plan can be made here: none of the prepared questions of this graph has a `plan` in "
                             "its header.")


def _described(told: plans.Description, known: Mapping[str, plans.Fact]) -> list[tuple[str, Sequence[plans.Value]]]:
    return [(f"Rated {known[name].label}" if known[name].rates else known[name].label, values)
            for name, values in told.values.items()]


def _asked(section: plans.Section) -> list[tuple[str, str]]:
    """Give what a question was asked with, in words, and the address at which it can be asked alone."""
    found = []
    for answer in section.answers:
        pairs = [(name, value.key) for name, values in answer.given.items() for value in values]
        words = "; ".join(", ".join(value.label for value in values) for values in answer.given.values())
        found.append((words, f"/queries/{section.question.name}?{urlencode(pairs, safe=':')}"))
    return found


def _may_keep() -> bool:
    return sessions.shown() is not None and site.asker().graph.history.path is not None
