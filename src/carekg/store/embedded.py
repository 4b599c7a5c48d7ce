"""The store on this machine: a folder of generations, of which a pointer names the one that is served.

A build writes a whole new generation beside the old one and moves the pointer last, so that a build that is
killed leaves the old graph served. A change is written down whole before it is done to the generation, so that one
that is killed is finished by whoever opens the generation next.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import shutil
import tempfile
import threading
import time
import uuid
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import pyoxigraph as ox

from carekg import errors, syntax
from carekg.store import Effect, Manifest, Update, filling, journal
from carekg.store.asked import Answer, Limits, Question
from carekg.store.readers import Readers
from carekg.store.turns import Turns
from carekg.terms import PREFIXES

POINTER: Final = "CURRENT"
FITS_IN_MEMORY: Final = 8_000_000
"""Quads up to which answers come from memory; above, from disk."""


class EmbeddedStore:
    """An Oxigraph store below ``path``, or in a temporary folder that ends with the store where it is None."""

    def __init__(self, path: str | Path | None, limits: Limits | None = None, *, in_memory: bool = True,
                 hosts: frozenset[str] = frozenset()) -> None:
        self._temporary = tempfile.TemporaryDirectory(prefix="carekg-") if path is None else None
        self.path = Path(self._temporary.name if self._temporary else str(path))
        self.limits, self.in_memory, self.hosts = limits or Limits(), in_memory, hosts
        self._lock = threading.Lock()
        self._changing = threading.Lock()
        self._readers: Readers | None = None
        self._old: list[Readers] = []
        self._served, self._seen, self._looked = "", 0, 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        self.close()

    @property
    def version(self) -> str:
        """Give the name of the generation that is read, with the number of changes that its readers have seen."""
        self._current_readers()
        return f"{self._served}:{self._seen}"

    @property
    def turns(self) -> Turns:
        """Give the places in which queries run: how many are free, and how many requests wait for one."""
        return self._current_readers().turns

    def answer(self, question: Question, deadline: float | None = None) -> Answer:
        """Answer in a reader process; see :meth:`carekg.store.readers.Readers.answer` for the errors."""
        checked = syntax.refuse_what_leaves(question.query, self.hosts)
        readers = self._current_readers()
        try:
            return readers.answer(question, deadline, checked)
        except (errors.StoreError, errors.OverMemory):
            if self._pointed_at() == self._served:
                raise
            self._looked = 0.0  # a build has replaced the graph meanwhile: ask the new one
            return self._current_readers().answer(question, deadline, checked)

    def graph(self, iri: str | None, form: str, client: str = "", *, body: bool = True) -> tuple[Answer, str]:
        """Give one graph, the default graph for an empty IRI, all for none; and a fingerprint of its triples.

        :raises Unmet: there is no such graph.
        """
        return self._current_readers().graph(iri, form, PREFIXES, client, body=body)

    def change(self, update: Update, client: str = "") -> Effect:
        """Do an update, all or nothing; changes come one after another.

        :raises Unmet: a graph is not as an operation takes it to be.
        :raises StoreError: another process is writing, or nothing can be written.
        """
        with self._changing, self._only_writer():
            readers = self._latest_readers()
            effect = readers.effect(update, client)
            if effect:
                readers.apply(journal.commit(self.path / self._served, effect))
                self._seen += 1
            return effect

    def replace(self, quads: Sequence[bytes], manifest: Manifest) -> None:
        """Build a new generation from N-Quads, then let the pointer name it."""
        with self._only_writer():
            name = f"generation-{uuid.uuid4().hex}"
            folder = self.path / name
            folder.mkdir()
            store = ox.Store(str(folder / journal.QUADS))
            filling.fill(store, b"".join(quads), union=not manifest.plain)
            del store
            (folder / journal.MANIFEST).write_text(manifest.as_json(), encoding="utf-8")
            before = self._pointed_at()
            self._point_at(name)
            self._sweep(keep={name, before})

    def manifest(self) -> Manifest | None:
        """Give the manifest of the generation that is served."""
        name = self._pointed_at()
        if not name:
            return None
        try:
            return Manifest(**json.loads((self.path / name / journal.MANIFEST).read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError) as error:
            raise errors.StoreError(f"{self.path / name} is not a whole graph ({error}); run `carekg build`.") from None

    def close(self) -> None:
        """End the readers; remove the folder where it is temporary."""
        with self._lock:
            for readers in [*self._old, *([self._readers] if self._readers else [])]:
                readers.close()
            self._old, self._readers = [], None
        if self._temporary:
            self._temporary.cleanup()

    # --- readers follow the pointer ----------------------------------------------------------------------

    def _current_readers(self) -> Readers:
        """Give readers of the generation that the pointer names, and of its last change, looked at once a second."""
        readers = self._readers
        if readers and time.monotonic() - self._looked < 1:
            return readers
        with self._lock:
            self._looked = time.monotonic()
            name = self._pointed_at()
            if not name:
                raise errors.StoreError(f"There is no graph at {self.path} yet; run `carekg build` first.")
            changed = journal.number(self.path / name) != self._seen and not self._changing.locked()
            if self._readers is None or name != self._served:
                self._follow(name)
            elif changed:  # by another process; where it is writing again, the next look will do
                with contextlib.suppress(errors.StoreError):
                    self._follow(name)
            return self._readers or self._follow(name)

    def _latest_readers(self) -> Readers:
        """Give readers that have seen every change, for one who holds the writer's lock."""
        journal.finish(self.path / self._pointed_at())
        self._current_readers()
        with self._lock:
            name = self._pointed_at()
            if self._readers and (name, journal.number(self.path / name)) == (self._served, self._seen):
                return self._readers
            return self._follow(name)

    def _follow(self, name: str) -> Readers:
        """Start readers on a generation, or on the one that has replaced it meanwhile; let go of those before."""
        while True:
            try:
                readers, seen = self._start(name)
                break
            except errors.StoreError:
                newer = self._pointed_at()
                if newer == name:
                    raise
                name = newer
        old = self._readers
        self._readers, self._served, self._seen = readers, name, seen
        if old:
            self._leave(old)
        return readers

    def _leave(self, old: Readers) -> None:
        """Close readers of an older graph once their running queries must have ended."""
        later = threading.Timer(old.limits.deadline + 1, old.close)
        later.daemon = True
        later.start()
        self._old.append(old)

    def _start(self, name: str) -> tuple[Readers, int]:
        """Start readers on a generation, in memory where it fits; give how many changes they have seen.

        A change that was cut off is finished first, and one that is done meanwhile is waited for.
        """
        generation = self.path / name
        while True:
            if self.in_memory and journal.is_left(generation):
                with self._only_writer():
                    journal.finish(generation)
            seen, manifest = journal.number(generation), self.manifest()
            in_memory = self.in_memory and manifest is not None and manifest.triples <= FITS_IN_MEMORY
            readers = Readers(generation / journal.QUADS, self.limits, in_memory=in_memory)
            if not in_memory or (seen == journal.number(generation) and not journal.is_left(generation)):
                return readers, seen
            readers.close()

    # --- the pointer and the writer's lock -----------------------------------------------------------------

    def _pointed_at(self) -> str:
        """Give the name of the generation that is served, or nothing."""
        try:
            return (self.path / POINTER).read_text(encoding="ascii").strip()
        except OSError:
            return ""

    def _point_at(self, name: str) -> None:
        """Move the pointer in one step that survives a crash."""
        draft = self.path / f"{POINTER}.{name}"
        with draft.open("w", encoding="ascii") as file:
            file.write(name)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self.path / POINTER)

    def _sweep(self, keep: set[str]) -> None:
        """Remove generations but the new one and the one before, which readers may be about to load, and drafts."""
        for entry in self.path.glob("generation-*"):
            if entry.name not in keep:
                shutil.rmtree(entry, ignore_errors=True)
        for draft in self.path.glob(f"{POINTER}.*"):
            draft.unlink(missing_ok=True)

    @contextlib.contextmanager
    def _only_writer(self) -> Iterator[None]:
        """Hold the folder's lock, which ends with the process that holds it."""
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            lock = (self.path / "LOCK").open("w", encoding="ascii")
        except OSError as error:
            raise errors.StoreError(f"The store at {self.path} cannot be written: {error.strerror}; "
                                    "name a folder with --store.") from None
        with lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise errors.StoreError(f"Another process is writing to {self.path}; wait for it to end.") from None
            yield
