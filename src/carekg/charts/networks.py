"""A network: what is linked with what, laid out by forces from the same beginning each time."""

from __future__ import annotations

from collections import Counter
from typing import Any, Final

from carekg.charts import legible, look
from carekg.charts.groups import OTHER
from carekg.charts.look import FONT, SIZE, Theme
from carekg.charts.sketch import VEGA, Sketch, Subject, nothing

MOST: Final = 45
FEWER: Final = 24
"""Things in a wide and in a narrow picture; those with the most links are shown."""

Link = tuple[str, str, str]
"""What a line leads from and to, and its group."""


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
    shown = ranked[:FEWER if subject.look.narrow else MOST]
    kept = [link for link in links if set(link[:2]) <= set(shown)]
    linked = {end for link in kept for end in link[:2]}
    shown = [key for key in shown if key in linked]
    names = legible.names((cells[key] for key in shown), 15 if subject.look.narrow else 18, 2)
    whole = legible.names((cells[key] for key in shown), 60)
    kept, groups = _grouped(kept)
    told = [f"{legible.counted(len(shown), 'thing')} and {legible.counted(len(kept), 'link')}.",
            "Most links: " + ", ".join(f"{whole[key]} ({degree[key]})" for key in shown[:3]) + "."]
    if subject.has("colour"):
        told.append("By " + subject.heading("colour") + ": " + ", ".join(
            f"{group} {sum(link[2] == group for link in kept)}" for group in groups) + ".")
    fewer = len(ranked) - len(shown)
    left = [f"{legible.counted(fewer, 'thing')} with fewer links"] if fewer else []
    origins = {legible.key(cell) for cell in subject.cells("from")}
    nodes = [{"k": key, "t": names[key], "d": degree[key], "o": key in origins} for key in shown]
    edges = [{"source": shown.index(a), "target": shown.index(b), "g": kind}
             for a, b, kind in kept]
    return Sketch(_spec(subject, nodes, edges, groups if subject.has("colour") else []), told, left, VEGA,
                  f"Links from {subject.heading('from')} to {subject.heading('to')}")


def _grouped(links: list[Link]) -> tuple[list[Link], list[str]]:
    """Give the links with those of the smaller groups as one group, and the groups: no more than lines can tell."""
    ranked = list(dict.fromkeys(kind for _, _, kind in links))
    if len(ranked) <= len(look.DASHES):
        return links, ranked
    ranked = [kind for kind, _ in Counter(kind for _, _, kind in links).most_common(len(look.DASHES) - 1)]
    return [(a, b, kind if kind in ranked else OTHER) for a, b, kind in links], [*ranked, OTHER]


def _spec(subject: Subject, nodes: list[dict[str, Any]], edges: list[dict[str, Any]],
          groups: list[str]) -> dict[str, Any]:
    looks, theme = subject.look, subject.look.theme
    width = looks.width - 8
    height = min(900, 200 + len(nodes) * (24 if looks.narrow else 14))
    forces = [{"force": "center", "x": width / 2, "y": height / 2},
              {"force": "collide", "radius": 34 if looks.narrow else 46, "iterations": 3},
              {"force": "nbody", "strength": -60 if looks.narrow else -160},
              {"force": "link", "links": "edges", "distance": 90 if not looks.narrow else 60},
              {"force": "x", "x": "midX", "strength": 0.06}, {"force": "y", "y": "midY", "strength": 0.09}]
    dashes = [list(dash) for dash in look.DASHES[:len(groups)]]
    scales = [{"name": "colour", "type": "ordinal", "domain": groups, "range": list(theme.colours[:len(groups)])},
              {"name": "dash", "type": "ordinal", "domain": groups, "range": dashes}] if groups else []
    legend = {"stroke": "colour", "strokeDash": "dash", "symbolType": "stroke", "orient": "top", "labelFont": FONT,
              "labelFontSize": SIZE, "labelColor": theme.ink, "columns": 1 if looks.narrow else 3, "symbolSize": 300,
              "direction": "horizontal", "symbolStrokeWidth": 2}
    return {
        "width": width, "height": height, "padding": 4, "background": theme.paper,
        "autosize": "pad", "scales": scales,
        "legends": [legend] if groups else [],
        "data": [
            {"name": "edges", "values": edges},
            {"name": "nodes", "values": [{**node, "midX": width / 2, "midY": height / 2} for node in nodes],
             "transform": [
                {"type": "force", "static": True, "iterations": 300, "signal": "force", "forces": forces},
                {"type": "joinaggregate", "fields": ["x", "x", "y", "y"], "ops": ["min", "max", "min", "max"],
                 "as": ["x0", "x1", "y0", "y1"]},
                _spread("x", 62, width - 62), _spread("y", 16, height - 34)]}],
        "marks": [_lines(theme, is_grouped=bool(groups)), _places(theme), *_labels(theme)]}


def _spread(axis: str, low: float, high: float) -> dict[str, Any]:
    """Give the step by which what the forces laid out fills its room."""
    part = f"(datum.{axis} - datum.{axis}0) / max(datum.{axis}1 - datum.{axis}0, 1)"
    return {"type": "formula", "as": axis, "expr": f"{low} + {high - low} * {part}"}


def _lines(theme: Theme, *, is_grouped: bool) -> dict[str, Any]:
    stroke = {"scale": "colour", "field": "g"} if is_grouped else {"value": theme.quiet}
    dash = {"strokeDash": {"scale": "dash", "field": "g"}} if is_grouped else {}
    ends = {f"{end}{axis.upper()}": f"datum.{end}.{axis}" for end in ("source", "target") for axis in "xy"}
    return {"type": "path", "from": {"data": "edges"}, "encode": {"update": {
        "stroke": stroke, "strokeWidth": {"value": 1.4}, "strokeOpacity": {"value": 0.8}, **dash}},
        "transform": [{"type": "linkpath", "shape": "line", "require": {"signal": "force"}, **ends}]}


def _places(theme: Theme) -> dict[str, Any]:
    """Give the marks of things: discs where links begin, hollow squares where they only end."""
    return {"type": "symbol", "from": {"data": "nodes"}, "encode": {"update": {
        "x": {"field": "x"}, "y": {"field": "y"}, "size": {"signal": "60 + 30 * datum.d"},
        "stroke": {"value": theme.colours[0]}, "strokeWidth": {"value": 2},
        "shape": {"signal": "datum.o ? 'circle' : 'square'"},
        "fill": {"signal": f"datum.o ? '{theme.colours[0]}' : '{theme.paper}'"}}}}


def _labels(theme: Theme) -> list[dict[str, Any]]:
    """Give the labels, each twice: as a rim of paper, which parts it from the lines, and as itself."""
    text = {"x": {"field": "x"}, "y": {"field": "y", "offset": {"signal": "sqrt(60 + 30 * datum.d) / 2 + 4"}},
            "text": {"signal": "split(datum.t, '\\n')"}, "font": {"value": FONT}, "fontSize": {"value": SIZE - 1},
            "align": {"value": "center"}, "baseline": {"value": "top"}, "lineHeight": {"value": SIZE}}
    rim = {"stroke": {"value": theme.paper}, "strokeWidth": {"value": 4}, "strokeJoin": {"value": "round"}}
    return [{"type": "text", "from": {"data": "nodes"}, "encode": {"update": {**text, **paint}}}
            for paint in (rim, {"fill": {"value": theme.ink}})]
