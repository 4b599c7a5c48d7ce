"""The change that a folder makes: a whole graph in place of the one before, with what stewards have changed since."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import chain
from typing import Final

import pyoxigraph as ox

from carekg import reason, validation
from carekg.store import About, Effect, Manifest, Store
from carekg.terms import BASE, DATA, INFERRED, PREFIXES

Progress = Callable[[str, float | None], None]
"""Called with the name of a stage: with None when it begins, with the seconds that it took when it ends."""

COUNTED: Mapping[str, str] = {
    "innovations": "Innovation",
    "sites": "Site",
    "awards": "Award",
    "routes": "ScalingRoute",
    "barriers": "Barrier",
    "facilitators": "Facilitator",
    "passages": "Passage",
}
"""What is counted in a graph, by the class of our vocabulary."""

HELD: Final = f"{PREFIXES['care']}HeldClaim"
CLAIMED: Final = ("sites", "awards")
"""What is counted only where a source holds it to be so: a site that is planned or modelled is none yet."""


@dataclass(frozen=True)
class Change:
    """A whole graph in place of the one before: triples by part, and the N-Quads to keep."""

    ontology: tuple[ox.Triple, ...]
    shapes: tuple[ox.Triple, ...]
    data: tuple[ox.Triple, ...]
    quads: tuple[bytes, ...]
    digest: str
    where: Callable[[str, str], str] = field(default=lambda _thing, _path: "", compare=False)


class Stages:
    """Seconds by stage, told to whoever wants to show progress."""

    def __init__(self, progress: Progress = lambda _stage, _seconds: None) -> None:
        self.seconds: dict[str, float] = {}
        self._progress = progress

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Time one stage."""
        self._progress(name, None)
        began = time.monotonic()
        try:
            yield
        finally:
            self.seconds[name] = round(time.monotonic() - began, 2)
            self._progress(name, self.seconds[name])


def _with(change: Change, kept: Effect) -> tuple[Change, Effect]:
    """Give a folder's graph with what stewards have stated and withdrawn beyond it, and what of that is left.

    What the folder has taken over is its own from now on: where it goes from a file later, it is gone.
    """
    if not kept:
        return change, kept
    normal = ox.Store()  # which writes some numbers and dates in its own way
    normal.extend(ox.parse(b"".join(change.quads), ox.RdfFormat.N_QUADS))
    said = set(normal)
    kept = Effect(kept.added - said, kept.removed & said)
    quads = said - kept.removed | kept.added
    data = (quad.triple for quad in quads if getattr(quad.graph_name, "value", "").startswith(DATA))
    lines = ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b""
    lines = b"".join(sorted(lines.splitlines(True)))
    return replace(change, data=tuple(sorted(set(data), key=str)), quads=(lines,)), kept


def check(change: Change, stages: Stages) -> None:
    """Validate a change: asserted data and ontology against shapes, inference off.

    :raises InvalidGraph: shapes are violated; the sentences name file and line.
    """
    with stages.stage("validate"):
        report = validation.report(chain(change.ontology, change.data), change.shapes)
        report.raise_for_violations(change.where)


def commit(change: Change, store: Store, stages: Stages, about: About | None = None) -> Manifest:
    """Check a change, add what follows from it, and put it into the store, all or nothing.

    What stewards have changed in the store's graph stays changed.

    :raises InvalidGraph: nothing was written.
    """
    change, kept = _with(change, store.kept())
    check(change, stages)
    with stages.stage("reason"):
        inferred = reason.inferred(change.data, change.ontology)
    asserted = change.ontology + change.data
    with stages.stage("store"):
        graph = ox.NamedNode(INFERRED)
        follows = ox.serialize((ox.Quad(t.subject, t.predicate, t.object, graph) for t in inferred),
                               format=ox.RdfFormat.N_QUADS)
        manifest = Manifest(change.digest, datetime.now(UTC).isoformat(timespec="seconds"),
                            len(asserted) + len(change.shapes) + len(inferred),
                            _counts(chain(asserted, inferred)), dict(stages.seconds))
        store.replace([*change.quads, follows or b""], manifest, about, kept)
    return manifest


def _counts(triples: Iterator[ox.Triple]) -> dict[str, int]:
    """Count the things of each counted class, each once; of claims those that a source holds to be so."""
    classes = {f"{PREFIXES['care']}{name}": label for label, name in COUNTED.items()} | {HELD: HELD}
    found: dict[str, set[str]] = {label: set() for label in (*COUNTED, HELD)}
    for triple in triples:
        label = classes.get(getattr(triple.object, "value", ""))
        if label and triple.predicate.value == PREFIXES["rdf"] + "type" and str(triple.subject).startswith(f"<{BASE}"):
            found[label].add(str(triple.subject))
    return {label: len(found[label] & found[HELD] if label in CLAIMED else found[label]) for label in COUNTED}
