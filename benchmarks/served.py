"""The real server as a process of its own: started, asked over a kept-alive connection, weighed, stopped."""

from __future__ import annotations

import contextlib
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

import urllib3

from carekg import errors

PATIENCE: Final = 120
"""Seconds within which a server must be up, and a request answered."""

OVER_DEADLINE: Final = errors.OverDeadline.http_status
"""The status with which a query is answered that was stopped at its deadline."""


@dataclass
class Server:
    """A running server and one connection to it."""

    process: subprocess.Popen[bytes]
    port: int
    log: Path

    def __post_init__(self) -> None:
        self.pool = self.connection()

    def connection(self) -> urllib3.HTTPConnectionPool:
        """Give a connection of one's own, kept alive between requests."""
        return urllib3.HTTPConnectionPool("127.0.0.1", self.port, maxsize=1, retries=False,
                                          timeout=urllib3.Timeout(connect=5, read=PATIENCE))

    def get(self, path: str) -> urllib3.BaseHTTPResponse:
        """Ask on the kept-alive connection; give the whole response.

        :raises RuntimeError: nobody answers; it tells what the server said last.
        """
        try:
            return self.pool.request("GET", path)
        except urllib3.exceptions.HTTPError as error:
            said = self.log.read_text(encoding="utf-8", errors="replace")[-500:]
            raise RuntimeError(f"{path} was not answered ({error}); the server said: {said}") from None

    def processes(self) -> list[int]:
        """Give the process ids of the server and of all its descendants."""
        parents: dict[int, list[int]] = {}
        for entry in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                stat = (entry / "stat").read_text(encoding="utf-8", errors="replace")
                parents.setdefault(int(stat.rpartition(")")[2].split()[1]), []).append(int(entry.name))
        found = [self.process.pid]
        for pid in found:
            found += parents.get(pid, [])
        return found

    def weight(self) -> Weight:
        """Give what the server holds in memory now, and the most that each process ever held."""
        pss = rss = count = 0
        for pid in self.processes():
            with contextlib.suppress(OSError):
                pss += _kilobytes(Path(f"/proc/{pid}/smaps_rollup"), "Pss")
                rss += _kilobytes(Path(f"/proc/{pid}/status"), "VmHWM")
                count += 1
        return Weight(pss / 1024, rss / 1024, count)


@dataclass(frozen=True)
class Weight:
    """Megabytes over all processes of a server.

    ``pss`` counts a page that processes share once; ``high_water`` adds up the most that each process held at any
    time, and so counts a shared page once for each.
    """

    pss: float
    high_water: float
    processes: int


@contextlib.contextmanager
def serving(store: Path, folder: Path, **settings: str) -> Iterator[Server]:
    """Start ``carekg serve`` on a free port without a rate limit, wait until it is as quick as it gets, and stop it."""
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port = trial.getsockname()[1]
    arguments = ["--store", str(store), "--folder", str(folder), "serve", "--port", str(port)]
    with tempfile.NamedTemporaryFile(prefix="carekg-bench-", suffix=".log") as log:
        process = subprocess.Popen([sys.executable, "-m", "carekg", *arguments], stdout=log, stderr=log,
                                   env=os.environ | {"CAREKG_RATE": "off"} | settings)
        try:
            server = Server(process, port, Path(log.name))
            _wait(server)
            yield server
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def address(name: str, arguments: Mapping[str, str], ending: str = "json") -> str:
    """Give the path at which a prepared query is answered."""
    return f"/queries/{name}.{ending}" + (f"?{urlencode(arguments)}" if arguments else "")


def _wait(server: Server) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if server.process.poll() is not None:
            said = server.log.read_text(encoding="utf-8", errors="replace")[-500:]
            raise RuntimeError(f"the server ended with status {server.process.returncode}: {said}")
        with contextlib.suppress(RuntimeError):
            if server.get("/sparql?query=ASK%20%7B%7D").status == 200 and not _is_filling(server):
                return
        time.sleep(0.1)
    raise RuntimeError(f"the server did not answer within {PATIENCE} seconds")


def _is_filling(server: Server) -> bool:
    """Say whether a large graph is answered from disk until it is in memory."""
    return bool(server.get("/health").json()["graph"]["filling"])


def _kilobytes(file: Path, name: str) -> int:
    match = re.search(rf"(?m)^{name}:\s+(\d+) kB", file.read_text(encoding="ascii"))
    return int(match[1]) if match else 0
