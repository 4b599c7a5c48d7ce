"""A store on disk is opened as it is between two changes."""

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pyoxigraph as ox
import pytest

from carekg.reader import disk

QUADS = [ox.Quad(ox.NamedNode(f"http://e/{n}"), ox.NamedNode("http://e/p"), ox.Literal(n)) for n in range(9)]


@pytest.fixture
def path(tmp_path: Path) -> str:
    """A store of three quads, which nobody has open."""
    ox.Store(str(tmp_path / "quads")).extend(QUADS[:3])
    return str(tmp_path / "quads")


@pytest.mark.parametrize("opening", [disk.opened, disk.copied, disk.of_its_own])
def test_who_opens_a_store_that_is_being_changed_waits_and_sees_the_whole_change(path: str, opening: object) -> None:
    assert callable(opening)
    with ThreadPoolExecutor() as others:
        with disk.settled(path, writing=True):
            store = ox.Store(path)
            store.extend(QUADS[3:5])
            found = others.submit(lambda: len(opening(path)))
            store.extend(QUADS[5:])
            store.flush()
            assert not found.done()
            del store
        assert found.result(timeout=60) == len(QUADS)


def test_those_who_open_it_do_not_wait_for_each_other(path: str) -> None:
    with disk.settled(path), disk.settled(path):
        assert len(disk.opened(path)) == 3


def test_a_copy_of_ones_own_can_be_changed_and_removed(path: str) -> None:
    own = disk.of_its_own(path)
    own.extend(QUADS)
    assert (len(own), len(disk.opened(path))) == (9, 3)
    del own
    disk.remove_own(path, os.getpid())
    assert [entry.name for entry in Path(path).parent.iterdir()] == ["quads"]
