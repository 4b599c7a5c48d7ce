"""The sections of a thing's page answered: lines at their standing, each with its receipts."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import Final

import pyoxigraph as ox

from carekg import errors
from carekg.profiles.declared import Section
from carekg.query import Asker, Cell, Column, Placing, Receipt, Row, Table

AT_ONCE: Final = 3
"""Questions of one page that are asked side by side."""

STANDING: Final = "standing"
"""The column that says how a line stands; it is no column of a section but a mark on each of its lines."""

HELD: Final = "held"
"""The standing of what a source holds to be so, which alone passes for a fact."""

NUMBERS: Final = ("#integer", "#decimal", "#double", "#nonNegativeInteger", "#positiveInteger")
"""What the datatype of a number ends in."""

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


Said = tuple[tuple[Column, Cell], ...]
"""Cells with their columns."""


@dataclass(frozen=True)
class Group:
    """Lines about one thing side by side: what it is, what all of them say, and each with what it alone says."""

    head: Cell
    shared: Said
    sides: tuple[tuple[Line, Said], ...]


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
        """Give how many lines, or groups of lines, are left out."""
        return self.total - (len(self.groups) if self.section.placing.together else len(self.lines))

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        """Give the lines together that have the same first cell, with what all of them say said once."""
        found: dict[Cell, list[Line]] = {}
        for line in self.lines:
            found.setdefault(line.cells[0], []).append(line)
        numbers = range(1, len(self.columns))
        alike = [n for n in numbers if all(len({line.cells[n] for line in lines}) == 1 for lines in found.values())]
        shared = alike if len(alike) < len(numbers) else []
        return tuple(Group(head, tuple((self.columns[n], lines[0].cells[n]) for n in shared),
                           tuple((line, tuple((self.columns[n], line.cells[n]) for n in numbers if n not in shared))
                                 for line in lines))
                     for head, lines in found.items())

    @cached_property
    def numbers(self) -> frozenset[str]:
        """Give the names of the columns that hold numbers and nothing else."""
        kinds: dict[str, set[bool]] = {}
        for solution in self.table.solutions if self.table else ():
            for name, term in solution.items():
                kinds.setdefault(name, set()).add(term.get("datatype", "").endswith(NUMBERS))
        return frozenset(name for name, found in kinds.items() if found == {True})

    def written(self, column: Column, cell: Cell) -> str:
        """Give the text of a cell, a number with commas between its thousands."""
        whole, point, rest = cell.text.partition(".")
        if column.name not in self.numbers or not re.fullmatch(r"-?\d+", whole):
            return cell.text
        return f"{int(whole):,}{point}{rest}"


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
    kept, total = _first(lines, section.placing)
    return Answered(section, _headed(section, [table.columns[n] for n in chosen]), tuple(kept), total, table=table)


def _first(lines: Sequence[Line], placing: Placing) -> tuple[Sequence[Line], int]:
    """Give the lines that a page has room for, and how many lines, or groups of them, there are in all."""
    if not placing.together:
        return lines[:placing.rows], len(lines)
    heads = list(dict.fromkeys(line.cells[0] for line in lines))
    shown = set(heads[:placing.rows])
    return [line for line in lines if line.cells[0] in shown], len(heads)


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

