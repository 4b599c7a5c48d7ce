"""Every thing, concept and graph that the project mints an IRI for, as a page and as RDF."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import pyoxigraph as ox
from flask import Blueprint, Response, render_template, request
from rdflib.namespace import RDF, SKOS

from carekg import errors, store
from carekg.query import Cell, Query, Row, Table
from carekg.terms import BASE, INFERRED, PREFIXES, compact
from carekg.web import formats, site

blueprint = Blueprint("things", __name__)

MOST: Final = 200
"""Links to a thing that its page shows."""

_PREFIXES: Final = "".join(f"PREFIX {p}: <{PREFIXES[p]}>\n" for p in ("care", "dcterms", "owl", "rdfs", "skos"))

ABOUT: Final = """SELECT ?property ?propertyLabel ?value ?valueLabel ?inferred WHERE {
  ITEM ?property ?value .
  OPTIONAL { ?property rdfs:label ?propertyLabel }
  OPTIONAL { ?value rdfs:label ?label }
  OPTIONAL { ?value care:summary ?summary }
  OPTIONAL { ?value care:words ?words }
  OPTIONAL { ?value care:answerText ?answer }
  BIND(COALESCE(?label, ?summary, ?words, ?answer) AS ?valueLabel)
  BIND(EXISTS { GRAPH INFERRED { ITEM ?property ?value } } AS ?inferred)
} ORDER BY ?inferred ?propertyLabel ?property ?valueLabel ?value LIMIT 1000"""

CLAIMS: Final = """
SELECT DISTINCT ?kind ?claim ?said ?standing ?confidence ?amount ?words ?source ?sourceLabel ?where WHERE {
  ?claim care:concerns ITEM ; care:summary ?said ; care:standing/rdfs:label ?standing ; a ?class .
  ?class rdfs:subClassOf care:Claim ; rdfs:label ?kind .
  FILTER NOT EXISTS { ?link rdfs:domain ?class }
  OPTIONAL { ?claim care:confidence/rdfs:label ?confidence }
  OPTIONAL { ?claim care:value ?value }
  OPTIONAL { ?claim care:asPrinted ?printed }
  OPTIONAL { ?claim care:unit ?unit }
  BIND(COALESCE(STR(?printed), STR(?value)) AS ?number)
  BIND(IF(BOUND(?printed) && CONTAINS(?printed, " "), ?number, CONCAT(?number, COALESCE(CONCAT(" ", STR(?unit)), "")))
       AS ?amount)
  ?claim care:restsOn ?passage .
  ?passage care:isFrom ?source ; care:words ?words .
  ?source rdfs:label ?sourceLabel .
  OPTIONAL { ?passage care:section ?section }
  OPTIONAL { ?passage care:line ?line }
  BIND(IF(BOUND(?line), CONCAT(?section, ", line ", STR(?line)), "paraphrased") AS ?where)
} ORDER BY ?kind ?standing ?said ?words LIMIT 2000"""

LINKS: Final = """SELECT ?thing ?thingLabel ?property ?propertyLabel WHERE {
  ?thing ?property ITEM .
  OPTIONAL { ?thing rdfs:label ?label }
  OPTIONAL { ?thing care:summary ?summary }
  OPTIONAL { ?thing dcterms:title ?title }
  BIND(COALESCE(?label, ?summary, ?title) AS ?thingLabel)
  OPTIONAL { ?property rdfs:label ?propertyLabel }
  FILTER NOT EXISTS { GRAPH INFERRED { ?thing ?property ITEM } }
} ORDER BY ?propertyLabel ?property ?thingLabel ?thing LIMIT 201"""

DESCRIPTION: Final = """CONSTRUCT { ITEM ?p ?o . ?o rdfs:label ?label . ?s ?q ITEM } WHERE {
  { ITEM ?p ?o OPTIONAL { ?o rdfs:label ?label } }
  UNION { ?s ?q ITEM FILTER NOT EXISTS { GRAPH INFERRED { ?s ?q ITEM } } }
}"""

GRAPH: Final = "CONSTRUCT { ?s ?p ?o } WHERE { GRAPH ITEM { ?s ?p ?o } }"


@blueprint.get("/id/<path:_key>")
@blueprint.get("/concept/<path:_key>")
def thing(_key: str) -> Response | str:
    """Give what is known of a thing or a concept."""
    item = named_node(BASE + request.path.strip("/"))
    known = Table.from_json(_answer(ABOUT, item).read())
    if not known.solutions:
        raise errors.NotFound(item.value)
    return _page(item, known) if formats.prefers_html() else rdf(DESCRIPTION, item)


@blueprint.get("/graph/<path:key>")
def graph(key: str) -> Response:
    """Give the triples of one named graph."""
    item = named_node(f"{BASE}graph/{key}")
    if not Table.from_json(_answer("SELECT ?p WHERE { GRAPH ITEM { ?s ?p ?o } } LIMIT 1", item).read()).solutions:
        raise errors.NotFound(item.value)
    return rdf(GRAPH, item)


def _page(item: ox.NamedNode, known: Table) -> str:
    about = [row.cells for row in known.rows()]
    claims = Table.from_json(_answer(CLAIMS, item).read())
    links = Table.from_json(_answer(LINKS, item).read())
    title = _value(about, "label") or _value(about, "title") or _value(about, "summary") or compact(item.value)
    return render_template("thing.html", iri=item.value, title=title, about=about,
                           definition=_value(about, "definition") or _value(about, "summary"),
                           questions=_questions(about), claims=_by_first(claims.rows()),
                           links=[row.cells for row in links.rows()][:MOST],
                           more=len(links.solutions) > MOST, most=MOST)


def _questions(about: Iterable[tuple[Cell, ...]]) -> list[tuple[Query, str]]:
    """Give the questions that take a thing as a value, each with the name of its parameter."""
    homes = {cells[1].iri for cells in about if cells[0].iri in (str(RDF.type), str(SKOS.inScheme))}
    taking = {query.name: (query, parameter.name) for query in site.asker().queries.values()
              for parameter in reversed(query.parameters)
              if parameter.type in ("concept", "thing") and parameter.source in homes}
    return list(taking.values())


def rdf(text: str, item: ox.NamedNode) -> Response:
    """Give a description in the format that is wanted, Turtle with prefixes and in order.

    :raises NotFound: it has no triples.
    """
    form = formats.GRAPHS[0] if formats.prefers_html() else formats.wanted(formats.GRAPHS)
    answer = _answer(text, item, "n-triples" if form.name == "turtle" else form.name)
    if form.name != "turtle":
        return formats.send(answer, form.media[0])
    triples = sorted({quad.triple for quad in ox.parse(answer.read(), ox.RdfFormat.N_TRIPLES)}, key=str)
    if not triples:
        raise errors.NotFound(item.value)
    return Response(_turtle(triples), content_type=f"{form.media[0]}; charset=utf-8")


def _turtle(triples: Sequence[ox.Triple]) -> bytes:
    """Give Turtle with the prefixes that it uses."""
    text = "\n".join(map(str, triples))
    used = {prefix: iri for prefix, iri in sorted(PREFIXES.items()) if f"<{iri}" in text}
    lines = (ox.serialize(triples, format=ox.RdfFormat.TURTLE, prefixes=used) or b"").splitlines(keepends=True)
    head = sorted(line for line in lines[:len(used) + 1] if line.startswith(b"@prefix"))
    return b"".join([*head, *lines[len(head):]])


def named_node(iri: str) -> ox.NamedNode:
    """Give an IRI as a term.

    :raises NotFound: it is no IRI.
    """
    try:
        return ox.NamedNode(iri)
    except ValueError:
        raise errors.NotFound(iri) from None


def _answer(text: str, item: ox.NamedNode, form: str = "") -> store.Answer:
    """Ask a query about an item, which is put into the text as the library writes it."""
    filled = _PREFIXES + text.replace("INFERRED", f"<{INFERRED}>").replace("ITEM", str(item))
    return site.asker().graph.answer(store.Question(filled, form))


def _value(about: Iterable[tuple[Cell, ...]], name: str) -> str:
    """Give the text of the first value of the property whose IRI ends in a name."""
    return next((cells[1].text for cells in about if cells[0].iri.endswith((f"#{name}", f"/{name}"))), "")


def _by_first(rows: Iterable[Row]) -> dict[str, list[Row]]:
    """Group rows by their first column."""
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(row.cells[0].text, []).append(row)
    return groups
