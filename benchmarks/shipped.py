"""The shipped folder: its size, its build from cold stage by stage, a second start, and the memory of its server."""

from __future__ import annotations

import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks import scene, served
from carekg import folder, query
from carekg.store import Question
from carekg.store.embedded import EmbeddedStore
from carekg.terms import INFERRED

BUILDS = 3
MOST_SECONDS = 30.0
MOST_START = 2.0
MOST_MEGABYTES = 300.0


@dataclass(frozen=True)
class Build:
    """Median seconds on the clock and of CPU, and the most megabytes, of builds into an empty folder."""

    compiled: bool
    wall: float
    cpu: float
    megabytes: float
    stages: dict[str, float]


@dataclass(frozen=True)
class Size:
    """Triples asserted by part and inferred, and seconds from a start on a built graph to its first answer."""

    asserted: dict[str, int]
    inferred: int
    start: float


@dataclass(frozen=True)
class Memory:
    """A server's memory after its start, and after every prepared query was asked as data and as a page."""

    builds_first: bool
    started: served.Weight
    asked: served.Weight
    most: float


def builds() -> list[Build]:
    """Give what a build takes in a new process, without and with Python's compiled modules at hand."""
    return [_build(compiled) for compiled in (False, True)]


def size() -> Size:
    """Give how large the shipped graph is, and how soon a server that finds it built answers."""
    with _place() as (where, knowledge):
        read = folder.load(knowledge)
        with served.serving(where / "store", knowledge):
            pass
        starts = []
        for _ in range(BUILDS):
            began = time.perf_counter()
            with served.serving(where / "store", knowledge) as server:
                server.get("/queries.json")
                starts.append(time.perf_counter() - began)
        with EmbeddedStore(where / "store", in_memory=False) as store:
            found = store.answer(Question(f"SELECT (COUNT(*) AS ?n) {{ GRAPH <{INFERRED}> {{ ?s ?p ?o }} }}")).read()
    parts = {"ontology": read.ontology, "data": read.data}
    asserted = {name: sum(len(file.triples) for file in files) for name, files in parts.items()}
    inferred = int(json.loads(found)["results"]["bindings"][0]["n"]["value"])
    return Size(asserted, inferred, statistics.median(starts))


def memory() -> list[Memory]:
    """Give the memory of a server on a graph that is there, and of one that builds it first."""
    return [_memory(builds_first) for builds_first in (False, True)]


def _build(compiled: bool) -> Build:
    found, told = [], []
    for _ in range(BUILDS):
        with _place() as (where, knowledge):
            cache = {} if compiled else {"PYTHONPYCACHEPREFIX": str(where / "cache")}
            began = time.perf_counter()
            process = subprocess.Popen([sys.executable, "-m", "carekg", "--store", str(where / "store"), "--folder",
                                        str(knowledge), "build"], env=os.environ | cache, stdout=subprocess.DEVNULL,
                                       stderr=subprocess.PIPE, text=True)
            assert process.stderr
            told.append(dict(re.findall(r"(?m)^ +(\w+) +([0-9.]+) s$", process.stderr.read())))
            _, status, used = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            if process.returncode:
                raise RuntimeError(f"the build ended with status {process.returncode}")
            found.append((time.perf_counter() - began, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024))
    stages = {name: statistics.median(float(one[name]) for one in told) for name in told[0]}
    return Build(compiled, *(statistics.median(column) for column in zip(*found, strict=True)), stages)


def _memory(builds_first: bool) -> Memory:
    with _place() as (where, knowledge):
        if not builds_first:
            with served.serving(where / "store", knowledge):
                pass
        with served.serving(where / "store", knowledge) as server:
            started, most = server.weight(), 0.0
            for path in _addresses(knowledge):
                if (status := server.get(path).status) != 200:
                    raise RuntimeError(f"{path} gave {status}")
                most = max(most, server.weight().pss)
            return Memory(builds_first, started, server.weight(), most)


def _addresses(knowledge: Path) -> Iterator[str]:
    """Give the addresses of every prepared query with its defaults: as data, and a table also as a page."""
    for name, one in query.catalogue(folder.queries(knowledge)).items():
        yield served.address(name, {}, "n-triples" if one.is_graph else "json")
        if not one.is_graph:
            yield f"/queries/{name}?format=html"


@contextmanager
def _place() -> Iterator[tuple[Path, Path]]:
    with tempfile.TemporaryDirectory(prefix="carekg-bench-") as name:
        yield Path(name), scene.copied_folder(Path(name) / "folder")
