"""Why a triple is here, for a reader: who stated it and on what passage, or by which rule it follows from what."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

import pyoxigraph as ox

from carekg.explain import rules, typed
from carekg.explain.derivation import Derivation, why
from carekg.past.blame import Stated
from carekg.query import Cell, Receipt, Table
from carekg.reason import Rule
from carekg.store import Question, Store, rows
from carekg.terms import INFERRED, PREFIXES, compact, expand

DEPTH: Final = 6
"""Steps of a derivation that are told at once; each premise has an address of its own."""

SIZE: Final = 40
"""Triples of a derivation that are told at once."""

_NAMES: Final = """SELECT ?iri ?name ?rank WHERE {{ VALUES ?iri {{ {nodes} }} VALUES (?p ?rank) {{
  (rdfs:label 1) (skos:prefLabel 2) (dcterms:title 3) (care:summary 4) (care:words 5) (care:answerText 6) }}
  ?iri ?p ?name }} ORDER BY ?iri DESC(?rank) DESC(?name)"""

_RECEIPTS: Final = """SELECT DISTINCT ?item ?words ?source ?sourceLabel ?where WHERE {{
  VALUES ?item {{ {nodes} }}
  {{ ?item care:restsOn ?passage }} UNION {{ BIND(?item AS ?passage) ?item care:isFrom ?any }}
  ?passage care:isFrom ?source ; care:words ?words .
  ?source rdfs:label ?sourceLabel .
  OPTIONAL {{ ?passage care:section ?section }}
  OPTIONAL {{ ?passage care:line ?line }}
  OPTIONAL {{ ?passage care:phrase ?phrase }}
  BIND(IF(COALESCE(?words = ?phrase, false),
          COALESCE(CONCAT(STR(?section), ", line ", STR(?line)), CONCAT("line ", STR(?line)), STR(?section), ""),
          "paraphrased") AS ?where)
}} ORDER BY ?item ?words LIMIT 200"""

_PREFIXES: Final = "".join(f"PREFIX {p}: <{PREFIXES[p]}>\n" for p in ("care", "dcterms", "owl", "rdfs", "skos"))


@dataclass(frozen=True)
class Why:
    """A triple in words, with who states it, or with the rule and the premises that it follows from.

    ``stated`` are the graphs that assert it, each with the change that stated it; ``receipts`` the passages that its
    subject rests on. ``rule`` is None where it is asserted. ``cut`` says that its premises are told at its own address.
    """

    triple: ox.Triple
    subject: Cell
    predicate: Cell
    object: Cell
    stated: tuple[Stated, ...] = ()
    receipts: tuple[Receipt, ...] = ()
    deprecated: bool = False
    rule: Rule | None = None
    axiom: str = ""
    premises: tuple[Why, ...] = ()
    cut: bool = False

    @property
    def address(self) -> str:
        """Give where it is explained."""
        return typed.address(self.triple)

    @property
    def sentence(self) -> str:
        """Give the triple as a sentence of three parts."""
        return f"{self.subject.text} – {self.predicate.text} – {self.object.text}"

    @property
    def reason(self) -> str:
        """Give the rule in words."""
        return f"{self.axiom}; {rules.RULES.get(self.rule.name, self.rule.name)}" if self.rule else ""

    def leaves(self) -> Iterator[Why]:
        """Give what it rests on in the end, as far as that is told."""
        if not self.premises:
            yield self
        for premise in self.premises:
            yield from premise.leaves()

    def as_json(self) -> dict[str, Any]:
        """Give all of it as data."""
        said: dict[str, Any] = {"statement": self.sentence, "triple": f"{self.triple} .", "why": self.address,
                                "how": "inferred" if self.rule or not self.stated else "asserted"}
        if self.stated:
            said["asserted"] = [_as_json(one) for one in self.stated]
        if self.receipts:
            said["receipts"] = [{"words": one.words, "where": one.where, "source": one.source.text,
                                 "sourceIri": one.source.iri} for one in self.receipts]
        if self.deprecated:
            said["deprecated"] = True
        if self.rule:
            said |= {"rule": {"name": self.rule.name, "axiom": self.rule.axiom, "words": self.reason,
                              "specification": rules.SPECIFICATION},
                     "premises": [premise.as_json() for premise in self.premises]}
        return said | ({"cut": True} if self.cut else {})

    def lines(self, depth: int = 0) -> Iterator[str]:
        """Give it as indented lines."""
        space = "  " * depth
        yield f"{space}{self.sentence}"
        for one in self.stated:
            yield f"{space}  asserted in {one.file or _graph(one)}, {by(one)}"
        for receipt in self.receipts[:3]:
            yield f"{space}  - {receipt.quoted} ({', '.join(filter(None, (receipt.source.text, receipt.where)))})"
        if self.rule:
            yield f"{space}  follows, since {self.reason} [{self.rule.name}]; from:"
        if self.cut:
            yield f"{space}  follows from others: carekg why {' '.join(map(typed.written, _terms(self.triple)))}"
        for premise in self.premises:
            yield from premise.lines(depth + 2)


def tell(store: Store, compiled: Sequence[Rule], triple: ox.Triple, client: str = "") -> Why | None:
    """Give why a triple is in a store, or None where it is not.

    :param compiled: the rules of the store's ontology, from :func:`carekg.reason.rules`.
    """
    found = why(store, compiled, triple, client=client)
    if found is None:
        is_here = b"true" in store.answer(Question(f"ASK {{ {triple} }}", client=client)).read()
        found = Derivation(triple, ("",)) if is_here else None
    return _Teller(store, found).tell(found, DEPTH) if found else None


def by(one: Stated) -> str:
    """Give by whom and when something was stated, in words."""
    return one.entry.sentence() if one.entry else "not known since when"


@dataclass
class _Teller:
    """Tells a derivation, with the names of all that is in it and the receipts of what is asserted."""

    store: Store
    whole: Derivation
    names: dict[str, str] = field(default_factory=dict)
    receipts: dict[str, list[Receipt]] = field(default_factory=dict)
    deprecated: set[str] = field(default_factory=set)
    room: int = SIZE

    def __post_init__(self) -> None:
        every = list(_every(self.whole))
        terms = {term.value for one in every for term in _terms(one.triple) if isinstance(term, ox.NamedNode)}
        axioms = {iri for one in every if one.rule for iri in _named(one.rule.axiom).values()}
        self.names = names(self.store, terms | axioms)
        things = {str(one.triple.subject) for one in every if one.graphs}
        self._read_receipts([one for one in sorted(things) if one.startswith("<")])

    def tell(self, one: Derivation, depth: int) -> Why:
        """Give one triple of it with its premises, as many steps deep as there is room."""
        self.room -= 1
        subject, predicate, value = (cell(term, self.names) for term in _terms(one.triple))
        key = getattr(one.triple.subject, "value", "")
        stated = tuple(self._stated(one.triple, graph) for graph in one.graphs)
        told = Why(one.triple, subject, predicate, value, stated, tuple(self.receipts.get(key, ())),
                   key in self.deprecated)
        if one.rule is None:
            return replace(told, cut=not one.graphs)
        axiom = re.sub("|".join(map(re.escape, _named(one.rule.axiom))) or "$^",
                       lambda found: f"“{self.names.get(expand(found[0]) or '', found[0])}”", one.rule.axiom)
        if depth == 0 or self.room < len(one.premises):
            return replace(told, rule=one.rule, axiom=axiom, cut=True)
        premises = tuple(self.tell(premise, depth - 1) for premise in one.premises)
        return replace(told, rule=one.rule, axiom=axiom, premises=premises)

    def _stated(self, triple: ox.Triple, graph: str) -> Stated:
        name = ox.NamedNode(graph) if graph else ox.DefaultGraph()
        quad = ox.Quad(triple.subject, triple.predicate, triple.object, name)
        return Stated(quad, self.store.history.stating(quad))

    def _read_receipts(self, nodes: Sequence[str]) -> None:
        if not nodes:
            return
        text = _PREFIXES + _RECEIPTS.format(nodes=" ".join(nodes[:SIZE]))
        for row in Table.from_json(self.store.answer(Question(text)).read()).rows():
            self.receipts.setdefault(row.cells[0].iri, []).extend(row.receipts)
        text = f"{_PREFIXES} SELECT ?item WHERE {{ VALUES ?item {{ {' '.join(nodes)} }} ?item owl:deprecated true }}"
        self.deprecated = {row["item"] for row in rows(self.store, text)}


def names(store: Store, iris: Iterable[str]) -> dict[str, str]:
    """Give what things are called, by their IRIs."""
    nodes = " ".join(str(ox.NamedNode(iri)) for iri in sorted(iris))
    found = rows(store, _PREFIXES + _NAMES.format(nodes=nodes)) if nodes else []
    return {row["iri"]: row["name"] for row in found}


def cell(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple, known: Mapping[str, str]) -> Cell:
    """Give a term as it is shown."""
    if isinstance(term, ox.NamedNode):
        return Cell(known.get(term.value) or compact(term.value), term.value)
    return Cell(f"“{term.value}”" if isinstance(term, ox.Literal) else str(term))


def _every(one: Derivation) -> Iterator[Derivation]:
    yield one
    for premise in one.premises:
        yield from _every(premise)


def _terms(triple: ox.Triple) -> tuple[Any, Any, Any]:
    return triple.subject, triple.predicate, triple.object


def _named(axiom: str) -> dict[str, str]:
    """Give the short names in the words of an axiom with what they stand for."""
    found = re.findall(r"[\w-]+:[\w.-]*\w", axiom)
    return {name: iri for name in sorted(found, key=len, reverse=True) if (iri := expand(name))}


def _graph(one: Stated) -> str:
    graph = str(getattr(one.quad.graph_name, "value", ""))
    return compact(graph) if graph and graph != str(INFERRED) else "the default graph"


def _as_json(one: Stated) -> dict[str, Any]:
    said: dict[str, Any] = {"graph": str(getattr(one.quad.graph_name, "value", ""))}
    if one.file:
        said["file"] = one.file
    if one.entry:
        about = one.entry.about
        said["change"] = {"number": one.entry.number, "made": one.entry.made, "who": about.who, "why": about.why,
                          "source": about.source, "how": about.how}
    return said
