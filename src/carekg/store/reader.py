"""The process that reads: it holds one frozen snapshot and forks a child for each concurrent query.

Run as a script, so that it carries nothing but pyoxigraph. The parent of all readers never answers; it waits on
its control socket for ``fork`` (with the child's end of a socket attached) and ``reap``. A child answers one
query after another on its own socket until it is killed or the socket closes. Since the graph is complete before
the first fork, every child sees the same triples and shares their memory.

Frames on a child's socket are a letter, a length of four bytes, and that many bytes: ``Q`` a request in JSON;
``H`` the kind of answer, ``D`` a piece of it, ``E`` its end, ``X`` an error in JSON.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import resource
import signal
import socket
import struct
import sys
from pathlib import Path
from typing import Any

import pyoxigraph as ox

PIECE = 1 << 16
"""Bytes gathered before a piece of an answer is sent on."""

RESULT_FORMATS = {
    "json": ox.QueryResultsFormat.JSON,
    "xml": ox.QueryResultsFormat.XML,
    "csv": ox.QueryResultsFormat.CSV,
    "tsv": ox.QueryResultsFormat.TSV,
}
GRAPH_FORMATS = {
    "turtle": ox.RdfFormat.TURTLE,
    "n-triples": ox.RdfFormat.N_TRIPLES,
    "rdf-xml": ox.RdfFormat.RDF_XML,
    "json-ld": ox.RdfFormat.JSON_LD,
}


def send_frame(channel: socket.socket, letter: bytes, payload: bytes) -> None:
    """Send one frame whole."""
    channel.sendall(letter + struct.pack(">I", len(payload)) + payload)


def receive(channel: socket.socket, size: int) -> bytes:
    """Give exactly ``size`` bytes, or raise ``EOFError`` where the other end has gone."""
    pieces = bytearray()
    while len(pieces) < size:
        piece = channel.recv(min(size - len(pieces), 1 << 20))
        if not piece:
            raise EOFError
        pieces += piece
    return bytes(pieces)


def receive_frame(channel: socket.socket) -> tuple[bytes, bytes]:
    """Give the letter and the payload of the next frame."""
    head = receive(channel, 5)
    return head[:1], receive(channel, struct.unpack(">I", head[1:])[0])


class Pieces:
    """A writable file that sends what it is given onward in pieces."""

    def __init__(self, channel: socket.socket) -> None:
        self.channel, self.kept = channel, bytearray()

    def write(self, data: bytes) -> int:
        """Keep the bytes, and send them on once there are enough."""
        self.kept += data
        if len(self.kept) >= PIECE:
            self.flush()
        return len(data)

    def flush(self) -> None:
        """Send on what is kept."""
        if self.kept:
            send_frame(self.channel, b"D", bytes(self.kept))
            self.kept.clear()


def snapshot(path: str, in_memory: bool) -> ox.Store:
    """Give the store to read: a copy in memory, or the read-only store on disk."""
    on_disk = ox.Store.read_only(path)
    if not in_memory:
        return on_disk
    copy = ox.Store()
    copy.bulk_load(on_disk.dump(format=ox.RdfFormat.N_QUADS), ox.RdfFormat.N_QUADS)
    return copy


def answer(store: ox.Store, request: dict[str, Any], channel: socket.socket) -> None:
    """Answer one request on the channel, in the format asked for its kind of query."""
    refuse_service(request["query"])
    results: Any
    if request["default_graphs"] or request["named_graphs"]:
        default: list[Any] = [ox.NamedNode(iri) for iri in request["default_graphs"]]
        named: list[Any] = [ox.NamedNode(iri) for iri in request["named_graphs"]]
        results = store.query(request["query"], default_graph=default, named_graphs=named)
    else:
        results = store.query(request["query"])
    is_graph = isinstance(results, ox.QueryTriples)
    known: dict[str, Any] = GRAPH_FORMATS if is_graph else RESULT_FORMATS
    name = request["form"] or next(iter(known))
    if name not in known:
        raise ValueError(f"its answer comes as {', '.join(known)}, not as {name}")
    kind = "graph" if is_graph else "boolean" if isinstance(results, ox.QueryBoolean) else "solutions"
    send_frame(channel, b"H", f"{kind} {name}".encode())
    if kind == "boolean" and name in ("csv", "tsv"):
        send_frame(channel, b"D", b"true\n" if results else b"false\n")  # no ASK in those formats' standard
        return
    pieces = Pieces(channel)
    if is_graph:  # its serialisers write word by word, which costs a call each
        pieces.write(results.serialize(format=known[name]))
    else:
        results.serialize(pieces, format=known[name])
    pieces.flush()


def refuse_service(query: str) -> None:
    """Refuse a query in which ``service`` is the keyword, as only the engine's own grammar can tell.

    Where the word stands in a string, a comment or a name, the query parses as well with another word in its place.
    """
    if "service" not in query.lower():
        return
    try:
        ox.Store().query(re.sub("(?i)service", "xervice", query))
    except SyntaxError:
        with contextlib.suppress(OSError, RuntimeError):  # an ASK tries at once, and finds no socket
            ox.Store().query(query)  # where it does not parse either, the error is the query's own
        raise PermissionError("SERVICE") from None


def limit(memory_mb: int) -> None:
    """Cap this child's memory above what it shares; leave no file descriptor free for a socket or a file."""
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 2)  # a crash is told in one sentence by the other end, not by a native stack trace
    os.close(silence)
    with contextlib.suppress(OSError, ValueError):  # no /proc, or a system that does not bound address space
        mapped = int(Path("/proc/self/statm").read_text("ascii").split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (mapped + memory_mb * 2**20,) * 2)
    spare = os.open(os.devnull, os.O_RDONLY)  # a store on disk has its files open by now, and keeps them
    os.close(spare)
    resource.setrlimit(resource.RLIMIT_NOFILE, (spare, spare))


def serve_child(store: ox.Store, channel: socket.socket, memory_mb: int) -> None:
    """Answer requests until the other end closes."""
    limit(memory_mb)
    while True:
        try:
            _, payload = receive_frame(channel)
        except EOFError:
            return
        try:
            answer(store, json.loads(payload), channel)
            send_frame(channel, b"E", b"")
        except SyntaxError as error:
            send_frame(channel, b"X", json.dumps({"kind": "syntax", "message": str(error)}).encode())
        except PermissionError as error:
            send_frame(channel, b"X", json.dumps({"kind": "leaving", "message": str(error)}).encode())
        except MemoryError:
            os.abort()
        except (ValueError, OSError, RuntimeError) as error:
            send_frame(channel, b"X", json.dumps({"kind": "other", "message": str(error)}).encode())


def fork_child(path: str, held: ox.Store | None, control: socket.socket, end: int, memory_mb: int) -> int:
    """Fork a reader that answers on the file descriptor ``end``; give its process id."""
    pid = os.fork()
    if pid:
        os.close(end)
        return pid
    status = 1
    try:
        control.close()
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        with socket.socket(fileno=end) as channel:
            serve_child(held or ox.Store.read_only(path), channel, memory_mb)
        status = 0
    finally:
        os._exit(status)


def serve_parent(control: socket.socket, path: str, memory_mb: int, in_memory: bool) -> None:
    """Load the snapshot, say so, then fork and reap on command until the other end closes."""
    try:
        store = snapshot(path, in_memory)
    except OSError as error:
        control.sendall(json.dumps({"error": str(error)}).encode() + b"\n")
        return
    control.sendall(json.dumps({"ready": True}).encode() + b"\n")
    held: ox.Store | None = store if in_memory else None
    del store  # on disk each child opens the files for itself: threads of the engine do not survive a fork
    children: set[int] = set()
    with contextlib.suppress(ConnectionError):
        while True:
            message, ends, _, _ = socket.recv_fds(control, 64, 1)
            if not message:
                break
            command, _, argument = message.decode().strip().partition(" ")
            if command == "fork":
                pid = fork_child(path, held, control, ends[0], memory_mb)
                children.add(pid)
                control.sendall(f"{pid}\n".encode())
            else:
                with contextlib.suppress(ChildProcessError):  # the child of a parent that has died
                    os.waitpid(int(argument), 0)
                children.discard(int(argument))
                control.sendall(b"0\n")
    for pid in children:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def main() -> None:
    """Take the control socket's descriptor, the path, the memory cap and the mode from the command line."""
    descriptor, path, memory_mb, mode = sys.argv[1:]
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C in a terminal reaches the group; the server decides
    with socket.socket(fileno=int(descriptor)) as control:
        serve_parent(control, path, int(memory_mb), mode == "memory")


if __name__ == "__main__":
    main()
