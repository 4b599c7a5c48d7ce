"""What the guard of a graph says of a sheet, at the cells that were typed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from carekg import change, reports, store
from carekg.change.guard import Guard
from carekg.forms.reading import Forms
from carekg.importers.sheets.plan import Plan
from carekg.importers.sheets.table import Problem
from carekg.store import About
from carekg.terms import compact


def judged(plan: Plan, graph: store.Store, guard: Guard, forms: Forms) -> list[Problem]:
    """Give what is wrong with what a plan would change; the graph stays as it is."""
    trial = change.tried(plan.change(About(how="sheet")), graph, guard)
    known = {(one.row, one.column) for one in plan.problems}
    known |= {(row, number) for one in plan.questions for row in one.rows
              for number, column in plan.columns.items() if column.head == one.column}
    return [*(Problem(0, 0, "", f"{sentence}.") for sentence in trial.unknown),
            *(one for one in placed(reports.told(trial.report, (), graph, trial.stated), plan, forms)
              if not one.row or (one.row, one.column) not in known)]


def placed(told: reports.Told, plan: Plan, forms: Forms) -> list[Problem]:
    """Give what blocks a change at its cells, each once."""
    rows = {thing.iri: thing.rows[0] for thing in plan.things}
    found = dict.fromkeys(_problem(line, group.thing, plan, forms, rows.get(group.thing, 0))
                          for group in told.groups for line in group.lines if line.blocks)
    return sorted(found, key=lambda one: (one.row, one.column))


def _problem(line: reports.Line, thing: str, plan: Plan, forms: Forms, row: int) -> Problem:
    """Give a line at the cell of the first property that the shape is about, else at the row."""
    properties = list(_properties(line, forms))
    spots = [plan.cells[thing, path] for path in properties if (thing, path) in plan.cells]
    if spots:
        row, number = next((spot for spot in spots if spot[1]), spots[0])
    else:
        row, number = (row, 0) if row else plan.cells.get((thing, ""), (0, 0))
        number = number or _column(plan, properties)
    typed = next((one for one in plan.table.rows if one.number == row), None)
    value = typed.cells[number].text if typed and number in typed.cells else ""
    head = plan.columns[number].head if number in plan.columns else _missing(plan, properties)
    where = "" if row else f"{compact(thing)}: "
    right = " ".join(filter(None, (line.right, line.meant())))
    return Problem(row, number, value, where + " ".join(filter(None, (line.rule, line.found))), right, head)


def _properties(line: reports.Line, forms: Forms) -> Iterator[str]:
    if line.property:
        yield line.property
    yield from forms.mentions.get(line.shape, ())


def _column(plan: Plan, properties: Iterable[str]) -> int:
    """Give the number of the column of a property, nought where the sheet has none."""
    wanted = set(properties)
    return next((number for number, one in plan.columns.items()
                 if one.field and not one.how and not one.within and wanted & set(one.field.predicates)), 0)


def _missing(plan: Plan, properties: Iterable[str]) -> str:
    """Give the head of the column that the sheet would need."""
    wanted = set(properties)
    return next((one.head for one in plan.layout.columns
                 if one.field and not one.how and not one.within and wanted & set(one.field.predicates)), "")
