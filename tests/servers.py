"""`carekg serve` in a process of its own."""

import contextlib
import dataclasses
import os
import pathlib
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator

import listening


@dataclasses.dataclass(frozen=True)
class Server:
    """A running server: its base address without a slash, its port, its process, and what it writes to stderr."""

    base: str
    port: int
    process: subprocess.Popen[bytes]
    log: pathlib.Path


@contextlib.contextmanager
def running(room: pathlib.Path, *arguments: str, **environment: str) -> Iterator[Server]:
    """A server that is ready, begun with ``serve`` and other arguments; what it writes is kept in the room."""
    port = listening.free_port()
    base = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "carekg", *arguments, "--port", str(port)]
    log = room / "stderr.txt"
    with listening.running(command, lambda: _is_ready(base), log, {**os.environ, **environment}) as process:
        yield Server(base, port, process, log)


def _is_ready(base: str) -> bool:
    try:
        with urllib.request.urlopen(f"{base}/health/ready", timeout=5):
            return True
    except urllib.error.HTTPError as error:
        error.close()
    except OSError:
        pass
    return False
