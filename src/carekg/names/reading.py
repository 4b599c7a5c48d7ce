"""Reads every name of a graph's things out of a store."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Final

from rdflib.namespace import DCTERMS, RDF, RDFS, SKOS

from carekg import store
from carekg.names.model import ALTERNATIVE, IDENTIFIER, LABEL, Name, Thing
from carekg.terms import CARE, compact

KINDS: Final = {
    str(RDFS.label): LABEL,
    str(SKOS.prefLabel): LABEL,
    str(SKOS.altLabel): ALTERNATIVE,
    str(DCTERMS.title): ALTERNATIVE,
    str(DCTERMS.identifier): IDENTIFIER,
    str(SKOS.notation): IDENTIFIER,
    str(CARE.charityNumber): IDENTIFIER,
    str(CARE.companyNumber): IDENTIFIER,
    str(CARE.doi): IDENTIFIER,
    str(CARE.gssCode): IDENTIFIER,
    str(CARE.labelInSource): ALTERNATIVE,
    str(CARE.odsCode): IDENTIFIER,
    str(CARE.orgId): IDENTIFIER,
}
"""Properties that name a thing, and what kind of name they give."""

SUMMARY: Final = str(CARE.summary)
"""What a claim goes by, for it has no label."""

PLACE_TYPE: Final = str(CARE.placeType)
ENDED: Final = str(CARE.ended)
ABOUT: Final = (str(SKOS.definition), SUMMARY, str(RDFS.comment))
"""Properties that tell in a line what a thing is, the best first."""

TEXTS: Final = """SELECT ?iri ?property ?text (LANG(?text) AS ?language) WHERE {
  VALUES ?property { PROPERTIES } ?iri ?property ?text FILTER(isIRI(?iri) && isLiteral(?text))
} ORDER BY ?iri ?property ?text"""

TYPES: Final = f"""SELECT DISTINCT ?iri ?type WHERE {{
  VALUES ?property {{ <{RDF.type}> <{SKOS.inScheme}> }}
  ?iri ?property ?type FILTER(isIRI(?iri) && isIRI(?type))
}} ORDER BY ?iri ?type"""


def read(graph: store.Store) -> tuple[dict[str, Thing], list[Name]]:
    """Give the things that have a name, by IRI, and all names, each once."""
    texts: dict[str, list[Mapping[str, str]]] = defaultdict(list)
    wanted = " ".join(f"<{iri}>" for iri in sorted({*KINDS, *ABOUT, PLACE_TYPE, ENDED}))
    for row in store.rows(graph, TEXTS.replace("PROPERTIES", wanted)):
        texts[row["iri"]].append(row)
    types: dict[str, list[str]] = defaultdict(list)
    for row in store.rows(graph, TYPES):
        types[row["iri"]].append(row["type"])
    names = {iri: _names(iri, rows) for iri, rows in texts.items()}
    things = {iri: Thing(iri, _label(iri, names[iri]), _own_first(types.get(iri, ())), _about(rows))
              for iri, rows in texts.items() if names[iri]}
    return things, [name for iri in things for name in names[iri]]


def _names(iri: str, rows: Iterable[Mapping[str, str]]) -> list[Name]:
    """Give the names of one thing, labels first, those in English or in no language before others."""
    ranked = sorted((row for row in rows if row["property"] in KINDS), key=lambda row: (
        list(KINDS).index(row["property"]), row.get("language", "") not in ("", "en", "en-GB")))
    found = {row["text"]: Name(iri, row["text"], KINDS[row["property"]]) for row in reversed(ranked)}
    if not any(name.kind != IDENTIFIER for name in found.values()):
        found |= {row["text"]: Name(iri, row["text"], LABEL) for row in rows if row["property"] == SUMMARY}
    return [name for kind in (LABEL, ALTERNATIVE, IDENTIFIER) for name in reversed(found.values()) if name.kind == kind]


def _label(iri: str, names: Iterable[Name]) -> str:
    return next((name.text for name in names if name.kind != IDENTIFIER), compact(iri).strip("<>"))


def _own_first(types: Iterable[str]) -> tuple[str, ...]:
    """Give types with those of the care vocabulary before those of others."""
    return tuple(sorted(types, key=lambda iri: (not iri.startswith(str(CARE._NS)), iri)))


def _about(rows: Iterable[Mapping[str, str]]) -> str:
    said = {row["property"]: row["text"] for row in rows}
    line = next((said[iri] for iri in ABOUT if iri in said), "")
    kind = said.get(PLACE_TYPE, "")
    until = f"{kind} until {said[ENDED]}" if kind and ENDED in said else kind  # a council that is no more says so
    return ": ".join(part for part in (until, line) if part)
