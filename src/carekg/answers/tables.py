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

MOST_CELL: Final = 2_000
"""Characters of one cell."""


def selected(asked: store.Store, text: str, limit: int) -> Result:
    """Give the result of a query: up to ``limit`` rows, or a graph as Turtle up to a length.

    :raises BadInput, Refused: it does not parse, writes, leaves the store or overruns what a query may take.
    """
    if syntax.is_update(text):
        raise errors.Refused("Nothing is written here; send a SELECT, ASK, CONSTRUCT or DESCRIBE query.")
    answer = asked.answer(store.Question(text, "turtle" if syntax.asks_for_graph(text) else "json"))
    if answer.kind == "graph":
        turtle, cut = trimmed(answer)
        return Result(turtle=turtle, cut=bool(cut), note=cut)
    with answer.body:
        parsed: Any = ox.parse_query_results(answer.body, format=ox.QueryResultsFormat.JSON)
        return Result(truth=bool(parsed)) if isinstance(parsed, ox.QueryBoolean) else _table(parsed, limit)


def trimmed(answer: store.Answer) -> tuple[str, str]:
    """Give as many whole lines of a graph as fit, and a sentence where some do not."""
    with answer.body:
        text = answer.body.read(4 * MOST_TEXT).decode("utf-8", "ignore")
    if len(text) <= MOST_TEXT and answer.size <= 4 * MOST_TEXT:
        return text, ""
    whole = text[:MOST_TEXT].rpartition("\n")[0]
    return whole, (f"The graph has {answer.size:,} bytes, and these are the first {len(whole):,} characters of it, so "
                   "that it breaks off; ask for less of it.")


def _table(parsed: ox.QuerySolutions, limit: int) -> Result:
    """Read rows one by one, and no more than are shown: there may be a million."""
    names = tuple(variable.value for variable in parsed.variables)
    rows: list[dict[str, str]] = []
    room = MOST_TEXT
    for row in _rows(parsed, names):
        room -= sum(map(len, row.values()))
        if len(rows) == limit or (rows and room < 0):
            why = "that were asked for" if len(rows) == limit else "that fit"
            return Result(names, tuple(rows), cut=True, note=(
                f"There are more rows than the {len(rows):,} {why}: never count these. Count with COUNT in the query, "
                "or page with ORDER BY, LIMIT and OFFSET."))
        rows.append(row)
    return Result(names, tuple(rows), note="" if rows else "No rows: nothing in this graph matches, which is not "
                                                            "the same as false.")


def _rows(parsed: ox.QuerySolutions, names: tuple[str, ...]) -> Iterator[dict[str, str]]:
    for solution in parsed:
        yield {name: _text(term) for name in names if (term := solution[name]) is not None}


def _text(term: object) -> str:
    """Give an IRI by its short name, a literal by its words, a long one cut with a mark."""
    text = str(getattr(term, "value", term)) if isinstance(term, ox.Literal) else graph.name(str(term).strip("<>"))
    return text if len(text) <= MOST_CELL else f"{text[:MOST_CELL]} [... {len(text) - MOST_CELL:,} more characters]"
