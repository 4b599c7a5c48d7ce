"""A picture of an answer: its specification, its title, and in words what it shows and what it leaves out."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from carekg import errors
from carekg.charts import bars, flows, legible, lines, maps, matrices, networks, timelines
from carekg.charts.look import Look
from carekg.charts.press import Press
from carekg.charts.sketch import SCHEMAS, VEGA, Sketch, Subject
from carekg.query import Drawing, Query, Table
from carekg.query.drawing import check

KINDS: Final[Mapping[str, Callable[[Subject], Sketch]]] = {
    "bar": bars.sketch, "line": lines.sketch, "matrix": matrices.sketch, "map": maps.sketch,
    "timeline": timelines.sketch, "network": networks.sketch, "flow": flows.sketch,
}
NAMES: Final = {"bar": "Bar chart", "line": "Line chart", "matrix": "Matrix", "map": "Map", "timeline": "Timeline",
                "network": "Network", "flow": "Flow diagram"}
"""Kinds of picture as a sentence calls them."""


LINKED: Final = re.compile(r'\b(xlink:href|href)="https://vega\.github\.io/vega-datasets/(/[^"]*)"')
"""An address of this server, as the converter writes it: it takes each to be of a place with samples."""


@dataclass(frozen=True)
class Picture:
    """A picture that is specified and described, and not yet drawn."""

    kind: str
    grammar: str
    spec: Mapping[str, Any]
    title: str
    alt: str
    marks: int = 2

    def svg(self, press: Press) -> str:
        """Give it as SVG, with its title and its words in it for those who do not see it.

        :raises OverDrawn: it takes too long or too much.
        """
        made = LINKED.sub(r'\1="\2"', press.svg(self.grammar, self.spec))
        said = (f'<title id="title">{html.escape(self.title)}</title>'
                f'<desc id="desc">{html.escape(self.alt)}</desc>')
        head, end, rest = made.partition(">")
        return f'{head} role="img" aria-labelledby="title desc"{end}{said}{rest}'

    def png(self, press: Press) -> bytes:
        """Give it in pixels, two for each of its own.

        :raises OverDrawn: it takes too long or too much.
        """
        return press.png(press.svg(self.grammar, self.spec))


def draw(table: Table, drawing: Drawing, look: Look | None = None, *, cut: int = 0,
         linked: Callable[[str], str] = str, notes: Sequence[str] = ()) -> Picture:
    """Give the picture of an answer.

    :param cut: after how many rows of data the answer was cut, where it was.
    :param linked: what makes the address of a link of an IRI.
    :param notes: sentences that are told of the answer beside what is drawn.

    :raises BadDrawing: the drawing does not fit the answer.
    :raises NothingToDraw: no row has what it draws.
    """
    check(drawing, [column.name for column in table.columns])
    look = look or Look()
    subject = Subject(table, drawing, look, linked)
    sketch = KINDS[drawing.kind](subject)
    title = legible.clean(drawing.title or sketch.title)
    left = [*sketch.left, *([legible.counted(subject.beyond, "further row")] if subject.beyond else []),
            *([f"the answer goes on after {cut:,} rows of data"] if cut else [])]
    beside = " ".join([*notes, *([f"Not drawn: {'; '.join(left)}."] if left else [])])
    alt = " ".join(filter(None, [f"{NAMES[drawing.kind]}: {title}.", *sketch.told, beside]))
    return Picture(drawing.kind, sketch.grammar, _spec(sketch, title, look, beside), title, alt, sketch.marks)


def of(query: Query, table: Table) -> list[Drawing]:
    """Give the drawings of a question that are worth a look for an answer to it, the first one the default.

    A picture of one mark says no more than its row.
    """
    return [drawing for drawing in query.drawings if _may(table, drawing)]


def _may(table: Table, drawing: Drawing) -> bool:
    try:
        return draw(table, drawing).marks > 1
    except errors.BadDrawing:
        return False


def _spec(sketch: Sketch, title: str, look: Look, beside: str) -> dict[str, Any]:
    """Give a specification with its title, and below it what is not drawn, which goes along wherever it is taken."""
    said: dict[str, Any] = {"text": legible.lines(title, look.width, 15)}
    if beside:
        said["subtitle"] = legible.lines(beside, look.width, 13)
    head = {"$schema": SCHEMAS[sketch.grammar]}
    if sketch.grammar == VEGA:
        return {**head, "title": {**said, **look.config()["title"]}, **sketch.spec}
    return {**head, "title": said, "config": look.config(), **sketch.spec}
