"""The SPARQL 1.1 Protocol (https://www.w3.org/TR/sparql11-protocol/): queries for everybody, updates with a token."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from urllib.parse import unquote_to_bytes

from flask import Blueprint, Response, g, request

from carekg import errors, store, syntax, update
from carekg.web import formats, site
from carekg.web.editor import pages
from carekg.web.protocol import commits, loading, permission, service

blueprint = Blueprint("sparql", __name__)

FORMS: Final = ("application/x-www-form-urlencoded", "multipart/form-data")
DIRECT: Final = {"application/sparql-query": "query", "application/sparql-update": "update"}
"""The media types of a body that is a text itself (2.1.3 and 2.2.2), and the parameter that it stands for."""

DATASET: Final = {"query": ("default-graph-uri", "named-graph-uri"),
                  "update": ("using-graph-uri", "using-named-graph-uri")}
"""The parameters that name the graphs of the default graph and the named graphs (2.1.4, 2.2.3)."""


@blueprint.route("/sparql", methods=["GET", "POST"])
def endpoint() -> Response | str:
    """Answer a query, do an update, or say what this service is where a request has neither."""
    operation, text = _sent()
    if text is not None:
        return _updated(text) if operation == "update" else _answered(text)
    if request.method == "POST":
        raise errors.BadInput("The request has no query and no update: send one as a parameter of the form, or as a "
                              "body of type application/sparql-query or application/sparql-update.")
    if formats.prefers_html():
        return pages.blank()
    return service.description()


def _answered(text: str) -> Response:
    g.typed = text  # shown again beside what is wrong with it
    if syntax.is_update(text):
        raise errors.BadInput("This is an update sent as a query; send it as `update`, with a token.")
    if pages.is_wanted():
        return shown(text)
    form = formats.wanted(formats.GRAPHS if syntax.asks_for_graph(text) else formats.RESULTS)
    return formats.send(site.asker().graph.answer(question(text, form.name)), form.media[0])


def shown(text: str, short: str = "") -> Response:
    """Give the page with a query and its answer; ``short`` is the link under which it is kept."""
    g.typed = text
    return pages.answer(question(text, "turtle" if syntax.asks_for_graph(text) else "json"), short)


def question(text: str, form: str) -> store.Question:
    """Give what a request asks with a query, within the limits of all queries."""
    default, named = _dataset("query")
    _refuse_relative((*default, *named))
    settings = site.settings()
    if len(text) > settings.query_chars:
        raise errors.TooLong(len(text), settings.query_chars)
    return store.Question(text, form, default, named, settings.rows, site.client(), site.address("/sparql"))


def _updated(text: str) -> Response:
    using, named = _dataset("update")
    _refuse_relative((*using, *named))
    hosts = site.settings().hosts
    found = update.operations(text, using, named, lambda address: loading.document(address, hosts))
    commits.commit(store.Update(found, text, site.address("/sparql")), "update")
    return site.nothing(204)


def _sent() -> tuple[str, str | None]:
    """Give which operation a request asks for, and its text; no text where there is none.

    :raises BadInput: it has both, several, an update by GET, or a text that is not UTF-8.
    :raises UnsupportedMedia: it has a body of an unknown type.
    """
    if request.method in ("GET", "HEAD"):
        if "update" in request.args:
            raise errors.BadInput("An update by GET is not done; send it by POST.")
        return "query", _one(request.args.getlist("query"), "query")
    if request.mimetype in DIRECT:
        return _direct(DIRECT[request.mimetype])
    if request.mimetype not in FORMS:
        raise errors.UnsupportedMedia(request.mimetype, f"a form, or a body of type {' or '.join(DIRECT)}")
    permission.widen()
    if request.mimetype == FORMS[0]:
        request.get_data(cache=True, parse_form_data=False)  # kept, so that it can be looked at as it was sent
    given = {name: _one(request.values.getlist(name), name) for name in ("query", "update")}
    if given["query"] is not None and given["update"] is not None:
        raise errors.BadInput("The request has a query and an update; send one of them.")
    if given["update"] is not None:
        permission.writer()
    return ("update", given["update"]) if given["update"] is not None else ("query", given["query"])


def _direct(operation: str) -> tuple[str, str]:
    """Give the text that is the body of a request."""
    if operation == "update":
        permission.writer()
    also = [name for name in ("query", "update") if name in request.args]
    if also:
        raise errors.BadInput(f"The request has its {operation} in the body and `{also[0]}` in the address; send one.")
    charset = request.mimetype_params.get("charset", "utf-8")
    if charset.lower() not in ("utf-8", "utf8", "us-ascii"):
        raise errors.BadInput(f"The {operation} is in {charset}; send it in UTF-8.")
    try:
        return operation, request.get_data().decode("utf-8")
    except UnicodeDecodeError as error:
        raise errors.BadInput(f"The {operation} is not UTF-8 at byte {error.start}; send it in UTF-8.") from None


def _one(values: Sequence[str], name: str) -> str | None:
    """Give the value of a parameter that may come once.

    :raises BadInput: it comes several times, or is not UTF-8.
    """
    if len(values) > 1:
        raise errors.BadInput(f"The request has {len(values)} parameters `{name}`; send one.")
    if values and not _is_utf8():
        raise errors.BadInput(f"The parameter `{name}` is not UTF-8; send it in UTF-8.")
    return values[0] if values else None


def _is_utf8() -> bool:
    """Say whether a request's parameters are in UTF-8 as they were sent: what is not, is decoded to something else."""
    sent = request.query_string + (b"&" + request.get_data() if request.mimetype == FORMS[0] else b"")
    try:
        unquote_to_bytes(sent).decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _dataset(operation: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Give the IRIs of the default graph's graphs, and of the named graphs, that a request asks for."""
    source = request.args if request.mimetype in DIRECT else request.values
    default, named = (tuple(source.getlist(name)) for name in DATASET[operation])
    return default, named


def _refuse_relative(iris: Sequence[str]) -> None:
    for iri in iris:
        site.iri(iri)
