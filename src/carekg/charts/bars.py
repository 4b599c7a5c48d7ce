"""Bars: a number for each value of a column, the largest first; groups stand in panels of their own beside each other.

Panels, and not colours, tell groups apart, so that no legend is needed and no colour has to be seen.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any, Final

from carekg.charts import legible
from carekg.charts.look import MIDDLE, Look
from carekg.charts.sketch import Sketch, Subject, extremes, nothing, span
from carekg.query import Cell

MOST: Final = 30
"""Bars of a panel."""

PANELS: Final = 4
GAP: Final = 14
"""Pixels between two panels."""

SHORTEST: Final = 12
"""Pixels that the longest bar of a panel has at least beside its number."""

OTHER: Final = "other"

Bars = dict[tuple[str, str], float]
"""Numbers by group and bar."""


def sketch(subject: Subject) -> Sketch:
    """Give bars."""
    look = subject.look
    bars, groups, unit = _bars(subject)
    if not bars:
        raise nothing(f"no row has a number for {subject.heading('y')}")
    heads = list(groups)[:_panels(look, bars)]
    total: dict[str, float] = defaultdict(float)
    for (group, bar), worth in bars.items():
        if group in heads:
            total[bar] += worth
    is_time = all(span(cell) for cell in subject.cells("y") if cell.text)
    ranked = sorted(total, key=lambda bar: bar) if is_time else sorted(total, key=lambda bar: -total[bar])
    shown = ranked[-MOST:] if is_time else ranked[:MOST]
    texts = legible.names(subject.cells("y"), look.letters, look.rows)
    links = {legible.key(cell): subject.link(link) for cell, link in zip(
        subject.cells("y"), subject.cells("link"), strict=True)}
    letters = round((look.width - look.label - 24) / len(heads) / 6.8)
    labels = [Cell(groups[group], str(n)) for n, group in enumerate(heads)]
    titles = dict(zip(heads, legible.names(labels, letters, 3 if look.narrow else 2).values(), strict=True))
    drawn = [(group, bar) for group in heads for bar in shown if _is_told(subject, bars, group, bar)]
    data = [{"y": texts[bar], "x": bars.get((group, bar), 0), "g": titles[group], "t": legible.number(
        bars.get((group, bar), 0)), "href": links.get(bar, ""), "e": max(bars.get((group, bar), 0), 0)}
        for group, bar in drawn]
    spec = _spec(subject, data, [texts[bar] for bar in shown], list(titles.values()))
    told = [f"{legible.counted(len(shown), 'bar')}, {unit} by {subject.heading('y')}."]
    whole = {bar: cut for bar, cut in legible.names(subject.cells("y"), 90).items() if bar in shown}
    for group in heads:
        head = f"{groups[group]}: " if len(heads) > 1 else ""
        if some := {whole[bar]: bars.get((one, bar), 0) for one, bar in drawn if one == group}:
            told.append(head + extremes(some))
    return Sketch(spec, told, _left(subject, ranked, shown, list(groups), heads, total),
                  title=f"{unit[:1].upper()}{unit[1:]} by {subject.heading('y')}", marks=len(drawn))


def _panels(look: Look, bars: Bars) -> int:
    """Give how many panels stand beside each other at most, so that each has room for its bars and their numbers."""
    most = 3 if look.narrow else PANELS
    return next((n for n in range(most, 1, -1) if _width(look, n) >= _room(bars.values()) + SHORTEST), 1)


def _width(look: Look, panels: int) -> int:
    """Give the pixels of one of so many panels."""
    return (look.width - look.label - 24 - (panels - 1) * GAP) // panels


def _room(worths: Iterable[float]) -> int:
    """Give the pixels that the longest number takes."""
    return max(len(legible.number(one)) for one in worths) * 8 + 10


def _bars(subject: Subject) -> tuple[Bars, dict[str, str], str]:
    """Give the numbers, the groups with their labels, and what the numbers are of."""
    rows = [n for n, cell in enumerate(subject.cells("y")) if cell.text]
    bar = [legible.key(cell) for cell in subject.cells("y")]
    columns = subject.drawing.columns("x")
    bars: Bars = defaultdict(float)
    if len(columns) > 1:
        for column in columns:
            worths = subject.numbers(column)
            for n in rows:
                if (worth := worths[n]) is not None:
                    bars[column, bar[n]] += worth
        return bars, {column: subject.heading_of(column) for column in columns}, "number"
    cells = subject.cells("colour")
    rows = [n for n in rows if not columns or subject.numbers(columns[0])[n] is not None]
    groups = _largest_first(legible.names((cells[n] for n in rows), 40), [legible.key(cells[n]) for n in rows])
    members: dict[tuple[str, str], list[int]] = defaultdict(list)
    for n in rows:
        members[legible.key(cells[n]), bar[n]].append(n)
    unit = subject.heading("x") if columns else subject.counts()
    return {one: subject.worth(those, "x") for one, those in members.items()}, groups, unit


def _is_told(subject: Subject, bars: Bars, group: str, bar: str) -> bool:
    """Say whether a bar stands for something: a count may be none, a number that no row gives is not one of 0."""
    return (group, bar) in bars or not subject.has("x")


def _largest_first(groups: dict[str, str], members: list[str]) -> dict[str, str]:
    count = Counter(members)
    return {key: groups[key] for key in sorted(groups, key=lambda one: -count[one])}


def _spec(subject: Subject, data: list[dict[str, Any]], order: list[str], heads: list[str]) -> dict[str, Any]:
    look = subject.look
    colour = look.theme.colours[0]
    least, most = min(0, *(row["x"] for row in data)), max(0, *(row["x"] for row in data))
    domain = [least, most if most or least else 1]
    room = _room(row["x"] for row in data)
    width = _width(look, len(heads))
    x: dict[str, Any] = {"field": "x", "type": "quantitative", "axis": None,
                         "scale": {"domain": domain, "range": [0, max(width - room, 12)]}}
    y: dict[str, Any] = {"field": "y", "type": "nominal", "sort": order, "title": None, "scale": {"padding": 0.25},
                         "axis": {"ticks": False, "domain": False, "labelPadding": 6, "labelOffset": MIDDLE}}
    layer = [{"mark": {"type": "bar", "color": colour, "cornerRadiusEnd": 2, "minBandSize": 4}, "encoding": {
        **({"href": {"field": "href", "type": "nominal"}} if any(row["href"] for row in data) else {})}},
             {"mark": {"type": "text", "align": "left", "dx": 4}, "encoding": {"text": {"field": "t"}, **(
                 {"x": {"field": "e", "type": "quantitative"}} if least < 0 else {})}}]
    panel: dict[str, Any] = {"width": width, "height": {"step": look.step}, "encoding": {"x": x, "y": y},
                             "layer": layer}
    if len(heads) == 1:
        return {"data": {"values": data}, **panel}
    limit = {"labelLimit": width + 10, "labelFontSize": 12 if look.narrow else 13}
    return {"data": {"values": data}, "spacing": GAP, "spec": panel, "facet": {"column": {
        "field": "g", "type": "nominal", "sort": heads, "header": limit, "title": None}}}


def _left(subject: Subject, ranked: list[str], shown: list[str], groups: list[str], heads: list[str],
          total: dict[str, float]) -> list[str]:
    """Tell what is not drawn."""
    left = []
    drawn = set(shown)
    if rest := [bar for bar in ranked if bar not in drawn]:
        left.append(f"{legible.counted(len(rest), 'further value')} of {subject.heading('y')}, together "
                    f"{legible.number(sum(total[bar] for bar in rest))}")
    if len(groups) > len(heads):
        left.append(f"{legible.counted(len(groups) - len(heads), 'smaller group')} of {subject.heading('colour')}")
    if empty := sum(not cell.text for cell in subject.cells("y")):
        left.append(f"{legible.counted(empty, 'row')} without {subject.heading('y')}")
    columns = [subject.numbers(column) for column in subject.drawing.columns("x")]
    if columns and (unknown := sum(bool(bar.text) and all(one[n] is None for one in columns)
                                   for n, bar in enumerate(subject.cells("y")))):
        left.append(f"{legible.counted(unknown, 'row')} without a number")
    return left
