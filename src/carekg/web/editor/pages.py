"""The page on which SPARQL is written and answered. It works without a script; one makes an editor of its field."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

from flask import Response, current_app, g, render_template, request

from carekg import store, syntax
from carekg.query import find
from carekg.terms import PREFIXES
from carekg.web import formats, site
from carekg.web.editor import answered
from carekg.web.guard import headers
from carekg.web.questions import drawn, listing
from carekg.web.questions.address import Address

SCRIPT: Final = "editor/editor.js"
"""The bundle of the editor below the static files, where it was built."""

LONGEST: Final = 6_000
"""Characters of an address that browsers and servers between them take for certain."""

OWN: Final = ("view", "drawing", "default-graph-uri", "named-graph-uri")
"""What an address of this page may say of its own, beside how rows are looked at and which columns are drawn."""

EXAMPLE: Final = "".join(f"PREFIX {one}: <{PREFIXES[one]}>\n" for one in ("care", "factor", "route")) + """
SELECT ?innovation WHERE {
  ?innovation a care:Innovation ;
    care:scaledVia route:licensing-and-affiliation ;
    care:hasFacilitator factor:partnerships .
}
ORDER BY ?innovation
"""
PLAIN: Final = """SELECT ?class (COUNT(*) AS ?things) WHERE {
  ?thing a ?class .
}
GROUP BY ?class
ORDER BY DESC(?things)
"""
"""A query with an answer in anybody's graph."""


@dataclass(frozen=True)
class Fault:
    """What is wrong with a query, and where, as far as that is known; lines and columns are counted from 1."""

    sentence: str
    line: int | None = None
    column: int | None = None


def is_wanted() -> bool:
    """Say whether a request that sends a query wants to see a page."""
    asked = request.values.get("format")
    return asked == formats.HTML.name if asked else formats.prefers_html()


def blank() -> Response:
    """Give the page with a query to begin with: an example that the address names, or a usual one."""
    if name := request.args.get("example"):
        return _page(find(site.asker().queries, name).body)
    manifest = site.asker().graph.manifest()
    return _page(EXAMPLE if manifest and not manifest.plain else PLAIN)


def answer(asked: store.Question, short: str = "") -> Response:
    """Give the page with a query and its answer, and with the short link where it has one."""
    address = looks("/sparql", asked.query)
    is_graph = syntax.asks_for_graph(asked.query)
    found = answered.text(asked) if is_graph else answered.table(asked, address)
    return _page(asked.query, answer=found, short=short, address=address if len(str(address)) <= LONGEST else None)


def to_mend(sentence: str, status: int, error: Exception | None) -> Response:
    """Give the page with a query that was refused and what is wrong with it."""
    fault = Fault(sentence, getattr(error, "line", None), getattr(error, "column", None))
    response = _page(g.typed, fault=fault)
    response.status_code = status
    return response


def looks(path: str, text: str = "") -> Address:
    """Give the address of an answer with what the request says of how it is looked at."""
    said = [(key, value) for key in request.values for value in request.values.getlist(key)
            if value and (key in OWN or key.startswith(("_", "drawing.")))]
    return Address(path, (*([("query", text)] if text else []), *said))


def _page(text: str, **shown: object) -> Response:
    has_script = Path(str(current_app.static_folder), SCRIPT).is_file()
    nonce = secrets.token_urlsafe(16) if has_script else ""
    given = {"query": text, "answer": None, "address": None, "fault": None, "short": "", **shown}
    response = Response(render_template(
        "sparql.html", settings=site.settings(), groups=listing.groups(site.asker().queries.values()), nonce=nonce,
        script=SCRIPT, tables=formats.RESULTS, graphs=formats.GRAPHS, views=answered.VIEWS, urlencode=urlencode,
        kinds=drawn.NAMES, roles=drawn.WORDS, **given))
    if nonce:
        response.headers["Content-Security-Policy"] = _policy(nonce)
        response.headers["Cache-Control"] = "no-store"  # what is said once is not to be said again
    return response


def _policy(nonce: str) -> str:
    """Give what this page may load beside what all may: one script, the style that it makes, and answers from here.

    CodeMirror writes its style sheet into the page, and marks it with the number that it is given for that.
    """
    return (headers.POLICY.replace("style-src 'self'", f"style-src 'self' 'nonce-{nonce}'")
            + f"; script-src 'nonce-{nonce}'; connect-src 'self'")
