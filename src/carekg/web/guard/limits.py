"""How often and how much one client may ask: so many requests in a time, and so many at once.

Requests are counted by `limits`, the library beneath Flask-Limiter: Flask-Limiter itself adds 100 microseconds to each
request, for limits by route that nobody needs here. The library's own storage in memory starts a thread for nearly
every request to look for old counts, and that thread can fail where a count is taken away meanwhile; so the counts
here are kept in the order in which they end, and the old ones go when a new one comes.
"""

from __future__ import annotations

import math
import threading
import time
from collections import Counter, OrderedDict
from typing import Final

import limits
from flask import Flask, current_app, request
from limits.storage import Storage
from limits.strategies import FixedWindowRateLimiter

from carekg import errors
from carekg.settings import OFF
from carekg.web import site

KEY: Final = "carekg.limits"
"""Under which an application keeps its counts."""

THREADS: Final = 128
"""Requests that are answered at the same time: most of them wait for a reader, and that costs little."""

AT_ONCE: Final = THREADS * 3 // 4
"""Requests of one client that are answered at the same time: pages for others still come."""

MOST: Final = 100_000
"""Clients that are counted; where there are more, the count that ends first is forgotten."""

FREE: Final = ("static", "health.live", "health.ready", "health.told", "metrics.page")
"""Endpoints that are not counted: they cost next to nothing, and whoever watches a server is not to be refused."""

FIELDS: Final = 1000
"""Parameters that a request may have, and fields of a form."""


class Counts(Storage):
    """Requests by client, each count until its window ends; windows are equally long, so the first ends next."""

    def __init__(self) -> None:
        super().__init__()
        self._lock = threading.Lock()
        self._found: OrderedDict[str, tuple[int, float]] = OrderedDict()

    @property
    def base_exceptions(self) -> tuple[type[Exception], ...]:
        """Give the errors that a storage elsewhere may have; memory has none."""
        return ()

    def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        """Count, and give the count."""
        now = time.time()
        with self._lock:
            while self._found and next(iter(self._found.values()))[1] <= now:
                self._found.popitem(last=False)
            count, ends = self._found.get(key, (0, now + expiry))
            self._found[key] = (count + amount, ends)
            if len(self._found) > MOST:
                self._found.popitem(last=False)
            return count + amount

    def get(self, key: str) -> int:
        """Give a count."""
        count, ends = self._found.get(key, (0, 0.0))
        return count if ends > time.time() else 0

    def get_expiry(self, key: str) -> float:
        """Give when a count ends."""
        return self._found.get(key, (0, time.time()))[1]

    def check(self) -> bool:
        """Say that memory is there."""
        return True

    def reset(self) -> int:
        """Forget every count, and give how many there were."""
        with self._lock:
            many = len(self._found)
            self._found.clear()
            return many

    def clear(self, key: str) -> None:
        """Forget a count."""
        with self._lock:
            self._found.pop(key, None)


class Places:
    """So many places at the same time, of which one client has only so many."""

    def __init__(self, places: int, each: int) -> None:
        self.places, self.each = places, each
        self._lock = threading.Lock()
        self._present: Counter[str] = Counter()

    def enter(self, client: str) -> bool:
        """Take a place for a client, and say whether there was one."""
        with self._lock:
            if self._present[client] >= self.each or self._present.total() >= self.places:
                return False
            self._present[client] += 1
            return True

    def leave(self, client: str) -> None:
        """Give a place back."""
        with self._lock:
            self._present[client] -= 1
            if not self._present[client]:
                del self._present[client]


class Limiter:
    """What one application counts of its clients."""

    def __init__(self, rate: str) -> None:
        self.rate = rate
        self.counts = Counts()
        self.places = Places(THREADS, AT_ONCE)
        self._strategy = FixedWindowRateLimiter(self.counts)
        self._item = None if rate == OFF else limits.parse(rate)

    def count(self, client: str) -> None:
        """Count a request of a client.

        :raises TooOften: the client has asked as often as it may, and is told when it may ask again.
        """
        if self._item is None or self._strategy.hit(self._item, client):
            return
        left = self._strategy.get_window_stats(self._item, client).reset_time - time.time()
        raise errors.TooOften(self.rate, max(1, math.ceil(left)))


def install(app: Flask, rate: str) -> Limiter:
    """Have an application count its requests."""
    limiter = app.extensions[KEY] = Limiter(rate)
    app.before_request(_admit)
    return limiter


def _admit() -> None:
    """Let a request pass, or refuse it.

    :raises Crowded: the client has too many requests under way.
    :raises TooOften: it has asked too often.
    :raises BadInput: the address has too many parameters.
    """
    if not request.environ[KEY]:  # as the gate found it
        raise errors.Crowded(f"You have {AT_ONCE} requests under way, as many as one client may")
    if request.endpoint not in FREE:
        limiter: Limiter = current_app.extensions[KEY]
        limiter.count(site.client())
    if request.query_string.count(b"&") >= FIELDS:
        raise errors.BadInput(f"The address has more than {FIELDS:,} parameters, the most that are read.")
