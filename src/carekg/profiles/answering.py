"""The sections of a thing's page answered: lines at their standing, each with its receipts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

import pyoxigraph as ox

from carekg import errors
from carekg.profiles.declared import Section
from carekg.query import Asker, Cell, Column, Receipt, Row, Table

AT_ONCE: Final = 3
"""Questions of one page that are asked side by side."""

STANDING: Final = "standing"
"""The column that says how a line stands; it is no column of a section but a mark on each of its lines."""

HELD: Final = "held"
"""The standing of what a source holds to be so, which alone passes for a fact."""

Marks = Callable[[Row], bool]
"""What says of a row whether it tells of something that is no longer to be used."""


def unmarked(_row: Row) -> bool:
    """Say of every row that it may be used."""
    return False


@dataclass(frozen=True)
class Line:
    """One line of a section: its cells, how it stands where that is told, and its receipts.

    ``deprecated`` says that something in it is no longer to be used.
    """

    cells: tuple[Cell, ...]
    standing: str = ""
    deprecated: bool = False
    receipts: tuple[Receipt, ...] = ()


@dataclass(frozen=True)
class Answered:
    """A section with its lines; ``total`` is their number where only the first are here, ``problem`` why none are.

    ``table`` is the whole answer, of which pictures are drawn.
    """

    section: Section
    columns: tuple[Column, ...] = ()
    lines: tuple[Line, ...] = ()
    total: int = 0
    problem: str = ""
    table: Table | None = None

    @property
    def more(self) -> int:
        """Give how many lines are left out."""
        return self.total - len(self.lines)


def answered(asker: Asker, item: str, sections: Sequence[Section], marks: Marks = unmarked, *, rows: int = 0,
             client: str = "") -> list[Answered]:
    """Give the sections of a thing, asked side by side, each with its first lines.

    A section that is refused says why, so that the others stand.
    """
    one = partial(_answered, asker, ox.NamedNode(item), marks=marks, rows=rows, client=client)
    with ThreadPoolExecutor(AT_ONCE) as several:
        return list(several.map(one, sections))


def _answered(asker: Asker, item: ox.NamedNode, section: Section, *, marks: Marks, rows: int,
              client: str) -> Answered:
    try:
        answer = asker.ask_of(section.query, section.placing.parameter, item, rows=rows, client=client)
    except (errors.BadInput, errors.Refused) as error:
        return Answered(section, problem=str(error))
    table = Table.from_json(answer.read())
    chosen = _chosen(table, [name for name, _ in section.placing.columns], item.value)
    lines = _lines(table, chosen, marks)
    return Answered(section, _headed(section, [table.columns[n] for n in chosen]), tuple(lines[:section.placing.rows]),
                    len(lines), table=table)


def _headed(section: Section, columns: Sequence[Column]) -> tuple[Column, ...]:
    """Give columns with the headings that a section has for them."""
    said = dict(section.placing.columns)
    return tuple(replace(one, heading=said.get(one.name) or one.heading) for one in columns)


def _chosen(table: Table, names: Sequence[str], item: str) -> list[int]:
    """Give the numbers of the columns to show: those named, or all that do not just repeat the thing."""
    numbers = {column.name: n for n, column in enumerate(table.columns)}
    wanted = [numbers[name] for name in names if name in numbers] or [
        n for name, n in numbers.items() if name != STANDING]
    rows = table.rows()
    return [n for n in wanted if any(row.cells[n].text and (names or row.cells[n].iri != item) for row in rows)]


def _lines(table: Table, chosen: Sequence[int], marks: Marks) -> list[Line]:
    """Give the lines that rows make in some columns; rows that differ in none of them, nor in standing, are one."""
    at = next((n for n, column in enumerate(table.columns) if column.name == STANDING), None)
    found: dict[Line, dict[Receipt, None]] = {}
    for row in table.rows():
        line = Line(tuple(row.cells[n] for n in chosen), row.cells[at].text if at is not None else "",
                    marks(row))
        found.setdefault(line, {}).update(dict.fromkeys(row.receipts))
    return [Line(one.cells, one.standing, one.deprecated, tuple(receipts)) for one, receipts in found.items()]

