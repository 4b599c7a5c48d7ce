"""Which thing a name in a sheet means: for sure, to be confirmed, or none that is known."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from carekg.importers.sheets.table import folded
from carekg.names import LABEL, SAFE, Match, Names, Thing
from carekg.terms import BASE, compact, expand

NEW: Final = "new"
"""The answer that a name is that of something new."""

NEAR: Final = 85
"""The score from which the name of something new may be another's, mistyped."""

OFFERED: Final = 6


@dataclass
class Question:
    """A name that may mean several things, the column that it is in, its candidates, and the rows where it stands.

    ``given`` is an answer that was none of those there are.
    """

    column: str
    text: str
    candidates: tuple[Match, ...]
    may_be_new: bool = False
    given: str = ""
    rows: list[int] = field(default_factory=list)

    @property
    def key(self) -> tuple[str, str]:
        """Give by what an answer is found: on one line, since a browser writes the ends of lines in its own way."""
        return _key(self.column, self.text)

    def options(self) -> list[tuple[str, str]]:
        """Give the answers there are: each as it is written, and what it means."""
        found = [(short(one.thing.iri), f"{one.thing.label}: {one.why}") for one in self.candidates]
        return found + ([(NEW, "none of these, it is new")] if self.may_be_new else [])

    def sentence(self) -> str:
        """Give the question."""
        several = ", ".join(f"{one.thing.label} ({short(one.thing.iri)})" for one in self.candidates)
        rows = ", ".join(map(str, self.rows[:5])) + (", ..." if len(self.rows) > 5 else "")
        new = ", or something new" if self.may_be_new else ""
        wrong = f" `{self.given}` is none of these; answer with a key, or a name of one." if self.given else ""
        return f"`{self.text}` in column `{self.column}`, row {rows}: {several}{new}?{wrong}"


@dataclass(frozen=True)
class Meaning:
    """What a name means: a thing, nothing known, or what has to be asked."""

    iri: str = ""
    question: Question | None = None


class Known:
    """The things of a graph by their names, with the answers that were given to questions.

    ``members`` gives all things of a class, also those that go by their keys alone.
    """

    def __init__(self, names: Names, answers: Mapping[tuple[str, str], str],
                 members: Callable[[str], Collection[str]] = lambda _class: ()) -> None:
        self._members = members
        self._held: dict[str, Collection[str]] = {}
        self.names = names
        self._answers = {_key(*asked): answer for asked, answer in answers.items()}
        self._found: dict[tuple[str, tuple[str, ...]], list[Match]] = {}
        self._exact: dict[str, dict[str, list[str]]] = {}
        self._labels: dict[tuple[str, ...], Mapping[str, Sequence[str]]] = {}
        self._last: dict[str, list[str]] = defaultdict(list)

    def answer(self, column: str, text: str) -> str:
        """Give what was answered when it was asked what a text in a column means; nothing where it was not."""
        return self._answers.get(_key(column, text), "")

    def label(self, iri: str) -> str:
        """Give what a thing is called."""
        thing = self.names.things.get(iri)
        return thing.label if thing else compact(iri)

    def by_key(self, text: str, types: Sequence[str] = ()) -> str:
        """Give the thing whose key a text is, whole (``place/leeds``), in brackets at its end, or the last part of it.

        Nothing is given where it is of another type.
        """
        inner = (text[:-1].rpartition("(")[2] if text.endswith(")") else text).strip()
        whole = inner if "/" in inner or ":" in inner else ""
        thing = self.names.get(whole) if whole else None
        if thing is not None:
            return thing.iri if _is(thing, types) else ""
        found = self._nameless_by_key(whole, types) if whole else \
            [iri for iri in self._ends().get(text.strip(), ()) if types and _is(self.names.things[iri], types)]
        return found[0] if len(found) == 1 else ""

    def _nameless_by_key(self, text: str, types: Sequence[str]) -> list[str]:
        """Give the thing without a name, such as a passage, that a key or an IRI is of."""
        iris = {expand(text) or "", f"{BASE}id/{text}"}
        for type_ in types:
            if type_ not in self._held:
                self._held[type_] = self._members(type_)
        return sorted({iri for type_ in types for iri in iris if iri in self._held[type_]})

    def _ends(self) -> dict[str, list[str]]:
        """Give the things by the last part of their IRIs."""
        if not self._last:
            for iri in self.names.things:
                self._last[iri.rpartition("/")[2]].append(iri)
        return self._last

    def reference(self, text: str, types: Sequence[str], column: str) -> Meaning:
        """Give the thing of some types that a name in a column means: its key, its label, or near enough to it."""
        said = self.answer(column, text)
        labelled = self._labelled(types).get(text, ())
        iri = labelled[0] if len(labelled) == 1 else self.by_key(text, types) or self.by_key(said, types)
        matches = [] if iri else self._find(text, types)
        if iri := iri or _sure(matches) or _answered(matches, said):
            return Meaning(iri)
        return Meaning(question=Question(column, text, tuple(matches), given=said)) if matches else Meaning()

    def own(self, text: str, class_: str, column: str) -> Meaning:
        """Give the thing of a class that goes by a name; nothing where it is new."""
        answer = self.answer(column, text)
        if folded(answer) == NEW:
            return Meaning()
        if iri := self.by_key(answer, (class_,)):
            return Meaning(iri)
        matches = [match for match in self._find(text, (class_,)) if match.score >= NEAR]
        if iri := _sure(matches) or _answered(matches, answer):
            return Meaning(iri)
        return Meaning(question=Question(column, text, tuple(matches), True, answer)) if matches else Meaning()

    def called(self, text: str, class_: str) -> list[str]:
        """Give the things of a class that go by just this text."""
        if class_ not in self._exact:
            found: dict[str, list[str]] = defaultdict(list)
            for thing in self.names.typed([class_]):
                for name in self.names.of(thing.iri):
                    if name.kind == LABEL:
                        found[folded(name.text)].append(thing.iri)
            self._exact[class_] = found
        return list(dict.fromkeys(self._exact[class_].get(folded(text), ())))

    def is_only(self, label: str, types: Sequence[str]) -> bool:
        """Say whether a label, as it is written, is that of one thing of some types."""
        return len(self._labelled(types).get(label, ())) == 1

    def _labelled(self, types: Sequence[str]) -> Mapping[str, Sequence[str]]:
        """Give the things of some types by their labels, as they are written."""
        key = tuple(types)
        if key not in self._labels:
            found: dict[str, list[str]] = defaultdict(list)
            for thing in self.names.typed(types) if types else ():
                for text in {one.text for one in self.names.of(thing.iri) if one.kind == LABEL}:
                    found[text].append(thing.iri)
            self._labels[key] = found
        return self._labels[key]

    def homes(self, class_: str) -> Iterable[str]:
        """Give the things of a class."""
        return (thing.iri for thing in self.names.typed([class_]))

    def _find(self, text: str, types: Sequence[str]) -> list[Match]:
        key = (text, tuple(types))
        if key not in self._found:
            self._found[key] = self.names.find(text, types, OFFERED) if types else []
        return self._found[key]


def _key(column: str, text: str) -> tuple[str, str]:
    return folded(column), " ".join(text.split())


def short(iri: str) -> str:
    """Give a thing's key as a sheet has it: ``place/bolton`` and the like."""
    return iri.removeprefix(BASE + "id/").removeprefix(BASE)


def _is(thing: Thing, types: Sequence[str]) -> bool:
    return not types or not set(types).isdisjoint(thing.types)


def _sure(matches: Sequence[Match]) -> str:
    """Give the one thing whose name a text is, where it is that of no other."""
    safe = [match for match in matches if match.score >= SAFE]
    exact = [match for match in safe if match.score == 100 and match.matched.kind == LABEL]
    chosen = safe if len(safe) == 1 else exact if len(exact) == 1 else []
    return chosen[0].thing.iri if chosen else ""


def _answered(matches: Sequence[Match], answer: str) -> str:
    """Give the one of some candidates whose name an answer is."""
    named = {one.thing.iri for one in matches if folded(one.thing.label) == folded(answer)}
    return named.pop() if len(named) == 1 else ""
