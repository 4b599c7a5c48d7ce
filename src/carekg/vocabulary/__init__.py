"""The vocabulary as a reader wants it: each term with its words, its place among others, its shapes and an example.

All is asked of the store, so that it is the same for a checkout, a wheel and a remote service. The shapes stand there
already, each file as a graph of its own; nothing is added for this, and nobody's plain query finds more than before.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Final

import pyoxigraph as ox
from rdflib import Graph
from rdflib.namespace import DCTERMS, OWL, RDF
from rdflib.term import URIRef

from carekg import store
from carekg.query import Cell
from carekg.terms import INFERRED, ONTOLOGY, PREFIXES, VOCABULARY
from carekg.vocabulary.model import CodeList, Shape, Term, Use, Vocabulary
from carekg.vocabulary.reading import Reader

__all__ = ["CodeList", "Shape", "Term", "Vocabulary", "described"]

_PREFIXES: Final = "".join(f"PREFIX {p}: <{PREFIXES[p]}>\n" for p in ("care", "dcterms", "rdfs", "skos"))

USES: Final = f"""SELECT ?term (COUNT(*) AS ?uses) (MIN(?pair) AS ?first) WHERE {{
  VALUES ?term {{ TERMS }} PATTERN
  BIND(IF(STRSTARTS(STR(?s), "{PREFIXES['innovation']}"), "1", "2") AS ?rank)
  BIND(CONCAT(?rank, " ", STR(?s), " ", IF(isIRI(?o), STR(?o), CONCAT('"', STR(?o)))) AS ?pair)
}} GROUP BY ?term"""
"""How often terms are used, and the first pair by IRI, that of an innovation first: it is what readers know."""

INFERENCES: Final = f"""SELECT ?term (COUNT(*) AS ?uses) WHERE {{
  VALUES ?term {{ TERMS }} GRAPH <{INFERRED}> {{ PATTERN }}
}} GROUP BY ?term"""

LABELS: Final = """SELECT ?iri (MIN(?said) AS ?label) WHERE {
  VALUES ?iri { TERMS }
  OPTIONAL { ?iri rdfs:label ?name FILTER(LANG(?name) IN ("", "en")) }
  OPTIONAL { ?iri care:summary ?summary }
  OPTIONAL { ?iri care:words ?words }
  BIND(STR(COALESCE(?name, ?summary, ?words)) AS ?said)
  FILTER(BOUND(?said))
} GROUP BY ?iri"""

LISTS: Final = """SELECT DISTINCT ?scheme ?name ?definition ?concept ?label WHERE {
  ?scheme a skos:ConceptScheme ; rdfs:label ?name FILTER(LANG(?name) IN ("", "en"))
  OPTIONAL { ?scheme skos:definition ?definition FILTER(LANG(?definition) IN ("", "en")) }
  ?concept skos:inScheme ?scheme ; rdfs:label ?label FILTER(LANG(?label) IN ("", "en"))
} ORDER BY LCASE(?name) ?scheme LCASE(?label) ?concept"""


def described(graph: store.Store) -> Vocabulary:
    """Give the vocabulary of the graph that a store holds."""
    lines = ox.serialize((one.triple for one in store.quads(graph, *VOCABULARY)), format=ox.RdfFormat.N_TRIPLES)
    texts = Graph().parse(data=lines or b"", format="ox-nt")
    kinds = Reader(texts, {}, {}).kinds
    uses = _uses(graph, kinds, "?s a ?term . BIND(?term AS ?o)", [iri for iri in kinds if kinds[iri] == "class"])
    uses |= _uses(graph, kinds, "?s ?term ?o .", [iri for iri in kinds if kinds[iri] != "class"])
    named = {iri for use in uses.values() for iri in use.pair}
    wanted = sorted(iri for iri in {*named, *map(str, texts.objects(None, DCTERMS.source))} if iri.startswith("http"))
    reader = Reader(texts, uses, {row["iri"]: row["label"] for row in _asked(graph, LABELS, wanted)})
    return Vocabulary(_header(texts), tuple(map(reader.term, reader.kinds)), _lists(graph), reader.shapes())


def _uses(graph: store.Store, kinds: Mapping[URIRef, str], pattern: str, terms: Iterable[URIRef]) -> dict[str, Use]:
    asked = list(terms)
    inferred = {row["term"]: row["uses"] for row in _asked(graph, INFERENCES.replace("PATTERN", pattern), asked)}
    found: dict[str, Use] = {}
    for row in _asked(graph, USES.replace("PATTERN", pattern), asked):
        pair = tuple(row.get("first", "").split(" ", 2)[1:])
        pair = pair[:1] if kinds[URIRef(row["term"])] == "class" else pair
        found[row["term"]] = Use(int(row["uses"]), int(inferred.get(row["term"], 0)), pair)
    return found


def _asked(graph: store.Store, text: str, iris: Iterable[str]) -> list[dict[str, str]]:
    return store.rows(graph, _PREFIXES + text.replace("TERMS", " ".join(f"<{iri}>" for iri in iris)))


def _lists(graph: store.Store) -> tuple[CodeList, ...]:
    found: dict[str, dict[str, str]] = {}
    concepts: dict[str, dict[str, Cell]] = defaultdict(dict)
    for row in store.rows(graph, _PREFIXES + LISTS):
        found.setdefault(row["scheme"], row)
        concepts[row["scheme"]].setdefault(row["concept"], Cell(row["label"], row["concept"]))
    return tuple(CodeList(iri, row["name"], row.get("definition", ""), tuple(concepts[iri].values()))
                 for iri, row in found.items())


def _header(texts: Graph) -> dict[str, str]:
    """Give what an ontology says of itself, ours first where there are several."""
    headers = sorted(texts.subjects(RDF.type, OWL.Ontology), key=lambda one: (one != ONTOLOGY, str(one)))
    said = {"iri": None, "title": DCTERMS.title, "description": DCTERMS.description, "license": DCTERMS.license,
            "created": DCTERMS.created, "version": OWL.versionInfo}
    return {name: str(value) for me in headers[:1] for name, predicate in said.items()
            if (value := texts.value(me, predicate) if predicate else me) is not None}
