"""A thing described: what it is, what sources claim of it with their receipts, and where they disagree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final

from rdflib.namespace import PROV, RDF, RDFS, SKOS

from carekg import errors, query, store
from carekg.answers import graph, naming, paging
from carekg.answers.values import Claim, Description, Disagreement, Fact, Link, Named, Receipt
from carekg.names import Names
from carekg.terms import PREFIXES

CARE: Final = PREFIXES["care"]
MOST_VALUES: Final = 20
"""Values of one property that are shown."""

ABOUT: Final = """SELECT ?property ?value ?valueLabel ?inferred WHERE {
  ITEM ?property ?value .
  FILTER(!isBlank(?value))
  OPTIONAL { ?value rdfs:label ?label }
  OPTIONAL { ?value care:summary ?summary }
  OPTIONAL { ?value care:words ?words }
  BIND(COALESCE(?label, ?summary, ?words) AS ?valueLabel)
  BIND(EXISTS { GRAPH INFERRED { ITEM ?property ?value } } AS ?inferred)
} ORDER BY ?inferred ?property ?valueLabel ?value LIMIT 5000"""

CLAIMS: Final = """SELECT DISTINCT ?claim ?kind ?said ?standing ?voice ?confidence ?link WHERE {
  ?claim ?property ITEM ; a care:Claim ; care:summary ?said ; care:standing/rdfs:label ?standing .
  ?claim a ?class .
  ?class rdfs:subClassOf care:Claim ; rdfs:label ?kind .
  FILTER NOT EXISTS { ?any rdfs:domain ?class }
  OPTIONAL { ?property rdfs:label ?link }
  OPTIONAL { ?claim care:voice/rdfs:label ?voice }
  OPTIONAL { ?claim care:confidence/rdfs:label ?confidence }
  FILTER(?property NOT IN (care:statedIn, <http://www.w3.org/ns/prov#hadPrimarySource>, care:restsOn))
} ORDER BY ?kind ?standing ?said ?claim ?link"""
"""Claims in which a thing has a part, one row for each part; classes with a domain are those of standings."""

RESTING: Final = """SELECT DISTINCT ?item SEEN WHERE {
  VALUES ?item { ITEMS }
  ?item care:restsOn ?passage . RECEIPT
} ORDER BY ?item ?sourceLabel ?line ?words"""

DISAGREEMENTS: Final = """SELECT DISTINCT ?item ?label ?summary ?handling WHERE {
  { ?side care:concerns ITEM } UNION { BIND(ITEM AS ?side) }
  ?item care:side ?side ; rdfs:label ?label .
  OPTIONAL { ?item care:summary ?summary }
  OPTIONAL { ?item care:handling ?handling }
} ORDER BY ?label ?item"""

LINKS: Final = """SELECT ?property (COUNT(DISTINCT ?thing) AS ?count) WHERE {
  ?thing ?property ITEM .
  FILTER NOT EXISTS { GRAPH INFERRED { ?thing ?property ITEM } }
} GROUP BY ?property ORDER BY DESC(?count) ?property"""

APART: Final = frozenset({
    str(RDF.type), str(RDFS.label), str(SKOS.prefLabel), str(SKOS.definition), str(PROV.hadPrimarySource),
    *(CARE + name for name in ("restsOn", "statedIn", "isConcernOf", "standing"))})
"""Properties that a description shows in a place of their own."""


def described(asker: query.Asker, names: Names, thing: str, page: paging.Page) -> Description:
    """Give what is known of a thing, which goes by IRI, short name or label; one page of its claims.

    :raises BadInput: nothing goes by that name; the error offers near misses.
    """
    iri = naming.resolved(names, thing)
    about = graph.rows(asker.graph, ABOUT, iri)
    if not about:
        raise errors.NotFound(thing, naming.near(names, thing))
    links = [row for row in graph.rows(asker.graph, LINKS, iri) if "property" in row]
    claims = _claims(asker.graph, iri)
    shown = page.of(claims)
    facts = tuple(_facts(about))
    return Description(
        name=graph.name(iri), iri=iri, label=_label(about) or graph.name(iri), kinds=tuple(_kinds(about)),
        definition=_first(about, str(SKOS.definition)), standing=_standing(about),
        standings=Counter(claim.standing for claim in claims) or None, claims=tuple(_borne_out(asker.graph, shown)),
        disagreements=_disagreements(asker.graph, iri), receipts=_resting(asker.graph, [iri]).get(iri, ()),
        facts=facts, links=tuple(Link(graph.name(row["property"]), int(row["count"])) for row in links),
        questions=_questions(asker, about), note=paging.joined(page.note(len(claims), "claims"), _told(facts)))


def _claims(asked: store.Store, iri: str) -> list[Claim]:
    """Give the claims in which a thing has a part, without receipts; ``link`` tells which part."""
    found: dict[str, Claim] = {}
    links: dict[str, dict[str, None]] = {}
    for row in graph.rows(asked, CLAIMS, iri):
        links.setdefault(row["claim"], {})[row.get("link", "")] = None
        found.setdefault(row["claim"], Claim(
            name=row["claim"], kind=row["kind"], says=row["said"], standing=row["standing"],
            voice=row.get("voice", ""), confidence=row.get("confidence", "")))
    return [claim if "concerns" in links[key] else replace(claim, link=", ".join(filter(None, links[key])))
            for key, claim in found.items()]


def _borne_out(asked: store.Store, claims: Iterable[Claim]) -> Iterable[Claim]:
    """Give claims with their receipts and short names."""
    listed = list(claims)
    found = _resting(asked, [claim.name for claim in listed])
    for claim in listed:
        yield replace(claim, name=graph.name(claim.name), receipts=found.get(claim.name, ()))


def _resting(asked: store.Store, iris: list[str]) -> dict[str, tuple[Receipt, ...]]:
    return graph.receipts(graph.rows(asked, RESTING, *iris), "item") if iris else {}


def _disagreements(asked: store.Store, iri: str) -> tuple[Disagreement, ...]:
    found = graph.rows(asked, DISAGREEMENTS, iri)
    return tuple(Disagreement(graph.name(row["item"]), row["label"], row.get("summary", ""), row.get("handling", ""))
                 for row in found)


def _facts(about: Iterable[Mapping[str, str]]) -> Iterable[Fact]:
    """Give the other properties with their values, those that were inferred apart."""
    found: dict[tuple[str, bool], list[Named]] = {}
    for row in about:
        claim = row["property"].startswith(f"{CARE}has") and row["property"].endswith("Claim")
        if row["property"] not in APART and not claim:
            key = (graph.name(row["property"]), row["inferred"] == "true")
            found.setdefault(key, []).append(graph.named(row, "value"))
    for (name, inferred), values in found.items():
        yield Fact(name, tuple(values[:MOST_VALUES]), max(len(values) - MOST_VALUES, 0), inferred)


def _kinds(about: Iterable[Mapping[str, str]]) -> list[str]:
    return [row.get("valueLabel") or graph.name(row["value"]) for row in about
            if row["property"] == str(RDF.type) and (row.get("valueLabel") or row["value"].startswith(CARE))]


def _standing(about: Iterable[Mapping[str, str]]) -> str:
    return next((row.get("valueLabel", "") for row in about if row["property"] == f"{CARE}standing"), "")


def _label(about: list[dict[str, str]]) -> str:
    ways = (str(RDFS.label), PREFIXES["dcterms"] + "title", f"{CARE}summary", f"{CARE}words")
    return next((text for way in ways if (text := _first(about, way))), "")


def _first(about: Iterable[Mapping[str, str]], property_: str) -> str:
    return next((row["value"] for row in about if row["property"] == property_), "")


def _questions(asker: query.Asker, about: Iterable[Mapping[str, str]]) -> dict[str, str]:
    """Give the questions that take a thing as a value, each with the name of its parameter."""
    homes = {row["value"] for row in about if row["property"] in (str(RDF.type), str(SKOS.inScheme))}
    return {one.name: parameter.name for one in asker.queries.values() for parameter in reversed(one.parameters)
            if parameter.type in ("concept", "thing") and parameter.source in homes}


def _told(facts: Iterable[Fact]) -> str:
    inferred = any(fact.inferred for fact in facts)
    return "Facts marked inferred follow from held claims by the rules of the vocabulary." if inferred else ""
