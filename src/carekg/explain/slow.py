"""What to change about a query that took too long or gave too much, as far as its text tells."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from carekg import errors, syntax
from carekg.explain import parts
from carekg.explain.model import Terms
from carekg.query import Query

MOST: Final = 3
"""Pieces of advice that are given at once."""

SEARCHING: Final = ("REGEX", "CONTAINS", "LCASE", "UCASE", "STRSTARTS")
"""Functions that an engine has to run on every text there is."""

OPEN_PATH: Final = re.compile(r"[?$]\w+\s+(\S+[*+])\s+[?$]\w+")
"""A path of any length between two variables."""


def advice(text: str) -> list[str]:
    """Give what to change about a query, the likeliest first, each in a sentence; nothing where its text tells none."""
    where = parts.of(text)
    if where is None:
        return []
    found = [*_apart(where.parts), *_of_all(where), *_searching(where), *_ordered(where)]
    return found[:MOST]


def of_question(error: errors.CarekgError, query: Query, terms: Terms) -> str:
    """Give why a prepared question was stopped, and how to narrow it, to whoever has only its form."""
    why = f"It took longer than {error.seconds:g} s and was stopped." if isinstance(error, errors.OverDeadline) else \
        "It needs more room than one answer may take, and was stopped."
    open_ = [one.label for one in query.parameters if one.optional and not terms.get(one.name)]
    several = [one.label for one in query.parameters if len(terms.get(one.name, ())) > 1]
    if open_:
        return f"{why} Narrow it: choose a value for {' or '.join(open_)}."
    if several:
        return f"{why} Name fewer values for {' and '.join(several)}, and ask again for the others."
    return f"{why} Ask again in a moment: the server may be busy."


def _apart(found: Sequence[parts.Part]) -> Iterator[str]:
    """Give the first two parts that share no variable, by way of others either."""
    joined: list[tuple[set[str], parts.Part]] = []
    for part in (one for one in found if one.kind in ("triple", "group", "graph", "values") and one.variables):
        names, first = set(part.variables), part
        for other in [one for one in joined if one[0] & names]:
            joined.remove(other)
            names, first = names | other[0], other[1]
        joined.append((names, first))
    if len(joined) > 1:
        shown = [_short(part.text) for _, part in joined]
        yield (f"`{shown[0]}` and `{shown[1]}` share no variable, so that each match of the one is paired with each of "
               "the other: give them a variable in common, or ask two queries.")


def _of_all(where: parts.Where) -> Iterator[str]:
    """Give what looks through the whole graph: patterns without a name, paths from everywhere."""
    for part in where.parts:
        kinds = [one.kind for one in syntax.tokens(part.text) if one.kind not in ("space", "comment")]
        if part.kind == "triple" and kinds[:3] == ["variable"] * 3:
            yield f"`{_short(part.text)}` fits every statement there is: name a property, or a class of its subject."
            return
        if part.kind == "triple" and (path := OPEN_PATH.search(part.text)):
            yield (f"`{path[1]}` is followed from everything to everything: name the thing at one end of it, or leave "
                   "the sign at its end out.")


def _searching(where: parts.Where) -> Iterator[str]:
    for word in syntax.words(" ".join(part.text for part in where.parts if part.kind == "filter")):
        if word in SEARCHING:
            yield (f"{word} looks into every text: narrow what it looks at by a class or a property first, or look the "
                   "words up at /find.")
            return


def _ordered(where: parts.Where) -> Iterator[str]:
    words = list(syntax.words(where.tail))
    if "LIMIT" not in words:
        yield "Add LIMIT 100 to see whether the rest is right" + (
            ", and leave ORDER BY out meanwhile: it needs all rows first." if "ORDER" in words else ".")


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 70 else line[:67] + "..."
