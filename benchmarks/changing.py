"""What it costs to commit a change under the guard: the same change in a small graph and in a large one, in turns.

``python -m benchmarks.changing``: a finding of about ten triples is stated and withdrawn again.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Final

from benchmarks import clock, scene
from carekg import build, folder, reason, update
from carekg.change import guard
from carekg.store import About, Manifest, Update, solutions
from carekg.store.embedded import EmbeddedStore
from carekg.terms import DATA, INFERRED, PREFIXES

ROUNDS: Final = 31
LIMIT, TIMES = 0.150, 1.5
"""Seconds that the median in the large graph may take, and how many times that in the small one."""

FINDING: Final = f"""SELECT ?p ?o WHERE {{
  {{ SELECT ?one WHERE {{ ?one a <{PREFIXES['care']}Finding> ; <{PREFIXES['care']}summary> ?text }}
     ORDER BY ?one LIMIT 1 }}
  GRAPH ?g {{ ?one ?p ?o }} FILTER(STRSTARTS(STR(?g), "{DATA}")) }}"""
"""What is stated of a finding; it is asked of the small graph, which the large one has whole."""


class Desk:
    """A graph under its guard, and a change that can be made and taken back in it."""

    def __init__(self, store: EmbeddedStore, finding: Sequence[str]) -> None:
        self.store, self.over = store, guard.Guard.over(store)
        self.size, self._pairs, self._count = len(finding), " ; ".join(finding), 0
        self._name = f"{PREFIXES['finding']}bench-{store.history.last()}"  # another each time that a graph is used

    def change(self) -> None:
        """State a finding, or withdraw it where it is stated."""
        verb = "DELETE" if self._count % 2 else "INSERT"
        text = f"{verb} DATA {{ <{self._name}-{self._count // 2}> {self._pairs} }}"
        self._count += 1
        made = self.store.change(Update(update.operations(text), text), about=About("bench"), guard=self.over)
        if len(made.added) + len(made.removed) != self.size:
            raise RuntimeError("the change was not made")


def made(where: Path, innovations: int) -> Path:
    """Give a store of the shipped vocabulary, shapes and data, with so many made-up innovations around them.

    What is there already stays: the large one takes a quarter of an hour.
    """
    if (where / "store").exists():
        return where / "store"
    read = folder.load(scene.copied_folder(where / "folder"))
    with EmbeddedStore(where / "part") as store:
        if not innovations:
            build.build(where / "folder", store)
        else:
            vocabulary = [triple for file in read.ontology for triple in file.triples]
            asserted = scene.asserted(innovations, [triple for file in read.data for triple in file.triples])
            inferred = reason.inferred(asserted, vocabulary)
            store.replace([*(file.quads() for file in (*read.ontology, *read.shapes)),
                           scene.quads(asserted, f"{DATA}synthetic"), scene.quads(inferred, str(INFERRED))],
                          Manifest(read.digest, "synthetic", len(asserted) + len(inferred) + len(vocabulary)))
    return (where / "part").rename(where / "store")


def main() -> int:
    """Measure and print; give 1 where a goal is missed, else 0."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.changing", description=__doc__)
    parser.add_argument("--innovations", type=int, default=20_000, help="made up, in the large graph")
    parser.add_argument("--keep", type=Path, help="a folder for both graphs, which stay, and are taken from there")
    chosen = parser.parse_args()
    with ExitStack() as held:
        place = chosen.keep or Path(held.enter_context(tempfile.TemporaryDirectory(prefix="carekg-bench-")))
        stores = [held.enter_context(EmbeddedStore(made(place / name, count)))
                  for name, count in (("small", 0), ("large", chosen.innovations))]
        finding = [f"{row['p']} {row['o']}" for row in solutions(stores[0], FINDING)]
        small, large = (Desk(one, finding) for one in stores)
        sizes = [one.store.manifest() for one in (small, large)]
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
