"""What stewards have changed in a store's graph, written back into the files of the folder that it was made from.

``merging`` works out what a file is to state, also where it was edited since; ``drafts`` writes files so that none is
ever half written.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import unquote

import pyoxigraph as ox

from carekg import errors, folder, turtle
from carekg.pull import drafts, merging
from carekg.pull.drafts import Draft
from carekg.store import Effect, Question, Store
from carekg.terms import BASE, DATA, PREFIXES

HEAD: Final = "# What stewards have stated{}.\n"
"""The comment on top of a file that pull makes."""


@dataclass(frozen=True)
class Pulled:
    """A file to be written, the statements that leave it and come into it, and whether it keeps its layout."""

    draft: Draft
    graph: str
    gone: frozenset[turtle.Statement]
    come: frozenset[turtle.Statement]
    was_edited: bool
    keeps_layout: bool


def planned(path: Path, store: Store) -> list[Pulled]:
    """Give the files of a folder that change when what stewards have changed is written back; nothing is written.

    A file that was edited since the graph was built keeps these edits too.

    :raises BothChanged: a file and stewards have changed the same, and differently.
    """
    manifest = store.manifest()
    if manifest is None or manifest.plain:
        raise errors.BadInput("The store holds no graph that was built from a folder, so there is nothing to pull.")
    files = {file.graph: file for file in folder.load(path).data}
    found: list[Pulled] = []
    clashes: list[str] = []
    for graph, effect, theirs in _changed(store):
        file = files.get(graph)
        merged = merging.merged(file.triples if file else (), theirs, effect)
        place = file.path if file else file_of(path, graph)
        if file is None and merged.base:
            clashes.append(f"{place.relative_to(path)} is not there any more, and stewards have changed what it stated")
        clashes += (f"{place.relative_to(path)}: {one}" for one in merged.clashes)
        if merged.gone or merged.come:
            found.append(_pulled(place, graph, merged))
    if clashes:
        raise errors.BothChanged(clashes)
    return found


def write(pulled: list[Pulled], path: Path) -> None:
    """Write the files, each whole or not at all.

    :raises Unwritable: one cannot be written, or was edited just now; none was changed.
    """
    drafts.write([one.draft for one in pulled], path / "data")


def _changed(store: Store) -> list[tuple[str, Effect, list[ox.Triple]]]:
    """Give each graph that stewards have changed, with what they changed in it and its triples, all at one time."""
    while True:
        last = store.history.last()
        found = [(graph, effect, _triples(store, graph)) for graph, effect in _by_graph(store.kept())]
        if store.history.last() == last:
            return found


def _by_graph(kept: Effect) -> Iterator[tuple[str, Effect]]:
    """Give what changed in each graph of the data."""
    names = {quad.graph_name.value for quad in (*kept.added, *kept.removed)
             if isinstance(quad.graph_name, ox.NamedNode) and quad.graph_name.value.startswith(DATA)}
    for name in sorted(names):
        graph = ox.NamedNode(name)
        yield name, Effect({quad for quad in kept.added if quad.graph_name == graph},
                           {quad for quad in kept.removed if quad.graph_name == graph})


def _triples(store: Store, graph: str) -> list[ox.Triple]:
    """Give the triples of a graph as the store has them."""
    query = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH {ox.NamedNode(graph)} {{ ?s ?p ?o }} }}"
    lines = store.answer(Question(query, "n-triples")).read()
    return [quad.triple for quad in ox.parse(lines, ox.RdfFormat.N_TRIPLES)]


def file_of(path: Path, graph: str) -> Path:
    """Give the place of a file for a graph that has none.

    :raises BadInput: the graph's name is no path below data/.
    """
    name = unquote(graph.removeprefix(DATA))
    place = path / "data" / f"{name}.ttl"
    is_path = all(piece.strip() and piece.isprintable() and not piece.startswith(".") for piece in name.split("/"))
    if not is_path or folder.graph_iri(place, path) != graph:
        raise errors.BadInput(f"The graph <{graph}> has statements of stewards and no file, and its name can be none "
                              "below data/; move them to another graph first.")
    return place


def _pulled(place: Path, graph: str, merged: merging.Merged) -> Pulled:
    before = place.read_bytes() if place.exists() else None
    made, keeps_layout = _made(place, before, merged)
    return Pulled(Draft(place, before, made), graph, frozenset(merged.gone), frozenset(merged.come), merged.was_edited,
                  keeps_layout)


def _made(place: Path, before: bytes | None, merged: merging.Merged) -> tuple[bytes, bool]:
    """Give the bytes of a file that states what it is to, and whether the rest of it is as it was."""
    triples = [triple for one in merged.wanted for triple in one.triples()]
    if before is None:
        where = "" if place.stem == "stewards" else f" in {place.stem}"
        return turtle.write(triples, PREFIXES, HEAD.format(where)).encode(), True
    if place.suffix == ".ttl":
        text = before.decode("utf-8-sig")
        made = turtle.edited(text, BASE, merged.wanted)
        mark = before[: len(before) - len(text.encode())]
        return mark + made.encode(), turtle.keeps_comments(text, made)
    if place.suffix == ".nt" and b"_:" not in before:
        return _lines(before, merged), True
    return ox.serialize(triples, format=folder.FORMATS[place.suffix]) or b"", False


def _lines(before: bytes, merged: merging.Merged) -> bytes:
    """Give N-Triples without the lines that go, and with those that come at their end."""
    def stays(line: bytes) -> bool:
        found = turtle.statements(quad.triple for quad in ox.parse(line, ox.RdfFormat.N_TRIPLES))
        return not found or not found <= merged.gone

    kept = [line for line in before.splitlines(keepends=True) if stays(line)]
    kept[-1:] = [line if line.endswith(b"\n") else line + b"\n" for line in kept[-1:]]
    new = [triple for one in merged.come for triple in one.triples()]
    return b"".join(kept) + b"".join(sorted((ox.serialize(new, format=ox.RdfFormat.N_TRIPLES) or b"").splitlines(True)))
