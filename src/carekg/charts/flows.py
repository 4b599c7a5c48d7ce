"""A flow: bands from the values of one column to those of another, as wide as their numbers, laid out by ourselves."""

from __future__ import annotations

from collections import defaultdict
from typing import Any, Final, NamedTuple

from carekg.charts import legible
from carekg.charts.look import FONT, SIZE
from carekg.charts.sketch import VEGA, Sketch, Subject, extremes, nothing, value

MOST: Final = 22
"""Values of each side; the smaller ones are taken together."""

LEAST: Final = 18
"""Pixels that each value has at least, so that its label can be read."""

REST: Final = " "
"""The key of the smaller ones together."""

Bands = dict[tuple[str, str], float]


class Box(NamedTuple):
    """A value on its side: from where to where it reaches, and how much it has."""

    top: float
    height: float
    worth: float


def sketch(subject: Subject) -> Sketch:
    """Give a flow."""
    whole, unstated = _bands(subject)
    if not whole:
        raise nothing(f"no row leads from {subject.heading('from')} to {subject.heading('to')} with a number above 0")
    bands, rest = _gathered(whole)
    left, right = (_side(bands, side) for side in (0, 1))
    unit = subject.heading("size") if subject.has("size") else subject.counts()
    names = [legible.names(subject.cells(role), 60) for role in ("from", "to")]
    ends = [legible.counted(len({pair[side] for pair in whole}), subject.heading(role))
            for side, role in enumerate(("from", "to"))]
    told = [f"{legible.counted(len(whole), 'flow')} of {unit} from {ends[0]} to {ends[1]}, together "
            f"{legible.number(sum(whole.values()))}.",
            extremes({f"{names[0][a]} to {names[1][b]}": worth for (a, b), worth in whole.items()})]
    lost = [f"{legible.counted(unstated, 'row')} without a number"] if unstated else []
    lost += [f"{count} smaller ones of {subject.heading(role)} stand together" for role, count in zip(
        ("from", "to"), rest, strict=True) if count]
    return Sketch(_spec(subject, bands, left, right, rest), told, lost, VEGA,
                  f"{unit.capitalize()} from {subject.heading('from')} to {subject.heading('to')}")


def _bands(subject: Subject) -> tuple[Bands, int]:
    """Give the numbers by from and to, and how many rows have none."""
    members: dict[tuple[str, str], list[int]] = defaultdict(list)
    for n, (one, other) in enumerate(zip(subject.cells("from"), subject.cells("to"), strict=True)):
        if one.text and other.text:
            members[legible.key(one), legible.key(other)].append(n)
    if not subject.has("size"):
        return {pair: float(subject.counted(rows)) for pair, rows in members.items()}, 0
    sizes = [value(cell) for cell in subject.cells("size")]
    sums = {pair: sum(sizes[n] or 0 for n in rows) for pair, rows in members.items()}
    return {pair: worth for pair, worth in sums.items() if worth > 0}, sum(size is None for size in sizes)


def _gathered(whole: Bands) -> tuple[Bands, tuple[int, int]]:
    """Give the bands with the smaller values of each side taken together, and how many those are."""
    kept, counts = [], []
    for side in (0, 1):
        total = _totals(whole, side)
        ranked = sorted(total, key=lambda one: -total[one])
        most = MOST if len(ranked) <= MOST else MOST - 1
        kept.append(set(ranked[:most]))
        counts.append(len(ranked) - len(kept[side]))
    bands: Bands = defaultdict(float)
    for (one, other), worth in whole.items():
        bands[one if one in kept[0] else REST, other if other in kept[1] else REST] += worth
    return dict(bands), (counts[0], counts[1])


def _totals(bands: Bands, side: int) -> dict[str, float]:
    total: dict[str, float] = defaultdict(float)
    for pair, worth in bands.items():
        total[pair[side]] += worth
    return total


def _side(bands: Bands, side: int) -> dict[str, Box]:
    """Stack the values of a side: on the left the largest first, on the right by where most of them come from."""
    total = _totals(bands, side)
    if side == 0:
        order = sorted(total, key=lambda one: (one == REST, -total[one]))
    else:
        rank = {one: n for n, one in enumerate(_side(bands, 0))}
        middle = {one: sum(rank[a] * worth for (a, b), worth in bands.items() if b == one) / total[one]
                  for one in total}
        order = sorted(total, key=lambda one: (one == REST, middle[one], -total[one]))
    per_unit = _scale(bands)
    boxes, top = {}, 0.0
    for one in order:
        height = max(total[one] * per_unit, LEAST)
        boxes[one] = Box(top, height, total[one])
        top += height + 6
    return boxes


def _scale(bands: Bands) -> float:
    """Give the pixels of one unit, of which both sides are made."""
    return max(320, LEAST * max(len({pair[side] for pair in bands}) for side in (0, 1))) / sum(bands.values())


def _spec(subject: Subject, bands: Bands, left: dict[str, Box], right: dict[str, Box],
          rest: tuple[int, int]) -> dict[str, Any]:
    look, theme = subject.look, subject.look.theme
    room = 118 if look.narrow else 250
    edges = room, look.width - room - 8
    height = max(box.top + box.height for side in (left, right) for box in side.values())
    colours = {one: theme.colours[n % 5] if one != REST else theme.quiet for n, one in enumerate(left)}
    names = [legible.names(subject.cells(role), round((room - 12) / 7)) for role in ("from", "to")]
    texts, boxes = [], []
    for side, (all_boxes, count) in enumerate(zip((left, right), rest, strict=True)):
        for one, box in all_boxes.items():
            label = names[side].get(one) or f"{count} smaller ones"
            boxes.append({"x": edges[side] - (6 if side == 0 else 0), "y": box.top, "h": box.height,
                          "c": colours[one] if side == 0 else theme.ink})
            texts.append({"x": edges[side] + (-12 if side == 0 else 12), "y": box.top + box.height / 2, "t": label,
                          "n": legible.number(box.worth), "a": "right" if side == 0 else "left",
                          "two": box.height >= 2 * SIZE + 4})
    paths = _paths(bands, left, right, edges, colours)
    text = {"x": {"field": "x"}, "align": {"field": "a"}, "font": {"value": FONT}, "baseline": {"value": "middle"}}
    return {
        "width": look.width - 8, "height": height, "padding": 4, "autosize": "none", "background": theme.paper,
        "data": [{"name": "paths", "values": paths}, {"name": "boxes", "values": boxes},
                 {"name": "texts", "values": texts}],
        "marks": [
            {"type": "path", "from": {"data": "paths"}, "encode": {"enter": {
                "path": {"field": "p"}, "fill": {"field": "c"}, "fillOpacity": {"value": 0.38},
                "stroke": {"field": "c"}, "strokeWidth": {"value": 0.5}}}},
            {"type": "rect", "from": {"data": "boxes"}, "encode": {"enter": {
                "x": {"field": "x"}, "y": {"field": "y"}, "width": {"value": 6}, "height": {"field": "h"},
                "fill": {"field": "c"}}}},
            {"type": "text", "from": {"data": "texts"}, "encode": {"enter": {
                **text, "y": {"signal": "datum.y + (datum.two ? -8 : 0)"}, "text": {"field": "t"},
                "fontSize": {"value": SIZE}, "fill": {"value": theme.ink}, "limit": {"value": room - 12}}}},
            {"type": "text", "from": {"data": "texts"}, "encode": {"enter": {
                **text, "y": {"signal": "datum.y + 8"}, "text": {"signal": "datum.two ? datum.n : ''"},
                "fontSize": {"value": SIZE - 1}, "fill": {"value": theme.quiet}}}},
        ]}


def _paths(bands: Bands, left: dict[str, Box], right: dict[str, Box], edges: tuple[int, int],
           colours: dict[str, str]) -> list[dict[str, Any]]:
    """Give the outline of each band, ordered so that they cross no more than they must."""
    ranks = [{one: n for n, one in enumerate(side)} for side in (left, right)]
    used: list[dict[str, float]] = [defaultdict(float), defaultdict(float)]
    ends: dict[tuple[str, str], list[tuple[float, float]]] = defaultdict(list)
    for side, boxes in enumerate((left, right)):
        order = sorted((ranks[side][pair[side]], ranks[1 - side][pair[1 - side]], pair) for pair in bands)
        for *_, pair in order:
            box = boxes[pair[side]]
            part = bands[pair] / box.worth * box.height
            ends[pair].append((box.top + used[side][pair[side]], part))
            used[side][pair[side]] += part
    (x1, x2), middle = edges, (edges[0] + edges[1]) / 2
    paths = []
    for pair, ((y1, h1), (y2, h2)) in ends.items():
        path = (f"M{x1},{y1:.1f}C{middle},{y1:.1f} {middle},{y2:.1f} {x2},{y2:.1f}L{x2},{y2 + h2:.1f}"
                f"C{middle},{y2 + h2:.1f} {middle},{y1 + h1:.1f} {x1},{y1 + h1:.1f}Z")
        paths.append({"p": path, "c": colours[pair[0]]})
    return paths
