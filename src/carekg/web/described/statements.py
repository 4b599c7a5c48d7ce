"""Statements that this server makes about itself, sent in the RDF format that is wanted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

import pyoxigraph as ox
from flask import Response

from carekg.terms import BASE
from carekg.web import conditions, formats, site
from carekg.web.linked import writing
from carekg.web.protocol import permission

Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple

OWN: Final = tuple(BASE + name for name in ("void", "dumps", "feed"))
"""Documents in which a server describes itself."""


def sent(triples: Iterable[ox.Triple]) -> Response:
    """Give triples in the format that is wanted, by subject in the order in which these first come.

    A browser gets Turtle, and whoever has them no body.
    """
    form = formats.GRAPHS[0] if formats.prefers_html() else formats.wanted(formats.GRAPHS)
    places: dict[object, int] = {}
    found = sorted(dict.fromkeys(here(triples)), key=lambda triple: places.setdefault(triple.subject, len(places)))
    quads = [ox.Quad(triple.subject, triple.predicate, triple.object) for triple in found]
    response = Response(writing.written(quads, form.name), content_type=writing.content_type(form.media[0]))
    return cacheable(response)


def own(path: str) -> str:
    """Give the IRI of what describes this server.

    It is the project's, whatever server sends it; a plain server holds something else, and has it under its address.
    """
    return site.address(f"/{path}") if permission.is_plain() else BASE + path


def here(triples: Iterable[ox.Triple]) -> Iterable[ox.Triple]:
    """Give triples, on a plain server with what describes it under its own address."""
    return _here(triples) if permission.is_plain() else triples


def _here(triples: Iterable[ox.Triple]) -> Iterator[ox.Triple]:
    for one in triples:
        subject, value = (
            ox.NamedNode(own(term.value.removeprefix(BASE)))
            if isinstance(term, ox.NamedNode) and term.value.partition("#")[0] in OWN else term
            for term in (one.subject, one.object))
        yield ox.Triple(subject, one.predicate, value)  # type: ignore[arg-type]


def cacheable(response: Response) -> Response:
    """Give an answer with a strong tag of its bytes, or only that it is unchanged."""
    response.add_etag()
    response.headers["Cache-Control"] = "public, no-cache"  # kept by anybody, and asked about each time
    return conditions.held(response)


