"""A change is done whole or not at all, whoever is killed and whenever, and is done once however often it is begun."""

import contextlib
import os
import signal
import subprocess
import sys
import textwrap
import threading
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

import processes
from carekg import errors, update
from carekg.reader.effect import Effect
from carekg.store import Limits, Manifest, Update, following, rows
from carekg.store.embedded import EmbeddedStore
from carekg.store.history import FILE, About, History, replay

BEFORE = "".join(f'<x:s{n}> <x:value> "old{n}" <x:g> .\n' for n in range(50)).encode()
CHANGE = "DELETE { GRAPH <x:g> { ?s <x:value> ?o } } INSERT { GRAPH <x:h> { ?s <x:value> 'new' } } " \
         "WHERE { GRAPH <x:g> { ?s ?p ?o } } ; DROP GRAPH <x:g>"
OLD, NEW = ({"<x:g>"}, 50), ({"<x:h>"}, 50)
"""The graphs that there are, and the triples in them."""


def change(store: EmbeddedStore, text: str) -> Effect:
    return store.change(Update(update.operations(text), text))


def state(store: EmbeddedStore) -> tuple[set[str], int]:
    """What graphs a store has, and how many triples, as those see it who ask it."""
    found = rows(store, "SELECT ?g ?o { GRAPH ?g { ?s ?p ?o } }")
    return {f"<{row['g']}>" for row in found}, len(found)


def on_disk(path: Path) -> tuple[set[str], int]:
    """The same, as it is in the files once somebody has opened them who answers from disk."""
    with EmbeddedStore(path, in_memory=False) as opened:
        assert opened.version
        quads = opened.generations.quads(opened.history.served()["name"])
    store = ox.Store.read_only(str(quads))
    return {str(graph) for graph in store.named_graphs()}, len(store)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """The folder of a store as it is before the change."""
    with EmbeddedStore(tmp_path / "store") as store:
        store.replace([BEFORE], Manifest("d", "now", 50, plain=True))
    return tmp_path / "store"


@pytest.fixture(params=["memory", *(pytest.param(way, marks=pytest.mark.heavy) for way in ("disk", "disk at first"))])
def store(path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[EmbeddedStore]:
    """The store before the change, answered from memory, or from disk as a large one is, all along or at first."""
    if request.param != "memory":
        monkeypatch.setattr(following, "SOON" if request.param == "disk at first" else "FITS_IN_MEMORY", 0)
    with EmbeddedStore(path) as opened:
        yield opened


# --- what a change leaves --------------------------------------------------------------------------------------------


def test_a_change_is_seen_at_once_and_by_whoever_opens_the_store_next(store: EmbeddedStore, path: Path) -> None:
    assert state(store) == OLD
    assert len(change(store, CHANGE).added) == 50
    assert state(store) == NEW
    with EmbeddedStore(path) as again:
        assert state(again) == NEW
    assert on_disk(path) == NEW


def test_the_version_changes_with_each_change_and_stays_over_a_restart(store: EmbeddedStore, path: Path) -> None:
    seen = [store.version]
    for number in range(3):
        change(store, f"INSERT DATA {{ <x:a> <x:n> {number} }}")
        seen.append(store.version)
    assert len(set(seen)) == 4
    with EmbeddedStore(path) as again:
        assert again.version == seen[-1]


@pytest.mark.parametrize("text", ["INSERT DATA { GRAPH <x:g> { <x:s1> <x:value> 'old1' } }", "",
                                  "DELETE DATA { <x:a> a 1 }"])
def test_an_update_that_changes_nothing_leaves_the_version(store: EmbeddedStore, text: str) -> None:
    before = store.version
    assert not change(store, text)
    assert store.version == before


def test_the_count_of_triples_follows_the_changes(store: EmbeddedStore) -> None:
    change(store, "INSERT DATA { <x:a> <x:n> 1, 2 }")
    change(store, "DELETE WHERE { GRAPH <x:g> { <x:s1> ?p ?o } }")
    manifest = store.manifest()
    assert manifest is not None
    assert manifest.triples == 51
    assert manifest.plain


def test_an_update_that_fails_changes_nothing(store: EmbeddedStore) -> None:
    before = store.version
    with pytest.raises(errors.Unmet):
        change(store, f"{CHANGE} ; CLEAR GRAPH <x:none>")
    with pytest.raises(errors.BadQuery, match="line 1, column"):
        change(store, f"{CHANGE} ; CLEAR GRAF <x:none>")
    assert (store.version, state(store)) == (before, OLD)


@pytest.mark.heavy
def test_a_change_of_many_triples_is_done(store: EmbeddedStore, path: Path) -> None:
    effect = change(store, "INSERT DATA { " + "".join(f"<x:s{n}> <x:p> <x:o{n}> . " for n in range(20_000)) + "}")
    assert len(effect.added) == 20_000
    assert on_disk(path)[1] == 20_050
    store.close()
    assert [one.name for one in path.rglob("quads-*")] == []


@pytest.mark.heavy
def test_changes_from_many_threads_are_all_done(store: EmbeddedStore) -> None:
    change(store, "INSERT DATA { <x:counter> <x:is> 0 }")
    text = "DELETE { ?c <x:is> ?n } INSERT { ?c <x:is> ?m } WHERE { ?c <x:is> ?n BIND(?n + 1 AS ?m) }"
    threads = [threading.Thread(target=change, args=(store, text)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [row["n"] for row in rows(store, "SELECT ?n { <x:counter> <x:is> ?n }")] == ["8"]


# --- killed on the way -----------------------------------------------------------------------------------------------


WRITER = """
    import os, signal, sqlite3, sys
    from carekg import update
    from carekg.reader.effect import Effect
    from carekg.store import Update, following
    from carekg.store.embedded import EmbeddedStore
    from carekg.store.generations import Generations
    from carekg.store.history import History
    from carekg.store.readers import Readers

    def dies(*_given, **_named):
        os.kill(os.getpid(), signal.SIGKILL)

    def half(effect, store):
        for quad in list(effect.removed)[:25]:
            store.remove(quad)
        store.extend(list(effect.added)[:25])
        store.flush()
        dies()

    class Dying(sqlite3.Connection):
        def executemany(self, *given):
            super().executemany(*given)
            dies()

    path, place, text = sys.argv[1:]
    connect = sqlite3.connect
    if " on disk" in place:
        following.FITS_IN_MEMORY = 0
    with EmbeddedStore(path) as store:
        store.version
        if place == "before it is written down":
            History.append = dies
        elif place == "while it is written down":
            sqlite3.connect = lambda *given, **named: connect(*given, factory=Dying, **named)
        elif place == "once it is written down":
            following.Following.let_see = dies
        elif place == "while readers are told":
            Readers.apply = dies
        elif place == "while it is done on disk":
            Effect.apply = half
        elif place == "once it is done on disk":
            Generations.note = dies
        store.change(Update(update.operations(text), text))
"""
KILLED = {
    "before it is written down": OLD, "while it is written down": OLD, "once it is written down": NEW,
    "while readers are told": NEW, "while it is done on disk": NEW, "once it is done on disk": NEW, "never": NEW,
    "never on disk": NEW,
}
"""Where a process is killed, and what there is after that."""


def killed(path: Path, place: str) -> int:
    """Have another process change the store and be killed at a place; give how it ended."""
    command = [sys.executable, "-c", textwrap.dedent(WRITER), str(path), place, CHANGE]
    return subprocess.run(command, check=False, timeout=60).returncode


@pytest.mark.heavy
@pytest.mark.parametrize("place", KILLED)
def test_a_change_whose_process_is_killed_is_done_whole_or_not_at_all(path: Path, place: str) -> None:
    before = processes.readers()
    assert killed(path, place) == (0 if "never" in place else -signal.SIGKILL)
    with EmbeddedStore(path) as store:
        assert state(store) == KILLED[place]
        manifest = store.manifest()
        assert manifest is not None
        assert manifest.triples == 50
        number = store.version.rpartition(":")[2]
        assert number == ("1" if KILLED[place] == OLD else "2")
        change(store, "INSERT DATA { <x:a> <x:n> 1 }")
    graphs, triples = KILLED[place]
    assert on_disk(path) == (graphs, triples + 1)
    assert processes.comes_about(lambda: set(processes.readers()) <= set(before))


@pytest.mark.heavy
@pytest.mark.parametrize("place", ["once it is written down", "while readers are told", "while it is done on disk"])
def test_a_server_that_runs_goes_on_from_the_change_of_a_process_that_was_killed(path: Path, place: str) -> None:
    with EmbeddedStore(path) as store:
        assert state(store) == OLD
        killed(path, place)
        change(store, "INSERT DATA { GRAPH <x:h> { <x:a> <x:n> 1 } }")
        assert state(store) == ({"<x:h>"}, 51)
        assert store.version.endswith(":3")


def test_a_change_counts_though_the_process_that_holds_the_graph_dies_of_it(path: Path) -> None:
    others = processes.readers()
    with EmbeddedStore(path) as store:
        assert state(store) == OLD
        for number in range(3):
            parent = next(one for one in processes.readers() if one not in others)
            os.kill(parent, signal.SIGKILL)
            change(store, f"INSERT DATA {{ GRAPH <x:g> {{ <x:a> <x:n> {number} }} }}")
            assert state(store) == ({"<x:g>"}, 51 + number)


def test_a_change_that_cannot_be_done_on_disk_now_is_done_before_the_next(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following, "FITS_IN_MEMORY", 0)
    with EmbeddedStore(path) as store:
        assert state(store) == OLD
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Effect, "apply", broken)
            with pytest.raises(errors.StoreError, match="stands in the history"):
                change(store, CHANGE)
        change(store, "INSERT DATA { GRAPH <x:h> { <x:a> <x:n> 1 } }")
        assert state(store) == ({"<x:h>"}, 51)
    assert on_disk(path) == ({"<x:h>"}, 51)


def broken(effect: Effect, store: ox.Store) -> None:
    for quad in list(effect.removed)[:25]:
        store.remove(quad)
    raise OSError("No space left on device")


def test_a_change_that_cannot_be_written_down_is_refused(store: EmbeddedStore, path: Path) -> None:
    (path / FILE).rename(path / "elsewhere")
    (path / FILE).mkdir()
    with pytest.raises(errors.StoreError, match="cannot be"):
        change(store, CHANGE)
    (path / FILE).rmdir()
    (path / "elsewhere").rename(path / FILE)
    assert state(store) == OLD


def test_the_quads_on_disk_follow_when_they_lag_behind(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "LAG", 3)
    with EmbeddedStore(path) as store:
        reached = []
        for number in range(5):
            change(store, f"INSERT DATA {{ <x:a> <x:n> {number} }}")
            reached.append(store.generations.reached(store.history.served()["name"]))
    assert reached == [1, 1, 4, 4, 4]


# --- two processes ---------------------------------------------------------------------------------------------------


def test_a_store_sees_what_another_process_has_changed(store: EmbeddedStore, path: Path) -> None:
    first = store.version
    assert killed(path, "never") == 0
    assert processes.comes_about(lambda: state(store) == NEW, seconds=5)
    assert store.version != first


@pytest.mark.heavy
def test_no_change_is_lost_where_two_processes_change_one_store(path: Path) -> None:
    text = "DELETE { ?c <x:is> ?n } INSERT { ?c <x:is> ?m } WHERE { ?c <x:is> ?n BIND(?n + 1 AS ?m) }"
    with EmbeddedStore(path) as one, EmbeddedStore(path) as other:
        change(one, "INSERT DATA { <x:counter> <x:is> 0 }")
        for number in range(3):
            for store in (one, other):
                assert change(store, text), number
        for store in (one, other):
            assert processes.comes_about(lambda store=store: counter(store) == ["6"], seconds=5)  # type: ignore[misc]


def counter(store: EmbeddedStore) -> list[str]:
    return [row["n"] for row in rows(store, "SELECT ?n { <x:counter> <x:is> ?n }")]


@pytest.mark.heavy
def test_a_change_waits_for_another_process_that_writes_and_is_refused_in_the_end(
    store: EmbeddedStore, path: Path
) -> None:
    with EmbeddedStore(path, Limits(deadline=0.1)) as other, contextlib.ExitStack() as held:
        held.enter_context(store.generations.only_writer())
        with pytest.raises(errors.StoreError, match="Another process is writing"):
            change(other, CHANGE)
        threading.Timer(0.2, held.close).start()
        assert change(store, CHANGE)


# --- what is kept of a change ----------------------------------------------------------------------------------------


def test_every_change_is_kept_with_who_made_it_and_why(store: EmbeddedStore, path: Path) -> None:
    about = About("ann", "the report says so", "https://example.org/report", "update")
    text = "INSERT DATA { GRAPH <x:g> { <x:s1> <x:n> 1 } } ; DELETE DATA { GRAPH <x:g> { <x:s2> <x:value> 'old2' } }"
    store.change(Update(update.operations(text), text), about=about)
    change(store, "INSERT DATA { <x:other> <x:n> 1 }")
    last, second, first = History(path).entries()
    assert (first.number, first.about, first.added, first.is_build) == (1, About(how="folder"), 50, True)
    assert (second.number, second.about, second.added, second.removed, second.triples) == (2, about, 1, 1, 50)
    assert (last.number, last.about, last.added) == (3, About(), 1)
    assert [one.number for one in History(path).entries("<x:s2>")] == [2, 1]
    assert [one.number for one in History(path).entries("<x:g>")] == [2, 1]
    assert [one.number for one in History(path).entries(before=3, most=1)] == [2]
    stated = History(path).stated(2)
    assert {str(quad.subject) for quad in stated.added} == {"<x:s1>"}
    assert {str(quad.subject) for quad in stated.removed} == {"<x:s2>"}


def test_the_history_alone_gives_the_graph_again(store: EmbeddedStore, path: Path) -> None:
    for text in (CHANGE, "INSERT DATA { <x:a> <x:p> [ <x:q> 'é\\n' ] }", "DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }"):
        change(store, text)
    answer, _ = store.graph(None, "n-quads")
    assert set(ox.parse(answer.read(), ox.RdfFormat.N_QUADS)) == set(replay.after(History(path)))


def test_a_change_that_never_was_is_told(path: Path) -> None:
    with pytest.raises(errors.BadInput, match="There is no change 7; the last is 1"):
        History(path).stated(7)


def test_a_broken_history_is_told_and_nothing_is_changed(path: Path) -> None:
    (path / FILE).write_bytes(b"not a database" * 100)
    with EmbeddedStore(path) as store, pytest.raises(errors.StoreError, match="history"):
        change(store, CHANGE)


def test_doing_a_written_change_twice_is_as_good_as_once(path: Path) -> None:
    with EmbeddedStore(path) as store:
        change(store, CHANGE)
        name = store.history.served()["name"]
        for _ in range(2):
            store.generations.catch_up(name, store.history.effects(1))
    assert on_disk(path) == NEW
