"""Where the file of an index is: beside the graph, so that the next process finds it there, or in a temporary folder.

A file's name says of which history it is, since which build, and by which questions it was made, so that no process
takes the file of another for its own.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import shutil
import tempfile
import time
import weakref
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from carekg import __version__, errors
from carekg.search.database import TABLES
from carekg.search.facets import Declared
from carekg.store import Store

HEAD: Final = "find-"
DAY: Final = 86_400
"""Seconds after which the file of another history, build or folder of questions is removed."""

PATIENCE: Final = 600.0
"""Seconds for which a process waits for another that makes the same index."""

MOMENT: Final = 0.1


class Files:
    """The files of the indexes of one graph, for one process."""

    def __init__(self, graph: Store, declared: Sequence[Declared]) -> None:
        self._graph = graph
        said = [TABLES, __version__, *(f"{one.query.name}\n{one.query.text}" for one in declared)]
        self._questions = hashlib.sha256("\n".join(said).encode()).hexdigest()[:12]
        self._temporary: Path | None = None
        self._count = 0

    def kept(self) -> Path | None:
        """Give where the index of the graph is kept, or would be; None where it cannot be."""
        history = self._graph.history.name()
        if self._graph.beside is None or not history:
            return None
        made = hashlib.sha256(f"{history} {self._graph.history.served().get('made', 0)}".encode()).hexdigest()[:12]
        return self._graph.beside / f"{HEAD}{made}-{self._questions}.sqlite"

    @contextlib.contextmanager
    def passing(self) -> Iterator[Path]:
        """Give where an index goes that is not kept: in a folder that goes when this does, and at once if it fails."""
        if self._temporary is None:
            self._temporary = Path(tempfile.mkdtemp(prefix="carekg-find-"))
            weakref.finalize(self, shutil.rmtree, self._temporary, ignore_errors=True)
        self._count += 1
        path = self._temporary / f"{self._count}.sqlite"
        try:
            yield path
        except BaseException:
            _remove(path)
            raise

    def let_go(self, path: Path) -> None:
        """Remove an index that is not kept and that another has come in the place of."""
        if path.parent == self._temporary:
            _remove(path)

    def drop(self) -> None:
        """Remove what is kept and cannot be read."""
        if (kept := self.kept()) is not None:
            _remove(kept)

    def clear(self) -> None:
        """Remove what is not kept."""
        if self._temporary is not None:
            shutil.rmtree(self._temporary, ignore_errors=True)
            self._temporary = None


@contextlib.contextmanager
def making(path: Path) -> Iterator[Path | None]:
    """Give where to make an index that is then kept at a path, while nobody else makes it; None where it is there.

    :raises OSError: nothing can be written there.
    :raises InTheMaking: another process makes it, and goes on.
    """
    with path.with_name(f"{HEAD}lock").open("w", encoding="ascii") as lock:
        until = time.monotonic() + PATIENCE
        while not _locked(lock.fileno()):
            if time.monotonic() > until:
                raise errors.InTheMaking
            time.sleep(MOMENT)
        if path.exists():
            yield None
            return
        part = path.with_suffix(".part")
        _remove(part)
        try:
            yield part
            part.rename(path)
        except BaseException:  # such as a full disk, which has no room for what is half made
            _remove(part)
            raise
        _sweep(path)


def _remove(path: Path) -> None:
    """Remove a file of SQLite with what SQLite has beside it."""
    for one in path.parent.glob(f"{path.name}*"):
        one.unlink(missing_ok=True)


def _locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _sweep(path: Path) -> None:
    """Remove the files of older histories, builds and questions, which nobody has written to for a day."""
    for other in path.parent.glob(f"{HEAD}*.sqlite*"):
        with contextlib.suppress(OSError):
            if not other.name.startswith(path.name) and time.time() - other.stat().st_mtime > DAY:
                other.unlink()
