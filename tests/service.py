"""A SPARQL service of other people's making, rdflib-endpoint, run as a process: ``python service.py PORT WRITES``."""

import contextlib
import pathlib
import sys
import tempfile
import urllib.request
from collections.abc import Iterator

import listening


@contextlib.contextmanager
def running(writes: bool = True) -> Iterator[str]:
    """The address of a service with an empty dataset, which takes updates or does not."""
    port = listening.free_port()
    command = [sys.executable, "-W", "ignore", __file__, str(port), "yes" if writes else "no"]
    with (
        tempfile.TemporaryDirectory() as room,
        listening.running(command, lambda: listening.is_open(port), pathlib.Path(room) / "stderr.txt"),
    ):
        yield f"http://127.0.0.1:{port}/"


def post(address: str, kind: str, text: str) -> bytes:
    """Send a ``query`` or an ``update`` without carekg; give the answer, a table as CSV."""
    headers = {"Content-Type": f"application/sparql-{kind}", "Accept": "text/csv"}
    asked = urllib.request.Request(address, text.encode(), headers)
    with urllib.request.urlopen(asked, timeout=listening.PATIENCE) as response:
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


if __name__ == "__main__":
    main()
