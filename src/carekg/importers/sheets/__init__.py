"""Sheets as changes: a template for each class, filled in by a steward, checked cell by cell, kept whole or not at all.

A sheet goes through ``opening`` (a file becomes a table: ``workbook``, ``delimited``), ``heads`` (which column is
meant), ``rows`` (cells become values and things: ``values``, ``naming``), ``identity`` (which thing a row is about),
``making`` (the ``plan``: what the graph gains and loses; ``parts`` are described in place) and ``judging`` (what the
guard says of that, cell by cell). ``desk`` does all of it; ``columns`` tells what a class has; ``template`` and
``checked`` write workbooks.
"""

from __future__ import annotations

from carekg.importers.sheets.columns import Layout, layout
from carekg.importers.sheets.making import planned
from carekg.importers.sheets.naming import NEW, Question
from carekg.importers.sheets.opening import opened, read
from carekg.importers.sheets.plan import Plan, Planned
from carekg.importers.sheets.table import Problem, Table

__all__ = ["NEW", "Layout", "Plan", "Planned", "Problem", "Question", "Table", "layout", "opened", "planned", "read"]
