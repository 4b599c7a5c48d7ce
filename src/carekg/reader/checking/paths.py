"""Property paths of SHACL over a view: followed, followed backwards, and what following them reads.

A path is a list whose first item says what it is: ``["step", PREDICATE, BACKWARDS]`` with ``*`` for any predicate,
``["chain", PATH...]``, ``["either", PATH...]``, ``["any", PATH]`` for none or more times, ``["maybe", PATH]``.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import pyoxigraph as ox

from carekg.reader.checking.view import Term, View

Path = list[Any]
Nodes = set[Term]
ANY: Final = "*"


def inverse(path: Path) -> Path:
    """Give the path that leads back."""
    kind, *parts = path
    if kind == "step":
        return ["step", parts[0], not parts[1]]
    turned = [inverse(part) for part in parts]
    return [kind, *(reversed(turned) if kind == "chain" else turned)]


def followed(view: View, path: Path, nodes: Iterable[Term], read: set[ox.Triple] | None = None) -> Nodes:
    """Give where a path leads from some nodes; the triples that it reads on its way go into ``read``."""
    kind, *parts = path
    if kind == "step":
        return _stepped(view, parts[0], parts[1], nodes, read)
    if kind == "chain":
        found = set(nodes)
        for part in parts:
            found = followed(view, part, found, read)
        return found
    if kind == "either":
        here = set(nodes)
        return set().union(*(followed(view, part, here, read) for part in parts))
    if kind == "maybe":
        return set(nodes) | followed(view, parts[0], nodes, read)
    reached, fresh = set(nodes), set(nodes)
    while fresh:
        fresh = followed(view, parts[0], fresh, read) - reached
        reached |= fresh
    return reached


def starts(view: View, path: Path, triple: ox.Triple) -> Nodes:
    """Give the nodes from which following a path reads a triple."""
    kind, *parts = path
    if kind == "step":
        predicate, backwards = parts
        matches = predicate in (ANY, triple.predicate.value)
        return {triple.object if backwards else triple.subject} if matches else set()
    if kind == "chain":
        found: Nodes = set()
        for part in reversed(parts):
            found = starts(view, part, triple) | (followed(view, inverse(part), found) if found else found)
        return found
    if kind in ("either", "maybe"):
        return set().union(*(starts(view, part, triple) for part in parts))
    found = starts(view, parts[0], triple)
    return followed(view, inverse(path), found) if found else found


def predicates(path: Path) -> set[str]:
    """Give the predicates that a path reads."""
    kind, *parts = path
    return {parts[0]} if kind == "step" else set().union(*map(predicates, parts))


def _stepped(view: View, predicate: str, backwards: bool, nodes: Iterable[Term],
             read: set[ox.Triple] | None) -> Nodes:
    wanted = None if predicate == ANY else ox.NamedNode(predicate)
    found: Nodes = set()
    for node in nodes:
        for triple in view.triples(None, wanted, node) if backwards else view.triples(node, wanted):
            found.add(triple.subject if backwards else triple.object)
            if read is not None:
                read.add(triple)
    return found
