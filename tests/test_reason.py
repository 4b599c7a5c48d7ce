"""What follows: for every construct that is covered, the same triples as owlrl's OWL 2 RL closure."""

import ast
import functools
import tomllib
from collections.abc import Iterable

import owlrl
import pyoxigraph as ox
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from rdflib import OWL

import small
from carekg import errors, reason, validation
from carekg.terms import PREFIXES
from entailments import AXIOMS, CASES

PHASES = (Phase.explicit, Phase.generate)
"""Not to shrink: each try of the reference takes a third of a second."""

BUILT_IN = tuple(PREFIXES[prefix] for prefix in ("owl", "rdf", "rdfs", "xsd"))
SCHEMA = {PREFIXES["rdfs"] + name for name in ("subClassOf", "subPropertyOf", "domain", "range")} | {
    PREFIXES["owl"] + name for name in ("equivalentClass", "equivalentProperty")
}
TYPE, SAME = PREFIXES["rdf"] + "type", PREFIXES["owl"] + "sameAs"

COVERED = {
    "allValuesFrom", "equivalentClass", "equivalentProperty", "hasValue", "intersectionOf", "inverseOf", "onProperty",
    "propertyChainAxiom", "someValuesFrom", "SymmetricProperty", "TransitiveProperty", "unionOf", "Thing",
}
"""Terms of OWL from which something follows here."""

SILENT = {
    "AnnotationProperty", "Class", "DatatypeProperty", "DeprecatedClass", "DeprecatedProperty", "NamedIndividual",
    "ObjectProperty", "Ontology", "Restriction", "annotatedProperty", "annotatedSource", "annotatedTarget",
    "Annotation", "Axiom", "backwardCompatibleWith", "deprecated", "imports", "incompatibleWith", "priorVersion",
    "versionIRI", "versionInfo", "members", "DataRange", "OntologyProperty", "rational", "real",
    "Nothing", "topObjectProperty", "topDataProperty", "bottomObjectProperty", "bottomDataProperty",
}
"""Terms of OWL from which nothing follows about a thing, in OWL 2 RL or at all."""

PARTS = {
    "annotatedProperty", "assertionProperty", "datatypeComplementOf", "distinctMembers", "onClass", "onDataRange",
    "onDatatype", "onProperties", "sourceIndividual", "targetIndividual", "targetValue", "withRestrictions",
}
"""Terms of OWL that stand only inside a construct that is refused, or in a definition of a datatype."""

def reference(asserted: Iterable[ox.Triple]) -> set[str]:
    """The triples that owlrl infers and that are worth keeping."""
    before = set(asserted)
    graph = validation.as_graph(before)
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(graph)
    found = set()
    for s, p, o in graph:
        if hasattr(s, "datatype"):
            continue
        triple = next(q.triple for q in ox.parse(f"{s.n3()} {p.n3()} {o.n3()} .", ox.RdfFormat.N_TRIPLES))
        if is_worth_keeping(triple):
            found.add(str(triple))
    return found - {str(triple) for triple in before}


def is_worth_keeping(triple: ox.Triple) -> bool:
    """Say whether a triple tells something new of a thing rather than of the vocabulary."""
    s, p, o = triple.subject, triple.predicate.value, triple.object
    if p == SAME and s == o:
        return False
    if p in SCHEMA or str(s)[1:].startswith(BUILT_IN):
        return False
    return p != TYPE or (isinstance(o, ox.NamedNode) and not o.value.startswith(BUILT_IN))


def named(found: Iterable[ox.Triple]) -> set[str]:
    return {str(triple) for triple in found}


@pytest.mark.parametrize("case", CASES)
def test_what_follows_is_what_owlrl_infers(case: str) -> None:
    ontology, data, expected = CASES[case]
    known = small.triples(ontology + data)  # one parse, so that blank nodes stay the same
    axioms = [triple for triple in known if triple not in set(small.triples(data))]
    found = named(reason.inferred(known, axioms))
    assert named(small.triples(expected)) - named(known) <= found
    assert found == reference(known)


@functools.cache
def logic() -> tuple[ox.Triple, ...]:
    """The statements of the shipped ontology from which something may follow: no labels, no concepts."""
    wanted = {PREFIXES[p] + n for p, n in [("rdfs", "subClassOf"), ("rdfs", "subPropertyOf"), ("rdfs", "domain"),
                                          ("rdfs", "range"), ("rdf", "first"), ("rdf", "rest")]}
    wanted |= {PREFIXES["owl"] + name for name in COVERED}
    kinds = {PREFIXES["owl"] + "SymmetricProperty", PREFIXES["owl"] + "TransitiveProperty"}
    return tuple(t for t in small.shipped("ontology")
                 if t.predicate.value in wanted or getattr(t.object, "value", "") in kinds)


@pytest.mark.heavy
def test_the_shipped_ontology_with_the_good_world_gives_what_owlrl_infers() -> None:
    ontology, world = small.shipped("ontology"), small.good()
    found = named(reason.inferred(world, ontology))
    assert len(found) > 300
    assert found == reference([*ontology, *world])


CARE = PREFIXES["care"]
THINGS = [ox.NamedNode(f"https://example.org/{n}") for n in "abcde"]
SHIPPED_LINKS = [CARE + name for name in (
    "holdsFor", "isPlannedFor", "isCandidateFor", "isRejectedFor", "route", "place", "isIn", "namesBarrier",
    "namesFacilitator", "givenBy", "isRunBy", "showsBetter", "agent", "forGroup", "opposes", "restsOn", "isFrom",
    "bearsOn", "hasHeldClaim", "scaledVia")] + [PREFIXES["skos"] + "broader", PREFIXES["skos"] + "narrower"]
SHIPPED_KINDS = [CARE + name for name in ("Innovation", "Site", "Award", "Finding", "Barrier", "HeldClaim", "Place")]


def graphs(links: list[str], kinds: list[str]) -> st.SearchStrategy[list[ox.Triple]]:
    thing = st.sampled_from(THINGS)
    link = st.builds(ox.Triple, thing, st.sampled_from(links).map(ox.NamedNode), thing)
    text = st.builds(ox.Triple, thing, st.just(ox.NamedNode(CARE + "summary")), st.just(ox.Literal("words")))
    kind = st.builds(ox.Triple, thing, st.just(ox.NamedNode(TYPE)), st.sampled_from(kinds).map(ox.NamedNode))
    return st.lists(link | link | kind | text, min_size=2, max_size=14)


@pytest.mark.heavy
@settings(max_examples=8, deadline=None, derandomize=True, phases=PHASES)
@given(data=graphs(SHIPPED_LINKS, SHIPPED_KINDS))
def test_any_small_graph_in_the_shipped_vocabulary_gives_what_owlrl_infers(
    data: list[ox.Triple],
) -> None:
    assert named(reason.inferred(data, logic())) == reference([*logic(), *data])


@settings(max_examples=40, deadline=None, derandomize=True, phases=PHASES)
@given(axioms=st.sets(st.sampled_from(AXIOMS), min_size=1, max_size=6),
       data=graphs([f"https://example.org/{p}" for p in "pqr"], [f"https://example.org/{c}" for c in "ABC"]))
def test_any_small_ontology_over_any_small_graph_gives_what_owlrl_infers(
    axioms: set[str], data: list[ox.Triple]
) -> None:
    ontology = small.triples(" ".join(sorted(axioms)))
    assert named(reason.inferred(data, ontology)) == reference([*ontology, *data])


def test_reasoning_again_over_what_follows_adds_nothing() -> None:
    ontology, world = small.shipped("ontology"), small.good()
    assert reason.inferred([*world, *reason.inferred(world, ontology)], ontology) == []


def test_what_follows_is_the_same_in_any_order_of_statements() -> None:
    ontology, world = small.shipped("ontology"), small.good()
    assert reason.inferred(world[::-1], ontology[::-1]) == reason.inferred(world, ontology)


def test_axioms_among_the_data_are_not_reasoned_with() -> None:
    data = small.triples(":p rdfs:subPropertyOf :q . :x :p :y .")
    assert reason.inferred(data, []) == []


# --- what is covered, and what is refused ---------------------------------------------------------------------


def used(ontology: Iterable[ox.Triple]) -> set[str]:
    """The terms of OWL that an ontology uses."""
    terms = (term for triple in ontology for term in (triple.predicate, triple.object))
    return {t.value.removeprefix(PREFIXES["owl"]) for t in terms
            if isinstance(t, ox.NamedNode) and t.value.startswith(PREFIXES["owl"])}


def test_every_construct_that_the_shipped_ontology_uses_is_covered() -> None:
    assert used(small.shipped("ontology")) <= COVERED | SILENT


def test_every_construct_that_is_covered_has_its_case() -> None:
    cases = small.triples(" ".join(ontology for ontology, _, _ in CASES.values()))
    assert used(cases) == COVERED


def test_every_term_of_owl_is_covered_silent_or_refused() -> None:
    terms = {str(term).removeprefix(str(OWL)) for term in dir(OWL) if not str(term).startswith("_")}
    terms = {name for name in terms if name in OWL.__annotations__}
    assert len(terms) > 70
    assert terms - COVERED - SILENT - PARTS - set(reason.UNCOVERED) == set()


@pytest.mark.parametrize("construct", reason.UNCOVERED)
def test_a_construct_that_is_not_covered_is_refused_in_a_sentence(construct: str) -> None:
    axiom = f":x a owl:{construct} ." if construct[0].isupper() else f":x owl:{construct} :y ."
    with pytest.raises(errors.UncoveredAxiom, match=rf"owl:{construct} on .*example.org/x.*\.$"):
        reason.rules(small.triples(axiom))


def test_an_inverse_without_a_name_is_refused_in_a_sentence() -> None:
    axiom = ":p owl:propertyChainAxiom ( :q [ owl:inverseOf :r ] ) ."
    with pytest.raises(errors.UncoveredAxiom, match="inverse"):
        reason.inferred(small.triples(":x :q :y . :z :r :y ."), small.triples(axiom))


def test_owlrl_is_the_only_other_reasoner_named() -> None:
    project = tomllib.loads((small.ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert not [line for line in project["dependencies"] if line.startswith("reasonable")]
    for path in (small.ROOT / "src").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import | ast.ImportFrom):
                assert "reasonable" not in ast.unparse(node), path


def test_each_rule_says_its_name_and_its_axiom_in_words() -> None:
    (rule,) = reason.rules(small.triples("care:isIn a owl:TransitiveProperty ."))
    assert (rule.name, rule.axiom) == ("prp-trp", "care:isIn is transitive")
