"""Gets the W3C suites of SPARQL and of SHACL as Apache Jena's source release carries them, through Maven."""

import dataclasses
import fcntl
import hashlib
import pathlib
import shutil
import subprocess
import tempfile
import zipfile
from typing import Final

CACHE: Final = pathlib.Path(__file__).parents[2] / ".cache" / "suites"
"""Where what was got is kept; git ignores it."""


@dataclasses.dataclass(frozen=True)
class Release:
    """An artefact in Maven's repositories, its checksum, and the folder in it that is wanted."""

    coordinates: str
    file: str
    sha256: str
    inside: str
    part: str = ""

    @property
    def kept(self) -> pathlib.Path:
        """Where its folder is kept once it was got: a place of its own for each checksum."""
        part = f"-{self.part}" if self.part else ""
        return CACHE / f"{pathlib.Path(self.file).stem}-{self.sha256[:12]}{part}"


JENA: Final = Release(
    coordinates="org.apache.jena:jena:6.1.0:zip:source-release",
    file="jena-6.1.0-source-release.zip",
    sha256="beff6093ca229d49879a083c444e7be970d0728e7260a8c15108c9c716244bcd",
    inside="jena-6.1.0/jena-arq/testing/rdf-tests-cg/sparql/",
)

SHACL: Final = dataclasses.replace(JENA, inside="jena-6.1.0/jena-shacl/src/test/files/std/", part="shacl")


def suites(release: Release = JENA) -> pathlib.Path:
    """Give the folder with `sparql10`, `sparql11` and `sparql12`, or that of SHACL; it is got where it is not there."""
    CACHE.mkdir(parents=True, exist_ok=True)
    with (CACHE / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # Maven is not made for two that fetch the same
        if not release.kept.is_dir():
            with tempfile.TemporaryDirectory(dir=CACHE) as made:
                room = pathlib.Path(made)
                _unpack(release, _download(release, room), room / "unpacked")
                (room / "unpacked").rename(release.kept)
    return release.kept


def _download(release: Release, room: pathlib.Path) -> pathlib.Path:
    """Have Maven copy the artefact into a folder, and hold it against its checksum."""
    maven = shutil.which("mvn")
    if not maven:
        raise FileNotFoundError("The W3C suites come through Maven: install it, so that there is a command mvn.")
    for goal in (["get", "-Dtransitive=false"], ["copy", f"-DoutputDirectory={room}"]):
        told = subprocess.run(
            [maven, "--batch-mode", "--quiet", f"dependency:{goal[0]}", f"-Dartifact={release.coordinates}", goal[1]],
            capture_output=True, text=True, cwd=room, check=False)
        if told.returncode:
            raise OSError(f"Maven could not get {release.coordinates}:\n{told.stdout}{told.stderr}")
    found = room / release.file
    sha256 = hashlib.sha256(found.read_bytes()).hexdigest()
    if sha256 != release.sha256:
        raise OSError(f"{release.file} has the checksum {sha256}, and not {release.sha256} as it ought to.")
    return found


def _unpack(release: Release, archive: pathlib.Path, into: pathlib.Path) -> None:
    """Write the wanted folder of an archive."""
    with zipfile.ZipFile(archive) as opened:
        for entry in opened.infolist():
            if entry.filename.startswith(release.inside) and not entry.is_dir():
                path = into / entry.filename.removeprefix(release.inside)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(opened.read(entry))


if __name__ == "__main__":
    print(suites())
