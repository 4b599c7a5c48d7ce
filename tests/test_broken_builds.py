"""A build that is killed or meets another leaves the old graph served, and the next build works."""

import pathlib
import signal

import pytest

import folders
from carekg import store as stores
from carekg.store.embedded import EmbeddedStore
from commands import run, sentence, start
from listening import PATIENCE
from processes import comes_about
from spoiling import INNOVATION, held, prefixes, write

pytestmark = pytest.mark.heavy  # builds are killed


@pytest.fixture
def place(world: pathlib.Path, good_store: EmbeddedStore, tmp_path: pathlib.Path) -> pathlib.Path:
    """A store that holds the good world, which has then got one more innovation."""
    write(world, "data/more.ttl", prefixes(world) + INNOVATION)
    return folders.own_store(good_store, tmp_path / "store")


def generations(place: pathlib.Path) -> list[pathlib.Path]:
    """The generations below a store."""
    return sorted(place.glob("generation-*"))


def is_storing(place: pathlib.Path) -> bool:
    """Wait for the milliseconds in which a second generation is written."""
    return comes_about(lambda: len(generations(place)) > 1, PATIENCE, every=0.001)


def innovations(store: EmbeddedStore) -> int:
    """How many innovations a store tells of."""
    query = "SELECT ?i WHERE { ?i a <https://w3id.org/carekg/def#Innovation> }"
    return len(stores.rows(store, query))


@pytest.mark.parametrize("stage", ["read", "reason", "in the middle of storing"])
def test_a_build_that_is_killed_leaves_the_old_graph_and_the_next_one_works(
    stage: str, world: pathlib.Path, place: pathlib.Path
) -> None:
    with EmbeddedStore(place) as served:
        assert innovations(served) == 2
        before = held(place)
        with start("build", folder=world, store=place) as process:
            if stage in ("read", "validate", "reason"):
                assert process.stderr
                next(line for line in process.stderr if stage in line)
            else:
                assert is_storing(place)
            process.send_signal(signal.SIGKILL)
            process.communicate()
            assert process.returncode == -signal.SIGKILL
        assert held(place).items() >= before.items()
        assert innovations(served) == 2
    assert run("build", folder=world, store=place).exit_code == 0
    with EmbeddedStore(place) as renewed:
        assert innovations(renewed) == 3
    assert len(generations(place)) == 2, "the new one and the one before, and no half one"


def test_two_builds_at_once_are_told_apart_and_the_first_wins(world: pathlib.Path, place: pathlib.Path) -> None:
    with start("build", folder=world, store=place) as first:
        assert is_storing(place)
        first.send_signal(signal.SIGSTOP)
        try:
            told = sentence(run("build", "--force", folder=world, store=place), 4)
        finally:
            first.send_signal(signal.SIGCONT)
        assert first.wait(PATIENCE) == 0
        first.communicate()
    assert told == f"Another process is writing to {place}; wait for it to end."
    with EmbeddedStore(place) as store:
        assert innovations(store) == 3


def test_a_question_during_a_build_is_answered_from_the_old_graph(world: pathlib.Path, place: pathlib.Path) -> None:
    with start("build", folder=world, store=place) as process:
        assert is_storing(place)
        process.send_signal(signal.SIGSTOP)
        try:
            with EmbeddedStore(place) as store:
                assert innovations(store) == 2
        finally:
            process.send_signal(signal.SIGCONT)
        process.communicate()
        assert process.returncode == 0


def test_a_generation_that_lost_its_triples_is_made_anew_from_the_history(
    world: pathlib.Path, place: pathlib.Path
) -> None:
    right = run("ask", "disagreements", folder=world, store=place).stdout
    for path in (generations(place)[0] / "quads").iterdir():
        path.unlink()
    assert run("ask", "disagreements", folder=world, store=place).stdout == right
    assert run("build", "--force", folder=world, store=place).exit_code == 0
    assert run("ask", "disagreements", folder=world, store=place).stdout == right
