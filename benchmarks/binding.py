"""How a parameter is bound: our substitution of tokens, the engine's own, and a constant written into the text."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import pyoxigraph as ox

from benchmarks import answers, clock
from benchmarks.scene import Scene
from carekg import query

PATIENCE = 10.0
"""Seconds within which a side must answer once, or it is not timed."""

Terms = Mapping[str, Sequence[ox.NamedNode | ox.Literal]]


@dataclass(frozen=True)
class Line:
    """One prepared query: median milliseconds to bind, and to bind and answer; none where it took too long."""

    name: str
    binding: float
    ours: float | None
    engine: float | None
    written: float | None


def measured(scene: Scene, store: ox.Store, told: Callable[[str], None]) -> list[Line]:
    """Time every prepared table that has a parameter to bind in each of the three ways; a list of values has one."""
    lines = []
    for name, terms in answers.terms(scene).items():
        if terms and not scene.queries[name].is_graph and not any(is_listed(scene.queries[name], one) for one in terms):
            told(name)
            lines.append(_measured(scene.queries[name], terms, store))
    return lines


def _measured(one: query.Query, terms: Terms, store: ox.Store) -> Line:
    text, open_text = written_in(one, terms), left_open(one, terms)
    values = {ox.Variable(name): found[0] for name, found in terms.items()}
    sides: list[Callable[[], bytes]] = [
        lambda: answers.answered(store, one.bind(terms)),
        lambda: answers.answered(store, open_text, substitutions=values),
        lambda: answers.answered(store, text),
    ]
    parsed = [parses(written) for written in (one.bind(terms), open_text, text)]
    timed = [n for n, side in enumerate(sides) if parsed[n] and clock.ends_within(PATIENCE, side)]
    found = {n: _compared(sides[n](), terms) for n in timed}
    if 0 in found and 2 in found and found[0] != found[2]:
        raise RuntimeError(f"{one.name} does not give the same answer bound by us and written in")
    timed = [n for n in timed if n != 1 or found[1] == found.get(0)]  # the engine binds too late for some BIND
    medians = dict(zip(timed, clock.in_turns(*(sides[n] for n in timed)), strict=True)) if timed else {}
    (alone,) = clock.in_turns(partial(one.bind, terms))
    ours, engine, written = (medians[n] * 1000 if n in medians else None for n in range(3))
    return Line(one.name, alone * 1000, ours, engine, written)


def parses(text: str) -> bool:
    """Say whether the engine reads a query: some texts do not bear a parameter in what they select."""
    try:
        ox.Store().query(text)
    except SyntaxError:
        return False
    return True


def is_listed(one: query.Query, name: str) -> bool:
    """Say whether a parameter's values go into a list, where no constant could stand in the variable's place."""
    return re.search(rf"\bVALUES\s+[?$]{name}\b", one.body) is not None


def written_in(one: query.Query, terms: Terms) -> str:
    """Give the text as somebody would write it who knows the constant beforehand."""
    text = one.body
    for name, found in terms.items():
        text = re.sub(rf"[?$]{name}\b", str(found[0]), text)
    return text


def left_open(one: query.Query, terms: Terms) -> str:
    """Give the text with the parameters in its projection, which is where the engine wants what it substitutes."""
    names = " ".join(f"?{name}" for name in terms)
    return re.sub(r"\bSELECT\s+(DISTINCT\s+)?", lambda match: f"{match[0]}{names} ", one.body, count=1)


def _compared(answer: bytes, terms: Terms) -> list[str]:
    rows = json.loads(answer)["results"]["bindings"]
    return sorted(json.dumps({name: row[name] for name in row if name not in terms}) for row in rows)
