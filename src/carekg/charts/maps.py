"""A map: a point where each row says it is, over the outline of the land where the wheel has one."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Any, Final

from carekg.charts import legible, look
from carekg.charts.sketch import Sketch, Subject, nothing, value
from carekg.charts.timelines import HOLLOW

OUTLINE: Final = Path(__file__).with_name("outline.json")
"""The United Kingdom and Ireland, from Natural Earth, made when the wheel is built."""

MOST: Final = 1500
LOG: Final = logging.getLogger("carekg.charts")


def sketch(subject: Subject) -> Sketch:
    """Give a map."""
    points = _points(subject)
    if not points:
        raise nothing(f"no row has {subject.heading('latitude')} and {subject.heading('longitude')}")
    shown = points[:MOST]
    groups = list(dict.fromkeys(one["g"] for one in shown))
    spots = {(one["lat"], one["lon"]) for one in shown}
    told = [f"{legible.counted(len(shown), 'row')} at {legible.counted(len(spots), 'spot')}."]
    if subject.has("colour"):
        told.append("By " + subject.heading("colour") + ": " + ", ".join(
            f"{group} {sum(one['g'] == group for one in shown)}" for group in groups) + ".")
    ends = [(max(shown, key=lambda one: float(one["lat"])), "Furthest north"),
            (min(shown, key=lambda one: float(one["lat"])), "furthest south")]
    if subject.has("label"):
        told.append("; ".join(f"{word}: {one['t']}" for one, word in ends) + ".")
    left = []
    if len(points) > MOST:
        left.append(legible.counted(len(points) - MOST, "further row"))
    if lost := len(subject) - len(points):
        left.append(f"{legible.counted(lost, 'row')} without a position")
    title = legible.plural(subject.heading("label") or "place").capitalize()
    return Sketch(_spec(subject, shown, groups), told, left, title=title)


def _points(subject: Subject) -> list[dict[str, Any]]:
    groups = legible.names(subject.cells("colour"), 30)
    keys = [legible.key(cell) for cell in subject.cells("colour")]
    ranked = sorted(groups, key=lambda key: -keys.count(key))[:look.GROUPS]
    rows = zip(*map(subject.cells, ("latitude", "longitude", "label", "size", "link")), keys, strict=True)
    points = []
    for north, east, label, size, link, key in rows:
        lat, lon = value(north), value(east)
        if lat is None or lon is None or abs(lat) > 90 or abs(lon) > 180:
            continue
        group = groups[key] if key in ranked else "other"
        points.append({"lat": lat, "lon": lon, "t": legible.cut(label.text, 60), "g": group, "n": value(size) or 0,
                       "href": link.iri or label.iri, "hollow": group.casefold().split(" ")[0] in HOLLOW})
    return points


def _spec(subject: Subject, points: list[dict[str, Any]], groups: list[str]) -> dict[str, Any]:
    looks, theme = subject.look, subject.look.theme
    legend = {"title": subject.heading("colour") or None, "symbolSize": 110} if len(groups) > 1 else None
    scale = {"domain": groups, "range": list(theme.colours[:len(groups)])}
    colour = {"field": "g", "type": "nominal", "legend": legend, "scale": scale}
    shape = {"field": "g", "type": "nominal", "legend": legend,
             "scale": {"domain": groups, "range": list(look.SHAPES[:len(groups)])}}
    hollow = {one["g"] for one in points if one["hollow"]}
    inside = ["transparent" if group in hollow else shade for group, shade in zip(groups, theme.colours, strict=False)]
    fill = {"field": "g", "type": "nominal", "legend": legend, "scale": {"domain": groups, "range": inside}}
    size = {"size": {"field": "n", "type": "quantitative", "title": subject.heading("size"),
                     "scale": {"range": [30, 500]}}} if subject.has("size") else {"size": {"value": 70}}
    land = [{"data": {"values": outline()}, "mark": {
        "type": "geoshape", "fill": theme.wash, "stroke": theme.quiet, "strokeWidth": 0.6}}] if outline() else []
    point = {"data": {"values": points}, "mark": {"type": "point", "strokeWidth": 1.8, "opacity": 0.9}, "encoding": {
        "latitude": {"field": "lat", "type": "quantitative"}, "longitude": {"field": "lon", "type": "quantitative"},
        "stroke": colour, "shape": shape, "fill": fill, **size, "href": {"field": "href", "type": "nominal"}}}
    wide = min(looks.width, 560)
    return {"width": wide - 8, "height": 480 if looks.narrow else 640, "projection": {"type": "mercator"},
            "layer": [*land, point]}


def outline() -> dict[str, Any] | None:
    """Give the outline of the land as GeoJSON, or None, which the log tells of, where this wheel has none."""
    try:
        found: dict[str, Any] = json.loads(OUTLINE.read_text(encoding="utf-8"))
    except OSError:
        LOG.warning("There is no outline of the land (%s): maps are drawn without one.", OUTLINE.name)
        return None
    return found
