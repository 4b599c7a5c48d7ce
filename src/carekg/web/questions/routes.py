"""The addresses of prepared questions: their list, each one's page, its answer as data, and its description."""

from __future__ import annotations

from flask import Blueprint, Response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from carekg import errors
from carekg.query import find
from carekg.query.record import GRAPH
from carekg.terms import BASE
from carekg.web import formats, site
from carekg.web.linked import catalogue as graphs
from carekg.web.linked import documents
from carekg.web.questions import listing, page, taking
from carekg.web.questions.address import Address

blueprint = Blueprint("questions", __name__)


@blueprint.get("/queries")
@blueprint.get("/queries.<form>")
def catalogue(form: str | None = None) -> Response | str:
    """List the prepared queries, as a page, JSON or CSV."""
    return listing.page() if _is_page(form) else listing.data(form)


@blueprint.get("/queries/<name>")
@blueprint.get("/queries/<name>.<form>")
def question(name: str, form: str | None = None) -> Response:
    """Answer a prepared query, as a page or as data."""
    query = find(site.asker().queries, name)
    address = _address(query.name)
    if _is_page(form):
        return page.page(query, address)
    chosen = formats.wanted(taking.offered(query), form)
    if not query.is_graph and chosen.name in taking.MADE:
        return taking.table(query, address, chosen.name, chosen.media[0])
    return taking.exact(query, address, chosen)


@blueprint.get("/queries/<name>.table.<form>")
def rows(name: str, form: str) -> Response:
    """Answer a prepared query as a table with one line for each row, its receipts beside it."""
    query = find(site.asker().queries, name)
    if query.is_graph or form not in taking.FORMS:
        raise errors.UnknownFormat(f"table.{form}", [one.name for one in taking.offered(query)])
    return taking.table(query, _address(query.name), form)


@blueprint.get("/query/<name>")
@blueprint.get("/query/<name>.<ending>")
def record(name: str, ending: str = "") -> AnyResponse:
    """Lead from the IRI of a prepared query to its page, or give its description as RDF."""
    query = find(site.asker().queries, name)
    if documents.wanted(ending).name == "html":
        return redirect(url_for(".question", name=query.name), 303)
    document = documents.Document(f"{BASE}query/{query.name}", f"/query/{query.name}")
    return documents.sent(document, ending, str, lambda form: graphs.stated(GRAPH + query.name, form))


def _is_page(form: str | None) -> bool:
    """Say whether a page is asked for: by its ending, or without one by somebody who wants to see it."""
    return form == formats.HTML.ending or (form is None and formats.prefers_html())


def _address(name: str) -> Address:
    """Give what a request asks of a question, by the address of its page."""
    pairs = tuple((key, value) for key, value in request.args.items(multi=True) if key != "format")
    return Address(url_for(".question", name=name), pairs)
