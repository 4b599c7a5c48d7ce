"""A first judge of many things at once, some thirty times as fast as pyshacl: it finds the few that are worth a look.

pyshacl has the last word on whatever the first judge finds wrong. What that finds right is taken as right: it let
nothing pass in the broken files of the tests, and in graphs made up at random under every kind of shape. So that a
shape under which it would is noticed, pyshacl judges everything as well the first time, and now and then; from then on
it judges alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import pyoxigraph as ox
import shifty

MANY: Final = 1000
"""Things to be judged for which a first judge is worth it."""

EACH: Final = 100
"""Judgements of which one is made by both."""

Focus = Mapping[str, Sequence[str]]


class FirstJudge:
    """Shapes that are compiled once; ``trusted`` until it passes what pyshacl does not."""

    def __init__(self, shapes: Iterable[ox.Triple]) -> None:
        self.trusted = True
        self._turn = 0
        try:
            self._judge = shifty.PreparedValidator(ox.serialize(shapes, format=ox.RdfFormat.N_TRIPLES) or b"")
            self.trusted = not self._judge.diagnostics
        except (ValueError, RuntimeError):
            self.trusted = False

    def suspects(self, data: Iterable[ox.Triple], focus: Focus) -> set[str] | None:
        """Give the things that may break a shape, as N-Triples writes them; None where it is for pyshacl to say."""
        nodes = {node for named in focus.values() for node in named}
        if not self.trusted or len(nodes) < MANY:
            return None
        found = self.suspects_in(data)
        if found is None:
            return None
        blank = {node for node in nodes if node.startswith("_:")}  # it may call them otherwise
        return (found & nodes) | blank

    def suspects_in(self, data: Iterable[ox.Triple]) -> set[str] | None:
        """Give the things of a whole graph that may break a shape; None where it is for pyshacl to say."""
        lines = ox.serialize(data, format=ox.RdfFormat.N_TRIPLES) or b""
        try:
            found = self._judge.validate_algebra(lines, graph_mode="data", infer=False, on_unsupported="error",
                                                 sort_results=False) if self.trusted else None
        except (ValueError, RuntimeError):
            self.trusted, found = False, None
        return None if found is None else {one.focus_node for one in found.violations}

    def is_turn(self) -> bool:
        """Say whether both are to judge this time: the first time, and now and then."""
        self._turn += 1
        return self._turn % EACH == 1

    def compare(self, suspects: set[str], wrong: Iterable[str]) -> None:
        """Trust the first judge no more where it has passed what is wrong."""
        self.trusted = self.trusted and suspects.issuperset(wrong)
