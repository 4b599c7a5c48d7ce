"""Readers that a change spares: they take back what was only tried, take over what was made, and last for a while."""

from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

import folders
import processes
from carekg import change, errors
from carekg.change.guard import Guard
from carekg.reader.effect import Effect
from carekg.store import About, Question, Update, readers, rows
from carekg.store.embedded import EmbeddedStore
from carekg.terms import PREFIXES

WALKS = ox.NamedNode(PREFIXES["innovation"] + "lantern-walks")
COMMENT = ox.NamedNode(PREFIXES["rdfs"] + "comment")
LABEL = ox.NamedNode(PREFIXES["rdfs"] + "label")


class Desk:
    """A store of the small world under its guard, whose readers have settled."""

    def __init__(self, store: EmbeddedStore) -> None:
        self.store, self.over = store, Guard.over(store)
        self.state("At first.")
        self.settled()

    def settled(self) -> set[int]:
        """The processes of the readers once as many stand ready as should: their parent, and those."""
        assert processes.comes_about(lambda: len(self.pids()) == 1 + readers.FEWEST)
        return self.pids()

    def pids(self) -> set[int]:
        return {pid for pid in processes.readers() if str(self.store.path).encode() in processes.command(pid)}

    def state(self, *texts: str) -> None:
        """State comments of the walks."""
        added = [ox.Quad(WALKS, COMMENT, ox.Literal(text, language="en")) for text in texts]
        change.commit(change.Change.of(added, [], About("ann")), self.store, self.over)

    def withdraw_name(self) -> None:
        """Withdraw what no innovation may lack."""
        label = ox.Literal(rows(self.store, f"SELECT ?l WHERE {{ {WALKS} {LABEL} ?l }}")[0]["l"], language="en")
        change.commit(change.Change.of([], [ox.Quad(WALKS, LABEL, label)], About("ann")), self.store, self.over)

    def comments(self) -> set[str]:
        return {row["c"] for row in rows(self.store, f"SELECT ?c WHERE {{ {WALKS} {COMMENT} ?c }}")}

    def everything(self) -> bytes:
        return self.store.answer(Question("SELECT * WHERE { GRAPH ?g { ?s ?p ?o } } ORDER BY ?g ?s ?p ?o")).read()


@pytest.fixture
def desk(good_store: EmbeddedStore, tmp_path: Path) -> Iterator[Desk]:
    with EmbeddedStore(folders.own_store(good_store, tmp_path / "store")) as store:
        yield Desk(store)


def test_small_changes_are_seen_at_once_by_the_readers_that_there_are(desk: Desk) -> None:
    before = desk.pids()
    for number in range(6):
        desk.state(f"Walk {number}.")
        for _ in range(3):  # whichever reader answers
            assert desk.comments() == {"At first.", *(f"Walk {one}." for one in range(number + 1))}
    assert desk.pids() == before


@pytest.mark.heavy
def test_what_was_refused_leaves_nothing_behind_in_the_reader_that_tried_it(desk: Desk) -> None:
    before, pids = desk.everything(), desk.pids()
    for _ in range(4):
        with pytest.raises(errors.InvalidGraph):
            desk.withdraw_name()
        assert desk.everything() == desk.everything() == before
    assert desk.pids() == pids
    desk.state("And on.")
    with EmbeddedStore(desk.store.path) as another:
        found = another.answer(Question("SELECT * WHERE { GRAPH ?g { ?s ?p ?o } } ORDER BY ?g ?s ?p ?o")).read()
    assert found == desk.everything() != before


def test_a_reader_that_tried_what_cannot_be_taken_back_is_replaced(desk: Desk) -> None:
    one, other = (ox.Quad(WALKS, COMMENT, ox.Literal(text, datatype=ox.NamedNode(PREFIXES["xsd"] + "decimal")))
                  for text in ("8000", "8000.0"))
    assert not Effect({one}, {other}).can_be_taken_back()
    assert Effect({one}).can_be_taken_back()
    before = desk.everything()
    with pytest.raises(errors.CarekgError):
        change.commit(change.Change(Update([{"kind": "rows", "rows": [("A", f"{one} .\n"), ("D", f"{other} .\n")]}])),
                      desk.store, desk.over)
    assert desk.everything() == desk.everything() == before


def test_a_large_change_is_seen_by_new_readers(desk: Desk) -> None:
    before = desk.pids()
    desk.state(*(f"Walk {number} of many, by lantern light." for number in range(600)))
    assert len(desk.comments()) == 601
    assert len(desk.settled() & before) == 1  # their parent


def test_a_reader_is_replaced_after_many_changes(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readers, "MOST", 4)
    before = desk.pids()
    for number in range(12):
        desk.state(f"Walk {number}.")
        assert f"Walk {number}." in desk.comments()
    assert len(desk.settled() & before) == 1
