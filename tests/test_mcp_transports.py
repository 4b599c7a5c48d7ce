"""The graph for assistants over stdin and stdout and over HTTP, against real processes."""

import contextlib
import http.client
import json
import pathlib
import subprocess
import sys
import urllib.error
import urllib.request
from typing import Any
from urllib.parse import urljoin, urlsplit

import anyio.from_thread
import pytest
from mcp import Client
from mcp.client.stdio import stdio_client

from assistants import Assistant, command, environment, over_stdio
from carekg import assistant as ours
from carekg.store.embedded import EmbeddedStore
from listening import PATIENCE, free_port

pytestmark = pytest.mark.heavy  # each starts a process of its own


@pytest.mark.parametrize("way", ["stdio", pytest.param("http", marks=pytest.mark.heavy)])
def test_a_client_of_the_protocol_with_sessions_is_served_too(
    way: str, portal: anyio.from_thread.BlockingPortal, shipped_store: EmbeddedStore, request: pytest.FixtureRequest
) -> None:
    transport: Any = request.getfixturevalue("mcp_address") if way == "http" else stdio_client(
        over_stdio(shipped_store.path))
    with portal.wrap_async_context_manager(Client(transport, mode="legacy")) as client:
        found = Assistant(portal, client).call("run_sparql", query="ASK { ?s ?p ?o }")
    assert found == {"truth": True}


# --- stdin and stdout ---------------------------------------------------------------------------------------------


def test_nothing_but_the_protocol_is_written_and_the_end_of_input_ends_it(shipped_store: EmbeddedStore) -> None:
    hello = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}}
    lines = ["this is not JSON", "[" * 100_000, json.dumps({"jsonrpc": "2.0", "id": 1, "method": "initialize",
                                                            "params": hello}),
             json.dumps({"jsonrpc": "2.0", "method": "notifications/initialized"}),
             json.dumps({"jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": {
                 "name": "find_terms", "arguments": {"text": "iris"}}})]
    with subprocess.Popen(command(shipped_store.path), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, env=environment()) as process:
        assert process.stdin
        assert process.stdout
        process.stdin.write("".join(f"{line}\n" for line in lines).encode())
        process.stdin.flush()
        messages = []
        while not messages or messages[-1].get("id") != 2:
            messages.append(json.loads(process.stdout.readline()))
        rest, _ = process.communicate(timeout=PATIENCE)
    assert rest == b""
    assert process.returncode == 0
    assert all(message["jsonrpc"] == "2.0" for message in messages)
    assert {message.get("id") for message in messages if "result" in message} == {1, 2}


def test_a_graph_that_is_missing_is_built_first(world: pathlib.Path, tmp_path: pathlib.Path) -> None:
    run = [sys.executable, "-m", "carekg", "--folder", str(world), "--store", str(tmp_path / "new"), "mcp"]
    done = subprocess.run(run, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120, check=False,
                          env=environment())
    assert done.returncode == 0, done.stderr
    assert done.stdout == ""
    assert "Building the graph first, once." in done.stderr


# --- HTTP ---------------------------------------------------------------------------------------------------------


def sent(address: str, body: bytes, **headers: str) -> int:
    """The status that a request gets."""
    asked = urllib.request.Request(address, body, {
        "Content-Type": "application/json", "Accept": "application/json, text/event-stream",
        **{name.replace("_", "-"): value for name, value in headers.items()}})
    try:
        with urllib.request.urlopen(asked, timeout=PATIENCE) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        with error:
            return error.code


LIST = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "tools/list"}).encode()


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (LIST, {}, 200),
        (LIST, {"Host": "localhost:PORT"}, 200),
        (LIST, {"Host": "rebound.example.org"}, 421),
        (LIST, {"Host": "127.0.0.1.example.org:PORT"}, 421),
        (LIST, {"Origin": "http://127.0.0.1:PORT"}, 200),
        (LIST, {"Origin": "https://evil.example.org"}, 403),
        (LIST, {"Origin": "null"}, 403),
        (LIST, {"Content_Type": "text/plain"}, 400),
        (b"{", {}, 400),
        (b"[" * 1_000_000, {}, 400),
    ],
)
def test_http_answers_only_to_its_own_names_and_to_requests_it_can_read(
    body: bytes, headers: dict[str, str], status: int, mcp_address: str
) -> None:
    port = mcp_address.split(":")[2].split("/")[0]
    assert sent(mcp_address, body, **{name: value.replace("PORT", port) for name, value in headers.items()}) == status
    assert sent(mcp_address, LIST) == 200


@pytest.mark.parametrize(("method", "path"), [("GET", "/mcp"), ("GET", "/"), ("DELETE", "/mcp"), ("PUT", "/mcp")])
def test_a_browser_is_told_what_this_is_and_no_stream_is_held_open(method: str, path: str, mcp_address: str) -> None:
    asked = urllib.request.Request(urljoin(mcp_address, path), method=method)
    with pytest.raises(urllib.error.HTTPError) as refused, urllib.request.urlopen(asked, timeout=5):
        pass
    with refused.value as answer:
        assert (answer.code, answer.headers["Allow"]) == (405, "POST")
        assert "send JSON-RPC to /mcp by POST" in answer.read().decode()


def test_a_body_that_is_too_large_is_refused_before_it_is_read(mcp_address: str) -> None:
    connection = http.client.HTTPConnection(urlsplit(mcp_address).netloc, timeout=PATIENCE)
    with contextlib.closing(connection):
        connection.putrequest("POST", "/mcp")
        for name, value in (("Content-Type", "application/json"), ("Content-Length", str(3 * 2**20))):
            connection.putheader(name, value)
        connection.endheaders()
        assert connection.getresponse().status == 413
    assert sent(mcp_address, LIST) == 200


def test_a_server_for_everybody_has_to_know_its_name(shipped_store: EmbeddedStore) -> None:
    done = subprocess.run(command(shipped_store.path, "--http", "--host", "0.0.0.0", "--port", str(free_port())),
                          capture_output=True, text=True, timeout=PATIENCE, check=False, env=environment())
    assert done.returncode == 2
    assert "CAREKG_PUBLIC_URL" in done.stderr
    assert "Traceback" not in done.stderr


# --- without the SDK ----------------------------------------------------------------------------------------------


def test_without_the_sdk_it_says_in_a_sentence_how_to_install_it(shipped_store: EmbeddedStore) -> None:
    text = "import sys; sys.modules['mcp'] = None; from carekg.cli import main; main(sys.argv[1:], 'carekg')"
    done = subprocess.run([sys.executable, "-c", text, "--store", str(shipped_store.path), "mcp"],
                          capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert done.returncode == 2
    assert done.stderr == ("carekg: The SDK of the Model Context Protocol is not installed; install it beside carekg "
                           f"with `pip install '{ours.NEEDED}'`.\n")
