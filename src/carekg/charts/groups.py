"""Groups of points, told apart by their shape, by whether they are filled, and by their colour, never by that alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any, Final

from carekg.charts import legible
from carekg.charts.look import GROUPS, SHAPES
from carekg.charts.sketch import Subject

OTHER: Final = "other"
"""The group of what is left when there are more groups than can be told apart."""

HOLLOW: Final = ("planned", "announced", "proposed", "recommended", "modelled", "candidate", "disputed", "denied")
"""What the names of groups begin with that has not been done, or is not said to have been: they are drawn hollow."""


def named(subject: Subject) -> list[str]:
    """Give the name of the group of each row; nothing where the drawing has no groups."""
    if not subject.has("colour"):
        return [""] * len(subject)
    cells = subject.cells("colour")
    names = legible.names(cells, 30)
    keys = [legible.key(cell) for cell in cells]
    count = Counter(keys)
    ranked = sorted(names, key=lambda key: -count[key])
    apart = set(ranked if len(ranked) <= GROUPS else ranked[:GROUPS - 1])
    return [names[key] if key in apart else OTHER for key in keys]


def ordered(found: Sequence[str]) -> list[str]:
    """Give the different groups, those with most members first, and the rest last."""
    count = Counter(found)
    return sorted(count, key=lambda group: (group == OTHER, -count[group]))


def is_hollow(group: str) -> bool:
    """Say whether the marks of a group are hollow."""
    return group.casefold().startswith(HOLLOW)


def told(subject: Subject, found: Sequence[str]) -> list[str]:
    """Tell how many of each group there are."""
    if not subject.has("colour"):
        return []
    return [f"By {subject.heading('colour')}: "
            + ", ".join(f"{group} {found.count(group)}" for group in ordered(found)) + "."]


def encoding(subject: Subject, groups: Sequence[str]) -> dict[str, Any]:
    """Give the shape, the rim and the filling of points by their group ``g``, with one legend."""
    legend = {"title": subject.heading("colour"), "symbolSize": 110} if len(groups) > 1 else None
    colours = subject.look.theme.colours[:len(groups)]
    fills = ["transparent" if is_hollow(group) else colour for group, colour in zip(groups, colours, strict=True)]
    return {name: {"field": "g", "type": "nominal", "legend": legend, "scale": {"domain": groups, "range": list(marks)}}
            for name, marks in (("stroke", colours), ("fill", fills), ("shape", SHAPES[:len(groups)]))}
