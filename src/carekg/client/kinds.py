"""The kinds of value that a column of an answer has, and its values in Python.

A column has one kind. What its cells have in common decides it, and where they have nothing in common it is text, with
the words that the graph has: a column of years and of days holds ``2017`` and ``2017-12-05``, which sort as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from carekg.query import Cell
from carekg.query.parameter import XSD

TEXT: Final = "text"
THING: Final = "thing"
INTEGER: Final = "integer"
DECIMAL: Final = "decimal"
NUMBER: Final = "number"
YEAR: Final = "year"
DATE: Final = "date"
TIME: Final = "time"
TRUTH: Final = "truth"

NUMERIC: Final = (INTEGER, DECIMAL, NUMBER)
"""Kinds of which a column may have a unit."""

LARGEST: Final = 2**63 - 1
"""The largest whole number that every library holds (64 bits)."""

DIGITS: Final = 38
"""The digits of the longest decimal that every library holds (128 bits)."""

_WHOLE: Final = ("integer", "long", "int", "short", "byte", "nonNegativeInteger", "positiveInteger",
                 "nonPositiveInteger", "negativeInteger", "unsignedLong", "unsignedInt", "unsignedShort",
                 "unsignedByte")

OF: Final = {**{XSD + name: INTEGER for name in _WHOLE}, XSD + "decimal": DECIMAL, XSD + "double": NUMBER,
             XSD + "float": NUMBER, XSD + "gYear": YEAR, XSD + "date": DATE, XSD + "dateTime": TIME,
             XSD + "boolean": TRUTH}
"""The kind that a datatype stands for (https://www.w3.org/TR/xmlschema11-2/#built-in-datatypes); others are text."""


def _whole(text: str) -> int:
    value = int(text)
    if abs(value) > LARGEST:
        raise ValueError
    return value


def _decimal(text: str) -> Decimal:
    value = Decimal(text)
    if not value.is_finite():
        raise ValueError
    return value


def _time(text: str) -> datetime:
    """Read a time in UTC; one without a zone stays without."""
    value = datetime.fromisoformat(text)
    return value.astimezone(UTC) if value.tzinfo else value


READERS: Final[dict[str, Callable[[str], Any]]] = {
    INTEGER: _whole, DECIMAL: _decimal, NUMBER: float, YEAR: int, DATE: date.fromisoformat, TIME: _time,
    TRUTH: {"true": True, "1": True, "false": False, "0": False}.__getitem__,
}
"""What reads the text of each kind; each raises an error where the text is none of its kind."""


def read(cells: Sequence[Cell]) -> tuple[str, list[Any]]:
    """Give the kind of a column and its values, None for an empty cell."""
    found = {_kind(cell) for cell in cells if cell.text}
    kind = found.pop() if len(found) == 1 else DECIMAL if found == {INTEGER, DECIMAL} else TEXT
    if kind in READERS:
        try:
            values = [READERS[kind](cell.text) if cell.text else None for cell in cells]
        except (ValueError, KeyError, InvalidOperation):
            return TEXT, texts(cells)
        return (kind, values) if _hold_together(kind, values) else (TEXT, texts(cells))
    return kind, texts(cells)


def texts(cells: Iterable[Cell]) -> list[str | None]:
    """Give the words of cells."""
    return [cell.text or None for cell in cells]


def scale(values: Iterable[Decimal | None]) -> int:
    """Give the digits behind the point that a column of decimals needs."""
    return max((0, *(-int(value.as_tuple().exponent) for value in values if value is not None)))


def _kind(cell: Cell) -> str:
    return THING if cell.iri else OF.get(cell.datatype, TEXT)


def _hold_together(kind: str, values: Sequence[Any]) -> bool:
    """Say whether every library can hold these values in one column."""
    given = [value for value in values if value is not None]
    if kind == DECIMAL:
        return max((value.adjusted() + 1 for value in given), default=0) + scale(given) <= DIGITS
    if kind == TIME:
        return len({value.tzinfo for value in given}) == 1
    return True
