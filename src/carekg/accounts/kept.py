"""A small file of secrets: its owner's alone (mode 600), not trusted where others may write it, written whole."""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from carekg import errors

OTHERS_WRITE: Final = stat.S_IWGRP | stat.S_IWOTH
OTHERS_READ: Final = stat.S_IRGRP | stat.S_IROTH

NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
"""What users and tokens are called by."""


class Kept:
    """The file at a path that keeps ``what``; ``then`` is what to do once it is closed to others."""

    def __init__(self, path: Path, what: str, then: str, *, refused: int = OTHERS_WRITE) -> None:
        self.path, self.what, self.then, self.refused = path, what, then, refused

    def read(self) -> bytes | None:
        """Give what is in the file; None where there is none.

        :raises StoreError: it cannot be read, or others may write it.
        """
        try:
            with self.path.open("rb") as file:
                mode = os.fstat(file.fileno()).st_mode
                text = file.read()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise errors.StoreError(f"The {self.what} in {self.path} cannot be read: {error.strerror}.") from None
        if mode & self.refused:
            does = "changed" if mode & OTHERS_WRITE else "read"
            raise errors.StoreError(f"The {self.what} in {self.path} can be {does} by others, so none is trusted; "
                                    f"run `chmod 600 {self.path}`, then {self.then}.")
        return text

    @contextlib.contextmanager
    def changing(self) -> Iterator[None]:
        """Let one process at a time change the file, by `write`.

        :raises StoreError: it cannot be written.
        """
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with _locked(self.path.parent):
                yield
        except OSError as error:
            raise errors.StoreError(f"The {self.what} in {self.path} cannot be written: {error.strerror}.") from None

    def write(self, text: str) -> None:
        """Put a text in place of the file, all or nothing; a draft of `mkstemp` is its owner's alone (mode 600)."""
        descriptor, draft = tempfile.mkstemp(dir=self.path.parent, prefix=f".{self.path.name}-")
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            Path(draft).replace(self.path)
        except OSError:
            Path(draft).unlink(missing_ok=True)
            raise


@contextlib.contextmanager
def _locked(folder: Path) -> Iterator[None]:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
