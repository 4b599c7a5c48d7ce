"""What a query that would never end does to the others: stopped at its deadline, it hardly slows cheap ones."""

from __future__ import annotations

import statistics
import threading
import time
from dataclasses import dataclass

from benchmarks import clock, served

ENDLESS = "/sparql?query=SELECT%20(COUNT(*)%20AS%20%3Fn)%20%7B%20%3Fa%20%3Fb%20%3Fc%20.%20%3Fd%20%3Fe%20%3Ff%20%7D"
"""Every triple with every triple."""

AT_ONCE = (1, 4)
"""How many of them run at the same time."""


@dataclass(frozen=True)
class Line:
    """So many endless queries: seconds until each was answered, with which status, and cheap ones meanwhile."""

    endless: int
    stopped: tuple[float, ...]
    statuses: tuple[int, ...]
    asked: int
    alone: float
    meanwhile: float
    slowest: float


def measured(server: served.Server, cheap: str) -> list[Line]:
    """Ask a cheap query alone, then while endless ones run."""
    return [_measured(server, cheap, endless) for endless in AT_ONCE]


def _measured(server: served.Server, cheap: str, endless: int) -> Line:
    for _ in range(20):
        server.get(cheap)
    alone = [clock.taken(lambda: server.get(cheap).data) for _ in range(200)]
    stopped: list[tuple[float, int]] = []
    threads = [threading.Thread(target=lambda: stopped.append(_endless(server))) for _ in range(endless)]
    for thread in threads:
        thread.start()
    time.sleep(0.1)
    meanwhile = []
    while len(stopped) < endless:
        meanwhile.append(clock.taken(lambda: server.get(cheap).data))
        time.sleep(0.005)
    for thread in threads:
        thread.join()
    return Line(endless, tuple(seconds for seconds, _ in stopped), tuple(status for _, status in stopped),
                len(meanwhile), statistics.median(alone) * 1000, statistics.median(meanwhile) * 1000,
                max(meanwhile) * 1000)


def _endless(server: served.Server) -> tuple[float, int]:
    with server.connection() as pool:
        began = time.perf_counter()
        status = pool.request("GET", ENDLESS).status
        return time.perf_counter() - began, status
