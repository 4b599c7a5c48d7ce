"""The identifiers of a reconciliation service: of things, types and properties, both ways."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from rapidfuzz import fuzz, process
from rdflib.namespace import DCAT, OWL, RDF, SH, SKOS, VANN, VOID

from carekg import errors, store
from carekg.names import VOCABULARY, Names, Thing
from carekg.terms import BASE, CARE, PREFIXES, SPDX, compact, expand

USUAL: Final = tuple(map(str, (
    CARE.Innovation, CARE.Organisation, CARE.Place, CARE.Programme, CARE.FundingSource, CARE.Person, CARE.Factor,
    CARE.ScalingRoute)))
"""Types that are searched where a query names none, so far as the graph has them."""

MACHINERY: Final = tuple(str(space._NS) for space in (DCAT, OWL, RDF, SH, SPDX, VANN, VOID))
"""Namespaces whose properties say how the graph is made, and nothing that a table would want."""

USED: Final = "SELECT ?property (COUNT(*) AS ?uses) WHERE { ?thing ?property ?value } GROUP BY ?property"
OF_TYPE: Final = """SELECT ?property (COUNT(DISTINCT ?thing) AS ?uses) WHERE {
  { ?thing a TYPE } UNION { ?thing <http://www.w3.org/2004/02/skos/core#inScheme> TYPE } ?thing ?property ?value
} GROUP BY ?property"""

SAID: Final = {
    "dcterms:identifier": "identifier",
    "dcterms:issued": "date of issue",
    "rdfs:comment": "remark",
    "rdfs:label": "label",
    "rdfs:seeAlso": "see also",
    "schema:url": "web page",
    "skos:altLabel": "other name",
    "wgs:lat": "latitude",
    "wgs:long": "longitude",
}
"""What properties of other vocabularies are called, where the words of their IRI are not plain."""


def id_of(iri: str) -> str:
    """Give the identifier of a thing: its IRI without the identifier space."""
    return iri.removeprefix(BASE)


def short(iri: str) -> str:
    """Give the identifier of a type or property: ``prefix:name``, or the IRI where no prefix covers it."""
    return compact(iri).strip("<>")


class Space:
    """The types and properties that the things of a graph have, as long as it stays the same."""

    def __init__(self, graph: store.Store, names: Names) -> None:
        self._graph, self.names = graph, names
        self.types = {iri: thing for iri in names.types() if (thing := names.things.get(iri)) and _is_type(thing)}
        self.usual = [iri for iri in USUAL if iri in self.types]
        used = {row["property"]: int(row["uses"]) for row in store.rows(graph, USED)}
        self.properties = {iri: self._property(iri) for iri in sorted(used, key=lambda iri: (-used[iri], iri))
                           if not iri.startswith(MACHINERY)}
        self._type_keys, self._property_keys = _keys(self.types), _keys(self.properties)

    def type(self, key: str) -> str:
        """Give the IRI of the type of an identifier, an IRI or a label.

        :raises BadValue: there is no such type; the sentence offers near misses.
        """
        return _looked_up(key, self._type_keys, "a type here; /reconcile/suggest/type lists them")

    def property(self, key: str) -> str:
        """Give the IRI of the property of an identifier, an IRI or a label.

        :raises BadValue: there is no such property; the sentence offers near misses.
        """
        return _looked_up(key, self._property_keys, "a property here; /reconcile/suggest/property lists them")

    def types_of(self, thing: Thing) -> list[dict[str, str]]:
        """Give the types of a thing as the API has them, the vocabulary's own first."""
        return [{"id": short(iri), "name": self.types[iri].label} for iri in thing.types if iri in self.types]

    def usual_types(self) -> list[dict[str, str]]:
        """Give the types that are searched where a query names none, as the API has them."""
        return [{"id": short(iri), "name": self.types[iri].label} for iri in self.usual]

    def proposed(self, type_: str) -> list[Thing]:
        """Give the properties that things of a type have, those that most have first; of all things without a type."""
        if not type_:
            return list(self.properties.values())
        uses = {row["property"]: int(row["uses"])
                for row in store.rows(self._graph, OF_TYPE.replace("TYPE", f"<{type_}>"))}
        return [self.properties[iri] for iri in sorted(uses, key=lambda iri: (-uses[iri], iri))
                if iri in self.properties]

    def _property(self, iri: str) -> Thing:
        said = SAID.get(short(iri)) or " ".join(re.findall(r"[A-Z]?[a-z]+|\d+|[A-Z]+", re.split(r"[/#]", iri)[-1]))
        return self.names.things.get(iri) or Thing(iri, said.lower() or iri)


def suggested(things: Iterable[Thing], prefix: str) -> list[Thing]:
    """Give the things whose label, a word of it or identifier begins so; those by the label first."""
    start = prefix.strip().casefold()
    ranked = [(0 if one.label.casefold().startswith(start) else 1 if f" {start}" in one.label.casefold() else 2, one)
              for one in things if f" {start}" in f" {one.label.casefold()}" or start in _ways(one)
              or short(one.iri).casefold().startswith(start)]
    return [one for _, one in sorted(ranked, key=lambda pair: (pair[0], pair[1].label.casefold(), pair[1].iri))]


def _is_type(thing: Thing) -> bool:
    return not {*VOCABULARY, str(SKOS.ConceptScheme)}.isdisjoint(thing.types)


def _ways(one: Thing) -> Sequence[str]:
    """Give the ways to name a type or property."""
    return (one.iri, short(one.iri), id_of(one.iri), one.iri.removeprefix(PREFIXES["care"]).casefold(),
            one.label.casefold())


def _keys(things: Mapping[str, Thing]) -> dict[str, str]:
    keys: dict[str, str] = {}
    for place in range(5):
        for thing in things.values():
            keys.setdefault(_ways(thing)[place], thing.iri)
    return keys


def _looked_up(key: str, keys: Mapping[str, str], what: str) -> str:
    said = key.strip()
    if found := keys.get(said) or keys.get(expand(said) or "") or keys.get(said.casefold()):
        return found
    alike = process.extract(said[:100], list(keys), scorer=fuzz.ratio, score_cutoff=60, limit=6)
    near = list(dict.fromkeys(short(keys[one]) for one, _, _ in alike))[:3]
    raise errors.BadValue(said, what, near)
