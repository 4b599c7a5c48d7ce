"""What a change does to a guarded graph: worked out on a copy of the snapshot, at a cost that follows the change.

From the quads that somebody adds and removes come those that follow from them, the union of all graphs as it will be,
the things whose verdict can be another, and all that has to be read to reach it. Nothing is judged here.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import pyoxigraph as ox

from carekg.reader.checking import reach, stating
from carekg.reader.checking.following import Closure, Rules
from carekg.reader.checking.marking import Marks
from carekg.reader.checking.view import Term, View, quad
from carekg.reader.effect import Effect


@dataclass(frozen=True)
class Guard:
    """What stands over a graph: the rules, what each shape reads, and which graphs are asserted and inferred.

    Only the ``writable`` ones of those that are asserted may be changed; ``home`` is where a statement goes that names
    no graph; an IRI that begins with one of ``ours`` has to be described before anything speaks of it.
    """

    rules: Rules
    shapes: dict[str, dict[str, Any]]
    asserted: tuple[str, ...]
    inferred: str
    writable: tuple[str, ...] = ()
    home: str = ""
    ours: tuple[str, ...] = ()
    marks: Marks = field(default_factory=lambda: Marks({}), compare=False)

    @classmethod
    def of(cls, plan: dict[str, Any]) -> Guard:
        """Read a guard from what was sent."""
        return cls(Rules(plan["rules"]), plan["shapes"], tuple(plan["asserted"]), plan["inferred"],
                   tuple(plan["writable"]), plan["home"], tuple(plan["ours"]), Marks(plan["shapes"]))


@dataclass(frozen=True)
class Outcome:
    """The whole effect of a change, the nodes that each shape has to judge, and the triples that this takes.

    ``dangling`` are the IRIs that would be spoken of and described nowhere, each with one thing that speaks of it.
    """

    effect: Effect
    focus: dict[str, set[Term]]
    read: set[ox.Triple]
    dangling: dict[str, str]


def judged(store: ox.Store, change: Effect, guard: Guard) -> tuple[Effect, Outcome]:
    """Give the statements that a change makes, which the store has seen already, and what they come to.

    :raises Derived: it changes what is not stated.
    """
    stating.undo(store, change)
    stated = stating.stated(store, change, guard.writable, guard.home, guard.inferred)
    files = [one for one in guard.asserted if one not in guard.writable]
    stating.refuse_of_files(View(store, files), stated)
    found = outcome(store, stated, guard)
    stating.refuse_what_stays(store, change)
    return stated, found


def outcome(store: ox.Store, change: Effect, guard: Guard) -> Outcome:
    """Do a change to a store, with all that follows from it, and give what that comes to.

    :param change: quads of asserted graphs; what is added is not there, and what is removed is.
    """
    asserted = View(store, guard.asserted)
    closure = Closure(store, guard.rules, asserted, View(store, (*guard.asserted, guard.inferred)), guard.inferred)
    focus: dict[str, set[Term]] = {name: set() for name in guard.shapes}
    removed, added = _triples(asserted, change)
    guard.marks.mark(focus, asserted, removed)
    closure.without(removed)
    before = _filled(store, change)
    asserted.know(added)
    change.apply(store)
    change.graphs |= {name: there for name, there in _filled(store, change).items() if there != before[name]}
    guard.marks.mark(focus, asserted, added)
    closure.settle(removed, added)
    graph = ox.NamedNode(guard.inferred)
    whole = Effect({*change.added, *(quad(one, graph) for one in closure.come)},
                   {*change.removed, *(quad(one, graph) for one in closure.gone)}, dict(change.graphs))
    _unite(store, whole)
    read: set[ox.Triple] = set()
    guard.marks.keep_targets(focus, asserted)
    for name, nodes in focus.items():
        reach.gather(asserted, guard.shapes[name]["reads"], nodes, read)
    return Outcome(whole, {name: nodes for name, nodes in focus.items() if nodes}, read,
                   stating.dangling(asserted, added, removed, guard.ours))


def _triples(asserted: View, change: Effect) -> tuple[set[ox.Triple], set[ox.Triple]]:
    """Give the triples that are asserted no longer, and those that were not before."""
    added = {one.triple for one in change.added if asserted.holds(one.graph_name)}
    gone = Counter(one.triple for one in change.removed if asserted.holds(one.graph_name))
    there = {triple: sum(1 for _ in asserted.triples(*triple)) for triple in gone}
    return ({triple for triple, count in gone.items() if there[triple] == count and triple not in added},
            {triple for triple in added if triple not in asserted})


def _filled(store: ox.Store, change: Effect) -> dict[ox.NamedNode, bool]:
    """Say of each named graph that a change touches whether it has a triple."""
    names = {one.graph_name for one in (*change.added, *change.removed)}
    return {name: next(store.quads_for_pattern(None, None, None, name), None) is not None
            for name in names if isinstance(name, ox.NamedNode)}


def _unite(store: ox.Store, whole: Effect) -> None:
    """Have the default graph be the union of the others, each triple once."""
    there = {one.triple for one in whole.added}
    gone = {one.triple for one in whole.removed} - there
    whole.add_all((quad(triple, ox.DefaultGraph()) for triple in there), store)
    for triple in gone:
        elsewhere = store.quads_for_pattern(triple.subject, triple.predicate, triple.object, None)
        if all(isinstance(one.graph_name, ox.DefaultGraph) for one in elsewhere):
            whole.remove(quad(triple, ox.DefaultGraph()), store)
