"""The sections of a thing's page, as its template shows them, and the numbered notes that they have on paper."""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import pyoxigraph as ox
from flask import url_for

from carekg import charts, errors, profiles, store
from carekg.query import Receipt
from carekg.terms import CARE
from carekg.web import site
from carekg.web.questions.deprecated import deprecated

CLAIMS: Final = f"SELECT ?claim WHERE {{ VALUES ?claim {{ CELLS }} ?claim a <{CARE.Claim}> }}"

FEWEST: Final = 2
"""Lines of a section from which on a picture beside them says more than they do."""


@dataclass
class Notes:
    """Receipts numbered as they come, each once."""

    numbers: dict[Receipt, int] = field(default_factory=dict)

    def of(self, receipts: Collection[Receipt]) -> str:
        """Give the numbers of some receipts, new ones where they are new: `3, 5–8`."""
        found = sorted({self.numbers.setdefault(_same(one), len(self.numbers) + 1) for one in receipts})
        runs: list[list[int]] = []
        for number in found:
            if runs and number == runs[-1][-1] + 1:
                runs[-1].append(number)
            else:
                runs.append([number])
        return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs)

    def __iter__(self) -> Iterator[tuple[int, Receipt]]:
        """Give each number with its receipt."""
        return ((number, receipt) for receipt, number in self.numbers.items())

    def __len__(self) -> int:
        """Give how many there are."""
        return len(self.numbers)


@dataclass(frozen=True)
class Part:
    """A section with what its template needs beside the answer: the addresses of its question, page and data.

    ``claims`` are the IRIs of those claims on the page that may be about something else than its thing.
    """

    answer: profiles.Answered
    ask: str
    data: tuple[tuple[str, str], ...]
    arguments: dict[str, str]
    pictures: tuple[charts.Picture, ...] = ()
    claims: frozenset[str] = frozenset()

    @property
    def key(self) -> str:
        """Give the name of the section."""
        return self.answer.section.key

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
    answers = profiles.answered(asker, iri, declared, deprecated().marks, rows=site.settings().rows,
                                client=site.client())
    claims = _claims(answers)
    return [_part(one, iri, claims) for one in answers]


def _claims(answers: Iterable[profiles.Answered]) -> frozenset[str]:
    """Give the IRIs in lines with receipts that are of claims."""
    cells = {ox.NamedNode(cell.iri) for one in answers for line in one.lines if line.receipts
             for cell in line.cells if cell.iri}
    text = CLAIMS.replace("CELLS", " ".join(map(str, cells)))
    return frozenset(row["claim"] for row in store.rows(site.asker().graph, text)) if cells else frozenset()


def _part(answer: profiles.Answered, iri: str, claims: frozenset[str]) -> Part:
    name, arguments = answer.section.query.name, answer.section.arguments(iri)
    values: dict[str, Any] = {"name": name, **arguments}
    data = tuple((form, url_for("questions.question", form=form, **values)) for form in ("csv", "json"))
    return Part(answer, url_for("questions.question", **values), data, arguments, _pictures(answer),
                claims)


def _pictures(answer: profiles.Answered) -> tuple[charts.Picture, ...]:
    """Give the pictures that a section declares and its answer allows; one line alone needs none."""
    drawings = {one.kind: one for one in reversed(answer.section.query.drawings)}
    found, least = [], FEWEST if answer.lines else 1
    for kind in answer.section.placing.drawings:
        if answer.table and answer.total >= least and kind in drawings:
            with contextlib.suppress(errors.BadDrawing):
                found.append(charts.draw(answer.table, drawings[kind]))
    return tuple(found)


def _same(receipt: Receipt) -> Receipt:
    """Give a receipt without what it bears out, which does not make it another."""
    return Receipt(receipt.words, receipt.source, receipt.where)
