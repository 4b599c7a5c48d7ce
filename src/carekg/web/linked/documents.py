"""Documents about what an IRI names: one in each format, at its own address, each leading to the others.

An address without an ending chooses by content negotiation (RFC 9110, section 12); one with an ending has its format.
Where the IRI names something that is no document (an innovation, a place, a concept, which is a unit of thought), its
own address answers 303 See Other and leads to a document about it
(https://www.w3.org/TR/cooluris/#r303gendocument). Where it names a document (the vocabulary, the shapes, a graph, the
catalogue, a query), the document is sent at once, and ``Content-Location`` says where that form of it stays.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

import pyoxigraph as ox
from flask import Response, redirect, request
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from carekg.terms import BASE
from carekg.web import conditions, formats, site
from carekg.web.linked import writing

FORMATS: Final = {one.ending: one for one in (formats.HTML, *formats.GRAPHS)}
"""What each document comes in, by ending."""

ALSO: Final = {"json": "jsonld", "xml": "rdf"}
"""Endings that are taken for another."""


@dataclass(frozen=True)
class Document:
    """A document: the IRI that it is about or that it is, its path without an ending, the classes of what it is about.

    ``more`` are further links, each a target and a relation.
    """

    iri: str
    path: str
    types: tuple[str, ...] = ()
    more: tuple[tuple[str, str], ...] = ()

    def links(self) -> list[str]:
        """Give the values of ``Link`` headers (RFC 8288)."""
        alternates = [f'<{self.path}.{ending}>; rel="alternate"; type="{media}"' for ending, media in alternatives()]
        described = [f'<{safe(self.iri)}>; rel="describes"']  # RFC 6892
        canonical = [f'<{site.address(self.path + ".html")}>; rel="canonical"']  # RFC 6596
        types = [f'<{safe(one)}>; rel="type"' for one in self.types]  # RFC 6903
        return [*alternates, *described, *canonical, *types,
                *(f'<{safe(target)}>; rel="{relation}"' for target, relation in self.more)]

    def downloads(self) -> list[tuple[str, str, str]]:
        """Give the name, the address and the media type of each form that is data."""
        return [(FORMATS[one].name, f"{self.path}.{one}", media) for one, media in alternatives() if one != "html"]


def alternatives() -> Iterator[tuple[str, str]]:
    """Give the ending and the media type of each format, HTML first."""
    return ((ending, form.media[0]) for ending, form in FORMATS.items() if form.name != "n3")  # Turtle again


def split(path: str) -> tuple[str, str]:
    """Give a path without its ending, and the ending where it is that of a format, in the way we write it."""
    stem, dot, ending = path.rpartition(".")
    ending = ALSO.get(ending, ending)
    return (stem, ending) if dot and stem and ending in FORMATS else (path, "")


def local(iri: str) -> str:
    """Give the path on this server of an IRI that the project mints, as it stands in a header."""
    return safe("/" + iri.removeprefix(BASE))


def wanted(asked: str = "") -> formats.Format:
    """Give the format of an ending, or the one that the request wants.

    :raises NotFound: no format has that ending.
    :raises UnknownFormat: the request accepts none that there is.
    """
    if asked:
        if (form := FORMATS.get(ALSO.get(asked, asked))) is None:
            raise NotFound
        return form
    return formats.HTML if formats.prefers_html() else formats.wanted(formats.GRAPHS)


def see_other(document: Document) -> AnyResponse:
    """Lead from a thing to the document about it in the format that the request wants."""
    response = redirect(f"{document.path}.{wanted().ending}", 303)
    for other, media in alternatives():
        response.headers.add("Link", f'<{document.path}.{other}>; rel="describedby"; type="{media}"')
    response.vary.add("Accept")
    return response


def sent(document: Document, asked: str, page: Callable[[], str],
         data: Callable[[formats.Format], Response]) -> Response:
    """Send a document as a page or as data, by its ending or as the request wants, with links to its other forms."""
    form = wanted(asked)
    is_page = form.name == "html"
    response = Response(page(), content_type="text/html; charset=utf-8") if is_page else data(form)
    if not asked:
        response.headers["Content-Location"] = f"{document.path}.{form.ending}"
        response.vary.add("Accept")
    for link in document.links():
        response.headers.add("Link", link)
    if not response.is_streamed:
        response.add_etag()
        conditions.held(response)
    return response


def data(quads: Sequence[ox.Quad], form: formats.Format) -> Response:
    """Give quads as data in a format."""
    return Response(writing.written(quads, form.name), content_type=writing.content_type(form.media[0]))


def names_data() -> bool:
    """Say whether a request that ends in an error asks for data by name, and not just for anything."""
    accepted = {part.partition(";")[0].strip().lower() for part in request.headers.get("Accept", "").split(",")}
    return any(media in accepted for one in formats.GRAPHS for media in one.media if media != "text/plain")


def safe(iri: str) -> str:
    """Give an IRI or path as a URI (RFC 3987, section 3.1), so that a header can hold it."""
    return quote(iri, safe="%/:?#[]@!$&'()*+,;=~")
