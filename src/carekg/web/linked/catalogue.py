"""The data catalogue and the graphs that it lists: what each file is, on a page and as DCAT, and what stands in it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import pyoxigraph as ox
from flask import Blueprint, Response, render_template, request
from rdflib.namespace import DCAT, XSD
from werkzeug.security import safe_join

from carekg import catalogue, errors, folder, store
from carekg.terms import BASE, PREFIXES
from carekg.web import formats, site
from carekg.web.described import dumped, statements, void
from carekg.web.linked import description, documents, schema_org, things, writing

blueprint = Blueprint("catalogue", __name__)

_PREFIXES: Final = "".join(f"PREFIX {p}: <{PREFIXES[p]}>\n" for p in (
    "dcat", "dcterms", "foaf", "rdfs", "schema", "spdx", "void"))

ABOUT: Final = f"""SELECT ?title ?description ?publisher ?modified ?license ?credit WHERE {{
GRAPH <{catalogue.GRAPH}> {{
  VALUES ?me {{ <{catalogue.CATALOGUE}> }}
  ?me dcterms:title ?title .
  OPTIONAL {{ ?me dcterms:description ?description }}
  OPTIONAL {{ ?me dcterms:publisher/foaf:name ?publisher }}
  OPTIONAL {{ ?me dcterms:modified ?modified }}
  OPTIONAL {{ ?me dcterms:license ?license }}
  OPTIONAL {{ ?me schema:creditText ?credit }}
}} }} ORDER BY ?title ?license ?credit LIMIT 1"""

FILES: Final = f"""SELECT ?dataset ?path (MIN(STR(?name)) AS ?title) (MIN(STR(?said)) AS ?description) ?triples
  ?subjects ?bytes ?checksum WHERE {{
GRAPH <{catalogue.GRAPH}> {{
  ?dataset dcat:distribution ?file ; dcterms:title ?name ; void:triples ?triples ; void:distinctSubjects ?subjects .
  ?file dcterms:title ?path ; dcat:byteSize ?bytes ; spdx:checksum/spdx:checksumValue ?checksum .
  OPTIONAL {{ ?dataset dcterms:description ?said }}
}} }} GROUP BY ?dataset ?path ?triples ?subjects ?bytes ?checksum ORDER BY ?path"""

LISTED: Final = f"""SELECT ?dataset ?property ?value ?label WHERE {{
  GRAPH <{catalogue.GRAPH}> {{
    VALUES ?property {{ dcterms:license dcterms:source schema:creditText }}
    ?dataset dcat:distribution ?file ; ?property ?value .
  }}
  OPTIONAL {{ ?value rdfs:label ?label }}
}} ORDER BY ?dataset ?property ?label ?value"""


Listed = dict[str, dict[str, list[dict[str, str]]]]
"""Licences, credits and sources by dataset and by name."""

MOST: Final = 200
"""Things of a graph that its page names."""

GRAPH: Final = "CONSTRUCT { ?s ?p ?o } WHERE { GRAPH ITEM { ?s ?p ?o } }"

THERE: Final = "SELECT ?item WHERE { VALUES ?item { ITEMS } FILTER EXISTS { GRAPH ?item { ?s ?p ?o } } }"

WITHIN: Final = f"""SELECT ?thing (MIN(STR(?label)) AS ?name) WHERE {{
  {{ SELECT DISTINCT ?thing WHERE {{ GRAPH ITEM {{ ?thing ?p ?o }} FILTER(isIRI(?thing)) }}
    ORDER BY ?thing LIMIT {MOST + 1} }}
  OPTIONAL {{ ?thing rdfs:label ?label }}
}} GROUP BY ?thing ORDER BY ?thing"""


@blueprint.get("/catalogue")
@blueprint.get("/catalogue.<ending>")
def listing(ending: str = "") -> Response:
    """Give the catalogue, as a page or as RDF."""
    document = documents.Document(catalogue.CATALOGUE, "/catalogue", (PREFIXES["dcat"] + "Catalog",))
    return documents.sent(document, ending, lambda: _catalogue_page(document),
                          lambda form: documents.data(writing.ordered(_offered()), form))


@blueprint.get("/files/<path:path>")
def file(path: str) -> Response:
    """Give a file of the knowledge folder that the catalogue lists, where it still is what the graph was built from."""
    listed = next((one for one in _rows(FILES) if one["path"] == path), None)
    place = Path(safe_join(str(site.settings().folder), path) or "")
    is_data = listed is not None and place.suffix in folder.FORMATS and place.is_file()
    found = place.read_bytes() if is_data else b""
    if not is_data or listed is None or hashlib.sha256(found).hexdigest() != listed["checksum"]:
        raise errors.NotFound(site.address(f"/files/{quote(path)}"), [listed["dataset"]] if listed else ())
    media = folder.FORMATS[place.suffix].media_type
    return statements.cacheable(Response(found, content_type=writing.content_type(media)))


@blueprint.get("/graph/<path:_key>")
def graph(_key: str) -> Response:
    """Give the triples of one named graph, or what is said of a folder of graphs, as a page or as RDF."""
    path = request.path.rstrip("/")
    stem, ending = documents.split(path)
    for name, asked in ((path, ""), (stem, ending)):
        items = list(things.iris(name))
        if found := _graph_among(items):
            return _sent_graph(found, asked)
        if items and (known := description.known(site.asker().graph, items)):
            return _sent_folder(known.item, asked)
    raise things.not_found(BASE + stem.strip("/"))


def whole() -> dict[str, Any]:
    """Give the whole graph as a dataset of schema.org, for the first page."""
    return schema_org.dataset(_about(), catalogue.CATALOGUE, site.address("/catalogue"), downloads=_downloads())


def _about() -> dict[str, str]:
    return next(iter(_rows(ABOUT)), {})


def _graph_among(items: Sequence[ox.NamedNode]) -> str:
    found = _rows(THERE.replace("ITEMS", " ".join(map(str, items)))) if items else []
    return found[0]["item"] if found else ""


def _sent_graph(iri: str, asked: str) -> Response:
    """Send what stands in a graph; what is known about the graph stands in the catalogue."""
    document = documents.Document(iri, documents.local(iri), (PREFIXES["dcat"] + "Dataset",),
                                  (("/catalogue", "describedby"),))
    return documents.sent(document, asked, lambda: _graph_page(iri, document), lambda form: stated(iri, form))


def _sent_folder(item: ox.NamedNode, asked: str) -> Response:
    """Send what is said of a folder of graphs, or of a graph that has no triples."""
    document = documents.Document(item.value, documents.local(item.value), (), (("/catalogue", "describedby"),))
    quads = description.of(site.asker().graph, item).quads
    return documents.sent(document, asked, lambda: _graph_page(item.value, document),
                          lambda form: documents.data(writing.ordered(quads), form))


def stated(iri: str, form: formats.Format) -> Response:
    """Give what stands in a graph in a format."""
    node = ox.NamedNode(iri)
    return writing.graph(GRAPH.replace("ITEM", str(node)), form, node)


def _offered() -> Iterator[ox.Quad]:
    """Give the catalogue of the files with the whole: its dumps, and the services that answer from it."""
    home, graph = ox.NamedNode(catalogue.CATALOGUE), ox.NamedNode(catalogue.GRAPH)
    answer = site.asker().graph.answer(store.Question(GRAPH.replace("ITEM", str(graph)), "n-triples"))
    stored = (quad.triple for quad in ox.parse(answer.read(), ox.RdfFormat.N_TRIPLES))
    links = (ox.Triple(home, ox.NamedNode(str(predicate)), ox.NamedNode(one))
             for predicate, one in ((DCAT.dataset, void.DATASET), (DCAT.service, void.SPARQL)))
    for one in (*stored, *statements.here((*links, *void.offered()))):
        value = one.object
        if one.predicate.value == str(DCAT.byteSize) and isinstance(value, ox.Literal):  # the store has but integers
            value = ox.Literal(value.value, datatype=ox.NamedNode(str(XSD.nonNegativeInteger)))
        yield ox.Quad(one.subject, one.predicate, value, graph)


# --- pages ----------------------------------------------------------------------------------------------------------


def _catalogue_page(document: documents.Document) -> str:
    said, files, listed = _about(), _rows(FILES), _listed()
    parts = [_part(file, listed) for file in files]
    return render_template("catalogue.html", about=said, files=files, listed=listed, document=document,
                           schema=schema_org.dataset(said, catalogue.CATALOGUE, site.address("/catalogue"), parts,
                                                     _downloads()))


def _graph_page(iri: str, document: documents.Document) -> str:
    files = [file for file in _rows(FILES) if file["dataset"] == iri or file["dataset"].startswith(f"{iri}/")]
    mine = [file for file in files if file["dataset"] == iri]
    within = _rows(WITHIN.replace("ITEM", str(ox.NamedNode(iri))))
    listed = _listed()
    schema = schema_org.dataset(_said(mine[0], listed), iri, site.address(f"{document.path}.html")) if mine else {}
    return render_template("graph.html", iri=iri, document=document, file=mine[0] if mine else {}, schema=schema,
                           files=files if not mine else [], listed=listed.get(iri, {}), within=within[:MOST],
                           more=len(within) > MOST, most=MOST)


def _said(file: Mapping[str, str], listed: Listed) -> dict[str, Any]:
    """Give what the catalogue says of a file: title and description, licences and credits."""
    more = {name: [row["value"] for row in listed.get(file["dataset"], {}).get(key, ())]
            for name, key in (("license", "license"), ("credit", "creditText"))}
    return {"title": file["title"], "description": file.get("description"), **more}


def _listed() -> Listed:
    """Give licences, credits and sources by dataset."""
    listed: Listed = {}
    for row in _rows(LISTED):
        name = row["property"].rpartition("/")[2]
        listed.setdefault(row["dataset"], {}).setdefault(name, []).append(row)
    return listed


def _part(file: Mapping[str, str], listed: Listed) -> dict[str, Any]:
    """Give a file as a part of the dataset."""
    path = site.address(documents.local(file["dataset"]))
    made = schema_org.dataset(_said(file, listed), file["dataset"], f"{path}.html",
                              downloads=[schema_org.download(f"{path}.ttl", "text/turtle")])
    return {key: value for key, value in made.items() if key != "@context"}


def _downloads() -> list[dict[str, str]]:
    """Give the files of the whole graph."""
    return [schema_org.download(site.address(f"/dumps/{one.name}"), one.media) for one in dumped.FILES]


def _rows(text: str) -> list[dict[str, str]]:
    return store.rows(site.asker().graph, _PREFIXES + text)
