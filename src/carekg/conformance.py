"""Anybody's data held against anybody's shapes: files in, a report out; nothing that they name is opened."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import pyoxigraph as ox
from rdflib.namespace import OWL, SH, XSD

from carekg import documents, errors, reports, syntax, turtle, validation
from carekg.documents import Document
from carekg.places import Places
from carekg.reports import Line, Told, shacl
from carekg.store import Effect
from carekg.terms import PREFIXES
from carekg.turtle.spelling import Speller
from carekg.validation import Report

QUERIES: Final = tuple(ox.NamedNode(term) for term in (SH.select, SH.ask, SH.construct, SH.update))
PREFIXED, DECLARES, IMPORTS = (ox.NamedNode(term) for term in (SH.prefixes, SH.declare, OWL.imports))
RULING: Final = {ox.NamedNode(SH[name]) for name in (
    "targetClass", "targetNode", "targetSubjectsOf", "targetObjectsOf", "target", "property", "path")}
SHAPED: Final = {ox.NamedNode(term) for term in (SH.NodeShape, SH.PropertyShape)}
"""By what a shape is known (SHACL, 2.1), or nearly: what has none of it holds nothing against anything."""
UNIQUE: Final = ox.NamedNode(SH.uniqueLang)
TRUE: Final = ox.Literal("true", datatype=ox.NamedNode(XSD.boolean))
OPENS: Final = ("FROM", "LOAD", "SERVICE")
"""Words by which a query has the engine open a document."""


DECLARED: Final = re.compile(r"(?im)^[^\S\n]*@?prefix\s+([A-Za-z][\w-]*):\s*<([^>]+)>")

Subject = ox.NamedNode | ox.BlankNode


@dataclass(frozen=True)
class Outcome:
    """A report on files, where their statements stand, and a note on each thing that was left unopened."""

    report: Report
    places: Places
    data: tuple[Document, ...]
    notes: tuple[str, ...]

    @property
    def prefixes(self) -> dict[str, str]:
        """Give the prefixes of the files, so that what is written is in their words; and ours."""
        return {**_declared(self.data), **PREFIXES}

    def told(self) -> Told:
        """Tell what is wrong in plain words, with file and line."""
        stated = {ox.Quad(*triple) for one in self.data for triple in one.triples}
        told = reports.told(self.report, stated=Effect(added=stated), where=self._where)
        return Told(tuple(replace(group, lines=tuple(map(_ended, group.lines))) for group in told.groups))

    def text(self) -> str:
        """Give what is wrong by thing, in plain words, with the prefixes that the files have."""
        speller = Speller(self.prefixes)
        return re.sub(r"<([^<>\s]+:[^<>\s]*)>", lambda found: speller.iri(found[1]), self.told().as_text())

    def turtle(self) -> str:
        """Give the SHACL report in Turtle."""
        return turtle.write(shacl.triples(self.report), self.prefixes)

    def jsonld(self) -> str:
        """Give the SHACL report in JSON-LD."""
        triples = shacl.triples(self.report)
        text = ox.serialize(triples, format=ox.RdfFormat.JSON_LD, prefixes={"sh": PREFIXES["sh"]}) or b""
        return text.decode() + "\n"

    def _where(self, subject: str, predicate: str, value: str) -> str | None:
        place = self.places.of(subject, predicate, value)
        return f"{place.path}:{place.line}" if place and place.line else str(place.path) if place else None


def validated(data: Sequence[Path], shapes: Sequence[Path], ontology: Sequence[Path] = ()) -> Outcome:
    """Validate files.

    :param shapes: where there are none, the shapes are among the data.
    :param ontology: files that say which class is below which, and whatever else the data rest on.
    :raises BrokenFile, BadInput: a file cannot be read.
    :raises UnusableShapes: the shapes are not well-formed, or have a query that would open another address.
    """
    given, rules, terms = (tuple(map(documents.read, paths)) for paths in (data, shapes, ontology))
    ruling = list(_rules(rules or given))
    if not any(triple.predicate in RULING or triple.object in SHAPED for triple in ruling):
        where = ", ".join(str(one.path) for one in rules or given)
        raise errors.UnusableShapes(f"there is no shape in {where}; name the files that have some with --shapes")
    known = [triple for one in (*given, *terms) for triple in one.triples]
    report = validation.report(known, ruling)
    return Outcome(report, documents.places((*given, *terms)), given, tuple(_notes((*given, *rules, *terms))))


def _rules(shapes: Sequence[Document]) -> Iterator[ox.Triple]:
    """Give the triples of shapes whose queries may be run.

    Only ``true`` makes languages unique (SHACL, 4.4.3); pyshacl 0.40 takes "1"^^xsd:boolean for it.
    """
    for one in shapes:
        for triple in one.triples:
            if triple.predicate in QUERIES and isinstance(triple.object, ox.Literal):
                _refuse_what_opens(triple.object.value, one.path)
            if triple.predicate != UNIQUE or triple.object == TRUE:
                yield triple
    yield from _prefixes([triple for one in shapes for triple in one.triples])


def _prefixes(shapes: Sequence[ox.Triple]) -> Iterator[ox.Triple]:
    """Declare for queries also what the graphs declare that theirs imports (SHACL, 5.2.1), which pyshacl does not."""
    for start in {triple.object for triple in shapes if triple.predicate == PREFIXED}:
        reached = {start}
        while further := {t.object for t in shapes if t.predicate == IMPORTS and t.subject in reached} - reached:
            reached |= further
        if isinstance(start, Subject):
            yield from (ox.Triple(start, DECLARES, t.object) for t in shapes
                        if t.predicate == DECLARES and t.subject in reached and t.subject != start)


def _refuse_what_opens(text: str, path: Path) -> None:
    """Refuse the query of a shape that would open an address or a file, or that SHACL does not allow to."""
    if found := next((word for word in syntax.words(text) if word in OPENS), ""):
        raise errors.UnusableShapes(f"a query in {path} says {found}, and none may open another address or file")


def _ended(line: Line) -> Line:
    """Give a line whose rule is a sentence."""
    return replace(line, rule=line.rule if line.rule.endswith((".", "!", "?")) or not line.rule else f"{line.rule}.")


def _notes(read: Sequence[Document]) -> Iterator[str]:
    """Say what would be imported and is not: what is not among the files by its name."""
    described = {str(quad.subject)[1:-1] for one in read for quad in one.quads}
    for one in read:
        for address in one.imports:
            if address not in described or address == one.path.resolve().as_uri():
                yield (f"{one.path} imports <{address}>, which is not opened; where it matters, name a copy of it with "
                       "--ontology or --shapes.")


def _declared(read: Iterable[Document]) -> dict[str, str]:
    """Give the prefixes that Turtle files declare, so that a report is in their words."""
    written = (one.text for one in read if one.path.suffix.lower() in (".ttl", ".trig"))
    return {name: iri for text in written for name, iri in DECLARED.findall(text)}
