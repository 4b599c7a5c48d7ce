"""The parts of a plan: each the answer to a prepared question whose parameters are filled from a description."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Final

import pyoxigraph as ox

from carekg import errors, query, store
from carekg.plans.facts import Description, Fact, Value, facts
from carekg.plans.parts import Answer, Given, Section, column, handed
from carekg.terms import PREFIXES

SIDE_BY_SIDE: Final = 4
"""Questions of one plan that are asked at the same time."""

ROWS: Final = 2_000
"""Rows of data up to which a part of a plan is answered."""

def answered(asker: query.Asker, told: Description, client: str = "") -> tuple[Section, ...]:
    """Give all parts of a plan in their order; those that wait for no other are asked side by side."""
    known = facts(asker.queries)
    waiting = sorted((one for one in asker.queries.values() if one.plan),
                     key=lambda one: (one.plan.order if one.plan else 0, one.name))
    order = [one.name for one in waiting]
    done: dict[str, Section] = {}
    with ThreadPoolExecutor(SIDE_BY_SIDE, "plan") as pool:
        while waiting:
            names = {one.name for one in waiting}
            ready = [one for one in waiting if not names & {s.question for s in _sources(one)}] or waiting[:1]
            asked = [pool.submit(_section, asker, known, one, told, dict(done), client) for one in ready]
            done |= {one.name: section.result() for one, section in zip(ready, asked, strict=True)}
            waiting = [one for one in waiting if one not in ready]
    return tuple(done[name] for name in order)


def _section(asker: query.Asker, known: Mapping[str, Fact], one: query.Query, told: Description,
             done: Mapping[str, Section], client: str) -> Section:
    given = _given(one, told, done)
    if why := _unasked(one, given, known, done):
        return Section(one, unasked=why)
    try:
        answers = tuple(_answer(asker, one, each, client) for each in _each(one, given))
    except (errors.Refused, errors.StoreError, errors.BadInput) as error:
        return Section(one, problem=str(error))
    section = Section(one, answers)
    seen = {cell.iri for row in section.rows for cell in row.cells}
    asked = (value for name, source in _plan_sources(one).items() if source.question for value in given.get(name, ()))
    return replace(section, handed=handed(section, told.least),
                   silent=tuple(value for value in asked if value.term.value not in seen))


# --- what is asked ------------------------------------------------------------------------------------------------


def _plan_sources(one: query.Query) -> Mapping[str, query.Source]:
    return one.plan.sources if one.plan else {}


def _sources(one: query.Query) -> Iterable[query.Source]:
    return _plan_sources(one).values()


def _given(one: query.Query, told: Description, done: Mapping[str, Section]) -> Given:
    """Give the values of the parameters, as far as there are any."""
    found: Given = {}
    for name, source in _plan_sources(one).items():
        values = told.values.get(source.fact, ())
        if source.is_count and values:
            values = (Value(ox.Literal(str(len(values)), datatype=ox.NamedNode(PREFIXES["xsd"] + "integer")),
                            str(len(values))),)
        elif source.question in done:
            values = column(done[source.question], source.column)
        if values:
            found[name] = values
    return found


def _unasked(one: query.Query, given: Given, known: Mapping[str, Fact], done: Mapping[str, Section]) -> str:
    """Say why a question is not asked, nothing where it is: what it needs is open, or an earlier one gave nothing."""
    needed = [name for name in _plan_sources(one) if not one.parameter(name).optional]
    lacking = [name for name in needed if name not in given] if needed else [] if given else list(_plan_sources(one))
    labels = []
    for name in lacking:
        source = _plan_sources(one)[name]
        if source.question:
            earlier = done.get(source.question)
            title = earlier.plan.heading if earlier else source.question
            return f"Not asked, because “{title}” found nothing."
        labels.append(_told(known[source.fact]))
    return f"Not asked, because you left {_or(labels)} open." if labels else ""


def _told(fact: Fact) -> str:
    return f"the rating {fact.label}" if fact.rates else fact.label[0].lower() + fact.label[1:]


def _or(labels: Sequence[str]) -> str:
    labels = list(dict.fromkeys(labels))
    return " and ".join([", ".join(labels[:-1]), labels[-1]] if len(labels) > 1 else labels)


def _each(one: query.Query, given: Given) -> Iterator[Given]:
    """Give the values of each asking: a parameter that takes one value is asked for one after the other."""
    single = next((name for name, values in given.items()
                   if len(values) > 1 and not one.parameter(name).repeatable), "")
    if not single:
        yield given
        return
    for value in given[single]:
        yield from _each(one, {**given, single: (value,)})


def _answer(asker: query.Asker, one: query.Query, given: Given, client: str) -> Answer:
    """Ask a question; what it needs beside what is given takes its default."""
    needed = tuple(p for p in one.parameters if p.name not in given and not p.optional)
    bound = {**asker.terms(replace(one, parameters=needed), {}),
             **{name: [value.term for value in values] for name, values in given.items()}}
    answer = asker.graph.answer(store.Question(one.bind(bound), rows=ROWS, client=client))
    return Answer(given, query.Table.from_json(answer.read()), answer.cut)
