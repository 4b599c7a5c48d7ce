"""What a sheet would change: thing by thing, what it states and withdraws, and whence each of it comes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import pyoxigraph as ox

from carekg import change
from carekg.forms.model import Term
from carekg.importers.sheets.columns import Column, Layout
from carekg.importers.sheets.naming import Question
from carekg.importers.sheets.table import Problem, Table
from carekg.store import About

CREATED: Final = "new"
CHANGED: Final = "changed"
UNCHANGED: Final = "unchanged"


@dataclass(frozen=True)
class Difference:
    """What a field of a thing gains and loses, in words."""

    field: str
    added: tuple[str, ...]
    removed: tuple[str, ...]


@dataclass
class Planned:
    """What becomes of one thing: its statements to add and to remove, and the cell that each comes from."""

    iri: str
    name: str
    verdict: str
    rows: tuple[int, ...]
    differences: tuple[Difference, ...] = ()
    added: list[tuple[str, str, Term]] = field(default_factory=list)
    removed: list[tuple[str, str, Term]] = field(default_factory=list)


@dataclass
class Plan:
    """What a sheet would change, what is wrong with it, and what has to be confirmed first.

    ``cells`` tell for a thing and a property the row and the column where it was typed.
    """

    table: Table
    layout: Layout
    columns: Mapping[int, Column]
    things: tuple[Planned, ...]
    problems: list[Problem]
    questions: tuple[Question, ...]
    against: int
    cells: Mapping[tuple[str, str], tuple[int, int]]

    def counts(self) -> dict[str, int]:
        """Give how many things are new, changed and unchanged."""
        return {verdict: sum(one.verdict == verdict for one in self.things)
                for verdict in (CREATED, CHANGED, UNCHANGED)}

    def change(self, about: About, client: str = "") -> change.Change:
        """Give the one change that the sheet makes."""
        added, removed = ({_quad(*one) for thing in self.things for one in getattr(thing, part)}
                          for part in ("added", "removed"))
        return change.Change.of(added, removed - added, about, self.against, client)


def _quad(subject: str, predicate: str, value: Term) -> ox.Quad:
    return ox.Quad(ox.NamedNode(subject), ox.NamedNode(predicate), value)


def by_row(plan: Plan) -> dict[int, list[Planned]]:
    """Give what becomes of the thing of each row."""
    found: dict[int, list[Planned]] = defaultdict(list)
    for thing in plan.things:
        for row in thing.rows:
            found[row].append(thing)
    return found
