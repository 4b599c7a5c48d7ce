"""The statements behind an answer, as Turtle: the things in it, the claims it rests on, their passages and sources.

Whoever takes RDF along wants to put it beside their own, so this is what the graph states and not the table in another
coat (for that there are the SPARQL results in JSON and XML). The file says of itself which question it answers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, TypeVar

import pyoxigraph as ox
from rdflib.namespace import DCTERMS, PROV, RDFS

from carekg import store
from carekg.query import Row
from carekg.terms import BASE, INFERRED, PREFIXES
from carekg.web.questions.about import About

Item = TypeVar("Item")

MOST: Final = 5_000
"""Things whose statements go along; a file that leaves some out says so."""

AT_ONCE: Final = 500
THINGS: Final = f"{BASE}id/"

_PREFIXES: Final = f"PREFIX care: <{PREFIXES['care']}>\n"

PASSAGES: Final = _PREFIXES + """SELECT DISTINCT ?passage WHERE {
  VALUES (?source ?words) { PAIRS } ?passage care:words ?words ; care:isFrom ?source . FILTER(isIRI(?passage))
}"""

CLAIMS: Final = _PREFIXES + """SELECT DISTINCT ?claim ?thing WHERE {
  VALUES ?passage { PASSAGES } ?claim care:restsOn ?passage ; ?part ?thing . FILTER(isIRI(?claim) && isIRI(?thing))
}"""

SAID: Final = f"""SELECT ?s ?p ?o WHERE {{
  VALUES ?s {{ THINGS }} ?s ?p ?o . FILTER(!isBlank(?o))
  FILTER NOT EXISTS {{ GRAPH <{INFERRED}> {{ ?s ?p ?o }} }}
}}"""
"""What is stated of things; what follows from it by rules, whoever reads it can work out."""


def turtle(graph: store.Store, rows: Sequence[Row], about: About) -> tuple[bytes, int]:
    """Give the statements behind some rows, and how many of the things in them they leave out."""
    things = list(dict.fromkeys(_things(graph, rows)))
    triples = [*_itself(about, max(len(things) - MOST, 0)), *_said(graph, things[:MOST])]
    triples.sort(key=lambda one: not str(one.subject).startswith(f"<{about.address}"))
    text = ox.serialize(triples, format=ox.RdfFormat.TURTLE, prefixes={
        name: iri for name, iri in PREFIXES.items() if any(iri in str(one) for one in triples)}) or b""
    return text, max(len(things) - MOST, 0)


def _things(graph: store.Store, rows: Sequence[Row]) -> Iterator[str]:
    """Give the things of an answer, then its claims, passages and sources."""
    shown = dict.fromkeys(cell.iri for row in rows for cell in row.cells if cell.iri)
    pairs = dict.fromkeys((one.source.iri, one.words) for row in rows for one in row.receipts if one.source.iri)
    passages = list(_passages(graph, list(pairs)))
    yield from (iri for iri in shown if iri.startswith(BASE))
    yield from _claims(graph, passages, set(shown))
    yield from passages
    yield from dict.fromkeys(source for source, _ in pairs)


def _passages(graph: store.Store, pairs: Sequence[tuple[str, str]]) -> Iterator[str]:
    for some in _parts(pairs):
        listed = " ".join(f"({ox.NamedNode(source)} {spelt})" for source, words in some
                          for spelt in (ox.Literal(words), ox.Literal(words, language="en")))
        yield from (row["passage"] for row in store.rows(graph, PASSAGES.replace("PAIRS", listed)))


def _claims(graph: store.Store, passages: Sequence[str], shown: set[str]) -> Iterator[str]:
    """Give the claims that rest on a passage and speak of a thing in the answer, or are one themselves."""
    speaking = {iri for iri in shown if iri.startswith(THINGS)}
    for some in _parts(passages):
        found = store.rows(graph, CLAIMS.replace("PASSAGES", " ".join(f"<{one}>" for one in some)))
        yield from dict.fromkeys(row["claim"] for row in found if row["thing"] in speaking)


def _said(graph: store.Store, things: Sequence[str]) -> Iterator[ox.Triple]:
    for some in _parts(things):
        text = SAID.replace("THINGS", " ".join(str(ox.NamedNode(one)) for one in some))
        for row in store.solutions(graph, text):
            yield ox.Triple(row["s"], row["p"], row["o"])


def _itself(about: About, left_out: int) -> Iterator[ox.Triple]:
    """Say what the file is."""
    me = ox.NamedNode(about.address)
    said: list[tuple[object, ox.NamedNode | ox.Literal]] = [
        (DCTERMS.title, ox.Literal(about.question, language="en")),
        (DCTERMS.created, ox.Literal(about.date, datatype=ox.NamedNode(f"{PREFIXES['xsd']}dateTime"))),
        (PROV.wasDerivedFrom, ox.NamedNode(f"{BASE}void#dataset"))]
    if about.licence.startswith("http"):
        said.append((DCTERMS.license, ox.NamedNode(about.licence.split(",")[0])))
    if left_out or about.cut:
        more = f"{left_out:,} things of the answer are left out; a narrower question has fewer." if left_out else ""
        said.append((RDFS.comment, ox.Literal(f"{about.cut} {more}".strip(), language="en")))
    for predicate, value in said:
        yield ox.Triple(me, ox.NamedNode(str(predicate)), value)


def _parts(items: Sequence[Item]) -> Iterable[Sequence[Item]]:
    return (items[start:start + AT_ONCE] for start in range(0, len(items), AT_ONCE))
