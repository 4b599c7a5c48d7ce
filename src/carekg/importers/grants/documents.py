"""The document that a grant stands in: who published it, under which licence, and where it is."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import pyoxigraph as ox

from carekg import errors
from carekg.importers.grants import naming, rules
from carekg.importers.grants.naming import CARE, LABEL, TYPE, term
from carekg.terms import DATA, PREFIXES

GRAPHS: Final = f"{DATA}grants/"
"""Below this IRI are the graphs of awards, one for each publisher of grants."""

ISSUED: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True)
class Document:
    """A document of grants; ``name`` is by which it is known again, its address or the name of the file."""

    publisher: str
    licence: str
    name: str
    identifier: str = ""
    title: str = ""
    issued: str = ""
    url: str = ""

    @cached_property
    def graph(self) -> ox.NamedNode:
        """Give the graph in which its awards are stated."""
        return ox.NamedNode(GRAPHS + slug(self.publisher))

    @cached_property
    def source(self) -> ox.NamedNode:
        """Give the document as a source."""
        return ox.NamedNode(f"{PREFIXES['source']}grants~{slug(self.publisher)}~{slug(self.name)}")

    @property
    def body(self) -> dict[str, str]:
        """Give who published it as a grant names an organisation."""
        return {"id": self.identifier or f"publisher {self.publisher}", "name": self.publisher}

    def said(self, publisher: ox.NamedNode) -> Iterator[tuple[ox.NamedNode, ox.NamedNode | ox.Literal]]:
        """Give what is stated of the document."""
        yield TYPE, CARE.Source
        title = naming.short(self.title or self.name)
        yield LABEL, naming.english(f"Grants of {naming.short(self.publisher)}: {title}")
        yield term("dcterms:publisher"), publisher
        yield term("dcterms:license"), ox.NamedNode(self.licence)
        if self.title:
            yield term("dcterms:title"), ox.Literal(self.title)
        if ISSUED.fullmatch(self.issued[:10]) and rules.exists(self.issued):
            yield term("dcterms:issued"), naming.date(self.issued)
        if url := naming.address(self.url):
            yield term("schema:url"), url


class Documents:
    """The documents of a file's grants: one, or in an export of GrantNav one for each data set that it draws on.

    What the command names comes first, then what a grant says of its data set, then what the file says of itself.
    """

    def __init__(self, file: str, about: Mapping[str, Any], publisher: str = "", licence: str = "") -> None:
        self.file, self.about = file, about
        self.publisher, self.licence = publisher, licence
        self._found: dict[tuple[str, ...], Document] = {}

    def of(self, grant: Mapping[str, Any]) -> Document:
        """Give the document of a grant.

        :raises BadInput: nothing says who published it, or under which licence.
        """
        told = _members(grant.get("dataset"))
        body = _members(told.get("publisher")) or _members(self.about.get("publisher"))
        places = told.get("distribution")
        place = (places[0] if isinstance(places, list) and places else None) if told else self.about
        url = _text(_members(place), "downloadURL") or _text(_members(place), "accessURL")
        licence = self.licence or _text(told, "license") or _text(self.about, "license")
        key = (self.publisher or _text(body, "name"), licence, url if told and url else self.file,
               "" if self.publisher else _text(body, "identifier"), _text(told or self.about, "title"),
               _text(told or self.about, "issued"), url)
        if key not in self._found:
            self._found[key] = _checked(Document(*key), self.file)
        return self._found[key]


def slug(text: str) -> str:
    """Give a text as a part of an IRI that people can read; one without a letter of ours by its fingerprint."""
    found = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
    if len(found) > naming.LONG or not found:
        return f"{found[:naming.LONG]}-{hashlib.sha256(text.encode()).hexdigest()[:8]}".strip("-")
    return found


def _checked(one: Document, file: str) -> Document:
    if not one.publisher.strip():
        raise errors.BadInput(f"Nothing in {file} says who published the grants; name them with --publisher NAME.")
    if naming.address(one.licence) is None:
        told = f"the licence {one.licence[:80]!r}, which is no address" if one.licence else "no licence"
        raise errors.BadInput(f"{file} has {told}; name the address of the licence with --licence, such as "
                              "https://creativecommons.org/licenses/by/4.0/.")
    return one


def _members(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _text(members: Mapping[str, Any], name: str) -> str:
    value = members.get(name)
    return value.strip() if isinstance(value, str) else ""
