"""What in an answer is no longer to be used: things that are deprecated, and words on which only such claims rest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from carekg import store
from carekg.query.table import Row
from carekg.terms import PREFIXES

THINGS: Final = f"SELECT ?item WHERE {{ ?item <{PREFIXES['owl']}deprecated> true }}"

WORDS: Final = f"""PREFIX care: <{PREFIXES['care']}> PREFIX owl: <{PREFIXES['owl']}>
SELECT DISTINCT ?source ?words ?thing WHERE {{
  ?claim owl:deprecated true ; care:restsOn ?passage .
  ?passage care:isFrom ?source ; care:words ?words .
  FILTER NOT EXISTS {{ ?other care:restsOn ?passage FILTER NOT EXISTS {{ ?other owl:deprecated true }} }}
  {{ ?claim ?part ?thing FILTER(isIRI(?thing)) }} UNION {{ ?claim owl:deprecated true BIND(?claim AS ?thing) }}
}}"""
"""Passages on which nothing rests that still holds, with what those claims speak of."""


@dataclass(frozen=True)
class Deprecated:
    """The deprecated things of a graph, and the words that bear out nothing else, by source."""

    things: frozenset[str] = frozenset()
    words: Mapping[tuple[str, str], frozenset[str]] = field(default_factory=dict)

    def marks(self, row: Row) -> bool:
        """Say whether a row tells of something that is no longer to be used."""
        if not self.things:
            return False
        iris = {cell.iri for cell in row.cells if cell.iri}
        return bool(iris & self.things) or any(
            iris & self.words.get((one.source.iri, one.words), frozenset()) for one in row.receipts)

    def among(self, rows: Iterable[Row]) -> int:
        """Give how many of some rows do."""
        return sum(map(self.marks, rows)) if self.things else 0


def read(graph: store.Store) -> Deprecated:
    """Give what is deprecated in a graph."""
    things = frozenset(row["item"] for row in store.rows(graph, THINGS))
    words: dict[tuple[str, str], set[str]] = {}
    for row in store.rows(graph, WORDS) if things else ():
        words.setdefault((row["source"], row["words"]), set()).add(row["thing"])
    return Deprecated(things, {key: frozenset(found) for key, found in words.items()})
