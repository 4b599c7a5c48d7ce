"""What many tests stand on: the shipped graph, a small invented world, and a server that really serves."""

import gc
import os
import pathlib
import shutil
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

import folders
import hearing
import peers
import plain
import servers
import sharing
import small
from carekg import build, folder, query, web
from carekg.store.embedded import EmbeddedStore
from spoiling import Refused, held, refusing
from suites import server as suite

pytest_plugins = ["assistants"]
SERVER = pytest.StashKey[servers.Server]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--rewrite-answers`, to be used where a question or the data changed and the new answers were read."""
    parser.addoption("--rewrite-answers", action="store_true", help="write tests/answers/ anew instead of comparing")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Have one worker more than cores: many a test waits for a server or a reader of its own."""
    return len(os.sched_getaffinity(0)) + 1


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Have one file wait for the shipped graph to be built first, then run those that need none, then the others."""
    needs = {item.path for item in items if "shipped_store" in getattr(item, "fixturenames", ())}
    first = next((item.path for item in items if item.path in needs), None)
    items.sort(key=lambda item: item.path != first and 1 + (item.path in needs))


def pytest_collection_finish() -> None:
    """Look for garbage less often, and not among the thousands of tests: that took a tenth of their time."""
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)


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


# --- the shipped graph --------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def shipped() -> pathlib.Path:
    """The knowledge folder that comes with carekg."""
    return small.ROOT


@pytest.fixture(scope="session")
def shipped_store(shipped: pathlib.Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedStore]:
    """A store on disk that holds the shipped graph; nobody writes to it."""
    def make(place: pathlib.Path) -> None:
        with EmbeddedStore(place / "store") as store:
            build.build(shipped, store)

    with EmbeddedStore(sharing.made_once(tmp_path_factory, "shipped", make) / "store") as store:
        yield store


@pytest.fixture(scope="session")
def asker(shipped: pathlib.Path, shipped_store: EmbeddedStore) -> query.Asker:
    """Asks the shipped questions of the shipped graph."""
    return query.Asker(query.catalogue(folder.queries(shipped)), shipped_store)


@pytest.fixture(scope="session")
def client(asker: query.Asker) -> FlaskClient:
    """A client of the application over the shipped graph, without a network between."""
    return web.create_app(asker).test_client()


@pytest.fixture(scope="session")
def server(
    shipped_store: EmbeddedStore, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[servers.Server]:
    """The real server over the shipped store, in a process of its own."""
    room = tmp_path_factory.mktemp("server")
    with servers.running(room, "--store", str(shipped_store.path), "serve") as one:
        request.config.stash[SERVER] = one
        yield one


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Show what the server wrote beside each failure of a test that used it."""
    report = yield
    one = item.config.stash.get(SERVER, None)
    if report.failed and one and "server" in getattr(item, "fixturenames", ()):
        report.sections.append(("Captured server stderr", one.log.read_text(errors="replace")))
    return report


# --- the small world ----------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def good_folder(tmp_path_factory: pytest.TempPathFactory) -> pathlib.Path:
    """The folder of the small world as it is when it is right; nobody writes to it."""
    def make(place: pathlib.Path) -> None:
        with EmbeddedStore(place / "store") as store:
            build.build(folders.good(place / "world"), store)
        shutil.copytree(place / "store", place / folders.CLOSED)

    return sharing.made_once(tmp_path_factory, "good", make) / "world"


@pytest.fixture(scope="session")
def good_store(good_folder: pathlib.Path) -> Iterator[EmbeddedStore]:
    """A store that holds that folder's graph; nothing that is wrong may change it."""
    with EmbeddedStore(good_folder.parent / "store") as store:
        yield store


@pytest.fixture
def world(good_folder: pathlib.Path, tmp_path: pathlib.Path) -> pathlib.Path:
    """The folder of the small world, of one's own."""
    return pathlib.Path(shutil.copytree(good_folder, tmp_path / "world"))


@pytest.fixture
def refused(world: pathlib.Path, good_store: EmbeddedStore, tmp_path: pathlib.Path) -> Iterator[Refused]:
    """Builds the spoilt world, which has to fail, and gives the sentence; in the end nothing may have changed."""
    place = folders.own_store(good_store, tmp_path / "good-store")
    before = held(place)
    yield refusing(world, place)
    assert held(place) == before


# --- a server of one's own, and others ----------------------------------------------------------------------------


@pytest.fixture(scope="session")
def _plain_server() -> Iterator[plain.Plain]:
    with plain.opened() as one:
        yield one


@pytest.fixture
def bare(_plain_server: plain.Plain) -> plain.Plain:
    """A plain server with nothing in it."""
    _plain_server.change("DROP ALL")
    return _plain_server


@pytest.fixture(scope="session")
def _listing_server() -> Iterator[plain.Plain]:
    with plain.opened(hosts=frozenset({"127.0.0.1"})) as one:
        yield one


@pytest.fixture
def listing(_listing_server: plain.Plain) -> plain.Plain:
    """A plain server with nothing in it, whose operator lists this machine."""
    _listing_server.change("DROP ALL")
    return _listing_server


@pytest.fixture(scope="session")
def _plain_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[suite.Server]:
    with suite.carekg(tmp_path_factory.mktemp("plain")) as one:
        yield one


@pytest.fixture
def other(_plain_process: suite.Server) -> suite.Server:
    """A plain server in a process of its own, with nothing in it."""
    assert _plain_process.update("DROP ALL").status < 300
    return _plain_process


@pytest.fixture
def peer() -> Iterator[peers.Peer]:
    """A web server of somebody else."""
    with peers.opened() as one:
        yield one


@pytest.fixture
def ear() -> Iterator[hearing.Ear]:
    """A port of this machine at which nobody is to knock."""
    with hearing.opened() as one:
        yield one
