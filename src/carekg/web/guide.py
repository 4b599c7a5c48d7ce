"""Help for the first five minutes, and the words that pages use with what they mean here."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, Flask, Response, current_app, jsonify, render_template

from carekg import errors, glossary
from carekg.glossary import Glossary, Word
from carekg.query import Query
from carekg.web import formats, site
from carekg.web.described import operations
from carekg.web.questions import tabular

blueprint = Blueprint("guide", __name__)

KEY: Final = "carekg.glossary"
"""Under which an application keeps the glossary of its folder."""

FIRST: Final = "first-steps"
"""The tag of the questions that newcomers are shown."""

FEW: Final = 8
"""Words that a page explains at its end."""


def install(app: Flask) -> None:
    """Let every page of an application explain its words."""
    app.extensions[KEY] = glossary.read(app.extensions[site.KEY].settings.folder)
    app.jinja_env.globals.update(words_of=words_of, questions_here=questions_here)


def questions_here() -> bool:
    """Say whether there is anything to ask by a form: a plain store has no prepared questions."""
    if not site.asker().queries:
        return False
    try:
        manifest = site.asker().graph.manifest()
    except errors.CarekgError:  # the page that says so needs no answer
        return False
    return not (manifest and manifest.plain)


def words_of(*texts: str) -> list[Word]:
    """Give the words of the glossary that texts use, a page's worth at most."""
    return _words().used(texts)[:FEW]


def first() -> list[Query]:
    """Give the questions that newcomers are shown, in the order of their names."""
    return [query for query in site.asker().queries.values() if FIRST in query.tags]


@blueprint.get("/help")
def page() -> str:
    """Say how to ask, how to read an answer, and what to do with it."""
    return render_template("help.html", first=first(), settings=site.settings())


@blueprint.get("/words")
@blueprint.get("/words.<form>")
def words(form: str | None = None) -> Response | str:
    """List the words that pages use, as a page, JSON or CSV."""
    if form == formats.HTML.ending or (form is None and formats.prefers_html()):
        return render_template("words.html", sections=_words().sections)
    listed = [{"word": one.name, "meaning": one.meaning, "section": one.section} for one in _words().words]
    if formats.wanted(operations.LISTS, form).name == "json":
        return jsonify(listed)
    rows = [["word", "meaning", "section"], *(one.values() for one in listed)]
    return Response(tabular.listed(rows), content_type="text/csv; charset=utf-8")


def _words() -> Glossary:
    found: Glossary = current_app.extensions[KEY]
    return found
