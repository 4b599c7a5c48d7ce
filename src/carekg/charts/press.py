"""Makes pictures of specifications: a process of its own holds the converter, and is replaced where it takes too much.

The converter, vl-convert, is Vega in an engine for JavaScript. It holds Python's lock while it works, so that within
the server no other thread would answer meanwhile, and neither a deadline nor a limit to its memory could be set. It
starts with the first picture, in less than a second, and ends when nobody has asked for a picture for a while.
"""

from __future__ import annotations

import contextlib
import json
import socket
import subprocess
import sys
import threading
import time
import weakref
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from carekg import errors

SCRIPT: Final = Path(__file__).with_name("pressing.py")
"""What the process runs, by its path: it needs nothing else of ours, and starts at once."""

DEADLINE: Final = 20.0
"""Seconds that a picture may take, the start of the process included."""

LARGEST: Final = 2 * 2**20
"""Bytes of a specification, and of a picture."""

MEMORY: Final = 1200 * 2**20
"""Bytes of data that the process may have: 600 MB are set aside at once, of which 150 are used after many pictures."""

IDLE: Final = 600
"""Seconds without work after which the process ends."""


class Press:
    """Turns specifications into SVG and PNG, one at a time."""

    def __init__(self, deadline: float = DEADLINE, memory: int = MEMORY, idle: int = IDLE) -> None:
        self.deadline, self.memory, self.idle = deadline, memory, idle
        self._lock = threading.Lock()
        self._worker: _Worker | None = None

    def svg(self, grammar: str, spec: Mapping[str, Any]) -> str:
        """Give the picture of a specification in Vega or Vega-Lite.

        :raises OverDrawn: it takes too long, too much memory or too much room.
        """
        return self._made({"grammar": grammar, "spec": spec}).decode()

    def png(self, svg: str, scale: float = 2.0) -> bytes:
        """Give a picture in pixels, ``scale`` of them for each of its own.

        :raises OverDrawn: it takes too long, too much memory or too much room.
        """
        return self._made({"svg": svg, "scale": scale})

    def close(self) -> None:
        """End the process, where there is one."""
        with self._lock:
            self._end()

    def _made(self, order: Mapping[str, Any]) -> bytes:
        frame = json.dumps(order).encode()
        if len(frame) > LARGEST:
            raise errors.OverDrawn(f"it would have more than {LARGEST >> 20} MB")
        with self._lock:
            until = time.monotonic() + self.deadline
            for again in (True, False):
                worker = self._worker = self._worker or _Worker(self.memory, self.idle)
                fresh = worker.fresh
                try:
                    return worker.made(frame, until)
                except TimeoutError:
                    self._end()
                    raise errors.OverDrawn(f"it took more than {self.deadline:g} seconds") from None
                except OSError:  # it ended for want of work or of memory
                    self._end()
                    if fresh or not again:
                        break
        raise errors.OverDrawn(f"it needs more than {self.memory >> 20} MB of memory")

    def _end(self) -> None:
        if self._worker:
            self._worker.end()
        self._worker = None


class _Worker:
    """The process, and the channel to it."""

    def __init__(self, memory: int, idle: int) -> None:
        self.fresh = True
        self._channel, theirs = socket.socketpair()
        with theirs:
            command = [sys.executable, "-I", str(SCRIPT), str(theirs.fileno()), str(memory), str(idle), str(LARGEST)]
            process = subprocess.Popen(command, pass_fds=[theirs.fileno()], env={"TZ": "UTC", "LANG": "C.UTF-8"},
                                       stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.end = weakref.finalize(self, _ended, process, self._channel)

    def made(self, frame: bytes, until: float) -> bytes:
        """Give what the process makes of an order.

        :raises TimeoutError: it is not there until then.
        :raises OSError: the process has ended.
        :raises OverDrawn: it could not be made; the process lives on.
        """
        self._channel.settimeout(max(until - time.monotonic(), 0.001))
        self._channel.sendall(len(frame).to_bytes(4, "big") + frame)
        size = int.from_bytes(self._read(4, until), "big")
        said = self._read(size, until)
        self.fresh = False
        if said[:1] != b"+":
            raise errors.OverDrawn(said[1:].decode(errors="replace"))
        return said[1:]

    def _read(self, size: int, until: float) -> bytes:
        found = bytearray()
        while len(found) < size:
            self._channel.settimeout(max(until - time.monotonic(), 0.001))
            piece = self._channel.recv(min(size - len(found), 1 << 17))
            if not piece:
                raise ConnectionResetError
            found += piece
        return bytes(found)


def _ended(process: subprocess.Popen[bytes], channel: socket.socket) -> None:
    """Kill a process and reap it."""
    channel.close()
    with contextlib.suppress(ProcessLookupError):
        process.kill()
    process.wait()
