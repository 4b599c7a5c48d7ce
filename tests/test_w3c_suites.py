"""The W3C suites of SPARQL 1.0, 1.1 and 1.2, on the engine in this process and on the server over HTTP."""

import pathlib
from collections.abc import Iterator

import pytest

from suites import __main__ as suites
from suites.engine import InProcess
from suites.known import FAILS, NOT_RUN, listed, news
from suites.manifest import Shelf, cases
from suites.obtain import suites as obtained
from suites.served import Served
from suites.server import Server, carekg

pytestmark = pytest.mark.heavy  # Maven brings the suites


@pytest.fixture(scope="module")
def shelf() -> Shelf:
    """The suites on this machine."""
    return Shelf(obtained())


@pytest.fixture(scope="module", params=["memory", "disk"])
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The server on an empty folder, which keeps its graph in memory or on disk."""
    room: pathlib.Path = tmp_path_factory.mktemp("plain")
    with carekg(room, "memory:" if request.param == "memory" else str(room / "store"), hosts="127.0.0.1") as running:
        yield running


@pytest.fixture(scope="module")
def helper(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A second server, which plays the endpoints that federated queries call."""
    with carekg(tmp_path_factory.mktemp("helper"), hosts="127.0.0.1") as running:
        yield running


@pytest.mark.parametrize("edition", suites.EDITIONS)
def test_the_engine_fails_what_is_listed_and_nothing_else(shelf: Shelf, edition: str) -> None:
    assert news(suites.evaluated(InProcess(), shelf, edition), listed(), "engine") == []


@pytest.mark.parametrize("edition", suites.EDITIONS)
def test_the_server_fails_what_is_listed_and_nothing_else(server: Server, shelf: Shelf, edition: str) -> None:
    assert news(suites.evaluated(Served(server), shelf, edition), listed(), "server") == []


def test_federated_queries_fail_where_it_is_listed_and_nowhere_else(
    server: Server, helper: Server, shelf: Shelf,
) -> None:
    assert news(suites.federated(InProcess(), shelf, helper), listed(), "engine") == []
    assert news(suites.federated(Served(server), shelf, helper), listed(), "server") == []


def test_the_suites_are_there_in_their_full_size(shelf: Shelf) -> None:
    assert {edition: len(cases(shelf, edition)) for edition in suites.EDITIONS} == {
        "sparql10": 464, "sparql11": 560, "sparql12": 216}


def test_what_is_listed_exists(shelf: Shelf) -> None:
    there = [case for edition in suites.EDITIONS for case in cases(shelf, edition)]
    known = {(case.suite, case.key) for case in there} | {(case.suite, "*") for case in there}
    assert set(listed()) - known == set()


def test_nothing_fails_on_the_server_that_the_engine_passes() -> None:
    assert [row for row in listed().values() if row.server == FAILS and row.engine != FAILS] == []


def test_each_failure_has_its_reason() -> None:
    assert [row for row in listed().values() if not row.reason or {row.engine, row.server} - {FAILS, NOT_RUN}] == []
