"""What is asked of a store, and what comes back."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import IO, Any, Final, Protocol

import pyoxigraph as ox

from carekg.reader.effect import Effect

IN_ROOM: Final = 4 * 2**20
"""Bytes of an answer that are kept in memory before it goes to a temporary file."""


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
    ``asks`` are SELECT queries that a proposal is to answer on the graph as it would be.
    """

    operations: Sequence[Mapping[str, Any]]
    text: str | None = None
    base: str = ""
    asks: Sequence[str] = ()


@dataclass(frozen=True)
class Proposal:
    """What an update would do: the quads that it states and withdraws, and the whole of what that comes to.

    Where a guard stands over the graph, ``focus`` are the nodes that each shape has to judge, ``read`` the triples that
    this takes, and ``dangling`` the IRIs that would be described nowhere, each with one thing that speaks of it.
    ``answers`` are those to the queries that were asked with it, in JSON.
    """

    stated: Effect
    whole: Effect
    focus: Mapping[str, Sequence[str]]
    read: Sequence[ox.Triple]
    dangling: Mapping[str, str]
    answers: Sequence[bytes] = ()

    @classmethod
    def of(cls, said: bytes) -> Proposal:
        """Read what a reader process has sent."""
        told = json.loads(said)
        stated = Effect.from_patch(told["stated"].encode())
        whole = Effect.from_patch(told["whole"].encode()) if "whole" in told else stated
        read = [quad.triple for quad in ox.parse(told.get("read", ""), ox.RdfFormat.N_TRIPLES)]
        answers = [one.encode() for one in told.get("answers", ())]
        return cls(stated, whole, told.get("focus", {}), read, told.get("dangling", {}), answers)


Condition = Callable[[Proposal], None]
"""Refuses a change by raising an error, while nobody else can make one."""


@dataclass
class Made(Effect):
    """What a change has stated and withdrawn, and its number in the history, nought where it changed nothing."""

    number: int = 0


class Guard(Protocol):
    """What stands over a graph: the plan by which readers work out what a change comes to, and its verdict."""

    @property
    def plan(self) -> Mapping[str, Any]:
        """Give what :class:`carekg.reader.checking.Guard` reads."""

    def approve(self, proposal: Proposal) -> None:
        """Refuse what must not be.

        :raises CarekgError: with all that is wrong.
        """


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
