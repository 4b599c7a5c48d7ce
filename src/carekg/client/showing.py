"""An answer as a notebook and a terminal show it: the question, the first rows, their receipts, what is left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Final

from carekg.client.reading import Rows
from carekg.query import Cell, Receipt

MOST_ROWS: Final = 20
"""Rows that are shown; a data frame has them all."""

MOST_RECEIPTS: Final = 5
"""Receipts of a row that are shown."""

MOST_TEXT: Final = 400
"""Characters of a cell that are shown."""

LEFT: Final = "text-align:left;vertical-align:top;padding:2px 8px"
"""How a cell stands; notebooks put numbers and texts to the right otherwise."""

WIDTH: Final = 28
"""Characters of a cell in a terminal."""

LINES: Final = 10
"""Rows in a terminal."""


def html(asks: str, asked: Mapping[str, str], rows: Rows, notes: Sequence[str], address: str) -> str:
    """Give a table in HTML; everything from the graph is escaped, and only web addresses are links."""
    given = "; ".join(f"{name}: {value}" for name, value in asked.items())
    head = f"<p><b>{escape(asks)}</b>{f'<br>{escape(given)}' if given else ''}</p>"
    return f"<div>{head}{_table(rows) if rows.rows else ''}<p>{_foot(rows, notes, address)}</p></div>"


def text(asks: str, rows: Rows, notes: Sequence[str]) -> str:
    """Give the first rows in columns of letters."""
    shown = _shown(rows)
    lines = [asks]
    if rows.rows:
        cut = [[_short(rows.columns[n].heading, WIDTH) for n in shown],
               *([_short(row.cells[n].text, WIDTH) for n in shown] for row in rows.rows[:LINES])]
        widths = [max(map(len, column)) for column in zip(*cut, strict=True)]
        lines += ["  ".join(word.ljust(width) for word, width in zip(row, widths, strict=True)).rstrip() for row in cut]
    left = len(rows.rows) - LINES
    more = f" The first {LINES} are shown." if left > 0 else ""
    return "\n".join([*lines, f"{counted(len(rows.rows))}.{more}", *notes])


def counted(number: int) -> str:
    """Give a number of rows in words."""
    return f"{number:,} row{'' if number == 1 else 's'}"


def _table(rows: Rows) -> str:
    shown = _shown(rows)
    headings = [rows.columns[n].heading for n in shown] + (["receipts"] if rows.groups else [])
    head = "".join(f'<th scope="col" style="{LEFT}">{escape(one)}</th>' for one in headings)
    body = []
    for row in rows.rows[:MOST_ROWS]:
        cells = [_cell(row.cells[n]) for n in shown] + ([_receipts(row.receipts)] if rows.groups else [])
        body.append("<tr>" + "".join(f'<td style="{LEFT}">{one}</td>' for one in cells)
                    + "</tr>")
    return f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(body)}</tbody></table>"


def _shown(rows: Rows) -> list[int]:
    """Give the numbers of the columns that hold anything."""
    return [n for n in range(len(rows.columns)) if any(row.cells[n].text for row in rows.rows)]


def _cell(cell: Cell) -> str:
    words = escape(_short(cell.text, MOST_TEXT))
    return f'<span title="{escape(cell.iri)}">{words}</span>' if cell.iri else words


def _receipts(receipts: Sequence[Receipt]) -> str:
    """Give receipts behind their number, to be opened."""
    if not receipts:
        return ""
    items = []
    for one in receipts[:MOST_RECEIPTS]:
        about = f"{one.about}: " if one.about else ""
        spot = ", ".join(filter(None, (one.source.text, one.where)))
        items.append(f"<li>{escape(_short(f'{about}{one.quoted}', MOST_TEXT))} ({escape(spot)})</li>")
    more = len(receipts) - MOST_RECEIPTS
    items += [f"<li>and {more} more</li>"] if more > 0 else []
    return f"<details><summary>{len(receipts)}</summary><ul>{''.join(items)}</ul></details>"


def _foot(rows: Rows, notes: Sequence[str], address: str) -> str:
    """Give what is said beneath a table: how many rows, what is left out, where it is found again."""
    count = counted(len(rows.rows))
    first = f", of which the first {MOST_ROWS} are shown" if len(rows.rows) > MOST_ROWS else ""
    told = escape(" ".join([f"{count}{first}.", *notes]))
    is_web = address.startswith(("http://", "https://"))
    return told + (f' <a href="{escape(address)}">This answer on its server</a>' if is_web else "")


def _short(text: str, most: int) -> str:
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[:most - 1]}…"
