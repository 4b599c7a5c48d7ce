"""What is in memory of an index: which things can be found, by which values they can be chosen, and all words."""

from __future__ import annotations

import sqlite3
from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby
from typing import Final

from pyroaring import BitMap

from carekg.search.database import Database
from carekg.search.facets import KIND, ancestors
from carekg.search.spelling import Words
from carekg.search.text import BETWEEN
from carekg.terms import compact

REMEMBERED: Final = 64
"""Searches whose hits are remembered, for their next page and for their next facet."""


@dataclass
class Hits:
    """The things that a search finds: all of them, the first of them in their order, and the others."""

    every: BitMap
    ordered: Sequence[int] = ()
    others: BitMap = field(default_factory=BitMap)
    is_ranked: bool = True


@dataclass
class State:
    """An index as it is after one change: ``number`` is that change's, ``version`` that of the graph, ``made`` when.

    ``values`` holds, by facet and value, the things that have it; ``above`` all broader values of a value; ``labels``
    what values go by that are things; ``ranks`` by which kinds of things come first.
    ``faults`` says of each facet that cannot be used why.
    """

    database: Database
    version: str
    number: int
    made: str
    shown: BitMap
    named: BitMap
    values: Mapping[str, Mapping[str, BitMap]]
    above: Mapping[str, Mapping[str, frozenset[str]]]
    ranks: Mapping[str, tuple[bool, int]]
    labels: Mapping[str, str]
    words: Sequence[str]
    faults: Mapping[str, str]
    remembered: OrderedDict[str, Hits] = field(default_factory=OrderedDict)
    keys: dict[str, str] = field(default_factory=dict)

    def vocabulary(self) -> Words:
        """Give what is asked of the words in the index."""
        def at(word: str) -> str:
            place = bisect_left(self.words, word)
            return self.words[place] if place < len(self.words) else ""
        return Words(lambda word: at(word) == word, lambda start: at(start).startswith(start), self.words)

    def key(self, value: str) -> str:
        """Give the short name of a value, as it stands in an address."""
        if (known := self.keys.get(value)) is None:
            is_iri = value.startswith(("http://", "https://"))
            known = self.keys[value] = compact(value).strip("<>") if is_iri else value
        return known

    def weight(self, number: int, iri: str, kinds: Iterable[str]) -> tuple[object, ...]:
        """Give what sorts things of the same name: how many one chooses, its best kind, how many facets choose it."""
        return (-max(len(values.get(iri, ())) for values in self.values.values()),
                min((self.ranks[kind] for kind in kinds if kind in self.ranks), default=(True, 0)),
                -sum(number in things for name, things in self.having.items() if name != KIND))

    @cached_property
    def having(self) -> dict[str, BitMap]:
        """Give by facet the things that have any value of it."""
        return {name: BitMap.union(BitMap(), *values.values()) for name, values in self.values.items()}

    def remember(self, key: str, hits: Hits) -> Hits:
        """Keep the hits of a search for the next time."""
        self.remembered[key] = hits
        while len(self.remembered) > REMEMBERED:
            self.remembered.popitem(last=False)
        return hits


def load(database: Database) -> State:
    """Read an index into memory."""
    with database.reading() as connection:
        told = dict(connection.execute("SELECT name, value FROM state"))
        values = {name: _by_value(rows) for name, rows in groupby(connection.execute(
            "SELECT name, value, thing FROM facet ORDER BY name, value"), key=lambda row: str(row[0]))}
        values[KIND] = _by_value((KIND, *row) for row in connection.execute(
            "SELECT class.iri, kind.thing FROM kind JOIN thing AS class ON class.id = kind.kind "
            "WHERE class.named = 1 ORDER BY class.iri"))
        named = _marked(connection, "named")
        known = {value for each in values.values() for value in each}
        labels = {iri: label for iri, label in connection.execute("SELECT iri, label FROM thing WHERE label != ''")
                  if iri in known}
        return State(database, told["version"], int(told["number"]), told["made"], _marked(connection, "shown"), named,
                     _without_twins(values, labels), _above(connection), _ranks(values, named), labels,
                     sorted(word for word, in connection.execute("SELECT term FROM word") if word != BETWEEN),
                     {name.removeprefix("fault "): why for name, why in told.items() if name.startswith("fault ")})


def _marked(connection: sqlite3.Connection, column: str) -> BitMap:
    return BitMap(number for number, in connection.execute(f"SELECT id FROM thing WHERE {column} = 1"))


def _by_value(rows: Iterable[tuple[str, str, int]]) -> dict[str, BitMap]:
    return {str(value): BitMap(number for _, _, number in some)
            for value, some in groupby(rows, key=lambda row: row[1])}


def _without_twins(values: dict[str, dict[str, BitMap]], labels: Mapping[str, str]) -> dict[str, dict[str, BitMap]]:
    """Give values without the kinds that are others in the plural, as the scheme of factors has what factors are."""
    kinds = values[KIND]
    singular = {labels.get(iri, ""): iri for iri in kinds}
    twins = {iri for iri in kinds
             if (one := singular.get(labels.get(iri, "")[:-1])) and f"{labels[one]}s" == labels[iri]
             and kinds[one] == kinds[iri]}
    return {**values, KIND: {iri: things for iri, things in kinds.items() if iri not in twins}}


def _ranks(values: Mapping[str, Mapping[str, BitMap]], named: BitMap) -> dict[str, tuple[bool, int]]:
    """Give what puts a kind before others: that most of its things have names, and by how much they can be chosen."""
    having = [BitMap.union(BitMap(), *some.values()) for name, some in values.items() if name != KIND]
    return {iri: (2 * things.intersection_cardinality(named) < len(things),
                  -sum(things.intersection_cardinality(some) > 0 for some in having))
            for iri, things in values[KIND].items()}


def _above(connection: sqlite3.Connection) -> dict[str, dict[str, frozenset[str]]]:
    """Give by facet all broader values of each value that has any."""
    edges: dict[str, list[tuple[str, str]]] = {}
    for name, value, broad in connection.execute("SELECT name, value, broader FROM broader"):
        edges.setdefault(name, []).append((value, broad))
    return {name: {value: frozenset(above) for value, above in ancestors({one for one, _ in some}, some).items()}
            for name, some in edges.items()}
