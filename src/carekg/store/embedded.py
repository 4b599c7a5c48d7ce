"""The store on this machine: readers over the generation that is served, and over every change that was made since.

A change counts once it stands in the history. Readers in memory are told of it at once; the quads on disk follow when
there is time, or before readers that answer from disk are started.
"""

from __future__ import annotations

import contextlib
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import pyoxigraph as ox

from carekg import errors, syntax
from carekg.store import Effect, Manifest, Update
from carekg.store.asked import Answer, Condition, Guard, Limits, Made, Proposal, Question
from carekg.store.generations import Generations
from carekg.store.history import FOLDER, About, Entry, History, built, provenance, replay
from carekg.store.history.packing import Packed
from carekg.store.readers import Readers
from carekg.store.turns import Turns
from carekg.terms import BASE, PREFIXES

FITS_IN_MEMORY: Final = 8_000_000
"""Quads up to which answers come from memory; above, from disk."""

UNION: Final = ox.DefaultGraph()

STATED: Final = tuple(f"{BASE}graph/{part}/" for part in ("ontology", "shapes", "data"))
"""The graphs of what is stated; all others are made of these."""

LAG: Final = 500
"""Changes by which the quads on disk may lag behind the history while readers answer from memory."""


class EmbeddedStore:
    """An Oxigraph store below ``path``, or in a temporary folder that ends with the store where it is None."""

    def __init__(self, path: str | Path | None, limits: Limits | None = None, *, in_memory: bool = True,
                 hosts: frozenset[str] = frozenset()) -> None:
        self._temporary = tempfile.TemporaryDirectory(prefix="carekg-") if path is None else None
        self.path = Path(self._temporary.name if self._temporary else str(path))
        self.limits, self.in_memory, self.hosts = limits or Limits(), in_memory, hosts
        self.generations, self.history = Generations(self.path), History(self.path)
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
            if self._current() == self._served:
                raise
            self._looked = 0.0  # a build has replaced the graph meanwhile: ask the new one
            return self._current_readers().answer(question, deadline, checked)

    def graph(self, iri: str | None, form: str, client: str = "") -> tuple[Answer, str]:
        """Give one graph, the default graph for an empty IRI, all for none; and a fingerprint of its triples.

        :raises Unmet: there is no such graph.
        """
        return self._current_readers().graph(iri, form, PREFIXES, client)

    def propose(self, update: Update, client: str = "", guard: Guard | None = None) -> Proposal:
        """Give what an update would do to the graph as it is now; see `change` for the errors."""
        return self._current_readers().propose(update, client, guard)

    def change(self, update: Update, client: str = "", about: About | None = None, guard: Guard | None = None,
               provided: Condition | None = None) -> Made:
        """Do an update, all or nothing, where the guard approves of it; changes come one after another.

        :param provided: refuses it for reasons of its own, before the guard does.
        :returns: its number, and the quads that it states and withdraws.
        :raises Unmet: a graph is not as an operation takes it to be.
        :raises StoreError: another process is writing, or nothing can be written.
        """
        with self._changing, self.generations.only_writer():
            if not self._fits():
                self._write_through(self._current())
            readers = self._latest_readers()
            proposal = readers.propose(update, client, guard)
            if provided is not None:
                provided(proposal)
            if guard is not None:
                guard.approve(proposal)
            if not proposal.whole:
                return Made()
            entry = self._write_down(about or About(), proposal)
            self._seen = entry.number
            self._let_see(readers, proposal.whole)
            return Made(proposal.stated.added, proposal.stated.removed, proposal.stated.graphs, entry.number)

    def _write_down(self, about: About, proposal: Proposal) -> Entry:
        """Write a change into the history, and what it is into the graph, where that is not somebody's own."""
        manifest = self.manifest()
        entry = self.history.next(about, proposal.stated)
        if manifest and not manifest.plain:
            terms = {str(term) for quad in (*proposal.stated.added, *proposal.stated.removed)
                     for term in (quad.subject, quad.graph_name)}
            proposal.whole.added.update(_united(provenance.quads(entry, terms)))
        entry = replace(entry, triples=_triples_after(manifest, proposal.whole))
        self.history.append(entry, proposal.stated, proposal.whole)
        return entry

    def kept(self) -> Effect:
        """Give what was stated and withdrawn by changes, all taken together, beyond what a folder says."""
        return self.history.kept()

    def replace(self, quads: Sequence[bytes], manifest: Manifest, about: About | None = None,
                kept: Effect | None = None) -> None:
        """Build a new generation from N-Quads, then have the history name it, with what it has changed.

        :param kept: what stewards have stated and withdrawn beyond the folder that it was made from.
        """
        with self.generations.only_writer():
            before = self._whole_before()
            said = ox.serialize(self.history.provenance(), format=ox.RdfFormat.N_QUADS) or b""
            name = self.generations.make([*quads, b"" if manifest.plain else said], union=not manifest.plain)
            stated, beyond = self._differences(before, name, plain=manifest.plain)
            entry = None
            if stated.terms or beyond.terms:
                made = replace(about or About(), how=FOLDER)
                entry = built(self.history.next(made, Effect()), stated, manifest.triples)
                self._note_build(name, entry, stated, beyond, plain=manifest.plain)
            self.generations.note(name, entry.number if entry else self.history.last())
            self.history.build(entry, stated, beyond, {"name": name, "manifest": asdict(manifest)}, kept or Effect())
            self.generations.sweep(name, before)  # readers may still be loading the one before

    def _whole_before(self) -> str:
        """Give the generation that is served, caught up with the history, made anew where it cannot be read."""
        before = self._current()
        if not before:
            return ""
        with contextlib.suppress(errors.StoreError):
            self._write_through(before)
        return before if self.generations.is_whole(before) else self._made_anew()

    def _differences(self, before: str, name: str, *, plain: bool) -> tuple[Packed, Packed]:
        """Give the rows by which a generation became another: of what is stated, and of what is made of that."""
        stated, beyond = Packed(), Packed()
        for graph, rows in self.generations.differences(before, name):
            if graph == UNION and not plain:
                continue
            part = stated if plain or getattr(graph, "value", "").startswith(STATED) else beyond
            for row in rows:
                part.add(row)
        return stated, beyond

    def _note_build(self, name: str, entry: Entry, stated: Packed, beyond: Packed, *, plain: bool) -> None:
        """Write into a generation what made it."""
        if plain:
            return
        said = provenance.quads(entry, {term for term in stated.terms if term.startswith(f"<{BASE}graph/")})
        for row in Effect(set(said)).as_patch().splitlines(keepends=True):
            beyond.add(row)
        self.generations.catch_up(name, [(entry.number, Effect(_united(said)))])

    def mend(self) -> None:
        """Make the quads on disk anew from the history alone."""
        with self.generations.only_writer():
            self._made_anew()

    def _made_anew(self) -> str:
        """Have a generation that the history gives in place of one that cannot be read."""
        served = self.history.served()
        again = replay.after(self.history)
        lines = again.dump(format=ox.RdfFormat.N_QUADS) or b""
        plain = bool(served["manifest"].get("plain"))
        name = self.generations.make([lines], union=not plain)
        self.generations.note(name, self.history.last())
        self.history.serve(name)
        return name

    def manifest(self) -> Manifest | None:
        """Give the manifest of the generation that is served, as its changes have left it."""
        served = self.history.served()
        if not served:
            return None
        try:
            made = Manifest(**served["manifest"])
        except TypeError as error:
            raise errors.StoreError(f"{self.path} was made by another version of carekg ({error}); "
                                    "run `carekg build`.") from None
        latest = self.history.latest(served["made"])
        return replace(made, triples=latest[0], changed=latest[1]) if latest else made

    def _current(self) -> str:
        """Give the name of the generation that is served, or nothing."""
        return str(self.history.served().get("name", ""))

    def close(self) -> None:
        """End the readers; remove the folder where it is temporary."""
        with self._lock:
            for readers in [*self._old, *([self._readers] if self._readers else [])]:
                readers.close()
            self._old, self._readers = [], None
        if self._temporary:
            self._temporary.cleanup()

    # --- readers follow the pointer and the history --------------------------------------------------------

    def _current_readers(self) -> Readers:
        """Give readers of the generation that the pointer names, and of its last change, looked at once a second."""
        readers = self._readers
        if readers and time.monotonic() - self._looked < 1:
            return readers
        with self._lock:
            self._looked = time.monotonic()
            name = self._current()
            if not name:
                raise errors.StoreError(f"There is no graph at {self.path} yet; run `carekg build` first.")
            changed = not self._changing.locked() and self.history.last() != self._seen
            if self._readers is None or name != self._served or changed:
                return self._follow(name)
            return self._readers

    def _latest_readers(self) -> Readers:
        """Give readers that have seen every change, for one who holds the writer's lock."""
        self._current_readers()
        with self._lock:
            name = self._current()
            if self._readers and (name, self.history.last()) == (self._served, self._seen):
                return self._readers
            return self._follow(name)

    def _follow(self, name: str) -> Readers:
        """Have readers of a generation, or of the one that has replaced it meanwhile, that have seen every change."""
        if self._readers and name == self._served and self._fits():
            self._seen = self._catch_up(self._readers, self._seen)
            return self._readers
        while True:
            try:
                readers, seen = self._start(name)
                break
            except errors.StoreError:
                newer = self._current()
                if newer == name and self.generations.is_whole(name):
                    raise
                if newer == name:  # the disk has lost what the history still has
                    self.mend()
                name = self._current()
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
        """Start readers on a generation, in memory where it fits; give the number of the last change they have seen."""
        reached = self._reached(name)
        if not self._fits():
            with contextlib.suppress(errors.StoreError), self.generations.only_writer():
                self._write_through(name)
            reached = self._reached(name)
            return Readers(self.generations.quads(name), self.limits, in_memory=False), reached
        seen = self.history.last()
        readers = Readers(self.generations.quads(name), self.limits, since=lambda: self._since(name))
        return readers, self._catch_up(readers, max(seen, reached))

    def _since(self, name: str) -> Iterator[Effect]:
        """Give what was done since the quads of a generation were written to disk."""
        return (effect for _, effect in self.history.effects(self._reached(name)))

    def _reached(self, name: str) -> int:
        """Give the number of the last change that the quads on disk have seen, surely those before they were made."""
        served = self.history.served()
        return max(self.generations.reached(name), served["made"] if served["name"] == name else 0)

    def _fits(self) -> bool:
        manifest = self.manifest() if self.in_memory else None
        return manifest is not None and manifest.triples <= FITS_IN_MEMORY

    def _catch_up(self, readers: Readers, seen: int) -> int:
        """Let readers in memory see the changes after a number; give that of the last."""
        for number, effect in self.history.effects(seen):
            readers.apply(effect)
            seen = number
        return seen

    def _let_see(self, readers: Readers, effect: Effect) -> None:
        """Let readers see a change that has just been written down."""
        name = self._served
        if not readers.in_memory:
            self._write_through(name)
        elif self._seen - self._reached(name) >= LAG:
            with contextlib.suppress(errors.StoreError):  # it stands in the history, and there is a next time
                self._write_through(name)
        with contextlib.suppress(errors.StoreError):  # a parent that has died sees it when it is started anew
            readers.apply(effect)

    def _write_through(self, name: str) -> None:
        """Do to the quads on disk what the history has beyond them."""
        reached = self._reached(name)
        if self.history.last() > reached:
            self.generations.catch_up(name, self.history.effects(reached))


def _triples_after(manifest: Manifest | None, effect: Effect) -> int:
    """Give how many triples there will be; a default graph that is the union of the others is not counted."""
    if manifest is None:
        return 0
    added, removed = (sum(manifest.plain or quad.graph_name != UNION for quad in quads)
                      for quads in (effect.added, effect.removed))
    return manifest.triples + added - removed


def _united(quads: Sequence[ox.Quad]) -> set[ox.Quad]:
    """Give quads with their triples in the union of all graphs."""
    return {*quads, *(ox.Quad(quad.subject, quad.predicate, quad.object) for quad in quads)}
