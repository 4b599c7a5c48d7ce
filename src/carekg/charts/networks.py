"""A network: what is linked with what, laid out by forces from the same beginning each time."""

from __future__ import annotations

from collections import Counter
from typing import Any, Final

from carekg.charts import legible, look
from carekg.charts.look import FONT, SIZE
from carekg.charts.sketch import VEGA, Sketch, Subject, nothing

MOST: Final = 45
"""Things; those with the most links are shown."""


def sketch(subject: Subject) -> Sketch:
    """Give a network."""
    cells = {legible.key(cell): cell for role in ("from", "to") for cell in subject.cells(role) if cell.text}
    kinds = legible.names(subject.cells("colour"), 30)
    rows = zip(*map(subject.cells, ("from", "to", "colour")), strict=True)
    links = dict.fromkeys((legible.key(one), legible.key(other), kinds[legible.key(kind)])
                          for one, other, kind in rows if one.text and other.text
                          and legible.key(one) != legible.key(other))
    if not links:
        raise nothing(f"no row links a {subject.heading('from')} with a {subject.heading('to')}")
    degree = Counter(end for link in links for end in link[:2])
    ranked = [key for key, _ in degree.most_common()]
    shown = ranked[:MOST]
    kept = [link for link in links if set(link[:2]) <= set(shown)]
    names = legible.names((cells[key] for key in shown), 22 if subject.look.narrow else 32)
    groups = list(dict.fromkeys(kind for _, _, kind in kept))[:look.GROUPS]
    told = [f"{legible.counted(len(shown), 'thing')} and {legible.counted(len(kept), 'link')}.",
            "Most links: " + ", ".join(f"{names[key]} ({degree[key]})" for key in shown[:3]) + "."]
    if subject.has("colour"):
        told.append("By " + subject.heading("colour") + ": " + ", ".join(
            f"{group} {sum(link[2] == group for link in kept)}" for group in groups) + ".")
    left = [f"{legible.counted(len(ranked) - len(shown), 'thing')} with fewer links"] if len(ranked) > MOST else []
    origins = {legible.key(cell) for cell in subject.cells("from")}
    nodes = [{"k": key, "t": names[key], "d": degree[key], "o": key in origins} for key in shown]
    edges = [{"source": shown.index(a), "target": shown.index(b), "g": kind if kind in groups else "other"}
             for a, b, kind in kept]
    return Sketch(_spec(subject, nodes, edges, groups if subject.has("colour") else []), told, left, VEGA,
                  f"Links from {subject.heading('from')} to {subject.heading('to')}")


def _spec(subject: Subject, nodes: list[dict[str, Any]], edges: list[dict[str, Any]],
          groups: list[str]) -> dict[str, Any]:
    looks, theme = subject.look, subject.look.theme
    width = looks.width - 8
    height = min(900, 260 + len(nodes) * (16 if looks.narrow else 11))
    forces = [{"force": "center", "x": width / 2, "y": height / 2}, {"force": "collide", "radius": 26},
              {"force": "nbody", "strength": -220 if not looks.narrow else -120},
              {"force": "link", "links": "edges", "distance": 90 if not looks.narrow else 60},
              {"force": "x", "x": width / 2, "strength": 0.06}, {"force": "y", "y": height / 2, "strength": 0.09}]
    inside = {axis: f"clamp(datum.{axis}, {pad}, {limit - pad})" for axis, limit, pad in (
        ("x", width, 60), ("y", height, 16))}
    dashes = [list(dash) for dash in look.DASHES[:len(groups)]]
    scales = [{"name": "colour", "type": "ordinal", "domain": groups, "range": list(theme.colours[:len(groups)])},
              {"name": "dash", "type": "ordinal", "domain": groups, "range": dashes}] if groups else []
    legend = {"stroke": "colour", "strokeDash": "dash", "symbolType": "stroke", "orient": "top", "labelFont": FONT,
              "labelFontSize": SIZE, "labelColor": theme.ink, "columns": 1 if looks.narrow else 3, "symbolSize": 300,
              "direction": "horizontal", "symbolStrokeWidth": 2}
    stroke = {"scale": "colour", "field": "g"} if groups else {"value": theme.quiet}
    dash = {"strokeDash": {"scale": "dash", "field": "g"}} if groups else {}
    return {
        "width": width, "height": height, "padding": 4, "background": theme.paper,
        "autosize": {"type": "fit", "contains": "padding"} if groups else "none", "scales": scales,
        "legends": [legend] if groups else [],
        "data": [{"name": "nodes", "values": nodes}, {"name": "edges", "values": edges}],
        "marks": [
            {"type": "symbol", "name": "places", "from": {"data": "nodes"}, "zindex": 1, "encode": {"enter": {
                "size": {"signal": "60 + 30 * datum.d"}, "stroke": {"value": theme.colours[0]},
                "strokeWidth": {"value": 2}, "shape": {"signal": "datum.o ? 'circle' : 'square'"},
                "fill": {"signal": f"datum.o ? '{theme.colours[0]}' : '{theme.paper}'"}}},
             "transform": [{"type": "force", "static": True, "iterations": 300, "signal": "force", "forces": forces},
                           {"type": "formula", "as": "x", "expr": inside["x"]},
                           {"type": "formula", "as": "y", "expr": inside["y"]}]},
            {"type": "path", "name": "lines", "from": {"data": "edges"}, "interactive": False, "encode": {"update": {
                "stroke": stroke, "strokeWidth": {"value": 1.4}, "strokeOpacity": {"value": 0.75}, **dash}},
             "transform": [{"type": "linkpath", "shape": "line", "require": {"signal": "force"},
                            "sourceX": "datum.source.x", "sourceY": "datum.source.y", "targetX": "datum.target.x",
                            "targetY": "datum.target.y"}]},
            {"type": "text", "from": {"data": "places"}, "zindex": 2, "encode": {"enter": {
                "text": {"field": "datum.t"}, "font": {"value": FONT}, "fontSize": {"value": SIZE - 1},
                "fill": {"value": theme.ink}}},
             "transform": [{"type": "label", "size": [width, height], "avoidMarks": ["places"],
                            "anchor": ["right", "left", "top", "bottom", "top-right", "bottom-right"],
                            "offset": [3], "padding": 4}]},
        ]}
