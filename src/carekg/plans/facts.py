"""The facts by which an innovation is described: those that the questions of a folder take, and their values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import pyoxigraph as ox

from carekg import errors, query, store
from carekg.query.ask import near
from carekg.terms import PREFIXES, compact, expand

MOST: Final = 8
"""Values that a fact may have."""

FEW: Final = 5
"""Names that are no facts, of so many of which is told."""

LONGEST: Final = 120
"""Characters of what somebody calls their innovation."""

TITLE: Final = "title"
LEAST: Final = "least"
MADE: Final = "graph"
OWN: Final = (TITLE, LEAST, MADE)
"""What an address says beside facts: a name, how much is to be in common, and the graph that it was made on."""

PARTS: Final = """PREFIX skos: <{skos}> PREFIX rdfs: <{rdfs}> PREFIX care: <{care}>
SELECT DISTINCT ?part ?label ?meaning ?position WHERE {{
  ?part skos:topConceptOf <SCHEME> ; rdfs:label ?label .
  OPTIONAL {{ ?part skos:definition ?meaning }}
  OPTIONAL {{ ?part care:position ?position }}
}} ORDER BY ?position ?label ?part""".format(**PREFIXES)


@dataclass(frozen=True)
class Fact:
    """A fact that may be told; its values are those of a parameter. ``rates`` is the rating that it gives to them."""

    name: str
    label: str
    help: str
    under: str
    rates: str
    parameter: query.Parameter

    @property
    def is_listed(self) -> bool:
        """Say whether its values are concepts or things, of which it may have several."""
        return self.parameter.type in ("concept", "thing")


@dataclass(frozen=True)
class Value:
    """A value as a term and in words."""

    term: ox.NamedNode | ox.Literal
    label: str

    @property
    def key(self) -> str:
        """Give it as an address has it."""
        return compact(self.term.value) if isinstance(self.term, ox.NamedNode) else self.term.value


@dataclass(frozen=True)
class Part:
    """A part of a framework that is rated, with what it means."""

    iri: str
    label: str
    meaning: str

    @property
    def key(self) -> str:
        """Give it as an address has it."""
        return compact(self.iri)


@dataclass(frozen=True)
class Problem:
    """What is wrong with a fact, none where it is with the description, and what would be right."""

    fact: str
    sentence: str


@dataclass(frozen=True)
class Description:
    """An innovation as it is described: values of facts. ``made`` is the graph that its address was made on."""

    values: Mapping[str, tuple[Value, ...]] = field(default_factory=dict)
    title: str = ""
    least: int = 0
    made: str = ""

    def arguments(self) -> list[tuple[str, str]]:
        """Give it as an address has it."""
        own = [(TITLE, self.title), (LEAST, str(self.least or "")), (MADE, self.made)]
        told = [(name, value.key) for name, values in self.values.items() for value in values]
        return [*((name, value) for name, value in own[:1] if value), *told, *((n, v) for n, v in own[1:] if v)]


def facts(queries: Mapping[str, query.Query]) -> dict[str, Fact]:
    """Give the facts that the questions of a plan take, in its order; the first question to tell of one names it."""
    parts = sorted((one for one in queries.values() if one.plan), key=lambda one: (_plan(one).order, one.name))
    told = {name: asked for one in reversed(parts) for name, asked in (_plan(one).facts or {}).items()}
    found: dict[str, Fact] = {}
    for one in parts:
        for name, source in _plan(one).sources.items():
            if source.fact and not source.is_count and source.fact not in found:
                parameter, asked = one.parameter(name), told.get(source.fact, query.Asked())
                found[source.fact] = Fact(source.fact, asked.label or parameter.label, asked.help
                                          or parameter.description, asked.under or "Your innovation", asked.rates,
                                          parameter)
    return found


def _plan(one: query.Query) -> query.Plan:
    assert one.plan
    return one.plan


def rated(asker: query.Asker, known: Mapping[str, Fact]) -> dict[str, tuple[Part, ...]]:
    """Give the parts that each fact rates: those that stand at the top of its framework, in their printed order."""
    schemes = {fact.name: fact.parameter.source for fact in known.values() if fact.rates}
    parts = {scheme: tuple(Part(row["part"], row["label"], row.get("meaning", ""))
                           for row in store.rows(asker.graph, PARTS.replace("<SCHEME>", str(ox.NamedNode(scheme)))))
             for scheme in set(schemes.values())}
    return {name: parts[scheme] for name, scheme in schemes.items()}


# --- reading ------------------------------------------------------------------------------------------------------


def read(asker: query.Asker, typed: Mapping[str, Sequence[str]]) -> tuple[Description, list[Problem]]:
    """Give the description that was typed, and what is wrong with it; what is wrong is left out.

    A part of a framework can be the name, and its rating the value, as in a form with a row for each part.
    """
    known = facts(asker.queries)
    problems: list[Problem] = []
    given = _by_fact(asker, known, {name: [one for one in values if one.strip()] for name, values in typed.items()},
                     problems)
    values: dict[str, tuple[Value, ...]] = {}
    unknown = [name for name in given if given[name] and name not in known and name not in OWN]
    for name in [*known, *unknown[:FEW]]:
        if name in known and given.get(name):
            values[name] = tuple(_values(asker, known[name], given[name], problems))
        elif name in unknown:
            problems.append(_unknown(name, known))
    _only_parts(asker, known, values, problems)
    values = {name: found for name, found in values.items() if found}
    problems += _rated_twice(known, values)
    title, least, made = (" ".join(given.get(name, [""])[:1]) for name in OWN)
    return Description(values, _title(title, problems), _least(least, problems), made[:200]), problems


def _by_fact(asker: query.Asker, known: Mapping[str, Fact], typed: Mapping[str, list[str]],
             problems: list[Problem]) -> dict[str, list[str]]:
    """Give what was typed by fact, with the parts that were rated under the facts of their ratings."""
    found = {name: list(values) for name, values in typed.items() if name in known or name in OWN}
    parts = rated(asker, known) if len(found) < len(typed) else {}
    for name, values in typed.items():
        iri = expand(name) if ":" in name else None
        ratings = [fact for fact, of in parts.items() if iri in [part.iri for part in of]]
        for rating in {*ratings} & {*values}:
            found.setdefault(rating, []).append(name)
        if ratings and not {*values} <= {*ratings}:
            wrong = next(one for one in values if one not in ratings)[:60]
            problems.append(Problem(ratings[0], f"`{wrong}` is no rating of {name}; it takes {', '.join(ratings)}."))
        elif not ratings and name not in found:
            found[name] = values
    return found


def _only_parts(asker: query.Asker, known: Mapping[str, Fact], values: dict[str, tuple[Value, ...]],
                problems: list[Problem]) -> None:
    """Leave out what is rated and is no part that stands at the top of its framework."""
    given = [name for name in values if known[name].rates]
    parts = rated(asker, known) if given else {}
    for name in given:
        tops = {part.iri: part.label for part in parts[name]}
        right = ", ".join(tops.values())
        problems += [Problem(name, f"{value.label} is not rated by itself; rate {right}.")
                     for value in values[name] if value.term.value not in tops]
        values[name] = tuple(value for value in values[name] if value.term.value in tops)


def _values(asker: query.Asker, fact: Fact, typed: Sequence[str], problems: list[Problem]) -> Iterator[Value]:
    most = MOST if fact.is_listed and not fact.rates else 1 if not fact.rates else 100
    if len(typed) > most:
        told = f"{len(typed):,} values, and {most} {'are' if most > 1 else 'is'} the most"
        problems.append(Problem(fact.name, f"{fact.label} has {told}; keep those that matter most."))
        return
    seen = set()
    for one in typed:
        try:
            term = asker.term(fact.parameter, one)
        except errors.BadValue as error:
            problems.append(Problem(fact.name, str(error)))
            continue
        if term not in seen:
            seen.add(term)
            yield Value(term, _label(asker, fact, term))


def _label(asker: query.Asker, fact: Fact, term: ox.NamedNode | ox.Literal) -> str:
    return next((one.label for one in asker.choices(fact.parameter) if one.iri == term.value), term.value)


def _unknown(name: str, known: Mapping[str, Fact]) -> Problem:
    shown = name if len(name) <= 60 else name[:57] + "..."
    names = (*known, TITLE)
    meant = near(name[:100], {one: one for one in names})
    right = f"did you mean `{meant[0]}`?" if meant else f"it takes {', '.join(f'`{one}`' for one in names)}."
    return Problem("", f"`{shown}` is no fact that a plan takes; {right}")


def _rated_twice(known: Mapping[str, Fact], values: Mapping[str, Iterable[Value]]) -> Iterator[Problem]:
    seen: dict[str, str] = {}
    for name in values:
        for value in values[name] if known[name].rates else ():
            if value.key in seen:
                yield Problem(name, f"{value.label} is rated both {known[seen[value.key]].label} and "
                                    f"{known[name].label}; keep one rating.")
            seen.setdefault(value.key, name)


def _title(typed: str, problems: list[Problem]) -> str:
    text = " ".join("".join(sign if sign.isprintable() else " " for sign in typed).split())
    if len(text) > LONGEST:
        problems.append(Problem(TITLE, f"The name has {len(text):,} characters, and {LONGEST} is the most."))
    return text[:LONGEST]


def _least(typed: str, problems: list[Problem]) -> int:
    if typed and not (typed.isascii() and typed.isdigit() and len(typed) < 4):
        problems.append(Problem("", "`least` takes a whole number such as 1: how much an innovation has in common."))
        return 0
    return int(typed or 0)
