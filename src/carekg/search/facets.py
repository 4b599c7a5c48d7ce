"""The facets that prepared questions declare, read out of the graph; what is narrower counts for what is broader."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Final

import pyoxigraph as ox

from carekg import errors
from carekg.query import Asker, Facet, Query
from carekg.search import bearing, reading
from carekg.search.filling import Numbers

KIND: Final = "kind"
"""The facet that is always there: the class of a thing, or the scheme of a concept."""


class Declared:
    """A facet with the prepared question that makes it."""

    def __init__(self, query: Query, facet: Facet) -> None:
        self.query, self.facet = query, facet

    @cached_property
    def properties(self) -> frozenset[str]:
        """Give the IRIs by which it is told whether a change bears on the facet; none where any may."""
        try:
            found = bearing.properties(self.query.body, self.facet.thing, self.facet.value)
        except Exception:  # what another parser does not read is asked again upon every change
            return frozenset()
        return frozenset(found | {self.facet.broader} - {""})

    def bears(self, touched: Iterable[str]) -> bool:
        """Say whether a change of statements with these properties may change the facet."""
        return not self.properties or not self.properties.isdisjoint(touched)


def declared(asker: Asker) -> list[Declared]:
    """Give the facets of a folder in their order."""
    found = [Declared(query, query.facet) for query in asker.queries.values() if query.facet]
    return sorted(found, key=lambda one: (one.facet.order, one.facet.name, one.query.name))


def read(asker: Asker, one: Declared) -> set[tuple[str, str]]:
    """Give things, each with a value that it has by the answer to the facet's question.

    :raises CarekgError: the question cannot be answered.
    """
    answer = asker.ask(one.query, {parameter.name: [] for parameter in one.query.parameters}, "json")
    found: set[tuple[str, str]] = set()
    with answer.body:
        parsed = ox.parse_query_results(answer.body, ox.QueryResultsFormat.JSON)
        for row in parsed if isinstance(parsed, ox.QuerySolutions) else ():
            thing, value = row[one.facet.thing], row[one.facet.value]
            if isinstance(thing, ox.NamedNode) and isinstance(value, ox.NamedNode | ox.Literal):
                found.add((thing.value, value.value))
    return found


def write(connection: sqlite3.Connection, asker: Asker, one: Declared) -> None:
    """Put a facet into an index in the place of what stands there; where it cannot be read, say so there."""
    name = one.facet.name
    for table in ("facet", "broader"):
        connection.execute(f"DELETE FROM {table} WHERE name = ?", (name,))
    connection.execute("DELETE FROM state WHERE name = ?", (f"fault {name}",))
    try:
        pairs = read(asker, one)
        edges = reading.broader(asker.graph, one.facet.broader) if one.facet.broader else set()
    except errors.Refused as error:
        connection.execute("INSERT INTO state VALUES (?, ?)", (f"fault {name}", str(error)))
        return
    above = ancestors({value for _, value in pairs}, edges)
    numbers = Numbers(connection)
    connection.executemany("INSERT OR IGNORE INTO facet VALUES (?, ?, ?)", (
        (name, each, numbers[thing]) for thing, value in pairs for each in (value, *above.get(value, ()))))
    used = set(above).union(*above.values())
    connection.executemany("INSERT OR IGNORE INTO broader VALUES (?, ?, ?)", (
        (name, value, broad) for value, broad in edges if value in used and value != broad))


def ancestors(values: Iterable[str], edges: Iterable[tuple[str, str]]) -> dict[str, set[str]]:
    """Give for each value all broader ones; a circle leads back to none."""
    above: Mapping[str, set[str]] = defaultdict(set)
    for value, broad in edges:
        above[value].add(broad)
    found: dict[str, set[str]] = {}
    for value in values:
        seen: set[str] = set()
        waiting = list(above.get(value, ()))
        while waiting:
            one = waiting.pop()
            if one not in seen and one != value:
                seen.add(one)
                waiting += above.get(one, ())
        found[value] = seen
    return found
