"""Single files of a folder, checked in the context of the rest: what is wrong with each, and on which line.

What a file of data states, and what it stated when it was committed last, is judged as a change to the rest would be:
the things whose verdict can depend on it. Where the vocabulary or the shapes are among the files, everything is
validated.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from carekg import committed, errors, folder, lint, query, reports, validation
from carekg.change.guard import Guard
from carekg.reader import checking
from carekg.store import Effect
from carekg.terms import compact
from carekg.validation import Report

SPOT: Final = re.compile(r"([^:]+\.[a-z]+)(?::(\d+))?(?::(\d+))?: ")
"""The place with which a sentence may begin."""


@dataclass(frozen=True)
class Problem:
    """What is wrong: in which file of the folder, on which line and in which column where that is known.

    ``kind`` is ``broken``, ``unknown``, ``violation`` or ``warning``.
    """

    path: Path
    line: int | None
    column: int | None
    text: str
    kind: str

    @property
    def blocks(self) -> bool:
        """Say whether nothing can be built with it."""
        return self.kind != "warning"


def inspected(root: Path, files: Sequence[Path]) -> list[Problem]:
    """Give what is wrong with some files of a folder, or through them with others.

    :param files: by their paths below the root.
    :raises BrokenFile: another file of the folder cannot be read.
    """
    broken = list(_broken(root, files))
    if broken:
        return broken
    read = folder.load(root)
    texts = {file.stem: read.queries[file.stem].read_text(encoding="utf-8")
             for file in files if file.suffix == ".rq"}
    unknown = [_told(one, "unknown") for one in lint.problems(read, texts)]
    return sorted([*unknown, *_violations(read, files)], key=lambda one: (str(one.path), one.line or 0, one.text))


def _broken(root: Path, files: Iterable[Path]) -> Iterator[Problem]:
    """Give a problem for each file that cannot be read as what it is."""
    for file in files:
        try:
            if file.suffix == ".rq":
                query.catalogue({file.stem: root / file})
            else:
                folder.read(root / file, root)
        except errors.BrokenFile as error:
            yield Problem(file, error.line, error.column, f"{error.what}.", "broken")


def _told(sentence: str, kind: str) -> Problem:
    """Give the problem that a sentence tells."""
    place = SPOT.match(sentence)
    if place is None:
        return Problem(Path(), None, None, sentence, kind)
    line, column = (int(part) if part else None for part in place.groups()[1:])
    return Problem(Path(place[1]), line, column, f"{sentence[place.end():]}.", kind)


def _violations(read: folder.Folder, files: Sequence[Path]) -> Iterator[Problem]:
    """Give what the shapes say of the files."""
    if all(file.suffix == ".rq" for file in files):
        return
    report, named = _report(read, files)
    whole = validation.as_graph(quad.triple for quad in named) if report.results else None
    told = reports.told(report, stated=Effect(added=named), where=partial(_place, read), data=whole)
    for group in told.groups:
        for line in group.lines:
            place = _told(f"{line.where.text}: " if line.where else "", "")
            shape = f" [{compact(line.shape)}]" if line.shape else ""
            path = f"{line.path}: " if line.path else ""
            yield Problem(place.path, place.line, None, f"{group.label}: {path}{line.says()}{shape}",
                          "violation" if line.blocks else "warning")


def _place(read: folder.Folder, subject: str, predicate: str, value: str) -> str | None:
    return read.where(subject, predicate, value) or None


def _report(read: folder.Folder, files: Sequence[Path]) -> tuple[Report, set[ox.Quad]]:
    """Validate what can depend on some files, or everything; give also the quads that names are taken from."""
    shapes, ontology, data = ([triple for file in part for triple in file.triples]
                              for part in (read.shapes, read.ontology, read.data))
    named = {ox.Quad(*triple) for triple in chain(ontology, data)}
    guard = Guard.of(shapes, ontology)
    if guard.plan["whole"] or any(file.parts[0] != "data" and file.suffix != ".rq" for file in files):
        return validation.report(chain(ontology, data), shapes), named
    paths = {read.path / file for file in files}
    store, added, before = ox.Store(), set(), set()
    for one in (*read.ontology, *read.data):
        quads = _quads(one.triples, one.graph)
        if one.path in paths:
            added.update(quads)
            before.update(_quads(committed.triples(one.path.resolve()), one.graph))
        else:
            store.extend(quads)
    removed = before - added
    store.extend(removed)
    plan = checking.Guard.of(guard.plan | {"rules": []})  # what follows is not judged
    found = checking.outcome(store, Effect(added, removed), plan)
    focus = {name: [str(node) for node in nodes] for name, nodes in found.focus.items()}
    return guard.judge.report(found.read, focus), named


def _quads(triples: Iterable[ox.Triple], graph: str) -> list[ox.Quad]:
    name = ox.NamedNode(graph)
    return [ox.Quad(one.subject, one.predicate, one.object, name) for one in triples]
