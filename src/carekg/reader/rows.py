"""Counting the rows of a table while it is written, so that it ends whole where it has as many as it may have.

The engine writes tables itself, ten times as fast as row by row would be, so the rows are found in what it writes: in
each format the bytes that end a row cannot stand within a value, or only within quotes that are passed over.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from carekg.reader import PIECE, Channel, Pieces

ROW_ENDS = {
    "json": re.compile(rb'"\}\}+(?=,\{"[\w\x80-\xff])').search,  # unescaped quotes; a column's name follows
    "xml": re.compile(rb"</result>(?=<result>)").search,
    "tsv": re.compile(rb"\n(?=[\s\S])").search,
    "csv": re.compile(rb'(?:[^"\r]++|"[^"]*+"|\r(?!\n))*\r\n(?=[\s\S])').match,
}
"""What finds the end of a row after which another follows, from the end of the row before.

Groups are repeated without possession (``*+``), which Python 3.11.2 matches wrongly.
"""

EMPTY_ROW = re.compile(rb"[\[,]\{\}")
"""What a row of JSON without a value looks like, and a literal may."""

ROW_OF_JSON = re.compile(rb'(?:[^"}]++|"(?:[^"\\]++|\\[\s\S])*"|\}(?!,\{))*\}(?=,\{)').match
"""What finds the end of a row in JSON where some may be empty, eight times as slowly."""

HEADED = ("csv", "tsv")
"""Formats whose first row names the columns."""

ENDINGS = {
    "json": "]}}",
    "xml": "</results></sparql>",
}
"""What closes a table that is cut; that it was, its head says once that is known."""


class Full(Exception):
    """The table has as many rows as it may have."""


class Counted(Pieces):
    """Pieces of a table that is cut after ``most`` rows; each begins with a row."""

    def __init__(self, channel: Channel, form: str, most: int) -> None:
        super().__init__(channel)
        self.form, self.most, self.full = form, most, False
        self._left = most + (form in HEADED)
        self._enough = PIECE

    def write(self, data: bytes) -> int:
        """Keep the bytes, and send them on once there are enough.

        :raises Full: the table is complete up to ``most`` rows, and there are more.
        """
        if self.full:  # the engine tries again to get rid of what it holds
            return len(data)
        self.kept += data
        if len(self.kept) >= self._enough:
            self._send()
        return len(data)

    def flush(self) -> None:
        """Send on the rest, which holds no more than the last rows.

        :raises Full: it holds more.
        """
        self._send()
        super().flush()

    def _send(self) -> None:
        """Send on all rows that are whole, or those up to the last that there may be."""
        end = 0
        for end in self._row_ends():
            self._left -= 1
            if not self._left:
                del self.kept[end:]
                self.kept += ENDINGS.get(self.form, "").encode()
                super().flush()
                self.full = True
                raise Full
        rest = bytes(self.kept[end:])
        del self.kept[end:]
        super().flush()
        self.kept += rest
        self._enough = max(PIECE, 2 * len(rest))  # a long row is looked through only a few times

    def _row_ends(self) -> Iterator[int]:
        """Give where rows end that others follow."""
        text = bytes(self.kept)
        find = ROW_OF_JSON if self.form == "json" and EMPTY_ROW.search(text) else ROW_ENDS[self.form]
        found = find(text)
        while found:
            yield found.end()
            found = find(text, found.end())
