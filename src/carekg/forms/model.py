"""A form, its fields, and what stands in them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import pyoxigraph as ox

from carekg.terms import PREFIXES

TRUTH: Final = PREFIXES["xsd"] + "boolean"
WORDS: Final = PREFIXES["rdf"] + "langString"
PLAIN: Final = PREFIXES["xsd"] + "string"
NAMING: Final = (PREFIXES["rdfs"] + "label", PREFIXES["skos"] + "prefLabel")
"""Properties that name a thing: their texts are short."""

EVERYDAY: Final = tuple(PREFIXES["care"] + name for name in (
    "Innovation", "Site", "Finding", "Source", "Passage", "Award", "Outcome", "Organisation", "Place", "Person",
    "Assessment"))
"""The classes of which stewards make things most often, in the order in which they are offered."""

Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
"""What a statement may have as its object."""


@dataclass(frozen=True)
class Values:
    """What the values of a field may be; what is empty does not restrict them.

    ``classes`` are those that a thing may be of; ``having`` the statements by which a thing belongs to a list of
    codes; ``listed`` all values there are; ``datatypes`` and ``languages`` what a text may be; ``is_iri`` that it is
    an address.
    """

    classes: tuple[str, ...] = ()
    having: tuple[tuple[str, str], ...] = ()
    listed: tuple[ox.NamedNode | ox.Literal, ...] = ()
    datatypes: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    is_iri: bool = False

    @property
    def kind(self) -> str:
        """Give how a value is given: out of a ``list``, as a ``thing`` by its name, as ``truth``, ``iri``, ``text``."""
        if self.listed or self.having:
            return "list"
        if self.classes:
            return "thing"
        if self.datatypes == (TRUTH,):
            return "truth"
        return "iri" if self.is_iri else "text"

    @property
    def takes_language(self) -> bool:
        """Say whether a text may be in a language that is not told by the shapes."""
        return len(self.languages) > 1 or (not self.languages and WORDS in self.datatypes)

    @property
    def usual_language(self) -> str:
        """Give the language of a text for which none is named, nothing where it has none then."""
        return self.languages[0] if self.languages else "en" if self.needs_language else ""

    @property
    def needs_language(self) -> bool:
        """Say whether somebody has to name the language of a text."""
        return self.takes_language and PLAIN not in self.datatypes


@dataclass(frozen=True)
class Field:
    """One question of a form: which properties it fills, in which words, with what, and how often.

    Several ``predicates`` (by IRI, with their labels) are ways in which a value may be linked, of which one is
    chosen. ``most`` is None without a limit; ``messages`` say what is true of good values.
    """

    key: str
    label: str
    help: str
    predicates: Mapping[str, str]
    values: Values
    least: int = 0
    most: int | None = None
    messages: tuple[str, ...] = ()

    @property
    def is_long(self) -> bool:
        """Say whether its texts are sentences of ours."""
        return bool(self.values.kind == "text" and WORDS in self.values.datatypes and PLAIN not in self.values.datatypes
                    and not set(self.predicates) & set(NAMING))


@dataclass(frozen=True)
class Section:
    """Fields that belong together, under a heading."""

    label: str
    fields: tuple[Field, ...]


@dataclass(frozen=True)
class Form:
    """The form of a class; ``rules`` are what has to hold of its things as a whole."""

    iri: str
    label: str
    definition: str
    sections: tuple[Section, ...]
    rules: tuple[str, ...] = ()

    @property
    def fields(self) -> Iterator[Field]:
        """Give all fields in their order."""
        return (one for section in self.sections for one in section.fields)

    def of(self, predicate: str) -> Field | None:
        """Give the field that fills a property."""
        return next((one for one in self.fields if predicate in one.predicates), None)


@dataclass
class Entry:
    """What stands in one place of a field: a text, by which property, in which language, or a new thing in place.

    ``pick`` is the IRI that was chosen among several things that the text may mean.
    """

    text: str = ""
    how: str = ""
    language: str = ""
    pick: str = ""
    new: Filled | None = None

    @property
    def is_blank(self) -> bool:
        """Say whether nothing was typed or chosen."""
        return not (self.text.strip() or self.pick or self.new)

    @property
    def said(self) -> tuple[str, str, str]:
        """Give what tells one entry of a field from another, whichever way a browser ends its lines."""
        return self.how, "\n".join(self.text.splitlines()).strip(), self.language.strip().lower()


@dataclass
class Filled:
    """A form with what stands in it, by the keys of its fields; ``thing`` is the IRI of what it is about, if any."""

    form: Form
    entries: dict[str, list[Entry]] = field(default_factory=dict)
    thing: str = ""

    def of(self, one: Field) -> list[Entry]:
        """Give what stands in a field, blank places left out."""
        return [entry for entry in self.entries.get(one.key, ()) if not entry.is_blank]


@dataclass(frozen=True)
class Choice:
    """A thing or a value that may be chosen: as a text, what it is called, and a line about it."""

    value: str
    label: str
    about: str = ""


@dataclass(frozen=True)
class Problem:
    """What is wrong, and where: the name of the place in the form, or none for the form as a whole.

    ``near`` are things that may have been meant; what does not ``block`` is a warning.
    """

    place: str
    message: str
    near: Sequence[Choice] = ()
    shape: str = ""
    blocks: bool = True


def everyday(forms: Iterable[Form]) -> tuple[list[Form], list[Form]]:
    """Give those forms that are wanted most often, and the others by their labels."""
    given = {form.iri: form for form in forms}
    return ([given[iri] for iri in EVERYDAY if iri in given],
            sorted((form for iri, form in given.items() if iri not in EVERYDAY), key=lambda form: form.label.lower()))
