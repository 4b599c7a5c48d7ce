"""What is foretold of a removal is what a rebuild without the statement comes to, and nothing is written."""

import random
import urllib.parse
from collections.abc import Iterable
from pathlib import Path

import pyoxigraph as ox
import pytest

import small
from carekg import explain, folder, query, reason
from carekg.change.guard import Guard
from carekg.explain import absent, removal, told, typed
from carekg.store import Question, quads
from carekg.store.embedded import EmbeddedStore
from carekg.terms import DATA, INFERRED, VOCABULARY, expand


@pytest.fixture(scope="module")
def small_asker(good_folder: Path, good_store: EmbeddedStore) -> query.Asker:
    """Asks the questions of the small world."""
    return query.Asker(query.catalogue(folder.queries(good_folder)), good_store)


@pytest.fixture(scope="module")
def guard(good_store: EmbeddedStore) -> Guard:
    """The guard of the small world."""
    return Guard.over(good_store)


def triple(*names: str) -> ox.Triple:
    subject, predicate, value = (ox.NamedNode(expand(name) or "") for name in names)
    return ox.Triple(subject, predicate, value)


PLACED = triple("site:lantern-walks-saltmere", "care:place", "place:saltmere")
TAKEN_UP = triple("innovation:lantern-walks", "care:takenUpIn", "place:the-shore")


def lost(data: Iterable[ox.Triple], ontology: Iterable[ox.Triple], without: ox.Triple) -> set[ox.Triple]:
    """The inferred triples that are not there any more when everything is inferred anew without one statement."""
    data, known = list(data), list(ontology)
    then = {*reason.inferred([one for one in data if one != without], known)}
    return {one for one in reason.inferred(data, known) if one not in then and one != without}


def test_what_would_go_is_what_a_rebuild_loses(small_asker: query.Asker, guard: Guard) -> None:
    found = removal.foretold(small_asker, guard, PLACED)
    data = [quad.triple for quad in quads(small_asker.graph, DATA)]
    assert set(found.gone) == lost(data, guard.ontology, PLACED)
    assert TAKEN_UP in found.gone
    assert not found.stays
    assert [quad.triple for quad in found.stated] == [PLACED]


def test_nothing_is_written_by_it(small_asker: query.Asker, guard: Guard, good_store: EmbeddedStore) -> None:
    before, last = good_store.version, good_store.history.last()
    removal.foretold(small_asker, guard, PLACED, with_answers=True)
    assert (good_store.version, good_store.history.last()) == (before, last)
    assert b"true" in good_store.answer(Question(f"ASK {{ {PLACED} }}")).read()


def test_an_answer_that_loses_rows_is_told_with_how_many(small_asker: query.Asker, guard: Guard) -> None:
    found = removal.foretold(small_asker, guard, PLACED, with_answers=True)
    told_of = {one.address: (one.before, one.after) for one in found.losses}
    assert told_of["/queries/innovations-in-place?place=place:saltmere"] == (1, 0)
    assert found.asked is not None
    assert found.asked >= len(found.losses)


def test_a_graph_that_would_be_wrong_is_told_in_plain_words(small_asker: query.Asker, guard: Guard) -> None:
    found = removal.foretold(small_asker, guard, triple("site:lantern-walks-saltmere", "care:holdsFor",
                                                  "innovation:lantern-walks"))
    assert not found.is_valid
    assert found.problems is not None
    assert "A claim is linked to its subject by exactly one" in found.problems.as_text()


def test_what_nobody_states_among_the_data_is_told_not_to_be_known(small_asker: query.Asker, guard: Guard) -> None:
    for one in (TAKEN_UP, triple("care:isIn", "rdf:type", "owl:TransitiveProperty")):
        assert "not stated among the data" in removal.foretold(small_asker, guard, one).unknown
    assert "plain store" in removal.foretold(small_asker, None, PLACED).unknown


def test_an_inferred_triple_names_the_statements_that_it_turns_on(small_asker: query.Asker, guard: Guard) -> None:
    found = told.tell(small_asker.graph, reason.rules(guard.ontology), TAKEN_UP)
    assert found
    turning = {one.triple: goes for one, goes in removal.turning(small_asker, guard, found)}
    assert turning[PLACED] is True
    assert set(turning.values()) == {True}


# --- how a triple is typed and told -------------------------------------------------------------------------------


@pytest.mark.parametrize(("texts", "value"), [
    (("place:saltmere", "rdfs:label", "Saltmere"), ox.Literal("Saltmere", language="en")),
    (("<https://w3id.org/carekg/id/place/saltmere>", "rdfs:label", '"Saltmere"@en'),
     ox.Literal("Saltmere", language="en")),
    (("site:lantern-walks-saltmere", "care:ended", "2012"), ox.Literal("2012", datatype=small.term("xsd:gYear"))),
    (("figure:lantern-walkers", "care:value", "73"), ox.Literal(73)),
    (("place:saltmere", "care:isIn", "place:the-shore"), ox.NamedNode(expand("place:the-shore") or "")),
    (("place:saltmere", "care:isIn", ""), ox.NamedNode(expand("place:the-shore") or "")),
    (("place:saltmere", "rdfs:label", 'no "such" name\n.'), ox.Literal('no "such" name\n.')),
])
def test_a_value_is_read_as_the_one_that_is_there(
    texts: tuple[str, str, str], value: ox.NamedNode | ox.Literal, good_store: EmbeddedStore
) -> None:
    assert typed.read(good_store, *texts).object == value


def test_a_triple_is_found_again_at_its_own_address(good_store: EmbeddedStore) -> None:
    for quad in quads(good_store, DATA)[::4]:
        given = urllib.parse.parse_qs(urllib.parse.urlsplit(typed.address(quad.triple)).query)
        assert typed.read(good_store, given["s"][0], given["p"][0], given["o"][0]).triple == quad.triple


def test_a_premise_of_a_deep_derivation_is_told_at_its_own_address(small_asker: query.Asker, guard: Guard) -> None:
    found = told.tell(small_asker.graph, reason.rules(guard.ontology), TAKEN_UP)
    assert found
    assert found.rule
    assert "follows from the chain" in found.reason
    assert all(one.stated or one.cut for one in found.leaves())
    assert any(one.receipts for one in found.leaves())


def test_what_is_not_here_names_what_is(good_store: EmbeddedStore) -> None:
    near = absent.told(good_store, *(ox.NamedNode(expand(name) or "") for name in (
        "place:old-saltmere", "care:isIn", "place:the-shore")))
    assert near.known
    assert near.values == ()
    assert [one.sentence for one in near.subjects] == ["Saltmere – is in – the Shore"]


# --- the shipped graph --------------------------------------------------------------------------------------------


@pytest.mark.heavy
def test_every_inferred_triple_of_a_sample_has_a_derivation_that_holds(shipped_store: EmbeddedStore) -> None:
    ontology = [quad.triple for quad in quads(shipped_store, VOCABULARY[0])]
    rules = reason.rules(ontology)
    asserted = {quad.triple for quad in quads(shipped_store, DATA, *VOCABULARY)}
    every = [quad.triple for quad in quads(shipped_store, str(INFERRED))]
    for one in random.Random(6).sample(every, 300):
        found = explain.why(shipped_store, rules, one)
        assert found, one
        assert found.rule, one
        for step in steps(found):
            assert step.rule is None or follows(step), step.triple
            assert step.rule or step.triple in asserted, step.triple


def steps(one: explain.Derivation) -> Iterable[explain.Derivation]:
    yield one
    for premise in one.premises:
        yield from steps(premise)


def follows(one: explain.Derivation) -> bool:
    """Whether the rule gives the triple where there is nothing but the premises."""
    assert one.rule
    alone = ox.Store()
    alone.extend(ox.Quad(*premise.triple) for premise in one.premises)
    alone.update(one.rule.update())
    return ox.Quad(*one.triple) in alone


@pytest.mark.heavy
def test_what_is_foretold_of_the_shipped_graph_is_what_a_rebuild_loses(asker: query.Asker) -> None:
    over = Guard.over(asker.graph)
    data = [quad.triple for quad in quads(asker.graph, DATA)]
    whole = {*reason.inferred(data, over.ontology)}
    telling = [one for one in data if "#" in one.predicate.value and isinstance(one.object, ox.NamedNode)]
    for one in random.Random(6).sample(telling, 6):
        found = removal.foretold(asker, over, one)
        then = {*reason.inferred([other for other in data if other != one], over.ontology)}
        assert found.more == 0
        assert set(found.gone) == whole - then - {one}, one
        assert set(found.come) == then - whole, one
