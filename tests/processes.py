"""What processes there are, as Linux tells it."""

import os
import time
from collections.abc import Callable
from pathlib import Path

PATIENCE = 15.0
"""Seconds in which something has to come about."""


def below(pid: int) -> list[int]:
    """The living processes that a process, or one of its, has started."""
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text("ascii", "replace").rpartition(")")[2].split()
            except OSError:
                continue
            if fields[0] != "Z":
                parents.setdefault(int(fields[1]), []).append(int(entry.name))
    found = parents.get(pid, [])
    return found + [inner for one in found for inner in below(one)]


def readers() -> list[int]:
    """The reader processes that this process has started: parents first, then their children."""
    return [pid for pid in below(os.getpid()) if b"carekg.reader" in command(pid)]


def command(pid: int) -> bytes:
    """The command line of a process, or nothing where it has ended."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def comes_about(what: Callable[[], bool], seconds: float = PATIENCE, every: float = 0.05) -> bool:
    """Wait until something is so, which is looked at every so many seconds; say whether it came to be."""
    until = time.monotonic() + seconds
    while not what():
        if time.monotonic() > until:
            return False
        time.sleep(every)
    return True
