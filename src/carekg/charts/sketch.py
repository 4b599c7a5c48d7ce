"""What every kind of picture starts from, an answer with its roles, and what it gives, a specification and words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final, NamedTuple

from carekg import errors
from carekg.charts import legible
from carekg.charts.look import Look
from carekg.query import Cell, Drawing, Row, Table

VEGA_LITE: Final = "vega-lite"
VEGA: Final = "vega"
SCHEMAS: Final = {VEGA_LITE: "https://vega.github.io/schema/vega-lite/v6.json",
                  VEGA: "https://vega.github.io/schema/vega/v6.json"}

MOST: Final = 5000
"""Rows of an answer that a picture looks at."""

NUMBER: Final = re.compile(r"[+-]?\d{1,18}(\.\d+)?([eE][+-]?\d{1,2})?")
DAY: Final = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?(?![\d-])")


class Span(NamedTuple):
    """A stretch of time in years and parts of one: what a year, a month or a day covers."""

    begins: float
    ends: float


@dataclass(frozen=True)
class Sketch:
    """A specification, what it shows in sentences, what it leaves out, and how many marks there are to compare."""

    spec: dict[str, Any]
    told: Sequence[str]
    left: Sequence[str] = ()
    grammar: str = VEGA_LITE
    title: str = ""
    marks: int = 2


@dataclass(frozen=True)
class Subject:
    """An answer, the drawing that is asked for, how it is to look, and what makes an address of an IRI."""

    table: Table
    drawing: Drawing
    look: Look = field(default_factory=Look)
    linked: Callable[[str], str] = str

    @cached_property
    def _rows(self) -> list[dict[str, Cell]]:
        names = [column.name for column in self.table.columns]
        return [dict(zip(names, row.cells, strict=True)) for row in self._all[:MOST]]

    @cached_property
    def _all(self) -> list[Row]:
        return self.table.rows()

    @property
    def beyond(self) -> int:
        """Give how many rows there are beyond those that a picture looks at."""
        return max(len(self._all) - MOST, 0)

    def link(self, cell: Cell) -> str:
        """Give the address that a cell leads to; none but of this server and of the web."""
        address = self.linked(cell.iri) if cell.iri else ""
        return address if address.startswith(("/", "https://", "http://")) else ""

    def __len__(self) -> int:
        return len(self._rows)

    def has(self, role: str) -> bool:
        """Say whether a column plays a role."""
        return bool(self.drawing.column(role))

    def cells(self, role: str) -> list[Cell]:
        """Give the cells of the column that plays a role, row by row; empty ones where none does."""
        return self.of(self.drawing.column(role))

    def of(self, column: str) -> list[Cell]:
        """Give the cells of a column, row by row."""
        if column not in self._columns:
            self._columns[column] = [row.get(column, Cell("")) for row in self._rows]
        return self._columns[column]

    @cached_property
    def _columns(self) -> dict[str, list[Cell]]:
        return {}

    def heading(self, role: str) -> str:
        """Give the heading of the column that plays a role."""
        return self.heading_of(self.drawing.column(role))

    def heading_of(self, column: str) -> str:
        """Give the heading of a column."""
        return next((one.heading for one in self.table.columns if one.name == column), column)

    def counts(self) -> str:
        """Give what is counted, in words."""
        return legible.plural(self.heading("count")) if self.has("count") else "rows"

    def counted(self, rows: Iterable[int]) -> int:
        """Count those rows, or the different values of the column that is counted, in them."""
        numbers = list(rows)
        if not self.has("count"):
            return len(numbers)
        cells = self.cells("count")
        return len({legible.key(cells[n]) for n in numbers if cells[n].text})

    def worth(self, rows: Iterable[int], role: str = "size") -> float:
        """Add up the numbers of a role in those rows, once for each thing that is counted, where one is.

        Where no column plays the role, give how many rows or things there are.
        """
        if not self.has(role):
            return float(self.counted(rows))
        numbers, things = self.numbers(self.drawing.column(role)), self._things
        return sum({things[n]: numbers[n] or 0.0 for n in rows}.values())

    def numbers(self, column: str) -> list[float | None]:
        """Give the numbers of a column, row by row; None where there is none."""
        if column not in self._numbers:
            self._numbers[column] = [value(cell) for cell in self.of(column)]
        return self._numbers[column]

    @cached_property
    def _numbers(self) -> dict[str, list[float | None]]:
        return {}

    @cached_property
    def _things(self) -> Sequence[str | int]:
        """Give what is counted, row by row: the rows themselves where no column is."""
        return [legible.key(cell) for cell in self.cells("count")] if self.has("count") else range(len(self))


def value(cell: Cell) -> float | None:
    """Give a cell as a number, where it is one."""
    text = cell.text.strip()
    return float(text) if NUMBER.fullmatch(text) else None


def span(cell: Cell) -> Span | None:
    """Give what a year, a month or a day covers, where a cell begins with one."""
    match = DAY.match(cell.text.strip())
    if match is None:
        return None
    year, month, day = (int(part) if part else 0 for part in match.groups())
    if not month:
        return Span(year, year + 1)
    if month > 12 or day > 31:
        return None
    if not day:
        return Span(year + (month - 1) / 12, year + month / 12)
    begins = year + (month - 1) / 12 + (day - 1) / 372
    return Span(begins, begins + 1 / 372)


def extremes(values: Mapping[str, float], unit: str = "") -> str:
    """Tell of the largest and the smallest of some values."""
    if not values:
        return ""
    ranked = sorted(values.items(), key=lambda item: -item[1])
    of = f" {unit}" if unit else ""
    (most, top), (least, low) = ranked[0], ranked[-1]
    if len(ranked) == 1:
        return f"{most}: {legible.number(top)}{of}."
    if top == low:
        return f"Each has {legible.number(top)}{of}."
    return f"Largest: {most} ({legible.number(top)}{of}). Smallest: {least} ({legible.number(low)}{of})."


def nothing(why: str) -> errors.NothingToDraw:
    """Give the error for an answer with nothing that could be shown."""
    return errors.NothingToDraw(why)
