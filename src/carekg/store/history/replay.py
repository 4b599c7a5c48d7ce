"""The graph as it was after a change, made of nothing but the history."""

from __future__ import annotations

import pyoxigraph as ox

from carekg.reader.effect import Effect
from carekg.store.history import History


def after(history: History, number: int = 0) -> ox.Store:
    """Give the graph after a change, nought for the last; where graphs have an owner, without their union.

    :raises NoChange: there is none of that number.
    """
    store = ox.Store()
    for one in range(1, (history.entry(number).number if number else history.last()) + 1):
        stated, beyond = history.rows(one)
        _do(store, stated)
        _do(store, beyond)
    if not history.is_plain():
        store.clear_graph(ox.DefaultGraph())  # which is the union of the others, and not everywhere written down
    return store


def _do(store: ox.Store, rows: list[bytes]) -> None:
    """Do rows to a store; those of a first build, which only add, are loaded at once."""
    if not len(store) and not any(row.startswith(b"D ") for row in rows):
        store.bulk_extend(ox.parse(b"".join(row[2:] for row in rows if row.startswith(b"A ")), ox.RdfFormat.N_QUADS))
        Effect.from_patch(b"".join(row for row in rows if row.startswith(b"H "))).apply(store)
    else:
        Effect.from_patch(b"".join(rows)).apply(store)
