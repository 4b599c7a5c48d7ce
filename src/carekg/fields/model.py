"""A field, the fields that the things of a class have, and those of all classes, as values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from rapidfuzz import process

from carekg import errors
from carekg.terms import PREFIXES, compact

NAMING: Final = tuple(PREFIXES[prefix] + name for prefix, name in (
    ("rdfs", "label"), ("skos", "prefLabel"), ("care", "summary")))
"""Properties by whose value a thing goes, the first that a class has."""

TEXT: Final = (PREFIXES["xsd"] + "string", PREFIXES["rdf"] + "langString")


class Choice(NamedTuple):
    """A term that can be chosen, what it is called and what it means."""

    iri: str
    label: str
    help: str = ""


@dataclass(frozen=True)
class Field:
    """What a thing may be given under one name.

    ``paths`` are the properties, of which a value takes one: nearly always there is just one, else ``choices`` say
    what each means. Values are things of one of ``classes``, concepts in one of ``schemes``, one of ``values`` (as
    N-Triples writes them), or literals of one of ``datatypes`` and in one of ``languages``. ``least`` and ``most``
    count them; ``shapes`` are those whose verdict is about this field, and ``message`` is what they say of good data.
    """

    name: str
    paths: tuple[str, ...]
    help: str = ""
    order: float = 0
    least: int = 0
    most: int | None = None
    classes: tuple[str, ...] = ()
    schemes: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    datatypes: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    pattern: str = ""
    is_iri: bool = False
    choices: tuple[Choice, ...] = ()
    shapes: tuple[str, ...] = ()
    message: str = ""

    @property
    def path(self) -> str:
        """Give the property, the first where there are several."""
        return self.paths[0]

    @property
    def is_link(self) -> bool:
        """Say whether its values are things or concepts."""
        return bool(self.classes or self.schemes)

    @property
    def is_text(self) -> bool:
        """Say whether its values are texts, in a language or in none."""
        plain = not (self.is_link or self.is_iri or self.values)
        return plain and (bool(self.languages) or not self.datatypes or bool({*TEXT} & {*self.datatypes}))

    @property
    def is_single(self) -> bool:
        """Say whether a thing has one value at most."""
        return self.most == 1


@dataclass(frozen=True)
class Kind:
    """A class of things, and the fields that they have, their own before those of the classes above."""

    iri: str
    label: str
    help: str
    fields: tuple[Field, ...]
    above: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Give its IRI in short."""
        return compact(self.iri)

    @property
    def naming(self) -> Field | None:
        """Give the field by which its things go; None where they have no name."""
        by_path = {one.path: one for one in self.fields}
        return next((by_path[path] for path in NAMING if path in by_path), None)

    def field(self, path: str) -> Field | None:
        """Give the field of a property."""
        return next((one for one in self.fields if path in one.paths), None)


@dataclass(frozen=True)
class Fields:
    """The classes that have shapes, by IRI; and the properties that each shape speaks of, by the shape's IRI."""

    kinds: Mapping[str, Kind]
    speaking: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def find(self, name: str) -> Kind:
        """Give the class of an IRI, ``prefix:name`` or label, written in capitals or not.

        :raises BadValue: there is none; the sentence offers near misses.
        """
        known = {key: kind for kind in self.kinds.values() for key in _keys(kind)}
        if found := known.get(_folded(name)):
            return found
        near = process.extract(_folded(name), list(known), score_cutoff=70, limit=3)
        labels = list(dict.fromkeys(known[key].label for key, *_ in near))
        raise errors.BadValue(name, "a class that has a shape", labels)

    def nameless(self, classes: Sequence[str]) -> Kind | None:
        """Give the class whose things have no name, where a field's values are of one such class only."""
        found = [self.kinds[one] for one in classes if one in self.kinds]
        return found[0] if len(found) == 1 == len(classes) and not found[0].naming else None


def _keys(kind: Kind) -> set[str]:
    local = kind.iri.rpartition("#")[2].rpartition("/")[2]
    return {_folded(one) for one in (kind.iri, kind.name, kind.label, local)}


def _folded(text: str) -> str:
    return "".join(text.split()).replace("-", "").casefold()
