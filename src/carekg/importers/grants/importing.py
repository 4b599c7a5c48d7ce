"""Batches of grants become changes, one after another: each is checked whole by the guard, and kept whole or not.

A change says in its reason which grants of which file it holds, so that the history itself tells up to where an import
came: where it was broken off, by a kill or a full disk, it goes on behind the last grant that is kept.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final

import pyoxigraph as ox

from carekg import change, errors
from carekg.change import undo
from carekg.change.guard import Guard
from carekg.importers.grants import known, mapping, naming
from carekg.importers.grants.bodies import Bodies
from carekg.importers.grants.checking import Checked
from carekg.importers.grants.documents import Document, Documents
from carekg.importers.grants.reading import Source
from carekg.importers.grants.rules import Read, Rules
from carekg.importers.grants.seen import Seen
from carekg.reader.checking.view import quad
from carekg.store import About, Entry, Store

HOW: Final = "grants"
"""What the history calls the way by which grants came."""

BATCH: Final = 1000
"""Grants that make one change."""

REASON: Final = re.compile(r"Grants ([\d,]+) to ([\d,]+) of .* \[([0-9a-f]{16})\]", re.DOTALL)
UNDONE: Final = re.compile(undo.HOW.format("([0-9]+)"))

ATTEMPTS: Final = 5
"""How often a batch is worked out anew because others have changed the same meanwhile."""

MOST: Final = 1000
"""Changes of the history that are looked through at once."""


@dataclass
class Tally:
    """How far an import is: the number of the last grant, and what came of them.

    ``moved`` awards rested on another document before, such as ``moved_from``; ``retold`` documents were there, and
    told otherwise.
    """

    last: int = 0
    done: int = 0
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    bodies_made: int = 0
    bodies_matched: int = 0
    elsewhere: int = 0
    moved: int = 0
    moved_from: str = ""
    retold: set[str] = field(default_factory=set)
    changes: list[int] = field(default_factory=list)


@dataclass
class Difference:
    """What a batch adds and removes, how many awards are new and how many changed; ``source`` is of its last grant."""

    mapper: mapping.Mapper
    source: ox.NamedNode
    added: set[ox.Quad] = field(default_factory=set)
    removed: set[ox.Quad] = field(default_factory=set)
    new: int = 0
    changed: int = 0
    moved: list[str] = field(default_factory=list)
    retold: set[str] = field(default_factory=set)

    def take(self, said: set[ox.Triple], then: set[ox.Quad], graph: ox.NamedNode) -> bool:
        """Take in what is to be stated of something in a graph, with what goes along, and say whether it differs.

        :param then: what is stated of it.
        """
        now = {quad(triple, graph) for triple in said}
        self.added |= now - then
        self.removed |= then - now
        self.added |= {quad(triple, graph) for triple in self.mapper.shared}
        self.mapper.shared.clear()
        return now != then


Told = Callable[[Tally], None]


@dataclass
class Importer:
    """An import of a file into a store, under its guard; ``who`` does it, and ``digest`` is the file's."""

    source: Source
    documents: Documents
    store: Store
    over: Guard | None
    who: str
    digest: str
    batch: int = BATCH
    tally: Tally = field(default_factory=Tally)

    def run(self, rules: Rules, after: int, told: Told, *, preview: bool = False) -> Tally:
        """Import the grants that are right and come after a number.

        :param told: called after each batch.
        :param preview: nothing is changed; what would come of it is told.
        :raises InvalidGraph: the guard refuses a batch; those before it are kept.
        """
        self.tally.last = after
        self._places = known.places(self.store)
        with Seen() as seen, Seen() as self._bodies:
            grants = Checked(self.source, rules, None).right(seen, after)
            for batch in _batches(grants, self.batch):
                self._import(batch, preview=preview)
                told(self.tally)
        return self.tally

    def came_to(self) -> int:
        """Give the number of the last grant of this file that an import has kept; nought where none has.

        Behind a batch that was undone nothing counts as kept.
        """
        undone: set[int] = set()
        came: int | None = None
        for one in self._entries():
            took_back = UNDONE.fullmatch(one.about.how)
            found = REASON.fullmatch(one.about.why) if one.about.how == HOW else None
            if took_back and one.number not in undone:
                undone.add(int(took_back[1]))
            elif found and found[3] == self.digest[:16]:
                first, last = (int(number.replace(",", "")) for number in found.group(1, 2))
                came = first - 1 if one.number in undone else last if came is None else came
        return came or 0

    def _entries(self) -> Iterator[Entry]:
        """Give the entries of the history, the last first."""
        before = 0
        while entries := self.store.history.entries(before=before, most=MOST):
            yield from entries
            before = entries[-1].number

    def _import(self, batch: list[tuple[int, Read]], *, preview: bool) -> None:
        """Make a batch a change, on the graph as it is after others have changed the same meanwhile."""
        for attempt in itertools.count(1):
            against = self.store.history.last()
            found = self._difference([one.said for _, one in batch])
            about = self._about(batch[0][0], batch[-1][0], found.source)
            one = change.Change.of(found.added, found.removed, about, against)
            try:
                self._keep(one, preview=preview)
                break
            except errors.Overtaken:
                if attempt == ATTEMPTS:
                    raise
        self._count(found, batch[-1][0], len(batch))

    def _difference(self, grants: list[mapping.Grant]) -> Difference:
        """Give what the graph lacks of what some grants say, and what it has that they say otherwise."""
        mapper = self._mapper(grants)
        before = known.stated(self.store, [one["id"] for one in grants])
        found = Difference(mapper, self.documents.of(grants[-1]).source)
        told: set[Document] = set()
        for grant in grants:
            document = self.documents.of(grant)
            if document not in told:
                told.add(document)
                then = known.of_source(self.store, document.source)
                if found.take(mapper.document(document), then, document.graph) and then:
                    found.retold.add(document.source.value)
            then = before.get(naming.award(grant["id"]), set())
            differs = found.take(mapper.award(grant, document), then, document.graph)
            found.new += not then
            found.changed += differs and bool(then)
            found.moved += _others(then, document.source)
        return found

    def _mapper(self, grants: list[mapping.Grant]) -> mapping.Mapper:
        """Give what turns these grants into triples, knowing what the graph has of what they name."""
        bodies = Bodies()
        mapper = mapping.Mapper(bodies, self._places)
        named = [one for grant in grants for name in ("fundingOrganization", "recipientOrganization")
                 for one in grant.get(name, ())]
        publishers = {document.body["id"]: document.body for document in map(self.documents.of, grants)}
        known.add_bodies(self.store, bodies, [*named, *publishers.values()])
        known.add_programmes(self.store, bodies, filter(None, {mapping.programme(grant) for grant in grants}))
        return mapper

    def _about(self, first: int, last: int, source: ox.NamedNode) -> About:
        name = " ".join(self.source.path.name.split())
        return About(self.who, f"Grants {first:,} to {last:,} of {name} [{self.digest[:16]}]", source.value, HOW)

    def _keep(self, one: change.Change, *, preview: bool) -> None:
        """Make a change; or, for a preview, only hold it against the guard.

        :raises InvalidGraph, UnknownThings: it cannot be made.
        :raises Overtaken: others have changed the same since it was worked out.
        """
        if not preview:
            made = change.commit(one, self.store, self.over)
            self.tally.changes += [made.number] if made.number else []
        elif self.over:
            change.tried(one, self.store, self.over).raise_for_problems()

    def _count(self, found: Difference, last: int, grants: int) -> None:
        tally, bodies = self.tally, found.mapper.bodies
        tally.last, tally.done = last, tally.done + grants
        tally.added += found.new
        tally.changed += found.changed
        tally.unchanged += grants - found.new - found.changed
        tally.bodies_made += self._first(bodies.made, last)
        tally.bodies_matched += self._first(bodies.matched, last)
        tally.retold |= found.retold
        tally.moved += len(found.moved)
        tally.moved_from = tally.moved_from or next(iter(found.moved), "")
        tally.elsewhere += found.mapper.elsewhere

    def _first(self, identifiers: set[str], last: int) -> int:
        """Give how many organisations no batch before this has named."""
        return sum(self._bodies.first(one, last) == last for one in identifiers)


def _others(then: set[ox.Quad], source: ox.NamedNode) -> list[str]:
    """Give the document on which an award has rested, where that is another; of several one."""
    found = sorted(one.object.value for one in then if one.predicate == naming.CARE.isFrom
                   and isinstance(one.object, ox.NamedNode))
    return found[:1] if source.value not in found else []


def _batches(grants: Iterator[tuple[int, Read]], size: int) -> Iterator[list[tuple[int, Read]]]:
    while batch := list(itertools.islice(grants, size)):
        yield batch
