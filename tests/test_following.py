"""A large graph is answered from disk at once, and from memory as soon as its copy there is made."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from carekg import errors, update
from carekg.store import Manifest, Update, following, rows
from carekg.store.embedded import EmbeddedStore
from carekg.store.readers import Readers
from processes import comes_about


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[EmbeddedStore]:
    """A store of one triple, as one that is large."""
    monkeypatch.setattr(following, "SOON", 0)
    with EmbeddedStore(tmp_path / "store") as made:
        made.replace([b"<x:0> <x:p> <x:o> <x:g> .\n"], Manifest("d", "now", 1, plain=True))
    with EmbeddedStore(tmp_path / "store") as opened:
        yield opened


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Set, it lets copies be made in memory."""
    opened, start = threading.Event(), Readers.__init__

    def waiting(self: Readers, *given: Any, **more: Any) -> None:
        start(self, *given, **more)
        if self.in_memory:
            opened.wait(60)

    monkeypatch.setattr(Readers, "__init__", waiting)
    return opened


def found(store: EmbeddedStore) -> set[str]:
    """The subjects that there are."""
    return {row["s"] for row in rows(store, "SELECT ?s { GRAPH ?g { ?s <x:p> ?o } }")}


def add(subject: int, store: EmbeddedStore) -> None:
    """Add a triple."""
    text = f"INSERT DATA {{ GRAPH <x:g> {{ <x:{subject}> <x:p> <x:o> }} }}"
    store.change(Update(update.operations(text), text))


def in_memory(store: EmbeddedStore) -> bool:
    """Whether answers come from memory now."""
    return store._current_readers().in_memory


def test_the_first_answers_come_from_disk_and_later_ones_from_memory(
    store: EmbeddedStore, gate: threading.Event
) -> None:
    assert found(store) == {"x:0"}
    version = store.version
    assert not in_memory(store)
    assert store.filling
    gate.set()
    assert comes_about(lambda: in_memory(store))
    assert not store.filling
    assert found(store) == {"x:0"}
    assert store.version == version


def test_one_copy_is_made_however_many_changes_another_process_makes(
    store: EmbeddedStore, gate: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert found(store) == {"x:0"}
    with EmbeddedStore(store.path, in_memory=False) as other:
        for subject in (1, 2, 3):
            add(subject, other)
            store._following.look_again()
            assert f"x:{subject}" in found(store)
    assert [one.name for one in threading.enumerate()].count("filling memory") == 1
    gate.set()
    assert comes_about(lambda: in_memory(store))
    assert found(store) == {"x:0", "x:1", "x:2", "x:3"}


def test_a_copy_that_cannot_be_made_leaves_the_disk_to_answer(
    store: EmbeddedStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_given: object) -> None:
        raise errors.StoreError("There is no memory.")

    monkeypatch.setattr(following.Following, "_in_memory", broken)
    assert found(store) == {"x:0"}
    assert comes_about(lambda: not store.filling)
    add(1, store)
    assert found(store) == {"x:0", "x:1"}
    assert not in_memory(store)


def test_what_is_changed_while_the_copy_is_made_is_in_it(store: EmbeddedStore, gate: threading.Event) -> None:
    assert found(store) == {"x:0"}
    for subject in (1, 2):
        add(subject, store)
    assert found(store) == {"x:0", "x:1", "x:2"}
    assert not in_memory(store)
    gate.set()
    assert comes_about(lambda: in_memory(store))
    assert found(store) == {"x:0", "x:1", "x:2"}
    add(3, store)
    assert found(store) == {"x:0", "x:1", "x:2", "x:3"}


def test_many_changes_at_the_moment_of_the_change_over_are_all_seen(store: EmbeddedStore) -> None:
    assert found(store) == {"x:0"}
    last = 0
    while not in_memory(store) or last < 20:
        last += 1
        add(last, store)
        assert f"x:{last}" in found(store)
    assert found(store) == {f"x:{n}" for n in range(last + 1)}


def test_a_store_that_is_closed_meanwhile_leaves_no_process(store: EmbeddedStore, gate: threading.Event) -> None:
    assert found(store) == {"x:0"}
    store.close()
    gate.set()
    assert comes_about(lambda: not [one for one in threading.enumerate() if one.name == "filling memory"])


def test_a_build_while_the_copy_is_made_is_what_is_answered(store: EmbeddedStore, gate: threading.Event) -> None:
    assert found(store) == {"x:0"}
    store.replace([b"<x:9> <x:p> <x:o> <x:g> .\n"], Manifest("e", "later", 1, plain=True))
    assert comes_about(lambda: found(store) == {"x:9"})
    gate.set()
    assert comes_about(lambda: in_memory(store))
    assert found(store) == {"x:9"}
