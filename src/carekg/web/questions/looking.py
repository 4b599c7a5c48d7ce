"""An answer as it is looked at on a page: its rows, what its heads link to, its pages, and what a reader may pick."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from carekg import errors
from carekg.query import Row
from carekg.web.questions import deprecated, view
from carekg.web.questions.address import MORE, ONLY, Address
from carekg.web.questions.laid import Head, Laid

LONG: Final = re.compile(r"[+-]?[0-9]{5,40}")
"""A whole number that is read more easily with commas."""


@dataclass(frozen=True)
class Sorting:
    """What the head of a column says and does: how it is sorted, as ARIA has it, and the address that sorts by it."""

    state: str
    address: str
    next: str


class Looking:
    """One page of an answer, with the addresses of all others."""

    def __init__(self, address: Address, laid: Laid) -> None:
        self.address, self.laid = address.without([MORE]), laid
        self.wish, wrong = view.wish(address, laid)
        self.view = view.view(laid, self.wish)
        self.wrong = [(str(one), self._near(one)) for one in wrong]
        self.marks = deprecated.deprecated()

    @property
    def is_picked(self) -> bool:
        """Say whether rows were picked out."""
        return bool(self.wish.words or self.wish.only)

    @property
    def is_in_use(self) -> bool:
        """Say whether the rows are other than the question gives them."""
        return self.is_picked or bool(self.wish.sort)

    @property
    def plain(self) -> Address:
        """Give the address of the answer as the question gives it."""
        return Address(self.address.path, (*self.address.asked.pairs, *self.address.drawing))

    @cached_property
    def deprecated(self) -> int:
        """Give how many of the rows picked tell of what is no longer to be used."""
        return self.marks.among(self.view.picked)

    def sorting(self, head: Head) -> Sorting:
        """Give how a column is sorted, and the address that sorts by it, the other way round where it does already."""
        up, down = self.wish.sort == head.name, self.wish.sort == f"-{head.name}"
        wanted = f"-{head.name}" if up else head.name
        state = "ascending" if up else "descending" if down else "none"
        return Sorting(state, f"{self.address.without(['_page']).having('_sort', wanted)}#answer",
                       "descending" if up else "ascending")

    def page(self, number: int) -> str:
        """Give the address of a page."""
        return f"{self.address.having('_page', *([str(number)] if number > 1 else []))}#answer"

    @property
    def pages(self) -> list[int]:
        """Give the numbers of the pages to link: the first, the last, those around this one; nought for a gap."""
        here, last = self.view.page, self.view.pages
        near = sorted({1, last, *range(max(1, here - 2), min(last, here + 2) + 1)})
        found: list[int] = []
        for number in near:
            if found and number - found[-1] > 1:
                found.append(0)
            found.append(number)
        return found

    def chosen(self, head: Head) -> tuple[str, ...]:
        """Give the values of a column that were picked."""
        return (self.wish.only or {}).get(head.name, ())

    @staticmethod
    def number(text: str) -> str:
        """Give a number as it is read: with commas from five digits on, so that years have none."""
        whole, point, rest = text.partition(".")
        return f"{int(whole):,}{point}{rest}" if LONG.fullmatch(whole) else text

    def is_deprecated(self, row: Row) -> bool:
        """Say whether a row tells of what is no longer to be used."""
        return self.marks.marks(row)

    def _near(self, wrong: errors.BadInput) -> list[tuple[str, str]]:
        """Give the addresses of what may have been meant, and the one without what is wrong."""
        name = getattr(wrong, "name", "")
        found = []
        for one in getattr(wrong, "near", ()):
            if name == "_sort":
                found.append((f"sorted by {one}", str(self.address.having(name, one))))
            elif name.startswith(ONLY):
                found.append((f"picked by {one}", str(self.address.renamed(name, ONLY + one))))
        return [*found, (f"without `{name[:80]}`", str(self.address.without([name])))]
