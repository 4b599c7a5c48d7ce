"""Prepared queries: the catalogue, a question's page with its form and answer, and the answer as data."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from carekg import errors
from carekg.query import Asker, Parameter, Query, Table, find
from carekg.query.record import GRAPH
from carekg.terms import BASE
from carekg.web import formats, site
from carekg.web.linked import catalogue as graphs
from carekg.web.linked import documents
from carekg.web.questions import listing

blueprint = Blueprint("questions", __name__)

MOST_ROWS = 500
"""Rows that a page shows; the downloads have them all."""

MOST_TEXT = 100_000
"""Characters of a graph that a page shows."""

OWN = ("format",)
"""Names in an address that are no parameters of a query."""


@blueprint.get("/queries")
@blueprint.get("/queries.<form>")
def catalogue(form: str | None = None) -> Response | str:
    """List the prepared queries, as a page, JSON or CSV."""
    return listing.page() if _is_page(form) else listing.data(form)


@blueprint.get("/queries/<name>")
@blueprint.get("/queries/<name>.<form>")
def question(name: str, form: str | None = None) -> Response | str:
    """Answer a prepared query, as a page or as data."""
    asker = site.asker()
    query = find(asker.queries, name)
    arguments = {key: request.args.getlist(key) for key in request.args if key not in OWN}
    if _is_page(form):
        return _page(asker, query, arguments)
    table = formats.GRAPHS if query.is_graph else formats.RESULTS
    chosen = formats.wanted(table, form)
    answer = asker.ask(query, arguments, chosen.name, rows=site.settings().rows, client=site.client())
    response = formats.send(answer, chosen.media[0], f"{name}.{chosen.name}")
    response.headers["Content-Location"] = _in_full(query, arguments, chosen.name)
    return response


def _is_page(form: str | None) -> bool:
    """Say whether a page is asked for: by its ending, or without one by somebody who wants to see it."""
    return form == formats.HTML.ending or (form is None and formats.prefers_html())


def _in_full(query: Query, arguments: dict[str, list[str]], form: str) -> str:
    """Give the address of an answer with the values that stood in for those that were left out (RFC 9110, 8.7)."""
    given: dict[str, Any] = {p.name: arguments.get(p.name) or p.default_of(bool(arguments)) for p in query.parameters}
    return url_for(".question", name=query.name, form=form, **{name: value for name, value in given.items() if value})


@blueprint.get("/query/<name>")
@blueprint.get("/query/<name>.<ending>")
def record(name: str, ending: str = "") -> AnyResponse:
    """Lead from the IRI of a prepared query to its page, or give its description as RDF."""
    query = find(site.asker().queries, name)
    if documents.wanted(ending).name == "html":
        return redirect(url_for(".question", name=query.name), 303)
    document = documents.Document(f"{BASE}query/{query.name}", f"/query/{query.name}")
    return documents.sent(document, ending, str, lambda form: graphs.stated(GRAPH + query.name, form))


def _page(asker: Asker, query: Query, arguments: dict[str, list[str]]) -> Response | str:
    """Give a question's page; what is wrong with an argument is said above its form."""
    table, triples, problem, tally = None, "", "", {}
    status, cut = 200, 0
    try:
        answer = asker.ask(query, arguments, rows=site.settings().rows, client=site.client())
        cut = answer.cut
        if query.is_graph:
            triples = answer.read().decode()
        else:
            table = Table.from_json(answer.read())
            tally = {} if cut else asker.tally(query, table)  # what is counted in a part is not counted
    except (errors.BadInput, errors.Refused) as error:
        problem, status = str(error), error.http_status
    fields = [(p, asker.choices(p), _chosen(asker, p, arguments)) for p in query.parameters]
    page = render_template("question.html", query=query, fields=fields, table=table, triples=triples[:MOST_TEXT],
                           more=len(triples) > MOST_TEXT, problem=problem, tally=tally, cut=cut, most=MOST_ROWS,
                           downloads=_downloads(query))
    return Response(page, status=status)


def _chosen(asker: Asker, parameter: Parameter, arguments: dict[str, list[str]]) -> list[str]:
    """Give what a form shows as chosen: the IRIs of values that are right, else what was typed."""
    typed = arguments.get(parameter.name)
    if typed is None:
        typed = [parameter.default_of(bool(arguments))]
    chosen = []
    for value in filter(None, typed):
        try:
            term = asker.term(parameter, value)
            chosen.append(term.value)
        except errors.BadValue:
            chosen.append(value)
    return chosen


def _downloads(query: Query) -> list[tuple[str, str]]:
    """Give the name and the address of each download."""
    table = formats.GRAPHS if query.is_graph else formats.RESULTS
    text = request.query_string.decode()
    suffix = f"?{text}" if text else ""
    return [(one.name, url_for(".question", name=query.name, form=one.name) + suffix) for one in table]

