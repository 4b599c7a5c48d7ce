"""A SPARQL query that only reads, and as much of its result as fits into a conversation."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import pyoxigraph as ox

from carekg import errors, store, syntax
from carekg.answers import graph
from carekg.answers.values import Result

MOST_TEXT: Final = 60_000
"""Characters of one result."""

MOST_TRIPLES: Final = 2_000
"""Triples of one graph."""

MOST_CELL: Final = 2_000
"""Characters of one cell."""

NOTHING: Final = "No rows: nothing in this graph matches, which is not the same as false."


def selected(asked: store.Store, text: str, limit: int) -> Result:
    """Give the result of a query: up to ``limit`` rows, or a graph as Turtle up to a length.

    :raises BadInput, Refused: it does not parse, writes, leaves the store or overruns what a query may take.
    """
    if syntax.is_update(text):
        raise errors.Refused("Nothing is written here; send a SELECT, ASK, CONSTRUCT or DESCRIBE query.")
    is_graph = syntax.asks_for_graph(text)
    form, most = ("turtle", MOST_TRIPLES) if is_graph else ("json", limit)
    answer = asked.answer(store.Question(text, form, rows=most))
    if answer.kind == "graph":
        turtle, cut = trimmed(answer)
        return Result(turtle=turtle, cut=bool(cut), note=cut)
    with answer.body:
        parsed: Any = ox.parse_query_results(answer.body, format=ox.QueryResultsFormat.JSON)
        return Result(truth=bool(parsed)) if isinstance(parsed, ox.QueryBoolean) else _table(parsed, limit, answer.cut)


def trimmed(answer: store.Answer) -> tuple[str, str]:
    """Give as many whole lines of a graph as fit, and a sentence where some do not."""
    with answer.body:
        text = answer.body.read(4 * MOST_TEXT).decode("utf-8", "ignore")
    if len(text) <= MOST_TEXT and answer.size <= 4 * MOST_TEXT and not answer.cut:
        return text, ""
    whole = text if len(text) <= MOST_TEXT else text[:MOST_TEXT].rpartition("\n")[0]
    return whole, f"The graph is longer than these {len(whole):,} characters and breaks off; ask for less of it."


def _table(parsed: ox.QuerySolutions, limit: int, cut: int) -> Result:
    """Read rows as long as there is room; ``cut`` says that the store has left some out."""
    names = tuple(variable.value for variable in parsed.variables)
    rows: list[dict[str, str]] = []
    room, full = MOST_TEXT, bool(cut)
    for row in _rows(parsed, names):
        room -= sum(map(len, row.values()))
        if len(rows) == limit or (rows and room < 0):
            full = True
            break
        rows.append(row)
    if not full:
        return Result(names, tuple(rows), note="" if rows else NOTHING)
    return Result(names, tuple(rows), cut=True, note=(
        f"There are more rows than these {len(rows):,}, so never count them. Count with COUNT in the query, or page "
        "with ORDER BY, LIMIT and OFFSET."))


def _rows(parsed: ox.QuerySolutions, names: tuple[str, ...]) -> Iterator[dict[str, str]]:
    for solution in parsed:
        yield {name: _text(term) for name in names if (term := solution[name]) is not None}


def _text(term: object) -> str:
    """Give an IRI by its short name, a literal by its words, a long one cut with a mark."""
    text = str(getattr(term, "value", term)) if isinstance(term, ox.Literal) else graph.name(str(term).strip("<>"))
    return text if len(text) <= MOST_CELL else f"{text[:MOST_CELL]} [... {len(text) - MOST_CELL:,} more characters]"
