"""A graph as a build leaves it, in a store in memory, to be changed under its guard."""

import functools
from collections import defaultdict
from collections.abc import Iterable

import pyoxigraph as ox

import small
from carekg import reason
from carekg.change import guard
from carekg.reader import checking
from carekg.reader.effect import Effect
from carekg.store import Proposal
from carekg.terms import DATA, INFERRED
from carekg.validation import Report

WORLD = ox.NamedNode(DATA + "world")
TERMS = ox.NamedNode(guard.ONTOLOGY + "care")
FOLLOWING = ox.NamedNode(INFERRED)
AXIOMS = [small.term(name) for name in ("rdfs:subClassOf", "rdfs:subPropertyOf", "owl:inverseOf")]
"""What is kept of the ontology though nothing in the good world speaks of it."""


class Guarded:
    """Data, an ontology and what follows, each in its graph, and their union in the default graph."""

    def __init__(self, data: Iterable[ox.Triple], over: guard.Guard) -> None:
        self.over = over
        self.store = ox.Store()
        self.store.extend(built(tuple(data), over.ontology))

    def change(self, added: Iterable[ox.Triple] = (), removed: Iterable[ox.Triple] = ()) -> checking.Outcome:
        """Change the data, with all that follows."""
        held = self.data()
        coming = {ox.Quad(*one, WORLD) for one in set(added) - held}
        effect = Effect({one for one in coming if one not in self.store},  # 8000.0 is there where 8000 is
                        {ox.Quad(*one, WORLD) for one in (set(removed) - set(added)) & held})
        return checking.outcome(self.store, effect, checking.Guard.of(self.over.plan))

    def report(self, outcome: checking.Outcome) -> Report:
        """What the guard says of a change."""
        focus = {name: list(map(str, nodes)) for name, nodes in outcome.focus.items()}
        return self.over.verdict(Proposal(outcome.effect, outcome.effect, focus, list(outcome.read), outcome.dangling))

    def data(self) -> set[ox.Triple]:
        """The asserted data."""
        return self.graph(WORLD)

    def graph(self, name: ox.NamedNode | ox.DefaultGraph) -> set[ox.Triple]:
        """The triples of a graph."""
        return {quad.triple for quad in self.store.quads_for_pattern(None, None, None, name)}


@functools.lru_cache(maxsize=4)
def built(data: tuple[ox.Triple, ...], ontology: tuple[ox.Triple, ...]) -> frozenset[ox.Quad]:
    """What a build makes of data and an ontology."""
    following = reason.inferred(data, ontology)
    stated = [ox.Quad(*one, graph) for triples, graph in ((data, WORLD), (ontology, TERMS), (following, FOLLOWING))
              for one in triples]
    return frozenset([*stated, *(ox.Quad(*one.triple) for one in stated)])


@functools.cache
def shipped() -> guard.Guard:
    """The guard of the shipped shapes and ontology."""
    return guard.Guard.of(small.shipped("shapes"), small.shipped("ontology"))


@functools.cache
def of_the_world() -> guard.Guard:
    """The guard of the shipped shapes, and of that part of the shipped ontology that the good world speaks of."""
    said: dict[object, list[ox.Triple]] = defaultdict(list)
    for triple in small.shipped("ontology"):
        said[triple.subject].append(triple)
    spoken: set[object] = set()
    waiting: list[object] = [term for triple in small.good() for term in triple]
    while waiting:
        term = waiting.pop()
        if term not in spoken:
            spoken.add(term)
            waiting += [one.object for one in said.get(term, ())]
    kept = [one for one in small.shipped("ontology") if one.subject in spoken or one.predicate in AXIOMS]
    return guard.Guard.of(small.shipped("shapes"), kept)


@functools.cache
def of(shapes: str, ontology: str) -> guard.Guard:
    """The guard of shapes and an ontology in Turtle."""
    return guard.Guard.of(small.triples(shapes), small.triples(ontology))
