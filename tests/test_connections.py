"""Connections on which nothing moves are closed, those of other clients and of other servers are left alone."""

import contextlib
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from carekg.web.guard import connections

pytestmark = pytest.mark.skipif(not connections.OPEN.is_dir(), reason="only Linux lists a process's connections")


@dataclass
class Line:
    """A listening port of this process, and the pairs of sockets that were made through it."""

    listening: socket.socket
    pairs: list[tuple[socket.socket, socket.socket]] = field(default_factory=list)

    @property
    def port(self) -> int:
        found: int = self.listening.getsockname()[1]
        return found

    def connect(self, source: str = "127.0.0.1") -> tuple[socket.socket, socket.socket]:
        """A connection: the client's end and the server's."""
        client = socket.create_connection(self.listening.getsockname(), 5, (source, 0))
        server, _ = self.listening.accept()
        server.settimeout(5)
        self.pairs.append((client, server))
        return client, server


@pytest.fixture
def line() -> Iterator[Line]:
    with lines() as one:
        yield one


@contextlib.contextmanager
def lines() -> Iterator[Line]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        one = Line(listening)
        yield one
        for end in (end for pair in one.pairs for end in pair):
            end.close()


def is_open(end: socket.socket) -> bool:
    """Whether a connection still is: nothing has come, and it has not ended."""
    end.settimeout(0.05)
    try:
        return end.recv(1, socket.MSG_PEEK) != b""
    except TimeoutError:
        return True


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [100.0]
    monkeypatch.setattr(connections.time, "monotonic", lambda: now[0])
    return now


def test_a_connection_on_which_nothing_moves_is_closed(line: Line, clock: list[float]) -> None:
    watch = connections.Watch(line.port, patience=30, per_client=0)
    client, server = line.connect()
    client.sendall(b"POST / HTTP/1.1\r\nContent-Length: 100\r\n\r\nab")
    server.recv(1000)
    for later in (0, 29):
        clock[0] += later
        watch.look()
        assert is_open(client)
    clock[0] += 2
    watch.look()
    assert not is_open(client)


def test_one_that_sends_a_byte_now_and_then_is_closed_too(line: Line, clock: list[float]) -> None:
    watch = connections.Watch(line.port, patience=30, per_client=0)
    client, server = line.connect()
    for _ in range(5):
        watch.look()
        client.sendall(b"x")
        server.recv(1)
        clock[0] += 7
    watch.look()
    assert not is_open(client)


@pytest.mark.parametrize("sends", ["client", "server"])
def test_one_that_moves_something_in_either_direction_stays(sends: str, line: Line, clock: list[float]) -> None:
    watch = connections.Watch(line.port, patience=30, per_client=0)
    client, server = line.connect()
    sender, receiver = (client, server) if sends == "client" else (server, client)
    for _ in range(10):
        sender.sendall(b"x" * connections.LEAST)
        got = b""
        while len(got) < connections.LEAST:
            got += receiver.recv(1000)
        watch.look()
        clock[0] += 20
    assert is_open(client)


def test_one_whose_reader_takes_nothing_is_closed(line: Line, clock: list[float]) -> None:
    watch = connections.Watch(line.port, patience=30, per_client=0)
    client, server = line.connect()
    server.setblocking(False)
    with contextlib.suppress(BlockingIOError):
        while True:
            server.send(b"x" * 100_000)
    watch.look()
    clock[0] += 31
    watch.look()
    server.settimeout(5)
    with pytest.raises((BrokenPipeError, ConnectionResetError)):
        server.sendall(b"x")
    client.close()


def test_a_client_has_only_so_many_and_another_has_its_own(line: Line) -> None:
    watch = connections.Watch(line.port, patience=30, per_client=3)
    first = [line.connect()[0] for _ in range(5)]
    other = line.connect("127.0.0.2")[0]
    watch.look()
    assert [is_open(one) for one in first] == [True, True, True, False, False]
    assert is_open(other)


def test_connections_of_another_port_or_to_elsewhere_are_left_alone(line: Line, clock: list[float]) -> None:
    with lines() as other:
        client, _ = other.connect()
        outward, _ = line.connect()  # this end of it is a client's, as that to a remote store
        watch = connections.Watch(outward.getsockname()[1] + 1, patience=1, per_client=1)
        watch.look()
        clock[0] += 10
        watch.look()
        assert is_open(client)
        assert is_open(outward)


def test_looking_leaves_nothing_open(line: Line) -> None:
    for _ in range(3):
        line.connect()
    watch = connections.Watch(line.port, patience=30, per_client=0)
    before = len(list(connections.OPEN.iterdir()))
    for _ in range(20):
        watch.look()
    assert len(list(connections.OPEN.iterdir())) == before
    assert len(watch._known) == 3


def test_a_watch_ends_when_it_is_told_to(line: Line) -> None:
    watch = connections.Watch(line.port, patience=30, every=0.01)
    watch.start()
    assert watch in threading.enumerate()
    watch.stop()
    watch.join(5)
    assert not watch.is_alive()
