"""Who may go next where places are few: clients in turn, each of them in the order in which its requests came."""

from __future__ import annotations

import threading
import time
from collections import Counter, OrderedDict, deque
from typing import Final

PATIENT: Final = 8
"""Requests of one client that may wait, for each place."""


class Busy(Exception):
    """No place came free in time, or the client has too many requests waiting already."""


class Turns:
    """So many places, of which one client never holds all: others find one though it asks for endless things."""

    def __init__(self, places: int) -> None:
        self.places, self.free = places, places
        self._share = max(1, places - max(1, places // 4))
        self._lock = threading.Lock()
        self._waiting: OrderedDict[str, deque[threading.Event]] = OrderedDict()
        self._held: Counter[str] = Counter()

    @property
    def waiting(self) -> int:
        """Give how many requests wait."""
        with self._lock:
            return sum(map(len, self._waiting.values()))

    def enter(self, client: str, until: float) -> None:
        """Wait for a place until that time of the monotonic clock.

        :raises Busy: there was none.
        """
        turn = threading.Event()
        with self._lock:
            line = self._waiting.setdefault(client, deque())
            if len(line) >= PATIENT * self.places:
                raise Busy
            line.append(turn)
            self._deal()
        if turn.wait(max(until - time.monotonic(), 0)):
            return
        with self._lock:
            if turn.is_set():  # it came in this very moment
                return
            self._waiting[client].remove(turn)
            self._forget_empty(client)
        raise Busy

    def leave(self, client: str) -> None:
        """Give a place back, to whoever is next."""
        with self._lock:
            self.free += 1
            self._held[client] -= 1
            if not self._held[client]:
                del self._held[client]
            self._deal()

    def _deal(self) -> None:
        """Hand out what places there are, one a client and then from the start again."""
        while self.free:
            client = next((one for one in self._waiting if self._held[one] < self._share), None)
            if client is None:
                return
            self._waiting[client].popleft().set()
            self._waiting.move_to_end(client)
            self._forget_empty(client)
            self._held[client] += 1
            self.free -= 1

    def _forget_empty(self, client: str) -> None:
        if not self._waiting[client]:
            del self._waiting[client]
