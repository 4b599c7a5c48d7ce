"""What the data graphs state of things, for as many things as a sheet has."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Final

import pyoxigraph as ox

from carekg import store
from carekg.forms.model import Term
from carekg.terms import CARE, DATA

Statements = dict[str, set[tuple[str, Term]]]
"""Properties and values by thing."""

AT_ONCE: Final = 500

OF_THINGS: Final = f"""CONSTRUCT {{ ?thing ?p ?o }} WHERE {{
  VALUES ?thing {{ ITEMS }} GRAPH ?g {{ ?thing ?p ?o }} FILTER(STRSTARTS(STR(?g), "{DATA}"))
}}"""

FROM_SOURCES: Final = f"""CONSTRUCT {{ ?thing ?p ?o }} WHERE {{
  VALUES ?source {{ ITEMS }} GRAPH ?g {{ ?thing <{CARE.isFrom}> ?source ; ?p ?o }}
  FILTER(STRSTARTS(STR(?g), "{DATA}"))
}}"""


def of(graph: store.Store, things: Iterable[str], query: str = OF_THINGS) -> Statements:
    """Give what is stated of things."""
    found: Statements = defaultdict(set)
    wanted = sorted(set(things))
    for start in range(0, len(wanted), AT_ONCE):
        items = " ".join(str(ox.NamedNode(iri)) for iri in wanted[start:start + AT_ONCE])
        answer = graph.answer(store.Question(query.replace("ITEMS", items), "n-triples"))
        for quad in ox.parse(answer.read(), ox.RdfFormat.N_TRIPLES):
            if isinstance(quad.subject, ox.NamedNode):
                found[quad.subject.value].add((quad.predicate.value, quad.object))
    return found


def instances(graph: store.Store, class_: str) -> set[str]:
    """Give the things of a class."""
    return {row["s"] for row in store.rows(graph, f"SELECT ?s WHERE {{ ?s a {ox.NamedNode(class_)} }}")}


def passages(graph: store.Store, sources: Iterable[str]) -> Statements:
    """Give what is stated of the passages from some sources."""
    return of(graph, sources, FROM_SOURCES)
