"""Asking a store one question after another until the time is over."""

from __future__ import annotations

import json
import time
from typing import Final

from carekg import errors
from carekg.explain.model import Count
from carekg.query import Table
from carekg.store import Question, Store

EACH: Final = 0.3
"""Seconds that one trial may take at most."""

LEAST: Final = 0.02
"""Seconds below which nothing more is asked."""

MOST: Final = 1000
"""Solutions of one trial that are counted."""

OVERRUN: Final = 2
"""Trials that may overrun before no more are made: each costs the server a reader."""


class Trials:
    """Asks a store within so many seconds for all; ``stopped`` tells that not everything was asked."""

    def __init__(self, graph: Store, seconds: float, client: str = "") -> None:
        self.graph, self.stopped, self.made = graph, False, 0
        self._ends, self._client, self._overrun = time.monotonic() + seconds, client, 0

    @property
    def left(self) -> float:
        """Give the seconds that are left."""
        return self._ends - time.monotonic()

    def is_over(self) -> bool:
        """Say whether nothing more is asked, and remember that something was not."""
        over = self.left < LEAST or self._overrun >= OVERRUN
        self.stopped = self.stopped or over
        return over

    def count(self, text: str, is_graph: bool = False) -> Count | None:
        """Give how many rows a query has, or None where it was not answered."""
        found = self._answer(text, "n-triples" if is_graph else "json", MOST)
        if found is None:
            return None
        body, more = found
        return Count(body.count(b"\n") if is_graph else len(Table.from_json(body).rows()), more)

    def table(self, text: str, most: int) -> Table | None:
        """Give the answer to a SELECT query as a table of so many solutions, or None where it was not answered."""
        found = self._answer(text, "json", most)
        return None if found is None else Table.from_json(found[0])

    def holds(self, text: str) -> bool | None:
        """Give the answer to an ASK query, or None where there is none."""
        found = self._answer(text, "json", 0)
        return None if found is None else bool(json.loads(found[0])["boolean"])

    def rows(self, text: str, most: int = MOST, *, needed: bool = True) -> list[dict[str, str]] | None:
        """Give the solutions of a SELECT query as name to value, or None where it was not answered.

        :param needed: otherwise it only saves other trials, and nothing is amiss where it takes too long.
        """
        stopped = self.stopped
        found = self._answer(text, "json", most)
        if found is None:
            self.stopped = stopped if not needed else self.stopped
            return None
        said = json.loads(found[0])["results"]["bindings"]
        return [{name: term["value"] for name, term in row.items()} for row in said]

    def _answer(self, text: str, form: str, rows: int) -> tuple[bytes, bool] | None:
        """Give an answer and whether it was cut; None where time is over or the query cannot be answered."""
        if self.is_over():
            return None
        self.made += 1
        try:
            answer = self.graph.answer(Question(text, form, rows=rows, client=self._client), min(EACH, self.left))
            return answer.read(), bool(answer.cut)
        except errors.OverDeadline:
            self._overrun += 1
        except errors.Refused:
            self._overrun = OVERRUN
        except errors.BadInput:  # a part without which a query makes no sense
            return None
        self.stopped = True
        return None
