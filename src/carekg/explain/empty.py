"""Why a prepared question has no answer here: what to leave out, or what to ask in its place, tried one at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice
from typing import Final

import pyoxigraph as ox

from carekg.explain import model, near, parts
from carekg.explain.model import Count, Reason, Terms
from carekg.explain.trials import Trials
from carekg.explain.words import Wording
from carekg.query import Asker, Parameter, Query, Table
from carekg.store import Question
from carekg.terms import BASE

SECONDS: Final = 0.9
"""What an explanation may take."""

MOST_NEAR: Final = 3
"""Values near to one that are offered."""

MOST_TRIED: Final = 14
"""Values near to one that are tried one after another."""

MOST_PARTS: Final = 3
"""Parts of a query that are offered for leaving out."""

GAPS: Final = "gaps"
"""The tag of questions that tell what is not stated."""

NOT_STATED: Final = "not stated"
"""How an answer says so."""

WAYS: Final[Mapping[str, str]] = {
    "replaced": "which took over from {value}, or from which it took over", "same": "which is close to {value}",
    "broader": "which holds {value}", "narrower": "which is within {value}", "sibling": "which stands beside {value}",
    "related": "which is linked with {value}", "alike": "which is called alike",
}
"""How a value is near another."""


@dataclass(frozen=True)
class Asked:
    """A question that had no answer, and what it is tried with."""

    asker: Asker
    query: Query
    terms: Terms
    trials: Trials

    @cached_property
    def where(self) -> parts.Where | None:
        """Give the query's parts, its parameters still open."""
        return parts.of(self.query.body)

    @cached_property
    def wording(self) -> Wording:
        """Give what puts the parts into words."""
        return Wording(self.where.prologue if self.where else "", self.trials)

    def count(self, terms: Terms) -> Count | None:
        """Give how many rows the question has with other terms."""
        text = self.query.bind(terms)
        plain = None if self.query.is_graph else parts.of(text)
        return self.trials.count(plain.text() if plain else text, self.query.is_graph)

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

    def without(self, name: str) -> Terms:
        """Give the terms of the other parameters."""
        return {one: terms for one, terms in self.terms.items() if one != name}


def reasons(asker: Asker, query: Query, arguments: Mapping[str, Sequence[str]], deadline: float = SECONDS,
            client: str = "") -> list[Reason]:
    """Give why a prepared question has no rows with these arguments, and what to ask in its place.

    :param deadline: seconds for all; where they are over, the last reason says so.
    :raises BadInput: an argument is not right; see :meth:`carekg.query.Asker.terms`.
    """
    asked = Asked(asker, query, asker.terms(query, arguments), Trials(asker.graph, deadline, client))
    found = [*unused(asked), *optional(asked), *nearest(asked), *others(asked), *not_stated(asked)]
    if not any(one.rows for one in found):
        found += alone(asked)
    if not any(one.rows for one in found):
        found += patterns(asked)
    found += silent(asked)
    if asked.trials.stopped:
        found.append(Reason("stopped", "Not everything was tried: the time for explaining was over."))
    return found


def unused(asked: Asked) -> Iterator[Reason]:
    """Give the values that nothing in the graph has in the place where the question looks for them."""
    tests = [one for one in asked.where.parts if one.kind == "triple"] if asked.where else []
    for parameter in asked.given:
        mine = [one for one in tests if one.variables & {p.name for p in asked.given} == {parameter.name}]
        for part in mine:
            text = asked.bound(asked.where.ask([part])) if asked.where else ""
            if asked.trials.holds(text) is False:
                words = _in_words(asked, part, parameter)
                yield Reason("unused", f"Nothing in this graph fits “{words}”.", pattern=part.text)
                break


def _in_words(asked: Asked, part: parts.Part, parameter: Parameter) -> str:
    """Give a part in words, with the value of a parameter in it."""
    value = asked.terms[parameter.name]
    text = part.text.replace(f"${parameter.name}", str(value[0])).replace(f"?{parameter.name} ", f"{value[0]} ")
    bound = parts.Part(part.kind, text if len(value) == 1 else part.text)
    asked.wording.learn([bound])
    return asked.wording.of(bound)


def optional(asked: Asked) -> Iterator[Reason]:
    """Give what there is when one optional argument is left out."""
    for parameter in asked.given:
        if not parameter.optional:
            continue
        count = asked.count(asked.without(parameter.name))
        if count and count.rows:
            yield Reason("optional", f"Without the {parameter.label} {asked.shown(parameter)} {count.there}.",
                         model.question(asked.query, asked.without(parameter.name)),
                         f"Ask without the {parameter.label}", count.rows, count.more)


# --- other values -------------------------------------------------------------------------------------------------


def nearest(asked: Asked) -> Iterator[Reason]:
    """Give the values nearest to those asked for with which there are rows."""
    for parameter in asked.given:
        values = asked.terms[parameter.name]
        labels = asked.labels(parameter)
        if len(values) == 1 and values[0].value in labels:
            yield from islice(_nearest(asked, parameter, values[0].value, labels), MOST_NEAR + 1)


def _nearest(asked: Asked, parameter: Parameter, value: str, labels: Mapping[str, str]) -> Iterator[Reason]:
    having = _with_rows(asked, parameter)
    neighbours = near.of(value, labels, asked.trials)
    empty: list[str] = []
    found = 0
    tried = [one for one in neighbours if having is None or one.iri in having or one.way == "replaced"][:MOST_TRIED]
    for one in tried:
        if found == MOST_NEAR:
            break
        terms = {**asked.terms, parameter.name: [ox.NamedNode(one.iri)]}
        count = asked.count(terms) if having is None or one.iri in having else Count(0)
        if count and count.rows:
            found += 1
            way = WAYS[one.way].format(value=f"“{labels[value]}”")
            yield Reason("near", f"For “{labels[one.iri]}”, {way}, {count.there}.",
                         model.question(asked.query, terms), f"Ask for {labels[one.iri]}", count.rows, count.more)
        elif count and one.way == "replaced":
            empty.append(labels[one.iri])
    if empty:
        yield Reason("replaced", f"{_listed(empty)} took over from “{labels[value]}”, or it from them; there "
                     "are no rows for them either.")


def _with_rows(asked: Asked, parameter: Parameter) -> set[str] | None:
    """Give the values of a parameter with which there are rows, or None where the query does not tell that."""
    where = parts.of(asked.query.bind(asked.without(parameter.name)))
    if where is None:
        return None
    text = f"{where.prologue}SELECT DISTINCT ?{parameter.name} WHERE {{\n" + "\n".join(
        one.text for one in where.parts) + "\n}"
    rows = asked.trials.rows(text, needed=False)
    found = {row[parameter.name] for row in rows or [] if parameter.name in row}
    return found or None


def others(asked: Asked) -> Iterator[Reason]:
    """Give how much there is for all values of a parameter that has to have one."""
    for parameter in asked.given:
        if parameter.optional or len(asked.given) < 2:
            continue
        having = _with_rows(asked, parameter)
        if having:
            labels = asked.labels(parameter)
            names = sorted(labels.get(one, one) for one in having)
            yield Reason("value", f"With all else as it is, there are rows for {len(having)} other "
                         f"{'value' if len(having) == 1 else 'values'} of {parameter.label}: {_listed(names)}.",
                         rows=None)


def alone(asked: Asked) -> Iterator[Reason]:
    """Give how much there is for each argument without all others, where leaving out one was not enough."""
    for parameter in asked.given if len(asked.given) > 1 else ():
        terms = {parameter.name: asked.terms[parameter.name]}
        count = asked.count(terms)
        if count and count.rows:
            open_ = all(one.optional for one in asked.query.parameters if one is not parameter)
            address = model.question(asked.query, terms) if open_ else model.sparql(asked.query.bind(terms))
            yield Reason("alone", f"With only the {parameter.label} {asked.shown(parameter)}, and all else left open, "
                         f"{count.there}.", address, f"Ask with only the {parameter.label}", count.rows, count.more)


def _listed(names: Sequence[str]) -> str:
    shown = [f"“{name}”" for name in names[:5]]
    more = f" and {len(names) - 5} more" if len(names) > 5 else ""
    return ", ".join(shown) + more


# --- the query's own parts ----------------------------------------------------------------------------------------


def patterns(asked: Asked) -> Iterator[Reason]:
    """Give the parts of the query without which there are rows."""
    where = asked.where
    if where is None:
        return
    found = 0
    for part in where.parts:
        rest = where.without(part)
        if found == MOST_PARTS or part.kind not in parts.TESTS or not asked.trials.holds(asked.bound(where.ask(rest))):
            continue
        found += 1
        text = asked.bound(where.text(rest))
        count = asked.trials.count(text, asked.query.is_graph)
        bound = parts.Part(part.kind, asked.bound("SELECT * WHERE {" + part.text).partition("{")[2])
        asked.wording.learn([bound])
        yield Reason("pattern", f"Nothing fits “{asked.wording.of(bound)}” together with the rest"
                     + (f"; without it {count.there}." if count else "."), model.sparql(text),
                     "Ask without it", count.rows if count else None, bool(count and count.more), bound.text)


# --- what sources do not say --------------------------------------------------------------------------------------


def not_stated(asked: Asked) -> Iterator[Reason]:
    """Give what the questions about gaps tell of the things asked for."""
    for parameter in asked.given:
        for query in asked.asker.queries.values():
            own = next((one for one in query.parameters if (one.type, one.of) == (parameter.type, parameter.of)), None)
            if own is None or GAPS not in query.tags or query.name == asked.query.name or query.is_graph:
                continue
            terms = {own.name: asked.terms[parameter.name][:1]}
            yield from _gaps(asked, query, terms, asked.shown(parameter))


def _gaps(asked: Asked, query: Query, terms: Terms, shown: str) -> Iterator[Reason]:
    if asked.trials.left <= 0:
        return
    table = Table.from_json(asked.asker.graph.answer(Question(query.bind(terms), rows=50), asked.trials.left).read())
    missing = dict.fromkeys(table.columns[n].heading for row in table.rows() for n, cell in enumerate(row.cells)
                            if cell.text.startswith(NOT_STATED))
    if missing:
        yield Reason("not stated", f"Of {shown} it is not stated here: {', '.join(missing)}.",
                     model.question(query, terms), query.summary)


def silent(asked: Asked) -> Iterator[Reason]:
    """Give the query's own sentence, and where to read what is known of the things asked for."""
    sentence = asked.query.when_empty or "The sources in this graph do not state it, which is not the same as false."
    things = [(one, term.value) for one in asked.given for term in asked.terms[one.name][:1]
              if isinstance(term, ox.NamedNode) and term.value.startswith(BASE)]
    thing = things[0] if things else None
    yield Reason("silent", sentence, "/" + thing[1].removeprefix(BASE) if thing else "/queries",
                 f"What is known of {asked.shown(thing[0])}" if thing else "All questions")
