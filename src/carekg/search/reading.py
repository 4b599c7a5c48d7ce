"""Reads out of a store what can be searched: texts, the passages that bear things out, kinds; of all things or some."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Final, NamedTuple

import pyoxigraph as ox
from rdflib.namespace import DCAT, DCTERMS, OWL, PROV, RDF, RDFS, SDO, SH, SKOS, VOID

from carekg import store
from carekg.names import ALTERNATIVE, IDENTIFIER, LABEL
from carekg.names.reading import KINDS
from carekg.terms import CARE

NAME, OTHER, CODE, ABOUT, WORDS = range(5)
"""Where a text stands: it is a thing's label, another name, an identifier, says what it is, or is a passage's."""

FIELDS: Final = {LABEL: NAME, ALTERNATIVE: OTHER, IDENTIFIER: CODE}

PROPERTIES: Final = {
    **{iri: FIELDS[kind] for iri, kind in KINDS.items()},
    **dict.fromkeys(map(str, (
        SKOS.definition, CARE.summary, RDFS.comment, DCTERMS.description, SDO.description, SKOS.scopeNote, SKOS.note,
        SKOS.example, CARE.answerText, CARE.purpose)), ABOUT),
    **dict.fromkeys(map(str, (CARE.words, CARE.phrase, CARE.paraphrase)), WORDS),
}
"""The properties whose texts are searched, those that say most of a thing first."""

ASIDE: Final = frozenset(map(str, (
    DCAT.Catalog, DCAT.Dataset, DCAT.Distribution, OWL.Ontology, PROV.Activity, SH.NodeShape, SH.PropertyShape,
    SH.SPARQLExecutable, VOID.Dataset)))
"""Types of things that tell of the graph and its files, which are not found here."""

AT_ONCE: Final = 200
"""Things that are read by one query."""

TEXTS: Final = """SELECT ?thing ?property ?text WHERE {
  SOME VALUES ?property { PROPERTIES } ?thing ?property ?text FILTER(isIRI(?thing) && isLiteral(?text)) }"""

BORNE_OUT: Final = f"""SELECT ?thing ?passage WHERE {{
  SOME {{ ?thing <{CARE.restsOn}> ?passage }} UNION {{ ?claim <{CARE.concerns}> ?thing ; <{CARE.restsOn}> ?passage }}
  FILTER(isIRI(?thing) && isIRI(?passage)) }}"""

FROM: Final = f"""SELECT ?thing ?source WHERE {{ SOME ?thing <{CARE.isFrom}> ?source
  FILTER(isIRI(?thing) && isIRI(?source)) }}"""

TYPES: Final = f"""SELECT ?thing ?kind WHERE {{
  SOME VALUES ?property {{ <{RDF.type}> <{SKOS.inScheme}> }} ?thing ?property ?kind
  FILTER(isIRI(?thing) && isIRI(?kind)) }}"""

DEPRECATED: Final = f"""SELECT ?thing WHERE {{ SOME ?thing <{OWL.deprecated}> true }}"""

HANGING: Final = f"""SELECT ?thing WHERE {{ VALUES ?one {{ ITEMS }}
  {{ ?thing <{CARE.restsOn}> ?one }} UNION {{ ?one <{CARE.concerns}> ?thing }}
  UNION {{ ?claim <{CARE.restsOn}> ?one ; <{CARE.concerns}> ?thing }}
  FILTER(isIRI(?thing)) }}"""
"""What is found by the passages that some things are, or rest on."""

TOUCHING: Final = frozenset({*PROPERTIES, *map(str, (
    CARE.restsOn, CARE.concerns, CARE.isFrom, RDF.type, SKOS.inScheme, OWL.deprecated))})
"""The properties by a statement of which something is found otherwise than before."""

Some = Collection[str] | None
"""The IRIs of things to read of; None for all."""


class Said(NamedTuple):
    """A text of a thing: where it stands, how far from the front among such, and the text."""

    thing: str
    field: int
    rank: int
    text: str


def texts(graph: store.Store, some: Some = None) -> Iterator[Said]:
    """Give the texts of things."""
    order = {iri: rank for rank, iri in enumerate(PROPERTIES)}
    for field in range(WORDS + 1):
        wanted = " ".join(f"<{iri}>" for iri, where in PROPERTIES.items() if where == field)
        for row in _rows(graph, TEXTS.replace("PROPERTIES", wanted), some):
            language = (getattr(row["text"], "language", None) or "en")[:2]
            yield Said(row["thing"].value, field, 2 * order[row["property"].value] + (language != "en"),
                       row["text"].value)


def borne_out(graph: store.Store, some: Some = None) -> Iterator[tuple[str, str]]:
    """Give things, each with a passage on which it or a claim about it rests."""
    return ((row["thing"].value, row["passage"].value) for row in _rows(graph, BORNE_OUT, some))


def sources(graph: store.Store, some: Some = None) -> Iterator[tuple[str, str]]:
    """Give passages, each with the source that it is from."""
    return ((row["thing"].value, row["source"].value) for row in _rows(graph, FROM, some))


def kinds(graph: store.Store, some: Some = None) -> Iterator[tuple[str, str]]:
    """Give things, each with a class or a concept scheme that it is in."""
    return ((row["thing"].value, row["kind"].value) for row in _rows(graph, TYPES, some))


def deprecated(graph: store.Store, some: Some = None) -> Iterator[str]:
    """Give the things that are no longer to be used."""
    return (row["thing"].value for row in _rows(graph, DEPRECATED, some) if isinstance(row["thing"], ox.NamedNode))


def hanging_on(graph: store.Store, some: Collection[str]) -> set[str]:
    """Give the things that are found by the passages which some things are, or rest on."""
    return {row["thing"].value for part in _parts(some)
            for row in store.solutions(graph, HANGING.replace("ITEMS", part))}


def broader(graph: store.Store, iri: str) -> set[tuple[str, str]]:
    """Give each value with one that is broader, by a property."""
    text = f"SELECT ?one ?other WHERE {{ ?one {ox.NamedNode(iri)} ?other FILTER(isIRI(?one) && isIRI(?other)) }}"
    return {(row["one"].value, row["other"].value) for row in store.solutions(graph, text)}


def _rows(graph: store.Store, text: str, some: Some) -> Iterator[dict[str, ox.NamedNode | ox.Literal]]:
    """Give the solutions of a query about all things, or about some."""
    if some is None:
        yield from store.solutions(graph, text.replace("SOME", ""))
        return
    for part in _parts(some):
        yield from store.solutions(graph, text.replace("SOME", f"VALUES ?thing {{ {part} }}"))


def _parts(some: Collection[str]) -> Iterator[str]:
    listed: Sequence[str] = sorted(some)
    for start in range(0, len(listed), AT_ONCE):
        yield " ".join(str(ox.NamedNode(iri)) for iri in listed[start:start + AT_ONCE])
