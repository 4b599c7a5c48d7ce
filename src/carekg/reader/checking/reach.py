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


def origins(view: View, tree: Tree, triple: ox.Triple) -> Nodes:
    """Give the nodes on top of a tree from which it reads a triple."""
    found: Nodes = set()
    for branch in tree:
        path, then = branch["path"], branch["then"]
        if reads(branch, triple.predicate.value):
            found |= paths.starts(view, path, triple)
            below = origins(view, then, triple)
            if below:
                found |= paths.followed(view, paths.inverse(path), below)
    return found


def reads(branch: dict[str, Any], predicate: str) -> bool:
    """Say whether a branch reads a predicate anywhere; what it reads is kept with it."""
    if "reads" not in branch:
        branch["reads"] = predicates(branch)
    return predicate in branch["reads"] or paths.ANY in branch["reads"]


def predicates(branch: dict[str, Any]) -> set[str]:
    """Give the predicates that a branch reads, and those beyond it."""
    return paths.predicates(branch["path"]).union(*map(predicates, branch["then"]))


def gather(view: View, tree: Tree, nodes: Iterable[Term], read: set[ox.Triple]) -> None:
    """Put all triples that a tree reads from some nodes into ``read``."""
    for branch in tree:
        reached = paths.followed(view, branch["path"], nodes, read)
        if reached:
            gather(view, branch["then"], reached, read)


def is_target(view: View, targets: dict[str, list[str]], node: Term) -> bool:
    """Say whether a shape with these targets is about a node; classes come with those below them."""
    classes = set(targets["classes"])
    return (node.value in targets["nodes"] if isinstance(node, ox.NamedNode) else False) or any(
        getattr(one.object, "value", "") in classes for one in view.triples(node, TYPE)) or any(
        next(view.triples(node, ox.NamedNode(p)), None) for p in targets["subjects_of"]) or any(
        next(view.triples(None, ox.NamedNode(p), node), None) for p in targets["objects_of"])


def may_become_target(targets: dict[str, list[str]], triple: ox.Triple) -> Nodes:
    """Give the nodes that a triple may have made a target."""
    found: Nodes = set()
    if triple.predicate == TYPE and getattr(triple.object, "value", "") in targets["classes"]:
        found.add(triple.subject)
    if triple.predicate.value in targets["subjects_of"]:
        found.add(triple.subject)
    if triple.predicate.value in targets["objects_of"]:
        found.add(triple.object)
    return found
