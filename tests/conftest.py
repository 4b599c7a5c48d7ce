"""What many tests stand on: the shipped graph, a small invented world, and a server that really serves."""

import contextlib
import dataclasses
import os
import pathlib
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

import small
from carekg import build, folder, query, web
from carekg.store.embedded import EmbeddedStore
from carekg.terms import PREFIXES
from spoiling import Refused, held, refusing

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


@dataclasses.dataclass
class Ear:
    """A listening port on this machine, and how many have knocked there."""

    address: str
    knocks: list[float] = dataclasses.field(default_factory=list)

    def heard(self) -> int:
        """How many connections came, after a moment for one that is on its way."""
        time.sleep(0.05)
        return len(self.knocks)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--rewrite-answers`, to be used where a question or the data changed and the new answers were read."""
    parser.addoption("--rewrite-answers", action="store_true", help="write tests/answers/ anew instead of comparing")


@pytest.fixture(scope="session", autouse=True)
def _alone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Let no test read the settings or write the data directory of whoever runs it."""
    patch = pytest.MonkeyPatch()
    for name in [name for name in os.environ if name.startswith("CAREKG_")]:
        patch.delenv(name)
    patch.setenv("CAREKG_RATE", "off")  # tests ask more often than one client may
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


@pytest.fixture(scope="session")
def client(asker: query.Asker) -> FlaskClient:
    """A client of the application over the shipped graph, without a network between."""
    return web.create_app(asker).test_client()


@pytest.fixture
def world(shipped: pathlib.Path, tmp_path: pathlib.Path) -> pathlib.Path:
    """A small knowledge folder of one's own: shipped vocabulary, shapes and questions over the good world's data."""
    return fill(shipped, tmp_path / "world")


def fill(shipped: pathlib.Path, made: pathlib.Path) -> pathlib.Path:
    """Make the small world's folder at a place, and give it."""
    for part in ("ontology", "shapes", "queries"):
        shutil.copytree(shipped / part, made / part)
    (made / "data").mkdir()
    shutil.copy(shipped / "tests" / "worlds" / "good.ttl", made / "data" / "world.ttl")
    (made / "data" / "sources.ttl").write_text(named_sources(made / "ontology"), encoding="utf-8")
    forget_defaults(made)
    small.forget_questions(made)
    return made


def forget_defaults(made: pathlib.Path) -> None:
    """Take from the questions those defaults that the small world does not have."""
    known = "".join(path.read_text(encoding="utf-8") for path in made.rglob("*.ttl"))
    for path in (made / "queries").glob("*.rq"):
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        given = {line: line.partition("default: ")[2].strip() for line in lines if line.startswith("#+     default: ")}
        kept = [line for line in lines if line not in given or f"\n{given[line]} a " in known]
        path.write_text("".join(kept), encoding="utf-8")


@pytest.fixture(scope="session")
def good_store(shipped: pathlib.Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedStore]:
    """A store that holds the small world as it is when it is right; nothing that is wrong may change it."""
    place = tmp_path_factory.mktemp("good")
    with EmbeddedStore(place / "store") as store:
        build.build(fill(shipped, place / "world"), store)
        yield store


@pytest.fixture
def refused(world: pathlib.Path, good_store: EmbeddedStore, tmp_path: pathlib.Path) -> Iterator[Refused]:
    """Builds the spoilt world, which has to fail, and gives the sentence; in the end nothing may have changed."""
    place = pathlib.Path(shutil.copytree(good_store.path, tmp_path / "good-store"))
    before = held(place)
    yield refusing(world, place)
    assert held(place) == before


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


@pytest.fixture
def ear() -> Iterator[Ear]:
    """A port of this machine at which nobody is to knock."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        one = Ear(f"http://127.0.0.1:{listening.getsockname()[1]}/")
        thread = threading.Thread(target=answer_all, args=(listening, one.knocks))
        thread.start()
        yield one
        listening.shutdown(socket.SHUT_RDWR)
        thread.join(5)


def answer_all(listening: socket.socket, knocks: list[float]) -> None:
    """Note every connection and close it, until the socket is shut."""
    with contextlib.suppress(OSError):
        while True:
            connection, _ = listening.accept()
            knocks.append(time.monotonic())
            connection.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Show what the server wrote beside each failure of a test that used it."""
    report = yield
    log = item.config.stash.get(SERVER_LOG, None)
    if report.failed and log and "server" in getattr(item, "fixturenames", ()):
        report.sections.append(("Captured server stderr", log.read_text(errors="replace")))
    return report
