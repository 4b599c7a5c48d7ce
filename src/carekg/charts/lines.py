"""Lines: numbers over years, each line told apart by the shape of its points and its dashes too.

Numbers of different units have panels below each other, each with a scale of its own.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any, Final, NamedTuple

from carekg.charts import legible, look
from carekg.charts.sketch import Sketch, Subject, nothing, span, value

HEIGHT: Final = 300
PANEL: Final = 110
"""Pixels of height, of a picture of one scale and of each panel with a scale of its own."""

PANELS: Final = 8

LARGE: Final = 100_000
SHORT: Final = "replace(format(datum.value, '~s'), 'G', ' bn')"
"""Writes large numbers with k, M and bn, so that they fit beside the axis."""


class Point(NamedTuple):
    """A number at a time, which words tell; ``panel`` and ``line`` say where it belongs."""

    x: float
    y: float
    when: str
    line: str
    panel: str


def sketch(subject: Subject) -> Sketch:
    """Give lines."""
    points = _points(subject)
    if not points:
        raise nothing(f"no row has both a year or number in {subject.heading('x')} and a number to draw")
    lines, panels = (_ranked([getattr(point, name) for point in points]) for name in ("line", "panel"))
    times: dict[str, set[float]] = defaultdict(set)
    for point in points:
        times[point.panel].add(point.x)
    panels = [panel for panel in panels if len(times[panel]) > 1] or panels
    shown = [point for point in points if point.line in lines[:len(look.DASHES)] and point.panel in panels[:PANELS]]
    spec = _spec(subject, shown, lines[:len(look.DASHES)], panels[:PANELS])
    return Sketch(spec, _told(subject, shown), _left(subject, points, len(lines), panels[:PANELS]),
                  title=f"{_unit(subject)} by {subject.heading('x')}", marks=len(points))


def _ranked(names: list[str]) -> list[str]:
    """Give the different names, those that are most often there first."""
    count = Counter(names)
    return sorted(count, key=lambda one: (-count[one], one))


def _unit(subject: Subject) -> str:
    columns = subject.drawing.columns("y")
    text = subject.heading_of(columns[0]) if len(columns) == 1 else "numbers"
    return text[:1].upper() + text[1:]


def _points(subject: Subject) -> list[Point]:
    """Give the points in the order of time; each column of several is a line of its own."""
    columns = subject.drawing.columns("y")
    xs, groups, panels = subject.cells("x"), subject.cells("colour"), subject.cells("panel")
    lines, boxes = (legible.names(cells, most) if subject.has(role) else {} for cells, role, most in (
        (groups, "colour", 50), (panels, "panel", 70)))
    found = []
    for column in columns:
        for n, cell in enumerate(subject.of(column)):
            when, worth = span(xs[n]), value(cell)
            x = value(xs[n])
            x = when.begins if x is None and when else x
            if x is not None and worth is not None:
                line = subject.heading_of(column) if len(columns) > 1 else lines.get(legible.key(groups[n]), "")
                found.append(Point(x, worth, legible.clean(xs[n].text), line, boxes.get(legible.key(panels[n]), "")))
    return sorted(found)


def _told(subject: Subject, points: list[Point]) -> list[str]:
    series: dict[tuple[str, str], list[Point]] = {}
    for point in points:
        series.setdefault((point.panel, point.line), []).append(point)
    told = [f"{legible.counted(len(series), 'line')} over {subject.heading('x')}."]
    for names, those in series.items():
        (_, begin, when, *_), (_, end, then, *_) = those[0], those[-1]
        head = ", ".join(filter(None, names))
        later = f", {legible.number(end)} in {then}" if len(those) > 1 else ""
        told.append((f"{head}: " if head else "") + f"{legible.number(begin)} in {when}{later}.")
    return told


def _left(subject: Subject, points: list[Point], lines: int, panels: list[str]) -> list[str]:
    left = []
    if lines > len(look.DASHES):
        left.append(f"{legible.counted(lines - len(look.DASHES), 'further line')}, which have the fewest points")
    if more := len({point.panel for point in points} - set(panels)):
        left.append(f"{legible.counted(more, 'further value')} of {subject.heading('panel')}, which have fewer points")
    if undrawn := len(subject) * len(subject.drawing.columns("y")) - len(points):
        left.append(f"{legible.counted(undrawn, 'row')} without a year or a number")
    return left


def _spec(subject: Subject, points: list[Point], lines: list[str], panels: list[str]) -> dict[str, Any]:
    looks = subject.look
    data = [{"x": one.x, "y": one.y, "g": one.line, "p": one.panel} for one in points]
    legend = {"title": None, "symbolSize": 90, "labelLimit": looks.width - 60,
              "columns": 1 if looks.narrow or max(map(len, lines)) > 30 else 2} if len(lines) > 1 else None
    large = {"labelExpr": SHORT} if max(abs(one.y) for one in points) >= LARGE else {}
    ticks = {"format": "d", "tickMinStep": 1, "grid": False, "tickCount": 5 if looks.narrow else 10}
    x = {"field": "x", "type": "quantitative", "title": subject.heading("x"), "axis": ticks,
         "scale": {"zero": False, "nice": False, "padding": 16}}
    y = {"field": "y", "type": "quantitative", "title": None if len(panels) > 1 else _unit(subject),
         "axis": {"tickCount": 3 if len(panels) > 1 else 5, "domain": False, **large}}
    colour, shape, dash = ({"field": "g", "type": "nominal", "legend": legend, "scale": {
        "domain": lines, "range": list(marks[:len(lines)])}} for marks in (
            looks.theme.colours, look.SHAPES, look.DASHES))
    layer = [{"mark": {"type": "line", "strokeWidth": 2}, "encoding": {"strokeDash": {**dash, "legend": None}}},
             {"mark": {"type": "point", "filled": True, "size": 80, "opacity": 1}, "encoding": {"shape": shape}}]
    panel = {"encoding": {"x": x, "y": y, "color": colour}, "layer": layer}
    if len(panels) == 1:
        return {"data": {"values": data}, "width": looks.width - 8, "height": HEIGHT, **panel,
                "autosize": {"type": "fit", "contains": "padding"}}
    header = {"labelOrient": "top", "labelPadding": 4, "labelLimit": looks.width - 70}
    return {"data": {"values": data}, "spacing": 26, "resolve": {"scale": {"y": "independent"}},
            "spec": {"width": looks.width - 70, "height": PANEL, **panel}, "facet": {"row": {
                "field": "p", "type": "nominal", "sort": panels, "header": header, "title": None}}}
