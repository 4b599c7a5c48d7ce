"""Small knowledge folders for tests: the shipped vocabulary, shapes and questions around a few invented statements."""

import shutil
from collections.abc import Iterable
from pathlib import Path

import pyoxigraph as ox

from carekg import folder
from carekg.terms import BASE, PREFIXES

ROOT = Path(__file__).parent.parent
GOOD = ROOT / "tests" / "worlds" / "good.ttl"
LABEL = PREFIXES["rdfs"] + "label"


def prefixed(turtle: str) -> str:
    """Turtle with every prefix that carekg knows."""
    return "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in PREFIXES.items()) + turtle


def triples(turtle: str) -> tuple[ox.Triple, ...]:
    """The triples of some Turtle that uses carekg's prefixes."""
    return tuple(quad.triple for quad in ox.parse(prefixed(turtle), ox.RdfFormat.TURTLE))


def read(*parts: str) -> tuple[ox.Triple, ...]:
    """The triples of whole parts of the shipped folder, such as ``ontology``."""
    files = folder.load(ROOT)
    return tuple(triple for part in parts for file in getattr(files, part) for triple in file.triples)


def term(name: str) -> ox.NamedNode:
    """The IRI that ``prefix:name`` stands for."""
    prefix, _, local = name.partition(":")
    return ox.NamedNode(PREFIXES[prefix] + local)


def folder_at(path: Path, data: str) -> Path:
    """Write a folder that lint and shapes accept: what is shipped, without its data, around the Turtle given."""
    for part in ("ontology", "shapes", "queries"):
        shutil.copytree(ROOT / part, path / part)
    (path / "data").mkdir()
    (path / "data" / "world.ttl").write_text(data, encoding="utf-8")
    cited = _cited(folder.load(path).files)
    labels = "".join(f'<{iri}> <{LABEL}> "cited by the vocabulary"@en .\n' for iri in sorted(cited))
    (path / "data" / "cited.ttl").write_text(labels, encoding="utf-8")
    return path


def good_folder(path: Path) -> Path:
    """Write the folder of the small good world: walks by lantern light in the town of Saltmere."""
    return folder_at(path, GOOD.read_text(encoding="utf-8"))


def _cited(files: Iterable[folder.File]) -> set[str]:
    """The sources that the files cite and do not describe."""
    found = [triple for file in files for triple in file.triples]
    described = {str(triple.subject)[1:-1] for triple in found}
    objects = {triple.object.value for triple in found if isinstance(triple.object, ox.NamedNode)}
    return {iri for iri in objects - described if iri.startswith(BASE + "id/source/")}
