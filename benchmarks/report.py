"""What was measured as Markdown: printed, and put between two marks of ``docs/performance.md``."""

from __future__ import annotations

import os
import platform
import re
import statistics
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Final

from benchmarks import answers, binding, deadlines, served, shipped
from benchmarks.scene import Scene

BEGIN: Final = "<!-- measured: begin -->"
END: Final = "<!-- measured: end -->"
PACKAGES: Final = ("pyoxigraph", "granian", "flask", "urllib3")


def conditions(command: str) -> str:
    """Say when, with which command and on what it was measured."""
    model = re.search(r"(?m)^model name\s*:\s*(.+)$", _read("/proc/cpuinfo"))
    memory = re.search(r"(?m)^MemTotal:\s*(\d+)", _read("/proc/meminfo"))
    machine = [f"{os.cpu_count()} cores", model[1] if model else platform.machine(),
               f"{int(memory[1]) / 2**20:.0f} GB" if memory else "", platform.system()]
    packages = [f"{name} {version(name)}" for name in PACKAGES]
    return (f"`{command}`, {datetime.now(UTC):%d %B %Y}, load {os.getloadavg()[0]:.1f} at its start: "
            f"{', '.join(filter(None, machine))}; Python {platform.python_version()}, {', '.join(packages)}.\n")


def world(scene: Scene, weight: served.Weight) -> str:
    """Say what the synthetic graph is made of, and what a server of it weighs that has answered every query."""
    seconds = ", ".join(f"{name} in {taken:.0f} s" for name, taken in scene.seconds.items())
    return (f"The synthetic graph has {scene.innovations:,} innovations in {scene.triples:,} triples: "
            f"{scene.asserted:,} asserted, {scene.inferred:,} inferred, {scene.vocabulary:,} of the ontology "
            f"({seconds}). Its server then holds {weight.pss:,.0f} MB in {weight.processes} processes.\n")


def http(lines: Sequence[answers.Line]) -> str:
    """Give the table of prepared queries, over HTTP and in process."""
    kept = sum(line.within for line in lines)
    ratios = [line.http / line.in_process for line in lines if line.http and line.in_process]
    body = [(f"`{one.name}`", f"{one.rows:,}", f"{one.size / 1024:,.0f} kB", _ms(one.in_process), _ms(one.http),
             _ratio(one.http, one.in_process), _ms(one.limit), yes(one.within)) if one.http else
            (f"`{one.name}`", "", "", "", "stopped at its deadline", "", "", yes(False)) for one in lines]
    median = f", median ratio {statistics.median(ratios):.2f}" if ratios else ""
    head = ("query", "rows", "answer", "in process, ms", "HTTP, ms", "ratio", "limit, ms", "within")
    return f"{kept} of {len(lines)} within the limit{median}.\n\n{table(head, body, 'lrrrrrrl')}"


def at_rest(builds: Sequence[shipped.Build], memory: Sequence[shipped.Memory]) -> str:
    """Give the tables of the shipped folder: its build, and the memory of its server."""
    first = table(("build into an empty folder", "seconds", "CPU seconds", "most MB", "limit, s", "within"), [
        (f"{'with' if one.compiled else 'without'} compiled Python modules", f"{one.wall:.1f}", f"{one.cpu:.1f}",
         f"{one.megabytes:.0f}", f"{shipped.MOST_SECONDS:.0f}", yes(one.wall < shipped.MOST_SECONDS))
        for one in builds], "lrrrrl")
    second = table(("server", "processes", "started, MB", "all asked, MB", "most, MB", "sum of high-water marks, MB",
                     "limit, MB", "within"), [
        ("builds the graph first" if one.builds_first else "finds the graph built", f"{one.asked.processes}",
         f"{one.started.pss:.0f}", f"{one.asked.pss:.0f}", f"{one.most:.0f}", f"{one.asked.high_water:.0f}",
         f"{shipped.MOST_MEGABYTES:.0f}", yes(one.most < shipped.MOST_MEGABYTES))
        for one in memory], "lrrrrrrl")
    return f"{first}\n{second}"


def size(found: shipped.Size, builds: Sequence[shipped.Build]) -> str:
    """Say how large the shipped graph is, how its build's time is spent, and how soon a second start answers."""
    asserted = ", ".join(f"{count:,} of the {name}" for name, count in found.asserted.items())
    stages = ", ".join(f"{name} {seconds:.1f}" for name, seconds in builds[-1].stages.items())
    soon = "within" if found.start < shipped.MOST_START else "beyond"
    return (f"Asserted triples: {asserted}; inferred: {found.inferred:,}. Stages of a build, in seconds: {stages}. "
            f"A server that finds the graph built answers after {found.start:.2f} s, {soon} the limit of "
            f"{shipped.MOST_START:.0f} s.\n")


def bound(lines: Sequence[binding.Line]) -> str:
    """Give the table of three ways to bind a parameter."""
    body = [(f"`{one.name}`", f"{one.binding:.2f}", _ms(one.written), _ms(one.ours), _ms(one.engine),
             _ratio(one.ours, one.written), _ratio(one.engine, one.written)) for one in lines]
    head = ("query", "our binding alone, ms", "written in, ms", "ours, ms", "engine's, ms", "ours / written in",
            "engine's / written in")
    return table(head, body, "lrrrrrr")


def stopped(lines: Sequence[deadlines.Line]) -> str:
    """Give the table of endless queries and of the cheap ones beside them."""
    body = [(f"{one.endless}", ", ".join(f"{seconds:.1f}" for seconds in sorted(one.stopped)),
             ", ".join(map(str, one.statuses)), f"{one.asked:,}", f"{one.alone:.2f}", f"{one.meanwhile:.2f}",
             f"{one.meanwhile / one.alone:.2f}", f"{one.slowest:.0f}") for one in lines]
    head = ("endless queries", "stopped after, s", "status", "cheap ones meanwhile", "alone, ms", "meanwhile, ms",
            "ratio", "slowest, ms")
    return table(head, body, "rrrrrrrr")


def write(path: Path, text: str, marks: tuple[str, str] = (BEGIN, END)) -> None:
    """Put a report between the marks of a page."""
    page = path.read_text(encoding="utf-8")
    before, mark, rest = page.partition(marks[0])
    _, closing, after = rest.partition(marks[1])
    if not (mark and closing):
        raise SystemExit(f"{path} lacks the marks {marks[0]} and {marks[1]}.")
    path.write_text(f"{before}{marks[0]}\n\n{text.strip()}\n\n{marks[1]}{after}", encoding="utf-8")


def table(head: Sequence[str], body: Iterable[Sequence[str]], sides: str) -> str:
    """Give a table in Markdown; ``sides`` has ``l`` or ``r`` for each column."""
    rule = ["---:" if side == "r" else "---" for side in sides]
    return "".join(f"| {' | '.join(row)} |\n" for row in [head, rule, *body])


def _ms(value: float | None) -> str:
    if value is None:
        return "over 10 s"
    return f"{value:.2f}" if value < 10 else f"{value:,.0f}"


def _ratio(one: float | None, other: float | None) -> str:
    return f"{one / other:.2f}" if one and other else ""


def yes(value: bool) -> str:
    """Say whether something is kept, so that a no is seen."""
    return "yes" if value else "**no**"


def _read(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8")
    except OSError:
        return ""
