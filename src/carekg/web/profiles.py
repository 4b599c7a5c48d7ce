"""The sections of a thing's page, as its template shows them, and the numbered notes that they have on paper."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Any

from flask import url_for

from carekg import profiles
from carekg.query import Receipt
from carekg.web import site
from carekg.web.questions.deprecated import deprecated


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
    return [_part(one, iri) for one in profiles.answered(
        asker, iri, declared, deprecated().marks, rows=site.settings().rows, client=site.client())]


def _part(answer: profiles.Answered, iri: str) -> Part:
    name, arguments = answer.section.query.name, answer.section.arguments(iri)
    values: dict[str, Any] = {"name": name, **arguments}
    data = tuple((form, url_for("questions.question", form=form, **values)) for form in ("csv", "json"))
    return Part(answer, url_for("questions.question", **values), data, arguments)


def _same(receipt: Receipt) -> Receipt:
    """Give a receipt without what it bears out, which does not make it another."""
    return Receipt(receipt.words, receipt.source, receipt.where)
