"""What shapes say of properties, piece by piece, and the fields that they make together.

A class has the pieces of its own shapes and of those of the classes above it. Pieces on the same property make one
field: the nearest names it, and what all of them ask for holds. A piece without a name, on several properties or on a
path that leads further, makes no field: it is a rule.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

import pyoxigraph as ox
from rdflib import Graph
from rdflib.namespace import RDF, SH
from rdflib.term import Literal, Node, URIRef

from carekg.forms.model import WORDS, Field, Values

ASIDE: Final = str(RDF.type)
"""What no field fills: the class of a thing is that of its form."""

LAST: Final = 1000.0
"""The order of what has none."""


@dataclass(frozen=True)
class Piece:
    """What one shape says of one property, or of several; ``depth`` is how far above a class the shape stands."""

    key: str
    name: str
    help: str
    predicates: tuple[str, ...]
    values: Values
    least: int
    most: int | None
    order: float
    message: str
    depth: int
    heading: str

    @property
    def is_field(self) -> bool:
        """Say whether it makes a field by itself."""
        return bool(self.predicates) and ASIDE not in self.predicates and (len(self.predicates) == 1 or bool(self.name))


def piece(texts: Graph, shape: Node, depth: int, heading: str) -> Piece:
    """Read what a property shape says."""
    def text(predicate: URIRef) -> str:
        found = sorted(texts.objects(shape, predicate), key=lambda one: getattr(one, "language", "") != "en")
        return str(found[0]) if found else ""

    path = texts.value(shape, SH.path)
    key = str(shape).rpartition("#")[2].rpartition("/")[2] if isinstance(shape, URIRef) else ""
    found = tuple(predicates(texts, path, whole=True)) if path is not None else ()
    least, most, order = (texts.value(shape, one) for one in (SH.minCount, SH.maxCount, SH.order))
    return Piece(key or "-".join(one.rpartition("#")[2].rpartition("/")[2] for one in found), text(SH.name),
                 text(SH.description), found, values(texts, shape), int(str(least or 0)),
                 None if most is None else int(str(most)), LAST if order is None else float(str(order)),
                 text(SH.message), depth, heading)


def predicates(texts: Graph, path: Node, *, whole: bool) -> Iterator[str]:
    """Give the properties on a path; where it has to be ``whole``, of one property or a choice of them, or none."""
    if isinstance(path, URIRef):
        yield str(path)
        return
    choice = texts.value(path, SH.alternativePath)
    items = list(texts.items(choice)) if choice is not None else []
    if items and all(isinstance(one, URIRef) for one in items):
        yield from map(str, items)
    elif not whole:
        inner = items or list(texts.items(path)) or [one for _, one in texts.predicate_objects(path)]
        for one in inner:
            yield from predicates(texts, one, whole=False)


def values(texts: Graph, shape: Node) -> Values:
    """Give what a property shape lets values be."""
    either = [one for choice in texts.objects(shape, SH["or"]) for one in texts.items(choice)]
    parts = [shape, *either]
    classes, datatypes = ([str(one) for part in parts for one in texts.objects(part, what)]
                          for what in (SH["class"], SH.datatype))
    listed = [term for choice in texts.objects(shape, SH["in"]) for one in texts.items(choice)
              if (term := _term(one)) is not None]
    listed += [term for one in texts.objects(shape, SH.hasValue) if (term := _term(one)) is not None]
    languages = [str(one) for choice in texts.objects(shape, SH.languageIn) for one in texts.items(choice)]
    kinds = set(texts.objects(shape, SH.nodeKind))
    return Values(tuple(dict.fromkeys(classes)), tuple(_having(texts, shape)), tuple(listed),
                  tuple(dict.fromkeys(datatypes)) or ((WORDS,) if languages else ()), tuple(languages),
                  bool(kinds) and kinds <= {SH.IRI, SH.BlankNodeOrIRI})


def _having(texts: Graph, shape: Node) -> Iterator[tuple[str, str]]:
    """Give the statements that a value has to have by a shape within: by them it belongs to a list."""
    for node in texts.objects(shape, SH.node):
        for one in (node, *texts.objects(node, SH.property)):
            path, value = texts.value(one, SH.path), texts.value(one, SH.hasValue)
            if isinstance(path, URIRef) and isinstance(value, URIRef):
                yield str(path), str(value)


def _term(node: Node) -> ox.NamedNode | ox.Literal | None:
    if isinstance(node, URIRef):
        return ox.NamedNode(str(node))
    if isinstance(node, Literal):
        datatype = ox.NamedNode(str(node.datatype)) if node.datatype and not node.language else None
        return ox.Literal(str(node), language=node.language, datatype=datatype)
    return None


def fields(pieces: Iterable[Piece], label: Callable[[URIRef], str],
           one_of: Iterable[set[str]] = ()) -> list[tuple[str, Field]]:
    """Give the fields that pieces make together, in order, each with its heading.

    :param label: gives what a property is called.
    :param one_of: sets of properties of which a thing has to have one.
    """
    made: list[tuple[Piece, list[Piece]]] = []
    left: list[Piece] = []
    for one in sorted(pieces, key=lambda one: (one.depth, not one.name, len(one.predicates), one.order, one.key,
                                            one.predicates)):
        near = next((all_ for first, all_ in made if _goes_with(one, first)), None)
        if near is not None:
            near.append(one)
        elif one.is_field:
            made.append((one, [one]))
        else:
            left.append(one)
    ranked = sorted(made, key=lambda pair: (pair[0].depth, pair[0].order, pair[0].key))
    found = _keyed((first.heading, _field(first, all_, label)) for first, all_ in ranked)
    asked = list(one_of)
    return [(heading, replace(one, least=max(one.least, any(ways >= set(one.predicates) for ways in asked))))
            for heading, one in found]


def _keyed(found: Iterable[tuple[str, Field]]) -> list[tuple[str, Field]]:
    """Give fields with keys that differ, of letters, digits and dashes: two vocabularies may have a word in common."""
    keyed: dict[str, tuple[str, Field]] = {}
    for heading, one in found:
        number, plain = 1, re.sub(r"[^\w-]", "-", one.key) or "field"
        key = plain
        while key in keyed:
            number += 1
            key = f"{plain}-{number}"
        keyed[key] = heading, replace(one, key=key)
    return list(keyed.values())


def _goes_with(one: Piece, first: Piece) -> bool:
    """Say whether a piece is about the same property as a field's first: as a whole, or by name of more of them."""
    mine, its = set(one.predicates), set(first.predicates)
    return bool(mine) and (mine == its or (bool(one.name) and its < mine))


def _field(first: Piece, all_: list[Piece], label: Callable[[URIRef], str]) -> Field:
    named = {predicate: label(URIRef(predicate)) for predicate in first.predicates}
    most = [one.most for one in all_ if one.most is not None]
    return Field(first.key, first.name or next(iter(named.values())), next((one.help for one in all_ if one.help), ""),
                 named, _together([one.values for one in all_]), max(one.least for one in all_),
                 min(most) if most else None, tuple(dict.fromkeys(one.message for one in all_ if one.message)))


def _together(all_: list[Values]) -> Values:
    """Give what several shapes let values be: each restriction as the nearest shape has it."""
    def first(name: str) -> tuple[object, ...]:
        return next((found for one in all_ if (found := getattr(one, name))), ())

    names = ("classes", "having", "listed", "datatypes", "languages")
    return Values(**{name: first(name) for name in names}, is_iri=any(one.is_iri for one in all_))  # type: ignore[arg-type]


def rules(pieces: Iterable[Piece]) -> Iterator[str]:
    """Give what pieces say that make no field and belong to none."""
    pieces = list(pieces)
    firsts = [one for one in pieces if one.is_field]
    for one in pieces:
        alone = not one.is_field and not any(_goes_with(one, first) for first in firsts)
        if alone and one.message and ASIDE not in one.predicates:
            yield one.message
