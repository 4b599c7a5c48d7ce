"""A server that the suites are run on over HTTP: carekg on an empty folder, or any other by its addresses."""

import contextlib
import dataclasses
import os
import pathlib
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from typing import Final

import urllib3

PATIENCE: Final = 30.0
"""Seconds in which a server has to come up, and to answer."""


@dataclasses.dataclass(frozen=True)
class Server:
    """The addresses of a server's SPARQL endpoint and graph store, the token that lets one write, and the address for
    updates where they have one of their own.
    """

    sparql: str
    store: str
    token: str = ""
    updates: str = ""
    pool: urllib3.PoolManager = dataclasses.field(default_factory=urllib3.PoolManager, repr=False)

    def send(
        self, method: str, address: str, body: bytes | None = None, headers: Mapping[str, str] | None = None,
    ) -> urllib3.BaseHTTPResponse:
        """Send a request with the token; redirects are not followed and nothing is tried again."""
        bearer = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        return self.pool.request(method, address, body=body, headers={**(headers or {}), **bearer},
                                 timeout=PATIENCE, retries=False, redirect=False)

    def update(self, text: str) -> urllib3.BaseHTTPResponse:
        """Send an update as the body of a POST."""
        return self.send("POST", self.updates or self.sparql, text.encode(),
                         {"Content-Type": "application/sparql-update"})


@contextlib.contextmanager
def carekg(room: pathlib.Path, store: str = "memory:", hosts: str = "") -> Iterator[Server]:
    """Run `carekg serve` on an empty folder in a room of its own; queries may call those hosts."""
    port = _free_port()
    (room / "empty").mkdir()
    log = room / "stderr.txt"
    token = "a-token-for-the-suites-only"
    given = {**os.environ, "CAREKG_TOKEN": token, "CAREKG_RATE": "off", "CAREKG_HOSTS": hosts}
    command = [sys.executable, "-m", "carekg", "--folder", str(room / "empty"), "--store", store,
               "serve", "--port", str(port)]
    with (
        log.open("wb") as errors,
        subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=errors, env=given) as process,
    ):
        try:
            base = f"http://127.0.0.1:{port}"
            server = Server(f"{base}/sparql", f"{base}/store", token)
            _wait_for(server, process, log)
            yield server
            server.pool.clear()
        finally:
            process.terminate()
            try:
                process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()


def _free_port() -> int:
    """Give a port on which nobody listens just now."""
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port: int = trial.getsockname()[1]
        return port


def _wait_for(server: Server, process: subprocess.Popen[bytes], log: pathlib.Path) -> None:
    """Return once the server answers; else tell what it wrote."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and process.poll() is None:
        with contextlib.suppress(urllib3.exceptions.HTTPError):
            server.send("GET", f"{server.sparql}?query=ASK%20%7B%7D")
            return
        time.sleep(0.05)
    raise TimeoutError(f"The server does not answer. It wrote:\n{log.read_text(errors='replace')}")
