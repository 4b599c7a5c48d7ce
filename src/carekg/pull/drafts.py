"""Files put in place of others: every draft is whole and on disk before the first of them takes its place."""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from carekg import errors

MARK: Final = ".pulled"
"""What a draft's name ends with; it begins with a full stop, so that nothing reads it as a file of the folder."""


@dataclass(frozen=True)
class Draft:
    """A file, the bytes that it had (None where it was not there), and those that it is to have."""

    path: Path
    before: bytes | None
    after: bytes

    @property
    def place(self) -> Path:
        """Give where the draft stands until it takes its place."""
        return self.target.with_name(f".{self.target.name}{MARK}")

    @property
    def target(self) -> Path:
        """Give the file itself where a link leads to it, so that the link stays one."""
        return self.path.resolve()


def write(drafts: Sequence[Draft], room: Path) -> None:
    """Write files. Killed at any time it leaves each as it was or as it is to be, and can be done again.

    :param room: the folder in which drafts of an earlier time may have been left.
    :raises Unwritable: one cannot be written, or has been edited meanwhile; none was changed.
    """
    try:
        room.mkdir(parents=True, exist_ok=True)
        with _alone(room):
            _write(drafts, room)
    except OSError as error:
        raise errors.Unwritable(error.filename or room, error.strerror or str(error)) from None


@contextlib.contextmanager
def _alone(room: Path) -> Iterator[None]:
    """Hold a folder, so that of two who write at once the second finds what the first has written."""
    handle = os.open(room, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _write(drafts: Sequence[Draft], room: Path) -> None:
    for left in room.rglob(f".*{MARK}"):
        with contextlib.suppress(OSError):
            left.unlink()
    try:
        for draft in drafts:
            _put(draft)
        for draft in drafts:
            _refuse_edited(draft)
        for draft in drafts:
            draft.place.replace(draft.target)
        for parent in {draft.target.parent for draft in drafts}:
            _settle(parent)
    finally:
        for draft in drafts:
            with contextlib.suppress(OSError):
                draft.place.unlink(missing_ok=True)


def _put(draft: Draft) -> None:
    """Write a draft, and have it on disk."""
    draft.path.parent.mkdir(parents=True, exist_ok=True)
    with draft.place.open("wb") as file:
        file.write(draft.after)
        file.flush()
        os.fsync(file.fileno())
    if draft.before is not None:
        draft.place.chmod(draft.path.stat().st_mode)


def _refuse_edited(draft: Draft) -> None:
    now = draft.path.read_bytes() if draft.path.exists() else None
    if now != draft.before:
        raise errors.Unwritable(draft.path, "it was edited just now")


def _settle(folder: Path) -> None:
    """Have on disk which files a folder holds."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
