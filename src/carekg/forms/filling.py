"""A form with what the graph states of a thing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from typing import Final

import pyoxigraph as ox

from carekg.forms import typed
from carekg.forms.choices import Choices
from carekg.forms.model import Entry, Field, Filled, Form, Term

MOST: Final = 200
"""Values of a field that are shown; a register lists thousands of codes, which are kept in files."""


def filled(form: Form, thing: str, quads: Iterable[ox.Quad], choices: Choices) -> Filled:
    """Give a form with the values that some quads state of a thing."""
    stated = values(form, quads)
    return Filled(form, {one.key: _ranked(one, (entry for entry, _ in shown(one, stated[one.key], choices)))
                         for one in form.fields if one.key in stated}, thing)


def short(form: Form, quads: Iterable[ox.Quad]) -> Form:
    """Give a form without the fields of which a thing has more values than a page has room for: they stay."""
    stated = values(form, quads)
    sections = (replace(section, fields=tuple(one for one in section.fields if len(stated.get(one.key, ())) <= MOST))
                for section in form.sections)
    return replace(form, sections=tuple(section for section in sections if section.fields))


def values(form: Form, quads: Iterable[ox.Quad]) -> dict[str, dict[tuple[str, Term], set[ox.Quad]]]:
    """Give the values of each field by its key: a property and a value, with the quads that state it."""
    found: dict[str, dict[tuple[str, Term], set[ox.Quad]]] = defaultdict(lambda: defaultdict(set))
    fields = {predicate: one.key for one in form.fields for predicate in one.predicates}
    for quad in quads:
        if (key := fields.get(quad.predicate.value)) is not None:
            found[key][quad.predicate.value, quad.object].add(quad)
    return found


def settled(filled: Filled, choices: Choices) -> Filled:
    """Give a form in which what was picked among several things, if it is there, stands by its name."""
    for one in filled.form.fields:
        for entry in filled.entries.get(one.key, ()):
            if entry.pick and choices.known([entry.pick]):
                entry.text = choices.shown([entry.pick], one.values.classes)[entry.pick]
            entry.pick = ""
            if entry.new:
                settled(entry.new, choices)
    return filled


def shown(field: Field, stated: Iterable[tuple[str, Term]], choices: Choices) -> list[tuple[Entry, tuple[str, Term]]]:
    """Give the entry that stands for each value of a field, with the value."""
    pairs = list(stated)
    links = [value.value for _, value in pairs if isinstance(value, ox.NamedNode)]
    names = choices.shown(links, field.values.classes) if field.values.kind == "thing" and links else {}
    return [(_entry(field, predicate, value, names), (predicate, value)) for predicate, value in pairs]


def _entry(field: Field, predicate: str, value: Term, names: dict[str, str]) -> Entry:
    if field.values.kind == "list":
        return Entry(value.value if isinstance(value, ox.NamedNode) else str(value), predicate)
    if isinstance(value, ox.NamedNode) and value.value in names:
        return Entry(names[value.value], predicate)
    return Entry(typed.text(value), predicate, typed.language(value) if field.values.takes_language else "")


def _ranked(field: Field, entries: Iterable[Entry]) -> list[Entry]:
    ways = list(field.predicates)
    return sorted(entries, key=lambda entry: (ways.index(entry.how), entry.text.lower(), entry.language))
