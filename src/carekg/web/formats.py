"""Media types and content negotiation, as one table."""

from __future__ import annotations

from itertools import chain
from typing import Final, NamedTuple
from urllib.request import parse_http_list

from flask import Response, request
from werkzeug.http import parse_options_header

from carekg import errors, store
from carekg.web import site


class Format(NamedTuple):
    """A format: its name here and in ``?format=``, its media types (the first is sent), ending, specification."""

    name: str
    media: tuple[str, ...]
    ending: str
    specification: str


RESULTS: Final = (
    Format("json", ("application/sparql-results+json", "application/json"), "json",
           "https://www.w3.org/TR/sparql11-results-json/"),
    Format("xml", ("application/sparql-results+xml", "application/xml", "text/xml"), "xml",
           "https://www.w3.org/TR/rdf-sparql-XMLres/"),
    Format("csv", ("text/csv",), "csv", "https://www.w3.org/TR/sparql11-results-csv-tsv/"),
    Format("tsv", ("text/tab-separated-values",), "tsv", "https://www.w3.org/TR/sparql11-results-csv-tsv/"),
)
GRAPHS: Final = (
    Format("turtle", ("text/turtle", "application/x-turtle"), "ttl", "https://www.w3.org/TR/turtle/"),
    Format("n-triples", ("application/n-triples", "text/plain"), "nt", "https://www.w3.org/TR/n-triples/"),
    Format("rdf-xml", ("application/rdf+xml",), "rdf", "https://www.w3.org/TR/rdf-syntax-grammar/"),
    Format("json-ld", ("application/ld+json", "application/json"), "jsonld", "https://www.w3.org/TR/json-ld11/"),
    Format("trig", ("application/trig",), "trig", "https://www.w3.org/TR/trig/"),
    Format("n-quads", ("application/n-quads",), "nq", "https://www.w3.org/TR/n-quads/"),
    Format("n3", ("text/n3",), "n3", "https://www.w3.org/TeamSubmission/n3/"),
)
DATASETS: Final = tuple(one for one in GRAPHS if one.name in ("trig", "n-quads", "json-ld"))
"""Formats that can hold several graphs."""

XLSX: Final = Format("xlsx", ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",), "xlsx",
                     "https://ecma-international.org/publications-and-standards/standards/ecma-376/")
TABLES: Final = (*RESULTS, XLSX, GRAPHS[0])
"""Formats of a prepared question's table: those of SPARQL, a workbook, and the statements behind it."""

JSON: Final = Format("json", ("application/json",), "json", "https://www.rfc-editor.org/rfc/rfc8259")

CUT: Final = "Carekg-Cut"
"""The header that says after how many rows, or triples, an answer was cut."""

LINKS: Final = {"json": (b'"vars"', '"link":["{}"],'), "xml": (b"</head>", '<link href="{}"/>')}
"""What stands behind a link in the head of a table, and what the link looks like."""

HTML: Final = Format("html", ("text/html", "application/xhtml+xml"), "html", "https://html.spec.whatwg.org/")

SHORT: Final = {"ttl": "turtle", "nt": "n-triples", "rdf": "rdf-xml", "rdfxml": "rdf-xml", "jsonld": "json-ld",
                "nq": "n-quads", "nquads": "n-quads", "ntriples": "n-triples", "rdf+xml": "rdf-xml", "srj": "json",
                "srx": "xml"}
"""Names by which formats are known elsewhere."""


def named(table: tuple[Format, ...], name: str) -> Format | None:
    """Give the format that goes by a name, a media type, an ending, or in a graph's table by what it is written in."""
    written_in = {"json": "json-ld", "xml": "rdf-xml"} if table not in (RESULTS, TABLES) else {}
    key = name.strip().lower()
    if key not in [one.name for one in table]:
        key = SHORT.get(key, written_in.get(key, key))
    return next((one for one in table if key == one.name or key == one.ending or key in one.media), None)


def wanted(table: tuple[Format, ...], asked: str | None = None) -> Format:
    """Give the format that a request wants: by ending where one is given, by name, else by its ``Accept`` header.

    Some clients send names of their own beside a good ``Accept``, so that goes before a name that this answer lacks.

    :raises UnknownFormat: none of the table fits.
    """
    if asked:
        found = named(table, asked)
        if found is None:
            raise errors.UnknownFormat(asked, [one.name for one in table])
        return found
    names = [name for name in request.values.getlist("format") if name]
    for name in names:
        if (found := named(table, name)) is not None:
            return found
    if names and not any(_names(media, _accepted()) for one in table for media in one.media):
        raise errors.UnknownFormat(names[0], [one.name for one in table])
    return accepted(table)


def accepted(table: tuple[Format, ...]) -> Format:
    """Give the format that a request's ``Accept`` header prefers, the table's first where it does not say.

    :raises UnknownFormat: it accepts none of the table.
    """
    if not request.headers.get("Accept", "").strip():
        return table[0]
    ranges = _accepted()
    offers = [*(one.media[0] for one in table), *(media for one in table for media in one.media[1:])]
    best = max(offers, key=lambda media: (_weight(media, ranges), -offers.index(media)))
    if _weight(best, ranges) <= 0:
        raise errors.UnknownFormat(request.headers["Accept"], [one.media[0] for one in table])
    chosen = next(one for one in table if best in one.media)
    as_well = _weight(chosen.media[0], ranges) == _weight(best, ranges) and not _names(best, ranges)
    return chosen if as_well else chosen._replace(media=(best,))


def _weight(media: str, ranges: list[tuple[str, float]]) -> float:
    """Give the weight that a request puts on a media type: by its most specific range, as RFC 9110 12.5.1 has it."""
    found = [(range_.count("*"), -weight) for range_, weight in ranges
             if range_ in (media, media.partition("/")[0] + "/*", "*/*")]
    return -min(found)[1] if found else 0.0


def _names(media: str, ranges: list[tuple[str, float]]) -> bool:
    return any(range_ == media for range_, _ in ranges)


def _accepted() -> list[tuple[str, float]]:
    """Give the media ranges of a request with their weights, those of weight nought included."""
    found = []
    for part in parse_http_list(request.headers.get("Accept", "")):  # commas within quoted strings separate nothing
        range_, options = parse_options_header(part)
        try:
            weight = float(options.get("q", 1))
        except ValueError:
            weight = 1.0
        found.append((range_.lower(), min(max(weight, 0.0), 1.0) if weight == weight else 1.0))
    return found


def report_wanted() -> Format | None:
    """Give the format in which a client asks for a report in so many words; None where a page or a text will do.

    It is one of graphs, for the report of SHACL, or JSON, for what it says in plain words.
    """
    known = {media: one for one in (*GRAPHS, JSON) for media in one.media[:1]}
    best = request.accept_mimetypes.best_match(["text/plain", "text/html", *known], "text/plain")
    return known.get(best)


def prefers_html() -> bool:
    """Say whether a request comes from somebody who wants to see a page."""
    if request.args.get("format"):
        return request.args["format"] == "html"
    ranges = _accepted()
    data = [media for one in (*RESULTS, *GRAPHS) for media in one.media if _names(media, ranges)]
    page = _weight("text/html", ranges)
    return _names("text/html", ranges) and page > 0 and all(page >= _weight(media, ranges) for media in data)


def send(answer: store.Answer, media: str, filename: str = "") -> Response:
    """Give an answer's bytes as they are; where they were cut, a header says after how many rows."""
    mark = _mark(answer)
    body = chain([mark], answer.pieces()) if answer.size > store.IN_ROOM else mark + answer.read()
    response = Response(body, content_type=f"{media}; charset=utf-8" if media.startswith("text/") else media)
    response.headers["Content-Length"] = str(len(mark) + answer.size)
    response.call_on_close(answer.body.close)  # where nobody reads it, as with HEAD
    if answer.cut:
        response.headers[CUT] = str(answer.cut)
    if filename:
        response.headers["Content-Disposition"] = f'inline; filename="{filename}"'
    return response


def _mark(answer: store.Answer) -> bytes:
    """Give the head of a table in JSON or XML with a link to what it means to be cut, where it was; take its own away.

    That is the formats' place for it (https://www.w3.org/TR/sparql11-results-json/#select-link,
    https://www.w3.org/TR/rdf-sparql-XMLres/#head); most formats of a graph have remarks at their ends.
    """
    if not answer.cut or answer.form not in LINKS:
        return b""
    place, link = LINKS[answer.form]
    own, found, _ = answer.body.read(store.IN_ROOM).partition(place)
    answer.body.seek(len(own) if found else 0)
    if not found:
        return b""
    answer.size -= len(own)
    return own + link.format(site.address("/sparql#cut")).encode()
