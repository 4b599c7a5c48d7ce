"""What a script gives for a parameter, as the text that a person would type for it, and as part of an address."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import quote

Value = Any
"""A text, a number, a day, or several of these; None leaves an optional parameter open."""


def typed(value: Value) -> list[str]:
    """Give the texts of a value: one, or several of a list, a set or a column of a data frame, each once."""
    if value is None:
        return [""]
    if isinstance(value, str) or not isinstance(value, Iterable):
        return [_text(value)]
    return list(dict.fromkeys(_text(one) for one in value)) or [""]


def path(question: str, given: Mapping[str, Sequence[str]]) -> tuple[str, list[tuple[str, str]]]:
    """Give where a server has the answer to a question: the path below its root, and the fields of the address."""
    return f"queries/{quote(question)}", [(name, text) for name, texts in given.items() for text in texts]


def _text(value: Any) -> str:
    """Give a single value's text: a day in ISO 8601, a number without an exponent."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, datetime) and value.time().isoformat() == "00:00:00":  # as data frames have days
        value = value.date()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float | Decimal):
        whole = format(Decimal(str(value)), "f")
        return whole.removesuffix(".0")
    return str(value)
