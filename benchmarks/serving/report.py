"""What was measured of serving, as Markdown for docs/performance.md."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from benchmarks import report
from benchmarks.scene import Scene
from benchmarks.serving import load, strain, throughput

BEGIN: Final = "<!-- serving: begin -->"
END: Final = "<!-- serving: end -->"
SERVERS: Final = ("ours", "ours, as SPARQL", "Oxigraph", "rdflib-endpoint")


def rates(scene: Scene, lines: Sequence[throughput.Line]) -> str:
    """Give the table of requests a second, with median and 99th percentile in milliseconds."""
    head = ("query", "answer", "in process, one core", *SERVERS, "ours / Oxigraph", "goal met")
    body = [(f"{one.sort}: `{one.name}`", f"{one.size / 1024:,.0f} kB", _rate(one.in_process),
             *(_load(one.loads[name]) if name in one.loads else "" for name in SERVERS),
             "" if one.share is None else f"{one.share:.2f}", "" if one.within is None else report.yes(one.within))
            for one in lines]
    return (f"{scene.triples:,} triples, {load.CONNECTIONS} clients; requests a second (median / 99th percentile, ms)."
            "\n\n" + report.table(head, body, "lrrrrrrrl"))


def beside(found: strain.Beside) -> str:
    """Say what one endless query does to the cheap one."""
    shown = [", ".join(f"{one:.1f}" for one in side) for side in (found.alone, found.beside)]
    return report.table(("cheap query, 99th percentile", "each round, ms", "median, ms"), [
        ("alone", shown[0], f"{statistics.median(found.alone):.1f}"),
        (f"beside an endless one ({found.status})", shown[1], f"{statistics.median(found.beside):.1f}"),
        (f"ratio, at most {strain.TIMES:.0f}", "", f"{found.ratio:.2f} {report.yes(found.ratio <= strain.TIMES)}"),
    ], "lrr")


def crowds(found: Sequence[strain.Crowd]) -> str:
    """Give the table of fifty endless queries at once."""
    head = (f"{strain.MANY} at once", "statuses", "slowest, s", "before, MB", "most, MB", "cap, MB", "after, MB",
            "a cheap one after", "kept")
    body = [(one.kind, ", ".join(f"{count} × {status}" for status, count in sorted(one.statuses.items())),
             f"{one.slowest:.1f}", f"{one.before:.0f}", f"{one.most:.0f}", f"{one.cap:.0f}", f"{one.after:.0f}",
             f"{one.then}", report.yes(one.within)) for one in found]
    return report.table(head, body, "llrrrrrrl")


def day(found: strain.Day) -> str:
    """Say what many requests leave behind."""
    daily = found.requests / 86_400
    return (f"{found.requests:,} requests of all kinds in {found.seconds:.0f} s, as many as in a day with {daily:.1f} "
            f"a second; {found.bad_statuses:,} were refused, {found.mistakes:,.0f} were mistakes, {found.broken} "
            f"connections broke. Memory before {found.before:.0f} MB in {found.processes[0]} processes, after "
            f"{found.after:.0f} MB in {found.processes[1]}, {(found.after / found.before - 1) * 100:+.1f} %; "
            f"within 10 %: {report.yes(found.within)}.\n")


def write(path: Path, text: str) -> None:
    """Put a report between the marks of a page."""
    report.write(path, text, (BEGIN, END))


def _rate(value: float) -> str:
    return f"{value:,.0f}" if value >= 10 else f"{value:.1f}"


def _load(found: load.Load | None) -> str:
    return f"{_rate(found.rate)} ({found.p50:,.1f} / {found.p99:,.1f})" if found else "not answered"
