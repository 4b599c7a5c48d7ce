"""Which things a change can give another verdict, and all that is read to reach their verdicts.

What a shape reads is a tree: a list of branches ``{"path": PATH, "then": TREE}``, each path beginning where the branch
above it ends, at the focus node on top. :mod:`carekg.validation.reads` makes the trees of shapes.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import pyoxigraph as ox

from carekg.reader.checking import paths
from carekg.reader.checking.paths import Nodes
from carekg.reader.checking.view import Term, View

Tree = list[dict[str, Any]]
TYPE: Final = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")


def aims(targets: dict[str, Any]) -> set[str]:
    """Give the predicates whose triples may make something a target."""
    return {*targets["subjects_of"], *targets["objects_of"], *([TYPE.value] if targets["classes"] else ())}


def predicates(branch: dict[str, Any]) -> set[str]:
    """Give the predicates that a branch reads, and those beyond it."""
    return paths.predicates(branch["path"]).union(*map(predicates, branch["then"]))


def gather(view: View, tree: Tree, nodes: Iterable[Term], read: set[ox.Triple]) -> None:
    """Put all triples that a tree reads from some nodes into ``read``."""
    for branch in tree:
        reached = paths.followed(view, branch["path"], nodes, read)
        if reached:
            gather(view, branch["then"], reached, read)


def is_target(view: View, targets: dict[str, Any], node: Term) -> bool:
    """Say whether a shape with these targets is about a node; classes come with those below them."""
    return is_named(view, targets, node) or any(
        getattr(one.object, "value", "") in targets["classes"] for one in view.triples(node, TYPE)) or any(
        next(view.triples(node, ox.NamedNode(p)), None) for p in targets["subjects_of"])


def is_named(view: View, targets: dict[str, Any], node: Term) -> bool:
    """Say whether a shape with these targets is about a node by its name, or for what leads to it."""
    return (node.value in targets["nodes"] if isinstance(node, ox.NamedNode) else False) or any(
        next(view.triples(None, ox.NamedNode(p), node), None) for p in targets["objects_of"])


def may_become_target(targets: dict[str, Any], triple: ox.Triple) -> Nodes:
    """Give the nodes that a triple may have made a target."""
    found: Nodes = set()
    if triple.predicate == TYPE and getattr(triple.object, "value", "") in targets["classes"]:
        found.add(triple.subject)
    if triple.predicate.value in targets["subjects_of"]:
        found.add(triple.subject)
    if triple.predicate.value in targets["objects_of"]:
        found.add(triple.object)
    return found
