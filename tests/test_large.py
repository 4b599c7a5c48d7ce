"""A graph too large for pyshacl alone is told the same of as a small one, only sooner."""

import functools
from pathlib import Path

import pyoxigraph as ox
import pytest

import small
from carekg import errors, validation
from carekg.validation import first, large
from test_first_judge import BROKEN


def broken(path: Path) -> list[ox.Triple]:
    """What a broken file says."""
    return [quad.triple for quad in ox.parse(path.read_bytes(), ox.RdfFormat.TURTLE, rename_blank_nodes=True)]


@functools.cache
def good() -> tuple[ox.Triple, ...]:
    """A small world that meets all shapes."""
    return (*small.shipped("ontology"), *small.good())


def told(found: validation.Report | None) -> list[str]:
    """What a report says, in its sentences."""
    assert found is not None
    return [one.sentence() for one in found.results]


@pytest.mark.heavy
def test_what_is_wrong_in_all_broken_files_is_told_as_pyshacl_tells_it() -> None:
    shapes = small.shipped("shapes")
    files = [broken(path) for path in BROKEN]
    judge = first.FirstJudge(shapes)
    named = [one for one in files if all(node.startswith("<") for node in judge.suspects_in([*good(), *one]) or ())]
    assert len(named) > len(files) * 0.9  # of the others something is wrong with what has no IRI
    data = [*good(), *(triple for one in named for triple in one)]
    found = told(large.report(data, shapes))
    assert len(found) > len(named) / 2
    assert found == told(validation.report(data, shapes))


def test_a_graph_that_meets_its_shapes_has_an_empty_report() -> None:
    found = large.report(good(), small.shipped("shapes"))
    assert told(found) == []
    assert found is not None
    assert found.graph.query("ASK { ?r <http://www.w3.org/ns/shacl#conforms> true }").askAnswer


def test_the_way_is_chosen_by_the_number_of_triples_and_its_faults_are_errors(monkeypatch: pytest.MonkeyPatch) -> None:
    data = [*good(), *broken(BROKEN[0])]
    monkeypatch.setattr(large, "LARGE", len(data))
    monkeypatch.setattr("pyshacl.validate", None)  # which is called for a small one
    with pytest.raises(errors.InvalidGraph):
        validation.report(data, small.shipped("shapes")).raise_for_violations()
    with pytest.raises(errors.UnusableShapes):
        validation.report(data[1:], small.shipped("shapes"))


def test_what_the_first_judge_cannot_read_is_for_pyshacl_alone() -> None:
    shapes = [quad.triple for quad in ox.parse(
        b"<x:s> a <http://www.w3.org/ns/shacl#NodeShape> ; <http://www.w3.org/ns/shacl#targetClass> <x:C> ;"
        b" <http://www.w3.org/ns/shacl#property> [ <http://www.w3.org/ns/shacl#path> 5 ] .", ox.RdfFormat.TURTLE)]
    assert large.report(good(), shapes) is None
