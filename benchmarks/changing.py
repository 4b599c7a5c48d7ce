"""What it costs to commit a change under the guard: the same change in a small graph and in a large one, in turns.

``python -m benchmarks.changing``: a finding of about ten triples is stated and withdrawn again.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from benchmarks import clock, scene
from carekg import build, folder, reason, update
from carekg.change import guard
from carekg.store import About, Manifest, Update, rows
from carekg.store.embedded import EmbeddedStore
from carekg.terms import DATA, INFERRED, PREFIXES

ROUNDS: Final = 31
LIMIT, TIMES = 0.150, 1.5
"""Seconds that the median in the large graph may take, and how many times that in the small one."""

FINDING: Final = f"""SELECT ?p ?o (isIRI(?o) AS ?iri) (DATATYPE(?o) AS ?type) (LANG(?o) AS ?language) WHERE {{
  {{ SELECT ?one {{ GRAPH ?g {{ ?one a <{PREFIXES['care']}Finding> ; <{PREFIXES['care']}summary> ?text }} }}
     ORDER BY STR(?one) LIMIT 1 }}
  GRAPH ?g {{ ?one ?p ?o }} FILTER(STRSTARTS(STR(?g), "{DATA}")) }}"""


class Desk:
    """A graph under its guard, and a change that can be made and taken back in it."""

    def __init__(self, store: EmbeddedStore) -> None:
        self.store, self.over = store, guard.Guard.over(store)
        found = rows(store, FINDING)
        self.size = len(found)
        self._pairs = " ; ".join(f"<{row['p']}> {_term(row)}" for row in found)
        self._count = 0

    def change(self) -> None:
        """State a finding, or withdraw it where it is stated."""
        verb = "DELETE" if self._count % 2 else "INSERT"
        text = f"{verb} DATA {{ <{PREFIXES['finding']}bench-{self._count // 2}> {self._pairs} }}"
        self._count += 1
        made = self.store.change(Update(update.operations(text), text), about=About("bench"), guard=self.over)
        if len(made.added) + len(made.removed) != self.size:
            raise RuntimeError("the change was not made")


def _term(row: dict[str, str]) -> str:
    if row["iri"] == "true":
        return str(ox.NamedNode(row["o"]))
    if row.get("language"):
        return str(ox.Literal(row["o"], language=row["language"]))
    return str(ox.Literal(row["o"], datatype=ox.NamedNode(row["type"])))


@contextmanager
def desk(where: Path, innovations: int) -> Iterator[Desk]:
    """Give a desk over the shipped vocabulary, shapes and data, with so many made-up innovations around them."""
    read = folder.load(scene.copied_folder(where / "folder"))
    with EmbeddedStore(where / "store") as store:
        if not innovations:
            build.build(where / "folder", store)
        else:
            vocabulary = [triple for file in read.ontology for triple in file.triples]
            asserted = scene.asserted(innovations, [triple for file in read.data for triple in file.triples])
            inferred = reason.inferred(asserted, vocabulary)
            store.replace([*(file.quads() for file in (*read.ontology, *read.shapes)),
                           scene.quads(asserted, f"{DATA}synthetic"), scene.quads(inferred, str(INFERRED))],
                          Manifest(read.digest, "synthetic", len(asserted) + len(inferred) + len(vocabulary)))
        yield Desk(store)


def main() -> int:
    """Measure and print; give 1 where a goal is missed, else 0."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.changing", description=__doc__)
    parser.add_argument("--innovations", type=int, default=20_000, help="made up, in the large graph")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="carekg-bench-") as place, desk(Path(place) / "small", 0) as small, \
            desk(Path(place) / "large", chosen.innovations) as large:
        sizes = [one.store.manifest() for one in (small, large)]
        print("Both graphs are there.", flush=True)
        for one in (small, large):
            one.change()
            one.change()
        rounds = [[clock.taken(one.change) for one in (small, large)] for _ in range(ROUNDS)]
    medians = [statistics.median(column) for column in zip(*rounds, strict=True)]
    for size, median, one in zip(sizes, medians, (small, large), strict=True):
        print(f"{size.triples if size else 0:>10,} triples: a change of {one.size} triples in {median * 1000:.0f} ms")
    times = medians[1] / medians[0]
    print(f"{times:.2f} times; goals: {LIMIT * 1000:.0f} ms, {TIMES} times")
    return 0 if medians[1] < LIMIT and times < TIMES else 1


if __name__ == "__main__":
    sys.exit(main())
