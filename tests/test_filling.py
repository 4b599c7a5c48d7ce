"""The default graph is the union of the named ones, and a blank node is the same thing in both."""

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carekg.store import filling

QUADS = b'''<x:a> <x:p> <x:b> <x:g> .
<x:a> <x:p> <x:b> <x:h> .
<x:a> <x:p> _:one <x:g> .
_:one <x:p> "a text with _: in it" <x:g> .
_:one <x:p> "and\\nlines\xe2\x80\xa8of all\xc2\x85kinds\x0b" <x:h> .
_:two <x:p> _:two <x:h> .
'''

TERMS = st.sampled_from(["<x:a>", "<x:b>", "_:one", "_:two"])
LINES = st.builds("{} <x:p> {} {} .\n".format, TERMS, TERMS | st.just('"_:"'), st.sampled_from(["<x:g>", "<x:h>"]))


def filled(quads: bytes, union: bool) -> ox.Store:
    store = ox.Store()
    filling.fill(store, quads, union=union)
    return store


@pytest.mark.parametrize("union", [True, False])
def test_every_quad_is_there_and_its_triple_in_the_union(union: bool) -> None:
    store = filled(QUADS, union)
    stated = set(ox.parse(QUADS, ox.RdfFormat.N_QUADS))
    default = {ox.Quad(quad.subject, quad.predicate, quad.object) for quad in stated}
    assert len(default) == 5
    assert set(store) == (stated | default if union else stated)


@settings(deadline=None)
@given(st.lists(LINES, max_size=6))
def test_a_blank_node_is_the_same_in_the_union_as_in_its_graph(lines: list[str]) -> None:
    store = filled("".join(lines).encode(), True)
    named = {quad.triple for quad in store if quad.graph_name != ox.DefaultGraph()}
    union = {quad.triple for quad in store.quads_for_pattern(None, None, None, ox.DefaultGraph())}
    assert named == union
    assert len(named) == len(set(ox.parse("".join(line.replace("<x:g>", "<x:h>") for line in lines).encode(),
                                          ox.RdfFormat.N_QUADS)))
