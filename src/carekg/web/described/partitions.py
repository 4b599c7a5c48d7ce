"""What a graph holds, counted: triples, things, classes with their properties, properties, named graphs.

Counts are of the default graph, which is what the SPARQL endpoint answers from.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox

from carekg import errors, store
from carekg.terms import BASE, PREFIXES

WHOLE: Final = f"""SELECT (COUNT(*) AS ?triples) (COUNT(DISTINCT ?s) AS ?subjects) (COUNT(DISTINCT ?o) AS ?objects)
  (COUNT(DISTINCT ?entity) AS ?entities)
WHERE {{ ?s ?p ?o BIND(IF(STRSTARTS(STR(?s), "{BASE}"), ?s, ?unbound) AS ?entity) }}"""

PROPERTIES: Final = """SELECT ?property (COUNT(*) AS ?triples) (COUNT(DISTINCT ?s) AS ?subjects)
  (COUNT(DISTINCT ?o) AS ?objects) WHERE { ?s ?property ?o } GROUP BY ?property ORDER BY ?property"""

CLASSES: Final = """SELECT ?class (COUNT(?s) AS ?entities) WHERE { ?s a ?class FILTER(isIRI(?class)) }
GROUP BY ?class ORDER BY ?class"""

WITHIN: Final = """SELECT ?property (COUNT(*) AS ?triples) WHERE { ?s a CLASS . ?s ?property ?o }
GROUP BY ?property ORDER BY ?property"""

GRAPHS: Final = """SELECT ?graph (COUNT(*) AS ?triples) WHERE { GRAPH ?graph { ?s ?p ?o } }
GROUP BY ?graph ORDER BY ?graph"""

EXAMPLES: Final = f"""SELECT (MIN(STR(?s)) AS ?example) (COUNT(?s) AS ?count) WHERE {{
  ?s a ?class FILTER(STRSTARTS(STR(?s), "{BASE}id/"))
}} GROUP BY ?class ORDER BY DESC(?count) ?example"""

ROOTS: Final = f"""SELECT ?root WHERE {{
  ?root a <{PREFIXES['skos']}ConceptScheme> FILTER(isIRI(?root))
}} ORDER BY ?root"""

SHOWN: Final = 30
"""Example things that are named, each of another kind of IRI."""


@dataclass(frozen=True)
class Whole:
    """Triples, distinct subjects and objects, and the subjects whose IRI the project mints."""

    triples: int
    subjects: int
    objects: int
    entities: int


@dataclass(frozen=True)
class Holdings:
    """What a graph holds.

    ``within`` has, by class, the triples of its things by property; classes too large to be counted in time are absent.
    """

    whole: Whole
    classes: Mapping[str, int]
    properties: Mapping[str, Whole]
    within: Mapping[str, Mapping[str, int]]
    graphs: Mapping[str, int]
    examples: tuple[str, ...]
    roots: tuple[str, ...]


def counted(graph: store.Store) -> Holdings:
    """Count what a graph holds."""
    whole = _whole(store.rows(graph, WHOLE)[0])
    classes = {row["class"]: int(row["entities"]) for row in store.rows(graph, CLASSES) if row.get("class")}
    return Holdings(
        whole=whole,
        classes=classes,
        properties={row["property"]: _whole(row) for row in store.rows(graph, PROPERTIES)},
        within=_within(graph, classes),
        graphs={row["graph"]: int(row["triples"]) for row in store.rows(graph, GRAPHS)},
        examples=_examples(graph),
        roots=tuple(row["root"] for row in store.rows(graph, ROOTS)),
    )


def _whole(row: Mapping[str, str]) -> Whole:
    return Whole(int(row["triples"]), int(row["subjects"]), int(row["objects"]), int(row.get("entities", 0)))


def _within(graph: store.Store, classes: Mapping[str, int]) -> dict[str, dict[str, int]]:
    """Give the triples by class and property, the smallest class first; where one takes too long, so would the rest."""
    found: dict[str, dict[str, int]] = {}
    for name in sorted(classes, key=lambda one: classes[one]):
        try:
            rows = store.rows(graph, WITHIN.replace("CLASS", str(ox.NamedNode(name))))
        except (errors.OverDeadline, errors.OverMemory):
            break
        found[name] = {row["property"]: int(row["triples"]) for row in rows}
    return found


def _examples(graph: store.Store) -> tuple[str, ...]:
    """Give a thing of each of the kinds that the graph has most of, a kind being the path of their IRIs."""
    found: dict[str, str] = {}
    for row in store.rows(graph, EXAMPLES):
        if example := row.get("example"):
            found.setdefault(example.rpartition("/")[0], example)
    return tuple(found.values())[:SHOWN]
