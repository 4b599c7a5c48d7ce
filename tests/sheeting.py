"""Sheets for tests: files made of rows, and the desk of the small world that they are held against."""

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any

import openpyxl

from carekg import change, names
from carekg.change.guard import Guard
from carekg.importers import sheets
from carekg.importers.sheets.desk import Desk, Outcome
from carekg.store import About, Made
from carekg.store.embedded import EmbeddedStore

SITE = {"subject": "Lantern Rides", "subject (how)": "is planned for", "place": "Old Saltmere", "role": "pilot",
        "summary": "Rides are planned in the old town.", "voice": "the document", "confidence": "high",
        "passage source": "study of lanterns", "passage phrase": "rides to the old town"}
"""A row of a new site in which all is right."""


def desk(store: EmbeddedStore, like: Desk | None = None) -> Desk:
    """What a store has for its sheets, now; shapes and ontology are those of another desk, where one is given."""
    now = names.Names(*names.read(store))
    return Desk(store, now, like.guard, like.forms) if like else Desk(store, now, Guard.over(store))


def rows_of(*said: Mapping[str, Any]) -> list[list[Any]]:
    """Heads, and a row for each mapping of them."""
    heads = list(dict.fromkeys(head for one in said for head in one))
    return [heads, *([one.get(head, "") for head in heads] for one in said)]


def as_csv(*said: Mapping[str, Any], separator: str = ",") -> bytes:
    """A CSV file of some rows."""
    file = io.StringIO()
    csv.writer(file, delimiter=separator, lineterminator="\r\n").writerows(rows_of(*said))
    return file.getvalue().encode()


def book(rows: Sequence[Sequence[Any]], title: str = "Site") -> Any:
    """A workbook with a sheet of some rows."""
    made = openpyxl.Workbook()
    made.active.title = title
    for row in rows:
        made.active.append(list(row))
    return made


def saved(made: Any) -> bytes:
    """A workbook as a file."""
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def opened(content: bytes) -> Any:
    """A workbook of a file."""
    return openpyxl.load_workbook(io.BytesIO(content))


def checked(on: Desk, *said: Mapping[str, Any], name: str = "site.csv", **options: Any) -> Outcome:
    """Some rows, held against a graph."""
    return on.checked(sheets.read(name, as_csv(*said)), **options)


def problems(outcome: Outcome) -> dict[str, str]:
    """What is wrong, by the cell."""
    return {one.where: f"{one.wrong} {one.right}".strip() for one in outcome.problems}


def committed(on: Desk, outcome: Outcome) -> Made:
    """A sheet, brought in."""
    outcome.raise_for_problems()
    return change.commit(outcome.plan.change(About("Ada", "A sheet", "", "sheet")), on.graph, on.guard)
