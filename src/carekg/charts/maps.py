"""A map: a point where each row says it is, over the outline of the land where the wheel has one."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Any, Final

from carekg.charts import groups, legible
from carekg.charts.sketch import Sketch, Subject, nothing, value

OUTLINE: Final = Path(__file__).with_name("outline.json")
"""The United Kingdom and Ireland, from Natural Earth, made when the wheel is built."""

MOST: Final = 1500

MARGIN: Final = 0.4
"""Degrees around the points of a map that shows a corner of the land."""

LOG: Final = logging.getLogger("carekg.charts")


def sketch(subject: Subject) -> Sketch:
    """Give a map."""
    points = _points(subject)
    if not points:
        raise nothing(f"no row has {subject.heading('latitude')} and {subject.heading('longitude')}")
    shown = points[:MOST]
    spots = {(one["lat"], one["lon"]) for one in shown}
    members = [one["g"] for one in shown for _ in range(one["rows"])]
    told = [f"{legible.counted(len(members), 'row')} at {legible.counted(len(spots), 'place')}.",
            *groups.told(subject, members)]
    ends = [(max(shown, key=lambda one: float(one["lat"])), "Furthest north"),
            (min(shown, key=lambda one: float(one["lat"])), "furthest south")]
    if subject.has("label"):
        told.append("; ".join(f"{word}: {one['t']}" for one, word in ends) + ".")
    left = []
    if len(points) > MOST:
        left.append(legible.counted(len(points) - MOST, "further point"))
    if lost := len(subject) - sum(one["rows"] for one in points):
        left.append(f"{legible.counted(lost, 'row')} without a position")
    title = legible.plural(subject.heading("label") or "place").capitalize()
    return Sketch(_spec(subject, shown), told, left, title=title)


def _points(subject: Subject) -> list[dict[str, Any]]:
    """Give the points: rows of one group at one spot are one, as large as they are many."""
    roles = ("latitude", "longitude", "label", "size", "link")
    rows = zip(*map(subject.cells, roles), groups.named(subject), strict=True)
    points: dict[tuple[float, float, str], dict[str, Any]] = {}
    for north, east, label, size, link, group in rows:
        lat, lon = value(north), value(east)
        if lat is None or lon is None or abs(lat) > 90 or abs(lon) > 180:
            continue
        point = points.setdefault((lat, lon, group), {
            "lat": lat, "lon": lon, "t": legible.cut(label.text, 60), "g": group, "n": 0.0, "rows": 0,
            "href": subject.link(link) or subject.link(label)})
        point["n"] += (value(size) or 0.0) if subject.has("size") else 1.0
        point["rows"] += 1
    return sorted(points.values(), key=lambda one: (groups.is_hollow(one["g"]), -one["n"]))


def _spec(subject: Subject, points: list[dict[str, Any]]) -> dict[str, Any]:
    looks, theme = subject.look, subject.look.theme
    width, height = min(looks.width, 560) - 8, 480 if looks.narrow else 640
    land = outline()
    box = _box(points, land)
    layers: list[dict[str, Any]] = [{"mark": {"type": "point", "strokeWidth": 1.8}, "data": {"values": points},
                                     "encoding": _encoding(subject, points)}]
    if land:
        layers.insert(0, {"data": {"values": land}, "mark": {
            "type": "geoshape", "fill": theme.wash, "stroke": theme.quiet, "strokeWidth": 0.6, "clip": True}})
    fit = {"type": "MultiPoint", "coordinates": [box[:2], box[2:]]}
    return {"width": width, "height": height, "layer": layers,
            "projection": {"type": "mercator", "fit": fit, "size": [width, height]}}


def _encoding(subject: Subject, points: list[dict[str, Any]]) -> dict[str, Any]:
    theme = subject.look.theme
    most = max(one["n"] for one in points)
    many = {"title": subject.heading("size") if subject.has("size") else "rows at one place", "tickCount": 3,
            "format": "d", "symbolType": "circle", "symbolFillColor": "transparent", "symbolStrokeColor": theme.quiet}
    size = {"field": "n", "type": "quantitative", "legend": many if most > 1 else None, "scale": {
        "domain": [min(1.0, most / 2), most], "range": [55, 420 if most > 1 else 55]}}
    spot = {name: {"field": field, "type": "quantitative"}
            for name, field in (("latitude", "lat"), ("longitude", "lon"))}
    kinds = groups.ordered([one["g"] for one in points for _ in range(one["rows"])])
    return {**spot, **groups.encoding(subject, kinds), "size": size, "href": {"field": "href", "type": "nominal"}}


def _box(points: list[dict[str, Any]], land: dict[str, Any] | None) -> list[float]:
    """Give west, south, east and north of what is shown: all of the land, unless the points are in a corner of it."""
    edges = [(float(one["lon"]), float(one["lat"])) for one in points]
    west, south, east, north = _edges(edges)
    margin = max(MARGIN, (north - south) / 10)
    close = [west - margin * 1.5, south - margin, east + margin * 1.5, north + margin]
    if land is None:
        return close
    whole = _edges([(x, y) for one in land["features"] for polygon in one["geometry"]["coordinates"]
                    for x, y in polygon[0]])
    is_inside = whole[0] <= west and whole[1] <= south and east <= whole[2] and north <= whole[3]
    return whole if is_inside and close[3] - close[1] > (whole[3] - whole[1]) / 2 else close


def _edges(spots: list[tuple[float, float]]) -> list[float]:
    return [min(x for x, _ in spots), min(y for _, y in spots), max(x for x, _ in spots), max(y for _, y in spots)]


def outline() -> dict[str, Any] | None:
    """Give the outline of the land as GeoJSON, or None, which the log tells of, where this wheel has none."""
    try:
        found: dict[str, Any] = json.loads(OUTLINE.read_text(encoding="utf-8"))
    except OSError:
        LOG.warning("There is no outline of the land (%s): maps are drawn without one.", OUTLINE.name)
        return None
    return found
