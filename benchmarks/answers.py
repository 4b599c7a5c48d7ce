"""Prepared queries over HTTP against the same text through pyoxigraph in process."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox

from benchmarks import clock, served
from benchmarks.scene import Scene
from carekg import query
from carekg.store import embedded

TIMES, PLUS_MS = 1.5, 2.0
"""The limit: so many times what the engine takes in process, plus milliseconds for HTTP."""

THINGS: Final = {
    "care:FundingSource": "organisation:o3",
    "care:Innovation": "innovation:i5",
    "care:Organisation": "organisation:o3",
    "care:Person": "person:p3",
    "care:Place": "place:p100",
    "care:Source": "source:s5",
}
"""A thing of the synthetic world in the place of a default of that class."""

CONCEPTS: Final = {"mappings-of-factor": {"factor": "factor:printed-7"}}
"""Concepts in the place of defaults that come with data; the others come with the ontology and stay."""


@dataclass(frozen=True)
class Line:
    """One prepared query: the size of its answer, and median milliseconds; none where it did not end in time."""

    name: str
    rows: int = 0
    size: int = 0
    in_process: float | None = None
    http: float | None = None

    @property
    def limit(self) -> float | None:
        """Give the milliseconds that HTTP may take."""
        return None if self.in_process is None else TIMES * self.in_process + PLUS_MS

    @property
    def within(self) -> bool:
        """Say whether the limit is kept."""
        return self.http is not None and self.limit is not None and self.http <= self.limit


def arguments(one: query.Query) -> dict[str, str]:
    """Give what a prepared query is asked for: a generated thing in the place of its default, where there are such."""
    given = {p.name: THINGS[p.of] for p in one.parameters if p.type == "thing" and p.default and p.of in THINGS}
    return given | CONCEPTS.get(one.name, {})


def terms(scene: Scene) -> dict[str, dict[str, list[ox.NamedNode | ox.Literal]]]:
    """Give, for each prepared query, the terms that its arguments stand for in this world."""
    with embedded.EmbeddedStore(scene.path) as store:
        asker = query.Asker(scene.queries, store)
        return {name: asker.terms(one, {key: [value] for key, value in arguments(one).items()})
                for name, one in asker.queries.items()}


def answered(store: ox.Store, text: str, **options: object) -> bytes:
    """Give the engine's own answer: a table as JSON, a graph as N-Triples."""
    found = store.query(text, **options)
    if isinstance(found, ox.QueryTriples):
        return found.serialize(format=ox.RdfFormat.N_TRIPLES) or b""
    return found.serialize(format=ox.QueryResultsFormat.JSON) or b""


def rows(answer: bytes, is_graph: bool) -> list[str]:
    """Give the rows of a table or the lines of a graph, sorted, so that answers can be compared."""
    if is_graph:
        return sorted(answer.decode().splitlines())
    return sorted(map(json.dumps, json.loads(answer)["results"]["bindings"]))


def measured(scene: Scene, server: served.Server, store: ox.Store, told: Callable[[str], None]) -> list[Line]:
    """Time every prepared query, and hold the two answers against each other."""
    queries, bound = scene.queries, terms(scene)
    lines = []
    for name, one in queries.items():
        told(name)
        lines.append(_measured(one, one.bind(bound[name]), server, store))
    return lines


def _measured(one: query.Query, text: str, server: served.Server, store: ox.Store) -> Line:
    path = served.address(one.name, arguments(one), "n-triples" if one.is_graph else "json")
    there = server.get(path)
    if there.status == served.OVER_DEADLINE:
        return Line(one.name)
    if there.status != 200:
        raise RuntimeError(f"{path} gave {there.status}: {there.data.decode()[:200]}")
    here = answered(store, text)
    found = rows(here, one.is_graph)
    if found != rows(there.data, one.is_graph):
        raise RuntimeError(f"{path} does not give what the engine gives in process")
    http, in_process = clock.in_turns(lambda: server.get(path).data, lambda: answered(store, text))
    return Line(one.name, len(found), len(here), in_process * 1000, http * 1000)
