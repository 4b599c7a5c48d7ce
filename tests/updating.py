"""A small store that updates are worked out on, and what is then held of it."""

import json
from collections.abc import Sequence
from typing import Any

import pyoxigraph as ox

from carekg import errors, update
from carekg.reader import changing
from carekg.reader.effect import Effect
from carekg.reader.graphs import Unmet

HOME = """
<x:a> <x:p> <x:b>, 1, "a } ; b"@en, _:z ; <x:q> <x:c> .
_:z <x:p> "long", <x:a> .
<x:g> { <x:a> <x:q> _:z , "7" . <x:b> <x:p> <x:a> . _:y <x:p> _:y }
<x:h> { <x:b> <x:p> "h"@en . <x:a> <x:p> <x:b> . <x:c> <x:q> <x:g> }
"""
EMPTY = "x:empty"
"""A graph that is there and has no triple."""

FAILURES = (SyntaxError, Unmet, RuntimeError, ValueError, errors.CarekgError)


def full() -> ox.Store:
    """A small store: a default graph, two named graphs that share a blank node with it, and an empty one."""
    store = ox.Store()
    store.extend(ox.parse(HOME, ox.RdfFormat.TRIG))
    store.add_graph(ox.NamedNode(EMPTY))
    return store


def copy(store: ox.Store) -> ox.Store:
    made = ox.Store()
    made.extend(store)
    for graph in store.named_graphs():
        made.add_graph(graph)
    return made


def held(store: ox.Store) -> tuple[set[str], list[str]]:
    """What a store holds, whatever its blank nodes are called, and the graphs that it has."""
    quads = ox.Dataset(store)
    quads.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
    graphs = sorted(str(one) if isinstance(one, ox.NamedNode) else "_:" for one in store.named_graphs())
    return {str(quad) for quad in quads}, graphs


def worked_out(store: ox.Store, text: str, base: str = "", **graphs: Sequence[str]) -> Effect:
    """The effect of an update, as a reader process works it out on its own store."""
    request = {"query": text, "base": base, "operations": update.operations(text, **graphs)}
    return changing.effect(store, json.loads(json.dumps(request)))


def outcome(work: Any, *given: Any) -> Any:
    """What a call gives, or that it fails."""
    try:
        return work(*given)
    except FAILURES:
        return "fails"


def assert_repeatable(effect: Effect, before: ox.Store, after: ox.Store) -> None:
    """Hold that an effect, also once it was written down, makes of the one store the other, done once or twice."""
    read = Effect.from_patch(effect.as_patch())
    assert read == effect
    for one in (effect, read):
        store = copy(before)
        for _ in range(2):
            one.apply(store)
            assert set(store) == set(after)
            assert set(store.named_graphs()) == set(after.named_graphs())
