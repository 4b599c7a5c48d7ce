"""A typed parameter of a prepared query, and where its values come from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from carekg.terms import BASE, PREFIXES, SCHEMES, expand

XSD: Final = PREFIXES["xsd"]
TYPES: Final = ("concept", "thing", "text", "integer", "decimal", "year", "date")
"""Types of a parameter: a concept of a scheme, a thing of a class, or a literal."""

OWN: Final = ("format", "drawing")
"""Names in an address that no parameter may have: the format wanted, and the picture."""

MARK: Final = "_"
"""What other names in an address begin with that are no parameter's."""

LITERALS: Final = {
    "text": ("string", r"[\s\S]{1,1000}", "a text of at most 1,000 characters"),
    "integer": ("integer", r"[+-]?\d{1,18}", "a whole number"),
    "decimal": ("decimal", r"[+-]?\d{1,18}(\.\d{1,18})?", "a number such as 1000 or 0.5"),
    "year": ("gYear", r"\d{4}", "a year such as 2017"),
    "date": ("date", r"\d{4}-\d{2}-\d{2}", "a date such as 2017-12-05"),
}


@dataclass(frozen=True)
class Parameter:
    """One typed parameter. ``of`` is the prefix of the concept scheme or the class that its values come from."""

    name: str
    label: str
    type: str
    description: str = ""
    of: str = ""
    default: str | None = None
    optional: bool = False
    repeatable: bool = False

    @property
    def a_label(self) -> str:
        """Give the label with its article."""
        return f"{'an' if self.label[0] in 'aeiou' else 'a'} {self.label}"

    @property
    def source(self) -> str:
        """Give the IRI of the concept scheme or of the class."""
        if self.type == "concept" and self.of in SCHEMES:
            return f"{BASE}concept/{SCHEMES[self.of]}"
        return expand(self.of) or self.of

    def default_of(self, asked: bool) -> str:
        """Give the default, or nothing where there is none, or where it is optional and something was asked for."""
        return "" if self.default is None or (asked and self.optional) else self.default

    def choices_query(self) -> str:
        """Give the query for the values that a concept or thing parameter takes, with every name they go by."""
        member = "skos:inScheme" if self.type == "concept" else "a"
        return (f"PREFIX skos: <{PREFIXES['skos']}> PREFIX rdfs: <{PREFIXES['rdfs']}> "
                f"PREFIX dcterms: <{PREFIXES['dcterms']}> PREFIX care: <{PREFIXES['care']}> "
                "SELECT ?iri ?label ?other WHERE { "
                f"?iri {member} <{self.source}> . OPTIONAL {{ ?iri rdfs:label ?label }} "
                "OPTIONAL { ?iri skos:altLabel|dcterms:identifier|care:gssCode ?other } } ORDER BY ?label ?iri ?other")
