"""Asking prepared queries: what was typed becomes terms, or a sentence with the near misses."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import pyoxigraph as ox
from rapidfuzz import fuzz, process, utils

from carekg import errors, store
from carekg.query.file import Query
from carekg.query.parameter import LITERALS, XSD, Parameter
from carekg.query.table import Table
from carekg.terms import compact, expand

FEW = 3
"""Values up to which a tally also names those without a row."""


@dataclass(frozen=True)
class Choice:
    """A value that a parameter takes: its IRI, its label and its other names."""

    iri: str
    label: str
    others: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """Give the last part of the IRI, by which a value can be typed."""
        return re.split(r"[/#]", self.iri)[-1]


def find(queries: Mapping[str, Query], name: str) -> Query:
    """Give the prepared query of that name.

    :raises UnknownQuery: there is none; the error offers near misses.
    """
    if name not in queries:
        raise errors.UnknownQuery(name, near(name, {key: key for key in queries}))
    return queries[name]


class Asker:
    """Asks the prepared queries of a folder on a store, and remembers the choices while the graph stays the same."""

    def __init__(self, queries: Mapping[str, Query], graph: store.Store) -> None:
        self.queries, self.graph = queries, graph
        self._choices: dict[tuple[str, str], list[Choice]] = {}
        self._names: dict[tuple[str, str], dict[str, str]] = {}
        self._version = ""

    def choices(self, parameter: Parameter) -> list[Choice]:
        """Give the values that a parameter takes, with labels; none for literals."""
        if parameter.type not in ("concept", "thing"):
            return []
        if self._version != self.graph.version:
            self._choices, self._version = {}, self.graph.version
        key = (parameter.type, parameter.of)
        if key not in self._choices:
            found = _grouped(store.rows(self.graph, parameter.choices_query()))
            self._names[key] = _by_name(found)
            self._choices[key] = found
        return self._choices[key]

    def terms(self, query: Query, arguments: Mapping[str, Sequence[str]]) -> dict[str, list[ox.NamedNode | ox.Literal]]:
        """Give the terms that typed arguments stand for; a parameter not given takes its default.

        The default of an optional parameter is only for a question that is asked with nothing at all: who narrows it by
        one value is not narrowed by another that nobody typed.

        :raises UnknownParameter, BadValue, MissingValue: each says what would be right.
        """
        given = {query.parameter(name).name: [value for value in values if value.strip()]
                 for name, values in arguments.items()}
        bound = {}
        for parameter in query.parameters:
            values = given.get(parameter.name) or []
            if not values and parameter.name not in arguments and parameter.default_of(bool(arguments)):
                values = [str(parameter.default)]
            if not values and not parameter.optional:
                raise errors.MissingValue(parameter.name, query.name, f"name {parameter.a_label}")
            if len(values) > 1 and not parameter.repeatable:
                raise errors.BadValue(" ".join(values), f"one value for `{parameter.name}`; it takes a single one")
            if values:
                bound[parameter.name] = [self.term(parameter, value) for value in values]
        return bound

    def term(self, parameter: Parameter, value: str, *, offering: bool = True) -> ox.NamedNode | ox.Literal:
        """Give the term that one typed value stands for.

        :param offering: look for near misses, which takes a while where there are many names.
        :raises BadValue: with the near misses by label.
        """
        if parameter.type in LITERALS:
            datatype, pattern, right = LITERALS[parameter.type]
            if not re.fullmatch(pattern, value) or (datatype == "date" and not _is_day(value)):
                raise errors.BadValue(value, f"{parameter.a_label}: it takes {right}")
            return ox.Literal(value, datatype=ox.NamedNode(XSD + datatype))
        choices = self.choices(parameter)
        named = self._names[parameter.type, parameter.of]
        text = value.strip()
        bracketed = text[:-1].rpartition("[")[2] if text.endswith("]") else ""  # as a list tells two of one label apart
        found = named.get(expand(text) or "") or named.get(text.casefold()) or named.get(expand(bracketed) or "")
        if found:
            return ox.NamedNode(found)
        names = {name: choice.label for choice in choices for name in (choice.label, *choice.others) if name}
        raise errors.BadValue(value, parameter.a_label, near(value, names) if offering else ())

    def ask(self, query: Query, arguments: Mapping[str, Sequence[str]], form: str = "", *, rows: int = 0,
            client: str = "") -> store.Answer:
        """Answer a prepared query with typed arguments, as bytes in that format, with at most so many rows."""
        return self.graph.answer(store.Question(query.bind(self.terms(query, arguments)), form, rows=rows,
                                                client=client))

    def ask_of(self, query: Query, parameter: str, item: ox.NamedNode, *, rows: int = 0, client: str = "",
               ) -> store.Answer:
        """Answer a prepared query about a thing that is known to be one of those which its parameter takes.

        Nobody typed it, so that the choices, of which there may be very many, need not be looked through for it.
        """
        needed = tuple(one for one in query.parameters if one.name != parameter and not one.optional)
        bound: dict[str, list[ox.NamedNode | ox.Literal]] = {
            **self.terms(replace(query, parameters=needed), {}), parameter: [item]}
        return self.graph.answer(store.Question(query.bind(bound), rows=rows, client=client))

    def tally(self, query: Query, table: Table) -> dict[str, int]:
        """Count the rows by the values of the column that a query tallies, values without a row included."""
        if not query.tally or not table.rows():
            return {}
        column, scheme = query.tally
        values = self.choices(Parameter(column, column, "concept", of=scheme))
        counts = table.tally(column, {choice.iri: choice.label for choice in values})
        return counts if len(counts) <= FEW else {label: count for label, count in counts.items() if count}


def _is_day(text: str) -> bool:
    """Say whether a calendar has a day."""
    with contextlib.suppress(ValueError):
        return bool(date.fromisoformat(text))
    return False


def _grouped(found: Iterable[Mapping[str, str]]) -> list[Choice]:
    labels: dict[str, str] = {}
    others: dict[str, list[str]] = {}
    for row in found:
        iri = row["iri"]
        labels.setdefault(iri, row.get("label") or compact(iri))
        if row.get("other"):
            others.setdefault(iri, []).append(row["other"])
    return [Choice(iri, label, tuple(dict.fromkeys(others.get(iri, ())))) for iri, label in labels.items()]


def _by_name(choices: Iterable[Choice]) -> dict[str, str]:
    """Give the IRI for each way of naming a choice: by IRI, key, label and other names, in lower case but the IRI.

    Where two choices share a name, the label of one goes before the key of another, and that before its other names.
    """
    names: dict[str, str] = {}
    listed = list(choices)
    for ways in (lambda one: (one.iri, one.label), lambda one: (one.key,), lambda one: one.others):
        for choice in listed:
            for name in ways(choice):
                names.setdefault(name if name == choice.iri else name.casefold(), choice.iri)
    return names


def near(typed: str, names: Mapping[str, str]) -> list[str]:
    """Give at most three labels whose name looks like what was typed."""
    scored = process.extract(typed, list(names), scorer=fuzz.WRatio, processor=utils.default_process,
                             limit=6, score_cutoff=70)
    return list(dict.fromkeys(names[name] for name, _, _ in scored))[:3]
