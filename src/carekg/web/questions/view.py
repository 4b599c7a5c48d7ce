"""One page of an answer as an address wants it: sorted, picked by words and by the values of columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from carekg import errors
from carekg.query import Row
from carekg.query.ask import near
from carekg.query.parameter import MARK
from carekg.web.questions.address import LOOKS, MORE, ONLY, Address
from carekg.web.questions.laid import Head, Laid

SIZES: Final = (25, 50, 100, 500)
"""Rows that a page may have."""

SIZE: Final = 100
"""Rows that a page has where the address does not say."""


@dataclass(frozen=True)
class Wish:
    """How the rows are to be looked at: a column, ``-`` before its name for the other way round, words, values."""

    sort: str = ""
    words: str = ""
    only: Mapping[str, tuple[str, ...]] | None = None
    page: int = 1
    size: int = SIZE


@dataclass(frozen=True)
class View:
    """A page of rows: which of how many, of those that were picked out of all."""

    rows: Sequence[Row]
    picked: Sequence[Row]
    total: int
    page: int
    pages: int
    first: int


def wish(address: Address, laid: Laid) -> tuple[Wish, list[errors.BadInput]]:
    """Give what an address wants, and what is wrong with it; what is wrong counts as not wanted."""
    reader = _Reader(address, laid)
    wanted = Wish(reader.sort(), " ".join(address.values("_filter")).strip(), reader.only(),
                  reader.number("_page", 1, 10**9), reader.number("_rows", SIZE, SIZES[-1]))
    reader.refuse_others()
    return wanted, reader.wrong


def view(laid: Laid, wanted: Wish) -> View:
    """Give the page that is wanted, the last one where there are fewer."""
    picked = [laid.rows[n] for n in _picked(laid, wanted)]
    pages = max(1, -(-len(picked) // wanted.size))
    page = min(wanted.page, pages)
    first = (page - 1) * wanted.size
    return View(picked[first:first + wanted.size], picked, len(laid.rows), page, pages, first)


def strange(address: Address) -> list[str]:
    """Give the names that are marked as ours and say nothing."""
    marked = dict.fromkeys(key for key, _ in address.pairs if key.startswith(MARK))
    return [name for name in marked if name not in (*LOOKS, MORE) and not name.startswith(ONLY)]


def _picked(laid: Laid, wanted: Wish) -> list[int]:
    name, descending = wanted.sort.removeprefix("-"), wanted.sort.startswith("-")
    head = next((one for one in laid.columns if one.name == name), None)
    numbers: Sequence[int] = laid.ordered(head, descending=descending) if head else range(len(laid.rows))
    if words := wanted.words.casefold().split():
        numbers = [n for n in numbers if all(word in laid.texts[n] for word in words)]
    for head in laid.columns:
        if values := (wanted.only or {}).get(head.name):
            numbers = [n for n in numbers if laid.rows[n].cells[head.place].text in values]
    return list(numbers)


class _Reader:
    """Reads an address against the columns that an answer has."""

    def __init__(self, address: Address, laid: Laid) -> None:
        self.address, self.heads = address, {head.name: head for head in laid.columns}
        self.wrong: list[errors.BadInput] = []

    def sort(self) -> str:
        """Give the column to sort by."""
        asked = next(iter(self.address.values("_sort")), "").strip()
        return asked if not asked or self._head("_sort", asked.removeprefix("-")) else ""

    def only(self) -> dict[str, tuple[str, ...]]:
        """Give the values wanted by column."""
        found: dict[str, tuple[str, ...]] = {}
        for name in dict.fromkeys(key for key, value in self.address.pairs if key.startswith(ONLY) and value):
            if self._head(name, name.removeprefix(ONLY)):
                found[name.removeprefix(ONLY)] = tuple(filter(None, self.address.values(name)))
        return found

    def number(self, name: str, usual: int, most: int) -> int:
        """Give a number from 1 on."""
        asked = next(iter(self.address.values(name)), "").strip()
        if asked.isascii() and asked.isdigit() and len(asked) < 10 and 1 <= int(asked) <= most:
            return int(asked)
        if asked:
            range_ = "from 1 on" if most > SIZES[-1] else f"from 1 to {most}"
            self.wrong.append(errors.BadLook(name, asked, f"a whole number {range_}"))
        return usual

    def refuse_others(self) -> None:
        """Note the names that say nothing here."""
        for name in strange(self.address):
            known = f"one of {', '.join(f'`{one}`' for one in LOOKS)} and `{ONLY}COLUMN`"
            self.wrong.append(errors.BadLook(name, "", known, near(name, {one: one for one in LOOKS})))

    def _head(self, name: str, column: str) -> Head | None:
        if column not in self.heads:
            listed = {spelt: head.name for head in self.heads.values() for spelt in (head.name, head.column.heading)}
            right = f"a column of this answer: {', '.join(self.heads)}" if self.heads else "nothing, without a row"
            self.wrong.append(errors.BadLook(name, column, right, near(column, listed)))
        return self.heads.get(column)
