"""A real server: it stops gracefully, leaves no process behind, comes back, and stands what comes over the network."""

import contextlib
import gzip
import http.client
import os
import pathlib
import signal
import socket
import subprocess
import threading
import time
import urllib.parse
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

import folders
import processes
import servers
from carekg.store.embedded import EmbeddedStore
from commands import run, sentence
from listening import PATIENCE, free_port
from servers import Server

pytestmark = pytest.mark.heavy  # processes are started, and killed, for each

LONG = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(?c != ?f && ?f != ?i) }"
"""A query that takes longer than it may."""


@dataclass
class Running:
    """A server of one's own, that may be ended."""

    process: subprocess.Popen[bytes]
    port: int

    def get(self, address: str) -> tuple[int, str]:
        """Status and text of an answer; nought where there was none."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        with contextlib.closing(connection):
            try:
                connection.request("GET", address)
                answer = connection.getresponse()
                return answer.status, answer.read().decode()
            except (OSError, http.client.HTTPException):
                return 0, ""

    def asked(self, query: str) -> tuple[int, str]:
        return self.get("/sparql?query=" + urllib.parse.quote(query))


@pytest.fixture
def running(good_store: EmbeddedStore, tmp_path: pathlib.Path) -> Iterator[Running]:
    """A server over the small world, whose queries may take three seconds."""
    arguments = ("--store", str(good_store.path), "serve", "--built")
    with servers.running(tmp_path, *arguments, CAREKG_DEADLINE="3") as one:
        try:
            yield Running(one.process, one.port)
        finally:
            for pid in [*processes.below(one.process.pid), one.process.pid]:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)


# --- begins -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "text"), [
    ("data/world.ttl", "broken"), ("queries/more.rq", "broken"), ("ontology/care.ttl", "")], ids=str)
def test_a_folder_that_is_broken_leaves_the_graph_served_that_is_there(
    name: str, text: str, world: pathlib.Path, good_store: EmbeddedStore, tmp_path: pathlib.Path
) -> None:
    place = folders.own_store(good_store, tmp_path / "store")
    (world / name).write_text(text, encoding="utf-8")
    with servers.running(tmp_path, "--folder", str(world), "--store", str(place), "serve") as one:
        asked = Running(one.process, one.port)
        assert asked.get("/queries/planned-and-under-way.csv")[0] == asked.get("/queries.json")[0] == 200
        told = one.log.read_text()
    manifest = good_store.manifest()
    assert manifest is not None
    assert f"WARNING: {world} is broken, so the graph that was built {manifest.built} is served" in told
    assert name in told or "unknown terms" in told
    assert "Traceback" not in told


def test_a_folder_that_is_broken_is_an_error_where_there_is_no_graph(
    world: pathlib.Path, tmp_path: pathlib.Path
) -> None:
    (world / "data" / "world.ttl").write_text("broken", encoding="utf-8")
    assert sentence(run("serve", folder=world, store=tmp_path / "store"), 2).startswith("data/world.ttl:1:")


def test_a_folder_that_is_broken_and_kept_in_memory_alone_ends_the_server_with_a_sentence(
    world: pathlib.Path, tmp_path: pathlib.Path
) -> None:
    (world / "data" / "world.ttl").write_text("broken", encoding="utf-8")
    with pytest.raises(TimeoutError) as told, servers.running(
            tmp_path, "--folder", str(world), "--store", "memory:", "serve"):
        pass
    assert "carekg: data/world.ttl:1:1: " in str(told.value)
    assert "Traceback" not in str(told.value)


def test_a_log_that_cannot_be_written_is_told_before_anything_is_served(
    good_store: EmbeddedStore, world: pathlib.Path, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CAREKG_LOG", str(tmp_path / "no" / "log"))
    result = run("serve", "--port", str(free_port()), folder=world, store=good_store.path)
    assert sentence(result, 4) == f"The access log {tmp_path}/no/log cannot be written: No such file or directory."
    assert "Open" not in result.stdout


# --- ends -------------------------------------------------------------------------------------------------------------


@pytest.mark.heavy
@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGINT])
def test_a_server_that_is_told_to_stop_lets_a_running_request_end(sent: signal.Signals, running: Running) -> None:
    found: list[tuple[int, str]] = []
    asking = threading.Thread(target=lambda: found.append(running.asked(LONG)))
    asking.start()
    time.sleep(1)
    below = processes.below(running.process.pid)
    running.process.send_signal(sent)
    asking.join()
    assert found[0][0] == 408  # it ran to its own end, and was not broken off by the server's
    assert running.process.wait(PATIENCE) == 0
    assert processes.comes_about(lambda: not any(map(processes.command, below)))


def test_a_server_that_was_killed_leaves_no_process(running: Running) -> None:
    below = processes.below(running.process.pid)
    assert len(below) >= 3  # the worker, the parent of readers, and readers
    running.process.kill()
    assert processes.comes_about(lambda: not any(map(processes.command, below)), PATIENCE)


def test_a_worker_that_was_killed_is_replaced(running: Running) -> None:
    below = processes.below(running.process.pid)
    os.kill(below[0], signal.SIGKILL)
    assert processes.comes_about(lambda: running.asked("ASK {}") == (200, '{"head":{},"boolean":true}'), PATIENCE)
    assert processes.comes_about(lambda: not any(map(processes.command, below)), PATIENCE)


# --- what comes over the network --------------------------------------------------------------------------------------

END = b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
POST = b"POST /sparql" + END + b"Content-Type: application/sparql-query\r\n"
ASKED = POST + b"Content-Length: 6\r\n\r\nASK {}"
PACKED = gzip.compress(b"ASK {}" + b" " * 50_000_000, 9)
MALFORMED = {
    "another protocol": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 400),
    "no version": (b"GET /\r\n\r\n", 400),
    "an unknown version": (b"GET / HTTP/9.9\r\nHost: x\r\n\r\n", 400),
    "a sign that no address has": (b"GET /\x80" + END + b"\r\n", 400),
    "a line that is no header": (b"GET /" + END + b"no header\r\n\r\n", 400),
    "a folded header": (b"GET /" + END + b"X-A: a\r\n b\r\n\r\n", 400),
    "two lengths": (POST + b"Content-Length: 6\r\nContent-Length: 7\r\n\r\nASK {}", 400),
    "a length below nought": (POST + b"Content-Length: -6\r\n\r\nASK {}", 400),
    "a length beyond all": (POST + b"Content-Length: 99999999999999999999999\r\n\r\n", 400),
    "a large length": (POST + b"Content-Length: 99999999999\r\n\r\n", 413),
    "a header of 500 kB": (b"GET /" + END + b"X-A: " + b"a" * 500_000 + b"\r\n\r\n", 431),
    "101 headers": (b"GET /" + END + b"".join(b"X-%d: a\r\n" % n for n in range(101)) + b"\r\n", 431),
    "an address of 70 kB": (b"GET /?" + b"a" * 70_000 + END + b"\r\n", 414),
    "an address with 2,000 parameters": (b"GET /?" + b"a=1&" * 2000 + END + b"\r\n", 400),
    "a packed bomb": (POST + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(PACKED) + PACKED, 413),
    "a body packed as none": (POST + b"Content-Encoding: gzip\r\nContent-Length: 6\r\n\r\nASK {}", 400),
    "a body packed with brotli": (POST + b"Content-Encoding: br\r\nContent-Length: 6\r\n\r\nASK {}", 415),
    "a graph in chunks": (b"PUT /store?default" + END + b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 411),
    "a method that nobody knows": (b"BREW /" + END + b"\r\n", 405),
    "a tunnel": (b"CONNECT example.org:80" + END + b"\r\n", 404),
    "a trace": (b"TRACE /" + END + b"\r\n", 405),
}


def sent(server: Server, data: bytes, *, end: bool = False) -> bytes:
    """What a server answers to bytes, until it closes the connection."""
    got = b""
    with socket.create_connection(("127.0.0.1", server.port), PATIENCE) as one:
        with contextlib.suppress(ConnectionError):  # it may have said all, and gone, before it has read all
            one.sendall(data)
            if end:
                one.shutdown(socket.SHUT_WR)
        with contextlib.suppress(ConnectionError):
            while piece := one.recv(1 << 16):
                got += piece
    return got


@pytest.mark.parametrize(("data", "status"), MALFORMED.values(), ids=MALFORMED)
def test_what_is_malformed_or_too_large_gets_its_status(data: bytes, status: int, server: Server) -> None:
    head, _, body = sent(server, data).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 %d " % status)
    assert b"Traceback" not in body
    assert sent(server, b"GET /health/live" + END + b"\r\n").endswith(b"live\n")


def test_requests_sent_one_after_another_without_waiting_are_answered_in_order(server: Server) -> None:
    plain = b" HTTP/1.1\r\nHost: x\r\n\r\n"
    got = sent(server, b"GET /health/live" + plain + b"GET /nope" + plain + b"GET /health/ready" + END + b"\r\n")
    assert [part.split(b" ", 1)[0] for part in got.split(b"HTTP/1.1 ")[1:]] == [b"200", b"404", b"200"]
    assert got.endswith(b"ready\n")


@pytest.mark.parametrize("data", [
    POST + b"Content-Length: 100\r\n\r\nASK {}", POST + b"Content-Length: 1000000\r\n\r\n" + b" " * 999_999])
def test_a_body_that_breaks_off_is_not_asked(data: bytes, server: Server) -> None:
    got = sent(server, data, end=True)
    assert got.startswith(b"HTTP/1.1 400 ")
    assert b"The body broke off: " in got


def test_a_head_has_the_headers_of_a_get_and_no_body(server: Server) -> None:
    head, _, body = sent(server, b"HEAD /queries.json" + END + b"\r\n").partition(b"\r\n\r\n")
    whole, _, text = sent(server, b"GET /queries.json" + END + b"\r\n").partition(b"\r\n\r\n")
    assert body == b""
    assert f"content-length: {len(text)}".encode() in head.lower()
    assert head.split(b"\r\n")[:3] == whole.split(b"\r\n")[:3]


def test_bodies_that_do_not_come_keep_nobody_else_waiting(server: Server) -> None:
    with contextlib.ExitStack() as stack:
        for _ in range(60):
            one = stack.enter_context(socket.create_connection(("127.0.0.1", server.port), PATIENCE))
            one.sendall(POST.replace(b"Connection: close\r\n", b"") + b"Content-Length: 100\r\n\r\nASK")
        assert sent(server, b"GET /sparql?query=ASK%7B%7D" + END + b"\r\n").endswith(b'"boolean":true}')
        assert b"As many requests are being received as can be" in sent(server, ASKED)
    assert processes.comes_about(lambda: sent(server, ASKED).endswith(b'"boolean":true}'))


@pytest.mark.heavy
def test_connections_that_send_nothing_or_too_slowly_are_closed(server: Server) -> None:
    def ended(one: socket.socket) -> float:
        began = time.monotonic()
        with contextlib.suppress(ConnectionError):
            while one.recv(1000):
                pass
        return time.monotonic() - began

    starts = {"nothing": b"", "half a line": b"GET / HT", "half a head": b"GET / HTTP/1.1\r\nHost: x\r\n",
              "half a body": POST.replace(b"Connection: close\r\n", b"") + b"Content-Length: 100\r\n\r\nASK"}
    with contextlib.ExitStack() as stack:
        found = {name: stack.enter_context(socket.create_connection(("127.0.0.1", server.port), 60)) for name in starts}
        for name, one in found.items():
            one.sendall(starts[name])
        took = {name: ended(one) for name, one in found.items()}
    assert max(took.values()) < 50, took


def test_large_answers_of_readers_who_go_away_leave_the_server_whole(server: Server) -> None:
    every = b"GET /sparql?format=csv&query=" + urllib.parse.quote("SELECT * { ?s ?p ?o }").encode()
    for _ in range(5):
        with socket.create_connection(("127.0.0.1", server.port), PATIENCE) as one:
            one.sendall(every + b" HTTP/1.1\r\nHost: x\r\n\r\n")
            assert one.recv(100).startswith(b"HTTP/1.1 200")
    assert sent(server, b"GET /health/ready" + END + b"\r\n").endswith(b"ready\n")
