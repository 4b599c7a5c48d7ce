"""The alternatives of a shape of a thing as a whole, in words: of some, one at least or just one has to be so."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rdflib import Graph
from rdflib.namespace import SH
from rdflib.term import Node, URIRef

from carekg.validation import kinds, paths
from carekg.validation.paths import Naming, listed


def wanted(shapes: Graph, shape: Node | None, parameter: URIRef, name: Naming) -> str:
    """Say what would be right: one of the alternatives, where each can be said."""
    told = [_said(shapes, one, name) for one in kinds.members(shapes, shape, parameter)]
    if not told or not all(told):
        return ""
    return f"Either {', or '.join(told)}." if len(told) > 1 else f"{told[0][:1].upper()}{told[0][1:]}."


def ways(shapes: Graph, shape: Node | None, parameter: URIRef) -> list[Any]:
    """Give the paths of the alternatives, as rdflib walks them."""
    found = kinds.members(shapes, shape, parameter)
    return [way for one in found if (way := paths.path(shapes, shapes.value(one, SH.path))) is not None]


def _said(shapes: Graph, shape: Node, name: Naming) -> str:
    """Say in a clause what a shape asks of a thing, nothing where that takes more than a clause."""
    if (inner := shapes.value(shape, SH["not"])) is not None:
        return _denied(shapes, inner, name)
    if together := kinds.members(shapes, shape, SH["and"]):
        return _joined(_said(shapes, one, name) for one in together)
    if classes := list(shapes.objects(shape, SH["class"])):
        return f"it is {listed([kinds.article(name(one)) for one in classes])}"
    way = paths.words(paths.path(shapes, shapes.value(shape, SH.path)), name)
    if not way:
        return ""
    if (value := shapes.value(shape, SH.hasValue)) is not None:
        return f"its {way} is {name(value)}"
    if str(shapes.value(shape, SH.maxCount)) == "0":
        return f"it has no {way}"
    return f"it has {kinds.article(way)}" if shapes.value(shape, SH.minCount) is not None else ""


def _denied(shapes: Graph, shape: Node, name: Naming) -> str:
    said = _said(shapes, shape, name)
    if said.startswith("its "):
        return said.replace(" is ", " is not ", 1)
    return said.replace("it is ", "it is not ", 1) if said.startswith("it is ") else ""


def _joined(parts: Iterable[str]) -> str:
    told = list(parts)
    return " and ".join(told) if all(told) else ""
