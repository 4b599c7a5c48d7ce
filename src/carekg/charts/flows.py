"""A flow: bands from the values of one column to those of another, as wide as their numbers, laid out by ourselves."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from itertools import chain
from typing import Any, Final, NamedTuple

from carekg.charts import legible
from carekg.charts.look import FONT, SIZE
from carekg.charts.sketch import VEGA, Sketch, Subject, extremes, nothing

MOST: Final = 22
"""Values of each side; the smaller ones are taken together."""

THIN: Final = 1.5
"""Pixels that a band has at least, so that it can be seen."""

TALL: Final = 320
"""Pixels of all bands together, the gaps between them apart."""

REST: Final = " "
"""The key of the smaller ones together."""

Rows = dict[tuple[str, str], list[int]]
"""The rows of each band."""

Bands = dict[tuple[str, str], float]


class Box(NamedTuple):
    """A value on its side: where it stands, and how much it has; a label may need more room than its bands."""

    top: float
    height: float
    worth: float
    label: tuple[str, ...]


def sketch(subject: Subject) -> Sketch:
    """Give a flow."""
    whole, lost = _rows(subject)
    if not whole:
        raise nothing(f"no row leads from {subject.heading('from')} to {subject.heading('to')} with a number above 0")
    rows, rest = _gathered(subject, whole)
    unit = subject.heading("size") if subject.has("size") else subject.counts()
    names = [legible.names(subject.cells(role), 80) for role in ("from", "to")]
    ends = [legible.counted(len({pair[side] for pair in whole}), subject.heading(role))
            for side, role in enumerate(("from", "to"))]
    told = [f"{legible.counted(len(whole), 'flow')} of {unit} from {ends[0]} to {ends[1]}, together "
            f"{legible.number(subject.worth(chain(*whole.values())))}.",
            extremes({f"{names[0][a]} to {names[1][b]}": subject.worth(those) for (a, b), those in whole.items()})]
    lost += [f"{count} smaller ones of {subject.heading(role)} stand together" for role, count in zip(
        ("from", "to"), rest, strict=True) if count]
    return Sketch(_spec(subject, rows, rest), told, lost, VEGA,
                  f"{unit.capitalize()} from {subject.heading('from')} to {subject.heading('to')}", len(whole))


def _rows(subject: Subject) -> tuple[Rows, list[str]]:
    """Give the rows of each band that has a number above 0, and tell of those that are not drawn."""
    members: Rows = defaultdict(list)
    for n, (one, other) in enumerate(zip(subject.cells("from"), subject.cells("to"), strict=True)):
        if one.text and other.text:
            members[legible.key(one), legible.key(other)].append(n)
    numbers = subject.numbers(subject.drawing.column("size")) if subject.has("size") else ()
    unstated = {n for n, number in enumerate(numbers) if number is None}
    drawn = {pair: rows for pair, rows in members.items() if subject.worth(rows) > 0}
    below = sum(n not in unstated for pair, rows in members.items() if pair not in drawn for n in rows)
    endless = len(subject) - sum(map(len, members.values()))
    return drawn, [f"{legible.counted(count, 'row')} {why}" for count, why in (
        (len(unstated), "without a number"), (below, "with nothing above 0"), (endless, "without an end"))
        if count]


def _gathered(subject: Subject, whole: Rows) -> tuple[Rows, tuple[int, int]]:
    """Give the bands with the smaller values of each side taken together, and how many those are."""
    kept, counts = [], []
    for side in (0, 1):
        total = _totals(subject, whole, side)
        ranked = sorted(total, key=lambda one: -total[one])
        most = MOST if len(ranked) <= MOST else MOST - 1
        kept.append(set(ranked[:most]))
        counts.append(len(ranked) - len(kept[side]))
    rows: Rows = defaultdict(list)
    for (one, other), those in whole.items():
        rows[one if one in kept[0] else REST, other if other in kept[1] else REST] += those
    return dict(rows), (counts[0], counts[1])


def _totals(subject: Subject, rows: Rows, side: int) -> dict[str, float]:
    members: dict[str, list[int]] = defaultdict(list)
    for pair, those in rows.items():
        members[pair[side]] += those
    return {one: subject.worth(those) for one, those in members.items()}


def _sides(subject: Subject, rows: Rows, rest: tuple[int, int]) -> tuple[dict[str, Box], dict[str, Box]]:
    """Give both sides: on the left the largest first, on the right by where most of each comes from."""
    totals = [_totals(subject, rows, side) for side in (0, 1)]
    first = sorted(totals[0], key=lambda one: (one == REST, -totals[0][one]))
    rank = {one: n for n, one in enumerate(first)}
    middle: dict[str, float] = defaultdict(float)
    for (one, other), those in rows.items():
        middle[other] += rank[one] * subject.worth(those) / totals[1][other]
    second = sorted(totals[1], key=lambda one: (one == REST, middle[one], -totals[1][one]))
    left, right = (_stacked(subject, role, {one: total[one] for one in order}, count, sum(total.values()))
                   for role, order, total, count in zip(
                       ("from", "to"), (first, second), totals, rest, strict=True))
    return left, right


def _stacked(subject: Subject, role: str, totals: Mapping[str, float], count: int, whole: float) -> dict[str, Box]:
    names = legible.names(subject.cells(role), round((_room(subject) - 14) / 7), subject.look.rows)
    boxes: dict[str, Box] = {}
    top = 0.0
    for one, worth in totals.items():
        label = (*(names.get(one) or f"{count} smaller ones").split("\n"), legible.short(worth))
        height, room = max(worth / whole * TALL, THIN), len(label) * (SIZE + 1) + 8
        boxes[one] = Box(top + max(room - height, 0) / 2, height, worth, label)
        top += max(height, room) + 4
    return boxes


def _room(subject: Subject) -> int:
    """Give the pixels that the labels of a side may take."""
    return 116 if subject.look.narrow else 245


def _spec(subject: Subject, rows: Rows, rest: tuple[int, int]) -> dict[str, Any]:
    look, theme = subject.look, subject.look.theme
    sides = _sides(subject, rows, rest)
    bands = {pair: subject.worth(those) for pair, those in rows.items()}
    edges = _room(subject), look.width - _room(subject) - 8
    height = max(max(box.top + box.height, box.top + box.height / 2 + len(box.label) * 8)
                 for side in sides for box in side.values())
    colours = {one: theme.colours[n % 5] if one != REST else theme.quiet for n, one in enumerate(sides[0])}
    boxes, texts = [], []
    for n, side in enumerate(sides):
        for one, box in side.items():
            boxes.append({"x": edges[n] - (6 if n == 0 else 0), "y": box.top, "h": box.height,
                          "c": colours[one] if n == 0 else theme.ink})
            head = box.top + box.height / 2 - (len(box.label) - 1) * (SIZE + 1) / 2
            texts += [{"x": edges[n] + (-12 if n == 0 else 12), "y": head + line * (SIZE + 1), "t": text,
                       "a": "left" if n else "right", "c": theme.quiet if line == len(box.label) - 1 else theme.ink}
                      for line, text in enumerate(box.label)]
    return {
        "width": look.width - 8, "height": height + 4, "padding": 4, "autosize": "pad", "background": theme.paper,
        "data": [{"name": "paths", "values": _paths(bands, sides, edges, colours)},
                 {"name": "boxes", "values": boxes}, {"name": "texts", "values": texts}],
        "marks": [
            {"type": "path", "from": {"data": "paths"}, "encode": {"enter": {
                "path": {"field": "p"}, "fill": {"field": "c"}, "fillOpacity": {"value": 0.4}}}},
            {"type": "rect", "from": {"data": "boxes"}, "encode": {"enter": {
                "x": {"field": "x"}, "y": {"field": "y"}, "width": {"value": 6}, "height": {"field": "h"},
                "fill": {"field": "c"}}}},
            {"type": "text", "from": {"data": "texts"}, "encode": {"enter": {
                "x": {"field": "x"}, "y": {"field": "y"}, "text": {"field": "t"}, "align": {"field": "a"},
                "fill": {"field": "c"}, "font": {"value": FONT}, "fontSize": {"value": SIZE},
                "baseline": {"value": "middle"}, "limit": {"value": _room(subject) - 12}}}},
        ]}


def _paths(bands: Bands, sides: tuple[dict[str, Box], dict[str, Box]], edges: tuple[int, int],
           colours: dict[str, str]) -> list[dict[str, Any]]:
    """Give the outline of each band, ordered so that they cross no more than they must."""
    ranks = [{one: n for n, one in enumerate(side)} for side in sides]
    ends: dict[tuple[str, str], list[tuple[float, float]]] = defaultdict(list)
    for side, boxes in enumerate(sides):
        whole: dict[str, float] = defaultdict(float)
        for pair, worth in bands.items():
            whole[pair[side]] += worth
        used: dict[str, float] = defaultdict(float)
        order = sorted((ranks[side][pair[side]], ranks[1 - side][pair[1 - side]], pair) for pair in bands)
        for *_, pair in order:
            box = boxes[pair[side]]
            part = bands[pair] / whole[pair[side]] * box.height
            ends[pair].append((box.top + used[pair[side]], part))
            used[pair[side]] += part
    (x1, x2), middle = edges, sum(edges) / 2
    paths = []
    for pair, ((y1, h1), (y2, h2)) in ends.items():
        path = (f"M{x1},{y1:.1f}C{middle},{y1:.1f} {middle},{y2:.1f} {x2},{y2:.1f}L{x2},{y2 + h2:.1f}"
                f"C{middle},{y2 + h2:.1f} {middle},{y1 + h1:.1f} {x1},{y1 + h1:.1f}Z")
        paths.append({"p": path, "c": colours[pair[0]]})
    return paths
