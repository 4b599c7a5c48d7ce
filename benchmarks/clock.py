"""Times taken in turns, so that whatever else the machine does falls on each side alike."""

from __future__ import annotations

import multiprocessing
import statistics
import time
from collections.abc import Callable
from typing import Final

SPEND: Final = 1.5
"""Seconds that one side of a comparison may take in all, as far as ``FEWEST`` allows."""

FEWEST, MOST = 7, 61
"""Runs of each side."""


def in_turns(*sides: Callable[[], object]) -> list[float]:
    """Give the median seconds of each side, run one after the other again and again, once unmeasured before."""
    slowest = max(taken(side) for side in sides)
    runs = min(max(int(SPEND / max(slowest, 1e-6)), FEWEST), MOST)
    rounds = [[taken(side) for side in sides] for _ in range(runs)]
    return [statistics.median(column) for column in zip(*rounds, strict=True)]


def taken(side: Callable[[], object]) -> float:
    """Give the seconds that a call takes."""
    began = time.perf_counter()
    side()
    return time.perf_counter() - began


def ends_within(seconds: float, side: Callable[[], object]) -> bool:
    """Say whether a call ends in time, tried in a forked process, since the engine cannot be interrupted."""
    trial = multiprocessing.get_context("fork").Process(target=side)
    trial.start()
    trial.join(seconds)
    ended = not trial.is_alive()
    if not ended:
        trial.kill()
    trial.join()
    if ended and trial.exitcode:
        raise RuntimeError(f"a trial ended with status {trial.exitcode}")
    return ended
