"""Runs the suites on the engine and on a server, and prints how many pass: `python -m suites` in `tests`.

`python -m suites SPARQL STORE TOKEN [UPDATES]` runs them on any server, by its addresses; it loses what it holds.
"""

import collections
import pathlib
import sys
import tempfile
from collections.abc import Callable, Iterator

from suites import description, exchange, graphstore, manifest, obtain, protocol, run
from suites.engine import Engine, InProcess
from suites.known import Key, is_run, listed
from suites.served import Served
from suites.server import Server, carekg

EDITIONS = ("sparql10", "sparql11", "sparql12")


def evaluated(engine: Engine, shelf: manifest.Shelf, edition: str) -> dict[Key, str]:
    """Run an edition's tests of queries and updates; give what is wrong by suite and test."""
    known = listed()
    return {(case.suite, case.key): run.outcome(case, engine, shelf)
            for case in manifest.cases(shelf, edition) if is_run(case.suite, case.key, known)}


def exchanged(server: Server) -> dict[Key, str]:
    """Run the tests of the protocols."""
    return {(test.suite, test.key): exchange.outcome(test, server) for test in protocol.TESTS + graphstore.TESTS}


def described(server: Server) -> dict[Key, str]:
    """Run the tests of the service description."""
    return {("sparql11/service-description", key): check(server) for key, check in description.TESTS.items()}


def report(name: str, outcomes: dict[Key, str]) -> None:
    """Print what failed, then a line for each suite."""
    for key, wrong in outcomes.items():
        if wrong:
            print(f"{name}: {' '.join(key)}: {' '.join(wrong.split())[:700]}")
    suites = collections.Counter(suite for suite, _ in outcomes)
    failed = collections.Counter(suite for (suite, _), wrong in outcomes.items() if wrong)
    for suite, count in suites.items():
        print(f"{name:12}{suite:44}{count - failed[suite]:5} of {count:4}")
    print(f"{name:12}{'all':44}{len(outcomes) - failed.total():5} of {len(outcomes):4}\n")


def runs(server: Server, shelf: manifest.Shelf) -> Iterator[tuple[str, Callable[[], dict[Key, str]]]]:
    """Give every run by name."""
    for edition in EDITIONS:
        yield "in process", lambda edition=edition: evaluated(InProcess(), shelf, edition)
        yield "over HTTP", lambda edition=edition: evaluated(Served(server), shelf, edition)
    yield "over HTTP", lambda: exchanged(server)
    yield "over HTTP", lambda: described(server)


def main() -> None:
    """Run all on the server that is named, or on one of our own."""
    shelf = manifest.Shelf(obtain.suites())
    if len(sys.argv) > 1:
        for name, do in runs(Server(*sys.argv[1:]), shelf):
            report(name, do())
        return
    with tempfile.TemporaryDirectory() as room, carekg(pathlib.Path(room)) as server:
        for name, do in runs(server, shelf):
            report(name, do())


if __name__ == "__main__":
    main()
