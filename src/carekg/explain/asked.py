"""A prepared question that had no answer, ready to be asked again with something else."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property

from carekg.explain import parts
from carekg.explain.model import Count, Terms
from carekg.explain.trials import MOST, Trials
from carekg.explain.words import Wording
from carekg.query import Asker, Parameter, Query


@dataclass(frozen=True)
class Asked:
    """A question that had no answer, and what it is tried with.

    ``unused`` are the parameters whose value nothing in the graph has in the place where the question looks for it.
    """

    asker: Asker
    query: Query
    terms: Terms
    trials: Trials
    unused: set[str] = field(default_factory=set)
    _having: dict[str, set[str] | None] = field(default_factory=dict, compare=False)

    @cached_property
    def where(self) -> parts.Where | None:
        """Give the query's parts, its parameters still open."""
        return parts.of(self.query.body)

    @cached_property
    def wording(self) -> Wording:
        """Give what puts the parts into words."""
        return Wording(self.where.prologue if self.where else "", self.trials)

    def count(self, terms: Terms) -> Count | None:
        """Give how many rows the question has with other terms; whether it has any is asked first, which is quick."""
        text = self.query.bind(terms)
        plain = parts.of(text)
        if plain is not None and self.trials.holds(plain.ask(plain.parts)) is False:
            return Count(0)
        return self.trials.count(text if plain is None else plain.text(), self.query.is_graph)

    def having(self, parameter: Parameter) -> set[str] | None:
        """Give the values of a parameter with which there are rows, or None where it does not tell, or of too many."""
        if parameter.name not in self._having:
            where = parts.of(self.query.bind(self.without(parameter.name)))
            rows = self.trials.rows(where.selecting(parameter.name), needed=False) if where else None
            told = rows is not None and len(rows) < MOST and all(parameter.name in row for row in rows)
            self._having[parameter.name] = {row[parameter.name] for row in rows or []} if told else None
        return self._having[parameter.name]

    def bound(self, text: str) -> str:
        """Give a text like the query's with the terms in it."""
        return replace(self.query, text=text).bind(self.terms)

    def labels(self, parameter: Parameter) -> dict[str, str]:
        """Give the values that a parameter takes, with labels."""
        return {one.iri: one.label for one in self.asker.choices(parameter)}

    def shown(self, parameter: Parameter) -> str:
        """Give the values of a parameter as a reader knows them."""
        labels = self.labels(parameter)
        return " or ".join(f"“{labels.get(one.value, one.value)}”" for one in self.terms[parameter.name])

    @property
    def given(self) -> list[Parameter]:
        """Give the parameters that have a value."""
        return [one for one in self.query.parameters if self.terms.get(one.name)]

    @property
    def to_blame(self) -> list[Parameter]:
        """Give those that another value can help: as long as an unused one stays, nothing else does."""
        return [one for one in self.given if self.unused <= {one.name}]

    def without(self, name: str) -> Terms:
        """Give the terms of the other parameters."""
        return {one: terms for one, terms in self.terms.items() if one != name}
