"""An answer to take along: which forms there are, and each as a response."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from flask import Response, jsonify, url_for

from carekg import errors
from carekg.query import Query
from carekg.query.deprecated import Deprecated
from carekg.web import formats, site
from carekg.web.formats import GRAPHS, TABLES, XLSX, Format
from carekg.web.questions import about, deprecated, kept, statements, tabular, view
from carekg.web.questions.address import Address
from carekg.web.questions.laid import Laid

MADE: Final = (XLSX.name, GRAPHS[0].name)
"""The names of the formats that are made here of the rows; those of SPARQL come as the engine writes them."""

MOST: Final = 100_000
"""Rows of data that a table is made of; the formats of SPARQL go on."""

WRITTEN: Final = 20_000
"""Rows of data that a workbook is made of: each takes some tenth of a millisecond for each of its cells."""

FORMS: Final = ("csv", "json")
"""The forms of a table with one line a row."""


def offered(query: Query) -> tuple[Format, ...]:
    """Give the formats of a question's answer."""
    return GRAPHS if query.is_graph else TABLES


def exact(query: Query, address: Address, chosen: Format) -> Response:
    """Give the answer in a format of SPARQL, row for row as the query gives it.

    :raises BadInput: the address sorts or picks rows, which this format has all of.
    """
    asker = site.asker()
    arguments = given(address)
    for name in view.strange(address):
        raise errors.UnknownParameter(name, query.name, [one.name for one in query.parameters])
    if looks := [name for name, _ in address.looking if name != "_rows"]:
        table = "" if query.is_graph else f": ask for /queries/{query.name}.table.csv or .table.json"
        raise errors.BadInput(f"`{looks[0][:80]}` sorts or picks the rows of a table{table}. This format has all that "
                              "the query gives.")
    answer = asker.ask(query, arguments, chosen.name, rows=site.settings().rows, client=site.client())
    response = formats.send(answer, chosen.media[0], f"{query.name}.{chosen.ending}")
    response.headers["Content-Location"] = str(_in_full(query, address, chosen.name))
    return response


def _in_full(query: Query, address: Address, form: str) -> Address:
    """Give the address of an answer with the values that stood in for those that were left out (RFC 9110, 8.7)."""
    usual = {p.name: [p.default_of(bool(address.asked.pairs))] for p in query.parameters}
    return Address(url_for("questions.question", name=query.name, form=form), tuple(
        (name, value) for name, default in usual.items() for value in address.values(name) or filter(None, default)))


def table(query: Query, address: Address, form: str, media: str = "") -> Response:
    """Give the answer with one line a row, as the address sorts and picks them; ``media`` is the type to send it as.

    :raises BadInput: what it says of that does not fit the answer.
    """
    terms = site.asker().terms(query, given(address))
    laid = kept.laid(query.bind(terms), WRITTEN if form == XLSX.name else MOST)
    wanted, wrong = view.wish(address, laid)
    if wrong:
        raise wrong[0]
    found = view.view(laid, wanted)
    said = about.of(query, address, terms, len(found.picked), found.total, laid.cut)
    marks = deprecated.deprecated()
    made: Mapping[str, Callable[[], Response]] = {
        "csv": lambda: Response(tabular.as_csv(laid, found.picked, marks), content_type="text/csv; charset=utf-8"),
        "json": lambda: jsonify(tabular.as_json(laid, found.picked, marks, said)),
        "xlsx": lambda: _workbook(laid, found, marks, said),
        "turtle": lambda: _turtle(found, said)}
    response = _named(made[form](), query, laid, form)
    if media:
        response.content_type = f"{media}; charset=utf-8" if media.startswith("text/") else media
    return response


def given(address: Address) -> dict[str, list[str]]:
    """Give the values of a question's parameters as they were typed."""
    return {name: address.values(name) for name, _ in address.asked.pairs}


def _workbook(laid: Laid, found: view.View, marks: Deprecated, said: about.About) -> Response:
    from carekg.web.questions import workbook  # imported here: it brings the library that writes workbooks

    return Response(workbook.written(laid, found.picked, marks, said), content_type=XLSX.media[0])


def _turtle(found: view.View, said: about.About) -> Response:
    text, _ = statements.turtle(site.asker().graph, found.picked, said)
    return Response(text, content_type="text/turtle; charset=utf-8")


def _named(response: Response, query: Query, laid: Laid, form: str) -> Response:
    """Give a response its file's name, which says that the answer was cut where it was, as a header does."""
    part = f"-first-{laid.cut}-rows-of-data" if laid.cut else ""
    ending = "ttl" if form == "turtle" else form
    response.headers.set("Content-Disposition", "inline" if form in ("json", "turtle") else "attachment",
                         filename=f"{query.name}{part}.{ending}")
    if laid.cut:
        response.headers[formats.CUT] = str(laid.cut)
    return response
