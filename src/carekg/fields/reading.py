"""Reads the fields of each class out of shapes and ontology."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

import pyoxigraph as ox

from carekg.fields.model import Choice, Field, Fields, Kind
from carekg.terms import PREFIXES

SH: Final = PREFIXES["sh"]
RDF: Final = PREFIXES["rdf"]
RDFS: Final = PREFIXES["rdfs"]
SKOS: Final = PREFIXES["skos"]
IN_SCHEME: Final = SKOS + "inScheme"
LAST: Final = 1000.0
"""The place of a field whose shape names none."""


def read(shapes: Iterable[ox.Triple], ontology: Iterable[ox.Triple]) -> Fields:
    """Give the fields of each class that a shape is about."""
    source = _Source(shapes, ontology)
    beside = _beside(source)
    targeted = {class_ for name in list(source.of) for class_ in source.iris(name, SH + "targetClass")}
    kinds = {class_: _kind(source, class_, beside) for class_ in sorted(targeted)}
    speaking = {name[1:-1]: tuple(dict.fromkeys(_properties(source, name, set())))
                for name, said in source.of.items() if name.startswith("<") and _is_shape(said)}
    return Fields({iri: kind for iri, kind in kinds.items() if kind.fields}, speaking)


class _Source:
    """The triples of shapes and ontology, by subject and predicate; subjects are as N-Triples writes them."""

    def __init__(self, shapes: Iterable[ox.Triple], ontology: Iterable[ox.Triple]) -> None:
        self.of, self.terms = _sorted(shapes), _sorted(ontology)

    def iris(self, name: str, predicate: str) -> list[str]:
        """Give the IRIs that a shape has under a predicate."""
        return [one.value for one in self.of[name].get(predicate, ()) if isinstance(one, ox.NamedNode)]

    def text(self, name: str, predicate: str) -> str:
        """Give a text of a shape, nothing where there is none."""
        return _english(self.of[name].get(predicate, ()))

    def term(self, iri: str) -> Choice:
        """Give a term of the vocabulary."""
        said = self.terms.get(f"<{iri}>", {})
        local = iri.rpartition("#")[2].rpartition("/")[2]
        return Choice(iri, _english(said.get(RDFS + "label", ())) or local,
                      _english([*said.get(SKOS + "definition", ()), *said.get(RDFS + "comment", ())]))

    def items(self, head: Any) -> list[Any]:
        """Give the items of a list in the shapes."""
        found: list[Any] = []
        while str(head) != f"<{RDF}nil>" and len(found) < LAST:
            said = self.of.get(str(head), {})
            found += said.get(RDF + "first", ())[:1]
            head = next(iter(said.get(RDF + "rest", ())), ox.NamedNode(RDF + "nil"))
        return found

    def above(self, class_: str) -> list[str]:
        """Give a class and those above it, the nearest first."""
        found = [class_]
        for one in found:
            higher = self.terms.get(f"<{one}>", {}).get(RDFS + "subClassOf", ())
            found += [up.value for up in higher if isinstance(up, ox.NamedNode) and up.value not in found]
        return found


def _sorted(triples: Iterable[ox.Triple]) -> dict[str, dict[str, list[Any]]]:
    found: dict[str, dict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))
    for triple in triples:
        found[str(triple.subject)][triple.predicate.value].append(triple.object)
    return found


def _english(values: Iterable[Any]) -> str:
    texts = sorted((one for one in values if isinstance(one, ox.Literal)),
                   key=lambda one: (one.language or "") not in ("", "en", "en-gb"))
    return texts[0].value if texts else ""


def _is_shape(said: dict[str, list[Any]]) -> bool:
    types = {getattr(one, "value", "") for one in said.get(RDF + "type", ())}
    return bool(types & {SH + "NodeShape", SH + "PropertyShape"})


def _kind(source: _Source, class_: str, beside: Mapping[str, list[Any]]) -> Kind:
    term, above = source.term(class_), source.above(class_)
    merged: dict[tuple[str, ...], Field] = {}
    asked: set[frozenset[str]] = set()
    for one in above:
        owners = sorted(name for name in list(source.of) if one in source.iris(name, SH + "targetClass"))
        own = [shape for owner in owners for shape in source.of[owner].get(SH + "property", ())]
        asked |= {paths for owner in owners for paths in _one_of(source, owner)}
        fields = sorted(filter(None, (_field(source, str(shape)) for shape in [*own, *beside.get(one, ())])),
                        key=lambda found: (not found.name, found.order, found.paths))
        for found in fields:
            same = next((paths for paths in merged if set(paths) <= set(found.paths)
                         and (len(paths) > 1) == (len(found.paths) > 1)), found.paths)
            merged[same] = _both(merged[same], found) if same in merged else found
    named = (replace(one, name=one.name or source.term(one.path).label,
                     least=max(one.least, any(paths >= set(one.paths) for paths in asked)))
             for one in merged.values() if one.name or len(one.paths) == 1)
    return Kind(class_, term.label, term.help, tuple(named), tuple(above[1:]))


def _one_of(source: _Source, shape: str) -> Iterator[frozenset[str]]:
    """Give the sets of properties of which a shape asks for exactly one."""
    for head in source.of[shape].get(SH + "xone", ()):
        items = [str(item) for item in source.items(head)]
        if all(_count(source.of[item], "minCount") for item in items):
            yield frozenset(path for item in items for path in _paths(source, item))


def _beside(source: _Source) -> dict[str, list[Any]]:
    """Give the property shapes of what has a property, by the classes that alone may have it."""
    found: dict[str, list[Any]] = defaultdict(list)
    bearers = {name: source.iris(name, SH + "targetSubjectsOf") for name in list(source.of)}
    for owner, paths in sorted(bearers.items()):
        for shape in source.of[owner].get(SH + "property", ()) if paths else ():
            path = source.iris(str(shape), SH + "path")
            if path and path[0] in paths:
                classes = {one for name, others in bearers.items() if path[0] in others
                           for one in _classes(source, name)}
                for class_ in sorted(classes):
                    found[class_].append(shape)
    return found


def _field(source: _Source, shape: str) -> Field | None:
    """Give the field that a property shape makes; None where its path leads further than one step."""
    paths = _paths(source, shape)
    if not paths:
        return None
    said = source.of[shape]
    orders = [float(one.value) for one in said.get(SH + "order", ())]
    nodes = [one == SH + "IRI" for one in source.iris(shape, SH + "nodeKind")]
    values = [str(item) for head in said.get(SH + "in", ()) for item in source.items(head)]
    languages = [item.value for head in said.get(SH + "languageIn", ()) for item in source.items(head)]
    name = source.text(shape, SH + "name")
    return Field(
        name, paths, source.text(shape, SH + "description"), orders[0] if orders else LAST,
        _count(said, "minCount") or 0, _count(said, "maxCount"), tuple(_classes(source, shape)),
        tuple(_schemes(source, shape)), tuple(values), tuple(_each(source, shape, SH + "datatype")), tuple(languages),
        next((one.value for one in said.get(SH + "pattern", ())), ""), any(nodes),
        tuple(map(source.term, paths)) if len(paths) > 1 else (), (shape.strip("<>"),),
        source.text(shape, SH + "message"))


def _both(one: Field, other: Field) -> Field:
    """Give a field that two shapes are about."""
    most = [count for count in (one.most, other.most) if count is not None]
    return replace(
        one, name=one.name or other.name, help=one.help or other.help, least=max(one.least, other.least),
        most=min(most) if most else None, classes=one.classes or other.classes, schemes=one.schemes or other.schemes,
        values=one.values or other.values, datatypes=one.datatypes or other.datatypes,
        languages=one.languages or other.languages, pattern=one.pattern or other.pattern,
        is_iri=one.is_iri or other.is_iri, shapes=one.shapes + other.shapes)


def _count(said: dict[str, list[Any]], name: str) -> int | None:
    return next((int(one.value) for one in said.get(SH + name, ())), None)


def _paths(source: _Source, shape: str) -> tuple[str, ...]:
    """Give the property of a shape, or those of an alternative of which each is one step."""
    node = next(iter(source.of[shape].get(SH + "path", ())), None)
    if isinstance(node, ox.NamedNode):
        return (node.value,)
    heads = source.of[str(node)].get(SH + "alternativePath", ()) if isinstance(node, ox.BlankNode) else ()
    items = [item for head in heads for item in source.items(head)]
    return tuple(item.value for item in items) if all(isinstance(one, ox.NamedNode) for one in items) else ()


def _each(source: _Source, shape: str, predicate: str) -> Iterator[str]:
    """Give the IRIs that a shape has under a predicate, itself or in its alternatives."""
    yield from source.iris(shape, predicate)
    for head in source.of[shape].get(SH + "or", ()):
        for item in source.items(head):
            yield from source.iris(str(item), predicate)


def _classes(source: _Source, shape: str) -> list[str]:
    return list(dict.fromkeys(_each(source, shape, SH + "class")))


def _schemes(source: _Source, shape: str) -> Iterator[str]:
    """Give the schemes in one of which the values are: of shapes that ask for one by ``sh:node``."""
    for node in dict.fromkeys(_each(source, shape, SH + "node")):
        for inner in source.of[f"<{node}>"].get(SH + "property", ()):
            if IN_SCHEME in source.iris(str(inner), SH + "path"):
                yield from source.iris(str(inner), SH + "hasValue")


def _properties(source: _Source, name: str, seen: set[str]) -> Iterator[str]:
    """Give the properties in the paths of a shape and of what is nested in it without a name."""
    seen.add(name)
    for predicate, values in source.of.get(name, {}).items():
        for value in values:
            if predicate == SH + "path" and isinstance(value, ox.NamedNode):
                yield value.value
            elif predicate == SH + "path" or (isinstance(value, ox.BlankNode) and str(value) not in seen):
                yield from _inside(source, str(value), seen)


def _inside(source: _Source, name: str, seen: set[str]) -> Iterator[str]:
    """Give the properties within a blank node: of a path, of a list, of a shape."""
    seen.add(name)
    for predicate, values in source.of.get(name, {}).items():
        for value in values:
            is_step = predicate.startswith(RDF) or predicate in (SH + "inversePath", SH + "path")
            if is_step and isinstance(value, ox.NamedNode) and not value.value.startswith((RDF, SH)):
                yield value.value
            elif isinstance(value, ox.BlankNode) and str(value) not in seen:
                yield from _inside(source, str(value), seen)
