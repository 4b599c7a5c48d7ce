"""Where the statements of RDF files stand: the file and the line, also of what is nested in a statement."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import cached_property
from pathlib import Path
from typing import Final, NamedTuple

import pyoxigraph as ox

from carekg.terms import BASE
from carekg.turtle import Document, Statement
from carekg.turtle.document import Block
from carekg.turtle.nesting import Nested
from carekg.turtle.spelling import Speller

TURTLE: Final = (".ttl", ".nt")


class Place(NamedTuple):
    """A file, and a line of it where that can be told."""

    path: Path
    line: int | None = None


class Source(NamedTuple):
    """A file, its triples, and what finds the line of a subject, or of a term that it speaks of, in any format."""

    path: Path
    triples: tuple[ox.Triple, ...]
    line_of: Callable[..., int | None]
    base: str = BASE


class Places:
    """Where the statements of some files stand; each file is looked through once something in it is asked for."""

    def __init__(self, sources: Iterable[Source]) -> None:
        self._sources = list(sources)
        self._lines: dict[Path, _Lines] = {}

    def of(self, subject: str, predicate: str = "", value: str = "") -> Place | None:
        """Give where a statement stands: that one, else another of its property, else what is said of its subject.

        :param subject: an IRI, or ``_:name`` as the triples of the file have it.
        :param value: as N-Triples has it.
        """
        name = subject if subject.startswith("_:") else f"<{subject}>"
        for key in ((name, predicate, value), (name, predicate), (name,)):
            source = self._by_key.get(key)
            if source is not None:
                return Place(source.path, self._line(source, name, predicate, value))
        return None

    @cached_property
    def _by_key(self) -> dict[tuple[str, ...], Source]:
        found: dict[tuple[str, ...], Source] = {}
        for source in self._sources:
            for triple in source.triples:
                name, predicate = str(triple.subject), triple.predicate.value
                for key in ((name,), (name, predicate), (name, predicate, str(triple.object))):
                    found.setdefault(key, source)
        return found

    def _line(self, source: Source, name: str, predicate: str, value: str) -> int | None:
        """Give the line of a statement in its file."""
        if source.path not in self._lines:
            self._lines[source.path] = _Lines(source)
        return self._lines[source.path].line(name, predicate, value)


class _Lines:
    """The lines of one file."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._text = source.path.read_text(encoding="utf-8-sig", errors="replace")
        self._document = Document.of(self._text, source.base) if source.path.suffix.lower() in TURTLE else None

    def line(self, name: str, predicate: str, value: str) -> int | None:
        """Give the line of a statement, of one of its property, or of its subject."""
        inner = [term for term in (value, f"<{predicate}>") if len(term) > 2 and not term.startswith("_:")]
        if name.startswith("_:"):
            return self._of_nameless(ox.BlankNode(name[2:]), inner)
        if self._document is None:
            return self._source.line_of(name[1:-1], *map(_bare, inner))
        return self._of_named(self._document, name, predicate, value)

    def _of_named(self, document: Document, name: str, predicate: str, value: str) -> int | None:
        blocks, wanted = self._blocks.get(name, []), self._key(value) if value else ""
        near: int | None = None
        for block in blocks:
            for part in block.parts:
                for one in document.stated(block, part):
                    if one.predicate == f"<{predicate}>" and one.object == wanted:
                        return document.line(part.object[0])
                    if one.predicate == f"<{predicate}>" and near is None:
                        near = document.line(part.predicate[0])
        return near or (document.line(blocks[0].start) if blocks else None)

    def _of_nameless(self, node: ox.BlankNode, inner: list[str]) -> int | None:
        """Give the line of what is said of a blank node: within the statement in which it stands."""
        owner, predicate, top = self._owner(node)
        if self._document is None:
            return self._source.line_of(owner[1:-1], predicate) if predicate else None
        for block in self._blocks.get(owner, []):
            for part in block.parts or (None,):
                if not predicate or Statement(owner, f"<{predicate}>", top) in self._document.stated(block, part):
                    start, end = part.object if predicate and part else (block.start, block.end)
                    return self._document.line(self._within(start, end, inner))
        return None

    def _owner(self, node: ox.BlankNode) -> tuple[str, str, str]:
        """Give the subject at whose statement a blank node hangs, the property, and the value; the node if at none."""
        triple = self._uses.get(node)
        while triple is not None and isinstance(triple.subject, ox.BlankNode) and triple.subject in self._graph.inside:
            triple = self._uses.get(triple.subject)
        if triple is None or node not in self._graph.inside:
            return self._graph.term(node, self._plain), "", ""
        return (self._graph.term(triple.subject, self._plain), triple.predicate.value,
                self._graph.term(triple.object, self._plain))

    def _within(self, start: int, end: int, terms: list[str]) -> int:
        """Give where one of the terms stands in a stretch, the first that does; else where the stretch begins."""
        for term in terms:
            names = [re.escape(term), f'"{re.escape(_bare(term))}"', rf"(?<![\w:]){re.escape(_bare(term))}(?![\w:])"]
            if self._document and term.startswith("<"):
                spelt = Speller(self._document.prefixes).predicate(term[1:-1])
                names = [re.escape(term), rf"(?<![\w:]){re.escape(spelt)}(?![\w:-])"]
            if found := re.compile("|".join(names)).search(self._text, start, end):
                return found.start()
        return start

    def _key(self, value: str) -> str:
        """Give a value as statements have it."""
        if value.startswith("_:"):
            return self._graph.term(ox.BlankNode(value[2:]), self._plain)
        try:
            (quad,) = ox.parse(f"<x:s> <x:p> {value} .", ox.RdfFormat.N_TRIPLES)
        except (SyntaxError, ValueError):
            return value
        return self._plain.term(quad.object)

    @cached_property
    def _blocks(self) -> dict[str, list[Block]]:
        """Give the blocks of each subject."""
        found: dict[str, list[Block]] = defaultdict(list)
        document = self._document
        for block in document.blocks if document else ():
            stated = document.stated(block, next(iter(document.parts(block)), None)) if document else ()
            for subject in {one.subject for one in stated}:
                found[subject].append(block)
        return found

    @cached_property
    def _graph(self) -> Nested:
        return Nested.of(self._source.triples)

    @cached_property
    def _uses(self) -> dict[ox.BlankNode, ox.Triple]:
        return {t.object: t for t in self._source.triples if isinstance(t.object, ox.BlankNode)}

    @cached_property
    def _plain(self) -> Speller:
        return Speller({}, on_lines=False)


def _bare(term: str) -> str:
    """Give an IRI without its brackets, and what stands between the quotes of a text."""
    if term.startswith("<"):
        return term[1:-1]
    return term[1:term.rindex('"')] if term.startswith('"') else term
