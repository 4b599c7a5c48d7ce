"""A file of grants, opened by what it is: JSON, a workbook or CSV."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, Protocol

from carekg import errors
from carekg.importers.grants import packages, tables
from carekg.importers.grants.rules import Read

KINDS: Final[dict[str, type[packages.Package] | type[tables.Table]]] = {
    ".json": packages.Package, ".csv": tables.Csv, ".xlsx": tables.Workbook}


class Source(Protocol):
    """A file of grants: ``done`` are the bytes that were read, ``notes`` sentences on what was left out or is odd."""

    path: Path
    done: int
    notes: list[str]

    def grants(self) -> Iterator[Read]:
        """Give each grant, from the first."""

    def about(self) -> dict[str, Any]:
        """Give what the file says of itself, by the names of the standard's package schema."""


def opened(path: Path) -> Source:
    """Give the source of a file.

    :raises BadValue: its ending is none that is read.
    :raises BadInput: there is no such file.
    """
    kind = KINDS.get(path.suffix.lower())
    if kind is None:
        raise errors.BadValue(path.name, f"a file of grants: its name has to end in {', '.join(KINDS)}")
    if not path.is_file():
        raise errors.BadInput(f"There is no file {path}.")
    return kind(path)


def digest(path: Path) -> str:
    """Give the SHA-256 of a file, by which it is known again."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
