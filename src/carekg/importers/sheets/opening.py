"""Opens a file as a table, by what is in it and not by its name; too much of anything is told before it is read."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from carekg import errors
from carekg.importers.sheets import delimited, workbook
from carekg.importers.sheets.table import Table

MOST_MB: Final = 20
"""Megabytes that a file may have; a sheet of 10,000 rows has two."""

ZIP: Final = b"PK\x03\x04"
COMPOUND: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How an old or an encrypted workbook of Excel begins."""

ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")


def opened(path: Path, sheet: str = "", titles: Sequence[str] = ()) -> Table:
    """Read a file of this machine.

    :param sheet: the sheet of a workbook that is meant, where it has several.
    :param titles: what a sheet may be called that holds data.
    :raises BadSheet: it cannot be read, or has more than is read.
    """
    try:
        if path.is_dir():
            raise errors.BadSheet(path.name, "is a folder", "name an .xlsx or .csv file")
        if (size := path.stat().st_size) > MOST_MB * 2**20:
            raise errors.BadSheet(path.name, f"has {size / 2**20:,.0f} MB, and {MOST_MB} MB is the most that is read",
                                  "cut it into several files")
        with path.open("rb") as file:
            content = file.read(MOST_MB * 2**20 + 1)
    except OSError as error:
        raise errors.BadSheet(path.name, f"cannot be read: {error.strerror}", "name an .xlsx or .csv file") from None
    return read(path.name, content, sheet, titles)


def read(name: str, content: bytes, sheet: str = "", titles: Sequence[str] = ()) -> Table:
    """Read the content of a file; see :func:`opened`."""
    if len(content) > MOST_MB * 2**20:
        raise errors.BadSheet(name, f"has more than {MOST_MB} MB, the most that is read", "cut it into several files")
    if not content.strip():
        raise errors.BadSheet(name, "is empty", "a first row of heads and a row for each thing")
    if content.startswith(COMPOUND):
        locked = ENCRYPTED in content
        what = "is protected with a password" if locked else "is a workbook of the old kind (.xls), whatever its name"
        right = "save it without a password" if locked else "save it as .xlsx"
        raise errors.BadSheet(name, what, right)
    if content.startswith(ZIP):
        return workbook.read(name, content, sheet, titles)
    return delimited.read(name, content)
