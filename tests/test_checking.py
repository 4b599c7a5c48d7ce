"""A change is judged by what it touches, and the verdict is that of the whole graph; what follows is kept right too."""

from collections import defaultdict
from collections.abc import Sequence

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import guarded
import small
from carekg import reason, validation
from carekg.change import guard
from carekg.reader.checking import reach
from carekg.terms import DATA
from carekg.validation import queried

TYPE = small.term("rdf:type")
WORLD = sorted(small.good(), key=str)
STRANGE: list[ox.Literal | ox.NamedNode | ox.BlankNode] = [
    ox.Literal(""), ox.Literal("2019-13-45"), ox.Literal(-1), ox.Literal("x", language="de"), ox.BlankNode("b0"),
    ox.NamedNode("https://w3id.org/carekg/id/innovation/nobody")]

Change = tuple[list[ox.Triple], list[ox.Triple]]
"""Triples to add and triples to remove."""


@st.composite
def changes(draw: st.DrawFn, world: Sequence[ox.Triple]) -> Change:
    """Some triples much like those that are there, to add, and some that are there, to remove."""
    added = []
    for like in draw(st.lists(st.sampled_from(world), max_size=4)):
        subject = draw(st.sampled_from([like.subject, *{one.subject: None for one in world}]))
        predicate = draw(st.sampled_from([like.predicate, *{one.predicate: None for one in world}]))
        alike = [one.object for one in world if one.predicate == predicate]
        others = [] if predicate == TYPE else [*STRANGE, *(one.object for one in world)]
        added.append(ox.Triple(subject, predicate, draw(st.sampled_from([*alike, *others]))))
    return added, draw(st.lists(st.sampled_from(world), max_size=4))


def violations(report: validation.Report) -> set[validation.Result]:
    return set(report.violations)


def as_from_scratch(world: guarded.Guarded) -> None:
    """Assert that the graphs are what a build would make of the data as they are now."""
    over, data = world.over, world.data()
    assert world.graph(guarded.FOLLOWING) == set(reason.inferred(sorted(data, key=str), over.ontology))
    named = {quad.triple for quad in world.store if not isinstance(quad.graph_name, ox.DefaultGraph)}
    assert world.graph(ox.DefaultGraph()) == named


# --- the shipped shapes and ontology ---------------------------------------------------------------------------------


def check(change: Change) -> None:
    """Hold what a change of the small world comes to against the whole, from scratch."""
    world = guarded.Guarded(WORLD, guarded.of_the_world())
    before = set(world.store)
    outcome = world.change(*change)
    over = world.over
    assert violations(world.report(outcome)) == violations(
        validation.report([*over.ontology, *world.data()], over.shapes))
    as_from_scratch(world)
    if outcome.effect.can_be_taken_back():
        outcome.effect.take_back(world.store)
        assert set(world.store) == before


@pytest.mark.heavy
@given(changes(WORLD))
@settings(max_examples=3, deadline=None, suppress_health_check=list(HealthCheck))
def test_a_change_of_the_small_world_is_judged_as_the_whole_would_be(change: Change) -> None:
    check(change)


@pytest.mark.heavy
@pytest.mark.parametrize("_quarter", range(4))  # of a thousand changes, each in the time that a test has
@given(change=changes(WORLD))
@settings(max_examples=250, deadline=None, suppress_health_check=list(HealthCheck))
def test_a_thousand_changes_of_the_small_world_are_judged_as_the_whole_would_be(change: Change, _quarter: int) -> None:
    check(change)


@pytest.mark.heavy
@pytest.mark.parametrize("one", WORLD[::60], ids=str)
def test_whatever_triple_goes_the_verdict_is_that_of_the_whole(one: ox.Triple) -> None:
    check(([], [one]))


def test_the_whole_need_never_be_validated_for_the_shipped_shapes() -> None:
    assert guarded.shipped().plan["whole"] == ""
    assert len(guarded.shipped().plan["shapes"]) > 80


# --- shapes of every kind --------------------------------------------------------------------------------------------


KINDS = {
    "values": "sh:targetClass :A ; sh:property [ sh:path :p ; sh:maxCount 1 ; sh:class :B ] .",
    "backwards": "sh:targetClass :B ; sh:property [ sh:path [ sh:inversePath :p ] ; sh:maxCount 1 ] .",
    "a long path": "sh:targetSubjectsOf :q ; "
                   "sh:property [ sh:path ( :p :q [ sh:inversePath :r ] ) ; sh:maxCount 1 ] .",
    "either of two": "sh:targetObjectsOf :r ; sh:property [ "
                     "sh:path [ sh:alternativePath ( :p ( :q :q ) ) ] ; sh:minCount 1 ; sh:nodeKind sh:IRI ] .",
    "however far": "sh:targetClass :C ; sh:property [ sh:path [ sh:zeroOrMorePath :r ] ; sh:class :C ] .",
    "far and back": "sh:targetClass :C ; sh:property [ sh:path ( [ sh:oneOrMorePath [ sh:inversePath :q ] ] "
                    "[ sh:zeroOrOnePath :p ] ) ; sh:not [ sh:class :A ] ] .",
    "shapes within": "sh:targetClass :A ; sh:property [ sh:path :q ; sh:node :Inner ] .",
    "closed": "sh:targetClass :D ; sh:closed true ; sh:ignoredProperties ( rdf:type ) ; "
              "sh:property [ sh:path :p ] .",
    "pairs": "sh:targetClass :A ; "
             "sh:property [ sh:path :p ; sh:disjoint :q ] , [ sh:path :n ; sh:lessThanOrEquals :m ] .",
    "qualified": "sh:targetClass :C ; sh:property [ sh:path :p ; sh:qualifiedValueShape [ sh:class :A ] ; "
                 "sh:qualifiedMaxCount 0 ; sh:qualifiedValueShapesDisjoint true ] , [ sh:path :q ; "
                 "sh:qualifiedValueShape [ sh:property [ sh:path :r ; sh:minCount 1 ] ] ; sh:qualifiedMaxCount 0 ] .",
    "a node": "sh:targetNode :a1 ; sh:xone ( [ sh:path :p ; sh:minCount 1 ] [ sh:path :q ; sh:minCount 1 ] ) .",
    "a class of its own": "a rdfs:Class ; sh:property [ sh:path :p ; sh:maxCount 0 ] .",
    "a query": "sh:targetClass :B ; sh:sparql [ sh:select \"SELECT $this ?value { $this <https://example.org/q> ?x . "
               "?value <https://example.org/r> ?x . FILTER NOT EXISTS { "
               "?value a <https://example.org/A> . ?x <https://example.org/p> ?y } }\" ] .",
    "a query of a path": "sh:targetClass :D ; sh:property [ sh:path :r ; sh:sparql [ sh:select "
                         "\"SELECT $this ?value { $this $PATH ?value . OPTIONAL { ?value <https://example.org/q>+ ?z . "
                         "?z a ?c } FILTER(BOUND(?c)) }\" ] ] .",
}
"""What a shape may hold against its nodes."""

INNER = """:Inner a sh:NodeShape ; sh:property [ sh:path :r ; sh:node [ sh:property [ sh:path :p ; sh:minCount 1 ] ] ] ;
    sh:or ( [ sh:class :B ] [ sh:class :C ] ) .
"""
TERMS = """
:D rdfs:subClassOf :A . :B rdfs:subClassOf [ owl:onProperty :r ; owl:someValuesFrom :C ] .
[ owl:onProperty :q ; owl:someValuesFrom :A ] rdfs:subClassOf :C . [ owl:intersectionOf ( :A :B ) ] rdfs:subClassOf :E .
:p owl:inverseOf :pOf . :r a owl:TransitiveProperty . :s rdfs:subPropertyOf :q ; rdfs:domain :A ; rdfs:range :B .
:t owl:propertyChainAxiom ( :p :q ) . :u a owl:SymmetricProperty .
:F owl:equivalentClass [ owl:onProperty :u ; owl:hasValue :a1 ] .
"""
NODES = [ox.NamedNode(f"{small.HOME}a{n}") for n in range(4)]
VALUES = [*NODES, ox.Literal(1), ox.Literal(2), ox.Literal("x")]


@st.composite
def worlds(draw: st.DrawFn, names: Sequence[str]) -> tuple[list[ox.Triple], list[Change]]:
    """A small graph of a few nodes linked by these properties, and changes of it one after another."""
    links = [ox.NamedNode(small.HOME + name) for name in names]
    typed = st.builds(ox.Triple, st.sampled_from(NODES), st.just(TYPE),
                      st.sampled_from([ox.NamedNode(small.HOME + name) for name in "ABCD"]))
    linked = st.builds(ox.Triple, st.sampled_from(NODES), st.sampled_from(links), st.sampled_from(VALUES))
    some = st.one_of(typed, linked, linked)
    data = draw(st.lists(some, min_size=4, max_size=20))
    change = st.tuples(st.lists(some, max_size=2), st.lists(st.one_of(st.sampled_from(data), some), max_size=2))
    return data, draw(st.lists(change, min_size=1, max_size=4))


def of_kind(kind: str) -> guard.Guard:
    return guarded.of(f"{INNER} :Shape a sh:NodeShape ; {KINDS[kind]}", TERMS)


def by_focus(report: validation.Report) -> dict[str, set[validation.Result]]:
    """The results of a report by the node that each is about."""
    found: dict[str, set[validation.Result]] = defaultdict(set)
    for one in report.results:
        found[one.focus].add(one)
    return found


def check_made_up(kind: str, drawn: st.DataObject) -> None:
    """Hold the verdicts on changes of a made-up graph against the whole: those reached anew, and those kept."""
    over = of_kind(kind)
    text = KINDS[kind] + (INNER if ":Inner" in KINDS[kind] else "")
    data, sequence = drawn.draw(worlds([name for name in "pqrnm" if f":{name} " in text or f"/{name}>" in text]))
    world = guarded.Guarded(data, over)
    before = by_focus(validation.report([*over.ontology, *world.data()], over.shapes))
    for added, removed in sequence:
        outcome = world.change(added, removed)
        judged = {getattr(node, "value", str(node)) for nodes in outcome.focus.values() for node in nodes}
        found = by_focus(world.report(outcome))
        after = by_focus(validation.report([*over.ontology, *world.data()], over.shapes))
        kept = {focus: results for focus, results in before.items() if focus in after and focus not in judged}
        assert {**kept, **found} == after
        before = after


@pytest.mark.heavy
@pytest.mark.parametrize("kind", KINDS)
@given(drawn=st.data())
@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
def test_a_node_that_is_not_judged_anew_has_the_verdict_it_had(kind: str, drawn: st.DataObject) -> None:
    check_made_up(kind, drawn)


@pytest.mark.heavy
@pytest.mark.parametrize("kind", KINDS)
@given(drawn=st.data())
@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
def test_hundreds_of_changes_under_every_kind_of_shape(kind: str, drawn: st.DataObject) -> None:
    check_made_up(kind, drawn)


@given(worlds(["p", "q", "r", "s", "t", "u", "pOf"]))
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_what_follows_is_what_would_follow_from_scratch(made: tuple[list[ox.Triple], list[Change]]) -> None:
    data, sequence = made
    world = guarded.Guarded(data, of_kind("values"))
    for change in sequence:
        world.change(*change)
        as_from_scratch(world)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_shape_says_what_it_reads(kind: str) -> None:
    plan = of_kind(kind).plan
    assert (plan["whole"], list(plan["shapes"])) == ("", ["<https://example.org/Shape>"])


@pytest.mark.parametrize(("where", "reads"), [
    ("$this <x:p> ?a . FILTER NOT EXISTS { ?a <x:q> ?b ; <x:r> [ <x:s> 1 ] }", {"x:p", "x:q", "x:r", "x:s"}),
    ("$this <x:p>/^<x:q> ?a OPTIONAL { ?a <x:r>* ?b MINUS { ?b <x:s> $this } }", {"x:p", "x:q", "x:r", "x:s"}),
    ("$this ?any ?a FILTER(1 = 1 && EXISTS { ?a (<x:q>|<x:r>)+ ?b })", {"*", "x:q", "x:r"}),
    ("{ $this <x:p> ?a } UNION { ?b <x:q> $this BIND(STR(?b) AS ?c) }", {"x:p", "x:q"}),
])
def test_every_pattern_of_a_query_is_read_wherever_it_stands(where: str, reads: set[str]) -> None:
    tree = queried.tree(f"SELECT $this WHERE {{ {where} }}", None)
    assert set().union(*(reach.predicates(branch) for branch in tree)) == reads


@pytest.mark.parametrize(("shape", "why"), [
    (":S a sh:NodeShape ; sh:targetClass :A ; sh:property [ sh:path :p ; sh:node :S ] .", "contains itself"),
    (":S a sh:NodeShape ; sh:target [ sh:select 'SELECT ?this { ?this ?p ?o }' ] .", "made by a query"),
    (":S a sh:NodeShape ; sh:targetClass :A ; sh:sparql [ sh:select 'SELECT $this { ?x a <x:y> }' ] .", "no way from"),
    (":S a sh:NodeShape ; sh:targetClass :A ; sh:sparql [ sh:select 'SELECT $this { GRAPH ?g { $this ?p ?o } }' ] .",
     "Graph"),
    (":S a sh:NodeShape ; sh:targetClass :A ; sh:sparql [ sh:select 'SELECT' ] .", "does not parse"),
    (":S a sh:NodeShape ; sh:targetClass :A ; "
     "sh:sparql [ sh:select 'SELECT $this { $this ?p ?o FILTER EXISTS { GRAPH ?g { ?o ?q ?r } } }' ] .", "Graph"),
    (":S a sh:NodeShape ; sh:targetClass :A ; "
     "sh:sparql [ sh:select 'SELECT $this { $this ?p ?o FILTER EXISTS { SELECT ?o { ?o ?q ?r } LIMIT 1 } }' ] .",
     "SubSelect"),
    (":S a sh:NodeShape ; sh:targetClass :A ; sh:expression [ ] .", "expression"),
])
def test_what_cannot_be_followed_is_validated_whole(shape: str, why: str) -> None:
    assert why in guarded.of(shape, "").plan["whole"]


def test_the_guard_tells_which_graphs_it_stands_over() -> None:
    assert guarded.shipped().plan["asserted"] == [DATA, guard.ONTOLOGY]
