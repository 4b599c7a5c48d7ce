"""One part of a plan: the question, its answers, what they rest on, and what is handed on to later questions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import pyoxigraph as ox

from carekg import query
from carekg.plans.facts import Value

FEW: Final = 12
"""Things up to which those that have less in common are handed on too."""

MOST: Final = 60
"""Things that are handed on to a later question."""

Given = dict[str, tuple[Value, ...]]


@dataclass(frozen=True)
class Answer:
    """A table, and the values with which it was asked for; ``cut`` is after how many rows of data it breaks off."""

    given: Given
    table: query.Table
    cut: int = 0


@dataclass(frozen=True)
class Handed:
    """What is handed on to later questions: of how many, those with at least so much in common, and the next number."""

    values: tuple[Value, ...] = ()
    total: int = 0
    least: int = 0
    wider: int = 0


@dataclass(frozen=True)
class Section:
    """One part of a plan. ``unasked`` says why it was not asked, ``problem`` why it has no answer.

    ``silent`` are those things that it was asked of, of which no row tells.
    """

    question: query.Query
    answers: tuple[Answer, ...] = ()
    unasked: str = ""
    problem: str = ""
    handed: Handed = Handed()
    silent: tuple[Value, ...] = ()

    @property
    def plan(self) -> query.Plan:
        """Give how its question stands in a plan."""
        assert self.question.plan
        return self.question.plan

    @cached_property
    def rows(self) -> list[query.Row]:
        """Give the rows of all its answers."""
        return [row for one in self.answers for row in one.table.rows()]

    @cached_property
    def columns(self) -> list[int]:
        """Give the numbers of the columns to show: those of the plan, else all, that hold anything."""
        if not self.answers:
            return []
        names = [column.name for column in self.answers[0].table.columns]
        wanted = [names.index(name) for name in self.plan.columns if name in names] or list(range(len(names)))
        rows = self.rows
        return [n for n in wanted if any(row.cells[n].text for row in rows)]

    @cached_property
    def lines(self) -> list[query.Row]:
        """Give the rows as they are shown: those that differ in nothing but what is not shown are one."""
        found: dict[tuple[query.Cell, ...], dict[query.Receipt, None]] = {}
        shown = self.columns
        for row in self.rows:
            cells = tuple(row.cells[n] for n in shown)
            found.setdefault(cells, {}).update(dict.fromkeys(row.receipts))
        return [query.Row(cells, tuple(receipts)) for cells, receipts in found.items()]

    @property
    def headings(self) -> list[query.Column]:
        """Give the columns that are shown."""
        return [self.answers[0].table.columns[n] for n in self.columns]

    @property
    def passages(self) -> int:
        """Give the number of passages that it rests on."""
        return len({(one.source.iri, one.words) for row in self.rows for one in row.receipts})

    @property
    def sources(self) -> int:
        """Give the number of sources that it rests on."""
        return len({one.source.iri for row in self.rows for one in row.receipts})


# --- what is handed on --------------------------------------------------------------------------------------------


def column(section: Section, name: str) -> tuple[Value, ...]:
    """Give the things of a column in the rows that are handed on."""
    if section.plan.by and section.handed.values and name == _first(section):
        return section.handed.values
    return _things(section, name)[:MOST]


def _things(section: Section, name: str, least: int = 0) -> tuple[Value, ...]:
    found: dict[str, Value] = {}
    for answer in section.answers:
        names = [column.name for column in answer.table.columns]
        for row in answer.table.rows() if name in names else ():
            cell = row.cells[names.index(name)]
            if cell.iri and (not least or _number(row, names, section.plan.by) >= least):
                found.setdefault(cell.iri, Value(ox.NamedNode(cell.iri), cell.text))
    return tuple(found.values())


def handed(section: Section, least: int) -> Handed:
    """Give what a section hands on: things with the highest numbers, as many whole groups as are few together."""
    if not section.plan.by or not section.rows:
        return Handed()
    name = _first(section)
    names = [column.name for column in section.answers[0].table.columns]
    numbers = sorted({_number(row, names, section.plan.by) for row in section.rows}, reverse=True)
    chosen = least or next((n for n in reversed(numbers) if len(_things(section, name, n)) <= FEW), numbers[0])
    return Handed(_things(section, name, chosen)[:MOST], len(_things(section, name)), chosen,
                  next((n for n in numbers if n < chosen), 0))


def _first(section: Section) -> str:
    """Give the name of the column of things that a table begins with."""
    columns = section.answers[0].table.columns if section.answers else ()
    return columns[0].name if columns else ""


def _number(row: query.Row, names: Sequence[str], column: str) -> int:
    text = row.cells[names.index(column)].text
    return int(text) if text.isdigit() else 0
