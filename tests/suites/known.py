"""The list of what is known to fail and why, and what a run says beyond it."""

import csv
import dataclasses
import pathlib
from collections.abc import Mapping
from typing import Final

LIST: Final = pathlib.Path(__file__).with_name("known-failures.csv")
PASSES: Final = "passes"
FAILS: Final = "fails"
NOT_RUN: Final = "not run"
EVERY: Final = "*"
"""In the list, all tests of a suite."""

Key = tuple[str, str]


@dataclasses.dataclass(frozen=True)
class Known:
    """A test by suite and name; what it does on the engine in this process and over HTTP; and why."""

    suite: str
    test: str
    engine: str
    server: str
    reason: str


def listed() -> dict[Key, Known]:
    """Give the list by suite and test."""
    with LIST.open(encoding="utf-8", newline="") as file:
        return {(row["suite"], row["test"]): Known(**row) for row in csv.DictReader(file)}


def is_run(suite: str, test: str, known: Mapping[Key, Known]) -> bool:
    """Say whether a test is run at all."""
    row = known.get((suite, test)) or known.get((suite, EVERY))
    return not row or row.engine != NOT_RUN or row.server != NOT_RUN


def news(outcomes: Mapping[Key, str], known: Mapping[Key, Known], where: str) -> list[str]:
    """Give a line for each test that does other than the list says: `where` is `engine` or `server`."""
    lines = []
    for key, wrong in outcomes.items():
        row = known.get(key)
        expected = getattr(row, where) if row else PASSES
        if wrong and expected != FAILS:
            lines.append(f"{' '.join(key)} fails: {wrong[:600]}")
        elif not wrong and expected == FAILS:
            lines.append(f"{' '.join(key)} passes, and is listed as failing")
    return lines
