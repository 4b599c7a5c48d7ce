"""Which statements a change makes and withdraws, where graphs have an owner and the default graph is their union."""

from __future__ import annotations

from typing import Final

import pyoxigraph as ox

from carekg.reader.checking.view import View, quad
from carekg.reader.effect import Effect

UNION: Final = ox.DefaultGraph()
TYPE: Final = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")


class Derived(Exception):
    """A change touches what is made, or files: ``graph IRI``, ``triple SUBJECT PREDICATE OBJECT``, ``term IRI``."""


def undo(store: ox.Store, change: Effect) -> None:
    """Have a store be as it was before a change."""
    for one in change.added:
        store.remove(one)
    store.extend(change.removed)
    for graph, there in change.graphs.items():
        if there and next(store.quads_for_pattern(None, None, None, graph), None) is None:
            store.remove_graph(graph)


def stated(store: ox.Store, change: Effect, writable: tuple[str, ...], home: str, inferred: str) -> Effect:
    """Give a change as quads of the graphs that may be written.

    What is added without a graph goes to ``home``; what is removed without one goes from every graph that states it.

    :raises Derived: it adds to or removes from a graph that is made of others or of files.
    """
    view = View(store, writable)
    made = (UNION, ox.NamedNode(inferred))
    found = Effect()
    for one in change.added:
        if one.graph_name != UNION:
            _refuse(view, one)
            found.added.add(one)
        elif one.triple not in view:
            found.added.add(quad(one.triple, ox.NamedNode(home)))
    for one in change.removed:
        if one.graph_name != UNION:
            _refuse(view, one)
            found.removed.add(one)
        else:
            here = list(store.quads_for_pattern(one.subject, one.predicate, one.object, None))
            if any(each.graph_name not in made and not view.holds(each.graph_name) for each in here):
                raise Derived(f"triple {one.triple}")  # it stays in a graph that is made of files
            found.removed.update(each for each in here if view.holds(each.graph_name))
    return found


def refuse_what_stays(store: ox.Store, change: Effect) -> None:
    """Refuse a change that was to remove from the union of all graphs what is in it even so.

    :raises Derived: such as what follows from statements that stay.
    """
    for one in change.removed:
        if one.graph_name == UNION and one in store:
            raise Derived(f"triple {one.triple}")


def refuse_of_files(files: View, change: Effect) -> None:
    """Refuse to add to what files alone describe, the vocabulary: rules and shapes were read from it.

    :raises Derived: a change does.
    """
    for subject in {one.subject for one in change.added}:
        if isinstance(subject, ox.NamedNode) and next(files.triples(subject), None) is not None:
            raise Derived(f"term {subject}")


def _refuse(view: View, one: ox.Quad) -> None:
    if not view.holds(one.graph_name):
        raise Derived(f"graph {one.graph_name}")


def dangling(view: View, added: set[ox.Triple], removed: set[ox.Triple], ours: tuple[str, ...]) -> dict[str, str]:
    """Give the IRIs of our own that are spoken of and not described, each with one thing that speaks of it.

    A thing of which something is said, but not of which class it is, is described by nobody: no shape would look at it.

    :param view: the graph as the change leaves it.
    """
    spoken = {term.value: str(one.subject) for one in added for term in (one.predicate, one.object)
              if isinstance(term, ox.NamedNode) and term.value.startswith(ours)}
    for subject in {one.subject for one in removed}:
        if isinstance(subject, ox.NamedNode) and subject.value.startswith(ours):
            last = next(view.triples(None, None, subject), None) or next(view.triples(None, subject, None), None)
            if last is not None:
                spoken[subject.value] = str(last.subject)
    unclear = {one.subject.value: str(one.subject) for one in (*added, *removed)
               if isinstance(one.subject, ox.NamedNode) and one.subject.value.startswith(ours)
               and next(view.triples(one.subject), None) and not next(view.triples(one.subject, TYPE), None)}
    return {**{iri: by for iri, by in spoken.items() if next(view.triples(ox.NamedNode(iri)), None) is None}, **unclear}
