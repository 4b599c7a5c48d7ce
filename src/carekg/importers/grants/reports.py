"""The report on grants that are not right: a CSV file with a row for each fault."""

from __future__ import annotations

import csv
from pathlib import Path
from types import TracebackType
from typing import IO, Final, Self

from carekg import errors
from carekg.importers.grants.rules import Fault, Read

HEADINGS: Final = ("grant", "where", "identifier", "field", "what stands there", "what would be right")
SHOWN: Final = 20
"""Faults that are kept to be told at once."""


class Report:
    """Counts the grants that are not right; the file is made with the first of them."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.count = 0
        self.sentences: list[str] = []
        self._file: IO[str] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        if self._file:
            self._file.close()

    def add(self, number: int, one: Read, faults: list[Fault]) -> None:
        """Tell a grant with its faults."""
        self.count += 1
        said = one.said.get("id") if isinstance(one.said, dict) else None
        identifier = " ".join(str(said).split())[:120] if said is not None else ""
        for fault in faults:
            self._write((str(number), one.where, identifier, fault.path, fault.value, fault.right))
            if len(self.sentences) < SHOWN:
                names = ", ".join(filter(None, (f"grant {number:,}", one.where, identifier)))
                self.sentences.append(f"{names}: {fault.sentence()}.")

    def _write(self, row: tuple[str, ...]) -> None:
        try:
            if self._file is None:
                self._file = self.path.open("w", encoding="utf-8", newline="")
                csv.writer(self._file).writerow(HEADINGS)
            csv.writer(self._file).writerow([_inert(cell) for cell in row])
        except OSError as error:
            raise errors.BadInput(f"The report cannot be written to {self.path}: {error.strerror}; name another place "
                                  "with --report.") from None


def _inert(cell: str) -> str:
    """Give a cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t") else cell


