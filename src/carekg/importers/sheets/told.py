"""What becomes of a sheet, in lines that people read."""

from __future__ import annotations

from collections.abc import Iterator

from carekg.importers.sheets.naming import short
from carekg.importers.sheets.plan import UNCHANGED, Difference, Plan, Planned

MOST = 40
"""Things that are named one by one."""


def summary(plan: Plan) -> str:
    """Give how many rows there are, and how many things are new, changed and unchanged."""
    counts = ", ".join(f"{count:,} {verdict}" for verdict, count in plan.counts().items())
    rows = len(plan.table.rows)
    return f"{plan.table.file}, sheet `{plan.table.title}`: {rows:,} row{'s' * (rows != 1)}; {counts}."


def lines(plan: Plan, most: int = MOST) -> Iterator[str]:
    """Give what becomes of each thing that does not stay as it is."""
    found = [one for one in plan.things if one.verdict != UNCHANGED]
    for one in found[:most]:
        yield f"{one.verdict}: {short(one.iri)}, {rows(one)}: {one.name}"
        yield from (f"    {difference(each)}" for each in one.differences)
    if len(found) > most:
        yield f"... and {len(found) - most:,} more"


def rows(one: Planned) -> str:
    """Give the rows of a thing."""
    more = ", ..." if len(one.rows) > 8 else ""
    return f"row{'s' * (len(one.rows) > 1)} {', '.join(map(str, one.rows[:8]))}{more}"


def difference(one: Difference) -> str:
    """Give what a field gains and loses."""
    gains = f"+ {' | '.join(one.added)}" if one.added else ""
    losses = f"- {' | '.join(one.removed)}" if one.removed else ""
    return f"{one.field}: {'  '.join(filter(None, (losses, gains)))}"
