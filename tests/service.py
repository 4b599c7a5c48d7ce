"""A SPARQL service of other people's making, rdflib-endpoint, run as a process: ``python service.py PORT WRITES``."""

import contextlib
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator

PATIENCE = 30.0
"""Seconds in which the service has to come up, and to answer."""


@contextlib.contextmanager
def running(writes: bool = True) -> Iterator[str]:
    """The address of a service with an empty dataset, which takes updates or does not."""
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port = trial.getsockname()[1]
    command = [sys.executable, "-W", "ignore", __file__, str(port), "yes" if writes else "no"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            address = f"http://127.0.0.1:{port}/"
            _wait_for(address, process)
            yield address
        finally:
            process.terminate()


def post(address: str, kind: str, text: str) -> bytes:
    """Send a ``query`` or an ``update`` without carekg; give the answer, a table as CSV."""
    headers = {"Content-Type": f"application/sparql-{kind}", "Accept": "text/csv"}
    with urllib.request.urlopen(urllib.request.Request(address, text.encode(), headers), timeout=PATIENCE) as response:
        found: bytes = response.read()
        return found


def main() -> None:
    """Serve an empty dataset whose default graph is a graph of its own."""
    import uvicorn
    from rdflib import Dataset
    from rdflib_endpoint import SparqlEndpoint

    port, writes = sys.argv[1:]
    endpoint = SparqlEndpoint(graph=Dataset(default_union=False), enable_update=writes == "yes")
    uvicorn.run(endpoint, host="127.0.0.1", port=int(port), log_level="critical")


def _wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and process.poll() is None:
        with contextlib.suppress(OSError), urllib.request.urlopen(address, timeout=5):
            return
        time.sleep(0.05)
    raise TimeoutError(f"{address} does not answer")


if __name__ == "__main__":
    main()
