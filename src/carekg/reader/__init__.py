"""The process that reads: it holds one frozen snapshot and forks a child for each concurrent query.

Run as ``python -m carekg.reader``, it carries nothing but pyoxigraph. The parent of all readers never answers; it
waits on its control socket for ``fork`` (with the child's end of a socket attached), ``reap``, ``apply`` and
``guard``. A child answers one request after another on its own socket until it is killed or the socket closes. Since
the graph is whole before a fork, every child sees the triples of that moment and shares their memory.

Frames on a child's socket are a letter, a length of four bytes, and that many bytes: ``Q`` a query and ``U`` an update
in JSON, ``A`` a change to take over as an RDF Patch, which is not answered; ``H`` the kind of answer, ``D`` a piece of
it, ``E`` its end, ``X`` an error in JSON.
"""

from __future__ import annotations

import socket
import struct

PIECE = 1 << 16
"""Bytes gathered before a piece of an answer is sent on."""

AS_BEFORE = b"as before"
"""The end of an answer to an update: what was tried was taken back, and the child can go on."""


def send_frame(channel: Channel, letter: bytes, payload: bytes) -> None:
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


class Outbox:
    """Sends what it is given in few goes: a small answer with its head and its end is one, and wakes the asker once."""

    def __init__(self, channel: socket.socket) -> None:
        self.channel, self.kept = channel, bytearray()

    def sendall(self, data: bytes) -> None:
        """Keep the bytes, and send them on once there are enough."""
        self.kept += data
        if len(self.kept) >= PIECE:
            self.flush()

    def flush(self) -> None:
        """Send on what is kept."""
        self.channel.sendall(self.kept)
        self.kept.clear()


Channel = socket.socket | Outbox
"""What a frame is sent by."""


class Pieces:
    """A writable file that sends what it is given onward in pieces."""

    def __init__(self, channel: Channel) -> None:
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
