"""A whole file of grants held against the standard before any of it is imported."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from carekg.importers.grants.documents import Documents
from carekg.importers.grants.reading import Source
from carekg.importers.grants.reports import Report
from carekg.importers.grants.rules import Fault, Read, Rules
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


def count(source: Source, documents: Documents, rules: Rules, report: Report, told: Callable[[int], None]) -> int:
    """Check a whole file; give how many grants are right.

    :raises BrokenDocument: it cannot be read to its end.
    :raises BadInput: nothing says who published a grant, or under which licence.
    """
    found = 0
    with Seen() as seen:
        for found, (_, one) in enumerate(Checked(source, rules, report).right(seen), start=1):
            documents.of(one.said)
            if not found % OFTEN:
                told(found)
    return found
