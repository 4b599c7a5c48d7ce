"""What a folder's files are, as a DCAT 3 catalogue: one dataset a file, with its sources, terms, counts and checksum.

https://www.w3.org/TR/vocab-dcat-3/. Most is computed from the files. What only people know (title, licence, credit,
dates) may be said of the catalogue, of a folder or of a file by its IRI, anywhere in the data, and wins.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Set
from pathlib import PurePosixPath
from typing import Final
from urllib.parse import quote

import pyoxigraph as ox
from rdflib.namespace import DCAT, DCTERMS, OWL, RDF, SDO, VOID, XSD
from rdflib.term import URIRef

from carekg import errors
from carekg.folder import FORMATS, PARTS, File, Folder
from carekg.terms import BASE, CARE, SPDX

CATALOGUE: Final = f"{BASE}catalogue"
GRAPH: Final = f"{BASE}graph/catalogue"
"""The named graph of the catalogue."""

INHERITED: Final = (str(DCTERMS.license), str(SDO.creditText))
"""What is true of a file where it is said of a folder around it, the nearest first, or of the catalogue."""

NOT_EVALUATED: Final = ox.NamedNode("http://rightsstatements.org/vocab/CNE/1.0/")
"""Copyright not evaluated: the rights of a file for which nobody states a licence."""

Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
Said = dict[str, tuple[Term, ...]]
"""Predicate to objects: all that is said of one subject."""


def triples(folder: Folder) -> list[ox.Triple]:
    """Give the catalogue of a folder.

    :raises UnknownTerms: something is said of a file or folder that is not there.
    """
    said = _said(folder)
    sources = {str(t.subject) for file in folder.data for t in file.triples if t.object == _node(CARE.Source)}
    origins: dict[object, ox.Triple] = {
        t.subject: t for file in folder.data for t in file.triples if t.predicate == _node(CARE.isFrom)}
    described = {CATALOGUE: _catalogue(folder, said.get(CATALOGUE, {}))}
    described |= {iri: facts for iri, facts in said.items() if iri.startswith(CATALOGUE + "#")}
    for file in folder.files:
        described[file.graph] = {
            str(DCTERMS.title): (ox.Literal(_title(file) or _path(file, folder)),),
            str(DCTERMS.description): (ox.Literal(_description(file, folder)),),
            str(DCTERMS.source): tuple(_sources(file, sources, origins)),
            **_inherited(file.graph, said), **said.get(file.graph, {}), **_measured(file)}
        described |= _distribution(file, folder, said.get(CATALOGUE, {}))
    made = [ox.Triple(ox.NamedNode(iri), ox.NamedNode(predicate), value)
            for iri, facts in described.items() for predicate, values in facts.items() for value in values]
    return made + _nested(made, folder)


def _nested(made: Iterable[ox.Triple], folder: Folder) -> list[ox.Triple]:
    """Give what the data say of the blank nodes that are named so far, and of those inside them."""
    found: dict[ox.Triple, None] = {}
    wanted = {triple.object for triple in made if isinstance(triple.object, ox.BlankNode)}
    while wanted:
        new = {t: None for file in folder.data for t in file.triples if t.subject in wanted and t not in found}
        wanted = {triple.object for triple in new if isinstance(triple.object, ox.BlankNode)}
        found |= new
    return list(found)


def _said(folder: Folder) -> dict[str, Said]:
    """Give what the data say of the catalogue, its parts, and the folder's files and folders."""
    places = {parent.as_posix() for file in folder.files for parent in PurePosixPath(file.graph[len(BASE):]).parents}
    known = {file.graph for file in folder.files} | {BASE + place for place in places}
    ours = tuple(f"{BASE}graph/{part}/" for part in PARTS)
    found: dict[str, Said] = defaultdict(dict)
    for triple in (triple for file in folder.data for triple in file.triples):
        iri, predicate = str(triple.subject)[1:-1], triple.predicate.value
        if iri.startswith(ours) and iri not in known:
            raise errors.UnknownTerms([f"{folder.where(iri)}: <{iri}> is no file or folder of this folder"])
        if iri in known or iri == CATALOGUE or iri.startswith(CATALOGUE + "#"):
            found[iri][predicate] = (*found[iri].get(predicate, ()), triple.object)
    return dict(found)


def _catalogue(folder: Folder, said: Said) -> Said:
    about = [triple for file in folder.ontology for triple in file.triples]
    headers = {t.subject for t in about if t.object == _node(OWL.Ontology)}
    titles = [t.object for t in about if t.predicate == _node(DCTERMS.title) and t.subject in headers]
    return {
        str(RDF.type): (_node(DCAT.Catalog),),
        str(DCTERMS.title): tuple(titles[:1]) or (ox.Literal("A knowledge folder"),),
        **said,
        str(DCAT.dataset): tuple(ox.NamedNode(file.graph) for file in folder.files),
    }


def _measured(file: File) -> Said:
    """Give what nobody may say otherwise."""
    return {
        str(RDF.type): (_node(DCAT.Dataset), _node(VOID.Dataset)),
        str(VOID.triples): (ox.Literal(len(file.triples)),),
        str(VOID.distinctSubjects): (ox.Literal(len({triple.subject for triple in file.triples})),),
        str(DCAT.distribution): (ox.NamedNode(f"{file.graph}#file"),),
    }


def _distribution(file: File, folder: Folder, catalogue: Said) -> dict[str, Said]:
    """Give the file itself; a server has its graph at the one address, written anew, and its bytes at the other."""
    text = file.path.read_bytes()
    me, checksum = f"{file.graph}#file", f"{file.graph}#checksum"
    media = FORMATS[file.path.suffix].media_type
    size, digest = ox.Literal(str(len(text)), datatype=_node(XSD.nonNegativeInteger)), hashlib.sha256(text).hexdigest()
    return {
        me: {
            str(RDF.type): (_node(DCAT.Distribution),),
            str(DCTERMS.title): (ox.Literal(_path(file, folder)),),
            str(DCTERMS.issued): catalogue.get(str(DCTERMS.modified), ()),
            str(DCAT.accessURL): (ox.NamedNode(file.graph),),
            str(DCAT.downloadURL): (ox.NamedNode(f"{BASE}files/{quote(_path(file, folder))}"),),
            str(DCAT.mediaType): (ox.NamedNode(f"https://www.iana.org/assignments/media-types/{media}"),),
            str(DCAT.byteSize): (size,),
            str(SPDX.checksum): (ox.NamedNode(checksum),),
        },
        checksum: {
            str(RDF.type): (_node(SPDX.Checksum),),
            str(SPDX.algorithm): (_node(SPDX.checksumAlgorithm_sha256),),
            str(SPDX.checksumValue): (ox.Literal(digest, datatype=_node(XSD.hexBinary)),),
        },
    }


def _inherited(graph: str, said: Mapping[str, Said]) -> Said:
    """Give the terms of a file: said of it, of the nearest folder around it, or of the catalogue."""
    place = PurePosixPath(graph[len(BASE):])
    around = [BASE + one.as_posix() for one in (place, *place.parents)] + [CATALOGUE]
    found = {predicate: next((said[iri][predicate] for iri in around if predicate in said.get(iri, {})), ())
             for predicate in INHERITED}
    if not found[str(DCTERMS.license)]:
        found[str(DCTERMS.rights)] = (NOT_EVALUATED,)
    return found


def _sources(file: File, known: Set[str], origins: Mapping[object, ox.Triple]) -> Iterator[ox.NamedNode]:
    """Give the sources of the passages that a file has or rests on, and those that its things name as theirs."""
    links, rests = {_node(CARE.isFrom), _node(DCTERMS.source)}, _node(CARE.restsOn)
    resting = (origins[t.object] for t in file.triples if t.predicate == rests and t.object in origins)
    found = {str(t.object): t.object for t in (*file.triples, *resting)
             if t.predicate in links and str(t.object) in known}
    return (source for _, source in sorted(found.items()) if isinstance(source, ox.NamedNode))


def _title(file: File) -> str:
    """Give the comment that a Turtle file begins with, or nothing."""
    first = file.path.read_text(encoding="utf-8", errors="replace").partition("\n")[0]
    return first.lstrip("# ").rstrip() if first.startswith("#") else ""


def _description(file: File, folder: Folder) -> str:
    """Give what a file is in sentences, as profiles of DCAT ask for it, where nobody says more."""
    title = _title(file).rstrip(".")
    return f"{f'{title}. ' if title else ''}The file {_path(file, folder)} of the knowledge folder, as one named graph."


def _path(file: File, folder: Folder) -> str:
    return file.path.relative_to(folder.path).as_posix()


def _node(iri: URIRef) -> ox.NamedNode:
    return ox.NamedNode(str(iri))
