"""The parent of all readers, as seen from here: it is started, told to fork, to reap and to apply, and started anew."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from carekg import errors

SLOW: Final = 1.0
"""Seconds of computing after which a query no longer competes with cheap ones."""


@dataclass
class Reader:
    """A reader process: its id, its channel, and how many changes of the parent it has seen.

    ``tried`` is how many it has tried or taken over since it was forked.
    """

    pid: int
    channel: socket.socket
    epoch: int
    spent: bool = False
    tried: int = 0
    inbox: bytearray = field(default_factory=bytearray)
    _began: float = 0.0
    _look: float = 0.0

    def begin(self) -> None:
        """Note that a request begins, as of which the reader's computing counts."""
        self._began, self._look = _computed(self.pid), time.monotonic() + SLOW

    def receive(self, until: float) -> tuple[bytes, bytes]:
        """Give the letter and the payload of the next frame; where the reader computes for long, others go before it.

        :raises TimeoutError: it did not come until then.
        :raises EOFError: the reader has died.
        """
        while len(self.inbox) < 5 or len(self.inbox) < 5 + int.from_bytes(self.inbox[1:5], "big"):
            self.inbox += self._piece(until)
        size = int.from_bytes(self.inbox[1:5], "big")
        letter, payload = bytes(self.inbox[:1]), bytes(self.inbox[5:5 + size])
        del self.inbox[:5 + size]
        return letter, payload

    def _piece(self, until: float) -> bytes:
        """Give some bytes, or none at a moment at which the reader may count as slow."""
        now = time.monotonic()
        if not self.spent and now >= self._look:
            left = SLOW - (_computed(self.pid) - self._began)  # waiting is no fault
            self._look = now + left
            if left <= 0:
                self.spent = True
                with contextlib.suppress(OSError, AttributeError):
                    os.setpriority(os.PRIO_PROCESS, self.pid, 10)
        self.channel.settimeout(max((until if self.spent else min(until, self._look)) - now, 0.001))
        try:
            piece = self.channel.recv(1 << 17)
        except TimeoutError:
            if time.monotonic() < until:
                return b""
            raise
        if not piece:
            raise EOFError
        return piece


def _computed(pid: int) -> float:
    """Give the seconds that a process has computed, as Linux numbers their clock (clock_getcpuclockid(3)).

    Where the system has no such clock, the time that passes stands in for it.
    """
    try:
        return time.clock_gettime(~pid << 3 | 2)
    except OSError:
        return time.monotonic()


class Parent:
    """The process that holds the snapshot at ``path`` and forks readers; ``alive`` counts those."""

    def __init__(self, path: Path, memory_mb: int, *, in_memory: bool) -> None:
        self.path, self.memory_mb = path, memory_mb
        self._mode = "memory" if in_memory else "disk"
        self.alive = self.epoch = 0  # epoch: how often there was something new to see
        self.start()

    def start(self) -> None:
        """Start the process and wait until it holds the snapshot.

        :raises StoreError: it cannot be read.
        """
        ours, theirs = socket.socketpair()
        with theirs:
            arguments = [str(theirs.fileno()), str(self.path), str(self.memory_mb), self._mode]
            command = [sys.executable, "-P", "-m", "carekg.reader", *arguments]
            self._process = subprocess.Popen(command, pass_fds=[theirs.fileno()])
        self._control = ours
        self._replies = ours.makefile("rb")
        said = json.loads(self._replies.readline() or b'{"error": "the reader process ended at once"}')
        if "error" in said:
            self.stop()
            raise errors.StoreError(f"The store at {self.path} cannot be read: {said['error']}.")
        self.alive = 0
        self.epoch += 1

    def stop(self) -> None:
        """Close the control socket, upon which the process kills its children and ends."""
        self._replies.close()
        self._control.close()
        self._process.wait()

    def fork(self, kind: str = "") -> Reader:
        """Fork a reader: one that is ``open`` has sockets, one that is ``changing`` has a copy of its own to change.

        :raises StoreError: the process has died.
        """
        ours, theirs = socket.socketpair()
        with theirs:
            try:
                pid = int(self._command(f"fork {kind}", theirs.fileno()))
            except errors.StoreError:
                ours.close()
                raise
        self.alive += 1
        return Reader(pid, ours, self.epoch)

    def release(self, one: Reader) -> None:
        """Let go of a reader that has nothing to do: it ends by itself, and nobody waits for that."""
        one.channel.close()
        self.alive -= 1

    def kill(self, one: Reader) -> None:
        """Kill a reader and reap it."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(one.pid, signal.SIGKILL)
        one.channel.close()
        self.alive -= 1
        self._command(f"reap {one.pid}")

    def apply(self, patch: Path) -> None:
        """Do what a written effect does; readers forked from now on see it."""
        self._command(f"apply {patch}")
        self.epoch += 1

    def guard(self, plan: Path) -> None:
        """Have readers forked from now on work out what updates come to under a guard."""
        self._command(f"guard {plan}")
        self.epoch += 1

    def _command(self, words: str, descriptor: int | None = None) -> bytes:
        """Send a command, with a descriptor where given; give the reply."""
        try:
            socket.send_fds(self._control, [f"{words}\n".encode()], [] if descriptor is None else [descriptor])
            reply: bytes = self._replies.readline()
        except OSError:
            reply = b""
        if not reply:
            raise errors.StoreError("The reader process has ended.")
        return reply
