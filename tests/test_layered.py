"""A layer above a store: whatever comes and goes in it, it is as the store would be, and the store stays as it is."""

import itertools

import pyoxigraph as ox
from hypothesis import given, settings
from hypothesis import strategies as st

import small
from carekg.reader.layered import Layered

NODES = [ox.NamedNode(f"{small.HOME}{name}") for name in "abc"]
GRAPHS = [*NODES[:2], ox.DefaultGraph()]
QUADS = st.builds(ox.Quad, st.sampled_from(NODES), st.sampled_from(NODES[:2]),
                  st.sampled_from([*NODES, ox.Literal(1), ox.Literal("x")]), st.sampled_from(GRAPHS))
DEEDS = st.one_of(
    st.tuples(st.sampled_from(["add", "remove"]), QUADS), st.tuples(st.just("extend"), st.lists(QUADS, max_size=3)),
    st.tuples(st.sampled_from(["add_graph", "remove_graph"]), st.sampled_from(NODES)))


@given(st.lists(QUADS, max_size=6), st.lists(DEEDS, max_size=12))
@settings(max_examples=100, deadline=None)
def test_a_layer_is_as_the_store_would_be(there: list[ox.Quad], deeds: list[tuple[str, object]]) -> None:
    below, store = ox.Store(), ox.Store()
    for one in (below, store):
        one.extend(there)
    layer = Layered(below)
    for name, what in deeds:
        getattr(layer, name)(what)
        getattr(store, name)(what)
        for pattern in itertools.product((None, NODES[0]), (None, NODES[1]), (None, NODES[2], ox.Literal(1)),
                                         (None, *GRAPHS)):
            assert sorted(map(str, layer.quads_for_pattern(*pattern))) == sorted(
                map(str, store.quads_for_pattern(*pattern)))
        assert {graph for graph in NODES if layer.contains_named_graph(graph)} == {
            graph for graph in NODES if store.contains_named_graph(graph)}
        assert set(layer.named_graphs()) == set(store.named_graphs())
        assert all((quad in layer) == (quad in store) for quad in there)
    assert set(below) == set(there)
