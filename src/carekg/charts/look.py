"""How pictures look: two themes, two widths, and the marks that tell groups apart without their colour."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

FONT: Final = "Arial, Helvetica, 'Liberation Sans', sans-serif"
"""Faces of one width, so that what was measured here fits where it is shown."""

SIZE: Final = 13
"""Pixels of a letter's height."""

SPLIT: Final = "split(datum.label, '\\n')"
"""Folds a label at its line ends."""

MIDDLE: Final = {"condition": {"test": "indexof(datum.value, '\\n') >= 0", "value": -SIZE // 2 - 1}, "value": 0}
"""Moves a label of two rows up, so that it stands in the middle beside its mark."""

SHAPES: Final = ("circle", "square", "triangle-up", "diamond", "cross", "triangle-down", "triangle-right",
                 "triangle-left")
DASHES: Final = ((1, 0), (6, 3), (2, 2), (8, 3, 2, 3), (1, 4), (12, 4))
GROUPS: Final = len(SHAPES)
"""Groups that are told apart; the rest is one group more or left out."""


@dataclass(frozen=True)
class Theme:
    """Colours of which each has a contrast of 4.5 and more with the paper."""

    name: str
    paper: str
    ink: str
    quiet: str
    line: str
    wash: str
    colours: tuple[str, ...]
    scale: tuple[str, str]


LIGHT: Final = Theme("light", "#ffffff", "#1d2a30", "#56666e", "#d5dedb", "#eef2f1",
                     ("#0b6156", "#a8480f", "#34539e", "#8a2f6b", "#5f6100", "#56666e", "#00677f", "#6b479b"),
                     ("#e3f0ed", "#0b6156"))
DARK: Final = Theme("dark", "#12191b", "#e6edec", "#a9b8bf", "#35444a", "#1f2a2e",
                    ("#5cc9b5", "#f0a35e", "#8fb0ff", "#e58fc7", "#d0cc5a", "#a9b8bf", "#6fd0e8", "#c3a6f0"),
                    ("#1d3733", "#7fdccb"))
THEMES: Final = {one.name: one for one in (LIGHT, DARK)}


@dataclass(frozen=True)
class Look:
    """A theme and a width: a wide picture for a page, a narrow one for a telephone."""

    theme: Theme = LIGHT
    narrow: bool = False

    @property
    def width(self) -> int:
        """Give the pixels from edge to edge."""
        return 360 if self.narrow else 760

    @property
    def label(self) -> int:
        """Give the pixels that the labels of an axis may take."""
        return 128 if self.narrow else 230

    @property
    def step(self) -> int:
        """Give the pixels from one labelled row to the next: in a narrow picture labels have two rows."""
        return 34 if self.narrow else 24

    @property
    def rows(self) -> int:
        """Give the rows that the label of an axis may have."""
        return 2 if self.narrow else 1

    @property
    def letters(self) -> int:
        """Give the letters of a label that fit into those."""
        return round(self.label / (SIZE * 0.54))

    def shade(self, part: float) -> tuple[str, str]:
        """Give the colour of a cell that has a part of the most, 0 to 1, and that of the signs in it."""
        low, high = (bytes.fromhex(colour[1:]) for colour in self.theme.scale)
        mixed = [round(a + (b - a) * part) for a, b in zip(low, high, strict=True)]
        shade = "#" + bytes(mixed).hex()
        return shade, max("#ffffff", "#000000", key=lambda sign: contrast(sign, shade))  # one of both has 4.5 and more

    def config(self) -> dict[str, Any]:
        """Give the configuration of a Vega-Lite specification."""
        theme = self.theme
        return {
            "background": theme.paper, "font": FONT, "view": {"stroke": None}, "padding": 4,
            "title": {"anchor": "start", "fontSize": SIZE + 2, "color": theme.ink, "offset": 10, "frame": "bounds",
                      "subtitleFontSize": SIZE, "subtitleColor": theme.quiet, "subtitlePadding": 6},
            "axis": {"labelFontSize": SIZE, "titleFontSize": SIZE, "titleFontWeight": "normal", "labelColor": theme.ink,
                     "titleColor": theme.quiet, "gridColor": theme.line, "domainColor": theme.line,
                     "tickColor": theme.line, "labelLimit": self.label, "titlePadding": 8, "labelExpr": SPLIT,
                     "labelLineHeight": SIZE + 2},
            "legend": {"symbolOpacity": 1, "labelFontSize": SIZE,
                       "titleFontSize": SIZE, "labelColor": theme.ink, "titleColor": theme.quiet,
                       "titleFontWeight": "normal", "labelLimit": self.width // 2, "orient": "top", "offset": 6,
                       "columns": 1 if self.narrow else 3, "direction": "horizontal"},
            "header": {"labelFontSize": SIZE, "labelColor": theme.ink, "titleColor": theme.quiet, "title": None,
                       "labelFontWeight": "bold", "labelAnchor": "start", "labelAlign": "left", "labelExpr": SPLIT,
                       "labelLineHeight": SIZE + 2, "labelBaseline": "bottom"},
            "text": {"fontSize": SIZE, "color": theme.ink, "font": FONT},
        }


def contrast(one: str, other: str) -> float:
    """Give the contrast of two colours, as WCAG 2.2 defines it (https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio)."""
    dark, light = sorted(map(_luminance, (one, other)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = [part / 255 for part in bytes.fromhex(colour[1:])]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
