"""What follows from a change by the rules of an ontology, and what no longer does: delete, derive again, add.

The algorithm is DRed (Gupta, Mumick and Subrahmanian, 1993): all that was derived with the help of what went is taken
away, what still follows in another way is put back, and what the new triples lead to is added. A rule is
``{"body": [PATTERN...], "head": PATTERN}``; a pattern has three places, each a variable such as ``?s`` or a term as
N-Triples writes it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any, Final

import pyoxigraph as ox

from carekg.reader.checking.view import Term, View, quad

Bound = dict[str, Term]
Pattern = tuple[Any, Any, Any]
TYPE: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"


class Rules:
    """The rules, found by what a triple may match in their bodies and in their heads."""

    def __init__(self, rules: Iterable[dict[str, Any]]) -> None:
        self._reading: dict[tuple[str, str], list[tuple[list[Pattern], int, Pattern]]] = defaultdict(list)
        self._making: dict[tuple[str, str], list[tuple[list[Pattern], Pattern]]] = defaultdict(list)
        for rule in rules:
            body, head = [_pattern(one) for one in rule["body"]], _pattern(rule["head"])
            self._making[_key(head)].append((body, head))
            for place, pattern in enumerate(body):
                self._reading[_key(pattern)].append((body, place, head))

    def consequences(self, view: View, triple: ox.Triple) -> Iterator[ox.Triple]:
        """Give what follows in one step from a triple together with what the view has."""
        for key in _keys(triple):
            for body, place, head in self._reading.get(key, ()):
                bound = _matched(body[place], triple, {})
                if bound is not None:
                    rest = body[:place] + body[place + 1:]
                    for solution in list(_solutions(view, rest, bound)):
                        yield from _made(head, solution)

    def follows(self, view: View, triple: ox.Triple) -> bool:
        """Say whether a triple follows in one step from what the view has."""
        for key in _keys(triple):
            for body, head in self._making.get(key, ()):
                bound = _matched(head, triple, {})
                if bound is not None and next(_solutions(view, body, bound), None) is not None:
                    return True
        return False


class Closure:
    """A store whose graph of inferences is kept right while triples come and go."""

    def __init__(self, store: ox.Store, rules: Rules, asserted: View, whole: View, inferred: str) -> None:
        self.store, self.rules, self.asserted, self.whole = store, rules, asserted, whole
        self.graph = ox.NamedNode(inferred)
        self.gone: set[ox.Triple] = set()
        self.come: set[ox.Triple] = set()

    def without(self, removed: Iterable[ox.Triple]) -> None:
        """Take away what rests on triples that are about to be asserted no longer: called before they go."""
        suspects: set[ox.Triple] = set()
        waiting = list(removed)
        while waiting:
            for made in self.rules.consequences(self.whole, waiting.pop()):
                if made not in suspects and self._is_inferred(made):
                    suspects.add(made)
                    waiting.append(made)
        for one in suspects:
            self._take(one)

    def settle(self, removed: Iterable[ox.Triple], added: Iterable[ox.Triple]) -> None:
        """Put back what still follows, and add what follows anew: called once the asserted triples are as they will be.

        A triple that is asserted is not inferred as well, and one that is asserted no longer may be inferred.
        """
        for one in added:
            if self._is_inferred(one):
                self._take(one)
        lost = [one for one in {*self.gone, *removed} if one not in self.whole]
        fresh = [one for one in lost if self.rules.follows(self.whole, one)]
        for one in fresh:
            self._put(one)
        waiting = [*fresh, *added]
        while waiting:
            for made in self.rules.consequences(self.whole, waiting.pop()):
                if made not in self.whole:
                    self._put(made)
                    waiting.append(made)

    def _is_inferred(self, triple: ox.Triple) -> bool:
        return quad(triple, self.graph) in self.store

    def _take(self, triple: ox.Triple) -> None:
        self.store.remove(quad(triple, self.graph))
        self.come.discard(triple) if triple in self.come else self.gone.add(triple)

    def _put(self, triple: ox.Triple) -> None:
        self.store.add(quad(triple, self.graph))
        self.gone.discard(triple) if triple in self.gone else self.come.add(triple)


def _solutions(view: View, body: list[Pattern], bound: Bound) -> Iterator[Bound]:
    """Give the bindings under which the view has a triple for each pattern, the most bound pattern first."""
    if not body:
        yield bound
        return
    first = max(body, key=lambda one: sum(not isinstance(term, str) or term in bound for term in one))
    rest = [one for one in body if one is not first]
    places = [bound.get(term) if isinstance(term, str) else term for term in first]
    for triple in view.triples(*places):
        found = _matched(first, triple, bound)
        if found is not None:
            yield from _solutions(view, rest, found)


def _matched(pattern: Pattern, triple: ox.Triple, bound: Bound) -> Bound | None:
    """Give the bindings with which a pattern is a triple, or None where it is not."""
    found = dict(bound)
    for term, value in zip(pattern, triple, strict=True):
        if isinstance(term, str):
            if found.setdefault(term, value) != value:
                return None
        elif term != value:
            return None
    return found


def _made(head: Pattern, bound: Bound) -> Iterator[ox.Triple]:
    places: list[Any] = [bound[term] if isinstance(term, str) else term for term in head]
    subject, predicate, value = places
    if not isinstance(subject, ox.Literal):  # nothing is said of a literal
        yield ox.Triple(subject, predicate, value)


def _pattern(places: Iterable[str]) -> Pattern:
    subject, predicate, value = (place if place.startswith("?") else _term(place) for place in places)
    return subject, predicate, value


def _term(text: str) -> Term:
    (parsed,) = ox.parse(f"<x:s> <x:p> {text} .", ox.RdfFormat.N_TRIPLES)
    value: Term = parsed.object
    return value


def _key(pattern: Pattern) -> tuple[str, str]:
    """Give the predicate of a pattern, and the class where it is about a type."""
    predicate = pattern[1].value
    is_class = predicate == TYPE and not isinstance(pattern[2], str)
    return predicate, str(pattern[2]) if is_class else ""


def _keys(triple: ox.Triple) -> list[tuple[str, str]]:
    predicate = triple.predicate.value
    return [(predicate, ""), (predicate, str(triple.object))] if predicate == TYPE else [(predicate, "")]
