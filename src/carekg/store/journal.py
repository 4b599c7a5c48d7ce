"""How a change reaches the quads on disk: written down whole, done, and only then counted as done.

Doing a written change twice is as good as once, so a change that was cut off is done again by whoever comes next.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from carekg import errors
from carekg.reader.effect import Effect

QUADS: Final = "quads"
MANIFEST: Final = "manifest.json"

PATCH: Final = "change.rdfp"
"""The change that is being done, or was done last."""

DONE: Final = "changes"
"""How many changes were done, a byte each."""


def number(generation: Path) -> int:
    """Give how many changes a generation has seen."""
    try:
        return (generation / DONE).stat().st_size
    except OSError:
        return 0


def commit(generation: Path, effect: Effect) -> Path:
    """Write a change down, do it, and give where it is written down.

    :raises StoreError: nothing can be written; the graph is as it was.
    """
    draft = generation / f"{PATCH}.part"
    try:
        with draft.open("wb") as file:
            file.write(f"H number {number(generation) + 1} .\n".encode() + effect.as_patch())
            file.flush()
            os.fsync(file.fileno())
        draft.replace(generation / PATCH)
    except OSError as error:
        raise errors.StoreError(f"The change cannot be written to {generation}: {error.strerror}.") from None
    _do(generation, effect)
    return generation / PATCH


def is_left(generation: Path) -> bool:
    """Say whether a change was written down and not done."""
    try:
        with (generation / PATCH).open("rb") as file:
            return int(file.readline().split()[2]) > number(generation)
    except OSError:
        return False


def finish(generation: Path) -> None:
    """Do the change that was written down."""
    if is_left(generation):
        _do(generation, Effect.from_patch((generation / PATCH).read_bytes()))


def _do(generation: Path, effect: Effect) -> None:
    store = ox.Store(str(generation / QUADS))
    effect.apply(store)
    store.flush()
    del store
    path = generation / MANIFEST
    manifest = json.loads(path.read_text(encoding="utf-8"))
    manifest["triples"] += len(effect.added) - len(effect.removed)
    draft = path.with_name(f"{MANIFEST}.part")
    draft.write_text(json.dumps(manifest, indent=2, ensure_ascii=False), encoding="utf-8")
    draft.replace(path)
    with (generation / DONE).open("ab") as file:
        file.write(b".")
