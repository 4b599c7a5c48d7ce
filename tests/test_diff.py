"""`carekg diff A B`: what files, folders and stores state differently, whatever their layout."""

import pathlib

import pyoxigraph as ox
import pytest
from hypothesis import given, settings

import folders
import small
from carekg import change, difference, turtle
from carekg.change.guard import Guard
from carekg.reader.effect import Effect
from carekg.store import About, Manifest
from carekg.store.embedded import EmbeddedStore
from carekg.terms import DATA
from commands import run, sentence
from test_turtle import GRAPHS

HEAD = "@prefix : <https://example.org/> .\n@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"
ONE = HEAD + ':walk a :Walk ; rdfs:label "Walk" ; :miles 2.5 ; :led [ :by :ann ] . :gone :for :good .'
OTHER = HEAD + '# more\n:walk :led [ :by :bob ] , [ :by :ann ] ; :miles 2.50 ; a :Walk ; rdfs:label "Walk" .'


@pytest.fixture
def room(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> pathlib.Path:
    """A folder to stand in, with two files."""
    (tmp_path / "one.ttl").write_text(ONE)
    (tmp_path / "other.ttl").write_text(OTHER)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_files_that_state_the_same_do_not_differ(room: pathlib.Path) -> None:
    triples = list(ox.parse(ONE, ox.RdfFormat.TURTLE, rename_blank_nodes=True))
    (room / "same.rdf").write_bytes(ox.serialize(reversed(triples), format=ox.RdfFormat.RDF_XML) or b"")
    result = run("diff", "one.ttl", "same.rdf")
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "They state the same.\n")


def test_what_differs_is_told_by_thing_with_its_label(room: pathlib.Path) -> None:
    result = run("diff", "one.ttl", "other.ttl")
    assert result.exit_code == 1
    assert result.stdout == (
        "  <https://example.org/gone>\n"
        "    - <https://example.org/for> <https://example.org/good>\n"
        "  <https://example.org/walk>  Walk\n"
        "    + <https://example.org/led> [ <https://example.org/by> <https://example.org/bob> ]\n"
        "    - <https://example.org/miles> 2.5\n"
        "    + <https://example.org/miles> 2.50\n\n")
    assert result.stderr == "2 statements fewer and 2 more, about 2 things.\n"


def test_a_patch_makes_one_of_the_other(room: pathlib.Path) -> None:
    result = run("diff", "--format", "patch", "one.ttl", "other.ttl")
    assert result.exit_code == 1
    assert "A _:" in result.stdout
    assert '"2.50"' in result.stdout
    assert "Walk" not in result.stdout


@settings(max_examples=60, deadline=None)
@given(GRAPHS, GRAPHS)
def test_any_patch_makes_one_graph_of_another(before: set[ox.Triple], after: set[ox.Triple]) -> None:
    effect = Effect.from_patch(difference.patch({"": before}, {"": after}))
    made = turtle.named(before) - {quad.triple for quad in effect.removed} | {quad.triple for quad in effect.added}
    assert turtle.statements(made) == turtle.statements(after)
    assert bool(effect) == bool(difference.between({"": before}, {"": after}))


@pytest.mark.heavy
def test_a_folder_and_its_store_as_it_was_are_compared_file_by_file(
    world: pathlib.Path, good_store: EmbeddedStore, tmp_path: pathlib.Path,
) -> None:
    place = folders.own_store(good_store, tmp_path / "store")
    graph = ox.NamedNode(DATA + "world")
    added = [ox.Quad(t.subject, t.predicate, t.object, graph)
             for t in small.triples('innovation:lantern-walks skos:note "Bring a coat."@en .')]
    with EmbeddedStore(place) as store:
        change.commit(change.Change.of(added, [], About("ann")), store, Guard.over(store))
    told = ('data/world\n  innovation:lantern-walks  Lantern Walks\n'
            '    + skos:note "Bring a coat."@en\n\n')
    for one, other in ((str(world), str(place)), ("@1", "@"), (str(world), "@2")):
        result = run("diff", one, other, store=place)
        assert (result.exit_code, result.stdout) == (1, told), (one, other)
    assert run("diff", str(world), "@1", store=place).exit_code == 0


@pytest.mark.parametrize(("name", "told"), [
    ("none.ttl", "There is no none.ttl"), ("bad.ttl", "bad.ttl:1:"), ("one.txt", "no format of RDF"),
    ("@", "There is no graph at"), ("nameless.trig", "nameless.trig has a graph whose name is a blank node"),
])
def test_what_cannot_be_compared_is_told(room: pathlib.Path, name: str, told: str) -> None:
    (room / "bad.ttl").write_text("this is no turtle")
    (room / "one.txt").write_text(ONE)
    (room / "nameless.trig").write_text("_:g { <x:a> <x:b> <x:c> }")
    (room / "one.trig").write_text("<x:g> { <x:a> <x:b> <x:c> }")
    for form in ("text", "patch"):
        assert told in sentence(run("diff", "--format", form, "one.trig", name, store=room / "nothing"), 2)


def test_a_store_that_is_in_no_folder_has_no_earlier_state(room: pathlib.Path) -> None:
    for place in ("memory:", "http://localhost:1/sparql"):
        assert f"{place} is none" in sentence(run("diff", "one.ttl", "@", store=place), 2)


def test_no_change_has_the_number_nought(room: pathlib.Path) -> None:
    with EmbeddedStore(room / "store") as store:
        store.replace([b"<x:a> <x:b> <x:c> <x:g> .\n"], Manifest("d", "now", 1, plain=True))
    assert "There is no change 0" in sentence(run("diff", "@0", "@", store=room / "store"), 2)
