"""Reads a workbook (.xlsx): one sheet of it as data, and the answers that its reader gave to our questions.

It is read row by row. Formulas are not worked out, nor is what somebody's spreadsheet made of them taken for typed.
"""

from __future__ import annotations

import contextlib
import datetime
import io
import re
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from typing import Any, Final

from carekg import errors
from carekg.importers.sheets import table
from carekg.importers.sheets.limits import (
    LAST_ROW,
    MOST_CELLS,
    MOST_COLUMNS,
    MOST_PARTS,
    MOST_ROWS,
    MOST_UNPACKED_MB,
)
from carekg.importers.sheets.table import ANSWERS, OURS, Cell, Problem, Row, Table, folded

MERGED: Final = re.compile(rb'<(?:\w+:)?mergeCell\s+ref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"')
PIECE: Final = 1 << 20


def read(name: str, content: bytes, sheet: str = "", titles: Sequence[str] = ()) -> Table:
    """Give the table of a workbook's sheet.

    :raises BadSheet: it is no workbook, or unpacks to more than is read; it has no such sheet, or several.
    """
    import openpyxl  # imported here: it takes a moment, and sheets of text need none of it

    _refuse_bomb(name, content)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of parts that are not read, and of days that there are not: those are told
        try:
            book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
            with contextlib.closing(book):
                chosen = _chosen(name, book, sheet, titles)
                rows = list(_rows(name, chosen))
                answers = _answers(book[ANSWERS]) if ANSWERS in book.sheetnames else {}
                merged = list(_merged(content, chosen, rows[0].number if rows else 1, rows[-1].number if rows else 1))
        except errors.CarekgError:
            raise
        except Exception as error:  # whatever a half-written or hostile file makes the library stumble over
            raise errors.BadSheet(name, f"is no workbook that can be read ({type(error).__name__}: "
                                        f"{table.shown(str(error))})", "save it again as .xlsx") from None
    return table.table(name, chosen.title, rows, merged, answers)


def _refuse_bomb(name: str, content: bytes) -> None:
    """Refuse what unpacks to more than is read, by what its directory says: no part unpacks to more than that."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            parts = packed.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        raise errors.BadSheet(name, "breaks off, or is damaged", "send it again, whole") from None
    size = sum(one.file_size for one in parts) / 2**20
    if size > MOST_UNPACKED_MB or len(parts) > MOST_PARTS:
        raise errors.BadSheet(name, f"unpacks to {size:,.0f} MB in {len(parts):,} parts, and {MOST_UNPACKED_MB} MB "
                                    f"in {MOST_PARTS:,} is the most that is read", "cut it into several files")
    if not any(one.filename == "[Content_Types].xml" for one in parts):
        raise errors.BadSheet(name, "is a zip archive and no workbook", "send an .xlsx or a .csv file")


def _chosen(name: str, book: Any, sheet: str, titles: Sequence[str]) -> Any:
    """Give the sheet with the data: the one that is named, the only one, or the only one called like a class."""
    data = {one.title: one for one in book.worksheets if one.title not in OURS and one.sheet_state == "visible"}
    if sheet:
        found = [one for title, one in data.items() if folded(title) == folded(sheet)]
    else:
        known = {folded(one) for one in titles}
        found = [one for title, one in data.items() if folded(title) in known] if len(data) > 1 else [*data.values()]
    if len(found) == 1:
        return found[0]
    listed = ", ".join(f"`{title}`" for title in data) or "none"
    what = f"has no sheet `{sheet}`" if sheet else "has more than one sheet that it could be" if found else \
        "has no sheet that is called like a class of things"
    raise errors.BadSheet(name, what, f"name one of its sheets: {listed}")


def _rows(name: str, sheet: Any) -> Iterator[Row]:
    sheet.reset_dimensions()  # what a file says of its size need not be so
    held = looked = 0
    for number, cells in enumerate(sheet.iter_rows(), 1):
        looked += len(cells)
        if looked > MOST_CELLS:
            raise errors.BadSheet(name, f"has more than {MOST_CELLS:,} cells, most of them empty",
                                  "copy what is filled in into the template")
        found = {cell.column: made for cell in cells if cell.value is not None and (made := _cell(cell))}
        if number > LAST_ROW or held > MOST_ROWS:
            raise errors.BadSheet(name, f"has more than {MOST_ROWS:,} rows, the most that is read at once",
                                  "cut it into several files")
        if found and max(found) > MOST_COLUMNS:
            raise errors.BadSheet(name, f"has something in column {table.letter(max(found))} of row {number}, and "
                                        f"{MOST_COLUMNS} columns is the most that is read",
                                  "keep the columns of the template")
        held += bool(found)
        if found:
            yield Row(number, found)


def _cell(cell: Any) -> Cell | None:
    """Give what a cell holds; None where that is nothing, or spaces."""
    value, kind = cell.value, cell.data_type
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    if kind == "f":
        return Cell(str(getattr(value, "text", None) or value), table.FORMULA)
    if kind == "e":
        return Cell(str(value), table.BROKEN)
    if isinstance(value, bool):
        return Cell(value, table.BOOLEAN)
    if isinstance(value, int | float):
        return Cell(value, table.NUMBER)
    if isinstance(value, datetime.date):
        whole = value if isinstance(value, datetime.datetime) else datetime.datetime.combine(value, datetime.time())
        return Cell(whole, table.DAY if _shows_day(cell.number_format) else table.MONTH)
    return Cell(str(value))


def _shows_day(form: str) -> bool:
    """Say whether the format of a date shows the day: `2016-10` is kept as the first of October, without its day."""
    plain = re.sub(r'"[^"]*"|\\.|\[[^\]]*\]', "", form).lower()
    return "d" in plain or not ("m" in plain or "y" in plain)


def _answers(sheet: Any) -> dict[tuple[str, str], str]:
    """Give the answers by column and text: the first three columns of their sheet are column, text and answer."""
    found = {}
    sheet.reset_dimensions()
    for number, cells in enumerate(sheet.iter_rows(max_col=3, values_only=True), 1):
        texts = [str(one or "").strip() for one in (*cells, "", "", "")][:3]
        if number > 1 and texts[2]:
            found[folded(texts[0]), texts[1]] = texts[2]
        if number > MOST_ROWS:
            break
    return found


def _merged(content: bytes, sheet: Any, first: int, last: int) -> Iterator[Problem]:
    """Give a problem for each block of merged cells beside the rows that hold something."""
    with zipfile.ZipFile(io.BytesIO(content)) as packed, packed.open(sheet._worksheet_path) as part:
        before = b""
        seen: set[bytes] = set()
        while piece := part.read(PIECE):
            for match in MERGED.finditer(before + piece):
                row = int(match[2])
                if match[0] not in seen and first <= row <= last:
                    seen.add(match[0])
                    block = match[1].decode() + match[2].decode() + ":" + match[3].decode() + match[4].decode()
                    yield Problem(row, _number(match[1].decode()), "", f"The cells {block} are merged, so that it is "
                                  "open what the others hold.", "Unmerge them, and type the value into each.")
            before = (before + piece)[-200:]


def _number(letters: str) -> int:
    found = 0
    for one in letters:
        found = found * 26 + ord(one) - 64
    return found
