"""Where the graph lives: one small interface, the same for a folder on this machine and for a service by URL.

In every store the named graphs hold the triples, one graph a file of the knowledge folder and one for what was
inferred, and the default graph holds their union, each triple once. Oxigraph's own union of graphs repeats a
triple that stands in two of them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from carekg.reader.effect import Effect
from carekg.settings import Settings
from carekg.store.asked import IN_ROOM, Answer, Condition, Guard, Limits, Made, Proposal, Question, Update
from carekg.store.found import quads, rows, solutions
from carekg.store.history import About, Entry, History

__all__ = ["IN_ROOM", "About", "Answer", "Condition", "Effect", "Entry", "Guard", "History", "Limits", "Made",
           "Manifest", "Proposal", "Question", "Store", "Update", "open_store", "quads", "rows",
           "solutions"]


@dataclass(frozen=True)
class Manifest:
    """What a store holds: the digest of the folder it was built from, counts by name, seconds by stage.

    A ``plain`` store is of an empty folder: nothing is inferred and its default graph is a graph of its own.
    ``changed`` is when the graph was changed last since it was built, nothing where it was not.
    """

    digest: str
    built: str
    triples: int
    counts: Mapping[str, int] = field(default_factory=dict)
    seconds: Mapping[str, float] = field(default_factory=dict)
    plain: bool = False
    changed: str = ""

    @property
    def modified(self) -> str:
        """Give since when the graph is as it is."""
        return self.changed or self.built

    def as_json(self) -> str:
        """Give the manifest as JSON."""
        return json.dumps(asdict(self), indent=2, ensure_ascii=False)


class Store(Protocol):
    """What the rest of carekg asks of a store."""

    @property
    def version(self) -> str:
        """Give a token that changes when the graph does."""

    @property
    def seen(self) -> int:
        """Give the number of the last change that answers have seen; nought where no history is known."""

    @property
    def filling(self) -> bool:
        """Say whether a copy in memory is being made, from which answers will come sooner than they do now."""

    @property
    def beside(self) -> Path | None:
        """Give a folder in which what is made of the graph may be kept; None where there is none."""

    def answer(self, question: Question, deadline: float | None = None) -> Answer:
        """Answer a query with bytes in the wanted format, within the deadline in seconds."""

    def graph(self, iri: str | None, form: str, client: str = "") -> tuple[Answer, str]:
        """Give one graph, the default graph for an empty IRI, all for none; and a fingerprint of its triples."""

    def replace(self, quads: Sequence[bytes], manifest: Manifest, about: About | None = None,
                kept: Effect | None = None) -> None:
        """Put these N-Quads in place of everything that carekg had there, all or nothing.

        :param kept: what stewards have stated and withdrawn beyond the folder that they were made from.
        """

    @property
    def history(self) -> History:
        """Give the changes that were made; none where another service keeps the graph."""

    def propose(self, update: Update, client: str = "", guard: Guard | None = None) -> Proposal:
        """Give what an update would do, under a guard where there is one; nothing is changed."""

    def change(self, update: Update, client: str = "", about: About | None = None, guard: Guard | None = None,
               provided: Condition | None = None) -> Made:
        """Do an update, all or nothing, where the guard approves of it, and give what it states and withdraws.

        :param provided: refuses it for reasons of its own, before the guard does.
        """

    def kept(self) -> Effect:
        """Give what was stated and withdrawn by changes, all taken together, beyond what a folder says."""

    def manifest(self) -> Manifest | None:
        """Give what the store says it holds, or None where nothing was built."""

    def close(self) -> None:
        """Let go of processes and connections."""

    def __enter__(self) -> Self: ...

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None: ...


def open_store(settings: Settings, *, briefly: bool = False) -> Store:
    """Give the store that the settings name: a path, ``memory:``, or a service's address.

    :param briefly: for a process that asks little and ends; answers then come from disk, without a copy in memory, and
        nothing can be changed.
    """
    if settings.store.startswith(("http://", "https://")):
        from carekg.store.remote import RemoteStore

        return RemoteStore(settings.store, settings.update or settings.store, deadline=settings.deadline,
                           hosts=settings.hosts)
    from carekg.store.embedded import EmbeddedStore

    path = None if settings.store == "memory:" else settings.store
    limits = Limits(settings.deadline, settings.memory_mb, settings.readers, settings.answer_mb)
    return EmbeddedStore(path, limits, in_memory=not briefly, hosts=settings.hosts)
