"""Grants in JSON, one after another, from a file of any size: an object with a list of ``grants``, or such a list.

The parser keeps no more than the grant that it reads, and a grant that is too large for that stops it.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, Final

import ijson

from carekg import errors
from carekg.importers.grants.rules import Read

LARGEST: Final = 16 * 2**20
"""Bytes that one grant may have, and what stands before the first."""

INNERMOST: Final = 25_000
"""Lists and objects that may begin between two grants: the parser takes long over what lies very deep."""

DIGITS: Final = 1000
"""Digits that stand together: the parser does not survive a number of some thousands of them."""

NUMBER: Final = re.compile(rb"(?<![0-9])[0-9]{%d}" % (DIGITS + 1))
WRONG: Final = (ijson.JSONError, ArithmeticError, ValueError)
"""What the parser raises, and Python on numbers and letters that there are not."""

MEMBERS: Final = ("publisher", "license", "title", "issued", "downloadURL", "accessURL")
"""What is read of a package beside its grants."""


class Measured:
    """A file that knows how far it was read, and that is not read on for ever between two grants."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.read_to = self.since = file.tell()
        self._begun = 0
        self._end = b""

    def read(self, size: int = -1) -> bytes:
        """Give the next bytes.

        :raises OverflowError: too many were read since the last grant, or too many digits.
        """
        piece = self._file.read(size)
        self.read_to += len(piece)
        self._begun += piece.count(b"[") + piece.count(b"{")
        if self.read_to - self.since > LARGEST:
            raise OverflowError(f"has more than {LARGEST // 2**20} MB without the end of a grant")
        if self._begun > INNERMOST:
            raise OverflowError(f"has more than {INNERMOST:,} lists and objects without the end of a grant")
        if NUMBER.search(self._end + piece):
            raise OverflowError(f"has more than {DIGITS:,} digits in a row")
        self._end = piece[-DIGITS:]
        return piece

    def mark(self) -> None:
        """Note that a grant ends about here."""
        self.since, self._begun = self.read_to, 0


class Package:
    """A file of grants in JSON."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.notes: list[str] = []
        self.done = 0

    def grants(self) -> Iterator[Read]:
        """Give each grant.

        :raises BrokenDocument: the file breaks off, or is no JSON, with the last grant that was whole.
        """
        with self.path.open("rb") as file:
            start = _start(file)
            source = Measured(file)
            last, number = "", 0
            try:
                for grant in ijson.items(source, f"{start}item"):
                    number += 1
                    source.mark()
                    self.done = source.read_to
                    last = str(grant.get("id", "")) if isinstance(grant, dict) else ""
                    yield Read("", grant)
            except WRONG as error:
                raise self._broken(error, number, last, source.read_to) from None
        if not number:
            raise errors.BrokenDocument(str(self.path), "has no grants: it has to be an object with a list `grants` "
                                        "that has one or more")

    def about(self) -> dict[str, Any]:
        """Give what the package says of itself, as far as it stands before its grants, else behind them."""
        found: dict[str, Any] = {}
        with self.path.open("rb") as file:
            if _start(file) == "":
                return found
            builders: dict[str, Any] = {}
            try:
                source = Measured(file)
                for prefix, event, value in ijson.parse(source):
                    name = prefix.partition(".")[0]
                    if name == "grants":
                        if event == "start_array" and {"publisher", "license"} <= set(builders):
                            break
                        if event == "end_map" and prefix == "grants.item":
                            source.mark()
                    elif name in MEMBERS and len(prefix) < 100:
                        builders.setdefault(name, ijson.ObjectBuilder()).event(event, value)
            except WRONG:
                pass  # it is told where the grants are read
        return {name: one.value for name, one in builders.items()}

    def _broken(self, error: Exception, number: int, last: str, byte: int) -> errors.BrokenDocument:
        after = f"after grant {number:,}" + (f" ({last[:80]})" if last else "") if number else \
            "before the first grant was whole"
        if isinstance(error, OverflowError):
            what = f"{error}, {after}"
        elif isinstance(error, ArithmeticError):
            what = f"has a number beyond all measure {after}, not beyond byte {byte:,}"
        elif isinstance(error, ijson.IncompleteJSONError) and "premature" in str(error).lower():
            what = f"breaks off {after}, at byte {byte:,}"
        else:
            what = f"is no JSON {after}, not beyond byte {byte:,}: {_line(error)}"
        return errors.BrokenDocument(str(self.path), what)


def _start(file: IO[bytes]) -> str:
    """Pass over a byte order mark; give what stands before each grant in the parser's names."""
    head = file.read(64)
    mark = len(codecs.BOM_UTF8) if head.startswith(codecs.BOM_UTF8) else 0
    file.seek(mark)
    return "" if head[mark:].lstrip().startswith(b"[") else "grants."


def _line(error: Exception) -> str:
    """Give the first words of what a parser says, on a line."""
    return " ".join(str(error).split())[:120]
