"""How a term is written in Turtle: by prefix where one covers it, a number or truth in short where that is the same."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

import pyoxigraph as ox

from carekg.terms import PREFIXES

XSD: Final = PREFIXES["xsd"]
TYPE: Final = PREFIXES["rdf"] + "type"

SHORT: Final = {
    f"{XSD}integer": re.compile(r"[+-]?[0-9]+"),
    f"{XSD}decimal": re.compile(r"[+-]?[0-9]*\.[0-9]+"),
    f"{XSD}double": re.compile(r"[+-]?(?:[0-9]+\.[0-9]*|\.[0-9]+|[0-9]+)[eE][+-]?[0-9]+"),
    f"{XSD}boolean": re.compile("true|false"),
}
"""Datatypes whose values may stand without quotes, and which of their spellings may."""

_LETTER = "A-Za-z0-9_À-ÖØ-öø-˿Ͱ-ͽͿ-῿"
_LOCAL = re.compile(rf"[{_LETTER}](?:[{_LETTER}.-]*[{_LETTER}-])?")

Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple


class Speller:
    """Writes terms with the prefixes that a text has, and remembers which of them were used.

    ``on_lines``: whether a text with line ends is written over several lines.
    """

    def __init__(self, prefixes: Mapping[str, str], *, on_lines: bool = True) -> None:
        self._by_length = sorted(prefixes.items(), key=lambda one: (-len(one[1]), one[0]))
        self._on_lines = on_lines
        self._known: dict[str, str] = {}
        self.used: set[str] = set()

    def iri(self, iri: str) -> str:
        """Write an IRI."""
        if iri not in self._known:
            self._known[iri] = self._short(iri)
        return self._known[iri]

    def _short(self, iri: str) -> str:
        for prefix, namespace in self._by_length:
            if namespace and iri.startswith(namespace) and _LOCAL.fullmatch(iri, len(namespace)):
                self.used.add(prefix)
                return f"{prefix}:{iri[len(namespace):]}"
        return str(ox.NamedNode(iri))

    def predicate(self, iri: str) -> str:
        """Write a property."""
        return "a" if iri == TYPE else self.iri(iri)

    def literal(self, literal: ox.Literal) -> str:
        """Write a literal."""
        value, datatype = literal.value, literal.datatype.value
        if literal.language:
            return self._quoted(value) + str(literal)[len(str(ox.Literal(value))):]
        if datatype in SHORT and SHORT[datatype].fullmatch(value):
            return value
        return self._quoted(value) + ("" if datatype == f"{XSD}string" else f"^^{self.iri(datatype)}")

    def term(self, term: Term) -> str:
        """Write a term; a blank node by its name."""
        if isinstance(term, ox.NamedNode):
            return self.iri(term.value)
        if isinstance(term, ox.Literal):
            return self.literal(term)
        if isinstance(term, ox.Triple):
            parts = self.term(term.subject), self.predicate(term.predicate.value), self.term(term.object)
            return f"<<( {' '.join(parts)} )>>"
        return str(term)

    def _quoted(self, text: str) -> str:
        """Write a text between quotes."""
        if not self._on_lines or "\n" not in text or re.search(r"[^\S\n]\n|[\x00-\x08\x0b-\x1f\x7f]", text):
            return str(ox.Literal(text))  # spaces at the end of a line are lost easily, and not seen
        escaped = text.replace("\\", "\\\\").replace("\t", "\\t")
        return '"""' + re.sub(r'""+|"\Z', lambda found: '\\"' * len(found[0]), escaped) + '"""'
