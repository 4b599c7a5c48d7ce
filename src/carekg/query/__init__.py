"""Prepared queries: their files, how they are asked, and their answers as tables."""

from carekg.query.ask import Asker, Choice, find
from carekg.query.drawing import Drawing
from carekg.query.faceting import Facet
from carekg.query.file import Query, catalogue, load, refuse_clashes
from carekg.query.parameter import Parameter
from carekg.query.placing import Placing
from carekg.query.planning import Asked, Plan, Source
from carekg.query.table import Cell, Column, Receipt, Row, Table

__all__ = [
    "Asked", "Asker", "Cell", "Choice", "Column", "Drawing", "Facet", "Parameter", "Placing", "Plan", "Query",
    "Receipt", "Row", "Source", "Table", "catalogue", "find", "load", "refuse_clashes",
]
