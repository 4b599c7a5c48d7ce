"""An answer to anybody's query as a table: things by their labels, and each solution a row of its own."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pyoxigraph as ox

from carekg import store
from carekg.query import Row, Table
from carekg.terms import PREFIXES

MOST: Final = 1_000
"""Things of an answer that are looked up; all others are shown by their short names."""

LONGEST: Final = 80
"""Characters of a label: what has none is called by its summary, which may be long."""

LABELS: Final = "".join(f"PREFIX {one}: <{PREFIXES[one]}>\n" for one in ("care", "rdfs")) + """
SELECT ?iri (MIN(?said) AS ?label) WHERE {
  VALUES ?iri { TERMS }
  OPTIONAL { ?iri rdfs:label ?name FILTER(LANG(?name) IN ("", "en", "en-GB")) }
  OPTIONAL { ?iri care:summary ?summary }
  OPTIONAL { ?iri care:words ?words }
  BIND(STR(COALESCE(?name, ?summary, ?words)) AS ?said)
  FILTER(BOUND(?said))
} GROUP BY ?iri"""

PLACES: Final = "".join(f"PREFIX {one}: <{PREFIXES[one]}>\n" for one in ("care", "wgs")) + """
SELECT ?thing (MIN(?north) AS ?latitude) (MIN(?east) AS ?longitude) WHERE {
  VALUES ?thing { TERMS }
  ?thing care:place? ?spot . ?spot wgs:lat ?north ; wgs:long ?east
} GROUP BY ?thing"""
"""Where things are: a place itself, or what is in one place."""

AT: Final = ("latitude", "longitude")
DECIMAL: Final = PREFIXES["xsd"] + "decimal"
Solution = dict[str, Any]


@dataclass(frozen=True)
class Rows(Table):
    """A table that keeps solutions that are alike apart, as SPARQL does, unless they are a question's receipts."""

    def rows(self) -> list[Row]:
        """Give the rows."""
        if self.receipts:
            return super().rows()
        single = (Table(self.columns, (), (solution,)).rows() for solution in self.solutions)
        return [row for rows in single for row in rows]


def table(graph: store.Store, answer: bytes, *, placed: bool = False) -> Table:
    """Give an answer in the SPARQL 1.1 Query Results JSON Format as a table, with a label for each thing.

    :param placed: give it columns with where its things are, where it has none of that name.
    """
    said = json.loads(answer)
    if "boolean" in said:
        return Rows.from_json(answer)
    names, solutions = said["head"]["vars"], said["results"]["bindings"]
    for solution in solutions:
        solution.update({name: _flat(term) for name, term in solution.items() if term["type"] == "triple"})
    bare = [name for name in names if not name.endswith("Label") and f"{name}Label" not in names]
    if placed and not set(AT) & set(names):
        names = [*names, *_placed(graph, names, solutions)]
    known = labels(graph, (one[name]["value"] for one in solutions for name in bare if _is_thing(one, name)))
    for solution in solutions:
        solution.update({f"{name}Label": {"type": "literal", "value": known[solution[name]["value"]]}
                         for name in bare if _is_thing(solution, name) and solution[name]["value"] in known})
    called = [f"{name}Label" for name in bare]
    said["head"]["vars"] = [*names, *(label for label in called if any(label in one for one in solutions))]
    return Rows.from_json(json.dumps(said).encode())


def labels(graph: store.Store, iris: Iterable[str]) -> dict[str, str]:
    """Give what the first things of some are called, by IRI; those without a name are left out."""
    wanted = list(dict.fromkeys(iris))[:MOST]
    if not wanted:
        return {}
    terms = " ".join(str(ox.NamedNode(iri)) for iri in wanted)
    found = store.rows(graph, LABELS.replace("TERMS", terms))
    return {row["iri"]: textwrap.shorten(row["label"], LONGEST, placeholder=" …") for row in found if row.get("label")}


def _placed(graph: store.Store, names: Sequence[str], solutions: Sequence[Solution]) -> Sequence[str]:
    """Say in each solution where the thing of one column is, and give the names of what was added.

    The column is the one of whose things most are somewhere.
    """
    found: dict[str, dict[str, Mapping[str, str]]] = {}
    for name in names:
        things = dict.fromkeys(one[name]["value"] for one in solutions if _is_thing(one, name))
        terms = " ".join(str(ox.NamedNode(iri)) for iri in list(things)[:MOST])
        rows = store.rows(graph, PLACES.replace("TERMS", terms)) if terms else ()
        found[name] = {row["thing"]: row for row in rows if row.get("latitude")}
    best = max(found, key=lambda name: len(found[name]), default="")
    for solution in solutions if best else ():
        where = found[best].get(solution[best]["value"], {}) if best in solution else {}
        solution.update({name: {"type": "literal", "value": where[name], "datatype": DECIMAL} for name in AT if where})
    return AT if best and found[best] else ()


def _is_thing(solution: Mapping[str, Any], name: str) -> bool:
    return name in solution and solution[name]["type"] == "uri"


def _flat(term: Mapping[str, Any]) -> dict[str, str]:
    """Give a triple that stands as a term in words; a table has no room for its parts."""
    parts = (_flat(one)["value"] if one["type"] == "triple" else one["value"] for one in term["value"].values())
    return {"type": "literal", "value": f"<<( {' '.join(parts)} )>>"}
