"""``python -m benchmarks``: measure everything, print it as Markdown, and put it into docs/performance.md."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path
from typing import Final

from benchmarks import answers, binding, deadlines, report, scene, served, shipped

PAGE: Final = Path(__file__).parents[1] / "docs" / "performance.md"
COMMAND: Final = "python -m benchmarks"
WHOLE: Final = 1_000_000
CHEAP: Final = "mappings-of-factor"


def main() -> int:
    """Measure and report; give 1 where a limit is missed, else 0."""
    parser = argparse.ArgumentParser(prog=COMMAND, description=__doc__)
    parser.add_argument("--triples", type=int, default=WHOLE, help="size of the synthetic graph (default: %(default)s)")
    parser.add_argument("--no-page", action="store_true", help="print only; leave docs/performance.md as it is")
    chosen = parser.parse_args()
    parts = [report.conditions(COMMAND + (f" --triples {chosen.triples}" if chosen.triples != WHOLE else ""))]
    _told("the shipped folder")
    builds, found, memory = shipped.builds(), shipped.size(), shipped.memory()
    parts += ["## The shipped folder\n", report.size(found, builds), report.at_rest(builds, memory)]
    kept = [found.start < shipped.MOST_START]
    kept += [one.wall < shipped.MOST_SECONDS for one in builds] + [one.most < shipped.MOST_MEGABYTES for one in memory]
    with tempfile.TemporaryDirectory(prefix="carekg-bench-") as place:
        more, answered = _on_the_synthetic_graph(Path(place), chosen.triples)
    kept += [line.within for line in answered]
    text = "\n".join(parts + more)
    print(text)
    if not chosen.no_page:
        report.write(PAGE, text)
        _told(f"{PAGE} is written")
    _told(f"{sum(kept)} of {len(kept)} limits are kept")
    return 0 if all(kept) else 1


def _on_the_synthetic_graph(place: Path, triples: int) -> tuple[list[str], list[answers.Line]]:
    """Give what is reported of the synthetic graph, and the lines that have a limit."""
    _told("the synthetic graph")
    made = scene.synthetic_scene(place, triples)
    store = made.in_process()
    with served.serving(made.path, made.folder) as server:
        answered = answers.measured(made, server, store, _told)
        weight = server.weight()
        _told("deadlines")
        stopped = deadlines.measured(server, served.address(CHEAP, answers.CONCEPTS[CHEAP]))
    bound = binding.measured(made, store, _told)
    return ["## Prepared queries over HTTP\n", report.world(made, weight), report.http(answered),
            "## Deadlines\n", report.stopped(stopped), "## Binding a parameter\n", report.bound(bound)], answered


def _told(what: str) -> None:
    print(f"  {what} ...", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
