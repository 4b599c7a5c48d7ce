"""A whole file of grants held against the standard before any of it is imported."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any, Final

from carekg.importers.grants.documents import Documents
from carekg.importers.grants.reading import Source
from carekg.importers.grants.reports import Report
from carekg.importers.grants.rules import Fault, Read, Rules, at
from carekg.importers.grants.seen import Seen

OFTEN: Final = 1000
"""Grants after which progress is told."""


class Checked:
    """The grants of a file, each with its number from 1; those that are not right are told to a report and left out."""

    def __init__(self, source: Source, rules: Rules, report: Report | None) -> None:
        self.source, self._rules, self._report = source, rules, report

    def right(self, seen: Seen, after: int = 0) -> Iterator[tuple[int, Read]]:
        """Give the grants that are right and come after a number, with theirs."""
        for number, one in enumerate(self.source.grants(), start=1):
            faults = self._faults(one, seen, number)
            if not faults and number > after:
                yield number, one
            elif faults and self._report:
                self._report.add(number, one, faults)

    def _faults(self, one: Read, seen: Seen, number: int) -> list[Fault]:
        faults = [*one.faults, *self._rules.faults(one.said)]
        identifier = one.said.get("id") if isinstance(one.said, dict) else None
        if isinstance(identifier, str) and (first := seen.first(identifier, number)) != number:
            faults.append(Fault("id", f"that of grant {first:,} too", "an identifier that no other grant has"))
        return faults


class Odd:
    """Counts the grants of which something is odd that the standard does not forbid, and knows the first of each."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._first: dict[str, str] = {}

    def add(self, number: int, grant: Any) -> None:
        """Look at a grant that is right."""
        for odd in _oddities(grant):
            self._counts[odd] += 1
            self._first.setdefault(odd, f"grant {number:,}, {grant['id']}")

    def notes(self) -> Iterator[str]:
        """Give a sentence on each kind."""
        for odd, count in self._counts.items():
            yield f"Grants {odd}: {count:,}; the first is {self._first[odd]}."


def _oddities(grant: Any) -> Iterator[str]:
    if Decimal(grant["amountAwarded"]) <= 0:
        yield "with a sum of nought or less, which is kept as it is printed and is no amount"
    begins, ends = at(grant, "plannedDates/0/startDate"), at(grant, "plannedDates/0/endDate")
    if begins and ends and ends[:10] < begins[:len(ends[:10])]:
        yield "that are planned to end before they begin, which is kept as it stands there"


def count(source: Source, documents: Documents, rules: Rules, report: Report, told: Callable[[int], None]) -> int:
    """Check a whole file; give how many grants are right, and note with the source what is odd of them.

    :raises BrokenDocument: it cannot be read to its end.
    :raises BadInput: nothing says who published a grant, or under which licence.
    """
    found, odd = 0, Odd()
    with Seen() as seen:
        for found, (number, one) in enumerate(Checked(source, rules, report).right(seen), start=1):
            documents.of(one.said)
            odd.add(number, one.said)
            if not found % OFTEN:
                told(found)
    source.notes += odd.notes()
    return found
