"""The names of a graph's things: which thing a text may mean, how sure that is, and why.

A text is held against every label, other name and identifier. What is the name itself, written another way at most,
scores 95 to 100; everything else scores 94 at most, by letters that differ or by words that both have.
"""

from __future__ import annotations

import heapq
import math
import threading
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final

from rapidfuzz import fuzz, process
from rdflib.namespace import DCAT, OWL, SH, VOID

from carekg import store
from carekg.names import scoring
from carekg.names.model import ALTERNATIVE, IDENTIFIER, LABEL, SAFE, Match, Name, Thing
from carekg.names.reading import read
from carekg.terms import BASE, CARE, expand

__all__ = ["ALTERNATIVE", "IDENTIFIER", "LABEL", "SAFE", "VOCABULARY", "Match", "Name", "Names", "Remembered", "Thing",
           "read"]

VOCABULARY: Final = (str(OWL.Class), str(OWL.ObjectProperty), str(OWL.DatatypeProperty))
"""Types by which the terms of a vocabulary are asked for."""

ASIDE: Final = frozenset({*VOCABULARY, *map(str, (
    CARE.CandidateMapping, CARE.Claim, DCAT.Catalog, DCAT.Dataset, DCAT.Distribution, OWL.Ontology, SH.SPARQLExecutable,
    VOID.Dataset))})
"""Types whose things are found where the type is asked for, and not among everything else."""

LEAST: Final = 60
"""The lowest score that a match has."""

FEW: Final = 60
"""Names that are looked at closely, of those that share words and of those that share letters."""

MOST_WORDS: Final = 30
"""Words of a text that are looked up."""


class Remembered:
    """The names in a store's graph, read anew when the graph has changed."""

    def __init__(self, graph: store.Store) -> None:
        self._graph = graph
        self._read: tuple[str, Names] | None = None
        self._reading = threading.Lock()

    def read(self) -> Names:
        """Give the names; who asks while they are read waits for them."""
        with self._reading:
            version = self._graph.version
            if self._read is None or self._read[0] != version:
                self._read = (version, Names(*read(self._graph)))
            return self._read[1]


class Names:
    """Every name of some things, ready to be looked up."""

    def __init__(self, things: Mapping[str, Thing], names: Sequence[Name]) -> None:
        self.things, self.names = things, names
        self._forms = [scoring.form(name.text) for name in names]
        self._by_type: dict[str, list[int]] = defaultdict(list)
        self._main: list[int] = []
        self._of: dict[str, list[Name]] = defaultdict(list)
        self._same: dict[str, list[int]] = defaultdict(list)
        self._with: dict[str, list[int]] = defaultdict(list)
        for number, name in enumerate(names):
            self._sort_in(number, name)
        self._weights = {word: self._weight_of(word, len(having)) for word, having in self._with.items()}
        self._totals = [sum(map(self.weight, form.words)) for form in self._forms]

    def get(self, key: str) -> Thing | None:
        """Give the thing of an IRI, of ``prefix:name``, or of a path such as ``innovation/iris``."""
        return next((self.things[iri] for iri in _iris(key) if iri in self.things), None)

    def of(self, iri: str) -> list[Name]:
        """Give the names of one thing, labels first."""
        return self._of.get(iri, [])

    def typed(self, types: Collection[str] = ()) -> list[Thing]:
        """Give the things that have one of the types, in the order of their labels."""
        found = {self.names[number].iri for number in self._numbers(types)}
        return sorted((self.things[iri] for iri in found), key=lambda one: (one.label.casefold(), one.iri))

    def types(self) -> list[str]:
        """Give the types that things with a name have."""
        return list(self._by_type)

    def fits(self, text: str, iri: str) -> Match:
        """Give how well a text fits the best name of one thing: score 0 and no name where it is like none."""
        asked, thing = scoring.form(text), self.things.get(iri) or Thing(iri, iri)
        best = Match(thing, 0, Name(iri, "", LABEL), "")
        for name in self.of(iri) if asked.words else ():
            score, why = scoring.fit(asked, name, scoring.form(name.text), self.weight)
            best = Match(thing, score, name, why) if score >= max(LEAST, best.score + 1) else best
        return best

    def find(self, text: str, types: Collection[str] = (), limit: int = 10) -> list[Match]:
        """Give the things that a text may mean, best first; where types are given, things of one of them at least."""
        asked = scoring.form(text)
        allowed = self._numbers(types)
        best = {match.thing.iri: match for match in self._named(text, set(types))}
        for number in self._candidates(asked, allowed) if asked.words else ():
            name = self.names[number]
            score, why = scoring.fit(asked, name, self._forms[number], self.weight)
            if score >= LEAST and (name.iri not in best or score > best[name.iri].score):
                best[name.iri] = Match(self.things[name.iri], score, name, why)
        return sorted(best.values(), key=_rank)[:limit]

    def completing(self, prefix: str, types: Collection[str] = (), limit: int = 10, skip: int = 0) -> list[Match]:
        """Give the things a name of which begins so, then those a word of which does, then what it may mean."""
        start = scoring.fold(prefix)
        best = {match.thing.iri: match for match in self._named(prefix, set(types))}
        for number in self._numbers(types) if start else ():
            name, folded = self.names[number], self._forms[number].folded
            score = 95 if folded.startswith(start) else 90 if f" {start}" in folded else 0
            if score and (name.iri not in best or score > best[name.iri].score):
                where = "begins" if score == 95 else "has a word that begins"
                best[name.iri] = Match(self.things[name.iri], score, name, f"Its {name.kind} {where} with `{start}`.")
        found = sorted(best.values(), key=_rank)
        return (found or self.find(prefix, types, skip + limit))[skip:skip + limit]

    def near(self, key: str, limit: int = 3) -> list[Thing]:
        """Give the things whose IRI is most like one that is not there, those of the same kind before others."""
        last = key.strip().rstrip("/").rpartition("/")[2].rpartition(":")[2]
        homes = tuple(f"{iri.rstrip('/').rpartition('/')[0]}/" for iri in _iris(key))
        alike = [one for one in self.things if one.startswith(homes) and "/" not in one[max(map(len, homes)):]]
        ends = {one: one.rpartition("/")[2].casefold() for one in alike or self.things}
        scored = process.extract(last.casefold(), ends, scorer=fuzz.WRatio, score_cutoff=70, limit=limit)
        return [self.things[one] for _, _, one in scored]

    def weight(self, word: str) -> float:
        """Give how much a word tells one name from another: the rarer, the more."""
        return self._weights.get(word) or self._weight_of(word, 0)

    def _sort_in(self, number: int, name: Name) -> None:
        form, types = self._forms[number], self.things[name.iri].types
        self._of[name.iri].append(name)
        for type_ in types:
            self._by_type[type_].append(number)
        if ASIDE.isdisjoint(types):
            self._main.append(number)
        short = scoring.fold(scoring.bare(name.text)).replace(" ", "")
        for key in {form.squeezed, form.folded.replace(" ", ""), short, *scoring.initials(form.words)}:
            self._same[key].append(number)
        for word in set(form.words) if name.kind != IDENTIFIER else ():
            self._with[word].append(number)

    def _weight_of(self, word: str, names: int) -> float:
        told = math.log((len(self.names) + 1) / (names + 1)) ** 2
        return scoring.PLAIN_WEIGHT * told if word in scoring.PLAIN else told

    def _numbers(self, types: Collection[str]) -> Collection[int]:
        """Give the numbers of the names whose things have one of the types."""
        if not types:
            return self._main
        return dict.fromkeys(number for type_ in types for number in self._by_type.get(type_, ()))

    def _named(self, text: str, types: set[str]) -> Iterable[Match]:
        """Give the thing whose IRI or path a text is."""
        if (thing := self.get(text.strip())) and (not types or types & set(thing.types)):
            yield Match(thing, 100, Name(thing.iri, text.strip(), IDENTIFIER), "It is its IRI, or short for it.")

    def _candidates(self, asked: scoring.Form, allowed: Collection[int]) -> set[int]:
        """Give the names worth a closer look: equal ones, those that share words, those that share letters."""
        squeezed = {number: self._forms[number].squeezed for number in allowed}
        like = process.extract(asked.squeezed, squeezed, scorer=fuzz.ratio, score_cutoff=LEAST, limit=FEW)
        keys = {asked.squeezed, asked.folded.replace(" ", ""),
                scoring.fold(scoring.bare(asked.text)).replace(" ", "")}
        equal = {number for key in keys for number in self._same.get(key, ()) if number in squeezed}
        return equal | {number for _, _, number in like} | self._sharing(asked, squeezed)

    def _sharing(self, asked: scoring.Form, allowed: Mapping[int, str]) -> set[int]:
        words = list(dict.fromkeys(asked.words))[:MOST_WORDS]
        shared: dict[int, float] = defaultdict(float)
        for word in words:
            likes = process.extract(word, self._with.keys(), scorer=fuzz.ratio, score_cutoff=scoring.LIKE, limit=8)
            for other, like, _ in likes:
                both = (self.weight(word) + self.weight(other)) * like
                for number in self._with[other]:
                    shared[number] += both
        total = sum(map(self.weight, words))
        scored = ((points / (total + self._totals[number]), number)
                  for number, points in shared.items() if number in allowed)
        return {number for _, number in heapq.nlargest(FEW, scored)}


def _rank(match: Match) -> tuple[int, int, int, str, str]:
    kinds = (LABEL, ALTERNATIVE, IDENTIFIER)
    return (-match.score, kinds.index(match.matched.kind), len(match.matched.text), match.thing.label, match.thing.iri)


def _iris(key: str) -> list[str]:
    """Give the IRIs that a key may stand for."""
    path = key.strip().lstrip("/")
    found = expand(key.strip())
    return [found] if found else [f"{BASE}{path}", f"{BASE}id/{path}"]
