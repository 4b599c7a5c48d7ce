"""What is wrong with a sheet that somebody filled in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from carekg.errors.base import listed
from carekg.errors.inputs import BadInput


class BadSheet(BadInput):
    """A file is no sheet that can be read, or is of no class."""

    def __init__(self, name: str, what: str, right: str) -> None:
        self.name = name
        super().__init__(f"{name} {what}; {right}.")


class WrongCells(BadInput):
    """Cells of a sheet are not right: ``problems`` say where, what and what would be right."""

    http_status: ClassVar[int] = 422
    exit_code: ClassVar[int] = 3

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = list(problems)
        several = listed(f"{len(problems)} cells are not right, so nothing was changed.", problems)
        super().__init__(several if len(problems) > 1 else f"Nothing was changed. {problems[0]}")


class Unconfirmed(BadInput):
    """Names in a sheet may mean several things: ``questions`` say which."""

    http_status: ClassVar[int] = 409

    def __init__(self, questions: Sequence[str]) -> None:
        self.questions = list(questions)
        several = listed(f"{len(questions)} names are to be confirmed, so nothing was changed.", questions)
        super().__init__(several if len(questions) > 1 else f"Nothing was changed; to be confirmed: {questions[0]}")
