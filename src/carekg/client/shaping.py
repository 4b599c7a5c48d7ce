"""Rows as columns of typed values: the names, the units, an IRI beside each label, and the receipts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final, Literal

from carekg.client import kinds
from carekg.client.reading import Rows
from carekg.query import Receipt, Row

Receipts = Literal["columns", "rows"] | None
"""How receipts stand in a table: in columns of the row that they bear out, in a row each, or not at all."""

MONEY: Final = "currency"
"""The variable of a question that says the unit of an amount; of other numbers ``unit`` says it."""


@dataclass(frozen=True)
class Column:
    """A column of a table.

    :param name: its name in a data frame, of small letters, digits and underscores.
    :param heading: its name in words.
    :param kind: what its values are: ``text``, ``thing`` (a label, its IRI stands in the column of that name with
        ``_iri``), ``integer``, ``decimal``, ``number`` (floating), ``year``, ``date``, ``time``, ``truth``, ``iri``.
    :param unit: the unit of its numbers, where all have the same.
    :param unit_in: the name of the column that says the unit of each.
    """

    name: str
    heading: str
    kind: str = kinds.TEXT
    unit: str = ""
    unit_in: str = ""


PARTS: Final[dict[str, Callable[[Receipt], str]]] = {
    "words": lambda one: " ".join(one.words.split()),
    "source": lambda one: " ".join(one.source.text.split()),
    "source iri": lambda one: one.source.iri,
    "where": lambda one: " ".join(one.where.split()),
}
"""The parts of a receipt, each as one line."""

Filled = tuple[Column, list[Any]]
"""A column and its values, None for each that is missing."""


def shaped(rows: Rows, receipts: Receipts) -> list[Filled]:
    """Give the columns with their values; the receipts as asked for."""
    if receipts not in ("columns", "rows", None):
        raise ValueError(f"receipts={receipts!r} is none of 'columns', 'rows' and None")
    if receipts == "rows" and rows.groups:
        return _one_a_row(rows)
    found = _answered(rows)
    return found + (_beside(rows, {column.name for column, _ in found}) if receipts and rows.groups else [])


def _answered(rows: Rows) -> list[Filled]:
    """Give the columns of what is answered, those of IRIs beside those of their labels."""
    taken: set[str] = set()
    names = {column.name: _name(column.heading, column.name, taken) for column in rows.columns}
    found: list[Filled] = []
    for number, column in enumerate(rows.columns):
        cells = [row.cells[number] for row in rows.rows]
        kind, values = kinds.read(cells)
        unit, where = _unit(rows, number, kind)
        found.append((Column(names[column.name], column.heading, kind, unit, names.get(where, "")), values))
        if column.label or any(cell.iri for cell in cells):  # also where all are missing: scripts rely on it
            name = _name(f"{names[column.name]}_iri", f"{column.name}_iri", taken)
            found.append((Column(name, f"{column.heading} IRI", "iri"), [cell.iri or None for cell in cells]))
    if rows.deprecated:
        name = _name("deprecated", "no longer to be used", taken)
        found.append((Column(name, "no longer to be used", kinds.TRUTH), list(rows.deprecated)))
    return found


def _name(heading: str, variable: str, taken: set[str]) -> str:
    """Give a column a name that no other has: its heading, else its variable, else that with a number."""
    words = (re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", text) for text in (heading, variable))
    tries = [re.sub(r"\W+", "_", text).strip("_").lower() or "column" for text in words]
    name = next((one for one in tries if one not in taken), "")
    name = name or next(one for n in range(2, len(taken) + 3) if (one := f"{tries[-1]}_{n}") not in taken)
    taken.add(name)
    return name


def _unit(rows: Rows, number: int, kind: str) -> tuple[str, str]:
    """Give the unit of a column of numbers, where all have the same, and the variable that says it."""
    if kind not in kinds.NUMERIC:
        return "", ""
    name = rows.columns[number].name
    if "percent" in name.lower():
        return "%", ""
    general = MONEY if name.lower().endswith("amount") else "unit"
    variables = {column.name: n for n, column in enumerate(rows.columns)}
    if f"{general}Found" in variables:  # in a question that takes a parameter of that name
        general = f"{general}Found"
    where = next((one for one in (f"{name}Unit", f"{name}Currency", general) if one in variables), "")
    units = {row.cells[variables[where]].text for row in rows.rows if row.cells[number].text} if where else set()
    return (units.pop() if len(units) == 1 else ""), where


def _beside(rows: Rows, taken: set[str]) -> list[Filled]:
    """Give receipts as columns: their number, and for each part a line a receipt, the lines of all parts in step."""
    found: list[Filled] = [(Column(_name("receipts", "receipts", taken), "receipts", kinds.INTEGER),
                            [len(row.receipts) for row in rows.rows])]
    for group in rows.groups:
        kept = [[one for one in row.receipts if one.about == group] for row in rows.rows]
        head = f"{group} receipt".strip()
        for column, of in _parts(head, taken):
            found.append((column, ["\n".join(of(one) for one in several) or None for several in kept]))
    return found


def _one_a_row(rows: Rows) -> list[Filled]:
    """Give a row for each receipt, with the number of the row that it bears out; a row without any stays."""
    pairs: list[tuple[int, Row, Receipt | None]] = [
        (number, row, receipt) for number, row in enumerate(rows.rows, 1) for receipt in row.receipts or (None,)]
    marks = tuple(rows.deprecated[number - 1] for number, _, _ in pairs) if rows.deprecated else ()
    long = Rows(rows.columns, [row for _, row, _ in pairs], deprecated=marks)
    found = _answered(long)
    taken = {column.name for column, _ in found}
    found.insert(0, (Column(_name("row", "answer row", taken), "row", kinds.INTEGER), [n for n, _, _ in pairs]))
    if len(rows.groups) > 1:
        found.append((Column(_name("receipt about", "receipt about", taken), "receipt about"),
                      [receipt and (receipt.about or "the row") for _, _, receipt in pairs]))
    for column, of in _parts("receipt", taken):
        found.append((column, [of(receipt) or None if receipt else None for _, _, receipt in pairs]))
    return found


def _parts(head: str, taken: set[str]) -> Iterator[tuple[Column, Callable[[Receipt], str]]]:
    """Give the columns of the parts of receipts, each with what gives its part as a single line."""
    for part, of in PARTS.items():
        name = _name(f"{head} {part}", f"{head} {part}", taken)
        yield Column(name, f"{head} {part}", "iri" if part.endswith("iri") else kinds.TEXT), of
