"""The vocabulary in short, so that a SPARQL query can be written without guessing."""

from __future__ import annotations

from typing import Final

from carekg import errors
from carekg.answers import graph
from carekg.answers.values import Term, Words
from carekg.query import Cell
from carekg.terms import BASE, PREFIXES, SCHEMES, THINGS
from carekg.vocabulary import Term as Described
from carekg.vocabulary import Vocabulary

USED: Final = ("care", "dcterms", "owl", "prov", "rdf", "rdfs", "schema", "skos", "xsd")
"""Prefixes that are given besides those of things and concepts."""

NOTE: Final = (
    "A claim (a site, award, finding, outcome ...) is linked to its subject by its standing: care:holdsFor where a "
    "source says so, others where it is planned, aimed at, candidate ...; care:concerns whatever its standing; it "
    "care:restsOn passages, which have care:words and care:isFrom a source. Derived properties such as "
    "care:scaledVia follow from held claims only, so that a plain pattern never finds a plan. Labels are rdfs:label.")

MORE: Final = "Definitions: ask again with `about`, such as `route` or `care:holdsFor`."


def written(vocabulary: Vocabulary, about: str = "") -> Words:
    """Give prefixes, schemes and all terms in short; or the terms in whose words a text stands, with definitions.

    :raises NotFound: no term has it.
    """
    wanted = about.strip().casefold().removeprefix("care:")
    terms = tuple(_term(term, bool(wanted)) for term in vocabulary.terms if wanted in _words(term))
    if not terms:
        raise errors.NotFound(f"“{about[:80]}” in the vocabulary; ask without `about` for all of it")
    if wanted:
        return Words({prefix: PREFIXES[prefix] for prefix in USED}, terms, note=NOTE)
    labels = {one.iri: one.label for one in vocabulary.lists}
    schemes = {prefix: labels[iri] for prefix, segment in SCHEMES.items()
               if (iri := f"{BASE}concept/{segment}") in labels}
    return Words({prefix: PREFIXES[prefix] for prefix in (*USED, *THINGS, *SCHEMES)}, terms, schemes,
                 f"{NOTE} {MORE}")


def _words(term: Described) -> str:
    return f"{term.iri.rpartition('#')[2]} {term.label} {term.definition}".casefold()


def _term(term: Described, full: bool) -> Term:
    said_of, leads_to, kind_of = (tuple(map(_name, term.links.get(link, ())))
                                  for link in ("said of", "leads to", "kind of"))
    label, definition = (term.label, term.definition) if full else ("", "")
    return Term(graph.name(term.iri), term.kind, label, definition, said_of, leads_to, kind_of, term.uses,
                term.derived)


def _name(cell: Cell) -> str:
    """Give the short name of a term to which the page of the vocabulary links."""
    return f"care:{cell.iri[1:]}" if cell.iri.startswith("#") else graph.name(cell.iri) if cell.iri else cell.text
