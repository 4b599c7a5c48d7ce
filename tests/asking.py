"""Prepared questions as tests ask them, and their answers as tests read them."""

import csv
import functools
import io
from collections.abc import Sequence

import small
from carekg import query

ANSWERS = small.ROOT / "tests" / "answers"

Rows = list[list[str]]


def read(answer: bytes) -> Rows:
    """The rows of a CSV answer, header first, or the sorted lines of a graph, each a row."""
    return list(csv.reader(io.StringIO(answer.decode("utf-8"), newline="")))


def given(asker: query.Asker, name: str, form: str = "csv", **arguments: str | Sequence[str]) -> bytes:
    """The bytes of an answer; the same question is asked once."""
    lists = {key: (value,) if isinstance(value, str) else tuple(value) for key, value in arguments.items()}
    return _answer(asker, name, form, tuple(lists.items()))


@functools.cache
def _answer(asker: query.Asker, name: str, form: str, arguments: tuple[tuple[str, tuple[str, ...]], ...]) -> bytes:
    return asker.ask(asker.queries[name], dict(arguments), form).read()


def asked(asker: query.Asker, name: str, **arguments: str | Sequence[str]) -> list[dict[str, str]]:
    """The rows of an answer, each by the names of its columns."""
    head, *rows = read(given(asker, name, **arguments))
    return [dict(zip(head, row, strict=True)) for row in rows]


def table(asker: query.Asker, name: str, **arguments: str) -> query.Table:
    """An answer as people see it."""
    return query.Table.from_json(given(asker, name, "json", **arguments))
