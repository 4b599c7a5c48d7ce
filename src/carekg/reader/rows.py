"""Counting the rows of a table while it is written, so that it ends whole where it has as many as it may have.

The engine writes tables itself, ten times as fast as row by row would be, so the rows are found in what it writes: in
each format the bytes that end a row cannot stand within a value, or only within quotes that are counted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from carekg.reader import PIECE, Channel, Pieces

OVERLAP = 256
"""Bytes held back at the end of a piece, since the end of a row may be half written there."""

ROW_ENDS = {
    "json": re.compile(rb'"\}\}+(?=,\{"[\w\x80-\xff])'),  # unescaped quotes; a column's name follows
    "xml": re.compile(rb"</result>(?=<result>)"),
    "tsv": re.compile(rb"\n(?=[\s\S])"),
    "csv": re.compile(rb'"|\r\n(?=[\s\S])'),
}
"""What ends a row where another follows; a CSV's quotes are found as well, since rows end outside of them only."""

HEADED = ("csv", "tsv")
"""Formats whose first row names the columns."""

ENDINGS = {
    "json": "]}}}}",
    "xml": "</results></sparql>\n<!-- Cut after {most} rows, the most that are given at once. -->",
}
"""What closes a table that is cut, for `str.format`."""


class Full(Exception):
    """The table has as many rows as it may have."""


class Counted(Pieces):
    """Pieces of a table that is cut after ``most`` rows."""

    def __init__(self, channel: Channel, form: str, most: int) -> None:
        super().__init__(channel)
        self.form, self.most, self.full = form, most, False
        self._left = most + (form in HEADED)
        self._quoted = False

    def write(self, data: bytes) -> int:
        """Keep the bytes, and send them on once there are enough.

        :raises Full: the table is complete up to ``most`` rows, and there are more.
        """
        self.kept += data
        if len(self.kept) >= PIECE:
            self._send(len(self.kept) - OVERLAP)
        return len(data)

    def flush(self) -> None:
        """Send on the rest, which holds no more than the last rows."""
        self._send(len(self.kept))
        super().flush()

    def _send(self, size: int) -> None:
        """Send on so many bytes, or those up to the last row that there may be."""
        for end in self._row_ends(size):
            self._left -= 1
            if not self._left:
                del self.kept[end:]
                self.kept += ENDINGS.get(self.form, "").format(most=self.most).encode()
                super().flush()
                self.full = True
                raise Full
        rest = bytes(self.kept[size:])
        del self.kept[size:]
        super().flush()
        self.kept += rest

    def _row_ends(self, size: int) -> Iterator[int]:
        """Give where rows end that end before ``size``."""
        for match in ROW_ENDS[self.form].finditer(bytes(self.kept)):
            if match.start() >= size:
                return
            if match.group() == b'"' and self.form == "csv":
                self._quoted = not self._quoted
            elif not self._quoted:
                yield match.end()
