"""Which shapes may judge otherwise for a triple that comes or goes, and which things: found by the triple's predicate.

The way from a triple to the things on top of a tree is the same for many shapes, and is walked once for all of them.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import pyoxigraph as ox

from carekg.reader.checking import paths, reach
from carekg.reader.checking.paths import Nodes, Path
from carekg.reader.checking.view import Term, View

Route = tuple[Path, ...]
"""The path that reads a triple, then the ways back to the top, from below."""


class Marks:
    """The ways from triples to the things that shapes judge; those for a predicate are worked out when it comes."""

    def __init__(self, shapes: Mapping[str, dict[str, Any]]) -> None:
        self._shapes = shapes
        self._routes: dict[str, list[tuple[Route, list[str]]]] = {}
        self._aims: dict[str, list[str]] = defaultdict(list)
        for name, shape in shapes.items():
            for predicate in reach.aims(shape["targets"]):
                self._aims[predicate].append(name)

    def mark(self, focus: dict[str, set[Term]], view: View, triples: Iterable[ox.Triple]) -> None:
        """Note the things whose verdict these triples can change, by shape, as the graph is now."""
        for triple in triples:
            for route, names in self._seeing(triple.predicate.value):
                if found := _walked(view, route, triple):
                    for name in names:
                        focus[name] |= found
            for name in self._aims.get(triple.predicate.value, ()):
                focus[name] |= reach.may_become_target(self._shapes[name]["targets"], triple)

    def keep_targets(self, focus: dict[str, set[Term]], view: View) -> None:
        """Keep of the noted things those that their shapes are about."""
        aimed: dict[Term, set[str]] = {}
        for name, nodes in focus.items():
            targets = self._shapes[name]["targets"]
            for node in list(nodes):
                said = view.said(node)
                if said is None:  # the view does not know all of it
                    is_one = reach.is_target(view, targets, node)
                else:
                    if node not in aimed:
                        aimed[node] = self._aimed(said)
                    is_one = name in aimed[node] or reach.is_named(view, targets, node)
                if not is_one:
                    nodes.discard(node)

    def _aimed(self, said: Mapping[str, list[ox.Triple]]) -> set[str]:
        """Give the shapes that are about a thing for its classes, or for the properties that it has."""
        found = {name for predicate in said for name in self._aims.get(predicate, ())
                 if predicate in self._shapes[name]["targets"]["subjects_of"]}
        classes = {getattr(one.object, "value", "") for one in said.get(reach.TYPE.value, ())}
        return found | {name for name in self._aims.get(reach.TYPE.value, ())
                        if not classes.isdisjoint(self._shapes[name]["targets"]["classes"])}

    def _seeing(self, predicate: str) -> list[tuple[Route, list[str]]]:
        """Give the routes from a predicate's triples, each with the shapes that it belongs to."""
        if predicate not in self._routes:
            found: dict[str, tuple[Route, list[str]]] = {}
            for name, shape in self._shapes.items():
                for route in _routes(shape["reads"], predicate):
                    names = found.setdefault(json.dumps(route), (route, []))[1]
                    if name not in names:
                        names.append(name)
            self._routes[predicate] = list(found.values())
        return self._routes[predicate]


def _routes(tree: reach.Tree, predicate: str) -> Iterator[Route]:
    """Give the ways from where a tree reads a predicate to the tree's top."""
    for branch in tree:
        own = paths.predicates(branch["path"])
        if predicate in own or paths.ANY in own:
            yield (branch["path"],)
        for route in _routes(branch["then"], predicate):
            yield (*route, paths.inverse(branch["path"]))


def _walked(view: View, route: Route, triple: ox.Triple) -> Nodes:
    """Give the things on top to which a way leads from a triple."""
    found = paths.starts(view, route[0], triple)
    for back in route[1:]:
        if not found:
            break
        found = paths.followed(view, back, found)
    return found
