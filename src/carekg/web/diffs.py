"""What a change adds and removes, as people read it: by thing, each with its label, and words in place of IRIs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox

from carekg.query import Cell
from carekg.reader.effect import Effect
from carekg.store import Store, rows
from carekg.terms import BASE, PREFIXES, compact

MOST: Final = 500
"""Statements that are shown; the patch has all."""

NAMING: Final = tuple(ox.NamedNode(PREFIXES[prefix] + name) for prefix, name in (
    ("rdfs", "label"), ("skos", "prefLabel"), ("dcterms", "title")))
"""Properties that name a thing."""

SAYING: Final = tuple(ox.NamedNode(PREFIXES["care"] + name) for name in (
    "summary", "phrase", "paraphrase", "answerText"))
"""Properties by which a thing without a name is known, the first before the others."""

PLAIN: Final = {PREFIXES[name.partition(":")[0]] + name.partition(":")[2]: words for name, words in {
    "rdf:type": "kind", "rdfs:label": "name", "rdfs:comment": "comment", "rdfs:seeAlso": "see also",
    "rdfs:isDefinedBy": "defined by", "rdfs:subClassOf": "kind of", "rdfs:subPropertyOf": "narrower than",
    "skos:prefLabel": "name", "skos:altLabel": "other name", "skos:definition": "definition", "skos:note": "note",
    "skos:scopeNote": "scope note", "skos:editorialNote": "editor's note", "skos:inScheme": "in the list",
    "skos:topConceptOf": "heads the list", "skos:hasTopConcept": "heads", "skos:broader": "broader",
    "skos:narrower": "narrower", "skos:related": "related", "skos:notation": "notation", "skos:member": "member",
    "skos:closeMatch": "close match", "skos:exactMatch": "exact match", "skos:relatedMatch": "related match",
    "dcterms:title": "title", "dcterms:source": "source", "dcterms:publisher": "publisher",
    "dcterms:creator": "author", "dcterms:issued": "issued", "dcterms:identifier": "identifier",
    "dcterms:license": "licence", "dcterms:rights": "rights", "dcterms:references": "refers to",
    "dcterms:description": "description", "dcterms:isReplacedBy": "replaced by", "dcterms:isPartOf": "part of",
    "owl:deprecated": "no longer to be used", "owl:sameAs": "same as", "schema:url": "address",
    "prov:wasDerivedFrom": "derived from", "prov:wasGeneratedBy": "made by", "prov:generatedAtTime": "made on",
    "prov:wasAssociatedWith": "by", "prov:wasAttributedTo": "owed to", "prov:startedAtTime": "begun on",
    "prov:endedAtTime": "ended on", "prov:used": "used", "prov:generated": "made", "prov:value": "value",
}.items()}
"""What pages call the properties of common vocabularies."""

LABELS: Final = ("SELECT ?s ?p ?text (LANG(?text) AS ?language) WHERE {{ VALUES ?s {{ {things} }} "
                 "VALUES ?p {{ {naming} }} ?s ?p ?text }}")


@dataclass(frozen=True)
class Line:
    """One statement of a thing: added or removed, its property and value, and what is to be noted of it."""

    is_added: bool
    predicate: Cell
    value: Cell
    note: str
    graph: str

    @property
    def word(self) -> str:
        """Give what happens to it."""
        return "added" if self.is_added else "removed"


@dataclass(frozen=True)
class Part:
    """A thing, and what a change says of it."""

    thing: Cell
    lines: tuple[Line, ...]


def parts(effect: Effect, store: Store, notes: Mapping[ox.Quad, str] | None = None) -> tuple[list[Part], int]:
    """Give a change by thing, at most `MOST` statements of it, and how many more there are.

    :param notes: what is to be noted of a statement.
    """
    given = sorted([*((quad, False) for quad in effect.removed), *((quad, True) for quad in effect.added)],
                   key=lambda one: (str(one[0].subject), str(one[0].predicate), one[1], str(one[0].object)))
    labels = _labels(given[:MOST], effect, store)
    found: dict[str, list[Line]] = defaultdict(list)
    for quad, is_added in given[:MOST]:
        line = Line(is_added, _cell(quad.predicate, labels), _cell(quad.object, labels), (notes or {}).get(quad, ""),
                    compact(getattr(quad.graph_name, "value", "")))
        found[str(quad.subject)].append(line)
    subjects = {str(quad.subject): quad.subject for quad, _ in given[:MOST]}
    return [Part(_cell(subjects[name], labels), tuple(lines)) for name, lines in found.items()], len(given[MOST:])


def lines(effect: Effect, store: Store) -> dict[ox.Quad, Line]:
    """Give each statement of a change as people read it."""
    labels = _labels([(quad, True) for quad in effect.added], effect, store)
    return {quad: Line(True, _cell(quad.predicate, labels), _cell(quad.object, labels), "",
                       compact(getattr(quad.graph_name, "value", ""))) for quad in effect.added}


def label(iri: str, store: Store) -> str:
    """Give the label of a thing, or its IRI in short."""
    quad = ox.Quad(ox.NamedNode(iri), NAMING[0], ox.NamedNode(iri))
    return _labels([(quad, True)], Effect(), store).get(iri) or compact(iri)


def plain(property_: Cell) -> Cell:
    """Give a property as pages call it."""
    return Cell(PLAIN.get(property_.iri, property_.text), property_.iri)


def as_json(effect: Effect) -> list[dict[str, str]]:
    """Give every statement of a change as JSON has it, terms as N-Triples writes them."""
    return [{"change": word, "subject": str(quad.subject), "predicate": str(quad.predicate),
             "object": str(quad.object), "graph": getattr(quad.graph_name, "value", "")}
            for word, quads in (("removed", effect.removed), ("added", effect.added))
            for quad in sorted(quads, key=str)]


def _labels(given: Iterable[tuple[ox.Quad, bool]], effect: Effect, store: Store) -> dict[str, str]:
    """Give the label of each IRI in a change: as the change says it, else as the graph does, in English if it can."""
    iris = {term.value for quad, _ in given for term in (quad.subject, quad.predicate, quad.object)
            if isinstance(term, ox.NamedNode)}
    if not iris:
        return {}
    query = LABELS.format(things=" ".join(str(ox.NamedNode(iri)) for iri in sorted(iris)),
                          naming=" ".join(map(str, (*NAMING, *SAYING))))
    rank = {one.value: -number for number, one in enumerate(SAYING, 1)}
    known = sorted(rows(store, query),
                   key=lambda row: (rank.get(row["p"], 0), row["language"].startswith("en"), row["text"]))
    labels = {row["s"]: row["text"] for row in known}
    return _said(effect, SAYING) | labels | _said(effect, NAMING) | PLAIN


def _said(effect: Effect, properties: Sequence[ox.NamedNode]) -> dict[str, str]:
    """Give the texts that a change says of things by some properties, before what it withdraws."""
    return {quad.subject.value: quad.object.value for property_ in reversed(properties)
            for quads in (effect.removed, effect.added) for quad in quads
            if quad.predicate == property_ and isinstance(quad.subject, ox.NamedNode)
            and isinstance(quad.object, ox.Literal)}


def _cell(term: object, labels: Mapping[str, str]) -> Cell:
    """Give a term as a page shows it: linked where it is ours or an address, a text with its language or datatype."""
    if isinstance(term, ox.NamedNode):
        is_address = term.value.startswith((BASE, "http://", "https://"))
        return Cell(labels.get(term.value) or compact(term.value), term.value if is_address else "")
    if isinstance(term, ox.Literal):
        plain = term.datatype.value in (PREFIXES["xsd"] + "string", PREFIXES["rdf"] + "langString")
        kind = term.language or ("" if plain else compact(term.datatype.value))
        return Cell(f"“{term.value}”" + (f" ({kind})" if kind else ""))
    return Cell(str(term))
