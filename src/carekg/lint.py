"""Misspelt terms, found before they pass silently: SHACL and RDF accept ``sh:mincount`` without a word."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

import pyoxigraph as ox
from rdflib.namespace import (
    DCAT,
    DCTERMS,
    FOAF,
    GEO,
    ORG,
    OWL,
    PROV,
    RDF,
    RDFS,
    SDO,
    SH,
    SKOS,
    VANN,
    VOID,
    WGS,
    XSD,
    DefinedNamespace,
)
from rdflib.term import URIRef

from carekg.errors import UnknownTerms
from carekg.folder import File, Folder
from carekg.terms import BASE, compact

CLOSED: Final[tuple[type[DefinedNamespace], ...]] = (
    DCAT, DCTERMS, FOAF, GEO, ORG, OWL, PROV, RDF, RDFS, SDO, SH, SKOS, VANN, VOID, WGS, XSD,
)
"""Namespaces whose terms are known one by one."""

_UNTERMED: Final = {str(namespace._NS).rstrip("#/") for namespace in CLOSED}


def check(folder: Folder) -> None:
    """Refuse a folder that uses terms which do not exist.

    :raises UnknownTerms: in a namespace that we know, or among the folder's own IRIs.
    """
    problems = sorted({*foreign(folder), *undefined(folder)})
    if problems:
        raise UnknownTerms(problems)


def foreign(folder: Folder) -> Iterator[str]:
    """Give a sentence for each IRI that its well-known namespace does not have."""
    for file in folder.files:
        for triple, iri in _iris(file):
            for namespace in CLOSED:
                start = str(namespace._NS)
                if iri.startswith(start) and iri != start and not _exists(namespace, iri):
                    yield _sentence(folder, triple, iri, "is not a term of its vocabulary")


def undefined(folder: Folder) -> Iterator[str]:
    """Give a sentence for each IRI below our own base that nothing in the folder describes."""
    described = {str(triple.subject)[1:-1] for file in folder.files for triple in file.triples}
    ontologies = _ontology_namespaces(folder)
    ours = (BASE + "id/", BASE + "concept/", BASE + "shapes#", BASE + "def#", *ontologies)
    for file in folder.files:
        for triple, iri in _iris(file):
            if iri.startswith(ours) and iri not in described:
                yield _sentence(folder, triple, iri, "is described nowhere in this folder")


def _exists(namespace: type[DefinedNamespace], iri: str) -> bool:
    local = iri.removeprefix(str(namespace._NS))
    if namespace is RDF and local.startswith("_") and local[1:].isdigit():
        return True
    return URIRef(iri) in namespace


def _ontology_namespaces(folder: Folder) -> tuple[str, ...]:
    """Give the namespaces that the folder's ontologies claim as theirs."""
    preferred = str(VANN.preferredNamespaceUri)
    return tuple(triple.object.value for file in folder.ontology for triple in file.triples
                 if triple.predicate.value == preferred and isinstance(triple.object, ox.Literal))


def _iris(file: File) -> Iterable[tuple[ox.Triple, str]]:
    for triple in file.triples:
        for term in (triple.predicate, triple.object):
            if isinstance(term, ox.NamedNode) and term.value not in _UNTERMED:
                yield triple, term.value
        if isinstance(triple.object, ox.Literal):
            yield triple, triple.object.datatype.value


def _sentence(folder: Folder, triple: ox.Triple, iri: str, what: str) -> str:
    subject = str(triple.subject)[1:-1]
    return f"{folder.where(subject) or subject}: {compact(iri)} {what}"
