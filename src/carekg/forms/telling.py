"""Which place of a form a finding of the validation is about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from carekg.forms.difference import Difference
from carekg.forms.model import Filled, Problem
from carekg.forms.reading import Forms
from carekg.terms import compact
from carekg.validation import Report, Result


def problems(report: Report, found: Difference, forms: Forms) -> list[Problem]:
    """Give the findings of a report, each at its place; what was typed wrongly is not told of its field once more."""
    wrong = {problem.place.rpartition(".")[0] for problem in found.problems}
    told = [_problem(result, found, forms) for result in report.results]
    return [one for one in _once(told) if not one.place or one.place.rpartition(".")[0] not in wrong]


def _problem(result: Result, found: Difference, forms: Forms) -> Problem:
    message = result.message + (f" It has {result.value}." if result.value else "")
    if result.focus in found.places:
        prefix, filled = found.places[result.focus]
        return Problem(_place(result, prefix, filled, forms), message, (), result.shape, result.violates)
    return Problem("", f"{compact(result.focus)}: {message}", (), result.shape, result.violates)


def _place(result: Result, prefix: str, filled: Filled, forms: Forms) -> str:
    """Give the place in which the value stands, else the first empty one of the fields that the shape is about."""
    speaks = [result.path, *forms.mentions.get(result.shape, ())]
    fields = [field for field in dict.fromkeys(map(filled.form.of, speaks)) if field is not None]
    if not fields:
        return ""
    field = next((one for one in fields if not filled.of(one)), fields[0])
    entries = filled.entries.get(field.key, [])
    bare = result.value.strip("`").partition("`")[0]
    number = next((n for n, one in enumerate(entries) if bare and one.text.strip() == bare), 0)
    return f"{prefix}{field.key}.{number}"


def _once(told: Iterable[Problem]) -> Iterator[Problem]:
    """Give each message at each place once: one shape may say it of several values."""
    yield from {(one.place, one.message): one for one in told}.values()
