"""Reads a CSV file: in UTF-8, its cells separated by a comma, a semicolon or a tab, whichever its heads are."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import PurePath
from typing import Final

from carekg import errors
from carekg.importers.sheets import table
from carekg.importers.sheets.limits import LAST_ROW, MOST_COLUMNS, MOST_ROWS
from carekg.importers.sheets.table import Cell, Row, Table

SEPARATORS: Final = (",", ";", "\t")
FORMULA: Final = ("=", "+", "-", "@")
"""How a cell begins that a spreadsheet takes for a formula when it opens the file."""

WORKING: Final = frozenset("(!|")
"""Signs that only a formula has after the last three of those."""

PLAIN: Final = "save it again as `CSV UTF-8`"


def read(name: str, content: bytes) -> Table:
    """Give the table of a file's content.

    :raises BadSheet: it is in another encoding, no text, or its quotes are left open.
    """
    text = _decoded(name, content)
    separator = max(SEPARATORS, key=lambda sign: _heads(text, sign))
    return table.table(name, PurePath(name).stem, _rows(name, text, separator))


def _decoded(name: str, content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise errors.BadSheet(name, "is in UTF-16, which Excel calls Unicode text", PLAIN)
    if b"\0" in content:
        raise errors.BadSheet(name, "is neither a workbook nor text", "send an .xlsx or a .csv file")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        start = content.rfind(b"\n", 0, error.start) + 1
        word = content[max(start, error.start - 12):error.start + 8].decode("cp1252", "replace").split("\n")[0].strip()
        raise errors.BadSheet(name, f"is not in UTF-8: line {line} has a sign of another encoding, perhaps "
                                    f"Windows-1252, near `{table.shown(word)}`", PLAIN) from None


def _heads(text: str, separator: str) -> int:
    """Give how many heads a separator makes of the first row that is not empty; a head may go over several lines."""
    try:
        return next((len(cells) for cells in csv.reader(io.StringIO(text, newline=""), delimiter=separator)
                     if any(map(str.strip, cells))), 0)
    except csv.Error:
        return 0


def _rows(name: str, text: str, separator: str) -> Iterator[Row]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    number, held, began = 0, 0, 1
    try:
        for number, cells in enumerate(reader, 1):
            found = {column: _cell(value) for column, value in enumerate(cells, 1) if value.strip()}
            held += bool(found)
            if number > LAST_ROW or held > MOST_ROWS + 1:
                raise errors.BadSheet(name, f"has more than {MOST_ROWS:,} rows, the most that is read at once",
                                      "cut it into several files")
            if len(cells) > MOST_COLUMNS:
                raise errors.BadSheet(name, f"has {len(cells):,} columns in row {number}, and {MOST_COLUMNS} is the "
                                            "most that is read", "keep the columns of the template")
            yield Row(number, found)
            began = reader.line_num + 1
    except csv.Error as error:
        what = f"does not parse in row {number + 1}, which begins on line {began}: {error}"
        raise errors.BadSheet(name, what, "a quote that opens a cell closes it, and one within it is doubled") from None


def _cell(value: str) -> Cell:
    """Give a cell; what a spreadsheet would take for a formula is one, though a number may begin with a sign."""
    text = value.strip()
    if text[0] == "=" or (text[0] in FORMULA and not WORKING.isdisjoint(text)):
        return Cell(text, table.FORMULA)
    return Cell(value)
