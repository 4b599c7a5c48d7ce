"""Every thing and concept that the project mints an IRI for: its page, its description as data, or where it went."""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Iterable, Iterator
from typing import Final
from urllib.parse import quote

import pyoxigraph as ox
from flask import Blueprint, Response, render_template, request
from rdflib.namespace import RDF, SKOS
from werkzeug.wrappers import Response as AnyResponse

from carekg import errors, store
from carekg.accounts.roles import Who
from carekg.forms import stating
from carekg.query import Cell, Query, Row, Table
from carekg.terms import BASE, INFERRED, PREFIXES, compact
from carekg.web import diffs, formats, named, profiles, site
from carekg.web.linked import description, documents, schema_org
from carekg.web.protocol import permission

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
SELECT DISTINCT ?kind ?claim ?said ?standing ?confidence ?amount ?deprecated ?words ?source ?sourceLabel ?where WHERE {
  ?claim care:concerns ITEM ; care:summary ?said ; care:standing/rdfs:label ?standing ; a ?class .
  ?class rdfs:subClassOf care:Claim ; rdfs:label ?kind .
  FILTER NOT EXISTS { ?link rdfs:domain ?class }
  OPTIONAL { ?claim owl:deprecated ?deprecated }
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
  OPTIONAL { ?passage care:phrase ?phrase }
  BIND(IF(COALESCE(?words = ?phrase, false),
          COALESCE(CONCAT(STR(?section), ", line ", STR(?line)), CONCAT("line ", STR(?line)), STR(?section), ""),
          "paraphrased") AS ?where)
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


@blueprint.get("/id/<path:_key>")
@blueprint.get("/concept/<path:_key>")
@blueprint.get("/change/<path:_key>")
@blueprint.get("/agent/<path:_key>")
def thing(_key: str) -> AnyResponse:
    """Lead from a thing or a concept to the document about it that is wanted, or give the document of an ending."""
    path = request.path.rstrip("/")
    stem, ending = documents.split(path)
    if whole := description.known(site.asker().graph, list(iris(path))):
        return _removed(whole, "") if whole.removed else documents.see_other(_document(whole))
    found = description.known(site.asker().graph, list(iris(stem))) if ending else None
    if found is None:
        raise not_found(BASE + stem.strip("/"))
    return _removed(found, ending) if found.removed else _sent(found, ending)


def iris(path: str) -> Iterator[ox.NamedNode]:
    """Give the IRIs that a path of this server stands for: with its letters as they are, and percent-encoded."""
    name = path.strip("/")
    for spelt in dict.fromkeys((name, quote(name))):
        try:
            yield ox.NamedNode(BASE + spelt)
        except ValueError:
            continue


def not_found(iri: str) -> errors.NotFound | errors.Gone:
    """Give the error for an IRI of which nothing is known, with those of the same kind that are most like it.

    What was there once, as the history knows, is gone.
    """
    with contextlib.suppress(ValueError):
        if last := site.asker().graph.history.entries(str(ox.NamedNode(iri)), most=1):
            return errors.Gone(iri, by=f"; {last[0].sentence()} touched it last, as /history?thing={iri} tells")
    home = iri.rpartition("/")[0] + "/"
    near = [one.iri for one in named.names().near(iri) if one.iri.startswith(home)]
    return errors.NotFound(iri, near)


def _document(found: description.Known) -> documents.Document:
    return documents.Document(found.item.value, documents.local(found.item.value), found.types)


def _sent(found: description.Known, ending: str) -> Response:
    """Give the document about a thing."""
    document = _document(found)
    return documents.sent(document, ending, lambda: _page(found, document), lambda form: _data(found, document, form))


def _data(found: description.Known, document: documents.Document, form: formats.Format) -> Response:
    """Give the description of a thing; where it leaves links out, a header and the document itself say so."""
    told = description.of(site.asker().graph, found.item)
    quads = [*sorted(told.quads, key=lambda quad: (quad.subject != found.item, str(quad)))]
    if not told.cut:
        return documents.data(quads, form)
    address = site.address(document.path + "." + form.ending)
    response = documents.data([*quads, description.note(told, address)], form)
    response.headers["Carekg-Cut"] = f"the first {description.MOST} links to it"
    return response


# --- what was removed -----------------------------------------------------------------------------------------------


def _removed(found: description.Known, ending: str) -> Response:
    """Say that a thing was removed and what replaced it: as data to who asks for data, else in a sentence."""
    error = errors.Gone(found.item.value, [_titled(iri) for iri in found.replaced_by])
    form = documents.wanted(ending) if ending or formats.prefers_html() or documents.names_data() else None
    if form is None:
        response = Response(f"{error}\n", mimetype="text/plain")
    elif form.name == "html":
        links = [(iri, _titled(iri)) for iri in found.replaced_by]
        response = Response(render_template("error.html", sentence=str(error), status=410, links=links))
    else:
        response = documents.data(description.of(site.asker().graph, found.item).quads, form)
    response.status_code = 410
    for iri in found.replaced_by:
        response.headers.add("Link", f'<{documents.safe(iri)}>; rel="{description.REPLACED}"')
    return response


def _titled(iri: str) -> str:
    """Give the label of a thing with its IRI."""
    text = f"SELECT ?label WHERE {{ {ox.NamedNode(iri)} <{PREFIXES['rdfs']}label> ?label }} ORDER BY ?label LIMIT 1"
    row = next(iter(store.rows(site.asker().graph, text)), None)
    return f"{row['label']} ({iri})" if row else iri


# --- the page of a thing --------------------------------------------------------------------------------------------


def _page(found: description.Known, document: documents.Document) -> str:
    item, who = found.item, permission.known()
    about = [(diffs.plain(row.cells[0]), *row.cells[1:])
             for row in Table.from_json(_answer(ABOUT, item).read()).rows()]
    claims = Table.from_json(_answer(CLAIMS, item).read())
    links = Table.from_json(_answer(LINKS, item).read())
    homes = {cells[1].iri for cells in about if cells[0].iri in (str(RDF.type), str(SKOS.inScheme))}
    title = _value(about, "label") or _value(about, "title") or _value(about, "summary") or compact(item.value)
    meant = _value(about, "definition") or _value(about, "summary")
    return render_template(
        "thing.html", iri=item.value, title=title, about=about, document=document, definition=meant,
        may_write=bool(who and who.may("draft")), is_data=bool(stating.of(site.asker().graph, item.value).now),
        own=_own(item, who), deprecated=found.deprecated,
        replaced_by=[(iri, _titled(iri)) for iri in found.replaced_by],
        change=item.value.rpartition("-")[2] if item.value.startswith(f"{BASE}change/") else "",
        schema=schema_org.thing(item.value, title, meant, about, site.address(f"{document.path}.html")),
        parts=profiles.parts(item.value, homes), notes=profiles.Notes(), questions=_questions(homes),
        claims=_by_first(claims.rows()), claimed={row.cells[1].iri for row in claims.rows()},
        links=[(row.cells[0], diffs.plain(row.cells[1])) for row in links.rows()][:MOST],
        more=len(links.solutions) > MOST, most=MOST)


def _own(item: ox.NamedNode, who: Who | None) -> store.Entry | None:
    """Give the last change of a thing where it is that of whoever asks: by it they see that it was made."""
    last = site.asker().graph.history.entries(str(item), most=1) if who else []
    return last[0] if who and last and last[0].about.who == who.name and not last[0].is_build else None


def _questions(homes: Collection[str]) -> list[tuple[Query, str]]:
    """Give the questions that take a thing of some classes and schemes, each with the name of its parameter."""
    taking = {query.name: (query, parameter.name) for query in site.asker().queries.values()
              for parameter in reversed(query.parameters)
              if parameter.type in ("concept", "thing") and parameter.source in homes}
    return list(taking.values())


def _answer(text: str, item: ox.NamedNode) -> store.Answer:
    """Ask a query about an item, which is put into the text as the library writes it."""
    filled = _PREFIXES + text.replace("INFERRED", f"<{INFERRED}>").replace("ITEM", str(item))
    return site.asker().graph.answer(store.Question(filled))


def _value(about: Iterable[tuple[Cell, ...]], name: str) -> str:
    """Give the text of the first value of the property whose IRI ends in a name."""
    return next((cells[1].text for cells in about if cells[0].iri.endswith((f"#{name}", f"/{name}"))), "")


def _by_first(rows: Iterable[Row]) -> dict[str, list[Row]]:
    """Group rows by their first column."""
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(row.cells[0].text, []).append(row)
    return groups
