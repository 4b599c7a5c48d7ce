"""The process that makes pictures: it takes orders from a channel, one after another, and gives what it made.

An order is four bytes of size and JSON; the reply is four bytes of size and what was made, behind a ``+``, or a
sentence behind a ``-``. No address may be opened: what a picture shows stands in its specification.
"""

from __future__ import annotations

import contextlib
import json
import resource
import socket
import sys
from typing import Any, Final

import vl_convert

VERSION: Final = "6.4"
"""The version of Vega-Lite, of those that the converter carries."""


def main(descriptor: int, memory: int, idle: int, largest: int) -> None:
    """Work until the channel is closed, or nothing has come for ``idle`` seconds."""
    resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with socket.socket(fileno=descriptor) as channel, contextlib.suppress(TimeoutError, OSError):
        channel.settimeout(idle)
        while size := _read(channel, 4):
            reply = _reply(json.loads(_read(channel, int.from_bytes(size, "big"))), largest)
            channel.sendall(len(reply).to_bytes(4, "big") + reply)


def _reply(order: dict[str, Any], largest: int) -> bytes:
    try:
        made = _made(order)
    except ValueError as error:
        lines = [line for line in str(error).splitlines() if line.strip()]
        return b"-the converter says: " + " ".join(lines[:2])[:300].encode()
    return b"+" + made if len(made) <= largest else f"-it would have more than {largest >> 20} MB".encode()


def _made(order: dict[str, Any]) -> bytes:
    if "<image" in order.get("svg", ""):  # as text it would be escaped; the renderer opens files that images name
        raise ValueError("a picture holds no other picture")
    if "svg" in order:
        return vl_convert.svg_to_png(order["svg"], scale=order["scale"])
    if order["grammar"] == "vega":
        return vl_convert.vega_to_svg(order["spec"], allowed_base_urls=[]).encode()
    return vl_convert.vegalite_to_svg(order["spec"], vl_version=VERSION, allowed_base_urls=[]).encode()


def _read(channel: socket.socket, size: int) -> bytes:
    found = bytearray()
    while len(found) < size:
        piece = channel.recv(size - len(found))
        if not piece:
            return b""
        found += piece
    return bytes(found)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
