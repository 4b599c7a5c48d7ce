"""The SPARQL 1.1 Protocol for queries (https://www.w3.org/TR/sparql11-protocol/); whatever writes is refused."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request

from carekg import errors, store, syntax
from carekg.web import formats, site

blueprint = Blueprint("sparql", __name__)

FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")

EXAMPLE = """PREFIX care: <https://w3id.org/carekg/def#>
PREFIX factor: <https://w3id.org/carekg/concept/factor/>
PREFIX route: <https://w3id.org/carekg/concept/route/>

SELECT ?innovation WHERE {
  ?innovation a care:Innovation ;
    care:scaledVia route:licensing-and-affiliation ;
    care:hasFacilitator factor:partnerships .
}
ORDER BY ?innovation
"""


@blueprint.route("/sparql", methods=["GET", "POST"])
def endpoint() -> Response | str:
    """Answer a query sent by GET, by form or as a body; show a form to a browser that sends none."""
    _refuse_writing()
    query = _query()
    if query is None:
        if formats.prefers_html():
            return render_template("sparql.html", example=EXAMPLE)
        raise errors.BadInput("The request has no query: send `query` as a parameter, or a body of type "
                              "application/sparql-query.")
    if syntax.is_update(query):
        raise errors.Refused("This server does not take updates; send a SELECT, ASK, CONSTRUCT or DESCRIBE query.")
    table = formats.GRAPHS if syntax.asks_for_graph(query) else formats.RESULTS
    form = formats.wanted(table, _one("format"))
    answer = site.asker().graph.answer(_question(query, form.name))
    return formats.send(answer, form.media[0])


def _refuse_writing() -> None:
    if request.mimetype == "application/sparql-update" or "update" in request.values:
        raise errors.Refused("This server does not take updates; send a SELECT, ASK, CONSTRUCT or DESCRIBE query.")


def _query() -> str | None:
    """Give the text of the query, or None where the request has none.

    :raises BadInput: it has several, or a body of an unknown type.
    """
    if request.method == "POST" and request.mimetype == "application/sparql-query":
        try:
            return request.get_data().decode("utf-8")
        except UnicodeDecodeError as error:
            raise errors.BadInput(f"The query is not UTF-8 at byte {error.start}; send it as UTF-8.") from None
    if request.method == "POST" and request.mimetype not in FORMS:
        raise errors.UnsupportedMedia(request.mimetype, "application/sparql-query or a form")
    return _one("query")


def _one(name: str) -> str | None:
    """Give the value of a parameter that may come once."""
    values = request.values.getlist(name)
    if len(values) > 1:
        raise errors.BadInput(f"The request has {len(values)} parameters `{name}`; send one.")
    return values[0] if values else None


def _question(query: str, form: str) -> store.Question:
    source = request.args if request.mimetype == "application/sparql-query" else request.values
    default, named = (tuple(source.getlist(f"{kind}-graph-uri")) for kind in ("default", "named"))
    return store.Question(query, form, default, named)
