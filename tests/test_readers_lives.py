"""The pool of readers over time: many at once, some killed, none left behind."""

import contextlib
import json
import os
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

import processes
import small
from carekg import errors
from carekg.store.asked import IN_ROOM, Limits, Question
from carekg.store.readers import Readers

THINGS = 3000
COUNT = Question("SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }")
LONG = Question("SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(?c != ?f && ?f != ?i) }")


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store on disk in which s1 has the value 1, and so on."""
    return small.numbered(tmp_path_factory.mktemp("lives") / "quads", THINGS)


@pytest.fixture
def pool(path: Path) -> Iterator[Readers]:
    with Readers(path, Limits(5, 200)) as readers:
        yield readers


def value_of(pool: Readers, n: int) -> int:
    """The value of one thing, asked of the pool."""
    text = f"SELECT ?o WHERE {{ <{small.HOME}s{n}> <{small.HOME}p> ?o }}"
    (row,) = json.loads(pool.answer(Question(text)).read())["results"]["bindings"]
    return int(row["o"]["value"])


def test_questions_from_sixteen_threads_each_get_their_own_answer(pool: Readers) -> None:
    with ThreadPoolExecutor(16) as threads:
        assert list(threads.map(lambda n: value_of(pool, n), range(480))) == list(range(480))


def test_questions_of_all_kinds_at_once_each_get_what_they_deserve(pool: Readers) -> None:
    def ask(n: int) -> str:
        try:
            if n % 8 == 3:
                pool.answer(LONG, deadline=0.3)
            if n % 8 == 5:
                pool.answer(Question("SELECT {"))
            return str(value_of(pool, n))
        except errors.CarekgError as error:
            return type(error).__name__

    with ThreadPoolExecutor(12) as threads:
        found = list(threads.map(ask, range(64)))
    assert found == [{3: "OverDeadline", 5: "BadQuery"}.get(n % 8, str(n)) for n in range(64)]


def test_a_large_answer_comes_whole_and_in_pieces(pool: Readers) -> None:
    p = f"<{small.HOME}p>"
    question = Question(f"SELECT ?a ?s WHERE {{ ?s {p} ?o . ?a {p} ?b FILTER(?b < 60) }}", "csv")
    whole = pool.answer(question).read()
    answer = pool.answer(question)
    pieces = list(answer.pieces(1 << 16))
    assert answer.size == len(whole) > IN_ROOM
    assert len(pieces) > 50
    assert b"".join(pieces) == whole
    assert whole.count(b"\r\n") == 60 * THINGS + 1


@pytest.mark.heavy
def test_when_every_reader_is_busy_the_next_question_is_told_so(path: Path) -> None:
    most = Limits().readers
    with Readers(path, Limits(4, 200)) as pool, ThreadPoolExecutor(most) as threads:
        long = [threads.submit(pool.answer, replace(LONG, client=f"client {number}")) for number in range(most)]
        time.sleep(1.5)
        with pytest.raises(errors.StoreError, match=rf"^All {most} readers are busy with long queries; .*\.$"):
            pool.answer(COUNT, deadline=0.2)
        assert all(isinstance(one.exception(), errors.OverDeadline) for one in long)
        assert value_of(pool, 3) == 3


# --- killed ---------------------------------------------------------------------------------------------------------


def parent_and_children(before: list[int]) -> tuple[int, list[int]]:
    """The parent of the readers that came after some others, and its children."""
    new = [pid for pid in processes.readers() if pid not in before]
    parent = next(pid for pid in new if any(other in processes.below(pid) for other in new))
    return parent, processes.below(parent)


def kill(pid: int) -> None:
    """Kill a process of ours, and wait until it has ended."""
    os.kill(pid, signal.SIGKILL)
    assert processes.comes_about(lambda: not processes.command(pid))


def test_a_reader_that_was_killed_is_replaced(path: Path) -> None:
    before = processes.readers()
    with Readers(path, Limits(5, 200)) as pool:
        _, children = parent_and_children(before)
        for pid in children:
            kill(pid)
        for _ in children:  # a question that meets a dead reader is told so
            with contextlib.suppress(errors.OverMemory):
                value_of(pool, 1)
        assert value_of(pool, 7) == 7


@pytest.mark.heavy
def test_a_killed_parent_is_replaced_and_its_questions_go_on(path: Path) -> None:
    before = processes.readers()
    with Readers(path, Limits(5, 200)) as pool:
        parent, _ = parent_and_children(before)
        kill(parent)
        for n in range(4):  # long ones use the readers up, so that new ones are needed
            with contextlib.suppress(errors.OverDeadline, errors.OverMemory):
                pool.answer(LONG, deadline=0.4)
            assert value_of(pool, n) == n
        with ThreadPoolExecutor(8) as threads:
            assert list(threads.map(lambda n: value_of(pool, n), range(80))) == list(range(80))
        new_parent, _ = parent_and_children(before)
        assert new_parent != parent
    assert processes.comes_about(lambda: [pid for pid in processes.readers() if pid not in before] == [])


@pytest.mark.heavy
def test_a_killed_parent_while_questions_run_leaves_the_pool_whole(path: Path) -> None:
    before = processes.readers()
    with Readers(path, Limits(2, 200)) as pool, ThreadPoolExecutor(6) as threads:
        parent, _ = parent_and_children(before)
        long = [threads.submit(pool.answer, LONG, 1.5) for _ in range(5)]
        time.sleep(0.5)
        kill(parent)
        assert all(isinstance(one.exception(), errors.CarekgError) for one in long)
        assert [value_of(pool, n) for n in range(30)] == list(range(30))
    assert processes.comes_about(lambda: [pid for pid in processes.readers() if pid not in before] == [])


# --- ends ------------------------------------------------------------------------------------------------------------


def test_closing_leaves_no_process(path: Path) -> None:
    before = processes.readers()
    pool = Readers(path, Limits(5, 200))
    assert len(processes.readers()) > len(before)
    assert value_of(pool, 1) == 1
    pool.close()
    assert processes.comes_about(lambda: set(processes.readers()) <= set(before))


def test_a_store_that_cannot_be_read_is_told_in_a_sentence(tmp_path: Path) -> None:
    before = processes.readers()
    with pytest.raises(errors.StoreError, match=rf"^The store at {tmp_path}/nothing cannot be read: .*\.$"):
        Readers(tmp_path / "nothing", Limits(5, 200))
    assert processes.comes_about(lambda: set(processes.readers()) <= set(before))
