"""Which place of a form a finding of the validation is about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pyoxigraph as ox

from carekg.forms import typed
from carekg.forms.difference import Difference
from carekg.forms.model import Choice, Filled, Problem
from carekg.forms.reading import Forms
from carekg.reports import Group, Line, Told


def problems(told: Told, found: Difference, forms: Forms) -> list[Problem]:
    """Give the lines of a report, each at its place; of a field in which something was typed wrongly there is none."""
    wrong = {problem.place.rpartition(".")[0] for problem in found.problems}
    return list(_once(_problem(line, group, found, forms) for group in told.groups for line in group.lines
                      if wrong.isdisjoint(_fields(line, group, found, forms))))


def _fields(line: Line, group: Group, found: Difference, forms: Forms) -> list[str]:
    """Give the fields that a line is about, by the beginnings of their places, the likeliest first."""
    if group.thing not in found.places:
        return []
    prefix, filled = found.places[group.thing]
    speaks = [line.property, *forms.mentions.get(line.shape, ())]
    return list(dict.fromkeys(f"{prefix}{field.key}" for one in speaks
                              if (field := filled.form.of(one)) is not None))


def _problem(line: Line, group: Group, found: Difference, forms: Forms) -> Problem:
    near = tuple(Choice(one.iri, one.label) for one in line.near)
    if group.thing in found.places:
        place = _place(line, _fields(line, group, found, forms), *found.places[group.thing])
        return Problem(place, line.says(), near, line.shape, line.blocks)
    return Problem("", f"{group.label}: {line.says()}" if group.label else line.says(), near, line.shape, line.blocks)


def _place(line: Line, fields: list[str], prefix: str, filled: Filled) -> str:
    """Give the place in which the value stands, else that of the first empty field of those that a line is about."""
    entries = {base: filled.entries.get(base.removeprefix(prefix), []) for base in fields}
    if not entries:
        return ""
    base = next((one for one in fields if all(entry.is_blank for entry in entries[one])), fields[0])
    said = {_text(line.value), line.given} - {""}
    number = next((n for n, entry in enumerate(entries[base]) if said & {entry.text.strip(), entry.pick}), 0)
    return f"{base}.{number}"


def _text(value: str) -> str:
    """Give the text of a value that is written as in N-Triples."""
    if value.startswith('"'):
        (quad,) = ox.parse(f"<x:s> <x:p> {value} .", ox.RdfFormat.N_TRIPLES)
        return typed.text(quad.object)
    return value.strip("<>")


def _once(told: Iterable[Problem]) -> Iterator[Problem]:
    """Give each message at each place once: one shape may say it of several values."""
    yield from {(one.place, one.message): one for one in told}.values()
