"""What many tests stand on: the shipped graph, a small invented world, and a server that really serves."""

import dataclasses
import os
import pathlib
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator

import pytest

from carekg import build, folder, query
from carekg.store.embedded import EmbeddedStore
from carekg.terms import PREFIXES

ROOT = pathlib.Path(__file__).parent.parent
SERVER_LOG = pytest.StashKey[pathlib.Path]()
PATIENCE = 30.0
"""Seconds in which a server has to come up or to go."""


@dataclasses.dataclass(frozen=True)
class Server:
    """A running `carekg serve`: its base address without a slash, its port, and what it writes to stderr."""

    base: str
    port: int
    log: pathlib.Path


@pytest.fixture(scope="session", autouse=True)
def _alone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Let no test read the settings or write the data directory of whoever runs it."""
    patch = pytest.MonkeyPatch()
    for name in [name for name in os.environ if name.startswith("CAREKG_")]:
        patch.delenv(name)
    patch.setenv("XDG_DATA_HOME", str(tmp_path_factory.mktemp("data-home")))
    yield
    patch.undo()


@pytest.fixture(scope="session")
def shipped() -> pathlib.Path:
    """The knowledge folder that comes with carekg."""
    return ROOT


@pytest.fixture(scope="session")
def shipped_store(shipped: pathlib.Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedStore]:
    """A store on disk that holds the shipped graph; nobody writes to it."""
    with EmbeddedStore(tmp_path_factory.mktemp("shipped") / "store") as store:
        build.build(shipped, store)
        yield store


@pytest.fixture(scope="session")
def asker(shipped: pathlib.Path, shipped_store: EmbeddedStore) -> query.Asker:
    """Asks the shipped questions of the shipped graph."""
    return query.Asker(query.catalogue(folder.queries(shipped)), shipped_store)


@pytest.fixture
def world(shipped: pathlib.Path, tmp_path: pathlib.Path) -> pathlib.Path:
    """A small knowledge folder of one's own: shipped vocabulary, shapes and questions over the good world's data."""
    made = tmp_path / "world"
    for part in ("ontology", "shapes", "queries"):
        shutil.copytree(shipped / part, made / part)
    (made / "data").mkdir()
    shutil.copy(shipped / "tests" / "worlds" / "good.ttl", made / "data" / "world.ttl")
    (made / "data" / "sources.ttl").write_text(named_sources(made / "ontology"), encoding="utf-8")
    return made


@pytest.fixture(scope="session")
def server(
    shipped_store: EmbeddedStore, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[Server]:
    """The real server over the shipped store, in a process of its own."""
    log = tmp_path_factory.mktemp("server") / "stderr.txt"
    request.config.stash[SERVER_LOG] = log
    port = free_port()
    command = [sys.executable, "-m", "carekg", "--store", str(shipped_store.path), "serve", "--port", str(port)]
    with log.open("wb") as stderr, subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=stderr) as process:
        try:
            one = Server(f"http://127.0.0.1:{port}", port, log)
            wait_for(one, process)
            yield one
        finally:
            process.terminate()
            try:
                process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()


def named_sources(ontology: pathlib.Path) -> str:
    """Turtle that describes the documents which the vocabulary names, so that the small world is whole."""
    text = "".join(path.read_text(encoding="utf-8") for path in ontology.glob("*.ttl"))
    head = f"@prefix care: <{PREFIXES['care']}> .\n@prefix rdfs: <{PREFIXES['rdfs']}> .\n"
    found = sorted(set(re.findall(r"\bsource:([\w-]+)", text)))
    return head + "".join(f'<{PREFIXES["source"]}{name}> a care:Source ; rdfs:label "{name}"@en .\n' for name in found)


def free_port() -> int:
    """A port on which nobody listens just now."""
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port: int = trial.getsockname()[1]
        return port


def wait_for(server: Server, process: subprocess.Popen[bytes]) -> None:
    """Return once the server answers; fail with what it wrote where it ended or stays silent."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{server.base}/queries.json", timeout=5):
                return
        except urllib.error.HTTPError as error:
            error.close()
            break
        except OSError:
            time.sleep(0.05)
    pytest.fail(f"The server does not answer. It wrote:\n{server.log.read_text(errors='replace')}")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Show what the server wrote beside each failure of a test that used it."""
    report = yield
    log = item.config.stash.get(SERVER_LOG, None)
    if report.failed and log and "server" in getattr(item, "fixturenames", ()):
        report.sections.append(("Captured server stderr", log.read_text(errors="replace")))
    return report
