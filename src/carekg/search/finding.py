"""One search: what was typed becomes parts with their ways, these find things, and a page of them is told."""

from __future__ import annotations

import itertools
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import replace

from pyroaring import BitMap

from carekg import errors
from carekg.query import Facet
from carekg.search import asked as asking
from carekg.search import choosing, near, ranking, spelling, telling
from carekg.search.model import Found, Search, Taken, Without
from carekg.search.spelling import Part
from carekg.search.state import Hits, State
from carekg.search.text import Marker
from carekg.terms import expand


def find(state: State, facets: Sequence[Facet], search: Search) -> Found:
    """Give one page of what a search finds.

    :raises BadInput: the text is too long; a facet, a value or the page is not there.
    """
    typed = asking.read(search.text)
    with state.database.reading() as connection:
        chosen = choosing.resolved(state, facets, search.chosen)
        words = state.vocabulary()
        parts = [spelling.part(one, words) for one in typed.parts]
        found = _with_named(connection, search.text, _hits(connection, state, parts, typed))
        things = choosing.left(state, found.every, chosen)
        whole = replace(search, chosen=chosen)
        taken = tuple(Taken(part.text, part.taken_for) for part in parts if part.taken_for or not part.ways)
        said = Found(whole, len(things) if typed.parts or chosen else 0, (),
                     tuple(choosing.shown(state, facets, found.every, chosen)), taken, typed.left_out, found.is_ranked,
                     words=typed.words, number=state.number, made=state.made)
        if search.page > said.pages or search.page < 1:
            raise errors.BadInput(f"There is no page {search.page:,}; the last is page {said.pages:,}.")
        if said.total:
            marker = Marker(way for part in parts for way in part.ways)
            return replace(said, hits=telling.hits(connection, state, _page(connection, found, things, whole), marker))
        if not typed.parts:
            return said
        return replace(said, near=near.things(connection, state, typed, search.text),
                       without=tuple(_without(connection, state, parts, typed)))


def _hits(connection: sqlite3.Connection, state: State, parts: Sequence[Part], typed: asking.Asked) -> Hits:
    """Give what has every part; everything where nothing was typed, and nothing where a part stands nowhere."""
    if not parts:
        return Hits(state.shown)
    if not all(part.ways for part in parts):
        return Hits(BitMap())
    names = [part.taken_for if len(part.taken_for) == 1 else one.words
             for part, one in zip(parts, typed.parts, strict=True)]
    return ranking.hits(connection, state, parts, dict.fromkeys((typed.whole, " ".join(itertools.chain(*names)))))


def _with_named(connection: sqlite3.Connection, text: str, found: Hits) -> Hits:
    """Give what was found, headed by the thing whose IRI or short name was typed, where it is one."""
    row = connection.execute("SELECT id FROM thing WHERE iri IN (?, ?) AND shown = 1",
                             (text.strip(), expand(text.strip()))).fetchone()
    if row is None:
        return found
    return replace(found, every=found.every | BitMap(row), ordered=(*row, *(n for n in found.ordered if n != row[0])),
                   others=found.others - BitMap(row))


def _page(connection: sqlite3.Connection, found: Hits, things: BitMap, search: Search) -> list[int]:
    """Give the numbers of the things on a page, in order; without words, in the order of the alphabet."""
    ordered: Iterable[int] = itertools.chain(found.ordered, found.others) if found.ordered or found.others else (
        number for number, in connection.execute("SELECT id FROM thing WHERE shown = 1 ORDER BY place, id"))
    start = (search.page - 1) * search.size
    return list(itertools.islice((number for number in ordered if number in things), start, start + search.size))


def _without(connection: sqlite3.Connection, state: State, parts: Sequence[Part],
             typed: asking.Asked) -> Iterable[Without]:
    """Give how much there is without each part of several."""
    for number, part in enumerate(parts) if len(parts) > 1 else ():
        rest = [one for n, one in enumerate(parts) if n != number]
        others = asking.Asked(tuple(one for n, one in enumerate(typed.parts) if n != number))
        if count := len(_hits(connection, state, rest, others).every):
            text = " ".join(f'"{one.text}"' if one.quoted else one.text for one in others.parts)
            yield Without(part.text, text, count)


