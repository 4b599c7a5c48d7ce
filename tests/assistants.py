"""An assistant's client of `carekg mcp`, over stdin and stdout and over HTTP, and the processes that it asks."""

import json
import os
import pathlib
import sys
from collections.abc import Iterator
from typing import Any

import anyio.from_thread
import pytest
from mcp import Client, StdioServerParameters

import listening
from carekg import store
from carekg.store.embedded import EmbeddedStore
from carekg.terms import PREFIXES

DEADLINE = 3
TOOLS = ("find_terms", "describe", "list_questions", "ask_question", "run_sparql", "passages_of", "vocabulary")
CARE = f"PREFIX care: <{PREFIXES['care']}> PREFIX rdfs: <{PREFIXES['rdfs']}> "


class Assistant:
    """A client of the server, used from a test as if it were not asynchronous."""

    def __init__(self, portal: anyio.from_thread.BlockingPortal, client: Client) -> None:
        self.portal, self.client = portal, client

    def call(self, tool: str, **arguments: Any) -> dict[str, Any]:
        """What a tool gives; its text is the same, and it is no error."""
        result = self.result(tool, arguments)
        text = result.content[0].text
        assert not result.is_error, text
        assert result.structured_content == json.loads(text)
        return result.structured_content

    def refused(self, tool: str, **arguments: Any) -> str:
        """The sentence with which a tool refuses."""
        result = self.result(tool, arguments)
        assert result.is_error, result.structured_content
        assert "Traceback" not in result.content[0].text
        return result.content[0].text

    def result(self, tool: str, arguments: dict[str, Any]) -> Any:
        """What comes back from a tool."""
        return self.portal.call(self.client.call_tool, tool, arguments)

    def do(self, name: str, *arguments: Any) -> Any:
        """What another method of the client gives."""
        return self.portal.call(getattr(self.client, name), *arguments)


def command(place: pathlib.Path, *arguments: str) -> list[str]:
    return [sys.executable, "-m", "carekg", "--store", str(place), "mcp", *arguments]


def environment() -> dict[str, str]:
    return {**os.environ, "CAREKG_DEADLINE": str(DEADLINE)}


def over_stdio(place: pathlib.Path) -> StdioServerParameters:
    """How a client starts the server over a store."""
    first, *others = command(place)
    return StdioServerParameters(command=first, args=others, env=environment())


def rows(graph: EmbeddedStore, text: str) -> list[dict[str, str]]:
    """The rows of a query whose prefixes need not be written."""
    return store.rows(graph, CARE + text)


@pytest.fixture(scope="session")
def portal() -> Iterator[anyio.from_thread.BlockingPortal]:
    """The way from a test to what is asynchronous."""
    with anyio.from_thread.start_blocking_portal() as one:
        yield one


@pytest.fixture(scope="session")
def mcp_address(shipped_store: EmbeddedStore, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where `carekg mcp --http` listens."""
    port = listening.free_port()
    log = tmp_path_factory.mktemp("mcp") / "stderr.txt"
    http = command(shipped_store.path, "--http", "--port", str(port))
    with listening.running(http, lambda: listening.is_open(port), log, environment()):
        yield f"http://127.0.0.1:{port}/mcp"


@pytest.fixture(scope="session", params=["stdio", pytest.param("http", marks=pytest.mark.heavy)])
def assistant(
    request: pytest.FixtureRequest, portal: anyio.from_thread.BlockingPortal, shipped_store: EmbeddedStore,
) -> Iterator[Assistant]:
    """An assistant's client, over stdin and stdout and over HTTP."""
    http = request.param == "http"
    transport: Any = request.getfixturevalue("mcp_address") if http else over_stdio(shipped_store.path)
    with portal.wrap_async_context_manager(Client(transport)) as client:
        yield Assistant(portal, client)
