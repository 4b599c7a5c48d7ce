"""The folder of an embedded store: generations of quads on disk, a pointer to the one that is served, a writer's lock.

A build writes a whole new generation beside the old one and moves the pointer last, so that a build that is killed
leaves the old graph served. The quads on disk may lag behind the history: a file in the generation says up to which
change they are, and doing a change again is as good as doing it once.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import shutil
import uuid
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import pyoxigraph as ox

from carekg import errors
from carekg.reader.effect import Effect
from carekg.store import filling

POINTER: Final = "CURRENT"
QUADS: Final = "quads"
MANIFEST: Final = "manifest.json"

MADE: Final = "made-after"
"""Holds the number of the last change that was made before a generation was."""

REACHED: Final = "reached"
"""Holds the number of the last change that a generation's quads have seen."""


class Generations:
    """The generations below ``path``; nothing is there before the first is made."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def quads(self, name: str) -> Path:
        """Give where a generation's quads are."""
        return self.path / name / QUADS

    def current(self) -> str:
        """Give the name of the generation that is served, or nothing."""
        try:
            return (self.path / POINTER).read_text(encoding="ascii").strip()
        except OSError:
            return ""

    def manifest(self, name: str) -> dict[str, Any]:
        """Give what a generation held when it was made.

        :raises StoreError: it is not whole.
        """
        try:
            found: dict[str, Any] = json.loads((self.path / name / MANIFEST).read_text(encoding="utf-8"))
            return found
        except (OSError, ValueError) as error:
            raise errors.StoreError(f"{self.path / name} is not a whole graph ({error}); run `carekg build`.") from None

    def made(self, name: str) -> int:
        """Give the number of the last change that was made before a generation was."""
        return self._number(name, MADE)

    def reached(self, name: str) -> int:
        """Give the number of the last change that a generation's quads have seen."""
        return self._number(name, REACHED)

    def make(self, quads: Sequence[bytes], manifest: str, *, union: bool, reached: int) -> str:
        """Make a generation of N-Quads, which is not served yet; give its name."""
        name = f"generation-{uuid.uuid4().hex}"
        folder = self.path / name
        folder.mkdir()
        store = ox.Store(str(folder / QUADS))
        filling.fill(store, b"".join(quads), union=union)
        del store
        (folder / MANIFEST).write_text(manifest, encoding="utf-8")
        for file in (MADE, REACHED):
            _put(folder / file, str(reached))
        return name

    def serve(self, name: str) -> None:
        """Have the pointer name a generation; remove all but that and the one before, which readers may be loading."""
        before = self.current()
        _put(self.path / POINTER, name)
        for entry in self.path.glob("generation-*"):
            if entry.name not in (name, before):
                shutil.rmtree(entry, ignore_errors=True)

    def catch_up(self, name: str, changes: Iterable[tuple[int, Effect]]) -> None:
        """Do changes to a generation's quads, each with its number.

        :raises StoreError: they cannot be done; they will be before the next ones.
        """
        number = self.reached(name)
        try:
            store = ox.Store(str(self.quads(name)))
            for number, effect in changes:  # noqa: B007 - the last is kept
                effect.apply(store)
            store.flush()
            del store
            _put(self.path / name / REACHED, str(number))
        except (OSError, RuntimeError) as error:
            raise errors.StoreError(f"A change stands in the history of {self.path} and could not be done to the quads "
                                    f"on disk ({error}); it will be before the next one.") from None

    def _number(self, name: str, file: str) -> int:
        try:
            return int((self.path / name / file).read_text(encoding="ascii"))
        except (OSError, ValueError):
            return 0

    @contextlib.contextmanager
    def only_writer(self) -> Iterator[None]:
        """Hold the folder's lock, which ends with the process that holds it.

        :raises StoreError: the folder cannot be written, or another process writes.
        """
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            lock = (self.path / "LOCK").open("w", encoding="ascii")
        except OSError as error:
            raise errors.StoreError(f"The store at {self.path} cannot be written: {error.strerror}; "
                                    "name a folder with --store.") from None
        with lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise errors.StoreError(f"Another process is writing to {self.path}; wait for it to end.") from None
            yield


def _put(path: Path, text: str) -> None:
    """Put a text in place of a file in one step that survives a crash."""
    draft = path.with_name(f"{path.name}.part")
    with draft.open("w", encoding="ascii") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
