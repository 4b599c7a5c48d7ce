"""The data catalogue: what each file of the graph is, on one page and as DCAT."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, Response, render_template

from carekg import catalogue, store
from carekg.terms import PREFIXES
from carekg.web import formats, site, things

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

FILES: Final = f"""SELECT ?dataset ?path (MIN(STR(?name)) AS ?title) ?triples ?subjects ?bytes ?checksum WHERE {{
GRAPH <{catalogue.GRAPH}> {{
  ?dataset dcat:distribution ?file ; dcterms:title ?name ; void:triples ?triples ; void:distinctSubjects ?subjects .
  ?file dcterms:title ?path ; dcat:byteSize ?bytes ; spdx:checksum/spdx:checksumValue ?checksum .
}} }} GROUP BY ?dataset ?path ?triples ?subjects ?bytes ?checksum ORDER BY ?path"""

LISTED: Final = f"""SELECT ?dataset ?property ?value ?label WHERE {{
  GRAPH <{catalogue.GRAPH}> {{
    VALUES ?property {{ dcterms:license dcterms:source schema:creditText }}
    ?dataset dcat:distribution ?file ; ?property ?value .
  }}
  OPTIONAL {{ ?value rdfs:label ?label }}
}} ORDER BY ?dataset ?property ?label ?value"""


@blueprint.get("/catalogue")
def listing() -> Response | str:
    """Give the catalogue, as a page or as RDF."""
    if not formats.prefers_html():
        return things.rdf(things.GRAPH, things.named_node(catalogue.GRAPH))
    listed: dict[str, dict[str, list[dict[str, str]]]] = {}
    for row in _rows(LISTED):
        name = row["property"].rpartition("/")[2]
        listed.setdefault(row["dataset"], {}).setdefault(name, []).append(row)
    return render_template("catalogue.html", about=next(iter(_rows(ABOUT)), {}), files=_rows(FILES), listed=listed)


def _rows(text: str) -> list[dict[str, str]]:
    return store.rows(site.asker().graph, _PREFIXES + text)
