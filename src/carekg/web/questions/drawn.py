"""The picture of an answer on its page: the one declared or asked for, its words, and how it can be drawn otherwise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from carekg import charts, errors
from carekg.query import Drawing, Query
from carekg.query.drawing import KINDS, of_address
from carekg.web.questions import noted
from carekg.web.questions.address import Address
from carekg.web.questions.laid import Laid

KIND: Final = "drawing"
ROLE: Final = "drawing."
NAMES: Final[Mapping[str, str]] = {
    "bar": "bar chart", "line": "line chart", "matrix": "matrix", "map": "map", "timeline": "timeline",
    "network": "network", "flow": "flow diagram"}
WORDS: Final[Mapping[str, str]] = {
    "y": "rows, or what goes up", "x": "columns, or what goes along", "count": "what is counted", "size": "the number",
    "colour": "colour", "link": "where it leads", "label": "label", "start": "beginning", "end": "end",
    "latitude": "latitude", "longitude": "longitude", "from": "from", "to": "to"}
"""Kinds of pictures, and the roles of columns in them, as a form calls them."""


@dataclass(frozen=True)
class Role:
    """What a column can be in a picture, and the column that is it."""

    name: str
    label: str
    needed: bool
    column: str


@dataclass(frozen=True)
class Drawn:
    """A picture with its title and words, the kinds it may have, the roles of its kind; or what is wrong with it."""

    kind: str = ""
    title: str = ""
    alt: str = ""
    arguments: Mapping[str, Sequence[str]] | None = None
    kinds: Sequence[tuple[str, str, str]] = ()
    roles: Sequence[Role] = ()
    wrong: str = ""


def drawn(query: Query, address: Address, laid: Laid) -> Drawn:
    """Give the picture of an answer; without a kind where none is declared that fits, and none is asked for."""
    kind = next(iter(address.values(KIND)), "")
    roles = {name.removeprefix(ROLE): [one for one in address.values(name) if one]
             for name, _ in address.pairs if name.startswith(ROLE)}
    fitting = laid.once("drawings", lambda: charts.of(query, laid.table))
    kinds = [(one, NAMES.get(one, one), str(_of_kind(address, one))) for one in KINDS]
    if not kind and not any(roles.values()):
        if not fitting:
            return Drawn(kinds=kinds)
        kind = fitting[0].kind
    if kind in KINDS and not any(roles.values()) and kind not in [one.kind for one in query.drawings]:
        return Drawn(kind, kinds=kinds, roles=_roles(kind, None))  # its columns are still to be chosen
    try:
        drawing = of_address(kind, roles, query.drawings)
        title, alt = laid.once(drawing, lambda: _words(laid, drawing))
    except errors.BadInput as error:
        return Drawn(kind if kind in KINDS else "", kinds=kinds, wrong=str(error),
                     roles=_roles(kind, None) if kind in KINDS else ())
    arguments = {name: address.values(name) for name, _ in (*address.asked.pairs, *address.drawing) if name != KIND}
    return Drawn(drawing.kind, title, alt, arguments, kinds, _roles(drawing.kind, drawing))


def _words(laid: Laid, drawing: Drawing) -> tuple[str, str]:
    """Give the title of a picture and its words; the picture itself is drawn when it is fetched."""
    picture = charts.draw(laid.table, drawing, cut=laid.cut, notes=noted.notes(laid))
    return picture.title, picture.alt


def _of_kind(address: Address, kind: str) -> Address:
    """Give the address that draws another kind."""
    return address.without([name for name, _ in address.drawing]).having(KIND, kind)


def _roles(kind: str, drawing: Drawing | None) -> list[Role]:
    needed, free = KINDS[kind]
    return [Role(name, WORDS.get(name, name), name in needed, drawing.column(name) if drawing else "")
            for name in (*needed, *free)]
