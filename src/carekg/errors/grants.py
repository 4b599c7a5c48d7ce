"""A file of grants that cannot be imported."""

from __future__ import annotations

from collections.abc import Sequence

from carekg.errors.base import listed
from carekg.errors.inputs import BadInput


class BrokenDocument(BadInput):
    """A file that is to be imported cannot be read to its end."""

    def __init__(self, path: str, what: str) -> None:
        self.path = path
        super().__init__(f"{path} {what}; nothing was changed.")


class BadGrants(BadInput):
    """Grants of a file are not as the standard has them, so that none of it was imported."""

    http_status = 422

    def __init__(self, sentences: Sequence[str], count: int, report: str) -> None:
        self.sentences, self.count = list(sentences), count
        several = listed(f"{count:,} grants are not right, so nothing was imported; {report}.", sentences)
        super().__init__(several if len(sentences) > 1 else f"{sentences[0]} Nothing was imported; {report}.")
