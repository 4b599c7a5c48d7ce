"""``python -m benchmarks.serving``: measure serving under load, print it, and put it into docs/performance.md."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path
from typing import Final

from benchmarks import report as pages
from benchmarks import scene
from benchmarks.serving import load, report, rivals, strain, throughput

PAGE: Final = Path(__file__).parents[2] / "docs" / "performance.md"
COMMAND: Final = "python -m benchmarks.serving"


def main() -> int:
    """Measure and report; give 1 where a goal is missed, else 0."""
    parser = argparse.ArgumentParser(prog=COMMAND, description=__doc__)
    parser.add_argument("--triples", type=int, nargs="*", default=[100_000, 1_000_000], metavar="N",
                        help="sizes of the synthetic graphs beside the shipped one (default: %(default)s)")
    parser.add_argument("--seconds", type=float, default=10, help="each load lasts that long (default: %(default)s)")
    parser.add_argument("--day", type=float, default=600, metavar="SECONDS",
                        help="the load that looks for leaks lasts that long; 0 leaves it out (default: %(default)s)")
    parser.add_argument("--no-page", action="store_true", help="print only; leave docs/performance.md as it is")
    chosen = parser.parse_args()
    load.install()
    parts, kept = [pages.conditions(" ".join([COMMAND, *sys.argv[1:]]))], []
    program = rivals.install()
    for triples in [0, *chosen.triples]:
        with tempfile.TemporaryDirectory(prefix="carekg-bench-") as place:
            made = scene.synthetic_scene(Path(place), triples) if triples else scene.shipped_scene(Path(place))
            _told(f"{made.triples:,} triples")
            lines = throughput.measured(made, program, chosen.seconds, _told)
            parts += [report.rates(made, lines)]
            kept += [line.within for line in lines if line.within is not None]
            if not triples:
                strained, well = _strained(made, chosen.seconds, chosen.day)
                kept += well
    text = "\n".join(["## Requests a second\n", *parts, *strained])
    print(text)
    if not chosen.no_page:
        report.write(PAGE, text)
        _told(f"{PAGE} is written")
    _told(f"{sum(kept)} of {len(kept)} goals are met")
    return 0 if all(kept) else 1


def _strained(made: scene.Scene, seconds: float, day: float) -> tuple[list[str], list[bool]]:
    """Give what is reported of the shipped graph under strain, and which goals are met."""
    _told("beside an endless query")
    beside = strain.beside(made, seconds)
    _told("fifty at once")
    crowds = [strain.crowd(made, hungry, 256) for hungry in (False, True)]
    parts = ["## Endless queries\n", report.beside(beside), report.crowds(crowds)]
    kept = [beside.ratio <= strain.TIMES, *(one.within for one in crowds)]
    if day:
        _told("a day's requests")
        after = strain.day(made, day)
        parts += ["## A day's requests\n", report.day(after)]
        kept.append(after.within)
    return parts, kept


def _told(what: str) -> None:
    print(f"  {what} ...", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
