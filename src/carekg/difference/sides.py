"""What can be held against something else: a file, a knowledge folder, a store, and the graph as it was earlier."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from carekg import documents, errors, folder
from carekg.difference import Graphs
from carekg.settings import Settings
from carekg.store.history import FILE, History, replay
from carekg.terms import BASE

THEN: Final = "@"
"""What a side begins with that is the store of the settings, now or at a time."""

STATED: Final = tuple(f"{BASE}graph/{part}/" for part in folder.PARTS)


@dataclass(frozen=True)
class Side:
    """Triples by graph, and whether a store has them, which spells numbers and dates in a way of its own."""

    graphs: Graphs
    is_stored: bool = False


def sides(one: str, other: str, settings: Settings) -> tuple[Graphs, Graphs]:
    """Give two sides so that they can be compared: by graph where both have graphs, else all in one.

    :raises BadInput: one is nothing that can be compared.
    """
    pair = [side(name, settings) for name in (one, other)]
    if any(a.is_stored for a in pair):
        pair = [Side({name: _as_stored(triples) for name, triples in a.graphs.items()}) for a in pair]
    if any(set(a.graphs) <= {""} for a in pair):
        pair = [Side({"": [triple for triples in a.graphs.values() for triple in triples]}) for a in pair]
    for name, a in zip((one, other), pair, strict=True):
        if any(graph.startswith("_:") for graph in a.graphs):
            raise errors.BadInput(f"{name} has a graph whose name is a blank node, and none of the other side is known "
                                  "to be the same one; give it an IRI.")
    return pair[0].graphs, pair[1].graphs


def side(name: str, settings: Settings) -> Side:
    """Give what a name stands for: a path, ``@`` for the store, ``@12`` or ``@2026-11-22`` for it as it was then."""
    path = Path(name)
    if name.startswith(THEN) and not path.exists():
        return Side(_then(_place(settings.store), name.removeprefix(THEN)), is_stored=True)
    if path.is_dir() and (path / FILE).is_file():
        return Side(_then(path, ""), is_stored=True)
    if path.is_dir():
        return Side({file.graph: file.triples for file in folder.load(path).files})
    if not path.exists():
        raise errors.BadInput(f"There is no {name}; name a file, a folder, a store, `@` for the store of the settings, "
                              "or `@12` for it as it was after change 12.")
    found: dict[str, list[ox.Triple]] = defaultdict(list)
    for quad in documents.read(path).quads:
        found[_name(quad.graph_name)].append(quad.triple)
    return Side(found or {"": []})


def _name(graph: ox.NamedNode | ox.BlankNode | ox.DefaultGraph) -> str:
    return "" if isinstance(graph, ox.DefaultGraph) else str(graph) if isinstance(graph, ox.BlankNode) else graph.value


def _place(store: str) -> Path:
    """Give the folder of the store that is set.

    :raises BadInput: it keeps its graph elsewhere.
    """
    if store == "memory:" or store.startswith(("http://", "https://")):
        raise errors.BadInput(f"`@` is a store in a folder, and {store} is none; name one with --store.")
    return Path(store)


def _then(place: Path, when: str) -> Graphs:
    """Give what was stated after a change, or at a time; by default now."""
    history = History(place)
    if not history.last():
        raise errors.BadInput(f"There is no graph at {place} yet; `carekg build` makes one.")
    number = history.entry(int(when)).number if when.isdecimal() else history.moment(when) if when else 0
    is_plain = history.is_plain()
    found: dict[str, list[ox.Triple]] = defaultdict(list)
    for quad in replay.after(history, number):
        graph = getattr(quad.graph_name, "value", "")
        if is_plain or graph.startswith(STATED):
            found[graph].append(quad.triple)
    return found


def _as_stored(triples: Iterable[ox.Triple]) -> list[ox.Triple]:
    """Give triples as a store has them."""
    store = ox.Store()
    store.extend(ox.Quad(*triple) for triple in triples)
    return [quad.triple for quad in store]
