"""Whatever happens to the process or the disk: what was acknowledged is there, and nothing half done."""

import os
import pathlib
import random
import re
import signal
import subprocess
import sys
import textwrap
import threading
import urllib.error
import urllib.request

import pyoxigraph as ox
import pytest

import folders
import processes
import servers
from carekg.store import rows
from carekg.store.embedded import EmbeddedStore
from carekg.store.history import replay
from carekg.terms import PREFIXES

WALKS = f"{PREFIXES['innovation']}lantern-walks"
COMMENT = f"{PREFIXES['rdfs']}comment"
TOKEN = "a-token-of-twenty-letters"
COMMITS = 200
SEED = 20261122

pytestmark = pytest.mark.heavy


# --- kill -9 ---------------------------------------------------------------------------------------------------------


def commit(base: str, number: int) -> bool:
    """State two comments in one change; say whether the server has acknowledged it."""
    pair = " . ".join(f"<{WALKS}> <{COMMENT}> '{half}{number}'@en" for half in "ab")
    request = urllib.request.Request(f"{base}/sparql", f"INSERT DATA {{ {pair} }}".encode(), {
        "Content-Type": "application/sparql-update", "Authorization": f"Bearer {TOKEN}"})
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return int(answer.status) == 204
    except urllib.error.HTTPError as error:
        error.close()
        return False
    except OSError:
        return False


def kill_all(pid: int) -> None:
    """Kill a process and all that it has started, as a power cut does."""
    for one in (pid, *processes.below(pid)):
        try:
            os.kill(one, signal.SIGKILL)
        except ProcessLookupError:
            continue


def test_two_hundred_commits_survive_a_server_that_is_killed_again_and_again(
    good_store: EmbeddedStore, good_folder: pathlib.Path, tmp_path: pathlib.Path
) -> None:
    path = folders.own_store(good_store, tmp_path / "store")
    chance, acknowledged, number, kills = random.Random(SEED), set[int](), 0, 0
    while len(acknowledged) < COMMITS:
        with servers.running(tmp_path, "--folder", str(good_folder), "--store", str(path), "serve",
                             CAREKG_TOKEN=TOKEN, CAREKG_RATE="off") as server:
            killer = threading.Timer(chance.uniform(0.1, 4), kill_all, (server.process.pid,))
            killer.start()
            while len(acknowledged) < COMMITS and commit(server.base, number):
                acknowledged.add(number)
                number += 1
            number += 1  # whether this one is there may be so or not
            killer.join()
            server.process.wait(timeout=30)
            kills += 1
    assert kills >= 3
    with EmbeddedStore(path) as store:
        found = {row["text"] for row in rows(store, f"SELECT ?text {{ <{WALKS}> <{COMMENT}> ?text }}")}
        halves = [{int(text[1:]) for text in found if re.fullmatch(rf"{half}\d+", text)} for half in "ab"]
        assert halves[0] == halves[1]
        assert acknowledged <= halves[0]
        entries = store.history.entries(most=-1)
        assert [one.number for one in entries] == list(range(len(entries), 0, -1))
        answer, _ = store.graph(None, "n-quads")
        quads = set(ox.parse(answer.read(), ox.RdfFormat.N_QUADS))
        named = {quad for quad in quads if not isinstance(quad.graph_name, ox.DefaultGraph)}
        assert named == set(replay.after(store.history))
        assert {quad.triple for quad in named} == {quad.triple for quad in quads - named}


# --- a disk that is full, a disk that cannot be written --------------------------------------------------------------


ON_A_SMALL_DISK = """
    import os, shutil, subprocess, sys
    from pathlib import Path
    from carekg import errors, update
    from carekg.past import copies
    from carekg.store import Update, rows
    from carekg.store.embedded import EmbeddedStore
    from carekg.change.guard import Guards

    place, origin, subject, predicate, backup = sys.argv[1:]
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", place], check=True)
    shutil.copytree(origin, f"{place}/store")
    guards = Guards()

    def change(store, number, size):
        text = f"INSERT DATA {{ <{subject}> <{predicate}> '{number} {os.urandom(size).hex()}'@en }}"
        store.change(Update(update.operations(text), text), guard=guards.over(store))

    def count(store):
        found = rows(store, f"SELECT ?t {{ <{subject}> <{predicate}> ?t }}")
        return sum(row["t"][0].isdigit() for row in found)

    with EmbeddedStore(f"{place}/store") as store:
        done = 0
        try:
            while True:
                change(store, done, 200_000)
                done += 1
        except errors.StoreError as error:
            print(f"full: {error}")
        print("kept", count(store) == done, done > 3)
    with EmbeddedStore(f"{place}/store") as store:
        print("kept after a restart", count(store) == done)
        try:
            copies.backup(store, Path(place) / "backup")
        except errors.StoreError as error:
            print(f"backup: {error}")
        print("litter", [one.name for one in Path(place).iterdir() if one.name != "store"])
    subprocess.run(["mount", "-o", "remount,size=64m", place], check=True)
    with EmbeddedStore(f"{place}/store") as store:
        change(store, done, 10)
        print("goes on", count(store) == done + 1)
    subprocess.run(["mount", "-o", "remount,ro", place], check=True)
    with EmbeddedStore(f"{place}/store") as store:
        print("read", count(store) == done + 1)
        try:
            change(store, 99, 10)
        except errors.StoreError as error:
            print(f"read-only: {error}")
        print("backup elsewhere", copies.backup(store, Path(backup)) == store.history.last())
"""


def test_a_full_disk_and_one_that_cannot_be_written_refuse_clearly_and_lose_nothing(
    good_store: EmbeddedStore, tmp_path: pathlib.Path
) -> None:
    (tmp_path / "disk").mkdir()
    done = subprocess.run(
        ["unshare", "--map-root-user", "--mount", sys.executable, "-c", textwrap.dedent(ON_A_SMALL_DISK),
         str(tmp_path / "disk"), str(good_store.path), WALKS, COMMENT, str(tmp_path / "backup")],
        capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    told = dict(line.split(": ", 1) for line in done.stdout.splitlines() if ": " in line)
    said = [line for line in done.stdout.splitlines() if ": " not in line]
    assert said == ["kept True True", "kept after a restart True", "litter []", "goes on True", "read True",
                    "backup elsewhere True"]
    assert re.fullmatch(r"The history in \S+ cannot be written: database or disk is full; nothing was changed\.",
                        told["full"])
    assert re.fullmatch(r"The backup cannot be written to \S+: .*[^.]\.", told["backup"])
    assert re.fullmatch(r"The store at \S+ cannot be written: Read-only file system; name a folder with --store\.",
                        told["read-only"])
