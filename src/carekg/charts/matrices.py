"""A matrix: a number where a value of one column meets a value of another, printed in its cell and shaded by it."""

from __future__ import annotations

from collections import defaultdict
from typing import Any, Final

from carekg.charts import legible
from carekg.charts.sketch import Sketch, Subject, nothing, value

ROWS: Final = 40
COLUMNS: Final = 16


def sketch(subject: Subject) -> Sketch:
    """Give a matrix."""
    found, links = _found(subject)
    if not found:
        raise nothing(f"no row has both {subject.heading('x')} and {subject.heading('y')}")
    ys, xs = _ranked(found, 1), _ranked(found, 0)
    down, across = ys[:ROWS], xs[:COLUMNS]
    downs, acrosses = (legible.names(subject.cells(role), most) for role, most in (
        ("y", subject.look.letters), ("x", 20 if subject.look.narrow else 26)))
    data: list[dict[str, Any]] = [
        {"x": acrosses[x], "y": downs[y], "n": worth, "t": legible.number(worth), "href": links.get((x, y), "")}
        for (x, y), worth in found.items() if x in across and y in down and worth]
    if not data:
        raise nothing("every number is 0")
    whole: dict[str, float] = {f"{one['x']} and {one['y']}": one["n"] for one in data}
    best = sorted(whole.items(), key=lambda item: -item[1])[:3]
    told = [f"{legible.counted(len(down), 'row')} ({subject.heading('y')}) by "
            f"{legible.counted(len(across), 'column')} ({subject.heading('x')}); "
            f"{len(data)} of {len(down) * len(across)} cells have a number above 0.",
            "Largest: " + "; ".join(f"{name} ({legible.number(worth)})" for name, worth in best) + ". Smallest: "
            f"{legible.number(min(whole.values()))}."]
    left = [f"{legible.counted(len(every) - most, 'further value')} of {subject.heading(role)}"
            for every, most, role in ((ys, ROWS, "y"), (xs, COLUMNS, "x")) if len(every) > most]
    order = [downs[y] for y in down], [acrosses[x] for x in across]
    return Sketch(_spec(subject, data, *order), told, left,
                  title=f"{_unit(subject)} by {subject.heading('y')} and {subject.heading('x')}")


def _unit(subject: Subject) -> str:
    text = subject.heading("size") if subject.has("size") else f"number of {subject.counts()}"
    return text[:1].upper() + text[1:]


def _found(subject: Subject) -> tuple[dict[tuple[str, str], float], dict[tuple[str, str], str]]:
    """Give the numbers and the links by column and row."""
    members: dict[tuple[str, str], list[int]] = defaultdict(list)
    links: dict[tuple[str, str], str] = {}
    for n, (x, y, link) in enumerate(zip(*map(subject.cells, ("x", "y", "link")), strict=True)):
        if x.text and y.text:
            members[legible.key(x), legible.key(y)].append(n)
            links[legible.key(x), legible.key(y)] = link.iri
    if not subject.has("size"):
        return {cell: float(subject.counted(rows)) for cell, rows in members.items()}, links
    sizes = [value(cell) or 0.0 for cell in subject.cells("size")]
    return {cell: sum(sizes[n] for n in rows) for cell, rows in members.items()}, links


def _ranked(found: dict[tuple[str, str], float], side: int) -> list[str]:
    """Give the values of one side, those with most in all first."""
    total: dict[str, float] = defaultdict(float)
    for cell, worth in found.items():
        total[cell[side]] += worth
    return sorted(total, key=lambda one: -total[one])


def _spec(subject: Subject, data: list[dict[str, Any]], down: list[str], across: list[str]) -> dict[str, Any]:
    look, theme = subject.look, subject.look.theme
    most = max(row["n"] for row in data)
    step = max((look.width - look.label - 30) // len(across), 20)
    x = {"field": "x", "type": "nominal", "sort": across, "title": None, "scale": {"domain": across}, "axis": {
        "orient": "top", "labelAngle": -45 if step < 150 else 0, "labelLimit": 150, "domain": False, "ticks": False,
        "labelPadding": 4, "labelAlign": "left" if step < 150 else "center"}}
    y = {"field": "y", "type": "nominal", "sort": down, "title": None, "scale": {"domain": down},
         "axis": {"domain": False, "ticks": False, "labelPadding": 6}}
    linked = {"href": {"field": "href", "type": "nominal"}} if any(row["href"] for row in data) else {}
    shade = {"field": "n", "type": "quantitative", "legend": None, "scale": {
        "domain": [0, most], "range": list(theme.scale), "zero": True}}
    text = {"text": {"field": "t"}, "color": {"condition": {"test": f"datum.n > {most / 2:g}", "value": theme.paper},
                                              "value": theme.ink}}
    return {"data": {"values": data}, "width": {"step": min(step, 90)}, "height": {"step": 26},
            "encoding": {"x": x, "y": y}, "layer": [
                {"mark": {"type": "rect", "stroke": theme.paper, "strokeWidth": 2}, "encoding": {
                    "color": shade, **linked}},
                {"mark": {"type": "text", "fontSize": 12}, "encoding": {**text, **linked}}]}
