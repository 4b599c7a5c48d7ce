"""Runs the suites on the engine and on a server, and prints how many pass: `python -m suites` in `tests`.

`python -m suites SPARQL STORE TOKEN [UPDATES]` runs them on any server, by its addresses; it loses what it holds.
"""

import collections
import contextlib
import pathlib
import sys
import tempfile
from collections.abc import Iterator

from suites import description, exchange, federation, graphstore, manifest, obtain, protocol, run
from suites.engine import Engine, InProcess
from suites.known import Key, is_run, listed
from suites.served import Served
from suites.server import Server, carekg

EDITIONS = ("sparql10", "sparql11", "sparql12")


def evaluated(engine: Engine, shelf: manifest.Shelf, edition: str) -> dict[Key, str]:
    """Run an edition's tests of queries and updates; give what is wrong by suite and test."""
    known = listed()
    return {(case.suite, case.key): run.outcome(case, engine, shelf)
            for case in manifest.cases(shelf, edition)
            if case.suite != federation.SUITE and is_run(case.suite, case.key, known)}


def federated(engine: Engine, shelf: manifest.Shelf, helper: Server) -> dict[Key, str]:
    """Run the tests of SERVICE, whose endpoints a second server plays."""
    with tempfile.TemporaryDirectory() as room:
        return {(case.suite, case.key): federation.outcome(case, engine, shelf, helper, pathlib.Path(room))
                for case in manifest.cases(shelf, "sparql11") if case.suite == federation.SUITE}


def exchanged(server: Server) -> dict[Key, str]:
    """Run the tests of the protocols."""
    found = {(test.suite, test.key): exchange.outcome(test, server) for test in protocol.TESTS + graphstore.TESTS}
    return found | {("sparql11/http-rdf-update", key): wrong for key, wrong in graphstore.earlier(server).items()}


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


def runs(server: Server, helper: Server, shelf: manifest.Shelf) -> Iterator[tuple[str, dict[Key, str]]]:
    """Give what every run finds, under its name."""
    for name, engine in (("in process", InProcess()), ("over HTTP", Served(server))):
        for edition in EDITIONS:
            yield name, evaluated(engine, shelf, edition)
        yield name, federated(engine, shelf, helper)
    yield "over HTTP", exchanged(server)
    yield "over HTTP", described(server)


def main() -> None:
    """Run all on the server that is named, or on one of our own."""
    shelf = manifest.Shelf(obtain.suites())
    with contextlib.ExitStack() as stack:
        def ours() -> Server:
            room = stack.enter_context(tempfile.TemporaryDirectory())
            return stack.enter_context(carekg(pathlib.Path(room), hosts="127.0.0.1"))
        for name, outcomes in runs(Server(*sys.argv[1:]) if len(sys.argv) > 1 else ours(), ours(), shelf):
            report(name, outcomes)


if __name__ == "__main__":
    main()
