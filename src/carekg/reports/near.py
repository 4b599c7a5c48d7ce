"""Which things may be meant by what was given, among those that would be right."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from rapidfuzz import fuzz, process, utils
from rdflib.namespace import RDF, SKOS
from rdflib.term import Literal, Node

from carekg.reports.known import Known, key
from carekg.reports.model import Choice
from carekg.validation.kinds import Wanted

FEW: Final = 3
LEAST: Final = 75
"""The lowest likeness, of 100, of a thing that may be meant by a text."""

SAME: Final = 90
"""That of one that may be meant by another thing."""

SHORT: Final = 12
"""Things that are all named where none is alike."""


class Near:
    """Looks among the things of a graph, and keeps what it has read for the lines to come."""

    def __init__(self, known: Known) -> None:
        self._known = known
        self._read: dict[tuple[str, str], Mapping[str, str]] = {}
        self._begun: dict[str, list[str]] = {}

    def among(self, value: Node | None, wanted: Wanted) -> tuple[Choice, ...]:
        """Give the things most like a value among those that would be right."""
        if value is None or not wanted:
            return ()
        least = LEAST if isinstance(value, Literal) else SAME
        return self._alike(_texts(value, self._known), self.choices(wanted), key(value), least)

    def choices(self, wanted: Wanted) -> Mapping[str, str]:
        """Give what a value is chosen from, with what each is called."""
        found: dict[str, str] = {}
        for class_ in wanted.classes:
            found |= self._of(str(RDF.type), class_)
        for scheme in wanted.schemes:
            found |= self._of(str(SKOS.inScheme), scheme)
        return found | {key(one): self._known.name(one) for one in wanted.choices if not isinstance(one, Literal)}

    def listed(self, wanted: Wanted) -> tuple[str, ...]:
        """Give the names of all that a value is chosen from, where they are few; else none."""
        found = self.choices(wanted) if wanted.schemes else {}
        return tuple(sorted(found.values(), key=str.casefold)) if len(found) <= SHORT else ()

    def like(self, iri: str) -> tuple[Choice, ...]:
        """Give the things whose IRIs are most like one that is described nowhere, of the same kind."""
        start = iri[:max(iri.rfind("/"), iri.rfind("#")) + 1]
        if start not in self._begun:
            self._begun[start] = self._known.beginning(start)
        best = self._alike([_last(iri)], {one: _last(one) for one in self._begun[start]}, iri, LEAST)
        self._known.look_up(one.iri for one in best)
        return tuple(Choice(one.iri, self._known.label(one.iri)) for one in best)

    def _of(self, property_: str, value: str) -> Mapping[str, str]:
        if (property_, value) not in self._read:
            found = self._known.having(property_, value)
            self._read[property_, value] = {iri: self._known.label(iri) for iri in found}
        return self._read[property_, value]

    def _alike(self, texts: list[str], choices: Mapping[str, str], own: str, least: int) -> tuple[Choice, ...]:
        found: dict[str, float] = {}
        for text in texts:
            for other in (choices, {iri: _last(iri) for iri in choices}):
                for _, score, iri in process.extract(text, other, scorer=fuzz.ratio, processor=utils.default_process,
                                                     score_cutoff=least, limit=FEW):
                    found[iri] = max(score, found.get(iri, 0))
        best = sorted((iri for iri in found if iri != own), key=lambda iri: -found[iri])
        return tuple(Choice(iri, self._known.label(iri)) for iri in best[:FEW])


def _texts(value: Node, known: Known) -> list[str]:
    """Give by which texts a value may mean something: its words, or what a thing is called and how its IRI ends."""
    return [str(value)] if isinstance(value, Literal) else [known.label(key(value)), _last(str(value))]


def _last(iri: str) -> str:
    return iri[max(iri.rfind("/"), iri.rfind("#")) + 1:].replace("-", " ")
