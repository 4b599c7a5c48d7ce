"""A pool of reader processes over one snapshot: consistent, each with a deadline, killed when it passes.

Forking costs about 20 ms at a million triples, so a reader that overran its deadline is killed and replaced, and
one that took long is replaced too, since it was given lower priority on the way: cheap queries are not slowed.
"""

from __future__ import annotations

import contextlib
import json
import re
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Final, Self

from carekg import errors, reader, syntax
from carekg.reader.effect import Effect
from carekg.store.asked import IN_ROOM, Answer, Guard, Limits, Proposal, Question, Update
from carekg.store.parent import Parent, Reader
from carekg.store.turns import Busy, Turns

FEWEST: Final = 2
"""Readers that stand ready."""

MOST: Final = 200
"""Changes that a reader tries or takes over before it is replaced: the engine frees not all that they leave."""

PASSED_ON: Final = 1 << 16
"""Bytes of a change that readers take over; at a larger one they are forked anew."""

MOMENT: Final = 0.05
"""Seconds after which those that went are replaced."""


class Readers:
    """Answer questions on the snapshot at ``path``, with what was done ``since``, each within ``limits``."""

    def __init__(self, path: Path, limits: Limits, *, in_memory: bool = True,
                 since: Callable[[], Iterable[Effect]] = tuple) -> None:
        self.path, self.limits = path, limits
        self._lock = threading.RLock()
        self.turns = Turns(limits.readers)
        self._idle: list[Reader] = []
        self._closed, self.in_memory = False, in_memory
        self._refilling: threading.Timer | None = None
        self._since = since
        done = self._done()
        self._parent = Parent(path, limits.memory_mb, in_memory=in_memory)
        self._plan: Mapping[str, Any] | None = None
        self._catch_up(done)
        self._tell_guard()
        self._idle = [self._parent.fork() for _ in range(FEWEST)]

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
        answer, end = self._asked(b"Q", request, deadline, question.client, "open" if checked else "")
        answer.cut = question.rows if end == b"cut" else 0
        return answer

    def graph(self, iri: str | None, form: str, prefixes: Mapping[str, str], client: str = "") -> tuple[Answer, str]:
        """Give one graph, the default graph for an empty IRI, all for none; and the fingerprint of its triples.

        :raises Unmet: there is no such graph.
        """
        request = {"graph": iri, "form": form, "prefixes": dict(prefixes)}
        answer, end = self._asked(b"G", request, None, client)
        return answer, end.decode()

    def propose(self, update: Update, client: str = "", guard: Guard | None = None) -> Proposal:
        """Give what an update would do, under a guard where there is one; it changes nothing yet.

        :raises BadQuery, BadBody: its text, or a document, does not parse.
        :raises Unmet: a graph is missing, there already, or has changed.
        :raises Derived: it changes what nobody states.
        """
        self._guarded_by(guard)
        request = {"query": update.text, "base": update.base, "operations": update.operations,
                   "asks": [*update.asks]}
        needs_engine = bool(update.asks) or any(one["kind"] != "rows" for one in update.operations)
        kind = "changing" if needs_engine and not self.in_memory else ""
        answer, _ = self._asked(b"U", request, None, client, kind)
        return Proposal.of(answer.read())

    def apply(self, effect: Effect) -> None:
        """Have the parent do what a change does, so that readers forked from now on see it."""
        with self._lock:
            try:
                self._apply(effect if self.in_memory else Effect())  # on disk it is done already
            except errors.StoreError:
                self._start_anew()
                return
            patch = effect.as_patch()
            if self.in_memory and len(patch) <= PASSED_ON:
                self._pass_on(patch)
            else:
                self._renew()

    def _guarded_by(self, guard: Guard | None) -> None:
        """Let the parent know the plan of a guard, so that readers forked from now on do; once for each plan."""
        with self._lock:
            if guard is None or guard.plan is self._plan:
                return
            self._plan = guard.plan
            self._tell_guard()
            self._renew()

    def _tell_guard(self) -> None:
        if self._plan is not None:
            with tempfile.NamedTemporaryFile("w", suffix=".json", encoding="utf-8") as plan:
                json.dump(self._plan, plan)
                plan.flush()
                self._parent.guard(Path(plan.name))

    def _done(self) -> Iterable[Effect]:
        """Give what was done since the quads on disk were written, as they are now: the parent may read later ones."""
        return self._since() if self.in_memory else ()

    def _catch_up(self, done: Iterable[Effect]) -> None:
        """Have the parent, which knows what is on disk, do what was done since; twice is as good as once."""
        for effect in done:
            self._apply(effect)

    def _apply(self, effect: Effect) -> None:
        with tempfile.NamedTemporaryFile(suffix=".rdfp") as patch:
            patch.write(effect.as_patch())
            patch.flush()
            self._parent.apply(Path(patch.name))

    def close(self) -> None:
        """End every process of the pool."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
            for one in self._idle:
                one.channel.close()
            self._idle.clear()
            self._parent.stop()

    # --- one conversation ------------------------------------------------------------------------------

    def _asked(self, letter: bytes, request: dict[str, Any], deadline: float | None, client: str,
               kind: str = "") -> tuple[Answer, bytes]:
        """Have a request answered when its turn comes, within the deadline from now."""
        seconds = self.limits.deadline if deadline is None else min(deadline, self.limits.deadline)
        until = time.monotonic() + seconds
        try:
            self.turns.enter(client, until)
        except Busy:
            raise errors.Busy(self.limits.readers) from None
        try:
            try:
                return self._answered(letter, request, seconds, until, kind)
            except errors.Swept:  # a fresh reader opens the files that there are now
                return self._answered(letter, request, seconds, until, kind)
        finally:
            self.turns.leave(client)

    def _answered(self, letter: bytes, request: dict[str, Any], seconds: float, until: float,
                  kind: str) -> tuple[Answer, bytes]:
        one = self._take(kind)
        one.spent = bool(kind) or letter == b"U"  # one that has sockets, or has changed its copy, is for nobody else
        body: IO[bytes] = tempfile.SpooledTemporaryFile(IN_ROOM)  # noqa: SIM115 - the answer owns it
        try:
            one.begin()
            one.channel.settimeout(max(until - time.monotonic(), 0.001))
            reader.send_frame(one.channel, letter, json.dumps(request).encode())
            head, end = self._gathered(one, request.get("query"), body, until)
        except (TimeoutError, EOFError, ConnectionError) as error:
            body.close()
            self._drop(one)
            if isinstance(error, TimeoutError):
                raise errors.OverDeadline(seconds) from None
            raise errors.OverMemory(self.limits.memory_mb) from None
        except BaseException as error:
            body.close()
            one.spent = one.spent or isinstance(error, errors.Swept)
            self._give_back(one)
            raise
        if letter == b"U" and not kind and end == reader.AS_BEFORE:
            one.spent, one.tried = False, one.tried + 1
        self._give_back(one)
        size = body.tell()
        body.seek(0)
        kind, _, form = head.partition(" ")
        return Answer(kind, form, body, size), end

    def _gathered(self, one: Reader, query: str | None, body: IO[bytes], until: float) -> tuple[str, bytes]:
        """Gather an answer; give its kind and format, and what its end says."""
        head = ""
        while True:
            letter, payload = one.receive(until)
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

    def _take(self, kind: str) -> Reader:
        """Give an idle reader or a new one; there is a place for it."""
        with self._lock:
            return self._idle.pop() if self._idle and not kind else self._fork(kind)

    def _give_back(self, one: Reader) -> None:
        """Put a reader back, or replace it where it was given lower priority or sees an older graph."""
        with self._lock:
            if one.spent or one.tried >= MOST or one.epoch != self._parent.epoch:
                self._parent.release(one)
                self._refill_soon()
            else:
                self._idle.append(one)

    def _drop(self, one: Reader) -> None:
        """Kill a reader that is at work; keep the few ready that should be."""
        with self._lock, contextlib.suppress(errors.StoreError):
            self._parent.kill(one)
            self._refill_soon()

    def _pass_on(self, patch: bytes) -> None:
        """Have the readers that stand ready take a change over: to fork takes the longer, the larger the graph is."""
        ready, self._idle = self._idle, []
        for one in ready:
            try:
                one.channel.settimeout(self.limits.deadline)
                reader.send_frame(one.channel, b"A", patch)
            except OSError:
                self._parent.release(one)
                continue
            one.epoch = self._parent.epoch
            one.tried += 1
            self._idle.append(one)
        self._refill_soon()

    def _renew(self) -> None:
        """Let go of the readers that stand ready: they see an older graph."""
        for one in self._idle:
            self._parent.release(one)
        self._idle = []
        self._refill_soon()

    def _refill_soon(self) -> None:
        """Have a few readers ready again in a moment: nobody who asks or writes now is to wait for that."""
        if self._refilling is None and not self._closed:
            self._refilling = threading.Timer(MOMENT, self._refill)
            self._refilling.daemon = True
            self._refilling.start()

    def _refill(self) -> None:
        with self._lock, contextlib.suppress(errors.StoreError):
            self._refilling = None
            while self._parent.alive < FEWEST and not self._closed:
                self._idle.append(self._fork())

    def _fork(self, kind: str = "") -> Reader:
        """Fork a reader; start the parent anew where it has died."""
        try:
            return self._parent.fork(kind)
        except errors.StoreError:
            self._start_anew()
            return self._parent.fork(kind)

    def _start_anew(self) -> None:
        """Start the parent again where it has died; its readers end when their channels do."""
        for one in self._idle:
            one.channel.close()
        self._idle = []
        self._parent.stop()
        done = self._done()
        self._parent.start()
        self._catch_up(done)
        self._tell_guard()
        self._idle = [self._parent.fork() for _ in range(FEWEST)]


def _as_error(said: dict[str, str], query: str | None) -> errors.CarekgError:
    """Give the error for what a reader says went wrong, with its line and column."""
    if said["kind"] == "syntax":
        told = said["message"]
        return _as_bad_body(told) if query is None else errors.BadQuery(*syntax.told(query, told))
    if said["kind"] == "document":
        return _as_bad_body(*reversed(said["message"].split(" ", 1)))
    if said["message"].startswith("IO error: No such file"):
        return errors.Swept("A file of the store went while it was read; ask again.")
    if said["kind"] == "leaving":
        return errors.LeavingQuery(said["message"])
    if said["kind"] == "derived":
        return errors.Derived(*said["message"].split(" ", 1))
    if said["kind"] == "unmet":
        return errors.Unmet(*said["message"].split(" ", 1))
    message = " ".join(said["message"].split())[:160].rstrip(".")
    return errors.BadInput(f"The query cannot be answered: {message}.")


def _as_bad_body(message: str, address: str = "") -> errors.BadBody:
    """Give the error for a document, sent or loaded from an address, with the line and column that the parser says."""
    pattern = r"Parser error (?:at|between) line (\d+) (?:column|between columns) (\d+)[^:]*: (.*?)(?: \(line \d+.*)?$"
    match = re.match(pattern, message, re.DOTALL)
    if not match:
        return errors.BadBody(" ".join(message.split())[:160].rstrip("."), address=address)
    return errors.BadBody(" ".join(match[3].split())[:160].rstrip("."), int(match[1]), int(match[2]), address)
