"""What every error of carekg is, and how its sentence lists or offers things."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Final


class CarekgError(Exception):
    """Anything that carekg reports to its user in one sentence."""

    exit_code: ClassVar[int] = 1
    http_status: ClassVar[int] = 500

    def headers(self) -> dict[str, str]:
        """Give the headers that an answer with this error has, as its status asks for them."""
        return {}


MOST: Final = 20
"""Problems that one error names."""


def listed(head: str, problems: Sequence[str]) -> str:
    """Give a head and a line for each problem."""
    left = len(problems) - MOST
    more = [f"  ... and {left} more"] if left > 0 else []
    return "\n".join([head, *(f"  {one}" for one in problems[:MOST]), *more])


def did_you_mean(near: Sequence[str]) -> str:
    """Give the end of a sentence that offers near misses, or just its full stop."""
    if not near:
        return "."
    *first, last = near
    return "; did you mean " + (", ".join(first) + " or " + last if first else last) + "?"
