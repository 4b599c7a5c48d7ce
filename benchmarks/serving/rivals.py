"""Other servers on the same data: Oxigraph's own in Rust, in memory, and rdflib-endpoint on rdflib's memory store."""

from __future__ import annotations

import contextlib
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pyoxigraph as ox
import urllib3

from benchmarks.serving import load

PLACE: Final = Path(__file__).parents[2] / ".cache" / "oxigraph"
VERSION: Final = "0.5.13"
"""Of Oxigraph's server: the version of pyoxigraph with which the figures were taken."""

LOADING: Final = 3600
"""Seconds that a server may take for the data."""


def install() -> Path | None:
    """Give Oxigraph's server, built with cargo where it is not yet; none where that fails, which it says."""
    program = PLACE / "bin" / "oxigraph"
    if program.exists():
        return program
    if not shutil.which("cargo") or not shutil.which("clang"):
        print("  Oxigraph's server is left out: it is built with cargo and clang, which are not here.", file=sys.stderr)
        return None
    command = ["cargo", "install", "oxigraph-cli", "--version", VERSION, "--locked", "--no-default-features",
               "--features", "rdf-12", "--root", str(PLACE)]
    if subprocess.run(command, check=False).returncode:
        print("  Oxigraph's server is left out: it did not build.", file=sys.stderr)
        return None
    return program


@contextlib.contextmanager
def oxigraph(program: Path, store: ox.Store) -> Iterator[str]:
    """Run Oxigraph's server in memory with the quads of a store; give its address."""
    port = _free_port()
    command = [str(program), "serve", "--bind", f"127.0.0.1:{port}"]
    with _running(command, f"http://127.0.0.1:{port}") as base:
        _send(f"{base}/store", store.dump(format=ox.RdfFormat.N_QUADS) or b"", "application/n-quads")
        yield base


@contextlib.contextmanager
def rdflib_endpoint(quads: Path) -> Iterator[str]:
    """Run rdflib-endpoint on a file of N-Quads; give its address."""
    port = _free_port()
    command = [sys.executable, "-W", "ignore", "-m", "benchmarks.serving.rivals", str(port), str(quads)]
    with _running(command, f"http://127.0.0.1:{port}") as base:
        yield base


@contextlib.contextmanager
def _running(command: list[str], base: str) -> Iterator[str]:
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            load.up(f"{base}/", process, LOADING)
            yield base
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()


def _send(address: str, body: bytes, media: str) -> None:
    answer = urllib3.request("POST", address, body=body, headers={"Content-Type": media}, timeout=LOADING,
                             retries=False)
    if answer.status >= 300:
        raise RuntimeError(f"{address} gave {answer.status}: {answer.data[:300]!r}")


def _free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port: int = trial.getsockname()[1]
        return port


def main() -> None:
    """Serve a file of N-Quads with rdflib-endpoint: ``python -m benchmarks.serving.rivals PORT FILE``."""
    import uvicorn
    from rdflib import Dataset
    from rdflib_endpoint import SparqlEndpoint

    port, quads = sys.argv[1:]
    data = Dataset(default_union=False)
    data.parse(quads, format="nquads")
    uvicorn.run(SparqlEndpoint(graph=data), host="127.0.0.1", port=int(port), log_level="critical")


if __name__ == "__main__":
    main()
