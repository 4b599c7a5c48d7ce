"""A whole graph written to files, in pieces that fit in memory: canonical N-Quads, and Turtle made of them.

The same triples in the same graphs give the same bytes, whatever store holds them.
"""

from __future__ import annotations

import heapq
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import IO, Final

import pyoxigraph as ox

from carekg import folder
from carekg.store import Answer, Question, Store, rows
from carekg.store.history import provenance
from carekg.terms import BASE, PREFIXES

SORTED_AT_ONCE: Final = 32 * 2**20
"""Bytes of lines that are sorted in memory."""

DEFAULT: Final = f"{BASE}graph/default"
"""By what name the default graph passes while its blank nodes are named."""

NAMES: Final = f"SELECT DISTINCT ?g WHERE {{ GRAPH ?g {{ ?s ?p ?o }} FILTER(?g != {provenance.GRAPH}) }} ORDER BY ?g"
"""All graphs but the record of who changed them when, by which no two stores are alike."""


def n_quads(store: Store, path: Path) -> None:
    """Write every named graph as canonical N-Quads, each line once, lines in the order of their bytes.

    The default graph is the union of the named ones, and left out, but in a plain store.
    """
    manifest = store.manifest()
    names = [row["g"] for row in rows(store, NAMES)] + ([DEFAULT] if manifest and manifest.plain else [])
    with path.open("wb") as file, ExitStack() as runs:
        lines = (line for name in names for line in _lines(store, name))
        last = b""
        for line in heapq.merge(*_runs(lines, runs)):
            if line != last:
                file.write(line)
            last = line


def turtle(n_quads: Path, path: Path) -> None:
    """Write the triples of sorted N-Quads as Turtle, each once, with our prefixes in the order of the alphabet."""
    with tempfile.TemporaryFile(dir=path.parent) as draft:
        ox.serialize(_once(quad.triple for quad in ox.parse(path=n_quads, format=ox.RdfFormat.N_QUADS)), draft,
                     format=ox.RdfFormat.TURTLE, prefixes=PREFIXES)
        draft.seek(0)
        head = sorted(draft.readline() for _ in PREFIXES)
        with path.open("wb") as file:
            file.writelines(head)
            while piece := draft.read(1 << 20):
                file.write(piece)


def _lines(store: Store, name: str) -> Iterator[bytes]:
    """Give the lines of one graph, in any order."""
    where = "{ ?s ?p ?o }" if name == DEFAULT else f"{{ GRAPH {ox.NamedNode(name)} {{ ?s ?p ?o }} }}"
    answer = store.answer(Question(f"CONSTRUCT {{ ?s ?p ?o }} WHERE {where}", form="n-triples"))
    written = f"{ox.NamedNode(name)} .\n".encode()
    end = b".\n" if name == DEFAULT else written
    with answer.body:
        if _has_blanks(answer):
            triples = (quad.triple for quad in ox.parse(answer.body, ox.RdfFormat.N_TRIPLES))
            yield from (line.removesuffix(written) + end for line in folder.canonical(triples, name))
        else:
            yield from (line.removesuffix(b".\n") + end for line in answer.body)


def _has_blanks(answer: Answer) -> bool:
    """Say whether a graph may have blank nodes, whose names only a look at the whole graph tells."""
    found = any(line.startswith(b"_:") or b" _:" in line for line in answer.body)
    answer.body.seek(0)
    return found


def _runs(lines: Iterable[bytes], held: ExitStack) -> list[Iterable[bytes]]:
    """Give lines as sorted runs, the last in memory and those before it in files that are held open."""
    runs: list[Iterable[bytes]] = []
    kept: list[bytes] = []
    size = 0
    for line in lines:
        kept.append(line)
        size += len(line)
        if size > SORTED_AT_ONCE:
            file: IO[bytes] = held.enter_context(tempfile.TemporaryFile())  # noqa: SIM115 - it is held
            file.writelines(sorted(kept))
            file.seek(0)
            runs.append(file)
            kept, size = [], 0
    return [*runs, sorted(kept)]


def _once(triples: Iterable[ox.Triple]) -> Iterator[ox.Triple]:
    """Give each triple once, where the same ones follow each other."""
    last = None
    for triple in triples:
        if triple != last:
            yield triple
        last = triple
