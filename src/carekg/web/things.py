"""Every IRI that the project mints, as a page and as RDF: things, concepts, graphs and the vocabulary."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import pyoxigraph as ox
from flask import Blueprint, Response, render_template

from carekg import errors, store
from carekg.query import Table
from carekg.terms import BASE, INFERRED, PREFIXES
from carekg.web import formats

blueprint = Blueprint("things", __name__)

MOST: Final = 200
"""Links to a thing that its page shows."""

_PREFIXES: Final = "".join(f"PREFIX {p}: <{PREFIXES[p]}>\n" for p in ("care", "dcterms", "rdfs", "skos"))

ABOUT: Final = _PREFIXES + """SELECT ?property ?propertyLabel ?value ?valueLabel ?inferred WHERE {
  ITEM ?property ?value .
  OPTIONAL { ?property rdfs:label ?propertyLabel }
  OPTIONAL { ?value rdfs:label ?valueLabel }
  BIND(EXISTS { GRAPH <INFERRED> { ITEM ?property ?value } } AS ?inferred)
} ORDER BY ?inferred ?propertyLabel ?property ?valueLabel ?value LIMIT 1000"""

CLAIMS: Final = _PREFIXES + """SELECT DISTINCT ?kind ?claim ?said ?standing ?confidence ?words ?source ?sourceLabel ?where WHERE {
  ?claim care:concerns ITEM ; care:summary ?said ; care:standing/rdfs:label ?standing ; a ?class .
  ?class rdfs:subClassOf care:Claim ; rdfs:label ?kind .
  FILTER NOT EXISTS { ?link rdfs:domain ?class }
  OPTIONAL { ?claim care:confidence/rdfs:label ?confidence }
  ?claim care:restsOn ?passage .
  ?passage care:isFrom ?source ; care:phrase|care:paraphrase ?words .
  ?source rdfs:label ?sourceLabel .
  OPTIONAL { ?passage care:section ?section ; care:line ?line }
  BIND(IF(BOUND(?line), CONCAT(?section, ", line ", STR(?line)), "paraphrased") AS ?where)
} ORDER BY ?kind ?standing ?said ?words LIMIT 2000"""

LINKS: Final = _PREFIXES + """SELECT ?thing ?thingLabel ?property ?propertyLabel WHERE {
  ?thing ?property ITEM .
  OPTIONAL { ?thing rdfs:label|care:summary ?thingLabel }
  OPTIONAL { ?property rdfs:label ?propertyLabel }
  FILTER NOT EXISTS { GRAPH <INFERRED> { ?thing ?property ITEM } }
} ORDER BY ?propertyLabel ?property ?thingLabel ?thing LIMIT 201"""

DESCRIPTION: Final = """CONSTRUCT { ITEM ?p ?o . ?o <LABEL> ?l . ?s ?q ITEM } WHERE {
  { ITEM ?p ?o OPTIONAL { ?o <LABEL> ?l } } UNION { ?s ?q ITEM FILTER NOT EXISTS { GRAPH <INFERRED> { ?s ?q ITEM } } }
}"""

GRAPH: Final = "CONSTRUCT { ?s ?p ?o } WHERE { GRAPH ITEM { ?s ?p ?o } }"

VOCABULARY: Final = _PREFIXES + """SELECT ?kind ?term ?label ?definition WHERE {
  ?term rdfs:isDefinedBy <https://w3id.org/carekg/def> ; a ?type ; rdfs:label ?label ; skos:definition ?definition .
  VALUES (?type ?kind) { (<OWLClass> "Classes") (<OWLObjectProperty> "Links") (<OWLDatatypeProperty> "Values") }
} ORDER BY ?kind ?label"""


@blueprint.get("/id/<path:key>")
@blueprint.get("/concept/<path:key>")
def thing(key: str) -> Response | str:
    """Give what is known of a thing or a concept."""
    from flask import request

    return _described(BASE + request.path.strip("/"))


@blueprint.get("/graph/<path:key>")
def graph(key: str) -> Response:
    """Give the triples of one named graph."""
    form = formats.wanted(formats.GRAPHS)
    item = _item(f"{BASE}graph/{key}")
    return formats.send(_answer(GRAPH, item, graph_format=form.name), form.media[0])


@blueprint.get("/def")
def vocabulary() -> Response | str:
    """Give the vocabulary, as a page or as RDF."""
    if formats.prefers_html():
        owl = {f"OWL{name}": PREFIXES["owl"] + name for name in ("Class", "ObjectProperty", "DatatypeProperty")}
        text = VOCABULARY
        for name, iri in owl.items():
            text = text.replace(f"<{name}>", f"<{iri}>")
        rows = store.rows(formats.asker().graph, text)
        kinds: dict[str, list[Mapping[str, str]]] = {}
        for row in rows:
            kinds.setdefault(row["kind"], []).append(row)
        return render_template("vocabulary.html", kinds=kinds)
    form = formats.wanted(formats.GRAPHS)
    text = ("CONSTRUCT { ?s ?p ?o } WHERE { GRAPH ?g { ?s ?p ?o } "
            f'FILTER(STRSTARTS(STR(?g), "{BASE}graph/ontology/")) }}')
    answer = formats.asker().graph.answer(store.Question(text, graph_format=form.name))
    return formats.send(answer, form.media[0])


def _described(iri: str) -> Response | str:
    item = _item(iri)
    known = Table.from_json(_answer(ABOUT, item).read())
    if not known.solutions:
        raise errors.NotFound(iri)
    if not formats.prefers_html():
        form = formats.wanted(formats.GRAPHS)
        return formats.send(_answer(DESCRIPTION, item, graph_format=form.name), form.media[0])
    about = [row.cells for row in known.rows()]
    claims = Table.from_json(_answer(CLAIMS, item).read())
    links = Table.from_json(_answer(LINKS, item).read())
    return render_template("thing.html", iri=iri, title=_value(about, "label") or iri, about=about,
                           definition=_value(about, "definition") or _value(about, "summary"),
                           claims=_by_kind(claims), links=[row.cells for row in links.rows()][:MOST],
                           more=len(links.solutions) > MOST, most=MOST)


def _item(iri: str) -> str:
    """Give an IRI as a term, serialised by the library."""
    try:
        return str(ox.NamedNode(iri))
    except ValueError:
        raise errors.NotFound(iri) from None


def _answer(text: str, item: str, graph_format: str = "turtle") -> store.Answer:
    filled = text.replace("ITEM", item).replace("<INFERRED>", f"<{INFERRED}>")
    filled = filled.replace("<LABEL>", f"<{PREFIXES['rdfs']}label>")
    return formats.asker().graph.answer(store.Question(filled, graph_format=graph_format))


def _value(about: list[tuple[object, ...]], name: str) -> str:
    for prop, value, *_ in about:
        if getattr(prop, "iri", "").endswith(("#" + name, "/" + name)):
            return str(getattr(value, "text", ""))
    return ""


def _by_kind(claims: Table) -> dict[str, list[object]]:
    """Group claims by their kind, which is the first column."""
    kinds: dict[str, list[object]] = {}
    for row in claims.rows():
        kinds.setdefault(row.cells[0].text, []).append(row)
    return kinds
