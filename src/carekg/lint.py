"""Misspelt terms, found before they pass silently: SHACL and RDF accept ``sh:mincount`` without a word."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

import pyoxigraph as ox
from rapidfuzz import process
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

from carekg import syntax
from carekg.errors import UnknownTerms
from carekg.folder import File, Folder
from carekg.terms import BASE, CARE, GSS, compact

CLOSED: Final[tuple[type[DefinedNamespace], ...]] = (
    DCAT, DCTERMS, FOAF, GEO, ORG, OWL, PROV, RDF, RDFS, SDO, SH, SKOS, VANN, VOID, WGS, XSD,
)
"""Namespaces whose terms are known one by one."""

_CODE: Final = ox.NamedNode(CARE.gssCode)
_LISTS: Final = ox.NamedNode(CARE.listsCode)
_LABEL: Final = ox.NamedNode(RDFS.label)
_UNTERMED: Final = {str(namespace._NS).rstrip("#/") for namespace in CLOSED}


def check(folder: Folder, queries: Mapping[str, str] | None = None) -> None:
    """Refuse a folder that uses terms which do not exist, in its files or in the texts of its queries, by name.

    :raises UnknownTerms: in a namespace that we know, or among the folder's own IRIs.
    """
    if found := problems(folder, queries):
        raise UnknownTerms(found)


def problems(folder: Folder, queries: Mapping[str, str] | None = None) -> list[str]:
    """Give a sentence for each term that does not exist, with its file and line in front, in their order."""
    described = {str(triple.subject)[1:-1] for file in folder.files for triple in file.triples}
    ours = (BASE + "id/", BASE + "concept/", BASE + "shapes#", BASE + "def#",
            *namespaces(triple for file in folder.ontology for triple in file.triples))
    found: dict[str, None] = {}
    known: dict[str, str] = {}
    for triple, iri in (used for file in folder.files for used in _iris(file)):
        if iri not in known:
            known[iri] = _problem(iri, described, ours)
        if what := known[iri]:
            found[f"{_spot(folder, triple) or str(triple.subject)}: {what}"] = None
    for name, text in (queries or {}).items():
        for line, iri in _named_in(text):
            if what := _problem(iri, described, ours):
                found[f"queries/{name}.rq:{line}: {what}"] = None
    found |= dict.fromkeys(_codes(folder))
    return sorted(found, key=_by_line)


def _spot(folder: Folder, triple: ox.Triple) -> str:
    """Give the file and the line of a statement."""
    subject = triple.subject.value if isinstance(triple.subject, ox.NamedNode) else str(triple.subject)
    return folder.where(subject, triple.predicate.value, str(triple.object))


def _by_line(problem: str) -> tuple[str | int, ...]:
    """Give what sorts line 30 of a file before its line 101."""
    return tuple(int(piece) if piece.isdecimal() else piece for piece in re.split(r":(\d+):", problem, maxsplit=1))


def misspelt(iri: str) -> str:
    """Say that an IRI in a namespace that is known term by term is none of them, and which one is meant, or nothing."""
    for namespace in CLOSED:
        start = str(namespace._NS)
        if iri.startswith(start) and iri.rstrip("#/") not in _UNTERMED and not _exists(namespace, iri):
            return f"{compact(iri)} is not a term of its vocabulary" + near(iri, _terms(namespace))
    return ""


def _problem(iri: str, described: set[str], ours: tuple[str, ...]) -> str:
    """Say what is wrong with an IRI, and which one is meant, or nothing."""
    if what := misspelt(iri):
        return what
    if iri.startswith(ours) and iri not in described and iri not in ours:
        start = iri[: max(iri.rfind("/"), iri.rfind("#")) + 1]
        alike = tuple(known for known in described if known.startswith(start))
        return f"{compact(iri)} is described nowhere in this folder" + near(iri, alike)
    return ""


def _codes(folder: Folder) -> Iterator[str]:
    """Say which codes of areas no register lists, where the folder has registers of areas."""
    triples = [triple for file in folder.files for triple in file.triples]
    texts = [(triple, triple.object.value) for triple in triples if isinstance(triple.object, ox.Literal)]
    listed = {text for triple, text in texts if triple.predicate == _LISTS}
    names = {triple.subject: text for triple, text in texts if triple.predicate == _LABEL}
    coded = [(triple, text) for triple, text in texts if triple.predicate == _CODE]
    bearers = {code: names.get(triple.subject, "") for triple, code in coded}
    linked = [(triple, triple.object.value.removeprefix(GSS)) for file in folder.data for triple in file.triples
              if isinstance(triple.object, ox.NamedNode) and triple.object.value.startswith(GSS)]
    for triple, code in [*coded, *linked] if listed else []:
        if code not in listed:
            spot = _spot(folder, triple)
            yield f"{spot}: {code} is in no register of areas{meant_codes(near_codes(code, listed), bearers)}"


def near_codes(code: str, listed: Iterable[str]) -> list[str]:
    """Give which of the listed codes are most like one that is not."""
    return [one for one, _, _ in process.extract(code, sorted(listed), score_cutoff=88, limit=3)]


def meant_codes(near: Iterable[str], bearers: Mapping[str, str]) -> str:
    """Ask in brackets which of some codes is meant, each with the area that has it; nothing for none."""
    meant = ", ".join(f"{one} {bearers.get(one, '')}".rstrip() for one in near)
    return f" (is one of these meant: {meant}?)" if meant else ""


def near(iri: str, known: Iterable[str]) -> str:
    """Give in brackets which of the known IRIs is meant, or all of a few, or nothing."""
    found = process.extractOne(iri, choices := list(known), score_cutoff=90)
    if found:
        return f" (is {compact(found[0])} meant?)"
    few = 0 < len(choices) <= 8
    return f" (there are {', '.join(sorted(map(compact, choices)))})" if few else ""


def _terms(namespace: type[DefinedNamespace]) -> tuple[str, ...]:
    return tuple(str(term) for term in dir(namespace) if str(term).startswith("http"))


def _exists(namespace: type[DefinedNamespace], iri: str) -> bool:
    local = iri.removeprefix(str(namespace._NS))
    if namespace is RDF and local.startswith("_") and local[1:].isdigit():
        return True
    return URIRef(iri) in namespace


def namespaces(ontology: Iterable[ox.Triple]) -> tuple[str, ...]:
    """Give the namespaces that ontologies claim as theirs."""
    preferred = str(VANN.preferredNamespaceUri)
    return tuple(dict.fromkeys(triple.object.value for triple in ontology
                               if triple.predicate.value == preferred and isinstance(triple.object, ox.Literal)))


def _iris(file: File) -> Iterator[tuple[ox.Triple, str]]:
    for triple in file.triples:
        for term in (triple.predicate, triple.object):
            if isinstance(term, ox.NamedNode) and term.value not in _UNTERMED:
                yield triple, term.value
        if isinstance(triple.object, ox.Literal):
            yield triple, triple.object.datatype.value


def _named_in(text: str) -> Iterator[tuple[int, str]]:
    """Give the line and the IRI of each name in a query's text."""
    prefixes: dict[str, str] = {}
    previous = ["", ""]
    for token in syntax.tokens(text):
        line = text.count("\n", 0, token.start) + 1
        if token.kind == "iri" and previous[0].upper() == "PREFIX":
            prefixes[previous[1].removesuffix(":")] = token.text[1:-1]
        elif token.kind == "iri":
            yield line, token.text[1:-1]
        elif token.kind == "prefixed" and previous[1].upper() != "PREFIX":
            prefix, _, local = token.text.partition(":")
            if prefix in prefixes and local:
                yield line, prefixes[prefix] + local
        if token.kind not in ("space", "comment"):
            previous = [previous[1], token.text]
