"""Connections that nothing moves on are closed, and one client has only so many.

The server closes a connection whose headers do not come, and no other: one whose body stops coming, or whose answer
nobody takes, would stay for ever and hold a thread (https://github.com/emmett-framework/granian/issues/728). Linux
tells how many bytes went over each connection, so whoever moves next to nothing for a while is closed here.
"""

from __future__ import annotations

import contextlib
import os
import socket
import struct
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from carekg.web import site

OPEN: Final = Path("/proc/self/fd")
"""Where Linux lists what a process has open; elsewhere nothing is watched."""

EVERY: Final = 5.0
"""Seconds from one look to the next."""

LEAST: Final = 512
"""Bytes that have to go over a connection, in either direction, from one reckoning to the next."""

MOST: Final = 256
"""Connections that one client may have: a quarter of those that the server takes at once."""

MOVED: Final = struct.Struct("=QQ")
MOVED_AT: Final = 120
"""``tcpi_bytes_acked`` and ``tcpi_bytes_received`` in the kernel's struct tcp_info (linux/tcp.h)."""


@dataclass(frozen=True)
class _Connection:
    moved: int
    since: float


class Watch(threading.Thread):
    """Looks at this process's connections to one port, and closes those that it should.

    :param patience: seconds in which a connection has to move something; longer than any query may take.
    :param per_client: connections of one client, nought for any number: behind a proxy all are the proxy's.
    """

    def __init__(self, port: int, patience: float, per_client: int = MOST, every: float = EVERY) -> None:
        super().__init__(name="connections", daemon=True)
        self.port, self.patience, self.per_client, self.every = port, patience, per_client, every
        self._known: dict[str, _Connection] = {}
        self._ended = threading.Event()

    def run(self) -> None:
        """Look again and again until stopped."""
        while OPEN.is_dir() and not self._ended.wait(self.every):
            self.look()

    def stop(self) -> None:
        """End after the look that is under way."""
        self._ended.set()

    def look(self) -> None:
        """Look once."""
        now = time.monotonic()
        found: dict[str, _Connection] = {}
        clients: defaultdict[str, int] = defaultdict(int)
        for name, one in _connections(self.port):
            with one:
                peer = site.grouped(str(one.getpeername()[0]))
                found[name] = self._reckoned(name, _moved(one), now)
                clients[peer] += 1
                is_idle = now - found[name].since > self.patience
                if is_idle or (self.per_client and clients[peer] > self.per_client):
                    one.shutdown(socket.SHUT_RDWR)
        self._known = found

    def _reckoned(self, name: str, moved: int, now: float) -> _Connection:
        """Give what is known of a connection; the time begins anew where enough has moved."""
        known = self._known.get(name)
        return known if known and known.moved <= moved < known.moved + LEAST else _Connection(moved, now)


def _connections(port: int) -> Iterator[tuple[str, socket.socket]]:
    """Give this process's connections to a port, each with a name that no other has; each is a copy to be closed."""
    for entry in sorted(OPEN.iterdir(), key=lambda entry: int(entry.name)):
        with contextlib.suppress(OSError):  # it has gone meanwhile, or is no connection
            if not (name := str(entry.readlink())).startswith("socket:"):
                continue
            one = socket.socket(fileno=os.dup(int(entry.name)))
            if one.type == socket.SOCK_STREAM and one.family in (socket.AF_INET, socket.AF_INET6) and _is_of(one, port):
                yield name, one
            else:
                one.close()


def _is_of(one: socket.socket, port: int) -> bool:
    """Say whether this is a connection that came in at a port; the listening socket has no peer."""
    try:
        return bool(one.getsockname()[1] == port and one.getpeername())
    except OSError:
        return False


def _moved(one: socket.socket) -> int:
    """Give how many bytes a connection's other end has taken and sent."""
    told = one.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, MOVED_AT + MOVED.size)
    return sum(MOVED.unpack_from(told, MOVED_AT))
