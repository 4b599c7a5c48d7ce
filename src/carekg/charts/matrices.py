"""A matrix: a number where a value of one column meets a value of another, printed in its cell and shaded by it."""

from __future__ import annotations

from collections import defaultdict
from typing import Any, Final

from carekg.charts import legible
from carekg.charts.look import MIDDLE
from carekg.charts.sketch import Sketch, Subject, nothing

ROWS: Final = 40
COLUMNS: Final = 14

Cells = dict[tuple[str, str], float]
"""Numbers by column and row."""


def sketch(subject: Subject) -> Sketch:
    """Give a matrix."""
    found, links = _found(subject)
    if not found:
        raise nothing(f"no row has both {subject.heading('x')} and {subject.heading('y')}")
    filled = {cell: worth for cell, worth in found.items() if worth}
    if not filled:
        raise nothing("every number is 0")
    ys, xs = _ranked(filled, 1), _ranked(filled, 0)
    down, across = ys[:ROWS], xs[:COLUMNS]
    columns, rows = set(across), set(down)
    kept = {(x, y): worth for (x, y), worth in filled.items() if x in columns and y in rows}
    spec = _spec(subject, kept, links, down, across)
    return Sketch(spec, _told(subject, kept, down, across), _left(subject, found, ys, xs),
                  title=f"{_unit(subject)} by {subject.heading('y')} and {subject.heading('x')}")


def _told(subject: Subject, kept: Cells, down: list[str], across: list[str]) -> list[str]:
    downs, acrosses = (legible.names(subject.cells(role), 80) for role in ("y", "x"))
    whole = {f"{acrosses[x]} and {downs[y]}": worth for (x, y), worth in kept.items()}
    best = sorted(whole.items(), key=lambda item: -item[1])[:3]
    return [f"{legible.counted(len(down), 'row')} ({subject.heading('y')}) by "
            f"{legible.counted(len(across), 'column')} ({subject.heading('x')}); "
            f"{len(kept)} of {len(down) * len(across)} cells have a number {_beyond(kept)} 0.",
            "Largest: " + "; ".join(f"{name} ({legible.number(worth)})" for name, worth in best) + ". Smallest: "
            f"{legible.number(min(kept.values()))}."]


def _left(subject: Subject, found: Cells, ys: list[str], xs: list[str]) -> list[str]:
    """Tell what is not drawn: what is beyond the most, and what has no number."""
    left = []
    ends = zip(subject.cells("x"), subject.cells("y"), strict=True)
    if bare := sum(not (x.text and y.text) for x, y in ends):
        left.append(f"{legible.counted(bare, 'row')} without {subject.heading('x')} or {subject.heading('y')}")
    for side, (role, ranked, most) in enumerate((("x", xs, COLUMNS), ("y", ys, ROWS))):
        if len(ranked) > most:
            left.append(f"{legible.counted(len(ranked) - most, 'further value')} of {subject.heading(role)}")
        if none := len({cell[side] for cell in found} - set(ranked)):
            left.append(f"{legible.counted(none, 'value')} of {subject.heading(role)} with nothing {_beyond(found)} 0")
    return left


def _beyond(found: Cells) -> str:
    """Say how numbers stand to nought."""
    return "other than" if any(worth < 0 for worth in found.values()) else "above"


def _unit(subject: Subject) -> str:
    text = subject.heading("size") if subject.has("size") else f"number of {subject.counts()}"
    return text[:1].upper() + text[1:]


def _found(subject: Subject) -> tuple[Cells, dict[tuple[str, str], str]]:
    """Give the numbers and the links by column and row."""
    members: dict[tuple[str, str], list[int]] = defaultdict(list)
    links: dict[tuple[str, str], str] = {}
    for n, (x, y, link) in enumerate(zip(*map(subject.cells, ("x", "y", "link")), strict=True)):
        if x.text and y.text:
            members[legible.key(x), legible.key(y)].append(n)
            links[legible.key(x), legible.key(y)] = subject.link(link)
    return {cell: subject.worth(rows) for cell, rows in members.items()}, links


def _ranked(found: Cells, side: int) -> list[str]:
    """Give the values of one side, those with most in all first."""
    total: dict[str, float] = defaultdict(float)
    for cell, worth in found.items():
        total[cell[side]] += worth
    return sorted(total, key=lambda one: -total[one])


def _spec(subject: Subject, kept: Cells, links: dict[tuple[str, str], str], down: list[str],
          across: list[str]) -> dict[str, Any]:
    """Give cells that are shaded and numbered here, so that the signs in each can be seen on its shade."""
    look, theme = subject.look, subject.look.theme
    downs = legible.names(subject.cells("y"), look.letters, look.rows)
    acrosses = legible.names(subject.cells("x"), 22 if look.narrow else 30)
    most = max(map(abs, kept.values()))
    data = []
    for x in across:
        for y in down:
            worth = kept.get((x, y), 0)
            shade, sign = look.shade(abs(worth) / most) if worth else (theme.wash, theme.quiet)
            data.append({"x": acrosses[x], "y": downs[y], "t": legible.number(worth) if worth else "", "shade": shade,
                         "sign": sign, "href": links.get((x, y), "")})
    step = min((look.width - look.label - (24 if look.narrow else 100)) // len(across), 90)
    labels = {"labelAngle": -90, "labelAlign": "left", "labelLimit": 150} if look.narrow else {
        "labelAngle": -40, "labelAlign": "left", "labelLimit": 200}
    x_axis = {"orient": "top", "domain": False, "ticks": False, "labelPadding": 6, **labels}
    y_axis = {"domain": False, "ticks": False, "labelPadding": 6, "labelOffset": MIDDLE}
    linked = {"href": {"field": "href", "type": "nominal"}} if any(row["href"] for row in data) else {}
    own = {"type": "nominal", "scale": None}
    return {"data": {"values": data}, "width": {"step": max(step, 16)}, "height": {"step": look.step + 2}, "encoding": {
        "x": {"field": "x", "type": "nominal", "sort": [acrosses[x] for x in across], "title": None, "axis": x_axis},
        "y": {"field": "y", "type": "nominal", "sort": [downs[y] for y in down], "title": None, "axis": y_axis},
        **linked}, "layer": [
            {"mark": {"type": "rect", "stroke": theme.paper, "strokeWidth": 2}, "encoding": {
                "color": {"field": "shade", **own}}},
            {"mark": {"type": "text", "fontSize": 12}, "encoding": {
                "text": {"field": "t"}, "color": {"field": "sign", **own}}}]}
