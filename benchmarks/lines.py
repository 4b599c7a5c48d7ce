"""N-Triples as text: the terms and the lines that the synthetic world is written in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from carekg.terms import BASE, PREFIXES

XSD: Final = PREFIXES["xsd"]
TYPE: Final = f"<{PREFIXES['rdf']}type>"

ELSEWHERE: Final = {
    "label": PREFIXES["rdfs"],
    "identifier": PREFIXES["dcterms"],
    "title": PREFIXES["dcterms"],
    "issued": PREFIXES["dcterms"],
    "source": PREFIXES["dcterms"],
    "broader": PREFIXES["skos"],
    "definition": PREFIXES["skos"],
    "inScheme": PREFIXES["skos"],
    "prefLabel": PREFIXES["skos"],
}
"""Properties that are not of our own vocabulary, and the namespace of each."""


def iri(kind: str, key: str) -> str:
    """Give the IRI of a thing in angle brackets."""
    return f"<{BASE}id/{kind}/{key}>"


def concept(scheme: str, key: str) -> str:
    """Give the IRI of a concept in angle brackets."""
    return f"<{BASE}concept/{scheme}/{key}>"


def english(text: str) -> str:
    """Give a literal in English."""
    return f'"{text}"@en'


def plain(text: str) -> str:
    """Give a literal of no language."""
    return f'"{text}"'


def typed(value: object, datatype: str) -> str:
    """Give a literal of a datatype of XML Schema."""
    return f'"{value}"^^<{XSD}{datatype}>'


def thing(subject: str, kind: str, **values: str | Sequence[str]) -> Iterator[str]:
    """Give the lines that describe a thing: its class of ours, and one or more values a property."""
    yield f"{subject} {TYPE} <{PREFIXES['care']}{kind}> .\n"
    for name, given in values.items():
        predicate = ELSEWHERE.get(name, PREFIXES["care"]) + name
        for value in [given] if isinstance(given, str) else given:
            yield f"{subject} <{predicate}> {value} .\n"
