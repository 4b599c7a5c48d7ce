"""A log of JSON objects, one a line, on the terminal or in a file.

Whatever comes from a client is a JSON string in ASCII: it cannot end a line or move a terminal's cursor.
"""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime
from logging.handlers import WatchedFileHandler
from pathlib import Path
from typing import Any, Final

from carekg import errors
from carekg.web.guard import gate

TERMINAL: Final = "-"
LONGEST: Final = 500
"""Characters of a path that are kept."""


class Lines:
    """A log on stderr or in a file; a file that was moved away, as logrotate does, is begun anew."""

    def __init__(self, name: str, place: str) -> None:
        """Open the log of that name.

        :raises StoreError: the file cannot be written.
        """
        self._name = name
        try:
            self._handler = (logging.StreamHandler(sys.stderr) if place == TERMINAL else
                             WatchedFileHandler(Path(place), encoding="ascii"))
        except OSError as error:
            raise errors.StoreError(f"The {name} log {place} cannot be written: {error.strerror}.") from None

    def close(self) -> None:
        """Let go of the file."""
        self._handler.close()

    def write(self, seen: gate.Seen, **more: Any) -> None:
        """Write a line on a request that was answered."""
        now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        said = {"time": now, "client": seen.client, "method": seen.method, "path": seen.path[:LONGEST],
                "status": seen.status, "bytes": seen.sent, "milliseconds": round(seen.seconds * 1000, 2)}
        said |= {"error": seen.error} if seen.error else {}
        line = json.dumps(said | more)
        self._handler.handle(logging.LogRecord(f"carekg.{self._name}", logging.INFO, "", 0, line, None, None))


def refuse_unwritable(name: str, place: str) -> None:
    """Try to open the log of that name, so that one that cannot be written is told before anything is served.

    :raises StoreError: the file cannot be written.
    """
    if place:
        Lines(name, place).close()
