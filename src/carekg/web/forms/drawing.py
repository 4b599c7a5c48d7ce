"""A form as its page draws it: places with their names, words, choices and what is wrong with them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from carekg.forms import typed
from carekg.forms.choices import Choices
from carekg.forms.model import Choice, Entry, Field, Filled, Problem
from carekg.forms.reading import ALSO, Forms
from carekg.forms.sending import DEEPEST
from carekg.terms import compact

KINDS: Final = 2
"""Classes of which a field offers to make a new thing in place."""


@dataclass(frozen=True)
class Place:
    """A place for one value; ``name`` is that under which it is sent, and by which others point to it."""

    name: str
    entry: Entry
    problems: tuple[Problem, ...] = ()
    new: Drawn | None = None

    @property
    def near(self) -> list[Choice]:
        """Give the things that may have been meant."""
        return [choice for problem in self.problems for choice in problem.near]


@dataclass(frozen=True)
class Question:
    """A field with its places; ``listed`` are the values of a list, ``suggested`` names the list that a browser offers.

    ``makes`` are classes of which a new thing can be made in place, by short IRI and label.
    """

    base: str
    field: Field
    places: tuple[Place, ...]
    listed: Sequence[Choice] = ()
    suggested: str = ""
    makes: tuple[tuple[str, str], ...] = ()
    right: str = ""

    @property
    def more(self) -> bool:
        """Say whether there may be another value."""
        return self.field.most is None or len(self.places) < self.field.most


@dataclass(frozen=True)
class Part:
    """Questions under a heading; they are folded away where nothing stands in them and few things have them."""

    label: str
    questions: tuple[Question, ...]

    @property
    def folded(self) -> bool:
        """Say whether they may be folded away."""
        return self.label == ALSO

    @property
    def is_used(self) -> bool:
        """Say whether anything stands in them, or is wrong with them."""
        return any(not place.entry.is_blank or place.problems for one in self.questions for place in one.places)


@dataclass(frozen=True)
class Drawn:
    """The form of one thing."""

    filled: Filled
    parts: tuple[Part, ...]


@dataclass
class Drawing:
    """Draws a form; ``suggested`` collects the lists that a browser offers, each once, by their ids."""

    forms: Forms
    choices: Choices
    problems: Iterable[Problem] = ()
    suggested: dict[tuple[str, ...], tuple[str, list[Choice]]] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._wrong: dict[str, list[Problem]] = defaultdict(list)
        for problem in self.problems:
            self._wrong[problem.place].append(problem)

    def drawn(self, filled: Filled, prefix: str = "") -> Drawn:
        """Give a form with what stands in it."""
        return Drawn(filled, tuple(
            Part(section.label, tuple(self._question(one, filled, prefix) for one in section.fields))
            for section in filled.form.sections))

    def _question(self, one: Field, filled: Filled, prefix: str) -> Question:
        base = f"{prefix}{one.key}"
        only = next(iter(one.predicates)) if len(one.predicates) == 1 else ""
        entries = filled.entries.get(one.key) or [Entry(how=only)]
        places = tuple(self._place(f"{base}.{number}", entry, one) for number, entry in enumerate(entries))
        kind = one.values.kind
        makes = [(compact(iri), self.forms.forms[iri].label) for iri in one.values.classes
                 if iri in self.forms.forms and prefix.count("/") < DEEPEST]
        return Question(base, one, places, self.choices.listed(one.values) if kind == "list" else (),
                        self.listing(one.values.classes) if kind == "thing" else "",
                        tuple(makes[:KINDS]) if kind == "thing" else (), typed.right(one.values))

    def _place(self, name: str, entry: Entry, one: Field) -> Place:
        self.labels[name] = one.label
        new = self.drawn(entry.new, f"{name}/") if entry.new else None
        return Place(name, entry, tuple(self._wrong.get(name, ())), new)

    def listing(self, classes: tuple[str, ...]) -> str:
        """Give the id of the list of a field's things, nothing where they are too many."""
        if classes not in self.suggested:
            self.suggested[classes] = (f"list-{len(self.suggested) + 1}", self.choices.suggested(classes))
        name, found = self.suggested[classes]
        return name if found else ""
