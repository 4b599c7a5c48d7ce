"""Statements that this server makes about itself, sent in the RDF format that is wanted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import pyoxigraph as ox
from flask import Response

from carekg.store import Question
from carekg.web import conditions, formats, site
from carekg.web.linked import writing

Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple


def sent(triples: Iterable[ox.Triple]) -> Response:
    """Give triples in the format that is wanted, by subject in the order in which these first come.

    A browser gets Turtle, and whoever has them no body.
    """
    form = formats.GRAPHS[0] if formats.prefers_html() else formats.wanted(formats.GRAPHS)
    places: dict[object, int] = {}
    found = sorted(dict.fromkeys(triples), key=lambda triple: places.setdefault(triple.subject, len(places)))
    quads = [ox.Quad(triple.subject, triple.predicate, triple.object) for triple in found]
    response = Response(writing.written(quads, form.name), content_type=writing.content_type(form.media[0]))
    return cacheable(response)


def cacheable(response: Response) -> Response:
    """Give an answer with a strong tag of its bytes, or only that it is unchanged."""
    response.add_etag()
    response.headers["Cache-Control"] = "public, no-cache"  # kept by anybody, and asked about each time
    return conditions.held(response)


def solutions(query: str) -> Iterator[Mapping[str, Term]]:
    """Give the solutions of a SELECT query on the graph as terms by name; names without a value are absent."""
    answer = site.asker().graph.answer(Question(query, "json"))
    found = ox.parse_query_results(answer.read(), ox.QueryResultsFormat.JSON)
    if isinstance(found, ox.QuerySolutions):
        names = [variable.value for variable in found.variables]
        for solution in found:
            yield {name: term for name in names if (term := solution[name]) is not None}
