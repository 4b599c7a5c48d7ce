"""A server that the suites are run on over HTTP: carekg on an empty folder, or any other by its addresses."""

import contextlib
import dataclasses
import pathlib
from collections.abc import Iterator, Mapping

import urllib3

import servers
from listening import PATIENCE


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
    (room / "empty").mkdir()
    token = "a-token-for-the-suites-only"
    with servers.running(room, "--folder", str(room / "empty"), "--store", store, "serve",
                         CAREKG_TOKEN=token, CAREKG_RATE="off", CAREKG_HOSTS=hosts) as running:
        server = Server(f"{running.base}/sparql", f"{running.base}/store", token)
        yield server
        server.pool.clear()
