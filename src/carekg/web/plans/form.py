"""The form in which an innovation is described: its facts in groups, each with what may be chosen, and ratings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from carekg import plans, query
from carekg.terms import compact

SHORT: Final = 12
"""Choices up to which they are shown to be picked from; more are offered while one types."""


@dataclass(frozen=True)
class Field:
    """A fact to be told: the values that it has, with room for more, and the list that it is chosen from."""

    fact: plans.Fact
    values: tuple[str, ...]
    choices: tuple[str, ...]
    list_id: str
    problems: tuple[str, ...]


@dataclass(frozen=True)
class Grid:
    """Parts of a framework to be rated: the ratings as name and label, and each part with the rating that it has."""

    ratings: tuple[tuple[str, str], ...]
    parts: tuple[tuple[plans.Part, str], ...]
    problems: tuple[str, ...]


@dataclass(frozen=True)
class Form:
    """What the form shows: fields by their headings, grids of ratings, lists to choose from, and what is wrong."""

    groups: Mapping[str, Sequence[Field]]
    grids: Mapping[str, Grid]
    lists: Mapping[str, Sequence[str]]
    problems: Sequence[str]
    title: str = ""


def form(asker: query.Asker, typed: Mapping[str, Sequence[str]], told: plans.Description,
         problems: Sequence[plans.Problem]) -> Form:
    """Give the form with what was typed in it, and what is wrong beside it."""
    known = plans.facts(asker.queries)
    wrong = {name: tuple(one.sentence for one in problems if one.fact == name) for name in ("", *known, "title")}
    fields = [_field(asker, fact, typed, told, wrong[fact.name]) for fact in known.values() if not fact.rates]
    groups: dict[str, list[Field]] = {}
    for one in fields:
        groups.setdefault(one.fact.under, []).append(one)
    lists = {one.list_id: labels(asker.choices(one.fact.parameter)) for one in fields if one.list_id}
    title = told.title or " ".join(typed.get("title", ())[:1])
    return Form(groups, _grids(asker, known, told, wrong), lists, (*wrong[""], *wrong["title"]), title)


def labels(choices: Iterable[query.Choice]) -> list[str]:
    """Give what is offered for some choices: labels, with the short name behind where two are the same."""
    found = list(choices)
    several = [one.label.casefold() for one in found]
    return [one.label if several.count(one.label.casefold()) == 1 else f"{one.label} [{compact(one.iri)}]"
            for one in found] if len(found) < 5000 else [one.label for one in found]


def _field(asker: query.Asker, fact: plans.Fact, typed: Mapping[str, Sequence[str]], told: plans.Description,
           problems: tuple[str, ...]) -> Field:
    choices = labels(asker.choices(fact.parameter)) if fact.is_listed else []
    values = tuple(_shown(fact, one, told) for one in typed.get(fact.name, ()) if one.strip())[:20]
    is_short = 0 < len(choices) <= SHORT
    room = max(len(values) + 1, 1 if is_short or not fact.is_listed else 2)
    shown = (*values, *([""] * (room - len(values))))
    listed = "" if is_short or not choices else f"list-{fact.parameter.of.replace(':', '-')}"
    return Field(fact, shown if fact.is_listed else shown[:1], tuple(choices) if is_short else (), listed, problems)


def _shown(fact: plans.Fact, typed: str, told: plans.Description) -> str:
    """Give the label of a value, or what was typed where it is none."""
    return next((one.label for one in told.values.get(fact.name, ())
                 if typed.strip().casefold() in (one.key.casefold(), one.label.casefold(), one.term.value.casefold(),
                                                 one.key.partition(":")[2].casefold())), typed)


def _grids(asker: query.Asker, known: Mapping[str, plans.Fact], told: plans.Description,
           wrong: Mapping[str, tuple[str, ...]]) -> dict[str, Grid]:
    """Give a grid for each framework that is rated, under the heading of its facts."""
    parts = plans.rated(asker, known)
    rating = [fact for fact in known.values() if fact.rates]
    grids = {}
    for under in dict.fromkeys(fact.under for fact in rating):
        facts = [fact for fact in rating if fact.under == under]
        given = {value.key: fact.name for fact in facts for value in told.values.get(fact.name, ())}
        grids[under] = Grid(tuple((fact.name, fact.label) for fact in facts),
                            tuple((part, given.get(part.key, "")) for part in parts[facts[0].name]),
                            tuple(sentence for fact in facts for sentence in wrong[fact.name]))
    return grids
