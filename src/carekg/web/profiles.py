"""The sections of a thing's page, as its template shows them, and the numbered notes that they have on paper."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from flask import url_for

from carekg import charts, errors, profiles
from carekg.query import Cell, Column, Receipt, Table
from carekg.web import site
from carekg.web.questions.deprecated import deprecated

NUMBERS: Final = ("#integer", "#decimal", "#double", "#nonNegativeInteger", "#positiveInteger")
"""What the datatype of a number ends in."""

FEWEST: Final = 2
"""Lines of a section from which on a picture of them says more than they do."""


@dataclass
class Notes:
    """Receipts numbered as they come, each once."""

    numbers: dict[Receipt, int] = field(default_factory=dict)

    def of(self, receipts: Collection[Receipt]) -> list[int]:
        """Give the numbers of some receipts, new ones where they are new."""
        return sorted({self.numbers.setdefault(_same(one), len(self.numbers) + 1) for one in receipts})

    def __iter__(self) -> Iterator[tuple[int, Receipt]]:
        """Give each number with its receipt."""
        return ((number, receipt) for receipt, number in self.numbers.items())

    def __len__(self) -> int:
        """Give how many there are."""
        return len(self.numbers)


@dataclass(frozen=True)
class Part:
    """A section with what its template needs beside the answer: the addresses of its question, page and data."""

    answer: profiles.Answered
    ask: str
    data: tuple[tuple[str, str], ...]
    arguments: dict[str, str]
    pictures: tuple[charts.Picture, ...] = ()
    numbers: frozenset[str] = frozenset()
    """The columns that hold numbers."""

    @property
    def key(self) -> str:
        """Give the name of the section."""
        return self.answer.section.key

    def written(self, cell: Cell, column: Column) -> str:
        """Give the text of a cell, a number with commas between its thousands."""
        whole, point, rest = cell.text.partition(".")
        if column.name not in self.numbers or not re.fullmatch(r"-?\d+", whole):
            return cell.text
        return f"{int(whole):,}{point}{rest}"

    @property
    def marked(self) -> bool:
        """Say whether some line of it is no plain fact."""
        return any(line.standing not in ("", profiles.HELD) for line in self.answer.lines)


def parts(iri: str, kinds: Collection[str]) -> list[Part]:
    """Give the sections of a thing of some kinds, answered; none where no question declares one."""
    asker = site.asker()
    declared = profiles.sections(asker.queries.values(), kinds)
    if not declared:
        return []
    return [_part(one, iri) for one in profiles.answered(
        asker, iri, declared, deprecated().marks, rows=site.settings().rows, client=site.client())]


def _part(answer: profiles.Answered, iri: str) -> Part:
    name, arguments = answer.section.query.name, answer.section.arguments(iri)
    values: dict[str, Any] = {"name": name, **arguments}
    data = tuple((form, url_for("questions.question", form=form, **values)) for form in ("csv", "json"))
    return Part(answer, url_for("questions.question", **values), data, arguments, _pictures(answer),
                _numeric(answer.table) if answer.table else frozenset())


def _pictures(answer: profiles.Answered) -> tuple[charts.Picture, ...]:
    """Give the pictures that a section declares and its answer allows; one line alone needs none."""
    drawings = {one.kind: one for one in reversed(answer.section.query.drawings)}
    found = []
    for kind in answer.section.placing.drawings:
        if answer.table and answer.total >= FEWEST and kind in drawings:
            with contextlib.suppress(errors.BadDrawing):
                found.append(charts.draw(answer.table, drawings[kind]))
    return tuple(found)


def _numeric(table: Table) -> frozenset[str]:
    """Give the columns that hold numbers and nothing else."""
    kinds: dict[str, set[bool]] = {}
    for solution in table.solutions:
        for name, term in solution.items():
            kinds.setdefault(name, set()).add(term.get("datatype", "").endswith(NUMBERS))
    return frozenset(name for name, found in kinds.items() if found == {True})


def _same(receipt: Receipt) -> Receipt:
    """Give a receipt without what it bears out, which does not make it another."""
    return Receipt(receipt.words, receipt.source, receipt.where)
