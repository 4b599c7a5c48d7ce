"""What is made of a graph, remembered while the graph stays the same."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Final, Generic, TypeVar

from carekg import errors

Value = TypeVar("Value")

WAITING: Final = 4
"""Requests that may wait for a value in the making: the other threads of the server go on answering."""

BRIEFLY: Final = 64
"""The same for what is made in a fraction of a second: to wait for it is better than to be sent away."""


class Remembered(Generic[Value]):
    """Keeps the ``most`` values asked for last, all of one version; each is made once, and a few may wait for it."""

    def __init__(self, most: int = 32, waiting: int = WAITING) -> None:
        self._most = most
        self._lock, self._making = threading.Lock(), threading.Lock()
        self._places = threading.BoundedSemaphore(waiting)
        self._version = ""
        self._kept: OrderedDict[Hashable, Value] = OrderedDict()

    def get(self, version: str, key: Hashable, make: Callable[[], Value]) -> Value:
        """Give the value of that key, made now where it is not there or is of another version.

        :raises InTheMaking: it is being made for others, and enough of them wait.
        """
        try:
            return self._found(version, key)
        except KeyError:
            if not self._places.acquire(blocking=False):
                raise errors.InTheMaking from None
        try:
            with self._making:
                try:
                    return self._found(version, key)
                except KeyError:
                    return self._keep(version, key, make())
        finally:
            self._places.release()

    def _found(self, version: str, key: Hashable) -> Value:
        with self._lock:
            if version != self._version:
                raise KeyError(version)
            self._kept.move_to_end(key)
            return self._kept[key]

    def _keep(self, version: str, key: Hashable, value: Value) -> Value:
        with self._lock:
            if version != self._version:
                self._kept.clear()
                self._version = version
            self._kept[key] = value
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return value
