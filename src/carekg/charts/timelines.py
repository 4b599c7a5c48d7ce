"""A timeline: a line for each value of a column, with bars and points where a row says when.

What is planned is hollow, what has ended has a cross behind it, and groups have shapes of their own.
"""

from __future__ import annotations

from typing import Any, Final

from carekg.charts import legible, look
from carekg.charts.sketch import Sketch, Subject, nothing, span

MOST: Final = 45
"""Lines, one below the other."""

HOLLOW: Final = ("planned", "announced", "proposed", "modelled", "candidate")
"""Words for what has not been done, or is not said to have been: they are drawn hollow."""


def sketch(subject: Subject) -> Sketch:
    """Give a timeline."""
    events = _events(subject)
    if not events:
        raise nothing(f"no row has a year in {subject.heading('start')}")
    ranked = sorted(dict.fromkeys(one["key"] for one in events),
                    key=lambda key: min(one["a"] for one in events if one["key"] == key))
    shown = ranked[:MOST]
    names = legible.names(subject.cells("y"), subject.look.letters, subject.look.rows)
    whole = legible.names(subject.cells("y"), 80)
    data = [{**one, "y": names[one["key"]], "who": whole[one["key"]]} for one in events if one["key"] in set(shown)]
    groups = list(dict.fromkeys(one["g"] for one in data))
    first, last = min(data, key=lambda one: float(one["a"])), max(data, key=lambda one: float(one["a"]))
    told = [f"{legible.counted(len(data), 'date or period', 'dates or periods')} of "
            f"{legible.counted(len(shown), subject.heading('y'), legible.plural(subject.heading('y')))}.",
            f"First: {first['who']} ({first['t']}). Last: {last['who']} ({last['t']})."]
    if subject.has("colour"):
        told.append("By " + subject.heading("colour") + ": " + ", ".join(
            f"{group} {sum(one['g'] == group for one in data)}" for group in groups) + ".")
    left = []
    if len(ranked) > len(shown):
        left.append(legible.counted(len(ranked) - len(shown), "later line"))
    if undated := len(subject) - len(events):
        left.append(f"{legible.counted(undated, 'row')} without a year")
    return Sketch(_spec(subject, data, [names[key] for key in shown], groups), told, left,
                  title=f"{legible.plural(subject.heading('y')).capitalize()} by year")


def _events(subject: Subject) -> list[dict[str, Any]]:
    """Give what happened when: ``a`` to ``b`` in years, with words ``t`` and the group ``g``."""
    rows = zip(*map(subject.cells, ("y", "start", "end", "colour", "label", "link")), strict=True)
    groups = legible.names(subject.cells("colour"), 30)
    ranked = sorted(groups, key=lambda key: -sum(legible.key(cell) == key for cell in subject.cells("colour")))
    events = []
    for who, start, end, colour, label, link in rows:
        begins, ends = span(start), span(end)
        if begins is None or not who.text:
            continue
        words = legible.clean(start.text) + (f" to {legible.clean(end.text)}" if ends else "")
        group = groups[legible.key(colour)] if legible.key(colour) in ranked[:look.GROUPS] else "other"
        events.append({
            "key": legible.key(who), "a": begins.begins, "b": max(ends.ends, begins.ends) if ends else begins.begins,
            "p": begins.begins if ends else (begins.begins + begins.ends) / 2, "t": words, "g": group,
            "ended": bool(ends), "hollow": group.casefold().split(" ")[0] in HOLLOW, "href": link.iri,
            "label": legible.cut(label.text, 40)})
    return events


def _spec(subject: Subject, data: list[dict[str, Any]], order: list[str], groups: list[str]) -> dict[str, Any]:
    looks, colours = subject.look, subject.look.theme.colours
    hollow = {one["g"] for one in data if one["hollow"]}
    x = {"type": "quantitative", "title": None, "scale": {"zero": False, "nice": False, "padding": 12}, "axis": {
        "format": "d", "tickMinStep": 1, "tickCount": 3 if looks.narrow else 8, "orient": "top", "domain": False}}
    y = {"field": "y", "type": "nominal", "sort": order, "title": None,
         "axis": {"grid": True, "ticks": False, "domain": False, "labelPadding": 6, "labelOffset": look.MIDDLE}}
    legend = {"title": subject.heading("colour") or None, "symbolSize": 100} if len(groups) > 1 else None
    colour = {"field": "g", "type": "nominal", "legend": legend,
              "scale": {"domain": groups, "range": list(colours[:len(groups)])}}
    shape = {"field": "g", "type": "nominal", "legend": legend,
             "scale": {"domain": groups, "range": list(look.SHAPES[:len(groups)])}}
    size = {"condition": {"test": "datum.hollow", "value": 170}, "value": 80}
    inside = [shade if group not in hollow else "transparent" for group, shade in zip(groups, colours, strict=False)]
    fill = {"field": "g", "type": "nominal", "legend": legend, "scale": {"domain": groups, "range": inside}}
    return {"data": {"values": data}, "width": looks.width - looks.label - 30, "height": {"step": looks.step},
            "encoding": {"y": y}, "layer": [
                {"transform": [{"filter": "datum.ended"}], "mark": {"type": "bar", "height": 8, "opacity": 0.55},
                 "encoding": {"x": {"field": "a", **x}, "x2": {"field": "b"}, "fill": {**colour, "legend": None}}},
                {"mark": {"type": "point", "strokeWidth": 2, "opacity": 1}, "encoding": {
                    "x": {"field": "p", **x}, "shape": shape, "stroke": colour, "fill": fill, "size": size}}]}
