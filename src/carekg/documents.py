"""An RDF file of anybody's: in any format by its ending, with what it would have one open, which is not opened."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

import pyoxigraph as ox
from rdflib.namespace import OWL

from carekg import errors, folder
from carekg.places import Places, Source

FORMATS: Final = {
    ".ttl": ox.RdfFormat.TURTLE,
    ".nt": ox.RdfFormat.N_TRIPLES,
    ".nq": ox.RdfFormat.N_QUADS,
    ".trig": ox.RdfFormat.TRIG,
    ".n3": ox.RdfFormat.N3,
    ".rdf": ox.RdfFormat.RDF_XML,
    ".owl": ox.RdfFormat.RDF_XML,
    ".xml": ox.RdfFormat.RDF_XML,
    ".jsonld": ox.RdfFormat.JSON_LD,
    ".json": ox.RdfFormat.JSON_LD,
}
XML: Final = re.compile(rb"\s*(?:<(?:\?xml|!|[\w.-]+(?::[\w.-]+)?[\s/>])|\Z)")
IMPORTS: Final = ox.NamedNode(OWL.imports)


@dataclass(frozen=True)
class Document:
    """A file and its quads; its blank nodes have names that no other file's have."""

    path: Path
    quads: tuple[ox.Quad, ...]

    @property
    def triples(self) -> tuple[ox.Triple, ...]:
        """Give its triples, of whichever graph."""
        return tuple(dict.fromkeys(quad.triple for quad in self.quads))

    @property
    def imports(self) -> list[str]:
        """Give the addresses that it says it imports."""
        return sorted({str(quad.object)[1:-1] for quad in self.quads if quad.predicate == IMPORTS})

    @cached_property
    def text(self) -> str:
        """Give its text."""
        return self.path.read_text(encoding="utf-8-sig", errors="replace")

    def line_of(self, *terms: str) -> int | None:
        """Give the first line that has one of the terms, the first that any line has."""
        for term in terms:
            if term and (found := re.search(rf'(?<=["<\']){re.escape(term)}(?=["\'>])', self.text)):
                return self.text.count("\n", 0, found.start()) + 1
        return None


def read(path: Path) -> Document:
    """Read an RDF file.

    :raises BadInput: its ending is of no format.
    :raises BrokenFile: it cannot be read, or does not parse; the error has its line and column.
    """
    form = FORMATS.get(path.suffix.lower())
    if form is None:
        raise errors.BadInput(f"{path} has the ending `{path.suffix}`, by which no format of RDF is known; "
                              f"known are {', '.join(FORMATS)}.")
    try:
        text = path.read_bytes().removeprefix(codecs.BOM_UTF8)
        if form == ox.RdfFormat.RDF_XML and not XML.match(text):
            form = ox.RdfFormat.TURTLE  # ontologies in Turtle are often called .owl
        quads = ox.parse(text, form, base_iri=path.resolve().as_uri(), rename_blank_nodes=True)
        return Document(path, tuple(dict.fromkeys(quads)))
    except OSError as error:
        raise errors.BrokenFile(path, f"it cannot be read: {error.strerror}") from None
    except SyntaxError as error:
        raise folder.broken(path, error) from None
    except ValueError as error:
        raise errors.BrokenFile(path, f"it cannot be read: {error}") from None


def places(documents: Iterable[Document]) -> Places:
    """Give where the statements of some files stand."""
    return Places(Source(one.path, one.triples, one.line_of, one.path.resolve().as_uri()) for one in documents)
