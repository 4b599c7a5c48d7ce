"""Many grants: an import that is killed goes on where it was, and a large one stays small in memory."""

import os
import random
import signal
import time
from pathlib import Path

import pyoxigraph as ox
import pytest
from benchmarks import granting, grants

import commands
import folders
import processes
from carekg.store import rows
from carekg.store.embedded import EmbeddedStore
from carekg.store.history import History, provenance
from carekg.terms import PREFIXES

KILLS = 6


def written(path: Path, count: int) -> Path:
    with path.open("w", encoding="utf-8") as file:
        grants.written(file, count)
    return path


def quads(place: Path) -> set[ox.Quad]:
    """All that a store holds, but who changed it."""
    with EmbeddedStore(place) as store:
        answer, _ = store.graph(None, "n-quads")
        found = set(ox.parse(answer.read(), ox.RdfFormat.N_QUADS))
    made = {quad.subject for quad in found if quad.graph_name == provenance.GRAPH}
    return {quad for quad in found if quad.subject not in made}


@pytest.mark.heavy
def test_an_import_that_is_killed_again_and_again_ends_as_one_that_is_not(
    good_folder: Path, good_store: EmbeddedStore, tmp_path: Path
) -> None:
    file = written(tmp_path / "grants.json", 1200)
    whole, killed = (folders.own_store(good_store, tmp_path / name) for name in ("whole", "killed"))
    done = commands.run("import", "grants", "--batch", "100", str(file), folder=good_folder, store=whole)
    assert done.exit_code == 0, done.output
    dice = random.Random(360)
    history, kept = History(killed), 0
    for _ in range(KILLS):
        arguments = ("import", "grants", "--batch", "100", "--resume", str(file))
        one = commands.start(*arguments, folder=good_folder, store=killed)
        began = history.last()
        assert processes.comes_about(lambda began=began: history.last() > began, 120)
        time.sleep(dice.random() * 2)
        below = processes.below(one.pid)
        os.kill(one.pid, signal.SIGKILL)
        one.communicate()
        assert processes.comes_about(lambda below=below: not any(map(processes.command, below)))
        assert history.last() >= kept  # what was kept stays
        kept = history.last()
    done = commands.run("import", "grants", "--batch", "100", "--resume", str(file), folder=good_folder, store=killed)
    assert "are kept already" in done.stderr, done.output
    assert quads(killed) == quads(whole)


@pytest.mark.heavy
def test_ten_thousand_grants_take_no_more_memory_than_a_gigabyte(
    good_folder: Path, good_store: EmbeddedStore, tmp_path: Path
) -> None:
    place = folders.own_store(good_store, tmp_path / "store")
    file = written(tmp_path / "grants.json", 10_000)
    found = granting.taken(place, "--folder", str(good_folder), "import", "grants", str(file))
    assert found.peak_mb < 1024
    with EmbeddedStore(place, in_memory=False) as store:
        (counted,) = rows(store, f"SELECT (COUNT(*) AS ?n) WHERE {{ ?award a <{PREFIXES['care']}Award> ; "
                                 f"<{PREFIXES['dcterms']}identifier> ?id }}")
    assert int(counted["n"]) >= 10_000
