"""What crawlers look for: a sitemap of every page, and where they should not go."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final
from xml.sax.saxutils import escape

from flask import Blueprint, Response, current_app, url_for

from carekg import errors, store
from carekg.terms import BASE
from carekg.web import site
from carekg.web.linked import documents
from carekg.web.remembered import Remembered

blueprint = Blueprint("crawlers", __name__)

KEY: Final = "carekg.pages"
"""Under which an application keeps the paths of its pages."""

MOST: Final = 50_000
"""Addresses that one sitemap may have (https://www.sitemaps.org/protocol.html)."""

SPACE: Final = "http://www.sitemaps.org/schemas/sitemap/0.9"

THINGS: Final = f"""SELECT DISTINCT ?thing WHERE {{
  ?thing a ?class FILTER(STRSTARTS(STR(?thing), "{BASE}id/") || STRSTARTS(STR(?thing), "{BASE}concept/"))
}} ORDER BY ?thing"""
GRAPHS: Final = f"""SELECT ?graph WHERE {{
  GRAPH ?graph {{}} FILTER(STRSTARTS(STR(?graph), "{BASE}graph/") && EXISTS {{ GRAPH ?graph {{ ?s ?p ?o }} }})
}} ORDER BY ?graph"""


@blueprint.get("/robots.txt")
def robots() -> Response:
    """Tell crawlers which pages they may read: all but those that have a query run."""
    lines = ["User-agent: *", "Disallow: /sparql", "Disallow: /store", "Disallow: /queries/*?", "Disallow: /why?",
             "Disallow: /find?", "Allow: /", "", f"Sitemap: {site.address('/sitemap.xml')}", ""]
    return Response("\n".join(lines), mimetype="text/plain")


@blueprint.get("/sitemap.xml")
def sitemap() -> Response:
    """List every page, or the sitemaps that do where there are more pages than one may have."""
    found = pages()
    if len(found) <= MOST:
        return _listed("urlset", "url", found)
    numbers = range(1, -(-len(found) // MOST) + 1)
    return _listed("sitemapindex", "sitemap", [url_for(".part", number=number) for number in numbers])


@blueprint.get("/sitemap-<int:number>.xml")
def part(number: int) -> Response:
    """List the pages of one part of a large sitemap."""
    some = pages()[(number - 1) * MOST:number * MOST] if number > 0 else []
    if not some:
        raise errors.NotFound(site.address(f"/sitemap-{number}.xml"))
    return _listed("urlset", "url", some)


def pages() -> list[str]:
    """Give the path of every page."""
    kept: Remembered[list[str]] = current_app.extensions[KEY]
    asker = site.asker()
    return kept.get(asker.graph.version, KEY, lambda: [
        "/", "/queries", *(f"/queries/{name}" for name in sorted(asker.queries)), "/def", "/shapes", "/catalogue",
        *_documents(asker.graph, THINGS), *_documents(asker.graph, GRAPHS)])


def _documents(graph: store.Store, text: str) -> list[str]:
    return [f"{documents.local(iri)}.html" for row in store.rows(graph, text) for iri in row.values()]


def _listed(kind: str, item: str, paths: Iterable[str]) -> Response:
    lines = "".join(f"<{item}><loc>{escape(site.address(path))}</loc></{item}>\n" for path in paths)
    text = f'<?xml version="1.0" encoding="UTF-8"?>\n<{kind} xmlns="{SPACE}">\n{lines}</{kind}>\n'
    return Response(text, mimetype="application/xml")
