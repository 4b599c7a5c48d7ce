"""How an answer may be drawn: a kind of picture, and which of its columns play which role in it.

A question declares its drawings in its header; whoever asks may name another kind, or other columns, in the address::

    #+ drawings:
    #+   - kind: bar
    #+     y: route
    #+     count: innovation
    #+     title: Innovations by route
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from carekg import errors

TITLE: Final = "title"
"""What a drawing may say beside its kind and roles."""

NAME: Final = r"[A-Za-z_]\w*"
"""A column, by the name of its variable."""

SEVERAL: Final = {("bar", "x"), ("line", "y")}
"""Roles that several columns may play, each a group of its own."""


class Roles(NamedTuple):
    """The roles of a kind of picture: which have to be played, and which may be."""

    needed: tuple[str, ...]
    free: tuple[str, ...] = ()


KINDS: Final[Mapping[str, Roles]] = {
    "bar": Roles(("y",), ("x", "count", "colour", "link")),
    "line": Roles(("x", "y"), ("colour", "panel")),
    "matrix": Roles(("x", "y"), ("size", "count", "link")),
    "map": Roles(("latitude", "longitude"), ("label", "colour", "size", "link")),
    "timeline": Roles(("y", "start"), ("end", "label", "colour", "link")),
    "network": Roles(("from", "to"), ("colour",)),
    "flow": Roles(("from", "to"), ("size", "count")),
}
"""Kinds of picture and their roles."""


@dataclass(frozen=True)
class Drawing:
    """A kind of picture and the columns that play its roles, most roles one column each."""

    kind: str
    roles: tuple[tuple[str, tuple[str, ...]], ...]
    title: str = ""

    def columns(self, role: str) -> tuple[str, ...]:
        """Give the columns that play a role."""
        return dict(self.roles).get(role, ())

    def column(self, role: str) -> str:
        """Give the column that plays a role, or nothing."""
        return next(iter(self.columns(role)), "")

    @property
    def used(self) -> tuple[str, ...]:
        """Give every column that plays a role."""
        return tuple(dict.fromkeys(column for _, columns in self.roles for column in columns))


def read(said: Any) -> Drawing:
    """Give the drawing that an entry of a header, or an address, speaks of.

    :raises BadDrawing: its kind or a role is not known, or a role is missing.
    """
    if not isinstance(said, Mapping) or not all(isinstance(name, str) for name in said):
        raise errors.BadDrawing(f"`{said}` is no drawing; give it a kind ({', '.join(KINDS)}) and its columns")
    kind = said.get("kind")
    if not isinstance(kind, str) or kind not in KINDS:
        raise errors.BadDrawing(f"`{kind}` is no kind of drawing; it takes one of {', '.join(KINDS)}")
    needed, free = KINDS[kind]
    roles = {role: _columns(kind, role, value) for role, value in said.items() if role not in ("kind", TITLE)}
    if unknown := [role for role in roles if role not in (*needed, *free)]:
        raise errors.BadDrawing(f"a {kind} has no role `{unknown[0]}`; it takes {', '.join((*needed, *free))}")
    if missing := [role for role in needed if not roles.get(role)]:
        raise errors.BadDrawing(f"a {kind} needs a column for `{missing[0]}`")
    if not isinstance(said.get(TITLE, ""), str):
        raise errors.BadDrawing(f"a {kind} has the title `{said[TITLE]}`; write a text")
    return Drawing(kind, tuple(roles.items()), said.get(TITLE, ""))


def of_address(kind: str, roles: Mapping[str, Sequence[str]], declared: Sequence[Drawing]) -> Drawing:
    """Give the drawing that an address asks for: a declared one, of that kind where one is named, the first where not.

    Roles say which columns play them, in the place of the declared ones or, where none of the kind is declared, alone.

    :raises BadDrawing: there is none of that kind, or it is not right.
    """
    known = next((one for one in declared if one.kind == (kind or one.kind)), None)
    if known and not roles:
        return known
    if known:
        together = {**dict(known.roles), **roles}
        return read({"kind": known.kind, **{role: list(columns) for role, columns in together.items() if any(columns)}})
    have = ", ".join(one.kind for one in declared) or "none"
    if not kind:
        raise errors.BadDrawing(f"the question declares no drawing; name a kind ({', '.join(KINDS)}) and its columns")
    if kind in KINDS and not roles:
        named = "&".join(f"drawing.{role}=COLUMN" for role in KINDS[kind].needed)
        raise errors.BadDrawing(f"the question declares no {kind} (it declares {have}); name its columns: {named}")
    return read({"kind": kind, **{role: list(columns) for role, columns in roles.items()}})


def check(drawing: Drawing, columns: Collection[str]) -> None:
    """Hold a drawing against the columns that an answer has.

    :raises BadDrawing: a column that it names is not among them.
    """
    for name in drawing.used:
        if name not in columns:
            raise errors.BadDrawing(f"a {drawing.kind} draws `{name}`, which is no column of the answer; "
                                    f"it has {', '.join(columns) or 'none'}")


def _columns(kind: str, role: str, value: Any) -> tuple[str, ...]:
    named = value if isinstance(value, list) else [value]
    for one in named:
        if not isinstance(one, str) or not re.fullmatch(NAME, one):
            raise errors.BadDrawing(f"a {kind} has `{role}: {one}`; write the name of a column")
    if len(named) > 1 and (kind, role) not in SEVERAL:
        raise errors.BadDrawing(f"a {kind} has {len(named)} columns for `{role}`; it takes one")
    return tuple(named)
