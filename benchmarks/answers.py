"""Prepared queries over HTTP against the same text through pyoxigraph in process."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox

from benchmarks import clock, served
from benchmarks.scene import Scene
from carekg import query
from carekg.store import embedded

TIMES, PLUS_MS = 1.5, 2.0
"""The limit: so many times what the engine takes in process, plus milliseconds for HTTP."""

ARGUMENTS: Final = {
    "awards-by-funder": {"funder": "organisation:o3"},
    "claims-by-source": {"source": "source:s5"},
    "factors-by-innovation": {"innovation": "innovation:i5"},
    "funding-by-innovation": {"innovation": "innovation:i5"},
    "innovations-in-place": {"place": "place:p100"},
    "mappings-of-factor": {"factor": "factor:printed-7"},
    "organisations-by-innovation": {"innovation": "innovation:i5"},
    "outcomes-by-innovation": {"innovation": "innovation:i5"},
    "sites-by-innovation": {"innovation": "innovation:i5"},
    "what-people-say": {"person": "person:p3"},
}
"""Values in the place of defaults that the synthetic world does not have; the other queries take their defaults."""


@dataclass(frozen=True)
class Line:
    """One prepared query: its answer's size, and median milliseconds in process and over HTTP."""

    name: str
    rows: int
    size: int
    in_process: float
    http: float

    @property
    def limit(self) -> float:
        """Give the milliseconds that HTTP may take."""
        return TIMES * self.in_process + PLUS_MS

    @property
    def within(self) -> bool:
        """Say whether the limit is kept."""
        return self.http <= self.limit


def bound(scene: Scene) -> dict[str, str]:
    """Give the SPARQL text of each prepared query with the benchmark's arguments bound in."""
    with embedded.EmbeddedStore(scene.path) as store:
        asker = query.Asker(scene.queries, store)
        return {name: one.bind(asker.terms(one, {key: [value] for key, value in _given(name).items()}))
                for name, one in asker.queries.items()}


def measured(scene: Scene, server: served.Server, store: ox.Store, told: Callable[[str], None]) -> list[Line]:
    """Time every prepared query, and hold the two answers against each other."""
    lines = []
    for name, text in bound(scene).items():
        told(name)
        lines.append(_measured(name, text, served.address(name, _given(name)), server, store))
    return lines


def answered(store: ox.Store, text: str) -> bytes:
    """Give the engine's own answer as JSON."""
    return store.query(text).serialize(format=ox.QueryResultsFormat.JSON) or b""


def _measured(name: str, text: str, path: str, server: served.Server, store: ox.Store) -> Line:
    here, there = answered(store, text), server.get(path)
    if there.status != 200:
        raise RuntimeError(f"{path} gave {there.status}: {there.data.decode()[:200]}")
    rows = json.loads(here)["results"]["bindings"]
    if sorted(map(json.dumps, rows)) != sorted(map(json.dumps, there.json()["results"]["bindings"])):
        raise RuntimeError(f"{path} does not give what the engine gives in process")
    over_http, in_process = clock.in_turns(lambda: server.get(path).data, lambda: answered(store, text))
    return Line(name, len(rows), len(here), in_process * 1000, over_http * 1000)


def _given(name: str) -> Mapping[str, str]:
    return ARGUMENTS.get(name, {})
