"""What is measured on: a copy of the knowledge folder, and a store of its data amid a synthetic world, with closure."""

from __future__ import annotations

import shutil
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from benchmarks import synthetic
from carekg import build, folder, query, reason, settings
from carekg.reader import disk
from carekg.store import Manifest, embedded
from carekg.store.history import History
from carekg.terms import BASE, INFERRED

SAMPLES: Final = (200, 600)
"""Innovations of two small worlds, from whose sizes that of a large one is told."""


@dataclass(frozen=True)
class Scene:
    """A store below ``path`` and the folder that it claims to be built from, as a server needs them."""

    path: Path
    folder: Path
    innovations: int
    asserted: int
    inferred: int
    vocabulary: int
    seconds: dict[str, float]

    @property
    def triples(self) -> int:
        """Give the number of triples in all."""
        return self.asserted + self.inferred + self.vocabulary

    @property
    def queries(self) -> dict[str, query.Query]:
        """Give the prepared queries of the folder."""
        return query.catalogue(folder.queries(self.folder))

    def in_process(self) -> ox.Store:
        """Give a store in memory with the very quads that the server reads."""
        generation = History(self.path).served()["name"]
        return disk.copied(str(self.path / generation / "quads"))


def copied_folder(where: Path) -> Path:
    """Give a copy of the shipped knowledge folder, so that nobody edits it under a running server."""
    for part in (*folder.PARTS, "queries"):
        shutil.copytree(settings.shipped_folder() / part, where / part)
    return where


def shipped_scene(where: Path) -> Scene:
    """Build a copy of the shipped knowledge folder into a store."""
    knowledge = copied_folder(where / "folder")
    began = time.monotonic()
    with embedded.EmbeddedStore(where / "store") as store:
        manifest = build.build(knowledge, store)
    return Scene(where / "store", knowledge, 0, manifest.triples, 0, 0, {"built": time.monotonic() - began})


def synthetic_scene(where: Path, triples: int) -> Scene:
    """Write the shipped data and a synthetic world around them, of about so many triples with closure, into a store."""
    knowledge = copied_folder(where / "folder")
    read = folder.load(knowledge)
    vocabulary = tuple(dict.fromkeys(triple for file in read.ontology for triple in file.triples))
    shipped = [triple for file in read.data for triple in file.triples]
    innovations = _innovations(triples, shipped, vocabulary)
    began = time.monotonic()
    stated = asserted(innovations, shipped)
    written = time.monotonic()
    inferred = reason.inferred(stated, vocabulary)
    closed = time.monotonic()
    total = len(stated) + len(inferred) + len(vocabulary)
    with embedded.EmbeddedStore(where / "store") as store:
        store.replace([*(file.quads() for file in read.ontology), quads(stated, BASE + "graph/synthetic"),
                       quads(inferred, str(INFERRED))], Manifest(read.digest, "synthetic", total))
    seconds = {"generated": written - began, "closed": closed - written, "stored": time.monotonic() - closed}
    return Scene(where / "store", knowledge, innovations, len(stated), len(inferred), len(vocabulary), seconds)


def _innovations(triples: int, shipped: list[ox.Triple], vocabulary: tuple[ox.Triple, ...]) -> int:
    """Give the number of innovations that make a world of about so many triples, inferred ones included."""
    sizes = []
    for innovations in SAMPLES:
        stated = asserted(innovations, shipped)
        sizes.append(len(stated) + len(reason.inferred(stated, vocabulary)) + len(vocabulary))
    each = (sizes[1] - sizes[0]) / (SAMPLES[1] - SAMPLES[0])
    return max(round(SAMPLES[0] + (triples - sizes[0]) / each), 10)


def asserted(innovations: int, shipped: list[ox.Triple]) -> tuple[ox.Triple, ...]:
    """Give the shipped triples and those of so many made-up innovations."""
    text = "".join(synthetic.world(innovations)).encode()
    made = (quad.triple for quad in ox.parse(text, ox.RdfFormat.N_TRIPLES))
    return tuple(dict.fromkeys((*shipped, *made)))


def quads(triples: tuple[ox.Triple, ...] | list[ox.Triple], graph: str) -> bytes:
    """Give triples as N-Quads of a graph."""
    name = ox.NamedNode(graph)
    found = (ox.Quad(t.subject, t.predicate, t.object, name) for t in triples)
    return ox.serialize(found, format=ox.RdfFormat.N_QUADS) or b""
