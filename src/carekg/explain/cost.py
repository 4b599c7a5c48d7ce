"""What a query costs: how long its answer takes, how many matches each part has, and where rows grow many.

No engine that is asked by SPARQL alone tells its plan. What every engine can be asked is how many solutions the parts
have, each by itself and with those that are written before it.
"""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from statistics import median
from typing import Final

from carekg import errors, syntax
from carekg.explain import parts
from carekg.store import Question, Store

EACH: Final = 5.0
"""Seconds that counting may take for one part."""

ALONE: Final = ("triple", "group", "graph", "values")
"""Parts that have solutions by themselves."""


@dataclass(frozen=True)
class Step:
    """One part: how many matches it has alone, how many solutions with the parts before it, in how many seconds.

    A count is None where it was not made: the part has no matches of its own, or counting took too long.
    """

    text: str
    alone: int | None
    together: int | None
    seconds: float
    apart: bool = False


@dataclass(frozen=True)
class Cost:
    """How long an answer took each time, in seconds, its rows and bytes, and its parts; none where it has none."""

    seconds: tuple[float, ...]
    rows: int
    size: int
    steps: tuple[Step, ...] = field(default=())

    @property
    def later(self) -> float:
        """Give the median of the times after the first."""
        return median(self.seconds[1:] or self.seconds)

    @property
    def most(self) -> Step | None:
        """Give the part after which there are the most solutions."""
        counted = [one for one in self.steps if one.together is not None]
        return max(counted, key=lambda one: one.together or 0, default=None)

    @property
    def slowest(self) -> Step | None:
        """Give the part with which counting begins to take longest, compared with the parts before it."""
        pairs = zip((0.0, *(one.seconds for one in self.steps)), self.steps, strict=False)
        return max(pairs, key=lambda pair: pair[1].seconds - pair[0], default=(0.0, None))[1]


def measured(graph: Store, text: str, rounds: int = 5, each: float = EACH) -> Cost:
    """Ask a query so many times and count the solutions of its parts.

    :raises BadQuery, OverDeadline, TooLarge: it cannot be answered.
    """
    form = "n-triples" if syntax.asks_for_graph(text) else "json"
    seconds, size, rows = [], 0, 0
    for _ in range(rounds):
        began = time.perf_counter()
        answer = graph.answer(Question(text, form))
        body = answer.read()
        seconds.append(time.perf_counter() - began)
        size, rows = len(body), _rows(answer.kind, body)
    where = parts.of(text)
    return Cost(tuple(seconds), rows, size, tuple(_steps(graph, where, each)) if where else ())


def _rows(kind: str, body: bytes) -> int:
    """Give how many solutions or triples an answer has, one for a yes or no."""
    return len(_solutions(body)) if kind == "solutions" else 1 if kind == "boolean" else body.count(b" .\n")


def _solutions(body: bytes) -> list[dict[str, dict[str, str]]]:
    found: list[dict[str, dict[str, str]]] = json.loads(body)["results"]["bindings"]
    return found


def _steps(graph: Store, where: parts.Where, each: float) -> Iterator[Step]:
    known: set[str] = set()
    for n, part in enumerate(where.parts):
        has_own = part.kind in ALONE
        alone = _counted(graph, where.counting([part]), each)[0] if has_own else None
        together, seconds = _counted(graph, where.counting(where.parts[:n + 1]), each)
        apart = has_own and n > 0 and not part.variables & known
        yield Step(" ".join(part.text.split()), alone, together, seconds, apart)
        known |= part.variables


def _counted(graph: Store, text: str, each: float) -> tuple[int | None, float]:
    """Give how many solutions a query has, None where that is not found out, and the seconds it took."""
    began, count = time.perf_counter(), None
    with contextlib.suppress(errors.Refused, errors.BadQuery):  # it takes too long; it makes no sense without another
        count = int(_solutions(graph.answer(Question(text), each).read())[0]["solutions"]["value"])
    return count, time.perf_counter() - began
