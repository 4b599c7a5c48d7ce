"""The answer to anybody's query as its page shows it: a page of rows, a graph's text, a picture, or as it was sent."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from carekg import charts, errors, store
from carekg.explain import free
from carekg.explain.model import Reason
from carekg.query import Column
from carekg.query.drawing import KINDS, Roles, read
from carekg.web import named, site
from carekg.web.editor import labelled
from carekg.web.questions.address import Address
from carekg.web.questions.laid import Laid
from carekg.web.questions.looking import Looking

MOST: Final = 20_000
"""Rows of data that a page is made of; what is downloaded has more."""

MOST_TEXT: Final = 100_000
"""Characters that a page shows of an answer as it was sent."""

VIEWS: Final[Mapping[str, tuple[str, ...]]] = {
    "table": (), "chart": ("bar", "line", "matrix", "timeline", "flow"), "map": ("map",), "network": ("network",),
    "raw": ()}
"""Ways of looking at an answer, and the kinds of picture that each offers."""

NO_PLACES: Final = ("There is nothing to put on a map: no column has places or things in them, and none is called "
                    "latitude or longitude. Have the query give a place, or its wgs:lat and wgs:long.")
PLACED: Final = {"latitude": ("latitude", "lat"), "longitude": ("longitude", "long", "lon", "lng")}
"""What columns are called that hold places on a map."""


@dataclass(frozen=True)
class Picture:
    """A picture that is offered: in which view, its kind, what plays each of its roles, and the columns that may.

    It has a title and what it shows in words, or a sentence on why there is nothing to draw.
    """

    view: str
    kind: str
    kinds: tuple[str, ...]
    roles: Mapping[str, str]
    needed: tuple[str, ...]
    columns: tuple[Column, ...]
    title: str = ""
    alt: str = ""
    problem: str = ""

    @property
    def drawing(self) -> dict[str, str]:
        """Give what an address says to have it."""
        return {"drawing": self.kind, **{f"drawing.{role}": column for role, column in self.roles.items() if column}}


@dataclass(frozen=True)
class Answered:
    """An answer: its rows as they are looked at, or its text; after how many rows it was cut; why it is empty."""

    view: str
    seconds: float
    cut: int
    text: str = ""
    is_long: bool = False
    looking: Looking | None = None
    picture: Picture | None = None
    reasons: Sequence[Reason] = ()



def laid(asked: store.Question, *, placed: bool = False) -> Laid:
    """Give the answer to a SELECT or an ASK laid out, with no more rows than a page is made of.

    :param placed: with where its things are, for a map.
    """
    return _laid(*_asked(asked), placed=placed)


def table(asked: store.Question, address: Address) -> Answered:
    """Give the answer to a SELECT or an ASK, looked at as an address wants it."""
    began = time.perf_counter()
    body, cut = _asked(asked)
    seconds = time.perf_counter() - began
    chosen = _chosen(address)
    found = _laid(body, cut, placed=chosen == "map")
    shown = body[:MOST_TEXT].decode(errors="ignore") if chosen == "raw" else ""
    is_empty = not found.rows or [cell.text for row in found.rows for cell in row.cells] == ["no"]
    return Answered(chosen, seconds, cut, shown, len(body) > MOST_TEXT, Looking(address, found),
                    _picture(found, chosen, address) if VIEWS[chosen] and found.rows else None,
                    _reasons(asked) if is_empty else ())


def text(asked: store.Question) -> Answered:
    """Give the answer to a CONSTRUCT or a DESCRIBE."""
    began = time.perf_counter()
    body, cut = _asked(asked)
    seconds = time.perf_counter() - began
    return Answered("raw", seconds, cut, body[:MOST_TEXT].decode(errors="ignore"), len(body) > MOST_TEXT,
                    reasons=() if body.strip() else _reasons(asked))


def _asked(asked: store.Question) -> tuple[bytes, int]:
    answer = site.asker().graph.answer(replace(asked, rows=min(asked.rows, MOST)))
    return answer.read(), answer.cut


def _reasons(asked: store.Question) -> Sequence[Reason]:
    """Give why an answer has nothing in it."""
    return free.reasons(site.asker().graph, asked.query, lambda iri: [one.iri for one in named.names().near(iri)],
                        client=asked.client)


def _laid(body: bytes, cut: int, *, placed: bool) -> Laid:
    return Laid(labelled.table(site.asker().graph, body, placed=placed), cut)


def _chosen(address: Address) -> str:
    """Give the way of looking that an address wants."""
    asked = next(iter(address.values("view")), "")
    return asked if asked in VIEWS else "table"


def _picture(laid: Laid, chosen: str, address: Address) -> Picture:
    """Give the picture that an address wants; where it says no columns, those are drawn that most likely can be."""
    kinds = VIEWS[chosen]
    asked = next(iter(address.values("drawing")), "")
    kind = asked if asked in kinds else kinds[0]
    names = [head.name for head in laid.heads]
    said = {role: next((one for one in address.values(f"drawing.{role}") if one in names), "") for role in _all(kind)}
    if not any(said.values()) or asked != kind:
        said.update(_likely(laid, kind))
    offered = Picture(chosen, kind, kinds, said, KINDS[kind].needed, tuple(head.column for head in laid.heads))
    try:
        wanted = read({"kind": kind, **{role: column for role, column in said.items() if column}})
        drawn = charts.draw(laid.table, wanted, cut=laid.cut)
    except errors.BadDrawing as error:
        return replace(offered, problem=NO_PLACES if kind == "map" and not said["latitude"] else str(error))
    return replace(offered, title=drawn.title, alt=drawn.alt)


def _all(kind: str) -> tuple[str, ...]:
    roles: Roles = KINDS[kind]
    return (*roles.needed, *(role for role in roles.free if role != "link"))


def _likely(laid: Laid, kind: str) -> dict[str, str]:
    """Give what most likely plays the roles of a picture, by what columns hold and what they are called."""
    numbers = [head.name for head in laid.heads if head.is_number]
    others = [head.name for head in laid.heads if not head.is_number]
    first, second = ([*others, *numbers, "", ""])[:2]
    number = next(iter(numbers), "")
    if kind == "map":
        found = {role: next((head.name for head in laid.heads if head.name.casefold() in names), "")
                 for role, names in PLACED.items()}
        return {**found, "label": next((name for name in others if name not in found.values()), "")}
    return {
        "bar": {"y": first if number else _repeated(laid) or first, "x": number},
        "line": {"x": number if len(numbers) > 1 else first, "y": (numbers[-1:] or [second])[0]},
        "matrix": {"x": second, "y": first, "size": number},
        "timeline": {"y": first, "start": next(iter([*others[1:], *numbers]), "")},
        "network": {"from": first, "to": second},
        "flow": {"from": first, "to": second, "size": number},
    }[kind]


def _repeated(laid: Laid) -> str:
    """Give the column whose values come again most, for rows to be counted by."""
    values = {head.name: len({row.cells[head.place].text for row in laid.rows}) for head in laid.heads
              if not head.is_number}
    return min((name for name in values if values[name] > 1), key=values.__getitem__, default="")
