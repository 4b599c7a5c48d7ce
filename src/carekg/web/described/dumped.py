"""The whole graph as files: written once for each version of the graph, with checksums, tags and ranges.

Who asks first has them written, into a folder of their own beside the store; a process that is killed on the way leaves
nothing that is taken for whole. A file never changes: a new version of the graph gets new ones.
"""

from __future__ import annotations

import fcntl
import gzip
import hashlib
import json
import shutil
import tempfile
import weakref
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, NamedTuple

from carekg import dump, store
from carekg.settings import Settings
from carekg.terms import BASE
from carekg.web.remembered import Remembered

KEPT: Final = 2
"""Versions whose files stay: those of the graph, and those before, which somebody may still be reading."""


class File(NamedTuple):
    """A file of a dump: its name, its media type, that of what is packed in it, and its format's IRI."""

    name: str
    media: str
    packed: str
    format: str

    @property
    def iri(self) -> str:
        """Give the IRI of the file as a distribution of the graph."""
        return f"{BASE}dumps#{self.name}"


FORMATS: Final = "http://www.w3.org/ns/formats/"
FILES: Final = (
    File("carekg.nq.gz", "application/gzip", "application/n-quads", FORMATS + "N-Quads"),
    File("carekg.nq", "application/n-quads", "", FORMATS + "N-Quads"),
    File("carekg.ttl.gz", "application/gzip", "text/turtle", FORMATS + "Turtle"),
    File("carekg.ttl", "text/turtle", "", FORMATS + "Turtle"),
)
"""What a dump consists of: the named graphs as N-Quads, their union as Turtle, each also packed."""


@dataclass(frozen=True)
class Written:
    """A file as it was written: bytes, and SHA-256 in hexadecimal digits."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Dump:
    """The files of one version of a graph: their folder, when the graph was as it is, and what each file is."""

    folder: Path
    modified: datetime
    files: dict[str, Written]


class Dumps:
    """The dumps of one store's graph."""

    def __init__(self, settings: Settings) -> None:
        self._remembered: Remembered[Dump] = Remembered(1)
        is_elsewhere = settings.store.startswith(("http://", "https://", "memory:"))
        # A relative path would be read by Flask as one of the application's own folder.
        self._beside = None if is_elsewhere else Path(settings.store).absolute() / "dumps"
        self._temporary: Path | None = None

    def of(self, graph: store.Store) -> Dump:
        """Give the dump of the graph as it is, written now where it is not there.

        :raises InTheMaking: it is being written, and enough requests wait for it.
        """
        return self._remembered.get(graph.version, "dump", lambda: self._made(graph))

    def _made(self, graph: store.Store) -> Dump:
        place = self._writable()
        with (place / "LOCK").open("w", encoding="ascii") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # one process writes; the others find what it wrote
            while True:
                version = graph.version
                folder = place / hashlib.sha256(version.encode()).hexdigest()[:16]
                if not folder.is_dir():
                    _write(graph, folder)
                if graph.version == version:  # nothing of what was read is of another version
                    _sweep(place, folder)
                    return _read(folder)
                shutil.rmtree(folder)

    def _writable(self) -> Path:
        """Give the folder for dumps: beside the store, or a temporary one where nothing can be written there."""
        if self._beside:
            try:
                self._beside.mkdir(parents=True, exist_ok=True)
                with tempfile.TemporaryFile(dir=self._beside):
                    return self._beside
            except OSError:
                self._beside = None
        if self._temporary is None:
            self._temporary = Path(tempfile.mkdtemp(prefix="carekg-dumps-"))
            weakref.finalize(self, shutil.rmtree, self._temporary, ignore_errors=True)
        return self._temporary


def _write(graph: store.Store, folder: Path) -> None:
    """Write the files into a draft, and give it its name last."""
    draft = Path(tempfile.mkdtemp(prefix="draft-", dir=folder.parent))
    manifest = graph.manifest()
    dump.n_quads(graph, draft / "carekg.nq")
    dump.turtle(draft / "carekg.nq", draft / "carekg.ttl")
    for name in ("carekg.nq", "carekg.ttl"):
        _pack(draft / name, draft / f"{name}.gz")
    files = [asdict(_described(draft / file.name)) for file in FILES]
    modified = manifest.modified if manifest else datetime.now(UTC).isoformat(timespec="seconds")
    told = {"modified": modified, "files": files}
    (draft / "index.json").write_text(json.dumps(told), encoding="utf-8")
    draft.rename(folder)


def _pack(plain: Path, packed: Path) -> None:
    """Pack a file by gzip (RFC 1952) without name and time, so that the same file gives the same bytes."""
    with plain.open("rb") as source, packed.open("wb") as target, gzip.GzipFile("", "wb", 6, target, mtime=0) as whole:
        shutil.copyfileobj(source, whole, 1 << 20)


def _described(path: Path) -> Written:
    with path.open("rb") as file:
        return Written(path.name, path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest())


def _read(folder: Path) -> Dump:
    told = json.loads((folder / "index.json").read_text(encoding="utf-8"))
    files = {one["name"]: Written(**one) for one in told["files"]}
    return Dump(folder, datetime.fromisoformat(told["modified"]), files)


def _sweep(place: Path, newest: Path) -> None:
    """Remove drafts that were broken off, and the files of all versions but the last ones."""
    newest.touch()
    found = sorted((entry for entry in place.iterdir() if entry.is_dir()), key=lambda entry: -entry.stat().st_mtime)
    whole = [entry for entry in found if (entry / "index.json").is_file() and not entry.name.startswith("draft-")]
    for entry in found:
        if entry not in whole[:KEPT]:
            shutil.rmtree(entry, ignore_errors=True)
