"""Whether there is room in memory for what a build or a pull takes into it, before the system ends either halfway."""

from __future__ import annotations

import contextlib
import re
from pathlib import Path
from typing import Final

from carekg import errors

EACH: Final = 4 * 2**10
"""Bytes that a build needs for a statement: 1.9 GB for 486,000, mostly for pyshacl."""


def refuse_beyond(statements: int) -> None:
    """Refuse to take so many statements into memory where they would not fit; where it is not known, they may.

    :raises BeyondMemory: they do not.
    """
    needed, free = statements * EACH, available()
    if free is not None and needed > free:
        raise errors.BeyondMemory(statements, needed, free)


def available() -> int | None:
    """Give the bytes of memory that are free or can be made so, as Linux tells it; None elsewhere."""
    with contextlib.suppress(OSError):
        found = re.search(r"^MemAvailable:\s+(\d+) kB", Path("/proc/meminfo").read_text("ascii"), re.MULTILINE)
        return int(found[1]) * 2**10 if found else None
    return None
