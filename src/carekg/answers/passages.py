"""The passages that a thing rests on: its own, those of the claims in which it has a part, or those of a source."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from carekg import errors, query
from carekg.answers import graph, naming, paging
from carekg.answers.values import Named, Passage, Passages
from carekg.names import Names

FOUND: Final = """SELECT DISTINCT SEEN WHERE {
  { BIND(ITEM AS ?passage) ITEM a care:Passage }
  UNION { ITEM care:restsOn ?passage }
  UNION { ITEM care:side ?passage . ?passage a care:Passage }
  UNION { ITEM care:side/care:restsOn ?passage }
  UNION { ?passage care:isFrom ITEM }
  UNION { ?claim ?part ITEM ; a care:Claim ; care:restsOn ?passage .
          FILTER NOT EXISTS { ITEM a care:Source } }
  RECEIPT
} ORDER BY ?sourceLabel ?source ?line ?words ?passage"""

BEARING: Final = """SELECT DISTINCT ?passage ?item ?itemLabel WHERE {
  VALUES ?passage { ITEMS }
  ?item care:restsOn ?passage .
  OPTIONAL { ?item rdfs:label ?label }
  OPTIONAL { ?item care:summary ?summary }
  OPTIONAL { ?item care:standing/rdfs:label ?standing }
  BIND(COALESCE(?summary, ?label) AS ?said)
  BIND(IF(BOUND(?standing), CONCAT(?said, " (", ?standing, ")"), ?said) AS ?itemLabel)
} ORDER BY ?passage ?item"""


def of(asker: query.Asker, names: Names, thing: str, page: paging.Page) -> Passages:
    """Give one page of the passages that a thing has, each with what rests on it.

    :raises BadInput: nothing goes by that name.
    """
    iri = naming.resolved(names, thing)
    found = graph.rows(asker.graph, FOUND, iri)
    shown = page.of(found)
    bearing = _bearing(asker, [row["passage"] for row in shown])
    passages = tuple(Passage(graph.receipt(row), bearing.get(row["passage"], ())) for row in shown)
    known = names.things.get(iri)
    if not found and not known and not graph.rows(asker.graph, "SELECT ?p WHERE { ITEM ?p ?o } LIMIT 1", iri):
        raise errors.NotFound(thing, naming.near(names, thing))
    note = page.note(len(found), "passages") if found else "No passage here bears it out: it is not stated."
    return Passages(Named(graph.name(iri), known.label if known else ""), len(found), passages, note)


def _bearing(asker: query.Asker, iris: Iterable[str]) -> dict[str, tuple[Named, ...]]:
    """Give what rests on each passage."""
    found: dict[str, dict[Named, None]] = {}
    listed = list(iris)
    for row in graph.rows(asker.graph, BEARING, *listed) if listed else ():
        found.setdefault(row["passage"], {})[graph.named(row, "item")] = None
    return {iri: tuple(several) for iri, several in found.items()}
