"""A whole graph in files: canonical N-Quads whatever the store, in pieces that fit in memory, and Turtle of them."""

import itertools
from pathlib import Path

import pyoxigraph as ox
import pytest

from carekg import build, dump
from carekg.store import Manifest
from carekg.store.embedded import EmbeddedStore
from carekg.terms import BASE

GRAPH = f"{BASE}graph/data/one"
OTHER = f"{BASE}graph/data/other"
BLANK = f'_:b <{BASE}p> "with a blank node" <{OTHER}> .\n<{BASE}a> <{BASE}p> _:b <{OTHER}> .\n'


def stored(path: Path, text: str, *, plain: bool = False) -> EmbeddedStore:
    """A store of some N-Quads."""
    store = EmbeddedStore(path)
    store.replace([text.encode()], Manifest("d", "2026-01-01T00:00:00+00:00", 1, plain=plain))
    return store


def lines(count: int) -> str:
    """Quads of one graph, in an order that is not that of the alphabet."""
    return "".join(f'<{BASE}s{n * 7919 % count}> <{BASE}p> "value {n}" <{GRAPH}> .\n' for n in range(count))


@pytest.mark.heavy
def test_it_is_what_export_gives(shipped_store: EmbeddedStore, tmp_path: Path) -> None:
    dump.n_quads(shipped_store, tmp_path / "a.nq")
    assert (tmp_path / "a.nq").read_bytes() == build.exported(shipped_store, "n-quads", inferred=True)


def test_lines_that_do_not_fit_in_memory_are_sorted_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with stored(tmp_path / "store", lines(500) + BLANK) as store:
        dump.n_quads(store, tmp_path / "at-once.nq")
        monkeypatch.setattr(dump, "SORTED_AT_ONCE", 1000)
        dump.n_quads(store, tmp_path / "in-pieces.nq")
    found = (tmp_path / "in-pieces.nq").read_bytes().splitlines()
    assert found == (tmp_path / "at-once.nq").read_bytes().splitlines() == sorted(found)
    assert len(found) == 502


def test_the_same_quads_give_the_same_bytes_whatever_their_order_and_their_blank_nodes(tmp_path: Path) -> None:
    texts = lines(20) + BLANK, "".join(reversed((BLANK.replace("_:b", "_:x") + lines(20)).splitlines(keepends=True)))
    for number, text in enumerate(texts):
        with stored(tmp_path / f"store{number}", text) as store:
            dump.n_quads(store, tmp_path / f"{number}.nq")
    assert (tmp_path / "0.nq").read_bytes() == (tmp_path / "1.nq").read_bytes()


def test_a_literal_that_looks_like_a_blank_node_or_an_end_stays_as_it_is(tmp_path: Path) -> None:
    hostile = f'<{BASE}s> <{BASE}p> "a _:b <{GRAPH}> .\\n<x> .\\"" <{GRAPH}> .\n'
    with stored(tmp_path / "store", hostile) as store:
        dump.n_quads(store, tmp_path / "a.nq")
    assert (tmp_path / "a.nq").read_text() == hostile


@pytest.mark.parametrize("plain", [False, True])
def test_the_default_graph_is_in_it_only_where_it_is_a_graph_of_its_own(plain: bool, tmp_path: Path) -> None:
    with stored(tmp_path / "store", f'<{BASE}s> <{BASE}p> _:b .\n{lines(2)}', plain=plain) as store:
        dump.n_quads(store, tmp_path / "a.nq")
    found = list(ox.parse(path=tmp_path / "a.nq", format=ox.RdfFormat.N_QUADS))
    assert [quad.graph_name for quad in found].count(ox.DefaultGraph()) == (1 if plain else 0)
    assert len(found) == (3 if plain else 2)


@pytest.mark.heavy
def test_turtle_has_each_triple_once_and_prefixes_in_order(shipped_store: EmbeddedStore, tmp_path: Path) -> None:
    dump.n_quads(shipped_store, tmp_path / "a.nq")
    dump.turtle(tmp_path / "a.nq", tmp_path / "a.ttl")
    found = [str(quad.triple) for quad in ox.parse(path=tmp_path / "a.ttl", format=ox.RdfFormat.TURTLE)]
    named = {str(quad.triple) for quad in ox.parse(path=tmp_path / "a.nq", format=ox.RdfFormat.N_QUADS)}
    assert len(found) == len(set(found))
    assert set(found) == named
    text = (tmp_path / "a.ttl").read_text(encoding="utf-8").splitlines()
    head = list(itertools.takewhile(lambda line: line.startswith("@prefix"), text))
    assert len(head) > 20
    assert head == sorted(head)
