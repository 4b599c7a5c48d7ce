"""A store on disk as its readers open it: as it is between two changes, and as a copy of their own to change."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox


@contextlib.contextmanager
def settled(path: str, *, writing: bool = False) -> Iterator[None]:
    """Hold a store still: nobody changes it while others open it, and nobody opens it while it is changed.

    The engine writes many quads in several steps, and a store that was opened shows what there was at that moment.
    """
    place = os.open(path, os.O_RDONLY)
    try:
        fcntl.flock(place, fcntl.LOCK_EX if writing else fcntl.LOCK_SH)
        yield
    finally:
        os.close(place)


def opened(path: str) -> ox.Store:
    """Give a store to read, as it is now."""
    with settled(path):
        return ox.Store.read_only(path)


def copied(path: str) -> ox.Store:
    """Give a copy of a store in memory."""
    on_disk, copy = opened(path), ox.Store()
    copy.bulk_extend(iter(on_disk))  # quad by quad, so that blank nodes keep their names
    for graph in on_disk.named_graphs():
        copy.add_graph(graph)
    return copy


def of_its_own(path: str) -> ox.Store:
    """Give a copy of a store to change, made of links to its files; whoever buries this process removes it."""
    place = _place(path, os.getpid())
    opened(path).backup(place)
    return ox.Store(place)


def remove_own(path: str, pid: int) -> None:
    """Remove the copy that a process had."""
    shutil.rmtree(_place(path, pid), ignore_errors=True)


def _place(path: str, pid: int) -> str:
    return f"{path}-of-{pid}"


def yet_to_open(path: str) -> int:
    """Give how many files of a store the engine has yet to open: it opens a few with the store, the rest late."""
    known = {str(entry) for entry in Path(path).glob("*.sst")}
    return len(known - set(open_files().values()))


def open_files() -> dict[int, str]:
    """Give this process's file descriptors, where the system lists them, and what each is of."""
    found = {}
    with contextlib.suppress(OSError):
        for entry in Path("/proc/self/fd").iterdir():
            with contextlib.suppress(OSError):  # the one that lists them
                found[int(entry.name)] = str(entry.readlink())
    return found
