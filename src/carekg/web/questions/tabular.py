"""An answer as a table to take along, one line a row: values, who says so, where, in which words, and addresses."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from carekg.importers.sheets.table import DANGEROUS
from carekg.query import Cell, Row
from carekg.query.deprecated import Deprecated
from carekg.web.questions.about import About
from carekg.web.questions.laid import WHOLE, Head, Laid, is_numeral

RECEIPTS: Final = ("who says so", "where", "in which words")
"""The heads of the columns of receipts; several stand in one cell, a line each, in the same order."""

DEPRECATED: Final = "no longer to be used"
PLAIN: Final = re.compile(r"[+-]?\d[\d,]*(\.\d+)?%?")
"""A number as people write it, which is no formula though it begins with a sign."""

SAFE: Final = re.compile(r"[+-]?[0-9]{1,15}")
"""A whole number that no program rounds."""

ESCAPED: Final = re.compile(rf"'*[{''.join(map(re.escape, DANGEROUS))}]")
"""How a text begins that a spreadsheet might work out, or that had an apostrophe put before it for that."""


def heads(laid: Laid, deprecated: Deprecated) -> list[str]:
    """Give the heads of all columns: what is answered, whether it still holds, receipts, and addresses of things."""
    named = [one.column.heading for one in laid.columns]
    twice = [one.name if named.count(one.column.heading) > 1 else one.column.heading for one in laid.columns]
    return [*twice, *([DEPRECATED] if deprecated.among(laid.rows) else []), *(RECEIPTS if laid.table.receipts else ()),
            *(f"{name} address" for name, head in zip(twice, laid.columns, strict=True) if head in linked(laid))]


def linked(laid: Laid) -> list[Head]:
    """Give the columns of things."""
    return [head for head in laid.columns if head.column.label or any(row.cells[head.place].iri for row in laid.rows)]


def lines(laid: Laid, rows: Iterable[Row], deprecated: Deprecated) -> Iterator[list[Cell]]:
    """Give the cells of each row, under those heads."""
    marked, things = bool(deprecated.among(laid.rows)), linked(laid)
    for row in rows:
        mark = [Cell("yes" if deprecated.marks(row) else "")] if marked else []
        said = [Cell("\n".join(one.source.text for one in row.receipts)), Cell("\n".join(
            one.where for one in row.receipts)), Cell("\n".join(told(row)))] if laid.table.receipts else []
        yield [*(row.cells[head.place] for head in laid.columns), *mark, *said,
               *(Cell(row.cells[head.place].iri) for head in things)]


def told(row: Row) -> list[str]:
    """Give the words of each receipt, with what they are about where a row has receipts for several things."""
    return [f"{one.about}: {one.quoted}" if one.about else one.quoted for one in row.receipts]


def as_csv(laid: Laid, rows: Iterable[Row], deprecated: Deprecated) -> bytes:
    """Give a CSV file (RFC 4180) for a spreadsheet: in UTF-8 with the mark by which Excel knows it.

    A text that a spreadsheet would take for a formula has an apostrophe before it, as OWASP advises
    (https://owasp.org/www-community/attacks/CSV_Injection); so has one that begins with apostrophes and such a sign,
    so that taking away the first apostrophe gives every text back. Numbers and dates are left as they are.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([safe(Cell(one)) for one in heads(laid, deprecated)])
    writer.writerows([safe(cell) for cell in cells] for cells in lines(laid, rows, deprecated))
    return text.getvalue().encode("utf-8-sig")


def listed(rows: Iterable[Iterable[str]]) -> str:
    """Give a list as CSV that no spreadsheet works out."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows([safe(Cell(one)) for one in row] for row in rows)
    return text.getvalue()


def safe(cell: Cell) -> str:
    """Give a cell's text as no spreadsheet works it out."""
    if is_numeral(cell) or PLAIN.fullmatch(cell.text) or not ESCAPED.match(cell.text):
        return cell.text
    return f"'{cell.text}"


def as_json(laid: Laid, rows: Sequence[Row], deprecated: Deprecated, about: About) -> dict[str, Any]:
    """Give the rows with their receipts as JSON, numbers as numbers."""
    columns = [{"name": head.name, "heading": head.column.heading} for head in laid.columns]
    return {"about": about.as_json(), "columns": columns, "cut": laid.cut, "total": len(rows),
            "rows": [_row(laid, row, deprecated) for row in rows]}


def _row(laid: Laid, row: Row, deprecated: Deprecated) -> dict[str, Any]:
    cells = {head.name: row.cells[head.place] for head in laid.columns}
    said: dict[str, Any] = {"values": {name: value(cell) for name, cell in cells.items()},
                            "addresses": {name: cell.iri for name, cell in cells.items() if cell.iri},
                            "receipts": [{"words": one.words, "source": one.source.text, "address": one.source.iri,
                                          "where": one.where, **({"about": one.about} if one.about else {})}
                                         for one in row.receipts]}
    return {**said, "deprecated": True} if deprecated.marks(row) else said


def value(cell: Cell) -> str | int | float | None:
    """Give a cell's value: a number where it is one that loses nothing as such, None where the cell is empty."""
    if not is_numeral(cell):
        return cell.text or None
    if cell.datatype in WHOLE:
        return int(cell.text) if SAFE.fullmatch(cell.text) else cell.text
    number = float(cell.text)
    return number if number - number == 0 else cell.text  # infinity and what is no number stay words
