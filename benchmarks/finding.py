"""How long a search takes: words as people type them, chosen by facets, in a graph of a million triples.

``python -m benchmarks.finding``: the large graph is that of :mod:`benchmarks.changing`. Each search is timed as the
server makes it, without HTTP, and as a page over HTTP within this process.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Final

from benchmarks import changing, clock
from carekg import folder, query, update, web
from carekg.search import Index, Search
from carekg.store import About, Update
from carekg.store.embedded import EmbeddedStore
from carekg.terms import DATA, PREFIXES

LIMIT: Final = 0.050
"""Seconds in which nineteen of twenty searches have to be done."""

INNOVATIONS: Final = 1_450
"""With which the large graph has a million triples."""

TYPED: Final = (
    "partnership", "shared lives", "dementia", "licencing", "co-production", '"social prescribing"', "Innovation 712",
    "innovation", "what helps in leeds", "E08000035", "demen", "passage source", "claim innovation 5", "lonliness",
    "evidence", "the", "organization", "zzzz qqqq", "fund 17", "care", "partner nhs england", "home from hospital",
    "strong partnrships", "report",
)
"""Texts as people type them: rare and common, half typed, mistyped, in other spelling, and in no text."""

CHOSEN: Final = ({}, {}, {"kind": ["care:Innovation"]}, {"route": ["route:partnerships"]}, {"year": ["2015", "2016"]})
"""Values that are chosen beside them."""


def searches(count: int) -> list[Search]:
    """Give searches, each text with each choice, in an order of chance, some for a later page."""
    dice = random.Random(1)
    made = [Search(text, chosen) for text in (*TYPED, "") for chosen in CHOSEN if text or chosen]
    return [made[n % len(made)] for n in dice.sample(range(max(count, len(made))), count)]


def measured(find: Callable[[Search], object], asked: Sequence[Search],
             forget: Callable[[], object]) -> list[tuple[float, float]]:
    """Give the seconds of each search, none of which was made before: on the clock, and of this process's CPU."""
    times = []
    for one in asked:
        forget()
        used = time.process_time()
        took = clock.taken(lambda one=one: find(one))  # type: ignore[misc]
        times.append((took, time.process_time() - used))
    return times


def told(name: str, times: Sequence[tuple[float, float]]) -> float:
    """Print the median and the 95th of a hundred, on the clock and of CPU; give the latter on the clock."""
    found = []
    for kind, seconds in zip(("clock", "CPU"), zip(*times, strict=True), strict=True):
        found.append(statistics.quantiles(seconds, n=20)[-1])
        print(f"{name}, {kind}: median {statistics.median(seconds) * 1000:.1f} ms, p95 {found[-1] * 1000:.1f} ms, "
              f"most {max(seconds) * 1000:.1f} ms, {len(times)} searches", flush=True)
    return found[0]


def after_a_change(store: EmbeddedStore, index: Index) -> float:
    """Give the median seconds from a change of one label until it can be found."""
    name = f"<{PREFIXES['innovation']}bench> <{PREFIXES['rdfs']}label> \"bench\""
    times = []
    for verb in ("INSERT", "DELETE") * 3:
        text = f"{verb} DATA {{ GRAPH <{DATA}bench> {{ {name} }} }}"
        store.change(Update(update.operations(text), text), about=About("bench"))
        times.append(clock.taken(lambda: index.start().join()))
    return statistics.median(times)


def main() -> int:
    """Measure and print; give 1 where the goal is missed, else 0."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.finding", description=__doc__)
    parser.add_argument("--innovations", type=int, default=INNOVATIONS, help="made up, in the graph")
    parser.add_argument("--store", type=Path, help="a store to search and to change, in the place of one that is made")
    parser.add_argument("--searches", type=int, default=240)
    chosen = parser.parse_args()
    with ExitStack() as held:
        place = chosen.store or changing.made(
            Path(held.enter_context(tempfile.TemporaryDirectory(prefix="carekg-bench-"))), chosen.innovations)
        store = held.enter_context(EmbeddedStore(place))
        asker = query.Asker(query.catalogue(folder.queries(Path(__file__).parents[1])), store)
        app = web.create_app(asker)
        index: Index = app.extensions.setdefault("carekg.find", Index(asker))
        held.callback(index.close)
        return 0 if _reported(store, index, app.test_client().get, searches(chosen.searches)) else 1


def _reported(store: EmbeddedStore, index: Index, get: Callable[..., object], asked: Sequence[Search]) -> bool:
    """Print what was measured; say whether the goal is met."""
    manifest = store.manifest()
    print(f"load at the start: {os.getloadavg()[0]:.1f}; readers of version {store.version} stand ready", flush=True)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.perf_counter()
    index.start().join()
    took = time.perf_counter() - began
    state = index.current()
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(f"{manifest.triples if manifest else 0:,} triples; {len(state.shown):,} things, {len(state.words):,} words; "
          f"made or brought up to date in {took:.1f} s; file {state.database.path.stat().st_size / 2**20:.0f} MB, "
          f"memory {(after - before) / 1024:.0f} MB more", flush=True)
    found = told("search", measured(index.find, asked, state.remembered.clear))
    told("page", measured(lambda one: get("/find", query_string={"q": one.text, **one.chosen},
                                          headers={"Accept": "text/html"}), asked, state.remembered.clear))
    print(f"a new label can be found after {after_a_change(store, index):.2f} s")
    return found < LIMIT


if __name__ == "__main__":
    sys.exit(main())
