"""What the data graphs state of a thing, now and when somebody looked, and which changes came between."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox

from carekg import store
from carekg.store import Entry
from carekg.terms import DATA

OWN: Final = f"""SELECT ?g ?p ?o WHERE {{
  GRAPH ?g {{ ITEM ?p ?o }} FILTER(STRSTARTS(STR(?g), "{DATA}"))
}}"""


@dataclass(frozen=True)
class Stated:
    """What is stated of a thing, and the changes that others have made to it since somebody looked at ``before``."""

    now: frozenset[ox.Quad]
    before: frozenset[ox.Quad]
    meanwhile: tuple[Entry, ...] = ()


def of(graph: store.Store, thing: str, against: int | None = None) -> Stated:
    """Give what is stated of a thing now, and what was after the change ``against``."""
    item = ox.NamedNode(thing)
    now = frozenset(ox.Quad(item, row["p"], row["o"], row["g"])
                    for row in store.solutions(graph, OWN.replace("ITEM", str(item))))
    if against is None or graph.history.last() <= against:
        return Stated(now, now)
    entries = graph.history.since(against, {str(item)}, most=-1)  # all: what was before is worked out from them
    before = set(now)
    for entry in reversed(entries):
        made = graph.history.stated(entry.number)
        before = before - _own(made.added, item) | _own(made.removed, item)
    return Stated(now, frozenset(before), tuple(entries))


def _own(quads: Iterable[ox.Quad], item: ox.NamedNode) -> set[ox.Quad]:
    return {quad for quad in quads if quad.subject == item and str(quad.graph_name)[1:].startswith(DATA)}
