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

from carekg import change
from carekg.change.guard import Guard
from carekg.importers.grants import known, mapping, naming
from carekg.importers.grants.bodies import Bodies
from carekg.importers.grants.checking import Checked
from carekg.importers.grants.documents import Documents
from carekg.importers.grants.reading import Source
from carekg.importers.grants.rules import Read, Rules
from carekg.importers.grants.seen import Seen
from carekg.reader.checking.view import quad
from carekg.store import About, Store

HOW: Final = "grants"
"""What the history calls the way by which grants came."""

BATCH: Final = 1000
"""Grants that make one change."""

REASON: Final = re.compile(r"Grants ([\d,]+) to ([\d,]+) of .* \[([0-9a-f]{16})\]", re.DOTALL)
MOST: Final = 1000
"""Changes of the history that are looked through at once."""


@dataclass
class Tally:
    """How far an import is: the number of the last grant, and what came of them."""

    last: int = 0
    done: int = 0
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    bodies_made: int = 0
    bodies_matched: int = 0
    elsewhere: int = 0
    changes: list[int] = field(default_factory=list)


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
        with Seen() as seen:
            grants = Checked(self.source, rules, None).right(seen, after)
            for batch in _batches(grants, self.batch):
                self._import(batch, preview=preview)
                told(self.tally)
        return self.tally

    def came_to(self) -> int:
        """Give the number of the last grant of this file that an import has kept; nought where none has."""
        before = 0
        while entries := self.store.history.entries(before=before, most=MOST):
            for one in entries:
                found = REASON.fullmatch(one.about.why) if one.about.how == HOW else None
                if found and found[3] == self.digest[:16]:
                    return int(found[2].replace(",", ""))
            before = entries[-1].number
        return 0

    def _import(self, batch: list[tuple[int, Read]], *, preview: bool) -> None:
        grants = [one.said for _, one in batch]
        mapper = self._mapper(grants)
        before = known.stated(self.store, [one["id"] for one in grants])
        added: set[ox.Quad] = set()
        removed: set[ox.Quad] = set()
        for grant in grants:
            document = self.documents.of(grant)
            now = {quad(triple, document.graph) for triple in mapper.award(grant, document)}
            mapper.document(document)
            added |= {quad(triple, document.graph) for triple in mapper.shared}
            mapper.shared.clear()
            then = before.get(naming.award(grant["id"]), set())
            added |= now - then
            removed |= then - now
            self.tally.added += not then
            self.tally.changed += bool(then) and now != then
            self.tally.unchanged += now == then
        first, last = batch[0][0], batch[-1][0]
        if not preview:
            self._commit(added, removed, self._about(first, last, document.source))
        self._count(mapper, last, len(grants))

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

    def _commit(self, added: set[ox.Quad], removed: set[ox.Quad], about: About) -> None:
        made = change.commit(change.Change.of(added, removed, about), self.store, self.over)
        if made.number:
            self.tally.changes.append(made.number)

    def _count(self, mapper: mapping.Mapper, last: int, grants: int) -> None:
        self.tally.last = last
        self.tally.done += grants
        self.tally.bodies_made += mapper.bodies.made
        self.tally.bodies_matched += mapper.bodies.matched
        self.tally.elsewhere += mapper.elsewhere


def _batches(grants: Iterator[tuple[int, Read]], size: int) -> Iterator[list[tuple[int, Read]]]:
    while batch := list(itertools.islice(grants, size)):
        yield batch
