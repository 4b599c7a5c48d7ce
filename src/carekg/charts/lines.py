"""Lines: numbers over years, each line told apart by the shape of its points and its dashes too."""

from __future__ import annotations

from typing import Any, Final

from carekg.charts import legible, look
from carekg.charts.sketch import Sketch, Subject, nothing, span, value

Point = tuple[float, float, str]
HEIGHT: Final = 300


def sketch(subject: Subject) -> Sketch:
    """Give lines."""
    found, names = _found(subject)
    if not found:
        raise nothing(f"no row has both a year or number in {subject.heading('x')} and a number to draw")
    ranked = sorted(found, key=lambda key: (-len(found[key]), names[key]))
    shown = ranked[:len(look.DASHES)]
    data = [{"x": x, "y": y, "g": names[key], "t": text} for key in shown for x, y, text in sorted(found[key])]
    told = [f"{legible.counted(len(shown), 'line')} over {subject.heading('x')}."]
    for key in shown:
        points = sorted(found[key])
        (_, begin, when), (_, end, then) = points[0], points[-1]
        later = f", {legible.number(end)} in {then}" if len(points) > 1 else ""
        told.append((f"{names[key]}: " if names[key] else "") + f"{legible.number(begin)} in {when}{later}.")
    left = []
    if len(ranked) > len(shown):
        left.append(f"{legible.counted(len(ranked) - len(shown), 'further line')}, which have the fewest points")
    undrawn = len(subject) * max(1, len(subject.drawing.columns("y"))) - sum(map(len, found.values()))
    if undrawn > 0:
        left.append(f"{legible.counted(undrawn, 'row')} without a year or a number")
    return Sketch(_spec(subject, data, [names[key] for key in shown]), told, left,
                  title=f"{_unit(subject)} by {subject.heading('x')}")


def _unit(subject: Subject) -> str:
    columns = subject.drawing.columns("y")
    text = subject.heading_of(columns[0]) if len(columns) == 1 else "numbers"
    return text[:1].upper() + text[1:]


def _found(subject: Subject) -> tuple[dict[str, list[Point]], dict[str, str]]:
    """Give the points of each line, and the labels of the lines."""
    columns = subject.drawing.columns("y")
    xs, groups = subject.cells("x"), subject.cells("colour")
    names = legible.names(groups, 60) if subject.has("colour") else {"": ""}
    if len(columns) > 1:
        names = {column: subject.heading_of(column) for column in columns}
    found: dict[str, list[Point]] = {}
    for column in columns:
        for n, cell in enumerate(subject.of(column)):
            when, worth = span(xs[n]), value(cell)
            x = when.begins if when else value(xs[n])
            if x is None or worth is None:
                continue
            name = column if len(columns) > 1 else legible.key(groups[n])
            found.setdefault(name, []).append((x, worth, legible.clean(xs[n].text)))
    return found, names


def _spec(subject: Subject, data: list[dict[str, Any]], names: list[str]) -> dict[str, Any]:
    looks = subject.look
    domain = {"domain": names}
    several = len(names) > 1
    legend = {"title": None, "symbolSize": 90, "labelLimit": looks.width - 60,
              "columns": 1 if looks.narrow or max(map(len, names)) > 30 else 2}
    ticks = 5 if looks.narrow else 10
    x = {"field": "x", "type": "quantitative", "title": subject.heading("x"), "scale": {"zero": False, "nice": False,
         "padding": 16}, "axis": {"format": "d", "tickMinStep": 1, "grid": False, "tickCount": ticks}}
    y = {"field": "y", "type": "quantitative", "title": _unit(subject), "axis": {"tickCount": 5, "domain": False}}
    colour = {"field": "g", "type": "nominal", "scale": {**domain, "range": looks.theme.colours[:len(names)]},
              "legend": legend if several else None}
    shape = {"field": "g", "type": "nominal", "scale": {**domain, "range": look.SHAPES[:len(names)]},
             "legend": legend if several else None}
    dash = {"field": "g", "type": "nominal", "scale": {**domain, "range": look.DASHES[:len(names)]}, "legend": None}
    return {"data": {"values": data}, "width": looks.width - 8, "height": HEIGHT,
            "autosize": {"type": "fit", "contains": "padding"}, "encoding": {"x": x, "y": y, "color": colour},
            "layer": [{"mark": {"type": "line", "strokeWidth": 2}, "encoding": {"strokeDash": dash}},
                      {"mark": {"type": "point", "filled": True, "size": 80, "opacity": 1},
                       "encoding": {"shape": shape}}]}
