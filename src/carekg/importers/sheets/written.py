"""How workbooks are written: every text as text, whatever it begins with, and heads that explain themselves."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from typing import Any, Final

import openpyxl
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties

from carekg.importers.sheets import table
from carekg.importers.sheets.columns import Column
from carekg.importers.sheets.limits import MOST_CHARACTERS, MOST_ROWS

AUTHOR: Final = "carekg"
HEAD: Final = PatternFill("solid", fgColor="1F3A5F")
OPTIONAL: Final = PatternFill("solid", fgColor="5B7083")
WRONG: Final = PatternFill("solid", fgColor="F8C9C4")
OPEN: Final = PatternFill("solid", fgColor="FCE8B2")
WRAPPED: Final = Alignment(vertical="top", wrap_text=True)
LINE: Final = 15
HIGHEST: Final = 12
"""Lines that a row shows at most."""

WIDE: Final = 44
NARROW: Final = 18
LONG: Final = ("summary", "definition", "paraphrase", "phrase")
"""Words in the heads of columns that hold sentences."""


def new_book(title: str) -> Any:
    """Give an empty workbook."""
    book = openpyxl.Workbook()
    book.properties.creator = AUTHOR
    book.properties.title = title
    book.active.title = title
    return book


def saved(book: Any) -> bytes:
    """Give a workbook as a file; printed, each sheet is as wide as a page."""
    for sheet in book.worksheets:
        sheet.page_setup.orientation = "landscape"
        sheet.page_setup.fitToHeight = 0
        sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def put(sheet: Any, row: int, column: int, value: Any) -> Any:
    """Write a value into a cell, a text always as text; give the cell."""
    cell = sheet.cell(row, column)
    if not isinstance(value, str):
        cell.value = value
        return cell
    text = ILLEGAL_CHARACTERS_RE.sub("\ufffd", value)[:MOST_CHARACTERS]
    cell.value = text
    cell.data_type = "s"
    if text.startswith(table.DANGEROUS):
        cell.quotePrefix = True
    return cell


def note(cell: Any, text: str) -> None:
    """Hang a remark on a cell."""
    cell.comment = Comment(ILLEGAL_CHARACTERS_RE.sub("\ufffd", text)[:2000], AUTHOR,
                           height=60 + 16 * (len(text) // 40), width=320)


def head(sheet: Any, row: int, number: int, column: Column, text: str = "") -> None:
    """Write the head of a column, with what is to be known of it."""
    cell = put(sheet, row, number, text or column.head + (" *" if column.is_required else ""))
    cell.font = Font(bold=True, color="FFFFFF")
    cell.fill = HEAD if column.is_required or column.is_id else OPTIONAL
    cell.alignment = Alignment(vertical="center", wrap_text=True)
    long = any(word in column.key for word in LONG)
    dimension = sheet.column_dimensions[table.letter(number)]
    dimension.width = WIDE if long else NARROW
    dimension.number_format = "@"  # or a spreadsheet makes dates of months, and numbers of codes that begin with 0
    dimension.alignment = WRAPPED
    if column.field or (column.is_id and text in ("", column.head)):
        note(cell, column.help)


def plain_head(sheet: Any, row: int, titles: Sequence[tuple[str, int]]) -> None:
    """Write the heads of a sheet of ours, each with its width."""
    for number, (title, width) in enumerate(titles, 1):
        cell = put(sheet, row, number, title)
        cell.font = Font(bold=True, color="FFFFFF")
        cell.fill = HEAD
        sheet.column_dimensions[table.letter(number)].width = width


def lines(sheet: Any, first: int, rows: Iterable[Sequence[Any]]) -> int:
    """Write rows of texts that wrap; give the number of the row after them."""
    number = first
    for number, values in enumerate(rows, first):
        for column, value in enumerate(values, 1):
            put(sheet, number, column, value).alignment = WRAPPED
        fit(sheet, number)
    return number + 1


def fit(sheet: Any, row: int) -> None:
    """Make a row as high as its longest text, which not every spreadsheet does by itself."""
    high = 1
    for cell in sheet[row]:
        width = sheet.column_dimensions[table.letter(cell.column)].width or NARROW
        high = max(high, sum(1 + int(len(line) // (width * 1.05)) for line in str(cell.value or "").split("\n")))
    sheet.row_dimensions[row].height = LINE * min(high, HIGHEST)


class Lists:
    """The hidden sheet of the names that can be chosen, each list once, and the drop-downs that show them."""

    def __init__(self, book: Any) -> None:
        self._sheet = book.create_sheet(table.LISTS)
        self._sheet.sheet_state = "hidden"
        self._made: dict[tuple[str, ...], str] = {}

    def range(self, title: str, items: Sequence[str]) -> str:
        """Give where a list stands."""
        key = tuple(items)
        if key not in self._made:
            number = len(self._made) + 1
            put(self._sheet, 1, number, title)
            for row, item in enumerate(items, 2):
                put(self._sheet, row, number, item)
            letter = table.letter(number)
            self._made[key] = f"{table.LISTS}!${letter}$2:${letter}${len(items) + 1}"
        return self._made[key]

    def drop(self, sheet: Any, place: str, title: str, items: Sequence[str], *, strict: bool) -> None:
        """Make a drop-down in some cells; where it is not ``strict``, something else may be typed."""
        if not items:
            return
        rule = DataValidation("list", self.range(title, items), allow_blank=True, showErrorMessage=strict)
        rule.errorTitle, rule.error = "Not in the list", "Choose one of the list."
        sheet.add_data_validation(rule)
        rule.add(place)


def below(number: int, first: int = 2) -> str:
    """Give all cells of a column below its head."""
    letter = table.letter(number)
    return f"{letter}{first}:{letter}{MOST_ROWS + 1}"
