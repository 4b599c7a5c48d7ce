"""The W3C suites of the SPARQL Protocol, the Graph Store Protocol and the service description, on the real server."""

import pathlib
from collections.abc import Iterator

import pytest

from suites import description, exchange, graphstore, protocol
from suites.server import Server, carekg

pytestmark = pytest.mark.heavy


@pytest.fixture(scope="module", params=["memory", "disk"])
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The server on an empty folder, which keeps its graph in memory or on disk."""
    room: pathlib.Path = tmp_path_factory.mktemp("plain")
    with carekg(room, "memory:" if request.param == "memory" else str(room / "store")) as running:
        yield running


@pytest.mark.parametrize("test", protocol.TESTS, ids=lambda test: test.key)
def test_the_sparql_protocol(server: Server, test: exchange.Exchange) -> None:
    assert exchange.outcome(test, server) == ""


@pytest.mark.parametrize("test", graphstore.TESTS, ids=lambda test: test.key)
def test_the_graph_store_protocol(server: Server, test: exchange.Exchange) -> None:
    assert exchange.outcome(test, server) == ""


@pytest.fixture(scope="module")
def earlier(server: Server) -> dict[str, str]:
    """What is wrong with each of the tests of 2013, which follow one another."""
    return graphstore.earlier(server)


@pytest.mark.parametrize("key", [key for key, _ in graphstore.STEPS if key])
def test_the_graph_store_protocol_as_it_was_first_tested(earlier: dict[str, str], key: str) -> None:
    assert earlier[key] == ""


@pytest.mark.parametrize("key", description.TESTS)
def test_the_service_description(server: Server, key: str) -> None:
    assert description.TESTS[key](server) == ""
