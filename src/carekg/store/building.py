"""What a build does on disk: a new generation, what it has changed, and the history that names it in the end."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Final

import pyoxigraph as ox

from carekg import errors
from carekg.reader.effect import Effect
from carekg.store import Manifest
from carekg.store.generations import REACHED, Generations
from carekg.store.history import FOLDER, About, Entry, History, built, provenance, replay
from carekg.store.history.packing import Packed
from carekg.terms import BASE

UNION: Final = ox.DefaultGraph()

STATED: Final = tuple(f"{BASE}graph/{part}/" for part in ("ontology", "shapes", "data"))
"""The graphs of what is stated; all others are made of these."""


class Building:
    """Writes generations for one who holds the writer's lock."""

    def __init__(self, generations: Generations, history: History) -> None:
        self.generations, self.history = generations, history

    def replace(self, quads: Sequence[bytes], manifest: Manifest, about: About, kept: Effect) -> None:
        """Make a generation of N-Quads, and have the history name it, with what it has changed.

        :param kept: what stewards have stated and withdrawn beyond the folder that they were made from.
        """
        before = self._whole_before()
        said = ox.serialize(self.history.provenance(), format=ox.RdfFormat.N_QUADS) or b""
        name = self.generations.make([*quads, b"" if manifest.plain else said], union=not manifest.plain)
        stated, beyond = self._differences(before, name, plain=manifest.plain)
        entry = None
        if stated.terms or beyond.terms:
            made = self.history.next(replace(about, how=FOLDER), Effect())
            entry = built(made, stated, manifest.triples)
            self._note(name, entry, stated, beyond, plain=manifest.plain)
        self.generations.note(name, entry.number if entry else self.history.last())
        self.history.build(entry, stated, beyond, {"name": name, "manifest": asdict(manifest)}, kept)
        self.generations.sweep(name, before)  # readers may still be loading the one before

    def made_anew(self) -> str:
        """Have a generation that the history gives in place of one that cannot be read; give its name."""
        plain = self.history.is_plain()
        lines = replay.after(self.history).dump(format=ox.RdfFormat.N_QUADS) or b""
        name = self.generations.make([lines], union=not plain)
        self.generations.note(name, self.history.last())
        self.history.serve(name)
        return name

    def write_through(self, name: str, latest: Effect | None = None) -> None:
        """Do to the quads on disk what the history has beyond them.

        :param latest: what the last change does, where that is at hand.
        """
        reached, last = self.reached(name), self.history.last()
        if latest is not None and last == reached + 1:
            self.generations.catch_up(name, [(last, latest)])
        elif last > reached:
            self.generations.catch_up(name, self.history.effects(reached))

    def reached(self, name: str) -> int:
        """Give the number of the last change that the quads on disk have seen, surely those before they were made."""
        served = self.history.served()
        return max(self.generations.reached(name), served["made"] if served["name"] == name else 0)

    def _whole_before(self) -> str:
        """Give the generation that is served, caught up with the history, made anew where it cannot be read."""
        before = str(self.history.served().get("name", ""))
        if not before:
            self._refuse_without_history()
            return ""
        with contextlib.suppress(errors.StoreError):
            self.write_through(before)
        return before if self.generations.is_whole(before) else self.made_anew()

    def _refuse_without_history(self) -> None:
        """Refuse to build over quads whose history is gone: they may be all that is left of what stewards stated.

        :raises WouldLose: there are some.
        """
        left = [place for place in self.generations.path.glob("generation-*") if (place / REACHED).exists()]
        if left:
            raise errors.WouldLose(f"the quads of a graph in {left[0].name}, and its history is gone, so that a backup "
                                   "is to be restored", "a new graph")

    def _differences(self, before: str, name: str, *, plain: bool) -> tuple[Packed, Packed]:
        """Give the rows by which a generation became another: of what is stated, and of what is made of that."""
        stated, beyond = Packed(), Packed()
        for graph, rows in self.generations.differences(before, name):
            if graph == UNION and not plain:
                continue
            part = stated if plain or getattr(graph, "value", "").startswith(STATED) else beyond
            for row in rows:
                part.add(row)
        return stated, beyond

    def _note(self, name: str, entry: Entry, stated: Packed, beyond: Packed, *, plain: bool) -> None:
        """Write into a generation what made it."""
        if plain:
            return
        said = provenance.quads(entry, {term for term in stated.terms if term.startswith(f"<{BASE}graph/")})
        for row in Effect(set(said)).as_patch().splitlines(keepends=True):
            beyond.add(row)
        self.generations.catch_up(name, [(entry.number, Effect(united(said)))])


def united(quads: Sequence[ox.Quad]) -> set[ox.Quad]:
    """Give quads with their triples in the union of all graphs."""
    return {*quads, *(ox.Quad(quad.subject, quad.predicate, quad.object) for quad in quads)}
