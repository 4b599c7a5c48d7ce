"""How the quads of a build get into a store on disk: by the engine's own loading where that can be.

Loading gives blank nodes new names each time, so that a node would be two in two graphs; they go in one by one.
"""

from __future__ import annotations

import pyoxigraph as ox


def fill(store: ox.Store, quads: bytes, *, union: bool) -> None:
    """Put N-Quads into a store, and with ``union`` their triples into its default graph too, each once."""
    lines = quads.splitlines(keepends=True)
    plain = b"".join(line for line in lines if b"_:" not in line)  # one load: each writes files of its own
    store.bulk_load(plain, ox.RdfFormat.N_QUADS)
    blank = list(ox.parse(b"".join(line for line in lines if b"_:" in line), ox.RdfFormat.N_QUADS))
    store.bulk_extend(blank)
    if union:
        store.bulk_load(_without_graphs(plain), ox.RdfFormat.N_TRIPLES)
        store.bulk_extend(ox.Quad(quad.subject, quad.predicate, quad.object) for quad in blank)
    store.flush()
    store.optimize()  # fewer files, which are all opened with the store


def _without_graphs(quads: bytes) -> bytes:
    """Give the triples of N-Quads as N-Triples."""
    triples = (quad.triple for quad in ox.parse(quads, ox.RdfFormat.N_QUADS))
    return ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES) or b""
