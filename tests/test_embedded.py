"""The store on this machine: whole generations, of which one is served, whatever happens to the others."""

import fcntl
import os
import random
import shutil
import signal
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path

import pyoxigraph as ox
import pytest

import folders
import processes
from carekg import build, catalogue, errors, folder, update
from carekg.store import Limits, Manifest, Update, rows
from carekg.store.embedded import EmbeddedStore
from carekg.store.history import FILE
from carekg.terms import BASE

VALUE = f"{BASE}def#value"


def generation(value: int) -> bytes:
    """N-Quads in which fifty things have the same value."""
    return "".join(f'<{BASE}id/site/s{n}> <{VALUE}> "{value}" <{BASE}graph/data/a> .\n' for n in range(50)).encode()


def manifest(value: int) -> Manifest:
    return Manifest(str(value), str(value), 100)


def values(store: EmbeddedStore) -> list[str]:
    return [row["v"] for row in rows(store, f"SELECT DISTINCT ?v WHERE {{ ?s <{VALUE}> ?v }} ORDER BY ?v")]


def generations(path: Path) -> list[Path]:
    return sorted(path.glob("generation-*"))


# --- the same folder gives the same graph ----------------------------------------------------------------------------


def exported(path: Path, place: Path) -> bytes:
    """Build a folder into a store of its own; give its graph in canonical N-Quads."""
    with EmbeddedStore(place) as store:
        build.build(path, store)
        return build.exported(store, "n-quads", True)


@pytest.mark.heavy
def test_a_folder_built_twice_gives_the_same_graph(
    world: Path, good_store: EmbeddedStore, tmp_path: Path
) -> None:
    first = build.exported(good_store, "n-quads", True)
    assert first.count(b"\n") > 3000
    assert exported(world, tmp_path / "store") == first


def shuffle(path: Path, order: random.Random) -> None:
    """Write a file's statements anew, in another order and with other names for its blank nodes."""
    names: dict[str, str] = {}

    def renamed(term: object) -> str:
        if isinstance(term, ox.BlankNode):
            return "_:" + names.setdefault(term.value, f"other{order.getrandbits(60)}")
        return str(term)

    triples = [quad.triple for quad in ox.parse(path.read_bytes(), ox.RdfFormat.TURTLE)]
    order.shuffle(triples)
    lines = [f"{renamed(t.subject)} {t.predicate} {renamed(t.object)} .\n" for t in triples]
    path.write_text("".join(lines), encoding="utf-8")


@pytest.mark.heavy
def test_the_order_of_statements_and_the_names_of_blank_nodes_do_not_matter(
    world: Path, good_store: EmbeddedStore, tmp_path: Path
) -> None:
    first = build.exported(good_store, "n-quads", True)
    before = folder.digest(world)
    for path in [*world.glob("ontology/*.ttl"), *world.glob("shapes/*.ttl"), *world.glob("data/*.ttl")]:
        shuffle(path, random.Random(path.name))
    assert folder.digest(world) != before
    assert without_catalogue(exported(world, tmp_path / "store")) == without_catalogue(first)


def without_catalogue(export: bytes) -> list[bytes]:
    """The lines of an export but those that tell the bytes and the checksums of files."""
    return [line for line in export.splitlines() if not line.endswith(f"<{catalogue.GRAPH}> .".encode())]


@pytest.mark.heavy
def test_a_graph_that_violates_the_shapes_changes_nothing(
    world: Path, good_store: EmbeddedStore, tmp_path: Path
) -> None:
    with EmbeddedStore(folders.own_store(good_store, tmp_path / "store")) as store:
        before, version = build.exported(store, "n-quads", True), store.version
        path = world / "data" / "world.ttl"
        leak = "\ninnovation:lantern-rides care:scaledVia route:partnerships .\n"
        path.write_text(path.read_text(encoding="utf-8") + leak, encoding="utf-8")
        with pytest.raises(errors.InvalidGraph, match=r"data/world\.ttl:\d+: innovation:lantern-rides: .*derived"):
            build.build(world, store)
        assert (build.exported(store, "n-quads", True), store.version) == (before, version)


# --- generations ----------------------------------------------------------------------------------------------------


@pytest.mark.heavy
@pytest.mark.parametrize("in_memory", [True, False])
def test_readers_always_see_one_whole_generation_while_builds_replace_it(tmp_path: Path, in_memory: bool) -> None:
    seen: list[str] = []
    problems: list[str] = []
    with EmbeddedStore(tmp_path / "store", Limits(5), in_memory=in_memory) as store:
        store.replace([generation(0)], manifest(0))
        done = threading.Event()

        def read() -> None:
            while not done.is_set():
                try:
                    (value,) = values(store)
                    seen.append(value)
                except (errors.CarekgError, ValueError) as error:
                    problems.append(str(error))

        readers = [threading.Thread(target=read) for _ in range(3)]
        for one in readers:
            one.start()
        with EmbeddedStore(tmp_path / "store") as writer:
            for number in range(1, 5):
                writer.replace([generation(number)], manifest(number))
                time.sleep(0.4)
        came = processes.comes_about(lambda: "4" in seen[-3:], seconds=5)
        done.set()
        for one in readers:
            one.join()
    assert problems == []
    assert came
    assert len(seen) > 20
    assert len(set(seen)) > 2


@pytest.mark.heavy
def test_old_generations_are_swept(tmp_path: Path) -> None:
    with EmbeddedStore(tmp_path / "store") as store:
        for number in range(4):
            store.replace([generation(number)], manifest(number))
        assert len(generations(store.path)) <= 2  # the one that is served, and the one that may still be read
        assert sorted(entry.name for entry in store.path.iterdir() if not entry.name.startswith("generation-")) == [
            "LOCK", FILE]
        assert values(store) == ["3"]


@pytest.mark.heavy
def test_closing_leaves_no_process_even_just_after_a_replacement(tmp_path: Path) -> None:
    before = processes.readers()
    with EmbeddedStore(tmp_path / "store", Limits(4)) as store:
        store.replace([generation(1)], manifest(1))
        assert values(store) == ["1"]
        store.replace([generation(2)], manifest(2))
        assert processes.comes_about(lambda: values(store) == ["2"])
    assert processes.comes_about(lambda: set(processes.readers()) <= set(before), seconds=2)


BUILDER = """
    import sys
    from carekg.store import Manifest
    from carekg.store.embedded import EmbeddedStore
    quads = b"".join(
        b'<https://example.org/s%d> <VALUE> "new" <https://example.org/g> .\\n' % n for n in range(60000))
    print("begins", flush=True)
    with EmbeddedStore(sys.argv[1]) as store:
        store.replace([quads], Manifest("new", "new", 60000))
"""


@pytest.mark.heavy
@pytest.mark.parametrize("seconds", [0.02, 0.2])
def test_a_killed_build_leaves_a_whole_graph_and_the_next_one_clears_up(tmp_path: Path, seconds: float) -> None:
    with EmbeddedStore(tmp_path / "store") as store:
        store.replace([generation(1)], manifest(1))
        command = [sys.executable, "-c", textwrap.dedent(BUILDER).replace("VALUE", VALUE), str(store.path)]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as builder:
            assert builder.stdout
            assert builder.stdout.readline() == b"begins\n"
            time.sleep(seconds)
            builder.send_signal(signal.SIGKILL)
        assert values(store) in (["1"], ["new"])
        store.replace([generation(2)], manifest(2))
        assert processes.comes_about(lambda: values(store) == ["2"])
        assert len(generations(store.path)) <= 2


@pytest.mark.heavy
def test_a_second_build_at_the_same_time_is_told(tmp_path: Path) -> None:
    with EmbeddedStore(tmp_path / "store") as store:
        store.replace([generation(1)], manifest(1))
        with (store.path / "LOCK").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            with pytest.raises(errors.StoreError, match=r"^Another process is writing to \S+; wait for it to end\.$"):
                store.replace([generation(2)], manifest(2))
        store.replace([generation(3)], manifest(3))
        assert values(store) == ["3"]


# --- what is wrong is told --------------------------------------------------------------------------------------------


def test_a_store_where_nothing_was_built_says_what_to_do(tmp_path: Path) -> None:
    with EmbeddedStore(tmp_path / "none") as store:
        assert store.manifest() is None
        with pytest.raises(errors.StoreError, match=r"There is no graph at \S+none yet; run `carekg build` first\.$"):
            values(store)


@pytest.mark.heavy
@pytest.mark.parametrize("harm", ["all gone", "quads gone", "quads cut short", "quads written over", "reached gone"])
def test_quads_on_disk_that_were_harmed_are_made_anew_from_the_history(tmp_path: Path, harm: str) -> None:
    with EmbeddedStore(tmp_path / "store") as store:
        store.replace([generation(1)], Manifest("1", "1", 50, plain=True))
        text = f"DELETE WHERE {{ GRAPH ?g {{ ?s ?p ?o }} }} ; INSERT DATA {{ <{BASE}s> <{VALUE}> 'later' }}"
        store.change(Update(update.operations(text), text))
        (one,) = generations(store.path)
    spoil(one, harm)
    with EmbeddedStore(tmp_path / "store") as harmed:
        assert values(harmed) == ["later"]
        harmed.replace([generation(2)], manifest(2))
        assert processes.comes_about(lambda: values(harmed) == ["2"])


def spoil(generation: Path, harm: str) -> None:
    """Harm what is on disk of a generation."""
    if harm == "all gone":
        shutil.rmtree(generation)
    elif harm == "quads gone":
        (generation / "quads").rename(generation / "elsewhere")
    elif harm == "reached gone":
        (generation / "reached").unlink()
    else:
        for file in (*(generation / "quads").glob("*.sst"), *(generation / "quads").glob("*.log")):
            size = file.stat().st_size
            file.write_bytes(file.read_bytes()[:size // 2] + (b"" if "short" in harm else os.urandom(size - size // 2)))


def test_a_history_that_was_harmed_is_told_in_a_sentence(tmp_path: Path) -> None:
    with EmbeddedStore(tmp_path / "store") as store:
        store.replace([generation(1)], manifest(1))
    (tmp_path / "store" / FILE).write_bytes(b"no database" * 1000)
    with EmbeddedStore(tmp_path / "store") as harmed, \
            pytest.raises(errors.StoreError, match=r"is damaged .* Bring back a backup of it with `carekg restore`\.$"):
        values(harmed)


def test_a_place_that_cannot_be_a_store_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("hello")
    for place in (tmp_path / "file", tmp_path / "file" / "below", Path("/proc/none")):
        with EmbeddedStore(place) as store, pytest.raises(errors.StoreError, match=r"cannot be written: .*\.$"):
            store.replace([generation(1)], manifest(1))


def test_a_store_in_memory_is_gone_when_it_is_closed() -> None:
    with EmbeddedStore(None) as store:
        store.replace([generation(7)], manifest(7))
        assert values(store) == ["7"]
        path = store.path
        assert path.is_dir()
    assert not path.exists()


@pytest.mark.parametrize("in_memory", [True, False])
def test_answers_from_memory_and_from_disk_are_the_same(tmp_path: Path, in_memory: bool) -> None:
    with EmbeddedStore(tmp_path / "store", in_memory=in_memory) as store:
        store.replace([generation(1), generation(2)], manifest(1))
        assert values(store) == ["1", "2"]
        assert rows(store, f"SELECT (COUNT(*) AS ?n) WHERE {{ ?s <{VALUE}> ?o }}") == [{"n": "100"}]


def test_the_shipped_store_is_current_and_holds_what_its_manifest_counts(
    shipped: Path, shipped_store: EmbeddedStore
) -> None:
    assert build.is_current(shipped, shipped_store)
    found = shipped_store.manifest()
    assert found
    counted = rows(shipped_store, f"SELECT (COUNT(DISTINCT ?s) AS ?n) WHERE {{ ?s a <{BASE}def#Innovation> }}")
    assert int(counted[0]["n"]) == found.counts["innovations"] > 20
    sites = rows(shipped_store, f"PREFIX care: <{BASE}def#> SELECT (COUNT(DISTINCT ?s) AS ?n) "
                 "(COUNT(DISTINCT ?h) AS ?held) { ?s a care:Site OPTIONAL { ?s care:holdsFor ?any BIND(?s AS ?h) } }")
    assert int(sites[0]["held"]) == found.counts["sites"] < int(sites[0]["n"]), "a planned site is no site yet"
