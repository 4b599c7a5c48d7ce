"""The parent of all readers, and its children: ``python -m carekg.reader DESCRIPTOR PATH MEGABYTES MODE``."""

from __future__ import annotations

import contextlib
import json
import os
import resource
import signal
import socket
import sys
from itertools import count, islice
from pathlib import Path
from typing import Any, Final

import pyoxigraph as ox

from carekg import reader
from carekg.reader import asking, changing, checking, disk, graphs
from carekg.reader.checking import Guard
from carekg.reader.checking.stating import Derived
from carekg.reader.effect import Effect
from carekg.reader.layered import Layered


def limit(memory_mb: int, is_open: bool, files: int = 0) -> None:
    """Cap this child's memory above what it shares; leave no file descriptor free for a socket or a file.

    :param files: files of a store on disk that the engine has yet to open, and will when it needs them.
    """
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 2)  # a crash is told in one sentence by the other end, not by a native stack trace
    os.close(silence)
    with contextlib.suppress(OSError, ValueError):  # no /proc, or a system that does not bound address space
        mapped = int(Path("/proc/self/statm").read_text("ascii").split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (mapped + memory_mb * 2**20,) * 2)
    if is_open:
        return
    spare = os.open(os.devnull, os.O_RDONLY)
    os.close(spare)
    held = disk.open_files()  # as many descriptors stay free as the engine needs, in the gaps between the held ones
    last = next(islice((one for one in count(spare) if one not in held), files, None))
    resource.setrlimit(resource.RLIMIT_NOFILE, (last, last))


KINDS: Final = ((changing.Broken, "document"), (SyntaxError, "syntax"), (PermissionError, "leaving"),
                (Derived, "derived"), (graphs.Unmet, "unmet"))
"""What the other end calls an error."""

FEW: Final = 2000
"""Quads that are taken back one by one; a child that has tried more is let go."""


def serve_child(store: ox.Store, channel: socket.socket, guard: Guard | None, *, is_ours: bool) -> None:
    """Answer requests until the other end closes.

    :param is_ours: the store can be changed, and nobody else sees it; else a change is tried in a layer above it.
    """
    out = reader.Outbox(channel)
    while True:
        try:
            letter, payload = reader.receive_frame(channel)
        except EOFError:
            return
        if letter == b"A":
            Effect.from_patch(payload).apply(store)
            continue
        try:
            seen: Any = Layered(store) if letter == b"U" and not is_ours else store
            reader.send_frame(out, b"E", _answered(seen, letter, json.loads(payload), guard, out))
        except MemoryError:
            os.abort()
        except (SyntaxError, Derived, graphs.Unmet, ValueError, OSError, RuntimeError) as error:
            _send_error(out, error)
        out.flush()


def _answered(store: ox.Store, letter: bytes, request: dict[str, Any], guard: Guard | None,
              out: reader.Channel) -> bytes:
    """Answer one request; give what its end says."""
    if letter == b"Q":
        return b"cut" if asking.answer(store, request, out) else b""
    if letter == b"G":
        return graphs.answer(store, request, out).encode()
    done = _send_effect(store, request, guard, out)
    if len(done.added) + len(done.removed) > FEW or not done.can_be_taken_back():
        return b""
    done.take_back(store)
    return reader.AS_BEFORE


def _send_error(channel: reader.Channel, error: Exception) -> None:
    kind = next((kind for one, kind in KINDS if isinstance(error, one)), "other")
    reader.send_frame(channel, b"X", json.dumps({"kind": kind, "message": str(error)}).encode())


def _send_effect(store: ox.Store, request: dict[str, Any], guard: Guard | None, channel: reader.Channel) -> Effect:
    """Send what an update does, and where a guard stands over the graph what it comes to; give all that it has done."""
    found = done = changing.effect(store, request)
    said: dict[str, Any] = {}
    if guard is not None:
        found, came = checking.judged(store, found, guard)
        done = came.effect
        read = ox.serialize(came.read, format=ox.RdfFormat.N_TRIPLES) or b""
        said = {"whole": came.effect.as_patch().decode(), "read": read.decode(), "dangling": came.dangling,
                "focus": {name: sorted(map(str, nodes)) for name, nodes in came.focus.items()},
                "answers": [asking.in_json(store, text) for text in request.get("asks", ())]}
    reader.send_frame(channel, b"H", b"effect json")
    pieces = reader.Pieces(channel)
    pieces.write(json.dumps({"stated": found.as_patch().decode(), **said}).encode())
    pieces.flush()
    return done


def fork_child(path: str, held: ox.Store | None, control: socket.socket, end: int, memory_mb: int, kind: str,
               guard: Guard | None) -> int:
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
            opened = disk.of_its_own if kind == "changing" else disk.opened
            store = opened(path) if held is None else held  # one that is empty counts as false
            limit(memory_mb, kind == "open", disk.yet_to_open(path) if held is None else 0)
            serve_child(store, channel, guard, is_ours=held is not None or kind == "changing")
        status = 0
    finally:
        os._exit(status)


def _bury(children: set[int], path: str) -> None:
    """Reap those children that have ended by themselves, and remove what they had of their own."""
    for pid in list(children):
        with contextlib.suppress(ChildProcessError):
            if os.waitpid(pid, os.WNOHANG)[0]:
                children.discard(pid)
                disk.remove_own(path, pid)


def serve_parent(control: socket.socket, path: str, memory_mb: int, in_memory: bool) -> None:
    """Load the snapshot, say so, then fork and reap on command until the other end closes."""
    try:
        store = disk.copied(path) if in_memory else disk.opened(path)
    except OSError as error:
        control.sendall(json.dumps({"error": str(error)}).encode() + b"\n")
        return
    control.sendall(json.dumps({"ready": True}).encode() + b"\n")
    held: ox.Store | None = store if in_memory else None
    del store  # on disk each child opens the files for itself: threads of the engine do not survive a fork
    children: set[int] = set()
    guard: Guard | None = None
    with contextlib.suppress(ConnectionError):
        while True:
            message, ends, _, _ = socket.recv_fds(control, 4096, 1)
            if not message:
                break
            _bury(children, path)
            command, _, argument = message.decode().strip().partition(" ")
            if command == "fork":
                pid = fork_child(path, held, control, ends[0], memory_mb, argument, guard)
                children.add(pid)
                control.sendall(f"{pid}\n".encode())
            elif command == "apply":
                if held is not None:
                    Effect.from_patch(Path(argument).read_bytes()).apply(held)
                control.sendall(b"0\n")
            elif command == "guard":
                guard = Guard.of(json.loads(Path(argument).read_text("utf-8")))
                control.sendall(b"0\n")
            else:
                with contextlib.suppress(ChildProcessError):  # the child of a parent that has died
                    os.waitpid(int(argument), 0)
                children.discard(int(argument))
                disk.remove_own(path, int(argument))
                control.sendall(b"0\n")
    for pid in children:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        disk.remove_own(path, pid)


def main() -> None:
    """Take the control socket's descriptor, the path, the memory cap and the mode from the command line."""
    descriptor, path, memory_mb, mode = sys.argv[1:]
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C in a terminal reaches the group; the server decides
    with socket.socket(fileno=int(descriptor)) as control:
        serve_parent(control, path, int(memory_mb), mode == "memory")


if __name__ == "__main__":
    main()
