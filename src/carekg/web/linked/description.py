"""What the graph says of one thing: its concise bounded description, each triple with the graph that states it.

https://www.w3.org/submissions/CBD/: all triples whose subject it is and, from a blank node among their objects, on.
Added are the names of what it points to, so that a reader need not ask again, and up to ``MOST`` stated links to it
with the names of their subjects. Links that follow by reasoning are given from their subject's side alone: whoever
wants them all has SPARQL. So an innovation's claims are there twice, as what it is the concern of and as what links.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pyoxigraph as ox

from carekg import store
from carekg.terms import INFERRED, PREFIXES

MOST: Final = 500
"""Links to a thing that its description has."""

NAMES: Final = tuple(PREFIXES[prefix] + name for prefix, name in (
    ("rdfs", "label"), ("care", "summary"), ("care", "words"), ("care", "answerText"), ("dcterms", "title")))
"""By which a thing is named for a reader."""

AT_ONCE: Final = 500
"""Things whose names one query asks for."""

OWN: Final = """SELECT ?g ?p ?o WHERE {
  { GRAPH ?g { ITEM ?p ?o } }
  UNION { ITEM ?p ?o FILTER NOT EXISTS { GRAPH ?any { ITEM ?p ?o } } }
}"""

LINKS: Final = f"""SELECT ?g ?s ?p WHERE {{
  GRAPH ?g {{ ?s ?p ITEM }} FILTER(?g != <{INFERRED}> && isIRI(?s) && ?s != ITEM)
}} ORDER BY ?p ?s ?g LIMIT {MOST + 1}"""

KNOWN: Final = """SELECT ?item ?p ?o WHERE {
  VALUES ?item { ITEMS } FILTER EXISTS { ?item ?any ?thing }
  OPTIONAL { ?item ?p ?o FILTER(?p IN (TYPE, DEPRECATED, REPLACED)) }
} ORDER BY ?item ?p ?o"""

TYPE: Final = PREFIXES["rdf"] + "type"
DEPRECATED: Final = PREFIXES["owl"] + "deprecated"
REPLACED: Final = PREFIXES["dcterms"] + "isReplacedBy"

NAMED: Final = " UNION ".join(
    f"{{ VALUES ?s {{ THINGS }} GRAPH ?g {{ ?s <{name}> ?o }} BIND(<{name}> AS ?p) }}" for name in NAMES)
"""A pattern a name: with the names as values of one pattern, Oxigraph scans, twelve times as long for an innovation."""

Graph = ox.NamedNode | ox.DefaultGraph
Row = Mapping[str, Any]
"""A solution: its terms by the names of its variables."""


@dataclass(frozen=True)
class Description:
    """What is said of an item, first about itself; ``cut`` says that more links to it are stated than are given."""

    item: ox.NamedNode
    quads: tuple[ox.Quad, ...]
    cut: bool = False


@dataclass(frozen=True)
class Known:
    """What a graph knows at least of an IRI: its classes, whether it is deprecated, and what replaces it.

    What is deprecated and is nothing any more (it has no class) was removed: of it there is but this to say.
    """

    item: ox.NamedNode
    types: tuple[str, ...] = ()
    deprecated: bool = False
    replaced_by: tuple[str, ...] = ()

    @property
    def removed(self) -> bool:
        """Say whether it was removed."""
        return self.deprecated and not self.types


def known(graph: store.Store, items: Sequence[ox.NamedNode]) -> Known | None:
    """Give the first of some IRIs that a graph describes."""
    text = KNOWN.replace("ITEMS", " ".join(map(str, items)))
    for word, iri in (("TYPE", TYPE), ("DEPRECATED", DEPRECATED), ("REPLACED", REPLACED)):
        text = text.replace(word, f"<{iri}>")
    found: dict[object, dict[str, list[str]]] = {}
    for row in store.solutions(graph, text) if items else ():
        said = found.setdefault(row["item"], {})
        if "p" in row:
            said.setdefault(str(row["p"])[1:-1], []).append(getattr(row["o"], "value", ""))
    for item in items:
        if item in found:
            types, deprecated, replaced = (tuple(found[item].get(one, ())) for one in (TYPE, DEPRECATED, REPLACED))
            return Known(item, types, "true" in deprecated, replaced)
    return None


def of(graph: store.Store, item: ox.NamedNode) -> Description:
    """Give the description of an item, without quads where the graph does not know it."""
    own = list(_own(graph, item))
    if not own:
        return Description(item, ())
    links = [ox.Quad(row["s"], row["p"], item, _graph(row)) for row in _rows(graph, LINKS, item)]
    kept = links[:MOST]
    pointed = [quad.object for quad in own if isinstance(quad.object, ox.NamedNode)]
    linking = [quad.subject for quad in kept if isinstance(quad.subject, ox.NamedNode)]
    named = _names(graph, [one for one in dict.fromkeys([*pointed, *linking]) if one != item])
    return Description(item, tuple(dict.fromkeys([*own, *kept, *named])), len(links) > MOST)


def note(found: Description, address: str) -> ox.Quad:
    """Give what a document at an address says of itself where it does not give every link."""
    sentence = (f"The first {MOST:,} links to {found.item.value} are given here; more are stated, "
                "and SPARQL gives them all.")
    return ox.Quad(ox.NamedNode(address), ox.NamedNode(PREFIXES["rdfs"] + "comment"),
                   ox.Literal(sentence, language="en"))


def _own(graph: store.Store, item: ox.NamedNode) -> Iterator[ox.Quad]:
    """Give an item's own triples, those graphs whole again that lead from it to blank nodes."""
    found = [ox.Quad(item, row["p"], row["o"], _graph(row)) for row in _rows(graph, OWN, item)]
    deep = {quad.graph_name for quad in found if isinstance(quad.object, ox.BlankNode)}
    yield from (quad for quad in found if quad.graph_name not in deep)
    for name in sorted(deep, key=str):
        # Oxigraph's DESCRIBE follows blank nodes and nothing else; no SELECT reaches a blank node by its name
        source = f" FROM {name}" if isinstance(name, ox.NamedNode) else ""
        answer = graph.answer(store.Question(f"DESCRIBE {item}{source}", "n-triples")).read()
        for quad in ox.parse(answer, ox.RdfFormat.N_TRIPLES):
            yield ox.Quad(quad.subject, quad.predicate, quad.object, name)


def _names(graph: store.Store, things: Sequence[ox.NamedNode]) -> Iterator[ox.Quad]:
    """Give by what things are named."""
    for start in range(0, len(things), AT_ONCE):
        some = " ".join(map(str, things[start:start + AT_ONCE]))
        for row in store.solutions(graph, f"SELECT ?g ?s ?p ?o WHERE {{ {NAMED.replace('THINGS', some)} }}"):
            yield ox.Quad(row["s"], row["p"], row["o"], _graph(row))


def _rows(graph: store.Store, text: str, item: ox.NamedNode) -> Iterator[Row]:
    return store.solutions(graph, text.replace("ITEM", str(item)))


def _graph(row: Row) -> Graph:
    name = row.get("g")
    return name if isinstance(name, ox.NamedNode) else ox.DefaultGraph()
