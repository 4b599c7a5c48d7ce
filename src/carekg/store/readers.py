"""A pool of reader processes over one snapshot: consistent, each with a deadline, killed when it passes.

Forking costs about 20 ms at a million triples, so a reader that overran its deadline is killed and replaced, and
one that took long is replaced too, since it was given lower priority on the way: cheap queries are not slowed.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Final, Self

from carekg import errors, reader, syntax
from carekg.reader.effect import Effect
from carekg.store.turns import Busy, Turns

SLOW: Final = 1.0
"""Seconds after which a query no longer competes with cheap ones."""

IN_ROOM: Final = 4 * 2**20
"""Bytes of an answer that are kept in memory before it goes to a temporary file."""

FEWEST: Final = 2
"""Readers that stand ready."""


@dataclass(frozen=True)
class Question:
    """One query, and the name of the format wanted: JSON for a table and Turtle for a graph where it is empty.

    ``rows`` is the most that the answer may have, nought for any number; ``client`` is who asks, for a fair turn;
    ``base`` is what relative IRIs of the query are relative to.
    """

    query: str
    form: str = ""
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    rows: int = 0
    client: str = ""
    base: str = ""


@dataclass(frozen=True)
class Update:
    """The operations of an update, as :mod:`carekg.reader.changing` does them.

    ``text`` is what SPARQL they were taken from, None where from none; ``base`` what its relative IRIs are relative to.
    """

    operations: Sequence[Mapping[str, Any]]
    text: str | None = None
    base: str = ""


@dataclass
class Answer:
    """An answer as bytes: ``kind`` is solutions, boolean or graph; ``form`` the name of its format.

    ``cut`` is the number of rows after which it was cut, nought where it is whole.
    """

    kind: str
    form: str
    body: IO[bytes]
    size: int
    cut: int = 0

    def read(self) -> bytes:
        """Give the whole answer."""
        with self.body:
            return self.body.read()

    def pieces(self, size: int = 1 << 16) -> Iterator[bytes]:
        """Give the answer piece by piece, then let it go."""
        with self.body:
            while piece := self.body.read(size):
                yield piece


@dataclass(frozen=True)
class Limits:
    """What a request may take: seconds, megabytes of its reader, readers at once, megabytes of its answer."""

    deadline: float = 10.0
    memory_mb: int = 1024
    readers: int = 16
    answer_mb: int = 1024


@dataclass
class _Reader:
    pid: int
    channel: socket.socket
    epoch: int
    spent: bool = False
    inbox: bytearray = field(default_factory=bytearray)

    def receive(self, until: float, slow: float) -> tuple[bytes, bytes]:
        """Give the letter and the payload of the next frame; from ``slow`` on others go before this reader.

        :raises TimeoutError: it did not come until then.
        :raises EOFError: the reader has died.
        """
        while len(self.inbox) < 5 or len(self.inbox) < 5 + int.from_bytes(self.inbox[1:5], "big"):
            self.inbox += self._piece(until, slow)
        size = int.from_bytes(self.inbox[1:5], "big")
        letter, payload = bytes(self.inbox[:1]), bytes(self.inbox[5:5 + size])
        del self.inbox[:5 + size]
        return letter, payload

    def _piece(self, until: float, slow: float) -> bytes:
        """Give some bytes, or none at the moment from which the reader counts as slow."""
        now = time.monotonic()
        if not self.spent and now >= slow:
            self.spent = True
            with contextlib.suppress(OSError, AttributeError):
                os.setpriority(os.PRIO_PROCESS, self.pid, 10)
        self.channel.settimeout(max((until if self.spent else min(until, slow)) - now, 0.001))
        try:
            piece = self.channel.recv(1 << 17)
        except TimeoutError:
            if time.monotonic() < until:
                return b""
            raise
        if not piece:
            raise EOFError
        return piece


class Readers:
    """Answer questions on the snapshot at ``path``, each within ``limits``."""

    def __init__(self, path: Path, limits: Limits, *, in_memory: bool = True) -> None:
        self.path, self.limits = path, limits
        self._mode = "memory" if in_memory else "disk"
        self._lock = threading.RLock()
        self.turns = Turns(limits.readers)
        self._idle: list[_Reader] = []
        self._count = self._epoch = 0
        self._closed = False
        self._parent: subprocess.Popen[bytes] | None = None
        self._start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        self.close()

    def answer(self, question: Question, deadline: float | None = None, checked: str = "") -> Answer:
        """Answer a query.

        :param deadline: seconds, where fewer than usual are wanted.
        :param checked: the query without the calls of other services that are allowed; with it the reader has sockets.
        :raises BadQuery: the query does not parse, with its line and column.
        :raises OverDeadline: it took longer: it was stopped.
        :raises OverMemory: its reader died.
        :raises StoreError: no reader could be had.
        """
        request = {"query": question.query, "form": question.form, "default_graphs": question.default_graphs,
                   "named_graphs": question.named_graphs, "rows": question.rows, "base": question.base,
                   "checked": checked}
        answer, end = self._asked(b"Q", request, deadline, question.client, bool(checked))
        answer.cut = question.rows if end == b"cut" else 0
        return answer

    def graph(self, iri: str | None, form: str, prefixes: Mapping[str, str], *,
              body: bool = True) -> tuple[Answer, str]:
        """Give one graph, the default graph for an empty IRI, all for none; and the fingerprint of its triples.

        :raises Unmet: there is no such graph.
        """
        request = {"graph": iri, "form": form, "prefixes": dict(prefixes), "body": body}
        answer, end = self._asked(b"G", request, None, "")
        return answer, end.decode()

    def effect(self, update: Update, client: str = "") -> Effect:
        """Give what an update does, which changes nothing yet.

        :raises BadQuery, BadBody: its text, or a document, does not parse.
        :raises Unmet: a graph is missing, there already, or has changed.
        """
        request = {"query": update.text, "base": update.base, "operations": update.operations}
        answer, _ = self._asked(b"U", request, None, client)
        return Effect.from_patch(answer.read())

    def apply(self, patch: Path) -> None:
        """Have the parent do what a written effect does, so that readers forked from now on see it."""
        with self._lock:
            self._command(f"apply {patch}")
            self._epoch += 1
            stale, self._idle = self._idle, []
        for one in stale:
            self._drop(one)

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

    def _asked(self, letter: bytes, request: dict[str, Any], deadline: float | None, client: str,
               is_open: bool = False) -> tuple[Answer, bytes]:
        """Have a request answered when its turn comes, within the deadline from now."""
        seconds = self.limits.deadline if deadline is None else min(deadline, self.limits.deadline)
        until = time.monotonic() + seconds
        try:
            self.turns.enter(client, until)
        except Busy:
            raise errors.Busy(self.limits.readers) from None
        try:
            return self._answered(letter, request, seconds, until, is_open)
        finally:
            self.turns.leave(client)

    def _answered(self, letter: bytes, request: dict[str, Any], seconds: float, until: float,
                  is_open: bool) -> tuple[Answer, bytes]:
        one = self._take(is_open)
        one.spent = is_open or letter == b"U"  # one that has sockets, or has changed its copy, is for nobody else
        body: IO[bytes] = tempfile.SpooledTemporaryFile(IN_ROOM)  # noqa: SIM115 - the answer owns it
        try:
            reader.send_frame(one.channel, letter, json.dumps(request).encode())
            head, end = self._gathered(one, request.get("query"), body, until)
        except (TimeoutError, EOFError, ConnectionError) as error:
            body.close()
            self._drop(one)
            if isinstance(error, TimeoutError):
                raise errors.OverDeadline(seconds) from None
            raise errors.OverMemory(self.limits.memory_mb) from None
        except BaseException:
            body.close()
            self._give_back(one)
            raise
        self._give_back(one)
        size = body.tell()
        body.seek(0)
        kind, _, form = head.partition(" ")
        return Answer(kind, form, body, size), end

    def _gathered(self, one: _Reader, query: str | None, body: IO[bytes], until: float) -> tuple[str, bytes]:
        """Gather an answer; give its kind and format, and what its end says."""
        slow = time.monotonic() + SLOW
        head = ""
        while True:
            letter, payload = one.receive(until, slow)
            if letter == b"D":
                body.write(payload)
                if body.tell() > self.limits.answer_mb * 2**20:
                    one.spent = True
                    raise errors.OverSize(self.limits.answer_mb)
            elif letter == b"H":
                head = payload.decode()
            elif letter == b"E":
                return head, payload
            else:
                raise _as_error(json.loads(payload), query)

    def _take(self, is_open: bool) -> _Reader:
        """Give an idle reader or a new one; there is a place for it."""
        with self._lock:
            return self._idle.pop() if self._idle and not is_open else self._fork(is_open)

    def _give_back(self, one: _Reader) -> None:
        """Put a reader back, or replace it where it was given lower priority or sees an older graph."""
        if one.spent:
            self._drop(one)
            return
        with self._lock:
            if one.epoch == self._epoch:
                self._idle.append(one)
                return
        self._drop(one)

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

    # --- the parent of all readers ---------------------------------------------------------------------

    def _start(self) -> None:
        """Start the parent and wait until it holds the snapshot."""
        ours, theirs = socket.socketpair()
        with theirs:
            arguments = [str(theirs.fileno()), str(self.path), str(self.limits.memory_mb), self._mode]
            command = [sys.executable, "-P", "-m", "carekg.reader", *arguments]
            self._parent = subprocess.Popen(command, pass_fds=[theirs.fileno()])
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

    def _fork(self, is_open: bool = False) -> _Reader:
        """Have the parent fork a reader; start the parent anew where it has died."""
        ours, theirs = socket.socketpair()
        with theirs:
            try:
                pid = int(self._command("fork open" if is_open else "fork", theirs.fileno()))
            except errors.StoreError:
                ours.close()
                for one in self._idle:  # readers of a parent that has died: they end when their channel does
                    one.channel.close()
                self._stop()
                self._start()
                return self._idle.pop()
        self._count += 1
        return _Reader(pid, ours, self._epoch)

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


def _as_error(said: dict[str, str], query: str | None) -> errors.CarekgError:
    """Give the error for what a reader says went wrong, with its line and column."""
    if said["kind"] == "syntax":
        told = said["message"]
        return _as_bad_body(told) if query is None else errors.BadQuery(*syntax.told(query, told))
    if said["kind"] == "leaving":
        return errors.LeavingQuery(said["message"])
    if said["kind"] == "unmet":
        return errors.Unmet(*said["message"].split(" ", 1))
    message = " ".join(said["message"].split())[:160].rstrip(".")
    return errors.BadInput(f"The query cannot be answered: {message}.")


def _as_bad_body(message: str) -> errors.BadBody:
    """Give the error for a document, where the parser says at which line and column it gave up."""
    pattern = r"Parser error (?:at|between) line (\d+) column (\d+)[^:]*: (.*?)(?: \(line \d+.*)?$"
    match = re.match(pattern, message, re.DOTALL)
    if not match:
        return errors.BadBody(" ".join(message.split())[:160].rstrip("."))
    return errors.BadBody(" ".join(match[3].split())[:160].rstrip("."), int(match[1]), int(match[2]))
