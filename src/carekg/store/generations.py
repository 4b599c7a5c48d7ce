"""The folder of an embedded store: generations of quads on disk, and a writer's lock.

A build writes a whole new generation beside the old one, and the history names the one that is served, so that a build
that is killed leaves the old graph served. The quads on disk may lag behind the history: a file in the generation says
up to which change they are, and doing a change again is as good as doing it once.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import time
import uuid
from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO
from pathlib import Path
from typing import IO, Final

import pyoxigraph as ox

from carekg import errors
from carekg.reader import disk
from carekg.reader.effect import Effect, Graph
from carekg.store import filling

QUADS: Final = "quads"

REACHED: Final = "reached"
"""Holds the number of the last change that a generation's quads have seen."""


MOMENT: Final = 0.02
"""Seconds after which it is tried again to write where others do."""


class Generations:
    """The generations below ``path``; nothing is there before the first is made."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def quads(self, name: str) -> Path:
        """Give where a generation's quads are."""
        return self.path / name / QUADS

    def reached(self, name: str) -> int:
        """Give the number of the last change that a generation's quads have seen, nought where it is not known."""
        try:
            return int((self.path / name / REACHED).read_text(encoding="ascii"))
        except (OSError, ValueError):
            return 0

    def make(self, quads: Sequence[bytes], *, union: bool) -> str:
        """Make a generation of N-Quads, which is not served yet; give its name.

        :raises StoreError: there is no room for it.
        """
        name = f"generation-{uuid.uuid4().hex}"
        try:
            (self.path / name).mkdir()
            store = ox.Store(str(self.quads(name)))
            filling.fill(store, b"".join(quads), union=union)
            del store
        except OSError as error:
            shutil.rmtree(self.path / name, ignore_errors=True)
            raise errors.StoreError(f"The graph cannot be written to {self.path}: {error}; the one before is still "
                                    "served.") from None
        return name

    def sweep(self, *names: str) -> None:
        """Remove all but these generations."""
        for entry in self.path.glob("generation-*"):
            if entry.name not in names:
                shutil.rmtree(entry, ignore_errors=True)

    def note(self, name: str, reached: int) -> None:
        """Note up to which change the quads of a generation are, in one step that survives a crash."""
        path = self.path / name / REACHED
        draft = path.with_name(f"{REACHED}.part")
        with draft.open("w", encoding="ascii") as file:
            file.write(str(reached))
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)

    def catch_up(self, name: str, changes: Iterable[tuple[int, Effect]]) -> None:
        """Do changes to a generation's quads, each with its number.

        :raises StoreError: they cannot be done; they will be before the next ones.
        """
        number = self.reached(name)
        try:
            with disk.settled(str(self.quads(name)), writing=True):
                store = ox.Store(str(self.quads(name)))
                for number, effect in changes:  # noqa: B007 - the last is kept
                    effect.apply(store)
                store.flush()
                del store
            self.note(name, number)
        except (OSError, RuntimeError) as error:
            raise errors.StoreError(f"A change stands in the history of {self.path} and could not be done to the quads "
                                    f"on disk ({error}); it will be before the next one.") from None

    def differences(self, one: str, other: str) -> Iterator[tuple[Graph, list[bytes]]]:
        """Give the graphs in which a generation, or none, differs from another, with the rows of a patch.

        The default graph comes first; where it is the union of the others its rows say nothing new.
        """
        with self._opened(one) as old, self._opened(other) as new:
            names = {name for store in (old, new) for name in store.named_graphs()}
            for graph in (ox.DefaultGraph(), *sorted(names, key=str)):
                there = (graph in set(old.named_graphs()), graph in set(new.named_graphs()))
                rows = list(_rows(old, new, graph))
                if there[0] != there[1]:
                    rows.insert(0, f"H {'created' if there[1] else 'dropped'} {graph} .\n".encode())
                if rows:
                    yield graph, rows

    def is_whole(self, name: str) -> bool:
        """Say whether the quads of a generation can all be read."""
        try:
            with self._opened(name) as store:
                return bool(name) and all(True for _ in store)
        except (OSError, RuntimeError):
            return False

    @contextlib.contextmanager
    def _opened(self, name: str) -> Iterator[ox.Store]:
        """Open the quads of a generation to read them; an empty store for no name."""
        if not name:
            yield ox.Store()
        else:
            yield ox.Store.read_only(str(self.quads(name)))

    @contextlib.contextmanager
    def only_writer(self, patience: float = 0.0) -> Iterator[None]:
        """Hold the folder's lock, which ends with the process that holds it.

        :param patience: seconds to wait for another process that writes.
        :raises StoreError: the folder cannot be written, or another process writes, and goes on.
        """
        until = time.monotonic() + patience
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            lock = (self.path / "LOCK").open("w", encoding="ascii")
        except OSError as error:
            raise errors.StoreError(f"The store at {self.path} cannot be written: {error.strerror}; "
                                    "name a folder with --store.") from None
        with lock:
            while not _locked(lock):
                if time.monotonic() >= until:
                    raise errors.StoreError(f"Another process is writing to {self.path}; wait for it to end.")
                time.sleep(MOMENT)
            yield


def _locked(file: IO[str]) -> bool:
    """Take a file's lock, and say whether nobody else holds it."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _rows(old: ox.Store, new: ox.Store, graph: Graph) -> Iterator[bytes]:
    """Give the rows by which a graph of one store becomes that of another: first those that go."""
    before, after = (_lines(store, graph) for store in (old, new))
    end = b" .\n" if isinstance(graph, ox.DefaultGraph) else f" {graph} .\n".encode()
    for letter, lines in ((b"D ", before - after), (b"A ", after - before)):
        yield from (letter + line + end for line in sorted(lines))


def _lines(store: ox.Store, graph: Graph) -> set[bytes]:
    """Give the triples of a graph as lines of N-Triples without their full stops."""
    text = BytesIO()
    store.dump(text, ox.RdfFormat.N_TRIPLES, from_graph=graph)
    return {line[:-2] for line in text.getvalue().split(b"\n") if line}
