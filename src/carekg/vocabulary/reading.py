"""Reads terms and shapes out of the texts of ontology and shapes, and puts axioms into words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Final

from rdflib import Graph
from rdflib.namespace import DCTERMS, OWL, RDF, RDFS, SH, SKOS
from rdflib.term import Literal, Node, URIRef

from carekg.query import Cell
from carekg.terms import ONTOLOGY, compact
from carekg.vocabulary.model import Shape, Term, Use, Words, anchor

KINDS: Final = {OWL.Class: "class", OWL.ObjectProperty: "link", OWL.DatatypeProperty: "value"}
RELATIONS: Final = (SKOS.exactMatch, SKOS.closeMatch, SKOS.relatedMatch, SKOS.broadMatch, SKOS.narrowMatch)
TARGETS: Final = (SH.targetClass, SH.targetSubjectsOf, SH.targetObjectsOf)
MADE: Final = (OWL.propertyChainAxiom, OWL.inverseOf)
"""Axioms that define a property through others."""

LONGEST: Final = 160
"""Characters of a text that an example shows."""


class Reader:
    """Gives terms and shapes; ``uses`` are by IRI, ``labels`` are those that the texts do not have."""

    def __init__(self, texts: Graph, uses: Mapping[str, Use], labels: Mapping[str, str]) -> None:
        self.texts, self.uses, self.labels = texts, uses, labels

    @cached_property
    def kinds(self) -> dict[URIRef, str]:
        """Give each class and property with its kind, in the order of their labels."""
        found = {iri: kind for type_, kind in KINDS.items() for iri in self.texts.subjects(RDF.type, type_)
                 if isinstance(iri, URIRef)}
        return {iri: found[iri] for iri in sorted(found, key=lambda iri: (self._label(iri).lower(), iri))}

    @cached_property
    def _borne(self) -> dict[URIRef, set[Node]]:
        """Give each shape that has an IRI and a message, with the terms on which it bears."""
        shapes = {shape for type_ in (SH.PropertyShape, SH.NodeShape) for shape in self.texts.subjects(RDF.type, type_)
                  if isinstance(shape, URIRef) and (shape, SH.message, None) in self.texts}
        return {shape: self._bears_on(shape) for shape in sorted(shapes)}

    def term(self, iri: URIRef) -> Term:
        """Give one term."""
        use, kind = self.uses.get(str(iri), Use()), self.kinds[iri]
        made = any((iri, axiom, None) in self.texts for axiom in MADE)
        return Term(
            str(iri), kind, self._label(iri), next(iter(self._texts(iri, SKOS.definition, RDFS.comment)), ""),
            self._texts(iri, SKOS.scopeNote), self._texts(iri, SKOS.example),
            self._cells(self.texts.objects(iri, DCTERMS.source)), self._links(iri),
            self._class_follows(iri) if kind == "class" else self._property_follows(iri), self._implies(iri),
            tuple(self.shape(shape) for shape, terms in self._borne.items() if iri in terms),
            made or 0 < use.uses == use.inferred, use.uses, tuple(map(self._example, use.pair)))

    def shape(self, iri: URIRef) -> Shape:
        """Give one shape."""
        return Shape(str(iri), anchor(str(iri)), " ".join(self._texts(iri, SH.message)), self._cells(self._borne[iri]))

    def shapes(self) -> tuple[Shape, ...]:
        """Give all shapes that say something."""
        return tuple(self.shape(iri) for iri in self._borne)

    def _bears_on(self, shape: Node) -> set[Node]:
        """Give the targets and the path of a shape, and the classes whose shape has it."""
        owners = [shape, *self.texts.subjects(SH.property, shape)]
        targets = {term for target in TARGETS for term in self.texts.objects(shape, target)}
        classes = {term for owner in owners for term in self.texts.objects(owner, SH.targetClass)}
        paths = set(self.texts.objects(shape, SH.path))
        inverse = {term for path in paths for term in self.texts.objects(path, SH.inversePath)}
        return (targets | classes | paths | inverse) & set(self.kinds)

    def _links(self, iri: URIRef) -> dict[str, Words]:
        texts = self.texts
        mine = [shape for shape in self._borne if (shape, SH.path, iri) in texts]
        owners = [owner for shape in mine for owner in texts.subjects(SH.property, shape)]
        found: dict[str, Iterable[Node]] = {
            "kind of": [*texts.objects(iri, RDFS.subClassOf), *texts.objects(iri, RDFS.subPropertyOf)],
            "kinds": texts.subjects(RDFS.subClassOf, iri),
            "said of": [*texts.objects(iri, RDFS.domain),
                        *(one for owner in owners for one in texts.objects(owner, SH.targetClass))],
            "leads to": [*texts.objects(iri, RDFS.range), *(one for shape in mine for one in self._values(shape))],
            "compare": [one for relation in RELATIONS for one in texts.objects(iri, relation)],
        }
        return {name: cells for name, nodes in found.items() if (cells := self._cells(nodes))}

    def _values(self, shape: Node) -> list[Node]:
        """Give the classes, datatypes or code lists that a property shape holds values to."""
        texts = self.texts
        either = [one for choice in texts.objects(shape, SH["or"]) for one in texts.items(choice)]
        plain = [value for one in (shape, *either) for what in (SH["class"], SH.datatype)
                 for value in texts.objects(one, what)]
        inner = [one for node in texts.objects(shape, SH.node) for one in texts.objects(node, SH.property)]
        return plain + [value for one in inner if (one, SH.path, SKOS.inScheme) in texts
                        for value in texts.objects(one, SH.hasValue)]

    def _property_follows(self, iri: URIRef) -> tuple[Words, ...]:
        then, backwards, me = Cell("then"), Cell("read backwards"), self._cell(iri)
        chains = [[self._cell(item) for item in self.texts.items(chain)]
                  for chain in self.texts.objects(iri, OWL.propertyChainAxiom)]
        types = set(self.texts.objects(iri, RDF.type))
        fixed = [(self._cell(class_), self._cell(value)) for above in self.texts.subjects(OWL.onProperty, iri)
                 for class_ in self.texts.subjects(RDFS.subClassOf, above)
                 for value in self.texts.objects(above, OWL.hasValue)]
        found: list[Words] = [(Cell("being a"), class_, Cell("gives"), value) for class_, value in fixed]
        found += [tuple(piece for cell in chain for piece in (then, cell))[1:] for chain in chains]
        found += [(one, backwards) for one in self._cells(self.texts.objects(iri, OWL.inverseOf))]
        found += [(one,) for one in self._cells(self.texts.subjects(RDFS.subPropertyOf, iri))]
        found += [(me, then, me)] if OWL.TransitiveProperty in types else []
        found += [(me, backwards)] if OWL.SymmetricProperty in types else []
        return tuple(sorted(found, key=lambda words: (me in words, [one.text for one in words])))

    def _class_follows(self, iri: URIRef) -> tuple[Words, ...]:
        places = ((RDFS.domain, "what stands before"), (RDFS.range, "what stands after"))
        return tuple((Cell(words), one) for place, words in places
                     for one in self._cells(self.texts.subjects(place, iri)))

    def _implies(self, iri: URIRef) -> tuple[Words, ...]:
        return tuple((*self._cells(self.texts.objects(above, OWL.onProperty)), Cell("is"), self._cell(value))
                     for above in self.texts.objects(iri, RDFS.subClassOf)
                     for value in self.texts.objects(above, OWL.hasValue))

    def _example(self, text: str) -> Cell:
        return self._cell(URIRef(text)) if text.startswith("http") else Cell(_shortened(text.removeprefix('"')))

    def _cells(self, nodes: Iterable[Node]) -> Words:
        """Give each IRI once, in the order of labels."""
        found = {self._cell(node) for node in nodes if isinstance(node, URIRef)}
        return tuple(sorted(found, key=lambda cell: (cell.text.lower(), cell.iri)))

    def _cell(self, node: Node) -> Cell:
        if not isinstance(node, URIRef):
            return Cell(str(node))
        return Cell(_shortened(self._label(node)), f"#{anchor(str(node))}" if node in self.kinds else str(node))

    def _label(self, node: URIRef) -> str:
        label = next(iter(self._texts(node, RDFS.label)), "") or self.labels.get(str(node), "")
        return label or ("this vocabulary" if node == ONTOLOGY else compact(str(node)).strip("<>"))

    def _texts(self, iri: URIRef, *predicates: URIRef) -> tuple[str, ...]:
        return tuple(text for one in predicates for text in sorted(
            str(said) for said in self.texts.objects(iri, one) if isinstance(said, Literal)))


def _shortened(text: str) -> str:
    return text if len(text) <= LONGEST else text[:LONGEST].rpartition(" ")[0] + " ..."
