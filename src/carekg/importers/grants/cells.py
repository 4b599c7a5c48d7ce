"""The cells of the spreadsheet form: which grant a row of them is, and what is wrong with them as cells."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any, Final

from carekg.importers.grants.rules import Fault, shown

NUMBER: Final = re.compile(r"-?[0-9]+(\.[0-9]+)?")
BROKEN: Final = frozenset(("#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A"))
"""What a spreadsheet shows where it has no value."""

Place = tuple[list[str | int], Any]
"""The path of the field that a column stands for, and the schema of its value."""


def grant(places: Sequence[Place | None], row: Sequence[Any]) -> dict[str, Any]:
    """Give the grant of a row; cells without anything in them say nothing."""
    found: dict[str, Any] = {}
    for place, cell in zip(places, row, strict=False):
        if place and cell is not None and cell != "" and not (isinstance(cell, str) and cell.isspace()):
            put(found, place[0], value(cell, place[1]))
    closed: dict[str, Any] = _closed(found)
    return closed


def wrong(places: Sequence[Place | None], row: Sequence[Any]) -> Iterator[Fault]:
    """Say what of a row stands under no heading, and where the spreadsheet shows an error in the place of a value."""
    for number, cell in enumerate(row[len(places):], len(places) + 1):
        if cell is not None and str(cell).strip():
            yield Fault(f"column {number}", shown(cell), "a heading above it, or nothing there")
    for place, cell in zip(places, row, strict=False):
        if place and isinstance(cell, str) and cell in BROKEN:
            yield Fault("/".join(map(str, place[0])), shown(cell), "a value, where the spreadsheet shows an error")


def put(found: dict[str, Any], path: Sequence[str | int], value: Any) -> None:
    """Put a value in its place; the members of a list stand under their numbers until the row is read."""
    at: Any = found
    for step in path[:-1]:
        at = at.setdefault(step, {})
    at[path[-1]] = value


def _closed(part: Any) -> Any:
    """Give a part of a grant with its lists as lists."""
    if not isinstance(part, dict):
        return part
    if part and all(isinstance(name, int) for name in part):
        return [_closed(part[number]) for number in sorted(part)]
    return {name: _closed(value) for name, value in part.items()}


def value(cell: Any, schema: Any) -> Any:
    """Give the value that a cell stands for where it is clear, else the cell's text for the schema to refuse."""
    types = schema.get("type", "string")
    if isinstance(cell, datetime.datetime):
        return cell.date().isoformat() if cell.time() == datetime.time() else f"{cell.isoformat()}Z"
    if isinstance(cell, datetime.date):
        return cell.isoformat()
    if "number" in types:
        if isinstance(cell, str) and NUMBER.fullmatch(cell.strip()):
            return Decimal(cell.strip())
        return Decimal(str(cell)) if isinstance(cell, float | int) and not isinstance(cell, bool) else cell
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))  # Excel keeps a charity number so
    return str(cell).strip()


def joined(grant: dict[str, Any], more: dict[str, Any]) -> Iterator[Fault]:
    """Take into a grant what one more row says of it; give what contradicts."""
    for name, value in more.items():
        if name not in grant:
            grant[name] = value
        elif isinstance(value, list) and isinstance(grant[name], list):
            grant[name] += [one for one in value if one not in grant[name]]
        elif grant[name] != value:
            yield Fault(name, f"{shown(grant[name])} in one row and {shown(value)} in another", "the same in both")
