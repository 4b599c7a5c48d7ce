"""The versions that a history has: one of a thing for each change that touches it, in an order that never changes."""

from __future__ import annotations

import threading
from array import array
from bisect import bisect_right
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Final

import pyoxigraph as ox
from rdflib.namespace import DCTERMS, PROV, RDFS

from carekg.store import Entry, Store
from carekg.store.history import History, provenance
from carekg.terms import BASE, compact
from carekg.web.described import void
from carekg.web.feeds.changes import Version

MANY: Final = 1000
"""Things up to which a change has a version of each; one of more has a single version, that of the whole graph."""

OWN: Final = (str(DCTERMS.modified), str(DCTERMS.isVersionOf))
"""Properties that a version has for itself, whatever its thing has."""

LABEL: Final = str(RDFS.label)


class Kept:
    """The versions of a store's history; how many each change has is kept, and all else asked for by the page."""

    def __init__(self, graph: Store) -> None:
        self._graph = graph
        self._reading = threading.Lock()
        self._name, self._seen = "", 0
        self._numbers, self._ends, self._things = array("q"), array("q"), array("q")
        self._made: list[str] = []

    def count(self) -> int:
        """Give how many versions there are."""
        with self._reading:
            self._catch_up()
            return self._ends[-1] if self._ends else 0

    def at(self, place: int) -> datetime:
        """Give when the version with a number came about."""
        return datetime.fromisoformat(self._made[self._change(place)])

    def versions(self, start: int, end: int) -> Sequence[Version]:
        """Give the versions with these numbers, the first being nought, the last of them left out."""
        if start >= min(end, self.count()):
            return ()
        found: list[Version] = []
        wanted: dict[int, dict[str, int]] = {}
        for change in range(self._change(start), self._change(min(end, self._ends[-1]) - 1) + 1):
            begins = self._ends[change - 1] if change else 0
            low, high = max(start - begins, 0), min(end - begins, self._ends[change] - begins)
            number = self._numbers[change]
            if self._things[change] > MANY:
                found.append(_whole(self._graph.history.entry(number), self._things[change]))
            else:
                things = self._graph.history.things.of(number)
                wanted[number] = {things[place]: place for place in range(low, high)}
        found += self._told(wanted)
        return sorted(found, key=lambda one: (one.change, one.place))

    def place(self, number: int, within: int) -> int | None:
        """Give the number of the version that a change has of its thing with a number; None where there is none."""
        self.count()
        change = bisect_right(self._numbers, number) - 1
        if change < 0 or self._numbers[change] != number:
            return None
        begins = self._ends[change - 1] if change else 0
        return begins + within if 0 <= within < self._ends[change] - begins else None

    def _told(self, wanted: dict[int, dict[str, int]]) -> Iterator[Version]:
        """Give the versions of things by change, each thing as all changes up to that one have left it."""
        history = self._graph.history
        states: dict[str, set[ox.Quad]] = {}
        for number, parts in history.things.told({one for things in wanted.values() for one in things},
                                                 max(wanted, default=0)):
            entry = history.entry(number) if number in wanted else None
            for thing, effect in parts.items():
                before = states.get(thing, set())
                states[thing] = before - effect.removed | effect.added
                if entry is not None and thing in wanted[number]:
                    yield _version(entry, wanted[number][thing], thing, before, states[thing])

    def _change(self, place: int) -> int:
        """Give which of the changes has the version with a number."""
        return bisect_right(self._ends, place)

    def _catch_up(self) -> None:
        """Count the versions of the changes that were made since."""
        history = self._graph.history
        name, last = history.name(), history.last()
        if name != self._name or last < self._seen or self._is_another(history):
            self._forget(name)
        if last == self._seen:
            return
        for one in history.things.counts(self._seen):
            self._numbers.append(one.number)
            self._things.append(one.things)
            self._made.append(one.made)
            self._ends.append((self._ends[-1] if self._ends else 0) + (1 if one.things > MANY else one.things))
            self._seen = one.number
        self._seen = max(self._seen, last)

    def _is_another(self, history: History) -> bool:
        """Say whether a backup came back since, and others than those that were counted were made after it."""
        return bool(self._numbers) and history.entry(self._numbers[-1]).made != self._made[-1]

    def _forget(self, name: str) -> None:
        self._name, self._seen = name, 0
        self._numbers, self._ends, self._things, self._made = array("q"), array("q"), array("q"), []


def _iri(entry: Entry, place: int) -> str:
    return f"{BASE}version/{entry.name}-{place}"


def _version(entry: Entry, place: int, thing: str, before: Collection[ox.Quad], now: Collection[ox.Quad]) -> Version:
    """Give the version that a change has made of a thing; what was not said of it before and is not now, is gone."""
    iri, me = thing[1:-1], ox.NamedNode(_iri(entry, place))
    triples = sorted({ox.Triple(me, quad.predicate, quad.object) for quad in now if quad.predicate.value not in OWN},
                     key=str)
    return Version(me.value, iri, datetime.fromisoformat(entry.made), f"{_label(iri, now or before)}: {_by(entry)}",
                   (*triples, _made_by(me, entry)), gone=not now, change=entry.number, place=place)


def _whole(entry: Entry, things: int) -> Version:
    """Give the version of the whole graph that a change of many things has made."""
    me = ox.NamedNode(_iri(entry, 0))
    dumps = ox.Triple(me, ox.NamedNode(str(RDFS.seeAlso)), ox.NamedNode(f"{BASE}dumps"))
    return Version(me.value, void.DATASET, datetime.fromisoformat(entry.made),
                   f"{things:,} things: {_by(entry)}; the dumps have them", (dumps, _made_by(me, entry)),
                   change=entry.number)


def _made_by(me: ox.NamedNode, entry: Entry) -> ox.Triple:
    return ox.Triple(me, ox.NamedNode(str(PROV.wasGeneratedBy)), ox.NamedNode(provenance.iri(entry)))


def _by(entry: Entry) -> str:
    return " ".join(entry.sentence().split())


def _label(iri: str, quads: Collection[ox.Quad]) -> str:
    """Give what a thing was called at that time."""
    labels = sorted((quad.object.language not in (None, "en"), quad.object.value) for quad in quads
                    if quad.predicate.value == LABEL and isinstance(quad.object, ox.Literal))
    return labels[0][1] if labels else compact(iri)
