"""Pictures of answers: a table and a drawing become a Vega-Lite or Vega specification, its words, SVG and PNG."""

from carekg.charts.look import DARK, LIGHT, THEMES, Look, Theme
from carekg.charts.picture import Picture, draw, of
from carekg.charts.press import Press
from carekg.query import Drawing

__all__ = ["DARK", "LIGHT", "THEMES", "Drawing", "Look", "Picture", "Press", "Theme", "draw", "of"]
