"""The store on this machine: readers over the generation that is served, and over every change that was made since.

A change counts once it stands in the history. Readers in memory are told of it at once; the quads on disk follow when
there is time, or before readers that answer from disk are started.
"""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import pyoxigraph as ox

from carekg import errors, syntax
from carekg.store import Effect, Manifest, Update
from carekg.store.asked import Answer, Condition, Guard, Limits, Made, Proposal, Question
from carekg.store.building import united
from carekg.store.following import Following
from carekg.store.generations import Generations
from carekg.store.history import About, Entry, History, provenance
from carekg.store.history.packing import Packed
from carekg.store.readers import Readers
from carekg.store.turns import Turns
from carekg.terms import PREFIXES

UNION: Final = ox.DefaultGraph()


class EmbeddedStore:
    """An Oxigraph store below ``path``, or in a temporary folder that ends with the store where it is None."""

    def __init__(self, path: str | Path | None, limits: Limits | None = None, *, in_memory: bool = True,
                 hosts: frozenset[str] = frozenset()) -> None:
        self._temporary = tempfile.TemporaryDirectory(prefix="carekg-") if path is None else None
        self.path = Path(self._temporary.name if self._temporary else str(path))
        self.limits, self.in_memory, self.hosts = limits or Limits(), in_memory, hosts
        self.generations, self.history = Generations(self.path), History(self.path)
        self._following = Following(self.generations, self.history, self.limits, self._for_memory)
        self._building = self._following.building
        self._changing = threading.Lock()
        self._told: tuple[tuple[str, int], Manifest | None] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        self.close()

    @property
    def version(self) -> str:
        """Give the name of the generation that is read, with the number of changes that its readers have seen."""
        self._current_readers()
        return f"{self._following.served}:{self._following.seen}"

    @property
    def seen(self) -> int:
        """Give the number of the last change that its readers have seen."""
        self._current_readers()
        return self._following.seen

    @property
    def filling(self) -> bool:
        """Say whether answers come from disk while a copy in memory is made."""
        self._current_readers()
        return self._following.filling

    @property
    def beside(self) -> Path:
        """Give the store's folder."""
        return self.path

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
            if self._following.name() == self._following.served:
                raise
            self._following.look_again()  # a build has replaced the graph meanwhile: ask the new one
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
        with self._changing, self.generations.only_writer(self.limits.deadline):
            proposal = self._following.latest(str(self.path)).propose(update, client, guard)
            if provided is not None:
                provided(proposal)
            if guard is not None:
                guard.approve(proposal)
            if not proposal.whole:
                return Made()
            entry = self._write_down(about or About(), proposal)
            self._following.let_see(entry.number, proposal.whole)
            return Made(proposal.stated.added, proposal.stated.removed, proposal.stated.graphs, entry.number)

    def _write_down(self, about: About, proposal: Proposal) -> Entry:
        """Write a change into the history, and what it is into the graph, where that is not somebody's own."""
        manifest = self.manifest()
        triples = _triples_after(manifest, proposal.whole)
        entry = replace(self.history.next(about, proposal.stated), triples=triples)
        if manifest and not manifest.plain:
            terms = {str(term) for quad in (*proposal.stated.added, *proposal.stated.removed)
                     for term in (quad.subject, quad.graph_name)}
            proposal.whole.added.update(united(provenance.quads(entry, terms)))
        self.history.append(entry, proposal.stated, proposal.whole)
        return entry

    def kept(self) -> Effect:
        """Give what was stated and withdrawn by changes, all taken together, beyond what a folder says."""
        return self.history.kept()

    def replace(self, quads: Sequence[bytes], manifest: Manifest, about: About | None = None,
                kept: Effect | None = None) -> None:
        """Build a new generation from N-Quads, then have the history name it, with what it has changed.

        :param kept: what stewards have stated and withdrawn beyond the folder that they were made from.
        """
        with self.generations.only_writer():
            self._building.replace(quads, manifest, about or About(), kept or Effect())

    def receive(self, manifest: Manifest, made: int, kept: Effect,
                entries: Iterable[tuple[Entry, Packed, Packed]]) -> int:
        """Take over the changes of another history, with the graph that they give; give the number of the last.

        :param made: the number of the last build among them, which the manifest is of.
        """
        with self.generations.only_writer():
            last = self.history.receive(entries, {"name": "", "manifest": asdict(manifest), "made": made}, kept)
            self._building.made_anew()
            return last

    def mend(self) -> None:
        """Make the quads on disk anew from the history alone."""
        self._following.mend()

    def manifest(self) -> Manifest | None:
        """Give the manifest of the generation that is served, as its changes have left it."""
        key, told = (self._following.served, self._following.seen), self._told
        if told and told[0] == key and self._following.is_fresh():
            return told[1]
        manifest = self._manifest()
        self._told = (key, manifest)
        return manifest

    def _manifest(self) -> Manifest | None:
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

    def close(self) -> None:
        """End the readers; remove the folder where it is temporary."""
        self._following.close()
        if self._temporary:
            self._temporary.cleanup()

    def _current_readers(self) -> Readers:
        """Give readers of the graph as it is now, or was a second ago."""
        return self._following.current(str(self.path), changing=self._changing.locked())

    def _for_memory(self) -> int | None:
        """Give how many triples there are where answers are to come from memory."""
        manifest = self.manifest() if self.in_memory else None
        return None if manifest is None else manifest.triples


def _triples_after(manifest: Manifest | None, effect: Effect) -> int:
    """Give how many triples there will be; a default graph that is the union of the others is not counted."""
    if manifest is None:
        return 0
    added, removed = (sum(manifest.plain or quad.graph_name != UNION for quad in quads)
                      for quads in (effect.added, effect.removed))
    return manifest.triples + added - removed
