"""A facet that the answer to a prepared question makes, as its header's ``facet`` says it: things by a value."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final

from carekg import errors
from carekg.terms import expand

KEYS: Final = ("thing", "value", "label", "broader", "order", "sort")
"""What ``facet`` takes; the first three are needed."""

SORTS: Final = ("count", "value")
"""Orders of the choices: the most frequent first, or the last value first, as years are."""

TAKEN: Final = ("format", "kind", "page", "q")
"""Names in the address of a search that no facet may have."""

Fault = Callable[[str], errors.BrokenFile]
"""What makes an error of the end of a sentence that begins with the header."""


@dataclass(frozen=True)
class Facet:
    """Things are in the column ``thing``; the column ``value`` has what they are chosen by, and names the facet.

    ``broader`` is the IRI of the property that leads from a value to a broader one, for which it counts too.
    """

    thing: str
    value: str
    label: str
    broader: str = ""
    order: int = 100
    sort: str = SORTS[0]

    @property
    def name(self) -> str:
        """Give the name in an address."""
        return self.value


def read(said: Any, wrong: Fault) -> Facet | None:
    """Give the facet that a header declares.

    :raises BrokenFile: it is not right; ``wrong`` makes it of one clear sentence.
    """
    if said is None:
        return None
    if not isinstance(said, dict):
        raise wrong(f"has `facet: {said}`; give it thing, value and label")
    for name in said:
        if name not in KEYS:
            raise wrong(f"has `{name}` under `facet`; it takes {', '.join(KEYS)}")
    thing, value, label = (_text(said, name, wrong) for name in KEYS[:3])
    if not re.fullmatch(r"[A-Za-z]\w*", value) or value in TAKEN:
        raise wrong(f"has a facet of the column `{value}`, which is no name for it in an address; take letters and "
                    f"digits, and none of {', '.join(TAKEN)}")
    order, sort = said.get("order", Facet.order), said.get("sort", SORTS[0])
    if not isinstance(order, int) or isinstance(order, bool) or sort not in SORTS:
        right = f"write a whole number, and {' or '.join(SORTS)}"
        raise wrong(f"has a facet with `order: {order}` and `sort: {sort}`; {right}")
    return Facet(thing, value, label, _broader(said, wrong), order, sort)


def unknown(facet: Facet | None, given: Iterable[str]) -> list[str]:
    """Give the columns that a facet names and a query does not give."""
    return sorted({facet.thing, facet.value} - set(given)) if facet else []


def _text(said: dict[str, Any], name: str, wrong: Fault) -> str:
    value = said.get(name)
    if not isinstance(value, str) or not value.strip():
        right = "the words over its choices" if name == "label" else "the name of a column"
        raise wrong(f"has a facet without `{name}`; write {right}")
    return value.strip()


def _broader(said: dict[str, Any], wrong: Fault) -> str:
    named = said.get("broader")
    if named is None:
        return ""
    if iri := expand(str(named)):
        return iri
    raise wrong(f"has a facet with `broader: {named}`; write a property such as skos:broader")
