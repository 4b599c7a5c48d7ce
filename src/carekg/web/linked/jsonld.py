"""JSON-LD that people can read: a published context of the vocabulary's terms, and nodes compacted by it.

https://www.w3.org/TR/json-ld11/. The context holds the prefixes of vocabularies, a name for each class and property,
and how a property's values are meant: as IRIs, in English, or of the one datatype that the shapes hold them to. A
value that differs is written out, so that nothing is lost. Things keep their whole IRIs, which can be followed as they
stand; prefixes for them would take the names of properties (``place``, ``source``).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pyoxigraph as ox

from carekg import store
from carekg.terms import PREFIXES

TERMS: Final = """SELECT ?term ?kind ?label ?datatype WHERE {
  VALUES ?kind { owl:Class owl:ObjectProperty owl:DatatypeProperty owl:AnnotationProperty }
  ?term a ?kind FILTER(isIRI(?term))
  OPTIONAL { ?term rdfs:label ?label FILTER(LANG(?label) IN ("", "en")) }
} ORDER BY ?term ?kind ?label"""

DATATYPES: Final = """SELECT ?term (MIN(?one) AS ?datatype) WHERE {
  { ?shape sh:path ?term ; sh:datatype ?one }
  UNION { ?shape sh:path ?term ; sh:languageIn ?languages . BIND(rdf:langString AS ?one) }
  FILTER(isIRI(?term))
} GROUP BY ?term HAVING(COUNT(DISTINCT ?one) = 1)"""

VOCABULARIES: Final = ("care", "dcat", "dcterms", "foaf", "frapo", "oa", "org", "owl", "prov", "rdf", "rdfs", "schema",
                       "semapv", "sh", "skos", "spdx", "sssom", "vann", "void", "wgs", "xsd")
"""Prefixes that the context has; ``geo`` is an IRI scheme too, and a text such as ``geo:51,0`` would change by it."""

BORROWED: Final[Mapping[str, Sequence[str]]] = {
    "@en": ("rdfs:label", "rdfs:comment", "skos:prefLabel", "skos:altLabel", "skos:definition", "skos:scopeNote",
            "skos:note", "skos:example", "dcterms:title", "dcterms:description"),
    "@id": ("rdfs:isDefinedBy", "rdfs:seeAlso", "rdfs:subClassOf", "rdfs:subPropertyOf", "rdfs:domain", "rdfs:range",
            "skos:inScheme", "skos:topConceptOf", "skos:broader", "skos:narrower", "skos:broaderTransitive",
            "skos:exactMatch", "skos:closeMatch", "skos:relatedMatch", "skos:member", "dcterms:source",
            "dcterms:creator", "dcterms:contributor", "dcterms:publisher", "dcterms:license", "dcterms:references",
            "dcterms:isReferencedBy", "dcterms:isPartOf", "dcterms:isReplacedBy", "dcterms:relation",
            "prov:hadPrimarySource", "owl:inverseOf", "owl:onProperty"),
    "": ("skos:notation", "dcterms:identifier", "dcterms:issued", "dcterms:modified", "dcterms:created",
         "dcterms:rights", "dcterms:bibliographicCitation", "owl:deprecated", "wgs:lat", "wgs:long"),
}
"""Terms of other vocabularies that get a name of their own where no term of the folder's has it."""

RDF_TYPE: Final = PREFIXES["rdf"] + "type"
STRINGS: Final = (PREFIXES["xsd"] + "string", PREFIXES["rdf"] + "langString")
EXACT: Final = 2**53
"""Below it every reader of JSON keeps a whole number as it is."""


@dataclass(frozen=True)
class Context:
    """A context: its prefixes, and each term's name with how its values are meant (``@id``, ``@en``, a datatype)."""

    prefixes: Mapping[str, str]
    names: Mapping[str, tuple[str, str]]
    labels: Mapping[str, tuple[str, str]]

    def document(self) -> dict[str, Any]:
        """Give the context as it is published, with the terms' own labels, which who loads a context passes over."""
        named_by = sorted(self.names.items(), key=lambda item: item[1])
        terms = {name: self._meaning(iri, meant) for iri, (name, meant) in named_by}
        named, _ = self.names.get(PREFIXES["rdfs"] + "label", ("rdfs:label", ""))
        graph = [{"@id": self.short(iri), "@type": self.short(kind), named: label}
                 for iri, (kind, label) in sorted(self.labels.items()) if label]
        return {"@context": {"@version": 1.1, **self.prefixes, **terms}, "@graph": graph}

    def _meaning(self, iri: str, meant: str) -> str | dict[str, str]:
        """Give the definition of a term."""
        if not meant:
            return self.short(iri)
        return {"@id": self.short(iri)} | ({"@language": "en"} if meant == "@en" else {"@type": self.short(meant)})

    def short(self, iri: str) -> str:
        """Give an IRI with a prefix, or as it is."""
        for prefix, start in self.prefixes.items():
            if iri.startswith(start) and len(iri) > len(start) and not iri.startswith("//", len(start)):
                return f"{prefix}:{iri[len(start):]}"
        return iri

    def confuses(self, iri: str) -> bool:
        """Say whether a reader would take an IRI's scheme for a prefix."""
        scheme, _, rest = iri.partition(":")
        return scheme in self.prefixes and not rest.startswith("//")


def context(graph: store.Store) -> Context:
    """Give the context for the vocabulary that a graph holds."""
    rows = store.rows(graph, _prefixed(TERMS))
    datatypes = {row["term"]: row["datatype"] for row in store.rows(graph, _prefixed(DATATYPES))}
    kinds: dict[str, tuple[str, str]] = {}
    for row in rows:
        kinds.setdefault(row["term"], (row["kind"], row.get("label", "")))
    names: dict[str, tuple[str, str]] = {}
    taken = {"type", "id", *VOCABULARIES}
    meanings = {iri: _meant(kind, datatypes.get(iri, "")) for iri, (kind, _) in kinds.items()}
    ours = sorted(meanings, key=lambda iri: (not iri.startswith(PREFIXES["care"]), iri))
    borrowed = {PREFIXES[prefix] + local: meant for meant, terms in BORROWED.items()
                for prefix, _, local in (term.partition(":") for term in terms)}
    for iri, meant in [*((iri, meanings[iri]) for iri in ours), *borrowed.items()]:
        name = re.split(r"[/#]", iri)[-1]
        if iri not in names and re.fullmatch(r"[A-Za-z]\w*", name) and name not in taken:
            taken.add(name)
            names[iri] = name, meant
    return Context({prefix: PREFIXES[prefix] for prefix in VOCABULARIES}, names, kinds)


def _prefixed(text: str) -> str:
    return "".join(f"PREFIX {one}: <{PREFIXES[one]}>\n" for one in ("owl", "rdf", "rdfs", "sh")) + text


def _meant(kind: str, datatype: str) -> str:
    """Give how a term's values are meant."""
    if kind.endswith("ObjectProperty"):
        return "@id"
    if datatype.endswith("#langString"):
        return "@en"
    return "" if datatype in STRINGS else datatype


# --- writing --------------------------------------------------------------------------------------------------------


def compacted(triples: Iterable[ox.Triple], by: Context, address: str) -> bytes:
    """Give triples as JSON-LD that names its context by an address; nodes in the order of their first triples.

    Where an IRI could be misread under the context, all are written out and none is named.

    :raises ValueError: a triple has a triple as its object, which JSON-LD 1.1 cannot say.
    """
    found = list(triples)
    if any(isinstance(triple.object, ox.Triple) for triple in found):
        raise ValueError("a triple within a triple")
    if any(by.confuses(term.value) for triple in found for term in (triple.subject, triple.predicate, triple.object)
           if isinstance(term, ox.NamedNode)):
        return ox.serialize(found, format=ox.RdfFormat.JSON_LD) or b""
    nodes: dict[str, dict[str, Any]] = {}
    for triple in found:
        me = _identified(triple.subject, by)
        node = nodes.setdefault(me, {"@id": me})
        key, value = _statement(triple, by)
        node.setdefault(key, []).append(value)
    whole = [{key: value[0] if isinstance(value, list) and len(value) == 1 else value for key, value in node.items()}
             for node in nodes.values()]
    body = whole[0] if len(whole) == 1 else {"@graph": whole}
    return (json.dumps({"@context": address, **body}, ensure_ascii=False, indent=1) + "\n").encode()


def _statement(triple: ox.Triple, by: Context) -> tuple[str, Any]:
    """Give the key and the value of a triple within its subject's node."""
    predicate, value = triple.predicate.value, triple.object
    if predicate == RDF_TYPE and not isinstance(value, ox.Literal):
        name = by.names.get(value.value) if isinstance(value, ox.NamedNode) else None
        return "@type", name[0] if name else _identified(value, by)
    key, meant = by.names.get(predicate, ("", ""))
    key = key or by.short(predicate)
    if isinstance(value, ox.Literal):
        return key, _literal(value, meant, by)
    me = _identified(value, by)
    return key, me if meant == "@id" else {"@id": me}


def _literal(value: ox.Literal, meant: str, by: Context) -> Any:
    """Give a literal in the shortest way that a reader takes for the same."""
    datatype, text = value.datatype.value, value.value
    if value.language:
        if meant == "@en" and value.language == "en" and not value.direction:
            return text
        told = {"@value": text, "@language": value.language}
        return told | ({"@direction": str(value.direction)} if value.direction else {})
    if datatype == STRINGS[0]:
        return text if not meant else {"@value": text}
    if meant in ("", datatype, "@en") and (native := _native(text, datatype)) is not None:
        return native
    return text if meant == datatype else {"@value": text, "@type": by.short(datatype)}


def _native(text: str, datatype: str) -> int | bool | None:
    """Give a whole number or a truth as JSON has it, where a reader gets the same text back."""
    if datatype == PREFIXES["xsd"] + "boolean" and text in ("true", "false"):
        return text == "true"
    if datatype == PREFIXES["xsd"] + "integer" and re.fullmatch(r"0|-?[1-9]\d{0,15}", text) and abs(int(text)) < EXACT:
        return int(text)
    return None


def _identified(term: ox.NamedNode | ox.BlankNode | ox.Triple, by: Context) -> str:
    return by.short(term.value) if isinstance(term, ox.NamedNode) else str(term)
