"""What follows: the OWL 2 RL closure of the data, as rules that an engine runs and that name their premises.

Each axiom of an ontology is compiled into one or two ground rules, named as in table 4 to 8 of the OWL 2 Profiles
specification (https://www.w3.org/TR/owl2-profiles/#Reasoning_in_OWL_2_RL_and_RDF_Graphs_using_Rules), and the rules
run as SPARQL ``INSERT ... WHERE`` inside Oxigraph until nothing more follows. owlrl is the reference: the triples
worth keeping are the same, which ``tests/test_reason.py`` shows for every construct that is covered.

Worth keeping is what says something new of a thing: not that it equals itself, is a ``owl:Thing`` or has a type
without a name, nothing about a literal, and no restatement of the vocabulary.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import pyoxigraph as ox

from carekg import errors
from carekg.terms import INFERRED, compact

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
OWL = "http://www.w3.org/2002/07/owl#"
TYPE: Final = f"<{RDF}type>"

UNCOVERED: Final = (
    "sameAs", "FunctionalProperty", "InverseFunctionalProperty", "hasKey", "disjointWith", "AllDisjointClasses",
    "propertyDisjointWith", "AllDisjointProperties", "AsymmetricProperty", "IrreflexiveProperty", "complementOf",
    "maxCardinality", "maxQualifiedCardinality", "minCardinality", "minQualifiedCardinality", "cardinality",
    "qualifiedCardinality", "oneOf", "ReflexiveProperty",
    "differentFrom", "AllDifferent", "hasSelf", "disjointUnionOf", "NegativePropertyAssertion",
)
"""Constructs that are refused rather than passed over in silence."""


class Pattern(NamedTuple):
    """A triple pattern as SPARQL writes its three places."""

    subject: str
    predicate: str
    object: str

    def __str__(self) -> str:
        return f"{self.subject} {self.predicate} {self.object} ."

    def key(self) -> tuple[str, str]:
        """Give what rules are matched by: the predicate, and the class where it is a type."""
        return (self.predicate, self.object if self.predicate == TYPE and not self.object.startswith("?") else "")


@dataclass(frozen=True)
class Rule:
    """One ground rule: ``name`` of the specification, the ``axiom`` it comes from in words, body and head."""

    name: str
    axiom: str
    body: tuple[Pattern, ...]
    head: Pattern

    def update(self) -> str:
        """Give the SPARQL update that adds what follows and was not there."""
        body = " ".join(map(str, self.body))
        subject = self.head.subject
        thing = f"FILTER(!isLiteral({subject})) " if subject != "?s" else ""
        return (f"INSERT {{ {self.head} GRAPH <{INFERRED}> {{ {self.head} }} }} "
                f"WHERE {{ {body} {thing}FILTER NOT EXISTS {{ {self.head} }} }}")


# --- from axioms to rules ---------------------------------------------------------------------------------


class _Ontology:
    """The triples of an ontology, looked up by subject and predicate."""

    def __init__(self, triples: Iterable[ox.Triple]) -> None:
        self.triples = list(triples)
        self._objects: dict[tuple[str, str], list[str]] = defaultdict(list)
        for triple in self.triples:
            self._objects[str(triple.subject), triple.predicate.value].append(str(triple.object))

    def objects(self, subject: str, predicate: str) -> list[str]:
        return sorted(self._objects.get((subject, predicate), []))

    def pairs(self, predicate: str) -> Iterator[tuple[str, str]]:
        found = {(str(t.subject), str(t.object)) for t in self.triples if t.predicate.value == predicate}
        return iter(sorted(found))

    def instances(self, kind: str) -> list[str]:
        return [subject for subject, found in self.pairs(RDF + "type") if found == f"<{kind}>"]

    def list_items(self, head: str) -> list[str]:
        items = []
        while head != f"<{RDF}nil>":
            items += self.objects(head, RDF + "first")
            (head,) = self.objects(head, RDF + "rest")
        return items


def rules(ontology: Iterable[ox.Triple]) -> list[Rule]:
    """Give the rules that an ontology's axioms amount to, in a stable order.

    :raises UncoveredAxiom: it uses a construct that reasoning does not cover.
    """
    source = _Ontology(ontology)
    _refuse_uncovered(source)
    found = itertools.chain(_property_rules(source), _class_rules(source))
    unique = {(rule.name, rule.body, rule.head): rule for rule in found if rule.head not in rule.body}
    return list(unique.values())


def _refuse_uncovered(source: _Ontology) -> None:
    for p in (p for pair in source.pairs(OWL + "propertyChainAxiom") for p in source.list_items(pair[1])):
        if p.startswith("_:"):
            raise errors.UncoveredAxiom("an inverse without a name", "a property chain")
    for triple in source.triples:
        for term in (triple.predicate, triple.object):
            if isinstance(term, ox.NamedNode) and term.value.removeprefix(OWL) in UNCOVERED:
                raise errors.UncoveredAxiom(compact(term.value), _shown(str(triple.subject)))


def _property_rules(source: _Ontology) -> Iterator[Rule]:
    """Give the rules of table 5: the semantics of axioms about properties."""
    for p, q in source.pairs(RDFS + "subPropertyOf"):
        yield Rule("prp-spo1", f"{_shown(p)} is a sub-property of {_shown(q)}", (_so(p),), _so(q))
    for p, q in source.pairs(OWL + "equivalentProperty"):
        yield Rule("prp-eqp1", f"{_shown(p)} is equivalent to {_shown(q)}", (_so(p),), _so(q))
        yield Rule("prp-eqp2", f"{_shown(p)} is equivalent to {_shown(q)}", (_so(q),), _so(p))
    for p, q in source.pairs(OWL + "inverseOf"):
        words = f"{_shown(p)} is the inverse of {_shown(q)}"
        yield Rule("prp-inv1", words, (_so(p),), Pattern("?o", q, "?s"))
        yield Rule("prp-inv2", words, (_so(q),), Pattern("?o", p, "?s"))
    for p in source.instances(OWL + "SymmetricProperty"):
        yield Rule("prp-symp", f"{_shown(p)} is symmetric", (_so(p),), Pattern("?o", p, "?s"))
    for p in source.instances(OWL + "TransitiveProperty"):
        steps = (Pattern("?s", p, "?m"), Pattern("?m", p, "?o"))
        yield Rule("prp-trp", f"{_shown(p)} is transitive", steps, _so(p))
    yield from _ends_rules(source)
    for p, chain in source.pairs(OWL + "propertyChainAxiom"):
        links = source.list_items(chain)
        ends = ["?s", *(f"?m{n}" for n in range(1, len(links))), "?o"]
        body = tuple(Pattern(ends[n], link, ends[n + 1]) for n, link in enumerate(links))
        words = f"{_shown(p)} follows from the chain {' then '.join(map(_shown, links))}"
        yield Rule("prp-spo2", words, body, _so(p))


def _ends_rules(source: _Ontology) -> Iterator[Rule]:
    """Give the rules for what a property says of the things at its ends."""
    for p, c in source.pairs(RDFS + "domain"):
        for _, given, head in _consequences(source, c, "?s"):
            yield Rule("prp-dom", f"{_shown(p)} has the domain {_shown(c)}", (_so(p), *given), head)
    for p, c in source.pairs(RDFS + "range"):
        if not c.startswith("<http://www.w3.org/2001/XMLSchema#"):
            for _, given, head in _consequences(source, c, "?o"):
                yield Rule("prp-rng", f"{_shown(p)} has the range {_shown(c)}", (_so(p), *given), head)


def _class_rules(source: _Ontology) -> Iterator[Rule]:
    """Give the rules of tables 6 and 7: class expressions and class axioms."""
    below = list(source.pairs(RDFS + "subClassOf"))
    for c, d in source.pairs(OWL + "equivalentClass"):
        below += [(c, d), (d, c)]
    for direct in ("intersectionOf", "unionOf"):  # a named class defined by a list is equivalent to it
        below += [pair for c, _ in source.pairs(OWL + direct) if not c.startswith("_:") for pair in [(c, c)]]
    for c, d in below:
        words = f"{_shown(c)} is a kind of {_shown(d)}" if c != d else f"{_shown(c)} is defined by a list"
        for left, body in _ways_to_be(source, c, "?s"):
            for right, given, head in _consequences(source, d, "?s"):
                name = next((n for n in (left, right) if n != "cax-sco"), "cax-sco")
                yield Rule(name, words, (*body, *given), head)


def _ways_to_be(source: _Ontology, expression: str, one: str) -> Iterator[tuple[str, tuple[Pattern, ...]]]:
    """Give, for each way of being an instance of a class expression, its rule and its patterns."""
    if not expression.startswith("_:"):
        yield "cax-sco", (Pattern(one, TYPE, expression),)
    for items in source.objects(expression, OWL + "unionOf"):
        for item in source.list_items(items):
            for _, body in _ways_to_be(source, item, one):
                yield "cls-uni", body
    for items in source.objects(expression, OWL + "intersectionOf"):
        ways = [[_apart(body, one, n) for _, body in _ways_to_be(source, item, one)]
                for n, item in enumerate(source.list_items(items))]
        for combination in itertools.product(*ways):
            yield "cls-int1", tuple(itertools.chain.from_iterable(combination))
    for p in source.objects(expression, OWL + "onProperty"):
        yield from _ways_by_restriction(source, expression, p, one)


def _ways_by_restriction(source: _Ontology, expression: str, p: str, one: str,
                         ) -> Iterator[tuple[str, tuple[Pattern, ...]]]:
    for value in source.objects(expression, OWL + "hasValue"):
        yield "cls-hv2", (Pattern(one, p, value),)
    inner = one + "v"
    for filler in source.objects(expression, OWL + "someValuesFrom"):
        if filler == f"<{OWL}Thing>":
            yield "cls-svf2", (Pattern(one, p, inner),)
            continue
        for _, body in _ways_to_be(source, filler, inner):
            yield "cls-svf1", (Pattern(one, p, inner), *body)


def _apart(body: tuple[Pattern, ...], one: str, n: int) -> tuple[Pattern, ...]:
    """Give patterns whose variables, all but one, are told apart from those of other members of a list."""
    return tuple(Pattern(*(f"{p}_{n}" if p.startswith("?") and p != one else p for p in pattern)) for pattern in body)


def _consequences(source: _Ontology, expression: str, one: str,
                  ) -> Iterator[tuple[str, tuple[Pattern, ...], Pattern]]:
    """Give, for each thing that being an instance of an expression implies, its rule, further premises and head."""
    if not expression.startswith("_:") and expression != f"<{OWL}Thing>":
        yield "cax-sco", (), Pattern(one, TYPE, expression)
    for items in source.objects(expression, OWL + "intersectionOf"):
        for item in source.list_items(items):
            for _, given, head in _consequences(source, item, one):
                yield "cls-int2", given, head
    for p in source.objects(expression, OWL + "onProperty"):
        for value in source.objects(expression, OWL + "hasValue"):
            yield "cls-hv1", (), Pattern(one, p, value)
        for filler in source.objects(expression, OWL + "allValuesFrom"):
            for _, given, head in _consequences(source, filler, one + "a"):
                yield "cls-avf", (Pattern(one, p, one + "a"), *given), head


def _so(predicate: str) -> Pattern:
    return Pattern("?s", predicate, "?o")


def _shown(term: str) -> str:
    return compact(term[1:-1]) if term.startswith("<") else "a class expression" if term.startswith("_:") else term


# --- running them --------------------------------------------------------------------------------------------


def inferred(asserted: Iterable[ox.Triple], ontology: Sequence[ox.Triple]) -> list[ox.Triple]:
    """Give the new triples worth keeping that follow from the asserted ones and the ontology, sorted.

    ``asserted`` need not repeat the ontology's triples. Values in, values out: nothing is written anywhere.
    """
    scratch = ox.Store()
    scratch.bulk_extend(ox.Quad(t.subject, t.predicate, t.object) for t in itertools.chain(asserted, ontology))
    close(scratch, rules(ontology))
    found = (quad.triple for quad in scratch.quads_for_pattern(None, None, None, ox.NamedNode(INFERRED)))
    return sorted(found, key=str)


def close(store: ox.Store, compiled: Sequence[Rule]) -> None:
    """Add to the default graph, and to the graph of inferences, all that follows by the rules.

    A rule runs again only where another has written what it reads.
    """
    readers: dict[tuple[str, str], list[Rule]] = defaultdict(list)
    for rule in compiled:
        for pattern in rule.body:
            readers[pattern.key()].append(rule)
    waiting = dict.fromkeys(compiled)
    size = len(store)
    while waiting:
        rule = next(iter(waiting))
        del waiting[rule]
        store.update(rule.update())
        if len(store) == size:
            continue
        size = len(store)
        waiting.update(dict.fromkeys(readers[rule.head.key()]))
        if rule.head.predicate == TYPE:
            waiting.update(dict.fromkeys(readers[TYPE, ""]))
