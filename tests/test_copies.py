"""A backup is whole though others write meanwhile, and comes back whole; what is damaged is told."""

import contextlib
import os
import pathlib
import sqlite3
import threading
import zipfile
from collections.abc import Iterator

import pyoxigraph as ox
import pytest

from carekg import errors, update
from carekg.past import copies
from carekg.store import Manifest, Update, rows
from carekg.store.embedded import EmbeddedStore
from carekg.store.history import FILE

BEFORE = "".join(f'<x:s{n}> <x:value> "old{n}" <x:g> .\n' for n in range(50)).encode()


def change(store: EmbeddedStore, number: int) -> None:
    text = f"INSERT DATA {{ <x:a> <x:n> {number} . <x:b> <x:n> {number} }}"
    store.change(Update(update.operations(text), text))


def numbers(store: EmbeddedStore, of: str = "x:a") -> set[int]:
    return {int(row["n"]) for row in rows(store, f"SELECT ?n {{ <{of}> <x:n> ?n }}")}


@pytest.fixture
def store(tmp_path: pathlib.Path) -> Iterator[EmbeddedStore]:
    with EmbeddedStore(tmp_path / "store") as store:
        store.replace([BEFORE], Manifest("d", "now", 50, plain=True))
        change(store, 1)
        yield store


def test_a_backup_comes_back_into_another_store(store: EmbeddedStore, tmp_path: pathlib.Path) -> None:
    assert copies.backup(store, tmp_path / "backup") == 2
    with EmbeddedStore(tmp_path / "other") as other:
        assert copies.restore(other, tmp_path / "backup") == 2
        assert numbers(other) == {1}
        assert other.history.entries() == store.history.entries()
        answers = [one.graph(None, "n-quads")[0].read() for one in (store, other)]
        assert set(ox.parse(answers[0], ox.RdfFormat.N_QUADS)) == set(ox.parse(answers[1], ox.RdfFormat.N_QUADS))
        change(other, 2)
        assert numbers(other) == {1, 2}


@pytest.mark.heavy
def test_a_backup_taken_while_others_write_is_of_one_moment(store: EmbeddedStore, tmp_path: pathlib.Path) -> None:
    done = threading.Event()

    def writes() -> None:
        number = 1
        while not done.is_set():
            number += 1
            change(store, number)

    writer = threading.Thread(target=writes)
    writer.start()
    try:
        lasts = [copies.backup(store, tmp_path / f"backup{n}") for n in range(4)]
    finally:
        done.set()
        writer.join()
    assert lasts == sorted(lasts)
    assert store.history.last() > 2
    for n, last in enumerate(lasts):
        with EmbeddedStore(tmp_path / f"other{n}") as other:
            copies.restore(other, tmp_path / f"backup{n}")
            assert numbers(other) == numbers(other, "x:b") == set(range(1, last))


@pytest.mark.heavy
def test_a_server_goes_on_with_what_was_restored(store: EmbeddedStore, tmp_path: pathlib.Path) -> None:
    copies.backup(store, tmp_path / "backup")
    change(store, 2)
    assert numbers(store) == {1, 2}
    with EmbeddedStore(store.path) as other:
        with pytest.raises(errors.BadInput, match="1 changes that"):
            copies.restore(other, tmp_path / "backup")
        assert other.history.last() == 3
        copies.restore(other, tmp_path / "backup", force=True)
        assert numbers(other) == {1}
    store.close()
    with EmbeddedStore(store.path) as again:
        assert numbers(again) == {1}


def test_another_history_is_not_put_over_this_one(store: EmbeddedStore, tmp_path: pathlib.Path) -> None:
    with EmbeddedStore(tmp_path / "other") as other:
        other.replace([BEFORE], Manifest("d", "now", 50, plain=True))
        for number in range(3):
            change(other, number)
        copies.backup(other, tmp_path / "backup")
    with pytest.raises(errors.BadInput, match="another history"):
        copies.restore(store, tmp_path / "backup")
    assert numbers(store) == {1}


def test_a_damaged_history_is_replaced_by_a_backup_and_kept_aside(store: EmbeddedStore, tmp_path: pathlib.Path) -> None:
    copies.backup(store, tmp_path / "backup")
    store.close()
    (store.path / FILE).write_bytes(b"nothing of the kind" * 1000)
    with EmbeddedStore(store.path) as harmed:
        with pytest.raises(errors.StoreError, match="is damaged"):
            numbers(harmed)
        assert copies.restore(harmed, tmp_path / "backup") == 2
        assert numbers(harmed) == {1}
    assert (store.path / f"{FILE}.damaged").exists()


def test_a_history_that_is_damaged_within_is_not_backed_up(store: EmbeddedStore, tmp_path: pathlib.Path) -> None:
    copies.backup(store, tmp_path / "backup")
    store.close()
    data = bytearray((store.path / FILE).read_bytes())
    data[4096:8192] = os.urandom(4096)
    (store.path / FILE).write_bytes(data)
    with EmbeddedStore(store.path) as harmed:
        with pytest.raises(errors.StoreError, match="damaged"):
            copies.backup(harmed, tmp_path / "other")
        assert not (tmp_path / "other").exists()
        copies.restore(harmed, tmp_path / "backup", force=True)
        assert numbers(harmed) == {1}
    assert (store.path / f"{FILE}.damaged").exists()


def test_quads_whose_history_is_gone_are_not_built_over(store: EmbeddedStore, tmp_path: pathlib.Path) -> None:
    copies.backup(store, tmp_path / "backup")
    store.close()
    (store.path / FILE).unlink()
    with EmbeddedStore(store.path) as bereft:
        with pytest.raises(errors.WouldLose, match="its history is gone"):
            bereft.replace([BEFORE], Manifest("d", "now", 50, plain=True))
        assert list(store.path.glob("generation-*"))
        copies.restore(bereft, tmp_path / "backup")
        assert numbers(bereft) == {1}


@pytest.mark.parametrize(("harm", "sentence"), [
    ("absent", r"There is no file \S+\.$"), ("empty", "is no backup"), ("text", "is no backup"),
    ("cut", "is no backup"), ("other", "it holds no history.sqlite"), ("inner", "is damaged"),
    ("bare", "holds no change"), ("alien", "is none of carekg's"), ("drafts", "The drafts in"), ("locked", "password"),
])
def test_what_is_no_whole_backup_changes_nothing(
    store: EmbeddedStore, tmp_path: pathlib.Path, harm: str, sentence: str
) -> None:
    file = tmp_path / "backup"
    copies.backup(store, file)
    spoil(file, harm)
    with pytest.raises(errors.BadInput, match=sentence):
        copies.restore(store, file)
    assert numbers(store) == {1}


def spoil(file: pathlib.Path, harm: str) -> None:
    """Harm a backup."""
    if harm == "absent":
        file.unlink()
    elif harm in ("empty", "text"):
        file.write_bytes(b"" if harm == "empty" else b"dear diary")
    elif harm == "cut":
        file.write_bytes(file.read_bytes()[:-100])
    else:
        with zipfile.ZipFile(file) as archive:
            held = {name: archive.read(name) for name in archive.namelist()}
        held = {
            "other": {"../outside": b"", "readme.txt": b"hello"},
            "inner": {**held, FILE: held[FILE][:5000] + b"\xff" * (len(held[FILE]) - 5000)},
            "bare": {**held, FILE: b""},
            "alien": {**held, FILE: alien(file.with_name("alien.sqlite"))},
            "drafts": {**held, "drafts.sqlite": b"dear diary" * 1000},
            "locked": held,
        }[harm]
        with zipfile.ZipFile(file, "w") as archive:
            for name, data in held.items():
                archive.writestr(name, data)
        if harm == "locked":
            listed = b"PK\x01\x02\x14\x03\x14\x00"
            file.write_bytes(file.read_bytes().replace(listed + b"\x00", listed + b"\x01"))


def alien(path: pathlib.Path) -> bytes:
    """A database of somebody else's."""
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE change (number TEXT)")
        connection.execute("INSERT INTO change VALUES ('seven')")
        connection.commit()
    return path.read_bytes()


def test_a_backup_that_cannot_be_written_leaves_nothing_behind(store: EmbeddedStore, tmp_path: pathlib.Path) -> None:
    with pytest.raises(errors.StoreError, match=r"^The backup cannot be written to "):
        copies.backup(store, tmp_path / "nowhere" / "backup")
    with pytest.raises(errors.StoreError, match=r"Not a directory\.$"):
        copies.backup(store, store.path / FILE / "backup")
    (tmp_path / "there").mkdir()
    with pytest.raises(errors.StoreError, match=r"^The backup cannot be written to "):
        copies.backup(store, tmp_path / "there")
    with contextlib.suppress(FileNotFoundError):
        assert not (tmp_path / "there.part").exists()
    with EmbeddedStore(tmp_path / "none") as nothing, pytest.raises(errors.StoreError, match="nothing to back up"):
        copies.backup(nothing, tmp_path / "backup")
