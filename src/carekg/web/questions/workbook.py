"""An answer as an Excel workbook: the rows with typed cells and links, their receipts, and a sheet about the answer."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import count
from typing import Any, Final

import openpyxl
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties

from carekg.importers.sheets.limits import MOST_CHARACTERS
from carekg.importers.sheets.table import DANGEROUS
from carekg.importers.sheets.written import AUTHOR, HEAD, HIGHEST, LINE
from carekg.query import Cell, Row
from carekg.query.deprecated import Deprecated
from carekg.web import site
from carekg.web.questions import tabular
from carekg.web.questions.about import About
from carekg.web.questions.laid import XSD, Head, Laid

LINKS: Final = 60_000
"""Links that one sheet has; Excel opens no more than 65,530, and the addresses stand in columns of their own."""

WIDEST: Final = 60
NARROWEST: Final = 12
SAMPLE: Final = 200
"""Rows that the width of a column is taken from."""

FIRST_YEAR: Final = 1900
"""With which a spreadsheet's days begin; earlier ones stay texts."""

YEAR: Final = re.compile(r"-?[0-9]{4}")
"""A year that no zone is stated of."""

WRAPPED: Final = Alignment(vertical="top", wrap_text=True)
LINKED: Final = Font(color="0B6156", underline="single")


def written(laid: Laid, rows: Sequence[Row], deprecated: Deprecated, about: About) -> bytes:
    """Give the file."""
    book = openpyxl.Workbook(write_only=True)
    book.properties.creator, book.properties.title = AUTHOR, about.question[:200]
    _answer(book.create_sheet("Answer"), laid, rows, deprecated)
    if laid.table.receipts:
        _receipts(book.create_sheet("Receipts"), rows)
    _about(book.create_sheet("About"), about)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _answer(sheet: Any, laid: Laid, rows: Sequence[Row], deprecated: Deprecated) -> None:
    heads = ["row", *tabular.heads(laid, deprecated)]
    sample = [[Cell("0000"), *line] for line in tabular.lines(laid, rows[:SAMPLE], deprecated)]
    _head(sheet, heads, [max((len(line[n].text) for line in sample), default=0) for n in range(len(heads))],
          len(rows))
    left, years = LINKS, {n for n, head in enumerate(laid.columns) if _is_of_years(laid, head)}
    for number, line in enumerate(tabular.lines(laid, rows, deprecated), 1):
        cells = [_cell(sheet, cell, is_year=n in years) for n, cell in enumerate(line)]
        for cell, made in zip(line, cells, strict=True):
            if cell.iri and left:
                left -= 1
                _link(made, cell.iri)
        _add(sheet, number + 1, [_number(sheet, number), *cells])


def _receipts(sheet: Any, rows: Iterable[Row]) -> None:
    """Write a line for each receipt of each row, by the row's number."""
    titles = ["row", "about", "in which words", "whose words", "who says so", "where", "address"]
    _head(sheet, titles, [4, 10, WIDEST, 14, 40, 24, 40], 0)
    line = count(2)
    for number, row in enumerate(rows, 1):
        for one in row.receipts:
            whose = "paraphrased by us" if one.quoted == one.words else "the source's own"
            texts = (one.about, one.words, whose, one.source.text, one.where, one.source.iri)
            _add(sheet, next(line), [_number(sheet, number), *(_cell(sheet, Cell(text)) for text in texts)])


def _about(sheet: Any, about: About) -> None:
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 22, 100
    _fit_to_page(sheet)
    for number, (name, text) in enumerate(about.lines(), 1):
        first, second = _cell(sheet, Cell(name)), _cell(sheet, Cell(text))
        first.font, first.alignment = Font(bold=True), WRAPPED
        if text.startswith(("https://", "http://")) and len(text) < 2000:
            _link(second, text)
        _add(sheet, number, [first, second])


def _head(sheet: Any, titles: Sequence[str], widths: Sequence[int], rows: int) -> None:
    """Write the heads, which stay in sight, each column about as wide as what it holds."""
    for n, (title, width) in enumerate(zip(titles, widths, strict=True), 1):
        sheet.column_dimensions[get_column_letter(n)].width = min(max(width, len(title) + 3, NARROWEST), WIDEST)
    sheet.freeze_panes = "A2"
    _fit_to_page(sheet)
    if rows:
        sheet.auto_filter.ref = f"A1:{get_column_letter(len(titles))}{rows + 1}"
    _add(sheet, 1, list(_bold(sheet, titles)))


def _fit_to_page(sheet: Any) -> None:
    """Have a sheet printed as wide as a page."""
    sheet.page_setup.orientation, sheet.page_setup.fitToHeight = "landscape", 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


def _add(sheet: Any, number: int, cells: Sequence[Any]) -> None:
    """Write a row as high as its longest text, which not every spreadsheet makes it by itself."""
    high = 1
    for n, cell in enumerate(cells, 1):
        if isinstance(text := getattr(cell, "value", None), str):
            width = sheet.column_dimensions[get_column_letter(n)].width
            high = max(high, sum(1 + int(len(line) // width) for line in text.split("\n")))
    if high > 1:
        sheet.row_dimensions[number].height = LINE * min(high, HIGHEST)
    sheet.append(cells)
    sheet.row_dimensions.pop(number, None)  # it is written, and a long answer has many


def _bold(sheet: Any, titles: Iterable[str]) -> Iterator[Any]:
    for title in titles:
        cell = _cell(sheet, Cell(title))
        cell.font, cell.fill = Font(bold=True, color="FFFFFF"), HEAD
        yield cell


def _is_of_years(laid: Laid, head: Head) -> bool:
    """Say whether a column holds years and nothing else: with months and days among them it sorts as text."""
    cells = [cell for row in laid.rows if (cell := row.cells[head.place]).text]
    return all(cell.datatype == f"{XSD}gYear" and YEAR.fullmatch(cell.text) for cell in cells)


def _cell(sheet: Any, cell: Cell, *, is_year: bool = False) -> Any:
    """Give a cell: a number, a day, or a text, which stays one whatever it begins with."""
    value = int(cell.text) if is_year and cell.text else _day(cell) or tabular.value(cell)
    if isinstance(value, str):
        value = ILLEGAL_CHARACTERS_RE.sub("\ufffd", value)[:MOST_CHARACTERS]
    made = WriteOnlyCell(sheet, value)
    made.alignment = WRAPPED
    if isinstance(value, str):
        made.data_type = "s"
        made.quotePrefix = value.startswith(DANGEROUS)
    elif isinstance(value, date):
        made.number_format = "yyyy-mm-dd"
    return made


def _number(sheet: Any, number: int) -> Any:
    """Give the cell of a row's number."""
    return _cell(sheet, Cell(str(number), datatype=f"{XSD}integer"))


def _day(cell: Cell) -> date | None:
    if cell.datatype != f"{XSD}date":
        return None
    try:
        found = date.fromisoformat(cell.text)
    except ValueError:
        return None
    return found if found.year >= FIRST_YEAR else None


def _link(cell: Any, iri: str) -> None:
    """Make a cell lead to a thing: to its page on this server where it has one."""
    address = site.address(site.local(iri))
    if address.startswith(("https://", "http://")) and len(address) < 2000:
        cell.hyperlink = address
        cell.font = LINKED
