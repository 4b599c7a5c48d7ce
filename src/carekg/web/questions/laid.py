"""An answer laid out to be looked at: its columns with what can be chosen in them, and its rows, sorted or picked."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, TypeVar

from carekg.query import Cell, Column, Row, Table
from carekg.terms import PREFIXES

XSD: Final = PREFIXES["xsd"]
WHOLE: Final = frozenset(XSD + name for name in (
    "integer", "int", "long", "short", "byte", "nonNegativeInteger", "positiveInteger", "nonPositiveInteger",
    "negativeInteger", "unsignedInt", "unsignedLong"))
NUMBERS: Final = WHOLE | {XSD + name for name in ("decimal", "double", "float")}
"""Datatypes of numbers."""

NUMERAL: Final = re.compile(r"[+-]?(?:(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|INF)|NaN")
"""How numbers are written (https://www.w3.org/TR/xmlschema11-2/); a graph may hold others, which are texts here."""

FEW: Final = 15
"""Values up to which a column offers them to choose from."""

MANY: Final = 64
"""Things made of one answer that are kept."""

LONG: Final = 60
"""Letters up to which a value is one to choose."""

Made = TypeVar("Made")
Key = tuple[int, float, tuple[tuple[int, int | str], ...]]


@dataclass(frozen=True)
class Head:
    """A column: its place among all, whether it holds numbers, and its values to choose from."""

    place: int
    column: Column
    is_number: bool
    is_empty: bool
    choices: tuple[tuple[str, int], ...] = ()

    @property
    def name(self) -> str:
        """Give the name by which an address knows the column."""
        return self.column.name


class Laid:
    """The rows of a table, and what looking at them takes, each worked out once."""

    def __init__(self, table: Table, cut: int = 0) -> None:
        self.table = table.lean()
        self.rows: Sequence[Row] = self.table.rows()
        self.cut = cut
        self._made: dict[Hashable, Any] = {}

    def once(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """Give what is made of the answer, made when it is first asked for, or anew after many others."""
        if key in self._made:
            known: Made = self._made[key]
            return known
        made = make()
        if len(self._made) >= MANY:  # addresses name what is made, and anybody may think of more
            self._made = {}
        self._made[key] = made
        return made

    @cached_property
    def columns(self) -> tuple[Head, ...]:
        """Give all columns: what is taken along has the same ones whatever its rows hold, so that scripts find them."""
        return tuple(self._head(place, column) for place, column in enumerate(self.table.columns))

    @cached_property
    def heads(self) -> tuple[Head, ...]:
        """Give the columns that hold anything."""
        return tuple(head for head in self.columns if not head.is_empty)

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """Give all that a row says, in small letters, its receipts included."""
        return tuple("\n".join((*(cell.text for cell in row.cells),
                                *(f"{one.words}\n{one.source.text}" for one in row.receipts))).casefold()
                     for row in self.rows)

    def ordered(self, head: Head, *, descending: bool) -> Sequence[int]:
        """Give the numbers of the rows by a column, those that hold nothing in it last."""
        full = [n for n, row in enumerate(self.rows) if row.cells[head.place].text]
        empty = [n for n, row in enumerate(self.rows) if not row.cells[head.place].text]
        keys = {n: key(self.rows[n].cells[head.place], head.is_number) for n in full}
        return [*sorted(full, key=keys.__getitem__, reverse=descending), *empty]

    def _head(self, place: int, column: Column) -> Head:
        cells = [cell for row in self.rows if (cell := row.cells[place]).text]
        count = Counter(cell.text for cell in cells)
        is_number = bool(cells) and all(map(is_numeral, cells))
        offered = 1 < len(count) <= FEW and not is_number and all(len(text) <= LONG for text in count)
        offered = offered and len(count) < len(cells)  # where each row has its own, there is nothing to choose
        return Head(place, column, is_number, not cells, tuple(sorted(count.items())) if offered else ())


def is_numeral(cell: Cell) -> bool:
    """Say whether a cell holds a number that is written as one."""
    return cell.datatype in NUMBERS and bool(NUMERAL.fullmatch(cell.text))


def key(cell: Cell, is_number: bool) -> Key:
    """Give by what a cell is sorted: its number, or its words with the numbers in them as numbers."""
    if is_number:
        return 0, -math.inf if cell.text == "NaN" else float(cell.text), ()
    parts = re.split(r"(\d{1,18})", cell.text.casefold())
    return 1, 0.0, tuple((0, int(part)) if part.isdecimal() else (1, part) for part in parts if part)
