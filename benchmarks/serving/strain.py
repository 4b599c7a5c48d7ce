"""What endless queries do to the others, and what a day's requests in a few minutes leave behind in memory."""

from __future__ import annotations

import statistics
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote_plus

import urllib3

from benchmarks import deadlines, served
from benchmarks.scene import Scene
from benchmarks.serving import load
from benchmarks.serving.throughput import SAMPLES

CHEAP: Final = served.address(SAMPLES["cheap"], {})
ROUNDS: Final = 3
TIMES: Final = 3.0
"""How much longer the 99th percentile of a cheap query may take beside an endless one."""

READERS: Final = 16
"""Readers at the same time, by default."""

MANY: Final = 50
HUNGRY: Final = "SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?f ?c"
"""Wants all triples with all triples in memory at once."""

GROWTH: Final = 0.1
"""By how much of what it was the memory may have grown."""

STRAY: Final = 0.005
"""The share of requests by which refusals and mistakes may differ, since the last round through all is not whole."""


@dataclass(frozen=True)
class Beside:
    """The cheap query alone and beside one endless query: 99th percentiles in milliseconds, one a round."""

    alone: Sequence[float]
    beside: Sequence[float]
    status: int

    @property
    def ratio(self) -> float:
        """Give how many times longer it takes, by the medians of the rounds."""
        return statistics.median(self.beside) / statistics.median(self.alone)


@dataclass(frozen=True)
class Crowd:
    """Endless queries at once: statuses, slowest answer in seconds, most memory in MB, and the status of one after."""

    kind: str
    statuses: dict[int, int]
    slowest: float
    before: float
    most: float
    after: float
    then: int
    cap: float

    @property
    def within(self) -> bool:
        """Say whether each was told why it was stopped, memory stayed below its cap, and the server serves on."""
        return set(self.statuses) <= {408, 413, 503} and self.then == 200 and self.most <= self.cap


@dataclass(frozen=True)
class Day:
    """Requests of all kinds for a while: how many, which were refused and should be, memory in MB before and after."""

    requests: int
    seconds: float
    bad_statuses: int
    mistakes: float
    broken: int
    before: float
    after: float
    processes: tuple[int, int]

    @property
    def within(self) -> bool:
        """Say whether memory is what it was, and nothing but mistakes was refused."""
        refused = abs(self.bad_statuses - self.mistakes) <= STRAY * self.requests
        return abs(self.after - self.before) <= GROWTH * self.before and refused and not self.broken


def beside(scene: Scene, seconds: float) -> Beside:
    """Press with the cheap query from one connection, in turns alone and while an endless one runs."""
    with served.serving(scene.path, scene.folder) as server:
        base, path = f"http://127.0.0.1:{server.port}", CHEAP
        load.pressed(base, [path], 2, connections=1)
        alone, together, statuses = [], [], [0]
        for _ in range(ROUNDS):
            alone.append(load.pressed(base, [path], seconds, connections=1).p99)
            thread = threading.Thread(target=lambda: statuses.append(_asked(server, deadlines.ENDLESS)[0]))
            thread.start()
            time.sleep(0.2)
            together.append(load.pressed(base, [path], seconds, connections=1).p99)
            thread.join()
        return Beside(alone, together, statuses[-1])


def crowd(scene: Scene, hungry: bool, memory_mb: int) -> Crowd:
    """Ask fifty endless queries at once, and a cheap one after; weigh the server all the while."""
    path = f"/sparql?query={quote_plus(HUNGRY)}" if hungry else deadlines.ENDLESS
    with served.serving(scene.path, scene.folder, CAREKG_MEMORY_MB=str(memory_mb)) as server:
        server.get(CHEAP)
        before, told = server.weight().pss, list[tuple[int, float]]()
        threads = [threading.Thread(target=lambda: told.append(_asked(server, path))) for _ in range(MANY)]
        for thread in threads:
            thread.start()
        most = before
        while any(thread.is_alive() for thread in threads):
            most = max(most, server.weight().pss)
            time.sleep(0.2)
        then = server.get(CHEAP).status
        time.sleep(2)
        statuses = Counter(status for status, _ in told)
        return Crowd("hungry" if hungry else "endless", dict(statuses), max(seconds for _, seconds in told), before,
                     most, server.weight().pss, then, before + READERS * memory_mb)


def day(scene: Scene, seconds: float) -> Day:
    """Ask everything in turn for that long: every prepared query as data and as a page, things, searches, mistakes."""
    paths = list(_everything(scene))
    with served.serving(scene.path, scene.folder) as server:
        base = f"http://127.0.0.1:{server.port}"
        wrong = [status for path in paths if (status := server.get(path).status) >= 400]
        if max(wrong) >= 500:
            raise RuntimeError(f"a request that is right, or wrong, gave {max(wrong)}")
        load.pressed(base, paths, max(seconds / 10, 20))  # until every cache is filled and every reader has its share
        time.sleep(5)
        before = server.weight()
        found = load.pressed(base, paths, seconds)
        time.sleep(5)
        after = server.weight()
        return Day(found.requests, found.seconds, found.bad_statuses, found.requests * len(wrong) / len(paths),
                   found.broken, before.pss, after.pss, (before.processes, after.processes))


def _everything(scene: Scene) -> Iterator[str]:
    for name, one in scene.queries.items():
        cheap = f"/sparql?query={quote_plus('SELECT ?s { ?s a <https://w3id.org/carekg/def#Innovation> } LIMIT 5')}"
        yield served.address(name, {}, "n-triples" if one.is_graph else "json")
        yield from (cheap, f"/queries/{name}?nonsense=1", "/id/innovation/iris.ttl", "/sparql?query=nonsense")
        if not one.is_graph:
            yield served.address(name, {}, "csv")
            yield f"/queries/{name}?format=html"


def _asked(server: served.Server, path: str) -> tuple[int, float]:
    """Give the status of an answer, nought where none came, and the seconds until then."""
    began, status = time.perf_counter(), 0
    try:
        with server.connection() as pool:
            status = pool.request("GET", path).status
    except urllib3.exceptions.HTTPError:
        pass
    return status, time.perf_counter() - began
