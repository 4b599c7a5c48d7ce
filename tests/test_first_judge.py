"""The first judge of many things lets nothing pass that pyshacl finds wrong; where it does, it is asked no more."""

import functools
from collections.abc import Iterable, Sequence

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import guarded
import small
from carekg import validation
from carekg.validation import first, partial
from test_checking import KINDS, of_kind, worlds

BROKEN = sorted((small.ROOT / "tests" / "broken").glob("*.ttl"))
ODD = [ox.Literal(""), ox.Literal("x", language="cy"), ox.BlankNode("b"), *(
    ox.Literal(text, datatype=small.term(f"xsd:{kind}")) for text, kind in (
        ("2020-13", "gYearMonth"), ("2020-02-30", "date"), ("abc", "decimal"), ("-0.0", "decimal"), ("1E3", "double"),
        ("5", "integer"), ("TRUE", "boolean"), ("true", "boolean")))]


@pytest.fixture(autouse=True)
def _few_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(first, "MANY", 1)


@functools.cache
def shipped() -> first.FirstJudge:
    return first.FirstJudge(small.shipped("shapes"))


def suspects(judge: first.FirstJudge, data: Sequence[ox.Triple]) -> set[str]:
    """What the first judge finds wrong among all nodes with an IRI."""
    nodes = {str(term) for triple in data for term in triple if isinstance(term, ox.NamedNode)}
    found = judge.suspects(data, {"all": sorted(nodes)})
    assert found is not None
    return found


def wrong(data: Sequence[ox.Triple], shapes: Iterable[ox.Triple]) -> set[str]:
    """What pyshacl finds wrong among all nodes with an IRI."""
    iris = {term.value for triple in data for term in triple if isinstance(term, ox.NamedNode)}
    return {f"<{one.focus}>" for one in validation.report(data, shapes).results if one.focus in iris}


@pytest.mark.heavy
def test_both_judges_find_the_same_things_wrong_in_every_broken_file() -> None:
    broken = [quad.triple for path in BROKEN
              for quad in ox.parse(path.read_bytes(), ox.RdfFormat.TURTLE, rename_blank_nodes=True)]
    data = [*small.shipped("ontology"), *small.good(), *broken]
    found = wrong(data, small.shipped("shapes"))
    assert len(found) > len(BROKEN) / 2
    assert suspects(shipped(), data) == found


@pytest.mark.heavy
@given(drawn=st.data())
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
def test_both_judges_find_the_same_things_wrong_in_a_small_world_with_mistakes(drawn: st.DataObject) -> None:
    data = {*small.good()}
    values = st.one_of(st.sampled_from([triple.object for triple in small.good()]), st.sampled_from(ODD))
    for one in drawn.draw(st.lists(st.sampled_from(small.good()), min_size=1, max_size=40)):
        if drawn.draw(st.booleans()):
            data.discard(one)
        if drawn.draw(st.booleans()):
            data.add(ox.Triple(one.subject, one.predicate, drawn.draw(values)))
    whole = [*small.shipped("ontology"), *data]
    assert suspects(shipped(), whole) == wrong(whole, small.shipped("shapes"))


@pytest.mark.heavy
@pytest.mark.parametrize("kind", KINDS)
@given(drawn=st.data())
@settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
def test_nothing_passes_that_pyshacl_finds_wrong_under_any_kind_of_shape(kind: str, drawn: st.DataObject) -> None:
    over = of_kind(kind)
    data, changes = drawn.draw(worlds(["p", "q", "r", "n", "m"]))
    for added, _ in changes:
        data += added
        whole = [*over.ontology, *data]
        assert suspects(first.FirstJudge(over.shapes), whole) >= wrong(whole, over.shapes)


def test_pyshacl_says_what_is_wrong_with_the_suspects_and_nothing_else_is_looked_at() -> None:
    over = guarded.of(":S a sh:NodeShape ; sh:targetClass :A ; sh:property [ sh:path :p ; sh:maxCount 1 ; "
                      "sh:message \"At most one p.\" ] .", "")
    data = small.triples(":a a :A ; :p 1 . :b a :A ; :p 1 , 2 .")
    judge = partial.Judge(over.shapes, [])
    focus = {f"<{small.HOME}S>": [f"<{small.HOME}a>", f"<{small.HOME}b>"]}
    for _ in range(3):  # by both, and then by turns
        assert [one.focus for one in judge.report(data, focus).violations] == [f"{small.HOME}b"]


def test_a_first_judge_that_let_something_pass_is_asked_no_more() -> None:
    judge = first.FirstJudge(small.triples(":S a sh:NodeShape ; sh:targetClass :A ; sh:closed true ."))
    focus = {"all": [f"<{small.HOME}a>"]}
    data = small.triples(":a a :A .")
    assert judge.suspects(data, focus) is not None
    judge.compare(set(), {f"<{small.HOME}a>"})
    assert judge.suspects(data, focus) is None


def test_shapes_that_the_first_judge_cannot_read_are_for_pyshacl_alone() -> None:
    judge = first.FirstJudge(small.triples(":S a sh:NodeShape ; sh:targetClass :A ; sh:property [ sh:path [ ] ] ."))
    assert judge.suspects(small.triples(":a a :A ."), {"all": [f"<{small.HOME}a>"]}) in (None, set())
