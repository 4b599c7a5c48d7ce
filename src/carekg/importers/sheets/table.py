"""A sheet as it was read: its heads and cells, each with its place; and what is wrong with one of them."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

TEXT: Final = "text"
NUMBER: Final = "number"
BOOLEAN: Final = "boolean"
DAY: Final = "day"
MONTH: Final = "month"
FORMULA: Final = "formula"
BROKEN: Final = "broken"
"""What a cell can be; a formula is never worked out, and broken is what a spreadsheet shows as an error."""

ANSWERS: Final = "Answers"
ERRORS: Final = "Errors"
LISTS: Final = "Lists"
NOTES: Final = "Notes"
OURS: Final = (ANSWERS, ERRORS, LISTS, NOTES)
"""Sheets of a workbook that are not the data."""

DANGEROUS: Final = ("=", "+", "-", "@", "\t", "\r", "\n")
"""How a text begins that a spreadsheet may take for a formula, at the latest once it is saved as CSV."""

SHOWN: Final = 80
"""Characters of a value that a sentence shows."""


class Cell(NamedTuple):
    """A value as it was typed, and what kind of value it is."""

    value: Any
    kind: str = TEXT

    @property
    def text(self) -> str:
        """Give the value as text, as a reader would type it."""
        if isinstance(self.value, bool):
            return str(self.value).lower()
        if isinstance(self.value, float) and self.value.is_integer() and abs(self.value) < 2**53:
            return str(int(self.value))
        if isinstance(self.value, datetime.datetime):
            return self.value.strftime("%Y-%m" if self.kind == MONTH else "%Y-%m-%d")
        return str(self.value)


class Row(NamedTuple):
    """The cells of a row that hold something, by the number of their column; rows and columns count from 1."""

    number: int
    cells: Mapping[int, Cell]


class Problem(NamedTuple):
    """What is wrong with a cell: where, what stands there, what is wrong, and what would be right.

    Without a column it is about the row, and without a row about the whole sheet.
    """

    row: int
    column: int
    value: str
    wrong: str
    right: str = ""
    head: str = ""

    @property
    def where(self) -> str:
        """Give the place as a spreadsheet names it."""
        if not self.row:
            return "The sheet"
        return f"{letter(self.column)}{self.row}" if self.column else f"Row {self.row}"

    def sentence(self) -> str:
        """Give the place, what is wrong and what would be right."""
        head = f" ({self.head})" if self.head else ""
        value = f": `{shown(self.value)}`" if self.value else ""
        right = f" {self.right}" if self.right else ""
        return f"{self.where}{head}{value}: {self.wrong}{right}"


@dataclass(frozen=True)
class Table:
    """A sheet: whence it comes, its heads by column, its rows, what was wrong with it, and answers to questions.

    An answer is given for a text in the column of a name, wherever in that column the text stands.
    """

    file: str
    title: str
    head_row: int
    heads: Mapping[int, str]
    rows: tuple[Row, ...]
    problems: tuple[Problem, ...] = ()
    answers: Mapping[tuple[str, str], str] = field(default_factory=dict)


def letter(column: int) -> str:
    """Give the letters of a column: 1 is A, 27 is AA."""
    found = ""
    while column > 0:
        column, left = divmod(column - 1, 26)
        found = chr(65 + left) + found
    return found


def folded(text: str) -> str:
    """Give a head as it is compared: small letters, each space once."""
    return " ".join(text.replace("_", " ").replace("*", " ").split()).casefold()


def shown(text: str) -> str:
    """Give a value on one line, cut where it is long."""
    line = " ".join(text.split())
    return line if len(line) <= SHOWN else line[:SHOWN - 3] + "..."


def table(file: str, title: str, rows: Iterable[Row], problems: Iterable[Problem] = (),
          answers: Mapping[tuple[str, str], str] | None = None) -> Table:
    """Give the table of some rows, the first of which that is not empty holds the heads."""
    filled = [row for row in rows if row.cells]
    if not filled:
        return Table(file, title, 1, {}, (), tuple(problems), answers or {})
    head, *rest = filled
    heads = {number: cell.text.strip() for number, cell in head.cells.items() if cell.text.strip()}
    return Table(file, title, head.number, heads, tuple(rest), tuple(problems), answers or {})
