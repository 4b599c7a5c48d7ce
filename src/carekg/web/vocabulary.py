"""The vocabulary and the shapes, each on one page with an anchor for every term, and as RDF."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, Response, current_app, render_template

from carekg import vocabulary
from carekg.store import Store
from carekg.terms import BASE, ONTOLOGY
from carekg.web import formats, things

blueprint = Blueprint("vocabulary", __name__)

KEY: Final = "carekg.vocabulary"
"""Under which an application keeps what it remembers."""

PART: Final = f"""CONSTRUCT {{ ?s ?p ?o }} WHERE {{
  GRAPH ?g {{ ?s ?p ?o }} FILTER(STRSTARTS(STR(?g), "{BASE}graph/PART/"))
}}"""


class Remembered:
    """The vocabulary of a store's graph, read anew when the graph has changed."""

    def __init__(self, graph: Store) -> None:
        self._graph = graph
        self._version = ""
        self._read: vocabulary.Vocabulary | None = None

    def read(self) -> vocabulary.Vocabulary:
        """Give the vocabulary."""
        version = self._graph.version
        if self._read is None or self._version != version:
            self._read, self._version = vocabulary.described(self._graph), version
        return self._read


@blueprint.get("/def")
def terms() -> Response | str:
    """Give the vocabulary, as a page or as RDF."""
    if not formats.prefers_html():
        return things.rdf(PART.replace("PART", "ontology"), things.named_node(str(ONTOLOGY)))
    return render_template("vocabulary.html", vocabulary=_remembered().read())


@blueprint.get("/shapes")
def shapes() -> Response | str:
    """Give the shapes, as a page or as RDF."""
    if not formats.prefers_html():
        return things.rdf(PART.replace("PART", "shapes"), things.named_node(BASE + "shapes"))
    return render_template("shapes.html", shapes=_remembered().read().shapes)


def _remembered() -> Remembered:
    found: Remembered = current_app.extensions[KEY]
    return found
