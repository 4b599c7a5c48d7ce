"""Which column of a class each head of a sheet means."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from rapidfuzz import fuzz, process

from carekg.importers.sheets.columns import Column, Layout
from carekg.importers.sheets.table import Problem, Table, folded

NOTE: Final = "#"
"""Begins the head of a column that is not read."""

NEAR: Final = 70
"""The score from which a head is offered in the place of one that is not known."""


def matched(table: Table, layout: Layout) -> tuple[dict[int, Column], list[Problem]]:
    """Give the column that each head means, by its number, and what is wrong with heads."""
    known = layout.named
    found: dict[int, Column] = {}
    problems: list[Problem] = []
    first: dict[str, int] = {}
    for number, head in table.heads.items():
        if head.startswith(NOTE):
            continue
        column = known.get(folded(head))
        if column is None:
            problems.append(_unknown(table, number, head, known))
        elif column.key in first:
            problems.append(Problem(table.head_row, number, head, "This head stands twice.",
                                    "Keep one of the two columns, or give several values in one cell."))
        else:
            first[column.key] = number
            found[number] = column
    return found, problems + list(_headless(table))


def _unknown(table: Table, number: int, head: str, known: Mapping[str, Column]) -> Problem:
    near = process.extractOne(folded(head), list(known), scorer=fuzz.WRatio, score_cutoff=NEAR)
    right = f"Is `{known[near[0]].head}` meant?" if near else "The template of the class has all columns there are."
    return Problem(table.head_row, number, head, "There is no such column.",
                   f"{right} Begin it with {NOTE} where it is a note of your own, which is not read.")


def _headless(table: Table) -> list[Problem]:
    """Give a problem for each column that has values and no head, at the first of them."""
    found: dict[int, Problem] = {}
    for row in table.rows:
        for number, cell in row.cells.items():
            if number not in table.heads and number not in found:
                found[number] = Problem(row.number, number, cell.text, "This column has no head.",
                                        "Give it one of the template, or remove it.")
    return list(found.values())
