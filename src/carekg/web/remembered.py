"""What is computed from a graph, remembered while the graph stays the same."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Value = TypeVar("Value")


class Remembered(Generic[Value]):
    """Keeps the ``most`` values asked for last, all of one version; who asks for one being made waits for it."""

    def __init__(self, most: int = 32) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._version = ""
        self._kept: OrderedDict[Hashable, Value] = OrderedDict()

    def get(self, version: str, key: Hashable, make: Callable[[], Value]) -> Value:
        """Give the value of that key, made now where it is not there or of another version."""
        with self._lock:
            if version != self._version:
                self._kept.clear()
                self._version = version
            if key not in self._kept:
                self._kept[key] = make()
            self._kept.move_to_end(key)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
            return self._kept[key]
