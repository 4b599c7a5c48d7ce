"""The vocabulary and the shapes, each on one page with an anchor for every term, and as RDF."""

from __future__ import annotations

import json
from typing import Final

from flask import Blueprint, Response, current_app, render_template, request

from carekg import store, vocabulary
from carekg.store import Store
from carekg.terms import BASE, ONTOLOGY, PREFIXES
from carekg.web import conditions, formats, site
from carekg.web.linked import documents, things, writing

blueprint = Blueprint("vocabulary", __name__)

KEY: Final = "carekg.vocabulary"
"""Under which an application keeps what it remembers."""

VERSION: Final = "SELECT ?of WHERE { ?of VERSION_IRI ITEM } LIMIT 1"


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
@blueprint.get("/def.<ending>")
def terms(ending: str = "") -> Response:
    """Give the vocabulary, as a page or as RDF."""
    document = documents.Document(str(ONTOLOGY), "/def", (PREFIXES["owl"] + "Ontology",))
    return documents.sent(document, ending, lambda: render_template(
        "vocabulary.html", vocabulary=read(), document=document), lambda form: _part("ontology", form))


@blueprint.get("/def/<path:version>")
def version(version: str) -> Response:
    """Give the vocabulary of the version that this graph has; others are not kept here."""
    stem, ending = documents.split(request.path)
    for item in things.iris(stem):
        text = VERSION.replace("VERSION_IRI", f"<{PREFIXES['owl']}versionIRI>").replace("ITEM", str(item))
        if store.rows(site.asker().graph, text):
            return terms(ending)
    raise things.not_found(f"{BASE}def/{version}")


@blueprint.get("/shapes")
@blueprint.get("/shapes.<ending>")
def shapes(ending: str = "") -> Response:
    """Give the shapes, as a page or as RDF."""
    document = documents.Document(BASE + "shapes", "/shapes")
    return documents.sent(document, ending, lambda: render_template(
        "shapes.html", shapes=read().shapes, document=document), lambda form: _part("shapes", form))


@blueprint.get(writing.CONTEXT)
def context() -> Response:
    """Give the context by which JSON-LD from here is read, with the labels of its terms."""
    text = json.dumps(writing.context().document(), ensure_ascii=False, indent=1) + "\n"
    response = Response(text, content_type="application/ld+json")
    response.headers["Cache-Control"] = "public, max-age=3600"
    response.add_etag()
    return conditions.held(response)


def _part(name: str, form: formats.Format) -> Response:
    """Give the triples of a part of the folder, each with its file's graph."""
    quads = store.quads(site.asker().graph, f"{BASE}graph/{name}/")
    return documents.data(writing.ordered(quads), form)


def read() -> vocabulary.Vocabulary:
    """Give the vocabulary of the graph that is served."""
    found: Remembered = current_app.extensions[KEY]
    return found.read()
