"""How a change reaches the quads on disk: written down whole, done, and only then counted as done.

Doing a written change twice is as good as once, so a change that was cut off is done again by whoever comes next.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any, Final

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

    :raises StoreError: nothing can be written, and the graph is as it was; or it is written down and not done yet.
    """
    draft = generation / f"{PATCH}.part"
    try:
        triples = _manifest(generation)["triples"] + len(effect.added) - len(effect.removed)
        with draft.open("wb") as file:
            file.write(f"H number {number(generation) + 1} triples {triples} .\n".encode() + effect.as_patch())
            file.flush()
            os.fsync(file.fileno())
        draft.replace(generation / PATCH)
        _keep(generation)
    except OSError as error:
        raise errors.StoreError(f"The change cannot be written to {generation}: {error.strerror}.") from None
    _do(generation, effect)
    return generation / PATCH


def is_left(generation: Path) -> bool:
    """Say whether a change was written down and not done."""
    try:
        return _head(generation)[0] > number(generation)
    except OSError:
        return False


def finish(generation: Path) -> None:
    """Do the change that was written down.

    :raises StoreError: it cannot be done now either.
    """
    if is_left(generation):
        _do(generation, Effect.from_patch((generation / PATCH).read_bytes()))


def _do(generation: Path, effect: Effect) -> None:
    try:
        store = ox.Store(str(generation / QUADS))
        effect.apply(store)
        store.flush()
        del store
        _count(generation)
    except (OSError, RuntimeError) as error:
        raise errors.StoreError(f"The change is written down in {generation} and could not be done ({error}); it will "
                                "be before the next one.") from None


def _count(generation: Path) -> None:
    """Count the change as done; what it makes of the number of triples was written down with it."""
    _, triples = _head(generation)
    path = generation / MANIFEST
    draft = path.with_name(f"{MANIFEST}.part")
    whole = {**_manifest(generation), "triples": triples}
    draft.write_text(json.dumps(whole, indent=2, ensure_ascii=False), encoding="utf-8")
    draft.replace(path)
    with (generation / DONE).open("ab") as file:
        file.write(b".")


def _head(generation: Path) -> tuple[int, int]:
    """Give the number of the change that is written down, and how many triples there are after it."""
    with (generation / PATCH).open("rb") as file:
        words = file.readline().split()
    return int(words[2]), int(words[4])


def _manifest(generation: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((generation / MANIFEST).read_text(encoding="utf-8"))
    return found


def _keep(folder: Path) -> None:
    """Have the names in a folder survive a loss of power."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
