"""A pool of reader processes over one snapshot: consistent, each with a deadline, killed when it passes.

Forking costs about 20 ms at a million triples, so a reader that overran its deadline is killed and replaced, and
one that took long is replaced too, since it was given lower priority on the way: cheap queries are not slowed.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Final

from carekg import errors, syntax
from carekg.store import reader

SLOW: Final = 1.0
"""Seconds after which a query no longer competes with cheap ones."""

IN_ROOM: Final = 4 * 2**20
"""Bytes of an answer that are kept in memory before it goes to a temporary file."""

LARGEST: Final = 2**30
"""Bytes that one answer may have."""

FEWEST, MOST = 2, 16
"""Readers that stand ready, and readers at the same time."""


@dataclass(frozen=True)
class Question:
    """One query, and the name of the format wanted: JSON for a table and Turtle for a graph where it is empty."""

    query: str
    form: str = ""
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()

    def as_json(self) -> bytes:
        """Give the request frame's payload."""
        return json.dumps(self.__dict__).encode()


@dataclass
class Answer:
    """An answer as bytes: ``kind`` is solutions, boolean or graph; ``form`` the name of its format."""

    kind: str
    form: str
    body: IO[bytes]
    size: int

    def read(self) -> bytes:
        """Give the whole answer."""
        with self.body:
            return self.body.read()

    def pieces(self, size: int = 1 << 16) -> Iterator[bytes]:
        """Give the answer piece by piece, then let it go."""
        with self.body:
            while piece := self.body.read(size):
                yield piece


@dataclass
class _Reader:
    pid: int
    channel: socket.socket
    spent: bool = field(default=False)


class Readers:
    """Answer questions on the snapshot at ``path``, each within ``deadline`` seconds and ``memory_mb``."""

    def __init__(self, path: Path, *, deadline: float, memory_mb: int, in_memory: bool = True) -> None:
        self.path, self.deadline, self.memory_mb = path, deadline, memory_mb
        self._mode = "memory" if in_memory else "disk"
        self._lock = threading.Condition()
        self._idle: list[_Reader] = []
        self._count = 0
        self._closed = False
        self._parent: subprocess.Popen[bytes] | None = None
        self._start()

    def __enter__(self) -> Readers:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def answer(self, question: Question, deadline: float | None = None) -> Answer:
        """Answer a question.

        :param deadline: seconds, where it is to differ from the pool's.
        :raises BadQuery: it does not parse or cannot be evaluated.
        :raises OverDeadline: it was stopped.
        :raises OverMemory: its reader died.
        :raises StoreError: no reader could be had.
        """
        seconds = self.deadline if deadline is None else min(deadline, self.deadline)
        until = time.monotonic() + seconds
        one = self._take(until)
        body: IO[bytes] = tempfile.SpooledTemporaryFile(IN_ROOM)  # noqa: SIM115 - the answer owns it
        try:
            head = self._converse(one, question, body, until)
        except (TimeoutError, EOFError, ConnectionError) as error:
            body.close()
            self._drop(one)
            if isinstance(error, TimeoutError):
                raise errors.OverDeadline(seconds) from None
            raise errors.OverMemory(self.memory_mb) from None
        except BaseException:
            body.close()
            self._give_back(one)
            raise
        self._give_back(one)
        size = body.tell()
        body.seek(0)
        kind, _, form = head.partition(" ")
        return Answer(kind, form, body, size)

    def close(self) -> None:
        """End every process of the pool."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
            for one in self._idle:
                one.channel.close()
            self._idle.clear()
            self._stop()

    # --- one conversation ------------------------------------------------------------------------------

    def _converse(self, one: _Reader, question: Question, body: IO[bytes], until: float) -> str:
        """Send the question and gather the answer; give its kind and format."""
        began = time.monotonic()
        reader.send_frame(one.channel, b"Q", question.as_json())
        head = ""
        while True:
            if not one.spent and not _readable(one.channel, min(until, began + SLOW)):
                one.spent = True
                with contextlib.suppress(OSError, AttributeError):
                    os.setpriority(os.PRIO_PROCESS, one.pid, 10)
            one.channel.settimeout(max(until - time.monotonic(), 0.001))
            letter, payload = reader.receive_frame(one.channel)
            if letter == b"D":
                body.write(payload)
                if body.tell() > LARGEST:
                    one.spent = True
                    raise EOFError
            elif letter == b"H":
                head = payload.decode()
            elif letter == b"E":
                return head
            else:
                raise _as_error(json.loads(payload), question.query)

    def _take(self, until: float) -> _Reader:
        """Give an idle reader, a new one where there may be more, or wait for one."""
        with self._lock:
            while not self._idle and self._count >= MOST:
                if not self._lock.wait(max(until - time.monotonic(), 0)):
                    raise errors.StoreError(f"All {MOST} readers are busy with long queries; try again shortly.")
            if self._idle:
                return self._idle.pop()
            return self._fork()

    def _give_back(self, one: _Reader) -> None:
        """Put a reader back, or replace it where it was given lower priority or there are many."""
        if one.spent:
            self._drop(one)
            return
        with self._lock:
            self._idle.append(one)
            self._lock.notify()

    def _drop(self, one: _Reader) -> None:
        """Kill a reader and reap it; keep the few ready that should be."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(one.pid, signal.SIGKILL)
        one.channel.close()
        with self._lock:
            self._count -= 1
            with contextlib.suppress(errors.StoreError):
                self._command(f"reap {one.pid}")
                if self._count < FEWEST:
                    self._idle.append(self._fork())
            self._lock.notify()

    # --- the parent of all readers ---------------------------------------------------------------------

    def _start(self) -> None:
        """Start the parent and wait until it holds the snapshot."""
        ours, theirs = socket.socketpair()
        with theirs:
            arguments = [str(theirs.fileno()), str(self.path), str(self.memory_mb), self._mode]
            self._parent = subprocess.Popen([sys.executable, reader.__file__, *arguments], pass_fds=[theirs.fileno()])
        self._control = ours
        self._replies = ours.makefile("rb")
        said = json.loads(self._replies.readline() or b'{"error": "the reader process ended at once"}')
        if "error" in said:
            self._stop()
            raise errors.StoreError(f"The store at {self.path} cannot be read: {said['error']}.")
        self._idle, self._count = [], 0
        self._idle = [self._fork() for _ in range(FEWEST)]

    def _stop(self) -> None:
        """Close the control socket, upon which the parent kills its children and ends."""
        self._replies.close()
        self._control.close()
        if self._parent:
            self._parent.wait()

    def _fork(self) -> _Reader:
        """Have the parent fork a reader; start the parent anew where it has died."""
        ours, theirs = socket.socketpair()
        with theirs:
            try:
                pid = int(self._command("fork", theirs.fileno()))
            except errors.StoreError:
                ours.close()
                for one in self._idle:  # readers of a parent that has died: they end when their channel does
                    one.channel.close()
                self._stop()
                self._start()
                return self._idle.pop()
        self._count += 1
        return _Reader(pid, ours)

    def _command(self, words: str, descriptor: int | None = None) -> bytes:
        """Send a command to the parent, with a descriptor where given; give its reply."""
        try:
            socket.send_fds(self._control, [f"{words}\n".encode()], [] if descriptor is None else [descriptor])
            reply: bytes = self._replies.readline()
        except OSError:
            reply = b""
        if not reply:
            raise errors.StoreError("The reader process has ended.")
        return reply


def _readable(channel: socket.socket, until: float) -> bool:
    """Say whether something can be read from the channel before ``until`` on the monotonic clock."""
    return bool(select.select([channel], [], [], max(until - time.monotonic(), 0))[0])


def _as_error(said: dict[str, str], query: str) -> errors.CarekgError:
    """Give the error for what a reader says went wrong, with its line and column."""
    if said["kind"] == "syntax":
        return errors.BadQuery(*syntax.told(query, said["message"]))
    if said["kind"] == "leaving":
        return errors.LeavingQuery(said["message"])
    message = " ".join(said["message"].split())[:160].rstrip(".")
    return errors.BadInput(f"The query cannot be answered: {message}.")
