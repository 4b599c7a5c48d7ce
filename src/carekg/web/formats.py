"""Media types and content negotiation, as one table."""

from __future__ import annotations

from typing import Final, NamedTuple

from flask import Response, request
from werkzeug.http import parse_options_header

from carekg import errors, store


class Format(NamedTuple):
    """A format: its name here and in ``?format=``, its media types (the first is sent), where it is specified."""

    name: str
    media: tuple[str, ...]
    specification: str


RESULTS: Final = (
    Format("json", ("application/sparql-results+json", "application/json"), "https://www.w3.org/TR/sparql11-results-json/"),
    Format("xml", ("application/sparql-results+xml", "application/xml"), "https://www.w3.org/TR/rdf-sparql-XMLres/"),
    Format("csv", ("text/csv",), "https://www.w3.org/TR/sparql11-results-csv-tsv/"),
    Format("tsv", ("text/tab-separated-values",), "https://www.w3.org/TR/sparql11-results-csv-tsv/"),
)
GRAPHS: Final = (
    Format("turtle", ("text/turtle",), "https://www.w3.org/TR/turtle/"),
    Format("n-triples", ("application/n-triples", "text/plain"), "https://www.w3.org/TR/n-triples/"),
    Format("rdf-xml", ("application/rdf+xml",), "https://www.w3.org/TR/rdf-syntax-grammar/"),
    Format("json-ld", ("application/ld+json",), "https://www.w3.org/TR/json-ld11/"),
)
SHORT: Final = {"ttl": "turtle", "nt": "n-triples", "rdf": "rdf-xml", "jsonld": "json-ld", "srj": "json", "srx": "xml"}
"""Endings by which formats are known elsewhere."""

HTML: Final = Format("html", ("text/html", "application/xhtml+xml"), "https://html.spec.whatwg.org/")


def wanted(table: tuple[Format, ...], asked: str | None = None) -> Format:
    """Give the format that a request wants: by name where one is given, else by its ``Accept`` header.

    :raises UnknownFormat: none of the table fits.
    """
    name = asked or request.args.get("format")
    if name:
        for one in table:
            if name in (one.name, *one.media) or SHORT.get(name) == one.name:
                return one
        raise errors.UnknownFormat(name, [one.name for one in table])
    accepted = request.headers.get("Accept", "")
    if not accepted.strip():
        return table[0]
    offers = [media for one in table for media in one.media]
    best = max(offers, key=lambda media: (_weight(media), -offers.index(media)))
    if _weight(best) <= 0:
        raise errors.UnknownFormat(accepted, [one.media[0] for one in table])
    return next(one._replace(media=(best,)) for one in table if best in one.media)


def _weight(media: str) -> float:
    """Give the weight that a request puts on a media type: by its most specific range, as RFC 9110 12.5.1 has it."""
    found = [(range_.count("*"), -weight) for range_, weight in _accepted()
             if range_ in (media, media.partition("/")[0] + "/*", "*/*")]
    return -min(found)[1] if found else 0.0


def _accepted() -> list[tuple[str, float]]:
    """Give the media ranges of a request with their weights, those of weight nought included."""
    found = []
    for part in request.headers.get("Accept", "").split(","):
        range_, options = parse_options_header(part)
        try:
            found.append((range_.lower(), min(max(float(options.get("q", 1)), 0.0), 1.0)))
        except ValueError:
            found.append((range_.lower(), 1.0))
    return found


def prefers_html() -> bool:
    """Say whether a request comes from somebody who wants to see a page."""
    if request.args.get("format"):
        return request.args["format"] == "html"
    named = {range_ for range_, _ in _accepted()}
    data = [media for one in (*RESULTS, *GRAPHS) for media in one.media if media in named]
    return "text/html" in named and all(_weight("text/html") >= _weight(media) for media in data)


def send(answer: store.Answer, media: str, filename: str = "") -> Response:
    """Give an answer's bytes as they are."""
    body = answer.pieces() if answer.size > store.IN_ROOM else answer.read()
    response = Response(body, content_type=f"{media}; charset=utf-8" if media.startswith("text/") else media)
    response.headers["Content-Length"] = str(answer.size)
    if filename:
        response.headers["Content-Disposition"] = f'inline; filename="{filename}"'
    return response
