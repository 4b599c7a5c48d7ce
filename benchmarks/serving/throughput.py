"""Requests a second of a cheap, a medium and a heavy prepared query: in process, ours, and of other servers."""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import quote_plus

import pyoxigraph as ox
import urllib3

from benchmarks import answers, served
from benchmarks.scene import Scene
from benchmarks.serving import load, rivals
from carekg import query
from carekg.store import embedded

SAMPLES: Final = {
    "cheap": "innovations-by-kind",
    "medium": "factors-by-route",
    "heavy": "facilitators-single-and-general",
}
"""A prepared query of each sort: about half a millisecond of the engine at 100,000 triples, about twenty, hundreds."""

TIMES: Final = 3.0
"""How many times as many cheap requests Oxigraph's own server may answer."""

EQUAL: Final = 0.9
"""The share of Oxigraph's requests that counts as equal, for the others."""

SMALL: Final = 200_000
"""Triples up to which rdflib-endpoint is measured: above, it takes minutes for a query."""

SLOW: Final = 0.1
"""Seconds from which on a query needs no warming up."""

ENOUGH: Final = 30
"""For how many times what one request takes a server is pressed, at least."""

Told = Callable[[str], None]


@dataclass
class Line:
    """One query: how it was asked of whom, and what came of it."""

    sort: str
    name: str
    rows: int
    size: int
    in_process: float
    loads: dict[str, load.Load | None] = field(default_factory=dict)

    @property
    def share(self) -> float | None:
        """Give our requests a second as a share of those of Oxigraph's server."""
        ours, theirs = self.loads.get("ours"), self.loads.get("Oxigraph")
        return ours.rate / theirs.rate if ours and theirs else None

    @property
    def within(self) -> bool | None:
        """Say whether the goal is met, or nothing where there is nothing to hold it against."""
        return None if self.share is None else self.share >= (1 / TIMES if self.sort == "cheap" else EQUAL)


def measured(scene: Scene, program: Path | None, seconds: float, told: Told) -> list[Line]:
    """Press each server in turn, one at a time, with each of the three queries."""
    store, texts = scene.in_process(), _texts(scene)
    lines = [_line(sort, store, text) for sort, text in texts.items()]
    with served.serving(scene.path, scene.folder) as server:
        told("carekg")
        base = f"http://127.0.0.1:{server.port}"
        for line in lines:
            text = f"/sparql?query={quote_plus(texts[line.sort])}"
            line.loads["ours"] = _pressed(base, served.address(line.name, {}), line.rows, seconds)
            line.loads["ours, as SPARQL"] = _pressed(base, text, line.rows, seconds)
    for name, base, path in _others(scene, program, store, told):
        for line in lines:
            text = f"{path}?query={quote_plus(texts[line.sort])}"
            line.loads[name] = _pressed(base, text, line.rows, seconds)
    return lines


def _others(scene: Scene, program: Path | None, store: ox.Store, told: Told) -> Iterator[tuple[str, str, str]]:
    """Give each other server while it runs: its name, its address, and the path that takes ``?query=``."""
    if program:
        told("Oxigraph")
        with rivals.oxigraph(program, store) as base:
            yield "Oxigraph", base, "/query"
    if scene.triples <= SMALL:
        told("rdflib-endpoint")
        with tempfile.NamedTemporaryFile(suffix=".nq") as quads:
            store.dump(quads.name, format=ox.RdfFormat.N_QUADS)
            with rivals.rdflib_endpoint(Path(quads.name)) as base:
                yield "rdflib-endpoint", base, "/"


def _texts(scene: Scene) -> dict[str, str]:
    """Give the SPARQL text of each sample with its defaults, as the server binds it."""
    with embedded.EmbeddedStore(scene.path) as store:
        asker = query.Asker(scene.queries, store)
        return {sort: asker.queries[name].bind(asker.terms(asker.queries[name], {})) for sort, name in SAMPLES.items()}


def _line(sort: str, store: ox.Store, text: str) -> Line:
    """Ask the engine itself, on one core with nothing around it, for two seconds or thrice."""
    answer, count, began = answers.answered(store, text), 0, time.perf_counter()
    while (taken := time.perf_counter() - began) < 2 or count < 3:
        answers.answered(store, text)
        count += 1
    return Line(sort, SAMPLES[sort], len(json.loads(answer)["results"]["bindings"]), len(answer), count / taken)


def _pressed(base: str, path: str, rows: int, seconds: float) -> load.Load | None:
    """Give what a server makes of the load, or none where it does not answer within a minute or refuses.

    :raises RuntimeError: it answers otherwise than the engine.
    """
    began = time.perf_counter()
    try:
        got = urllib3.request("GET", base + path, timeout=60, retries=False,
                              headers={"Accept": "application/sparql-results+json"})
    except urllib3.exceptions.TimeoutError:
        return None
    if got.status != 200:
        return None
    if (found := len(json.loads(got.data)["results"]["bindings"])) != rows:
        raise RuntimeError(f"{base}{path[:60]} gives {found} rows where the engine gives {rows}")
    taken = time.perf_counter() - began
    if taken < SLOW:
        load.pressed(base, [path], max(seconds / 5, 1))
    measured = load.pressed(base, [path], max(seconds, ENOUGH * taken))
    time.sleep(load.CONNECTIONS * taken)  # what was asked last is still being answered, though nobody listens
    return measured if measured.requests and not measured.broken else None


def missed(lines: Sequence[Line]) -> int:
    """Give how many goals are not met."""
    return sum(line.within is False for line in lines)
