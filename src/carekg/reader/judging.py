"""Whether a whole update is well formed, as the engine's grammar has it.

The engine takes declarations at the start only, where the grammar has them before any operation
(https://www.w3.org/TR/sparql11-query/#rUpdate). So a text is read from one such place to the next.
"""

from __future__ import annotations

import contextlib
import itertools
import re
from collections.abc import Sequence
from typing import Any

import pyoxigraph as ox


def parses(text: str, base: str | None, operations: Sequence[dict[str, Any]]) -> None:
    """Read an update on stores where it can do nothing.

    :raises SyntaxError: it does not parse; line and column are those of the whole text.
    """
    start, declared = 0, ""
    for before, one in itertools.pairwise(operations):
        if "declares" in one:
            _read(text, start, one["declares"], declared, base)
            start, declared = one["declares"], before["prologue"]
    _read(text, start, len(text), declared, base)


def _read(text: str, start: int, end: int, declared: str, base: str | None) -> None:
    """Read a part of a text, with what was declared before it on lines of its own."""
    head = f"{declared}\n" if declared else ""
    try:
        with contextlib.suppress(OSError, RuntimeError, ValueError):  # such as a graph that an empty store cannot drop
            ox.Store().update(head + text[start:end], base_iri=base)
    except SyntaxError as error:
        raise SyntaxError(_placed(str(error), head.count("\n"), text[:start])) from None


def _placed(message: str, lines: int, before: str) -> str:
    """Give a message with the line and the column in the whole text."""
    found = re.match(r"error at (\d+):(\d+):", message)
    if not found:
        return message
    line, column = int(found[1]) - lines, int(found[2])
    column += len(before) - before.rfind("\n") - 1 if line == 1 else 0
    return f"error at {line + before.count(chr(10))}:{column}:{message[found.end():]}"
