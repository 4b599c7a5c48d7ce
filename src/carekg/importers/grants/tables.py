"""Grants in the spreadsheet form of the standard, row by row: a workbook or a CSV file whose headings are its titles.

A heading is the title of a field, such as ``Recipient Org:Name``, with the number of a list's member where there are
several (``Beneficiary Location:1:Geographic Code``). Rows that follow each other and have one identifier are one grant.
"""

from __future__ import annotations

import contextlib
import csv
import itertools
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, Any, Final

from carekg import errors
from carekg.importers.grants import cells
from carekg.importers.grants.cells import Place
from carekg.importers.grants.rules import PACKAGE, Read, Titles

UNPACKED: Final = 1024 * 2**20
"""Bytes to which a workbook may unpack."""

LONGEST: Final = 16 * 2**20
"""Bytes that a line of a CSV file may have."""

WIDEST: Final = 500
"""Columns that are read."""


SEPARATORS: Final = ",;\t"
"""What may stand between cells: a spreadsheet writes what its language's decimal comma leaves free."""


class Table:
    """A file of grants in rows; ``notes`` are sentences on what of it is not read."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.notes: list[str] = []
        self.done = 0
        self._titles = Titles()

    def about(self) -> dict[str, Any]:
        """Give what the sheet ``Meta`` says of the whole, nothing where there is none."""
        return {}

    def rows(self) -> Iterator[tuple[int, Sequence[Any]]]:
        """Give the rows of the sheet of grants, each with its number."""
        raise NotImplementedError

    def grants(self) -> Iterator[Read]:
        """Give each grant with the rows in which it stands.

        :raises BrokenDocument: the file cannot be read, or has no headings of the standard.
        """
        rows = self.rows()
        places = self._places(next(rows, (0, ()))[1])
        first, last, grant = 0, 0, Read("", None)
        for number, row in rows:
            found = cells.grant(places, row)
            wrong = list(cells.wrong(places, row))
            if not found and not wrong:
                continue
            if first and found.get("id") and found["id"] == grant.said.get("id"):
                grant.faults += cells.joined(grant.said, found)
            else:
                if first:
                    yield grant
                first, grant = number, Read("", found)
            grant.faults += wrong
            last = number
            grant.where = f"row {first:,}" if first == last else f"rows {first:,} to {last:,}"
        if not first:
            raise errors.BrokenDocument(str(self.path), "has no grants below its headings")
        yield grant

    def _places(self, headings: Sequence[Any]) -> list[Place | None]:
        """Give where the value of each column belongs; note the columns that belong nowhere."""
        names = [" ".join(str(one).split()) if one is not None else "" for one in headings]
        while names and not names[-1]:
            names.pop()
        if len(names) > WIDEST:
            raise errors.BrokenDocument(str(self.path), f"has more than {WIDEST} columns, the most that are read")
        found = [self._titles.path(name) if name else None for name in names]
        if not any(place and place[0] == ["id"] for place in found):
            raise errors.BrokenDocument(str(self.path), "has no column `Identifier` in its first row, which has to "
                                        "hold the titles of the 360Giving standard")
        self._refuse_twice(names, found)
        left = [name for name, place in zip(names, found, strict=True) if name and not place]
        if left:
            more = f" and {len(left) - 5} more" if len(left) > 5 else ""
            self.notes.append(f"Columns that the standard does not have are not read: {', '.join(left[:5])}{more}.")
        return found

    def _refuse_twice(self, names: Sequence[str], places: Sequence[Place | None]) -> None:
        """Refuse two columns for one field: it would be open which of them holds."""
        first: dict[tuple[str | int, ...], str] = {}
        for name, place in zip(names, places, strict=True):
            path = tuple(place[0]) if place else ()
            if path in first:
                raise errors.BrokenDocument(str(self.path), f"has two columns for one field, `{first[path]}` and "
                                            f"`{name}`; one of them has to go, or to have another number")
            if path:
                first[path] = name


class Csv(Table):
    """A CSV file in UTF-8."""

    def rows(self) -> Iterator[tuple[int, Sequence[Any]]]:
        """Give the rows, each with its number, the headings as 1."""
        with self.path.open("rb") as raw:
            lines = self._lines(raw)
            try:
                first = next(lines, "")
                reader = csv.reader(itertools.chain((first,), lines), delimiter=max(SEPARATORS, key=first.count),
                                    strict=True)
                yield from enumerate(reader, start=1)
            except UnicodeDecodeError:
                raise errors.BrokenDocument(str(self.path), f"is not in UTF-8 by byte {self.done:,}; save it as CSV "
                                            "in UTF-8") from None
            except csv.Error as error:
                raise errors.BrokenDocument(str(self.path), f"is no CSV by byte {self.done:,}: {error}") from None

    def _lines(self, raw: IO[bytes]) -> Iterator[str]:
        for number, line in enumerate(iter(lambda: raw.readline(LONGEST), b"")):
            self.done += len(line)
            if len(line) == LONGEST:
                raise csv.Error(f"a line has more than {LONGEST // 2**20} MB")
            yield line.decode("utf-8-sig" if not number else "utf-8")


class Workbook(Table):
    """A workbook of Excel; the sheet ``grants``, or the first, holds the grants."""

    def about(self) -> dict[str, Any]:
        """Give what the sheet ``Meta`` says, each field in a row: its title, then its value."""
        found: dict[str, Any] = {}
        titles = Titles(PACKAGE)
        with self._opened() as sheets:
            for sheet in (one for one in sheets if one.title.lower() == "meta"):
                for row in self._read(sheet, max_row=100, max_col=2):
                    place = titles.path(str(row[0])) if row and row[0] else None
                    if place and len(row) > 1 and row[1] is not None:
                        cells.put(found, place[0], cells.value(row[1], place[1]))
        return found

    def rows(self) -> Iterator[tuple[int, Sequence[Any]]]:
        """Give the rows of the sheet of grants, each with its number."""
        with self._opened() as sheets:
            chosen = next((one for one in sheets if one.title.lower() == "grants"), None) or next(
                (one for one in sheets if one.title.lower() != "meta"), None)
            if chosen is None:
                raise errors.BrokenDocument(str(self.path), "has no sheet of grants")
            for sheet in sheets:
                if sheet is not chosen and sheet.title.lower() != "meta" and any(
                        cell is not None for row in self._read(sheet, min_row=2, max_row=5) for cell in row):
                    self.notes.append(f"The sheet {sheet.title} has rows that are not read: put them into the sheet "
                                      f"{chosen.title}, with numbers in the headings.")
            yield from enumerate(self._read(chosen), start=1)

    def _read(self, sheet: Any, **limits: int) -> Iterator[Sequence[Any]]:
        """Give the rows of a sheet.

        :raises BrokenDocument: it breaks off.
        """
        rows = sheet.iter_rows(values_only=True, **limits)
        for number in itertools.count():
            try:
                with _quiet():
                    row = next(rows, None)
            except Exception as error:  # whatever a half-written or hostile file makes the library stumble over
                raise errors.BrokenDocument(str(self.path), f"is broken in the sheet {sheet.title} after "
                                            f"{number:,} rows: {error}") from None
            if row is None:
                return
            yield row

    @contextlib.contextmanager
    def _opened(self) -> Iterator[list[Any]]:
        """Give the sheets while the file is open; what it says of their sizes need not be so."""
        book = self._book()
        try:
            for sheet in book.worksheets:
                sheet.reset_dimensions()
            yield book.worksheets
        finally:
            book.close()

    def _book(self) -> Any:
        import openpyxl  # imported here: it takes a moment, and JSON needs none of it

        try:
            with zipfile.ZipFile(self.path) as packed:
                if sum(part.file_size for part in packed.infolist()) > UNPACKED:
                    raise errors.BrokenDocument(str(self.path), f"unpacks to more than {UNPACKED // 2**20} MB; save it "
                                                "as CSV, which is read in any size")
            with _quiet():
                return openpyxl.load_workbook(self.path, read_only=True, data_only=True)
        except errors.CarekgError:
            raise
        except Exception as error:  # as above
            raise errors.BrokenDocument(str(self.path), f"is no workbook of Excel: {error}") from None


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Keep back warnings: of parts that are not read, and of days that there are not, which are refused."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
