"""What an address asks: the values of a question's parameters, and how its answer is to be looked at.

Names that begin with ``_`` are ours and never a parameter's, as in Datasette (https://docs.datasette.io/en/stable/
json_api.html#special-table-arguments): ``_sort``, ``_filter``, ``_only.COLUMN``, ``_page``, ``_rows`` and ``_more``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from carekg.query.parameter import MARK, OWN

ONLY: Final = "_only."
LOOKS: Final = ("_sort", "_filter", "_page", "_rows")
"""Names that say how the rows are looked at, beside ``_only.`` and a column's name."""

MORE: Final = "_more"
"""The name of the button that asks for one more field of the parameter that is its value."""

Pairs = tuple[tuple[str, str], ...]


def is_own(name: str) -> bool:
    """Say whether a name in an address is ours and no parameter's."""
    return name in OWN or name.startswith((MARK, "drawing."))


@dataclass(frozen=True)
class Address:
    """A path with what stands behind its question mark, to make others of."""

    path: str
    pairs: Pairs = ()

    def __str__(self) -> str:
        """Give the address as it is written."""
        text = urlencode(self.pairs, safe=":,/")
        return f"{self.path}?{text}" if text else self.path

    def values(self, name: str) -> list[str]:
        """Give the values of a name."""
        return [value for key, value in self.pairs if key == name]

    def having(self, name: str, *values: str) -> Address:
        """Give the address with these values of a name, where it stood or at the end; none takes it away."""
        at = next((n for n, (key, _) in enumerate(self.pairs) if key == name), len(self.pairs))
        new = tuple((name, value) for value in values)
        kept = tuple(pair for pair in self.pairs[at:] if pair[0] != name)
        return Address(self.path, (*self.pairs[:at], *new, *kept))

    def without(self, names: Iterable[str]) -> Address:
        """Give the address without some names."""
        gone = set(names)
        return Address(self.path, tuple(pair for pair in self.pairs if pair[0] not in gone))

    def renamed(self, old: str, new: str) -> Address:
        """Give the address with another name in the place of one."""
        return Address(self.path, tuple((new if key == old else key, value) for key, value in self.pairs))

    def at(self, path: str) -> Address:
        """Give the same at another path."""
        return Address(path, self.pairs)

    @property
    def asked(self) -> Address:
        """Give the address with the question's parameters alone."""
        return Address(self.path, tuple(pair for pair in self.pairs if not is_own(pair[0])))

    @property
    def looking(self) -> Pairs:
        """Give what says how the rows are looked at, the page left out."""
        return tuple((key, value) for key, value in self.pairs
                     if value and (key in LOOKS or key.startswith(ONLY)) and key != "_page")

    @property
    def drawing(self) -> Pairs:
        """Give what says how the answer is drawn."""
        return tuple(pair for pair in self.pairs if pair[0].startswith("drawing"))
