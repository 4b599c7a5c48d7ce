"""Labels that can be read and drawn: without signs that a picture cannot hold, cut to a length, no two alike."""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Iterable
from typing import Final

from carekg.query import Cell

UNSAID: Final = "not stated"
"""What stands for an empty cell."""

LINE: Final = "\n"
"""What parts the rows of a label."""

READ: Final = 300
"""Signs of a text that are looked at."""


def clean(text: str) -> str:
    """Give the beginning of a text without control signs, turns of direction and line ends.

    XML cannot hold some of them (https://www.w3.org/TR/xml/#charsets).
    """
    kept = (" " if sign.isspace() else sign for sign in text[:READ]
            if sign.isspace() or unicodedata.category(sign)[0] != "C")
    whole = " ".join("".join(kept).split())
    return whole + "…" if len(text) > READ else whole


def cut(text: str, most: int) -> str:
    """Give a clean text of at most so many signs, the last an ellipsis where it was longer."""
    whole = clean(text)
    return whole if len(whole) <= most else whole[:most - 1].rstrip() + "…"


def key(cell: Cell) -> str:
    """Give what a value is told apart by: its IRI, else its words."""
    return cell.iri or cell.text


def names(cells: Iterable[Cell], most: int, rows: int = 1) -> dict[str, str]:
    """Give the label that is shown for each value, by its key, in rows of so many signs: no two are alike."""
    shown: dict[str, str] = {}
    alike: dict[str, int] = {}
    for cell in {key(cell): cell for cell in cells}.values():
        label = first = folded(clean(cell.text) or UNSAID, most, rows)
        while label in alike:
            alike[first] += 1
            label = _numbered(first, alike[first], most)
        alike[label] = 1
        shown[key(cell)] = label
    return shown


def _numbered(label: str, number: int, most: int) -> str:
    """Give a label with a number at its end, for which its last row makes room."""
    *before, last = label.split(LINE)
    tail = f" ({number})"
    return LINE.join([*before, cut(last, max(most - len(tail), 1)) + tail])


def folded(text: str, most: int, rows: int) -> str:
    """Give a text in at most so many rows, parted by line ends, the last with an ellipsis where there was more."""
    if rows == 1:
        return cut(text, most)
    found = textwrap.wrap(cut(text, 2 * most * rows), most, max_lines=rows, placeholder="…", break_on_hyphens=False)
    return LINE.join(found) if found[:1] != ["…"] else cut(text, most)


def lines(text: str, pixels: int, size: int) -> list[str]:
    """Give a text as lines of at most that many pixels, three at most."""
    return textwrap.wrap(clean(text), max(12, round(pixels / (size * 0.56))), max_lines=3, placeholder=" …") or [""]


def counted(count: int, one: str, many: str = "") -> str:
    """Give a number with its noun."""
    return f"{count:,} {one if count == 1 else many or plural(one)}"


def number(value: float) -> str:
    """Give a number as it is read."""
    return f"{value:,.0f}" if value == int(value) else f"{value:,.2f}".rstrip("0").rstrip(".")


def short(value: float) -> str:
    """Give a number in few signs: 7.5 million, 28,900."""
    for size, word in ((1e9, "billion"), (1e6, "million")):
        if value >= size:
            return f"{value / size:.3g} {word}"
    return number(value)


def plural(noun: str) -> str:
    """Give the plural of a heading, by the common rules."""
    if noun.endswith("y") and noun[-2:-1] not in "aeiou":
        return noun[:-1] + "ies"
    return noun if noun.endswith("s") else noun + "s"
