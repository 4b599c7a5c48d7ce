"""What a shape's path leads to in a graph, and what the path is in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final, Literal

from rdflib import Graph
from rdflib.collection import Collection
from rdflib.namespace import RDF, SH
from rdflib.paths import AlternativePath, InvPath, MulPath, SequencePath
from rdflib.term import Node, URIRef

Naming = Callable[[Node | None], str]
"""Gives what a thing, a term or a text is called; nothing for nothing."""

REPEATED: Final[dict[URIRef, Literal["*", "+", "?"]]] = {
    SH.zeroOrMorePath: "*", SH.oneOrMorePath: "+", SH.zeroOrOnePath: "?"}


def path(shapes: Graph, node: Node | None) -> Any:
    """Give a path of SHACL as rdflib walks it, None where there is none."""
    if node is None or isinstance(node, URIRef):
        return node
    if (node, RDF.first, None) in shapes:
        return SequencePath(*(path(shapes, one) for one in Collection(shapes, node)))
    if inner := shapes.value(node, SH.inversePath):
        return InvPath(path(shapes, inner))
    if inner := shapes.value(node, SH.alternativePath):
        return AlternativePath(*(path(shapes, one) for one in Collection(shapes, inner)))
    return next((MulPath(path(shapes, inner), sign) for kind, sign in REPEATED.items()
                 if (inner := shapes.value(node, kind))), None)


def values(data: Graph, focus: Node, way: Any) -> list[Node]:
    """Give what a path leads to from a node, each once, in order."""
    found = dict.fromkeys(data.objects(focus, way)) if way is not None else {}
    return sorted(found, key=str)


def properties(way: Any) -> list[URIRef]:
    """Give the properties by which a path begins: one, those of an alternative, or none."""
    if isinstance(way, URIRef):
        return [way]
    if isinstance(way, AlternativePath):
        return [one for part in way.args for one in properties(part)]
    if isinstance(way, SequencePath):
        return properties(way.args[0])
    return properties(way.path) if isinstance(way, MulPath) else []


def words(way: Any, name: Naming) -> str:
    """Give a path in words, nothing for none."""
    if isinstance(way, URIRef):
        return name(way)
    if isinstance(way, AlternativePath):
        return listed([words(one, name) for one in way.args], "or")
    if is_round(way):
        return f"things with the same {words(way.args[0], name)}"
    if isinstance(way, SequencePath):
        return " of the ".join(words(one, name) for one in reversed(way.args))
    if isinstance(way, InvPath):
        return f"what has it as {words(way.arg, name)}"
    return words(way.path, name) if isinstance(way, MulPath) else ""


def is_round(way: Any) -> bool:
    """Say whether a path goes to a value and back again, to all that have the same."""
    return (isinstance(way, SequencePath) and len(way.args) == 2 and isinstance(way.args[1], InvPath)
            and bool(way.args[1].arg == way.args[0]))


def listed(parts: Iterable[str], last: str = "and") -> str:
    """Give parts as a sentence lists them, each once."""
    *most, end = dict.fromkeys(parts) or [""]
    return f"{', '.join(most)} {last} {end}" if most else end
