"""Reads the forms of all classes out of the shapes and the ontology in a store."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

import pyoxigraph as ox
from rdflib import Graph
from rdflib.namespace import OWL, RDF, RDFS, SH, SKOS
from rdflib.term import BNode, Literal, Node, URIRef

from carekg import store
from carekg.forms import merging
from carekg.forms.merging import Piece
from carekg.forms.model import Form, Section
from carekg.terms import VOCABULARY

ALSO: Final = "also"
"""The heading of the fields that things of every class may have."""

WITHIN: Final = (SH.node, SH["and"])
"""By what a shape takes in another one whole."""


@dataclass(frozen=True)
class Forms:
    """The forms of a graph by class, the classes above each class, and the properties of which each shape speaks."""

    forms: Mapping[str, Form]
    above: Mapping[str, tuple[str, ...]]
    mentions: Mapping[str, tuple[str, ...]]

    def of(self, types: Iterable[str]) -> list[Form]:
        """Give the forms of the classes of a thing, without those of classes above another of them."""
        found = [iri for iri in types if iri in self.forms]
        above = {higher for iri in found for higher in self.above[iri][1:]}
        return [self.forms[iri] for iri in sorted(set(found) - above)]


def read(graph: store.Store) -> Forms:
    """Give the forms by the shapes that a store's graph has."""
    lines = ox.serialize((one.triple for one in store.quads(graph, *VOCABULARY)), format=ox.RdfFormat.N_TRIPLES)
    texts = Graph().parse(data=lines or b"", format="ox-nt")
    return Reader(texts).forms()


class Reader:
    """Reads forms out of the texts of shapes and ontology."""

    def __init__(self, texts: Graph) -> None:
        self.texts = texts
        self._read: dict[Node, Piece] = {}

    def forms(self) -> Forms:
        """Give the form of every class that has a field of its own, or of a class above it."""
        classes = {iri for iri in self.texts.subjects(RDF.type, OWL.Class) if isinstance(iri, URIRef)}
        classes |= {iri for shape in self._shapes for iri in self._targets(shape) if isinstance(iri, URIRef)}
        above = {str(iri): tuple(map(str, self.above(iri))) for iri in classes - self._derived}
        forms = {iri: form for iri in above if (form := self.form(URIRef(iri))) is not None}
        return Forms(dict(sorted(forms.items(), key=lambda item: item[1].label.lower())), above, self._mentions())

    def form(self, iri: URIRef) -> Form | None:
        """Give the form of a class; None where no shape gives it a field."""
        above = self.above(iri)
        pieces = [piece for depth, one in enumerate(above) for shape in self._aimed(one)
                  for piece in self._pieces(shape, depth, self.label(one))]
        if not any(piece.is_field for piece in pieces):
            return None
        named = {predicate for piece in pieces for predicate in piece.predicates}
        pieces += [piece for piece in self._free(above, len(above)) if not set(piece.predicates) & named]
        fields = merging.fields(pieces, self.label, [ways for one in above for ways in self._one_of(one)])
        headings = dict.fromkeys(heading for heading, _ in fields)
        sections = [Section(heading, tuple(one for where, one in fields if where == heading)) for heading in headings]
        return Form(str(iri), self.label(iri), self.text(iri, SKOS.definition, RDFS.comment), tuple(sections),
                    tuple(dict.fromkeys([*self._whole(above), *merging.rules(pieces)])))

    def above(self, iri: URIRef) -> list[URIRef]:
        """Give a class and those above it, the nearest first."""
        found = [iri]
        for one in found:
            found += [higher for higher in sorted(self.texts.objects(one, RDFS.subClassOf), key=str)
                      if isinstance(higher, URIRef) and higher not in found]
        return found

    def label(self, iri: Node) -> str:
        """Give what a term is called, or its last part where it is not told."""
        last = str(iri).rpartition("#")[2].rpartition("/")[2]
        return self.text(iri, RDFS.label, SH.name) or re.sub(r"(?<=[a-z])(?=[A-Z])", " ", last).lower()

    def text(self, node: Node, *predicates: URIRef) -> str:
        """Give the first text that a node has by one of some properties, in English where there is one."""
        texts = [one for predicate in predicates for one in sorted(self.texts.objects(node, predicate), key=str)
                 if isinstance(one, Literal)]
        return next((str(one) for one in sorted(texts, key=lambda one: (one.language or "en") != "en")), "")

    # --- what a class has ---------------------------------------------------------------------------------------------

    @cached_property
    def _shapes(self) -> list[Node]:
        """Give the shapes of things that are in force."""
        found = {*self.texts.subjects(RDF.type, SH.NodeShape), *self.texts.subjects(SH.targetClass, None),
                 *self.texts.subjects(SH.targetSubjectsOf, None)}
        return sorted((one for one in found if (one, SH.deactivated, Literal(True)) not in self.texts), key=str)

    def _targets(self, shape: Node) -> set[Node]:
        """Give the classes whose things a shape holds for; a shape may be a class itself (SHACL, 2.1.3.3)."""
        is_class = any((shape, RDF.type, kind) in self.texts for kind in (OWL.Class, RDFS.Class))
        return {*self.texts.objects(shape, SH.targetClass), *([shape] if is_class else [])}

    @cached_property
    def _by_class(self) -> Mapping[Node, list[Node]]:
        found: dict[Node, list[Node]] = defaultdict(list)
        for shape in self._shapes:
            for iri in self._targets(shape):
                found[iri].append(shape)
        return found

    def _aimed(self, iri: URIRef) -> list[Node]:
        return self._by_class.get(iri, [])

    @cached_property
    def _derived(self) -> set[Node]:
        """Give the classes that nobody may state: a shape forbids them as types."""
        return {iri for shape in self.texts.subjects(SH.path, RDF.type) for no in self.texts.objects(shape, SH["not"])
                for listed in self.texts.objects(no, SH["in"]) for iri in self.texts.items(listed)}

    def _pieces(self, shape: Node, depth: int, heading: str, seen: tuple[Node, ...] = ()) -> Iterator[Piece]:
        """Give what a shape and those within it say of properties, in force and with a path that can be filled."""
        for one in self.texts.objects(shape, SH.property):
            if (one, SH.deactivated, Literal(True)) not in self.texts:
                if one not in self._read:
                    self._read[one] = merging.piece(self.texts, one, depth, heading)
                group = self.texts.value(one, SH.group)
                yield replace(self._read[one], depth=depth,
                              heading=self.text(group, RDFS.label) if group else heading)
        within = [inner for how in WITHIN for node in self.texts.objects(shape, how)
                  for inner in (self.texts.items(node) if how == SH["and"] else [node])]
        for inner in within:
            if inner not in seen:
                yield from self._pieces(inner, depth, heading, (*seen, shape))

    def _free(self, above: list[URIRef], depth: int) -> Iterator[Piece]:
        """Give the fields of shapes that hold for whatever has a property, where a class may have it."""
        for piece, classes in self._free_pieces:
            bearer = next((one for one in above if one in classes), None)
            if bearer is not None or not classes:
                yield replace(piece, depth=depth, heading=ALSO if bearer is None else self.label(bearer))

    @cached_property
    def _free_pieces(self) -> list[tuple[Piece, set[Node]]]:
        """Give what shapes say of whatever has a property, with the classes that alone may have it."""
        found = []
        for shape in self._shapes:
            targets = list(self.texts.objects(shape, SH.targetSubjectsOf))
            classes = set().union(*map(self._bearers, targets)) if targets else set()
            found += [(piece, classes) for piece in self._pieces(shape, 0, "") if targets
                      and piece.name and len(piece.predicates) == 1]
        return found

    def _bearers(self, predicate: Node) -> set[Node]:
        """Give the classes to which the shapes of whatever has a property hold it."""
        found: set[Node] = set()
        for shape in self.texts.subjects(SH.targetSubjectsOf, predicate):
            either = [one for choice in self.texts.objects(shape, SH["or"]) for one in self.texts.items(choice)]
            classes = [set(self.texts.objects(one, SH["class"])) for one in either]
            found |= {*self.texts.objects(shape, SH["class"]), *(set().union(*classes) if all(classes) else ())}
        return found

    def _one_of(self, iri: URIRef) -> Iterator[set[str]]:
        """Give the sets of properties of which a thing of a class has to have one."""
        for shape in self._aimed(iri):
            for choice in self.texts.objects(shape, SH.xone):
                parts = list(self.texts.items(choice))
                if all((one, SH.minCount, None) in self.texts for one in parts):
                    yield {str(path) for one in parts for path in self.texts.objects(one, SH.path)}

    def _whole(self, above: list[URIRef]) -> Iterator[str]:
        """Give what shapes say of a thing of these classes as a whole."""
        for one in above:
            yield from (said for shape in self._aimed(one) if (said := self.text(shape, SH.message)))

    # --- of which properties a shape speaks -----------------------------------------------------------------------

    def _mentions(self) -> dict[str, tuple[str, ...]]:
        shapes = {one for one in (*self._shapes, *self.texts.objects(None, SH.property)) if isinstance(one, URIRef)}
        return {str(shape): tuple(dict.fromkeys(self._spoken(shape, set()))) for shape in shapes}

    def _spoken(self, node: Node, seen: set[Node]) -> Iterator[str]:
        """Give the properties on paths in a shape, without those of other shapes that have a name."""
        seen.add(node)
        for path in self.texts.objects(node, SH.path):
            yield from merging.predicates(self.texts, path, whole=False)
        for _, inner in sorted(self.texts.predicate_objects(node), key=str):
            if isinstance(inner, BNode) and inner not in seen:
                yield from self._spoken(inner, seen)
        for target in sorted(self.texts.objects(node, SH.targetSubjectsOf), key=str):
            yield str(target)
