"""What a file is to state: what it states now, and what stewards have changed since the graph was built from it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import pyoxigraph as ox

from carekg import turtle
from carekg.store import Effect
from carekg.terms import compact
from carekg.turtle import Statement

Property = tuple[str, str]
"""A subject and a predicate."""


@dataclass(frozen=True)
class Merged:
    """What a file is to state, what leaves it and comes into it, and a sentence for each clash.

    ``base`` is what it stated when the graph was built; ``was_edited``, whether it states something else now.
    """

    base: frozenset[Statement]
    wanted: frozenset[Statement]
    gone: frozenset[Statement]
    come: frozenset[Statement]
    was_edited: bool
    clashes: tuple[str, ...]


def merged(mine: Iterable[ox.Triple], theirs: Iterable[ox.Triple], effect: Effect) -> Merged:
    """Merge three ways: the file as it is, the graph as it is, and the graph as it was built.

    :param theirs: the graph as it is in the store, which spells numbers and dates in a way of its own.
    :param effect: what stewards have changed in it.
    """
    now = _as_stored(theirs)
    built = _before(set(now), effect)
    held = list(mine)
    spelt = _spelt(held)
    ours, base = _as_stored(held), turtle.statements(built)
    at_store, in_file = turtle.statements(now), turtle.statements(ours)
    leave, enter = (base - at_store) & in_file, (at_store - base) - in_file
    stated = turtle.statements(held)
    gone = set(_leaving(stated, leave, spelt)) if leave else set()
    come = enter
    if spelt and any(one.names() for one in leave):  # names follow from all that is said, and how it is spelt
        staying = {one for one in in_file - leave if one.names()}
        gone |= {one for one in stated if one.names()} - staying
        come = enter | (staying - stated)
    return Merged(frozenset(base), frozenset(stated - gone | come), frozenset(gone), frozenset(come),
                  in_file != base, tuple(_clashes(base, at_store, in_file)))


def _leaving(stated: set[Statement], leave: set[Statement], spelt: dict[ox.Literal, ox.Literal]
             ) -> Iterator[Statement]:
    """Give the statements of a file that leave it: of those with brackets as many as do, of a value each spelling."""
    left = Counter(one[:3] for one in leave)
    for one in sorted(stated, key=lambda one: -one.number):
        found = _stored(one, spelt)[:3]
        if left[found]:
            left[found] -= not one.predicate or one.object.startswith(("[", "("))
            yield one


def _before(theirs: set[ox.Triple], effect: Effect) -> set[ox.Triple]:
    """Give a graph as it was before a change."""
    added, removed = (set(_as_stored(quad.triple for quad in quads)) for quads in (effect.added, effect.removed))
    return theirs - added | removed


def _clashes(base: set[Statement], at_store: set[Statement], in_file: set[Statement]) -> list[str]:
    """Give a sentence for each property that both sides took from and gave different values."""
    both = _properties(base - at_store) & _properties(base - in_file)
    store, file = _values(at_store - base), _values(in_file - base)
    return [f"{_shown(one[0])} {_shown(one[1])} is {', '.join(sorted(file[one]))} in the file and "
            f"{', '.join(sorted(store[one]))} by stewards" for one in sorted(both)
            if store[one] and file[one] and store[one] != file[one]]


def _properties(statements: Iterable[Statement]) -> set[Property]:
    return {one[:2] for one in statements}


def _values(statements: Iterable[Statement]) -> dict[Property, set[str]]:
    found: dict[Property, set[str]] = defaultdict(set)
    for one in statements:
        found[one[:2]].add(_shown(one.object))
    return found


def _shown(term: str) -> str:
    return compact(term[1:-1]) if term.startswith("<") else term


def _spelt(triples: Iterable[ox.Triple]) -> dict[ox.Literal, ox.Literal]:
    """Give how a store spells those literals that it spells otherwise: 1.50 is 1.5 to it."""
    literals = list(dict.fromkeys(t.object for t in triples if isinstance(t.object, ox.Literal)))
    store, value = ox.Store(), ox.NamedNode("x:value")
    store.extend(ox.Quad(ox.NamedNode(f"x:{number}"), value, one) for number, one in enumerate(literals))
    found = {literals[int(quad.subject.value[2:])]: quad.object for quad in store}
    return {one: other for one, other in found.items() if one != other and isinstance(other, ox.Literal)}


def _as_stored(triples: Iterable[ox.Triple]) -> list[ox.Triple]:
    """Give triples as a store has them."""
    store = ox.Store()
    store.extend(ox.Quad(*triple) for triple in triples)
    return [quad.triple for quad in store]


def _stored(one: Statement, spelt: dict[ox.Literal, ox.Literal]) -> Statement:
    """Give a statement as a store has it."""
    if not spelt:
        return one
    (found,) = turtle.statements(_as_stored(one.triples())) or {one}
    return found
