"""Which sections the page of a thing has, by its classes and schemes: the questions themselves say it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from carekg.query import Placing, Query
from carekg.terms import compact


@dataclass(frozen=True)
class Section:
    """A question, and how its answer stands on the page of a kind of thing."""

    query: Query
    placing: Placing

    @property
    def key(self) -> str:
        """Give the name by which the section is found on its page and in data."""
        return self.query.name

    def arguments(self, iri: str) -> dict[str, str]:
        """Give the arguments with which the question is asked about a thing."""
        return {self.placing.parameter: compact(iri)}


def sections(queries: Iterable[Query], kinds: Collection[str]) -> list[Section]:
    """Give the sections of a thing that is of some kinds (IRIs of classes and schemes), in their order.

    A question that several of its kinds place stands there once, where it comes first.
    """
    found = [Section(query, placing) for query in queries for placing in query.page if placing.kind in kinds]
    found.sort(key=lambda one: (one.placing.order, one.key))
    first: dict[str, Section] = {}
    for one in found:
        first.setdefault(one.key, one)
    return list(first.values())


def kinds(queries: Iterable[Query]) -> set[str]:
    """Give the kinds of things that have a page of sections."""
    return {placing.kind for query in queries for placing in query.page}
