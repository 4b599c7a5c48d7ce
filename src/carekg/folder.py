"""A knowledge folder: ``ontology/ shapes/ data/ queries/`` read into triples, one named graph a file."""

from __future__ import annotations

import codecs
import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Final, TypeVar
from urllib.parse import quote

import pyoxigraph as ox

from carekg import __version__, errors
from carekg.places import Places, Source
from carekg.terms import BASE, PREFIXES

Term = TypeVar("Term")

PARTS: Final = ("ontology", "shapes", "data")
FORMATS: Final = {
    ".ttl": ox.RdfFormat.TURTLE,
    ".nt": ox.RdfFormat.N_TRIPLES,
    ".rdf": ox.RdfFormat.RDF_XML,
    ".jsonld": ox.RdfFormat.JSON_LD,
}


@dataclass(frozen=True)
class File:
    """One RDF file: its path, the IRI of its graph, and its triples."""

    path: Path
    graph: str
    triples: tuple[ox.Triple, ...]

    def quads(self) -> bytes:
        """Give the file as canonical N-Quads in its graph: the same triples give the same bytes."""
        return b"".join(canonical(self.triples, self.graph))

    def line_of(self, subject: str, *terms: str) -> int | None:
        """Give the line on which a subject's statements begin, or name one of the terms, from 1, where it can be told.

        A term is an IRI, or a text as it stands between quotes; of several, the first that is found counts.
        """
        text = self.path.read_text(encoding="utf-8-sig", errors="replace")
        names = _spellings(subject, text)
        match = re.search(rf"(?m)^(?:{names})", text) or re.search(rf"(?m)^[^\S\n]+(?:{names})", text)
        if not match:
            return None
        next_one = re.compile(r"(?m)^[^\s#)\]]").search(text, match.end())
        end = next_one.start() if next_one else len(text)
        found = (re.compile(f'{_spellings(term, text)}|"{re.escape(term)}"').search(text, match.end(), end)
                 for term in terms if term)
        named = next((one for one in found if one), match)
        return text.count("\n", 0, named.start()) + 1


@dataclass(frozen=True)
class Folder:
    """All that a knowledge folder holds; ``queries`` maps a stem to its file."""

    path: Path
    ontology: tuple[File, ...]
    shapes: tuple[File, ...]
    data: tuple[File, ...]
    queries: dict[str, Path] = field(default_factory=dict)
    digest: str = ""

    @property
    def files(self) -> tuple[File, ...]:
        """Give every RDF file of the folder."""
        return self.ontology + self.shapes + self.data

    @cached_property
    def places(self) -> Places:
        """Give where each statement of the folder stands."""
        return Places(Source(file.path, file.triples, file.line_of) for file in self.files)

    def where(self, subject: str, predicate: str = "", value: str = "") -> str:
        """Give the file and the line of a statement, or of what else is said of its subject, or nothing.

        :param subject: an IRI, or ``_:name`` for a blank node.
        :param value: as N-Triples has it.
        """
        place = self.places.of(subject, predicate, value)
        if place is None:
            return ""
        return f"{place.path.relative_to(self.path)}{f':{place.line}' if place.line else ''}"


def _spellings(iri: str, text: str) -> str:
    """Give a pattern for the ways in which a text may write an IRI."""
    names = [re.escape(f"<{iri}>")]
    for prefix, namespace in re.findall(r"(?im)^\s*@?prefix\s+([\w-]*):\s*<([^>]*)>", text):
        if namespace and iri.startswith(namespace):
            names.append(re.escape(f"{prefix}:{iri[len(namespace):]}") + r"(?![\w-])")
    return "|".join(names)


def canonical(triples: Iterable[ox.Triple], graph: str) -> list[bytes]:
    """Give sorted lines of N-Quads for the triples in a graph.

    Blank nodes are named by RDFC-1.0 (https://www.w3.org/TR/rdf-canon/) and marked with their graph.
    """
    name = ox.NamedNode(graph)
    dataset = ox.Dataset(ox.Quad(t.subject, t.predicate, t.object, name) for t in triples)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    mark = hashlib.sha256(graph.encode()).hexdigest()[:8]
    marked = (ox.Quad(_marked(q.subject, mark), q.predicate, _marked(q.object, mark), name) for q in dataset)
    lines = ox.serialize(marked, format=ox.RdfFormat.N_QUADS) or b""
    return sorted(lines.splitlines(keepends=True))


def _marked(term: Term, mark: str) -> Term | ox.BlankNode:
    """Give a blank node with its graph's mark, and any other term as it is."""
    return ox.BlankNode(f"g{mark}{term.value.removeprefix('c14')}") if isinstance(term, ox.BlankNode) else term


def load(path: Path) -> Folder:
    """Read a knowledge folder.

    :raises MissingPart: the folder or its ontology is not there.
    :raises BrokenFile: a file does not parse; the error has its line and column.
    """
    if not path.is_dir():
        raise errors.MissingPart(path, "folder", "name one that holds ontology/, shapes/, data/ and queries/")
    _refuse_twins(path)
    parts = {part: tuple(read(found, path) for found in _rdf_files(path / part)) for part in PARTS}
    if not parts["ontology"]:
        raise errors.MissingPart(path, "ontology", "put the vocabulary's Turtle files into its ontology/ folder")
    return Folder(path, **parts, queries=queries(path), digest=digest(path))


def is_empty(path: Path) -> bool:
    """Say whether a folder is there and holds nothing, so that there is nothing to validate and nothing to refuse."""
    return path.is_dir() and not any(path.iterdir())


def queries(path: Path) -> dict[str, Path]:
    """Give the files of a folder's prepared queries by name.

    :raises MissingPart: the folder is not there.
    """
    if not path.is_dir():
        raise errors.MissingPart(path, "folder", "name one that holds ontology/, shapes/, data/ and queries/")
    return {found.stem: found for found in sorted((path / "queries").glob("*.rq"))}


def digest(path: Path) -> str:
    """Give a fingerprint of a folder's files and of this version of carekg, without parsing anything."""
    seen = hashlib.sha256(__version__.encode())
    found = [file for part in PARTS for file in _rdf_files(path / part)]
    for file in [*found, *queries(path).values()]:
        seen.update(str(file.relative_to(path)).encode() + b"\0")
        seen.update(hashlib.sha256(_bytes(file, path)).digest())
    return seen.hexdigest()


def _bytes(path: Path, folder: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise errors.BrokenFile(path.relative_to(folder), f"it cannot be read: {error.strerror}") from None


def graph_iri(file: Path, folder: Path) -> str:
    """Give the IRI of a file's graph: its path in the folder without the ending."""
    return f"{BASE}graph/{quote(file.relative_to(folder).with_suffix('').as_posix())}"


def unread(path: Path) -> list[Path]:
    """Give the files that stand where RDF is read, and are not, by their ending; hidden ones and README.md apart."""
    found = (file.relative_to(path) for part in PARTS for file in sorted((path / part).rglob("*")) if file.is_file())
    return [file for file in found if file.suffix not in FORMATS and file.name != "README.md"
            and not any(name.startswith(".") for name in file.parts)]


def _rdf_files(part: Path) -> Iterator[Path]:
    return (file for file in sorted(part.rglob("*")) if file.suffix in FORMATS and file.is_file())


def rdf_files(path: Path) -> list[Path]:
    """Give the RDF files of a folder."""
    return [file for part in PARTS for file in _rdf_files(path / part)]


def _refuse_twins(path: Path) -> None:
    """Refuse two files that would be one graph."""
    seen: dict[str, Path] = {}
    for file in (file for part in PARTS for file in _rdf_files(path / part)):
        twin = seen.setdefault(graph_iri(file, path), file)
        if twin is not file:
            what = f"it would share its graph with {twin.name}; give the two files different names"
            raise errors.BrokenFile(file.relative_to(path), what)


def read(path: Path, folder: Path) -> File:
    """Read one RDF file of a folder.

    :raises BrokenFile: it does not parse; the error has its line and column.
    """
    graph = graph_iri(path, folder)
    try:
        # A byte order mark is no part of a text: editors put it there, and a parser calls it an unexpected sign.
        quads = ox.parse(_bytes(path, folder).removeprefix(codecs.BOM_UTF8), FORMATS[path.suffix], base_iri=BASE)
        triples = tuple(dict.fromkeys(quad.triple for quad in quads))
    except SyntaxError as error:
        raise broken(path.relative_to(folder), error) from None
    except ValueError as error:
        raise errors.BrokenFile(path.relative_to(folder), f"it cannot be read: {error}") from None
    return File(path, graph, triples)


def broken(path: Path, error: SyntaxError) -> errors.BrokenFile:
    """Give the error for a file that does not parse, with a hint where a prefix is missing."""
    what = re.sub(r"^.*?on line \d+ at column \d+: |^Parser error.*?: ", "", error.msg)
    missing = re.search(r"[Tt]he prefix (\S+?):? has not been declared", what)
    if missing and (known := PREFIXES.get(missing.group(1))):
        what += f"; add `@prefix {missing.group(1)}: <{known}> .`"
    return errors.BrokenFile(path, what.rstrip("."), error.lineno, error.offset)
