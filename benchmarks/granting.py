"""How fast grants are imported, and in how much memory: all processes of the import taken together.

``python -m benchmarks.granting --count 20000``: grants are made up, imported by ``carekg import grants`` into a store
with the shipped graph, and the proportional set size of the whole tree of processes is looked at twice a second.
"""

from __future__ import annotations

import argparse
import contextlib
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from benchmarks import grants


class Taken(NamedTuple):
    """What an import took: seconds, seconds of computing, the most megabytes at once, megabytes on disk."""

    seconds: float
    computed: float
    peak_mb: float
    disk_mb: float


def tree(pid: int) -> Iterator[int]:
    """Give a process and all below it."""
    below: defaultdict[int, list[int]] = defaultdict(list)
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            below[int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])].append(int(entry.name))
    waiting = [pid]
    while waiting:
        one = waiting.pop()
        yield one
        waiting += below[one]


def pss_mb(pid: int) -> float:
    """Give the megabytes that a process and all below it take; what several share counts once."""
    total = 0
    for one in tree(pid):
        with contextlib.suppress(OSError):
            found = re.search(r"^Pss:\s+(\d+)", Path(f"/proc/{one}/smaps_rollup").read_text(), re.MULTILINE)
            total += int(found[1]) if found else 0
    return total / 1024


def taken(store: Path, *arguments: str) -> Taken:
    """Run ``carekg`` on a store, and measure it.

    :raises RuntimeError: it failed.
    """
    command = [sys.executable, "-m", "carekg", "--store", str(store), *arguments]
    began, before = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
    peak = 0.0
    with subprocess.Popen(command) as process:
        while process.poll() is None:
            peak = max(peak, pss_mb(process.pid))
            time.sleep(0.5)
    if process.returncode:
        raise RuntimeError(f"carekg {' '.join(arguments)} ended with {process.returncode}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    computed = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    size = sum(entry.stat().st_size for entry in store.rglob("*") if entry.is_file())
    return Taken(time.monotonic() - began, computed, peak, size / 2**20)


def main() -> int:
    """Measure and print; give 1 where the goal is missed, else 0."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.granting", description=__doc__)
    parser.add_argument("--count", type=int, default=20_000)
    parser.add_argument("--batch", default="1000")
    parser.add_argument("--again", action="store_true", help="import the same file once more")
    parser.add_argument("--keep", type=Path, help="a folder for the file and the store, which stay")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="carekg-bench-") as made:
        place = chosen.keep or Path(made)
        place.mkdir(parents=True, exist_ok=True)
        file = place / f"grants-{chosen.count}.json"
        if not file.exists():
            with file.open("w", encoding="utf-8") as out:
                grants.written(out, chosen.count)
        taken(place / "store", "build")
        peak = 0.0
        for _ in range(1 + chosen.again):
            one = taken(place / "store", "import", "grants", str(file), "--batch", chosen.batch)
            peak = max(peak, one.peak_mb)
            print(f"{chosen.count:,} grants, {file.stat().st_size / 2**20:,.0f} MB, in {one.seconds:,.0f} s: "
                  f"{chosen.count / one.seconds:,.0f} a second, {one.computed / chosen.count * 1000:.1f} ms of "
                  f"computing each; at most {one.peak_mb:,.0f} MB of memory; the store has {one.disk_mb:,.0f} MB",
                  flush=True)
    return 0 if peak < 1024 else 1


if __name__ == "__main__":
    sys.exit(main())
