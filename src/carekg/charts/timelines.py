"""A timeline: a row for each value of a column, with points where something began and bars to where it ended.

What is planned, or only our reading, is hollow; a bar ends in a bolt; groups have shapes of their own.
"""

from __future__ import annotations

import math
from collections import defaultdict
from typing import Any, Final

from carekg.charts import groups, legible
from carekg.charts.look import MIDDLE
from carekg.charts.sketch import Sketch, Subject, nothing, span

MOST: Final = 45
"""Rows, one below the other."""

STEPS: Final = (1, 2, 5, 10, 20, 50, 100, 200, 500)
"""Years that lie between two marks of the axis."""

CLOSE: Final = 1.0
"""Years within which points of different groups are moved apart."""


def sketch(subject: Subject) -> Sketch:
    """Give a timeline."""
    events = _events(subject)
    if not events:
        raise nothing(f"no row has a year in {subject.heading('start')}")
    first = {one["key"]: one["a"] for one in sorted(events, key=lambda one: -float(one["a"]))}
    ranked = sorted(first, key=lambda key: float(first[key]))
    shown = ranked[:MOST]
    names = legible.names(subject.cells("y"), subject.look.letters, subject.look.rows)
    data = _apart([{**one, "y": names[one["key"]]} for one in events if one["key"] in set(shown)])
    return Sketch(_spec(subject, data, [names[key] for key in shown]), _told(subject, data, len(shown)),
                  _left(subject, events, ranked), marks=len(data),
                  title=f"{legible.plural(subject.heading('y')).capitalize()} by year")


def _events(subject: Subject) -> list[dict[str, Any]]:
    """Give what happened when: ``a`` to ``b`` in years, its point ``p``, words ``t`` and the group ``g``."""
    rows = zip(*map(subject.cells, ("y", "start", "end", "link")), groups.named(subject), strict=True)
    events = []
    for who, start, end, link, group in rows:
        begins, ends = span(start), span(end)
        if begins is None or not who.text:
            continue
        words = legible.clean(start.text) + (f" to {legible.clean(end.text)}" if ends else "")
        point = begins.begins if ends else (begins.begins + begins.ends) / 2
        events.append({
            "key": legible.key(who), "who": legible.cut(who.text, 80), "a": begins.begins, "p": point, "t": words,
            "b": max(ends.ends, begins.begins) if ends else None, "g": group, "href": subject.link(link)})
    return events


def _apart(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Give the events with an offset ``o``, so that points of different groups at one time do not hide each other."""
    order = groups.ordered([one["g"] for one in events])
    near: dict[tuple[str, int], set[str]] = defaultdict(set)
    for one in events:
        near[one["key"], int(one["p"] / CLOSE)].add(one["g"])
    placed = []
    for one in events:
        beside = sorted(near[one["key"], int(one["p"] / CLOSE)], key=order.index)
        placed.append({**one, "o": beside.index(one["g"]) - (len(beside) - 1) / 2})
    return placed


def _told(subject: Subject, data: list[dict[str, Any]], rows: int) -> list[str]:
    first, last = min(data, key=lambda one: float(one["a"])), max(data, key=lambda one: float(one["a"]))
    ended = sum(one["b"] is not None for one in data)
    return [f"{legible.counted(len(data), 'date or period', 'dates and periods')} of "
            f"{legible.counted(rows, subject.heading('y'))}" + (f", {ended} with an end." if ended else "."),
            f"First: {first['who']} ({first['t']}). Last: {last['who']} ({last['t']}).",
            *groups.told(subject, [one["g"] for one in data])]


def _left(subject: Subject, events: list[dict[str, Any]], ranked: list[str]) -> list[str]:
    left = []
    if len(ranked) > MOST:
        left.append(f"{len(ranked) - MOST} of {subject.heading('y')} that began later")
    if undated := len(subject) - len(events):
        left.append(f"{legible.counted(undated, 'row')} without a year")
    return left


def _years(data: list[dict[str, Any]], most: int) -> list[int]:
    """Give the years whose beginnings are marked, whole ones from before the first to after the last."""
    first = math.floor(min(one["a"] for one in data))
    last = math.floor(max(one["p"] if one["b"] is None else one["b"] for one in data)) + 1
    step = next((one for one in STEPS if (last - first) / one < most), STEPS[-1])
    start = first - first % step
    return list(range(start, last + step, step))


def _spec(subject: Subject, data: list[dict[str, Any]], order: list[str]) -> dict[str, Any]:
    look, theme = subject.look, subject.look.theme
    kinds = groups.ordered([one["g"] for one in data])
    years = _years(data, 4 if look.narrow else 9)
    x = {"type": "quantitative", "title": None,
         "scale": {"zero": False, "nice": False, "padding": 12, "domain": [years[0], years[-1]]},
         "axis": {"format": "d", "values": years, "orient": "top", "domain": False}}
    y = {"field": "y", "type": "nominal", "sort": order, "title": None, "scale": {"padding": 0.1},
         "axis": {"grid": True, "ticks": False, "domain": False, "labelPadding": 6, "labelOffset": MIDDLE}}
    offset = {"field": "o", "type": "quantitative", "scale": {"domain": [-1.6, 1.6], "nice": False}}
    bar = {"x": {"field": "a", **x}, "x2": {"field": "b"}}
    has_end = [{"filter": "datum.b !== null"}]
    linked = {"href": {"field": "href", "type": "nominal"}} if subject.has("link") else {}
    return {
        "data": {"values": data}, "width": look.width - look.label - 30, "encoding": {"y": y, "yOffset": offset},
        "height": {"step": look.step, "for": "position"}, "layer": [
            {"transform": has_end, "mark": {"type": "rule", "color": theme.quiet, "strokeWidth": 4, "opacity": 0.7},
             "encoding": bar},
            {"transform": has_end, "mark": {"type": "point", "shape": "stroke", "angle": 90, "size": 160,
                                            "color": theme.quiet, "strokeWidth": 4, "opacity": 1},
             "encoding": {"x": {"field": "b", **x}}},
            {"mark": {"type": "point", "strokeWidth": 2, "opacity": 1, "size": 75}, "encoding": {
                "x": {"field": "p", **x}, **groups.encoding(subject, kinds), **linked}}]}
