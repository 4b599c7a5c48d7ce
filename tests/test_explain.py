"""Each inferred triple is traceable: to a rule of OWL 2 RL and to premises that somebody wrote down."""

from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

import plain
from carekg import explain, folder, reason
from carekg.store import Question
from carekg.store.embedded import EmbeddedStore
from carekg.terms import BASE, INFERRED, PREFIXES


@pytest.fixture(scope="module")
def explained(good_folder: Path, good_store: EmbeddedStore) -> tuple[EmbeddedStore, list[reason.Rule]]:
    """The small world in a store, and the rules of its ontology."""
    files = folder.load(good_folder).ontology
    return good_store, reason.rules([triple for file in files for triple in file.triples])


def inferred(store: EmbeddedStore) -> list[ox.Triple]:
    text = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{INFERRED}> {{ ?s ?p ?o }} }}"
    answer = store.answer(Question(text, "n-triples")).read()
    return [quad.triple for quad in ox.parse(answer, ox.RdfFormat.N_TRIPLES)]


def leaves(one: explain.Derivation) -> Iterator[explain.Derivation]:
    if not one.premises:
        yield one
    for premise in one.premises:
        yield from leaves(premise)


def test_every_inferred_triple_rests_on_a_rule_and_in_the_end_on_what_files_assert(
    explained: tuple[EmbeddedStore, list[reason.Rule]],
) -> None:
    store, rules = explained
    found = inferred(store)
    assert len(found) > 300
    for triple in found[::3]:
        told = explain.why(store, rules, triple)
        assert told is not None, triple
        assert told.rule in rules
        assert all(leaf.graphs and str(INFERRED) not in leaf.graphs for leaf in leaves(told)), triple


def test_a_thing_without_a_name_is_explained_by_what_is_said_of_it_alone(bare: plain.Plain) -> None:
    e = "https://example.org/"
    bare.change(f"INSERT DATA {{ GRAPH <{e}g> {{ <{e}a> <{e}p> <{e}b> . <{e}z> <{e}p> <{e}c> }} "
                f"GRAPH <{e}h> {{ _:b <{e}p> <{e}c> }} GRAPH <{INFERRED}> {{ _:b a <{e}C> }} "
                f"<{e}a> <{e}p> <{e}b> . _:b <{e}p> <{e}c> ; a <{e}C> }}")
    domain = f"<{e}p> <{PREFIXES['rdfs']}domain> <{e}C> ."
    rules = reason.rules(quad.triple for quad in ox.parse(domain, ox.RdfFormat.TURTLE))
    stated = {quad.triple for line in bare.quads() for quad in ox.parse(f"{line} .", ox.RdfFormat.N_QUADS)
              if isinstance(quad.subject, ox.BlankNode)}
    for one in stated:
        told = explain.why(bare.store, rules, one)
        assert told
        assert [*told.graphs, *(graph for leaf in told.premises for graph in leaf.graphs)] == [f"{e}h"]
        assert all(leaf.triple in stated for leaf in told.premises)
    assert len(stated) == 2


def test_a_triple_that_is_not_there_has_no_reason(explained: tuple[EmbeddedStore, list[reason.Rule]]) -> None:
    nothing = ox.Triple(*(ox.NamedNode(f"{BASE}id/nothing/{n}") for n in "abc"))
    assert explain.why(*explained, nothing) is None


def test_an_asserted_triple_names_its_file(explained: tuple[EmbeddedStore, list[reason.Rule]]) -> None:
    factor = f"{BASE}concept/factor/"
    triple = ox.Triple(ox.NamedNode(factor + "partnership-working"), ox.NamedNode(PREFIXES["skos"] + "broader"),
                       ox.NamedNode(factor + "partnerships"))
    told = explain.why(*explained, triple)
    assert told is not None
    assert told.graphs == (f"{BASE}graph/ontology/factors",)
    assert list(told.lines()) == [f"{triple} [asserted in {BASE}graph/ontology/factors]"]
