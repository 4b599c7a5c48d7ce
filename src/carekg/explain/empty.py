"""Why a prepared question has no answer here: what to leave out, or what to ask in its place, tried one at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import pyoxigraph as ox

from carekg.explain import model, parts, values
from carekg.explain.asked import Asked
from carekg.explain.model import Reason, Terms
from carekg.explain.trials import Trials
from carekg.query import Asker, Parameter, Query
from carekg.terms import BASE

SECONDS: Final = 0.9
"""What an explanation may take."""

MOST_PARTS: Final = 3
"""Parts of a query that are offered for leaving out."""

GAPS: Final = "gaps"
"""The tag of questions that tell what is not stated."""

MOST_GAPS: Final = 50
"""Rows of such a question that are looked at."""

NOT_STATED: Final = "not stated"
"""How an answer says so."""


def reasons(asker: Asker, query: Query, arguments: Mapping[str, Sequence[str]], deadline: float = SECONDS,
            client: str = "") -> list[Reason]:
    """Give why a prepared question has no rows with these arguments, and what to ask in its place.

    :param deadline: seconds for all; where they are over, the last reason says so.
    :raises BadInput: an argument is not right; see :meth:`carekg.query.Asker.terms`.
    """
    asked = Asked(asker, query, asker.terms(query, arguments), Trials(asker.graph, deadline, client))
    found = [*unused(asked)]
    found += [*optional(asked), *values.nearest(asked)]
    found += [*values.others(asked, {one.address for one in found if one.rows}), *not_stated(asked)]
    if not any(one.rows for one in found):
        found += values.alone(asked)
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
                asked.unused.add(parameter.name)
                open_ = asked.where.selecting(parameter.name, [part]) if asked.where else ""
                yield Reason("unused", f"Nothing in this graph fits “{words}”.", model.sparql(open_),
                             f"What there is for {parameter.label}", pattern=part.text)
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
    for parameter in asked.to_blame:
        if not parameter.optional:
            continue
        count = asked.count(asked.without(parameter.name))
        if count and count.rows:
            yield Reason("optional", f"Without the {parameter.label} {asked.shown(parameter)} {count.there}.",
                         model.question(asked.query, asked.without(parameter.name)),
                         f"Ask without the {parameter.label}", count.rows, count.more)


# --- the query's own parts ----------------------------------------------------------------------------------------


def patterns(asked: Asked) -> Iterator[Reason]:
    """Give the parts of the query without which there are rows."""
    where = asked.where
    if where is None:
        return
    found = 0
    for part in (one for one in where.parts if one.kind in parts.TESTS and not one.variables & asked.unused):
        if found == MOST_PARTS or asked.trials.is_over():
            return
        rest = where.without(part)
        if not asked.trials.holds(asked.bound(where.ask(rest))):
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
    table = asked.trials.table(query.bind(terms), MOST_GAPS)
    if table is None:
        return
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
    yield Reason("silent", sentence, model.thing(thing[1]) if thing else "/queries",
                 f"What is known of {asked.shown(thing[0])}" if thing else "All questions")
