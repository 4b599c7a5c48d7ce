"""Choosing by facets: which values are asked for, which things have them, and how many each further value leaves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from pyroaring import BitMap
from rapidfuzz import fuzz, process, utils

from carekg import errors
from carekg.query import Facet
from carekg.search.facets import KIND
from carekg.search.model import Choice, Shown
from carekg.search.state import State
from carekg.terms import expand

MOST_CHOSEN: Final = 50
"""Values that one search may choose."""

MOST: Final = 100
"""Choices of one facet that are listed."""

KINDS: Final = Facet("thing", KIND, "Kind of thing", order=0)

Chosen = Mapping[str, Sequence[str]]


def resolved(state: State, facets: Sequence[Facet], chosen: Chosen) -> dict[str, tuple[str, ...]]:
    """Give the values that were asked for by IRI, short name, last part of the IRI or label.

    :raises BadInput: a facet or a value is not known, or there are too many.
    """
    known = {one.name: one for one in facets}
    for name in chosen:
        if name not in known:
            raise errors.BadInput(f"`{' '.join(name.split())[:80]}` is not something to choose by here; take one of "
                                  f"{', '.join(known)}, or search for words with q.")
    count = sum(len([one for one in values if one.strip()]) for values in chosen.values())
    if count > MOST_CHOSEN:
        raise errors.BadInput(f"{count:,} values are chosen, and {MOST_CHOSEN} is the most at once; take fewer, or a "
                              "broader one in the place of many.")
    return {name: tuple(dict.fromkeys(_value(state, known[name], one) for one in values if one.strip()))
            for name, values in chosen.items() if any(one.strip() for one in values)}


def _value(state: State, facet: Facet, typed: str) -> str:
    values = state.values.get(facet.name, {})
    text = typed.strip()
    for found in (text, expand(text) or text):
        if found in values:
            return found
    names: dict[str, str] = {}
    for value in values:
        for name in (state.labels.get(value, value), value.rstrip("/").replace("#", "/").rpartition("/")[2]):
            names.setdefault(name.casefold(), value)
    if text.casefold() in names:
        return names[text.casefold()]
    near = process.extract(text[:100], list(names), scorer=fuzz.WRatio, processor=utils.default_process, limit=3,
                           score_cutoff=70)
    raise errors.BadValue(typed, f"a value of {facet.label.lower()} here",
                          [state.labels.get(names[name], names[name]) for name, _, _ in near])


def having(state: State, name: str, values: Iterable[str]) -> BitMap:
    """Give the things that have one of some values."""
    known = state.values.get(name, {})
    return BitMap.union(BitMap(), *(known[value] for value in values if value in known))


def left(state: State, things: BitMap, chosen: Chosen, but: str = "") -> BitMap:
    """Give those of some things that have a chosen value of every facet, but for one facet."""
    for name, values in chosen.items():
        if name != but:
            things = things & having(state, name, values)
    return things


def shown(state: State, facets: Sequence[Facet], things: BitMap, chosen: Chosen, most: int = MOST) -> list[Shown]:
    """Give the facets of some things, each value with how many it would leave; those without a choice are left out."""
    found = []
    for facet in facets:
        rest = left(state, things, chosen, facet.name)
        counted = {value: having.intersection_cardinality(rest)
                   for value, having in state.values.get(facet.name, {}).items()}
        listed = _choices(state, facet, counted, chosen.get(facet.name, ()), most)
        fault = state.faults.get(facet.name, "")
        if listed or fault:
            some = sum(1 for count in counted.values() if count)
            found.append(Shown(facet.name, facet.label, tuple(listed), max(0, some - len(listed)), fault))
    return found


def _choices(state: State, facet: Facet, counted: Mapping[str, int], chosen: Sequence[str], most: int) -> list[Choice]:
    """Give the choices of a facet, the most frequent first or the last value first, narrower ones below broader."""
    labels = {value: state.labels.get(value) or state.key(value) for value, count in counted.items()
              if count or value in chosen}
    ordered = sorted(labels, key=lambda one: (state.ranks.get(one, ()), -counted[one], labels[one].casefold(), one))
    if facet.sort == "value":
        ordered.sort(reverse=True)
    kept = [one for one in ordered if one in chosen]
    kept = [one for one in ordered if one in {*kept, *ordered[:most]}]
    return [Choice(value, state.key(value), labels[value], counted[value], value in chosen, depth)
            for value, depth in _as_tree(kept, state.above.get(facet.name, {}))]


def _as_tree(values: Sequence[str], above: Mapping[str, frozenset[str]]) -> Iterable[tuple[str, int]]:
    """Give values in their order, each followed by its narrower ones, with how deep they are."""
    shown = set(values)
    below: dict[str, list[str]] = {}
    for value in values:
        over = above.get(value, frozenset()) & shown
        nearest = max(over, key=lambda one: (len(above.get(one, ())), one), default="")
        below.setdefault(nearest, []).append(value)
    waiting = [(value, 0) for value in reversed(below.get("", []))]
    while waiting:
        value, depth = waiting.pop()
        yield value, depth
        waiting += [(one, depth + 1) for one in reversed(below.get(value, []))]
