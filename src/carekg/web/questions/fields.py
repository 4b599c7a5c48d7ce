"""The form of a question: a field for each parameter, with what was typed, what is wrong with it, and what is right."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from carekg import errors
from carekg.query import Asker, Choice, Parameter, Query
from carekg.query.ask import near
from carekg.query.parameter import LITERALS
from carekg.terms import compact
from carekg.web.questions.address import MORE, Address

FEW: Final = 30
"""Choices up to which a list shows them all; of more, what is typed ahead finds some."""

OPEN: Final = 10
"""Values of one parameter that are shown; more are folded."""

MENDED: Final = 10
"""Wrong values of one parameter for which near misses are looked up."""

INPUTS: Final = {"integer": "number", "decimal": "number", "date": "date"}
"""The input for each type of literal; for a year a text does, since a number field would step and group it."""


@dataclass(frozen=True)
class Entry:
    """One value as it was typed: the text to show, the IRI that it stands for, what is wrong, and near misses."""

    text: str
    iri: str = ""
    wrong: str = ""
    near: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Field:
    """One parameter as a form asks for it; ``more`` says that one empty place more was wanted, to be typed in now."""

    parameter: Parameter
    choices: Sequence[Choice]
    entries: tuple[Entry, ...]
    more: bool = False

    @property
    def kind(self) -> str:
        """Give how it is asked for: by a list, by what is typed ahead, or plainly."""
        if not self.choices:
            return "plain"
        return "list" if len(self.choices) <= FEW else "ahead"

    @property
    def wrong(self) -> list[tuple[Entry, str]]:
        """Give the values that are not right, as many as are to be told at once, each with the id of its place."""
        places = [f"p-{self.parameter.name}{f'-{n}' if n else ''}" for n in (0, *range(2, len(self.entries) + 1))]
        return [(one, place) for one, place in zip(self.entries, places, strict=True) if one.wrong][:MENDED]

    @property
    def is_required(self) -> bool:
        """Say whether it has to be given."""
        return not self.parameter.optional

    @property
    def right(self) -> str:
        """Say what a literal looks like."""
        return LITERALS[self.parameter.type][2] if self.parameter.type in LITERALS else ""

    def input(self, entry: Entry) -> str:
        """Give the type of input; what is wrong stands in a text field, since others would not show it."""
        return "text" if entry.wrong else INPUTS.get(self.parameter.type, "text")

    @property
    def names(self) -> list[tuple[str, str]]:
        """Give every name to type ahead, each with the label that it is another name of."""
        count = Counter(choice.label.casefold() for choice in self.choices)
        told = {choice.iri: choice.label if count[choice.label.casefold()] == 1
                else f"{choice.label} [{compact(choice.iri).strip('<>')}]" for choice in self.choices}
        labels = [(told[choice.iri], "") for choice in self.choices]
        return [*labels, *((other, told[choice.iri]) for choice in self.choices for other in choice.others
                           if other.casefold() not in count)]


def fields(asker: Asker, query: Query, address: Address) -> list[Field]:
    """Give the fields of a question's form as an address fills them."""
    asked = bool(address.asked.pairs)
    more = set(address.values(MORE))
    return [_field(asker, parameter, address, asked, parameter.name in more) for parameter in query.parameters]


def unknown(query: Query, address: Address) -> tuple[tuple[str, str], ...]:
    """Give, for a name that is no parameter, the addresses with one in its place and the one without it."""
    known = {parameter.name for parameter in query.parameters}
    wrong = next((name for name, _ in address.asked.pairs if name not in known), "")
    if not wrong:
        return ()
    named = {spelt: p.name for p in query.parameters for spelt in (p.name, p.label)}
    offered = [(f"with `{one}` instead", str(address.renamed(wrong, one))) for one in near(wrong, named)
               if not address.values(one)]
    return (*offered, (f"without `{wrong[:80]}`", str(address.without([wrong]))))


def _field(asker: Asker, parameter: Parameter, address: Address, asked: bool, more: bool) -> Field:
    typed = [value for value in address.values(parameter.name) if value.strip()]
    if not address.values(parameter.name) and (usual := parameter.default_of(asked)):
        typed = [usual]
    choices = asker.choices(parameter)
    labels = {choice.iri: choice.label for choice in choices}
    tries = _Tries(asker, parameter, address, labels)
    entries = tuple(map(tries.entry, typed)) or (Entry(""),)
    return Field(parameter, choices, entries, more and parameter.repeatable)


class _Tries:
    """Holds typed values of one parameter against what it takes."""

    def __init__(self, asker: Asker, parameter: Parameter, address: Address, labels: dict[str, str]) -> None:
        self.asker, self.parameter, self.address, self.labels = asker, parameter, address, labels
        self.count = Counter(label.casefold() for label in labels.values())
        self.wrong = 0

    def entry(self, value: str) -> Entry:
        """Give a value as the form shows it."""
        try:
            term = self.asker.term(self.parameter, value, offering=self.wrong < MENDED)
        except errors.BadValue as error:
            self.wrong += 1
            return Entry(value, "", str(error), self._near(value, error.near))
        if label := self.labels.get(term.value):
            several = self.count[label.casefold()] > 1
            return Entry(f"{label} [{compact(term.value).strip('<>')}]" if several else label, term.value)
        return Entry(value)

    def _near(self, value: str, labels: Sequence[str]) -> tuple[tuple[str, str], ...]:
        """Give near misses, each with the address that has it in the place of what was typed."""
        by_label = {label: iri for iri, label in reversed(self.labels.items())}
        name = self.parameter.name
        kept = self.address.values(name) or [value]
        return tuple((label, str(self.address.having(name, *(
            compact(by_label[label]).strip("<>") if one == value else one for one in kept)).without([MORE])))
            for label in labels if label in by_label)
