"""Triples and quads as bytes, in an order that stays the same, with the prefixes that they use."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterable, Sequence
from typing import IO, Final

import pyoxigraph as ox
from flask import Response, current_app

from carekg import errors, store
from carekg.terms import PREFIXES
from carekg.web import formats, site
from carekg.web.linked import jsonld
from carekg.web.remembered import Remembered

KEY: Final = "carekg.context"
"""Under which an application keeps the context that it publishes."""

CONTEXT: Final = "/context.jsonld"
"""Where the context is published."""

LINES: Final = {"turtle": ox.RdfFormat.TURTLE, "n-triples": ox.RdfFormat.N_TRIPLES, "n3": ox.RdfFormat.TURTLE,
                "rdf-xml": ox.RdfFormat.RDF_XML, "trig": ox.RdfFormat.TRIG, "n-quads": ox.RdfFormat.N_QUADS}
"""The library's writer for each of our formats but JSON-LD; all Turtle is N3."""

WITH_GRAPHS: Final = ("trig", "n-quads")
"""Formats that tell in which graph a triple stands."""

_NAME_AT_END: Final = re.compile(r"[^\W\d][\w.\-\u00b7]*$")
"""What RDF/XML needs at the end of a property's IRI: a name of XML (https://www.w3.org/TR/xml-names/#NT-NCName)."""


def context() -> jsonld.Context:
    """Give the context of the graph that is served."""
    kept: Remembered[jsonld.Context] = current_app.extensions[KEY]
    graph = site.asker().graph
    return kept.get(graph.version, KEY, lambda: jsonld.context(graph))


def written(quads: Sequence[ox.Quad], form: str) -> bytes:
    """Give quads in a format by its name; a format without graphs gives each triple once.

    One with graphs gives each triple in the default graph too, as in the store: some clients look nowhere else.

    :raises UnknownFormat: the format cannot say one of them.
    """
    if form in WITH_GRAPHS:
        union = {ox.Quad(quad.subject, quad.predicate, quad.object) for quad in quads}
        ordered = sorted({*quads, *union}, key=lambda quad: (str(quad.graph_name), str(quad)))
        return _lines(ordered, form, [str(quad) for quad in ordered])
    triples = list(dict.fromkeys(quad.triple for quad in quads))
    if form != "json-ld":
        return _lines(triples, form, list(map(str, triples)))
    try:
        return jsonld.compacted(triples, context(), site.address(CONTEXT))
    except ValueError:
        raise errors.UnknownFormat("JSON-LD", [name for name in LINES if name != "rdf-xml"]) from None


def _lines(found: Sequence[ox.Quad] | Sequence[ox.Triple], form: str, texts: Sequence[str]) -> bytes:
    if form == "rdf-xml" and not all(_NAME_AT_END.search(one.predicate.value) for one in found):
        raise errors.UnknownFormat("RDF/XML", [name for name in LINES if name != "rdf-xml"])
    text = "\n".join(texts)
    used = {prefix: iri for prefix, iri in sorted(PREFIXES.items()) if f"<{iri}" in text}
    prefixes = used if form not in ("n-triples", "n-quads") else None
    made = ox.serialize(found, format=LINES[form], prefixes=prefixes) or b""
    return _in_order(made, len(used)) if form in ("turtle", "n3", "trig") else made


def _in_order(made: bytes, prefixes: int) -> bytes:
    """Put the lines of prefixes in the order of the alphabet."""
    lines = made.splitlines(keepends=True)
    head = sorted(line for line in lines[:prefixes + 1] if line.startswith(b"@prefix"))
    return b"".join([*head, *lines[len(head):]])


def ordered(quads: Iterable[ox.Quad]) -> list[ox.Quad]:
    """Give quads by subject and predicate."""
    return sorted(set(quads), key=str)


def content_type(media: str) -> str:
    """Give a media type with its character set, where the type has one."""
    return f"{media}; charset=utf-8" if media.startswith("text/") else media


# --- a whole graph --------------------------------------------------------------------------------------------------


def graph(text: str, form: formats.Format, name: ox.NamedNode | None = None) -> Response:
    """Give what a CONSTRUCT query finds, as of the graph of that name where the format tells graphs.

    A small graph comes in order and with prefixes; a large one as the engine writes it, without passing through memory.
    """
    asked = site.asker().graph
    answer = asked.answer(store.Question(text, "n-triples"))
    if answer.size <= store.IN_ROOM:
        home = name or ox.DefaultGraph()
        quads = [ox.Quad(q.subject, q.predicate, q.object, home)
                 for q in ox.parse(answer.read(), ox.RdfFormat.N_TRIPLES)]
        return Response(written(ordered(quads), form.name), content_type=content_type(form.media[0]))
    if form.name in WITH_GRAPHS:
        answer = _named(answer, form, name)
    elif form.name != "n-triples":
        answer.body.close()
        answer = asked.answer(store.Question(text, "turtle" if form.name == "n3" else form.name))
    response = formats.send(answer, form.media[0])
    response.call_on_close(answer.body.close)  # where nobody reads it, as with HEAD
    return response


def _named(answer: store.Answer, form: formats.Format, name: ox.NamedNode | None) -> store.Answer:
    """Give an answer's triples as quads of a graph, from file to file."""
    body: IO[bytes] = tempfile.SpooledTemporaryFile(store.IN_ROOM)  # noqa: SIM115 - the answer owns it
    with answer.body:
        triples = ox.parse(answer.body, ox.RdfFormat.N_TRIPLES)
        quads = (ox.Quad(q.subject, q.predicate, q.object, home) for q in triples
                 for home in dict.fromkeys((ox.DefaultGraph(), name or ox.DefaultGraph())))
        ox.serialize(quads, body, format=LINES[form.name])
    size = body.tell()
    body.seek(0)
    return store.Answer("graph", form.name, body, size)
