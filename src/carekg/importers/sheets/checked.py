"""A copy of a sheet with what is wrong at each cell, and the questions that are to be answered.

It holds the values of the sheet in the same rows, and nothing else of the workbook: no formula, link or macro. The
answers that are given in it are read when it is brought in.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, Final

from carekg.importers.sheets import template, written
from carekg.importers.sheets.columns import ID, Column
from carekg.importers.sheets.naming import Known, Question, short
from carekg.importers.sheets.plan import CREATED, Plan, by_row
from carekg.importers.sheets.table import ANSWERS, ERRORS, Cell, Problem

RESULT: Final = "# result"
"""The head of the column that says what becomes of a row; a sheet that is brought in passes it over."""

MOST_REMARKS: Final = 2_000
"""Cells that have a remark; a spreadsheet grows slow with more, and all problems are on their own sheet."""


def checked(plan: Plan, problems: Sequence[Problem], known: Known) -> bytes:
    """Give the copy, with the sheets of errors and of questions where there are any."""
    book = written.new_book(template.title(plan.layout))
    lists = written.Lists(book)
    id_at, result_at = _heads(book.active, plan, lists, known)
    for row in plan.table.rows:
        for number, cell in row.cells.items():
            _write(book.active, row.number, number, cell)
    for number, things in by_row(plan).items():
        key = short(things[0].iri)
        if things[0].verdict == CREATED:  # beside the key of something known, a name would be a new name for it
            _write(book.active, number, id_at, Cell(key))
        _write(book.active, number, result_at, Cell(f"{things[0].verdict}: {key}"))
    for row in plan.table.rows:
        written.fit(book.active, row.number)
    _mark(book.active, problems, plan.questions, plan)
    if plan.questions:
        _questions(book, plan.questions, lists)
    if problems:
        _errors(book, problems)
    return written.saved(book)


def _heads(sheet: Any, plan: Plan, lists: written.Lists, known: Known) -> tuple[int, int]:
    """Write the heads as they are, with their drop-downs; give the numbers of the columns of keys and of results."""
    row, last = plan.table.head_row, max([*plan.table.heads, *(max(row.cells) for row in plan.table.rows), 1])
    for number, text in plan.table.heads.items():
        column = plan.columns.get(number, Column(text))
        written.head(sheet, row, number, column, text)
        template.add_choices(lists, sheet, written.below(number, row + 1), column, known)
    id_at = next((number for number, one in plan.columns.items() if one.is_id), 0)
    result_at = next((number for number, text in plan.table.heads.items() if text == RESULT), 0)
    for number, text in ((id_at, ID), (result_at, RESULT)):
        if not number:
            last += 1
            written.head(sheet, row, last, Column(text))
    sheet.freeze_panes = f"A{row + 1}"
    new = last - (not id_at) - (not result_at)
    id_at, new = (id_at, new) if id_at else (new + 1, new + 1)
    return id_at, result_at or new + 1


def _write(sheet: Any, row: int, number: int, cell: Cell) -> None:
    """Write a value as it was typed; dates as texts, which nothing takes for numbers."""
    is_number = isinstance(cell.value, int | float) and not isinstance(cell.value, bool)
    made = written.put(sheet, row, number, cell.value if is_number else cell.text)
    made.alignment = written.WRAPPED


def _mark(sheet: Any, problems: Sequence[Problem], questions: Sequence[Question], plan: Plan) -> None:
    remarks: dict[tuple[int, int], list[str]] = defaultdict(list)
    heads = {column.head: number for number, column in plan.columns.items()}
    for problem in problems:
        if problem.row:
            said = f"{problem.head}: " if problem.head and not problem.column else ""
            remarks[problem.row, problem.column or 1].append(f"{said}{problem.wrong} {problem.right}".strip())
    asked = {(row, heads.get(one.column, 1)): one for one in questions for row in one.rows}
    for (row, number), one in asked.items():
        sheet.cell(row, number).fill = written.OPEN
        remarks.setdefault((row, number), []).append(f"To be confirmed on the sheet `{ANSWERS}`: {one.sentence()}")
    for count, ((row, number), texts) in enumerate(sorted(remarks.items())):
        if (row, number) not in asked:
            sheet.cell(row, number).fill = written.WRONG
        if count < MOST_REMARKS:
            written.note(sheet.cell(row, number), "\n".join(dict.fromkeys(texts)))


def _errors(book: Any, problems: Sequence[Problem]) -> None:
    sheet = book.create_sheet(ERRORS, 1)
    written.plain_head(sheet, 1, [("row", 8), ("column", 24), ("cell", 10), ("value", 36), ("what is wrong", 60),
                                  ("what would be right", 60)])
    written.lines(sheet, 2, ([one.row or "", one.head, one.where if one.column else "", one.value, one.wrong, one.right]
                             for one in problems))
    sheet.freeze_panes = "A2"


def _questions(book: Any, questions: Sequence[Question], lists: written.Lists) -> None:
    """Write the questions: the answer is chosen in the third column, and holds wherever the text stands."""
    sheet = book.create_sheet(ANSWERS, 1)
    written.plain_head(sheet, 1, [("column", 24), ("name as typed", 36), ("answer", 36), ("what it may mean", 90),
                                  ("rows", 16)])
    for row, one in enumerate(questions, 2):
        options = one.options()
        told = "\n".join(f"{key}: {words}" for key, words in options)
        rows = ", ".join(map(str, one.rows[:20])) + (", ..." if len(one.rows) > 20 else "")
        written.lines(sheet, row, [[one.column, one.text, "", told, rows]])
        sheet.cell(row, 3).fill = written.OPEN
        lists.drop(sheet, f"C{row}", f"{one.column} {row}", [key for key, _ in options], strict=False)
    sheet.freeze_panes = "A2"
