"""Places are dealt fairly: clients in turn, each in the order in which it came, and no client has all of them."""

import threading
import time
from collections import Counter
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import processes
from carekg.store.turns import PATIENT, Busy, Turns

LONG = 30.0


def now_plus(seconds: float) -> float:
    return time.monotonic() + seconds


class Line:
    """Clients that wait for a place in threads of their own, and who of them has got one, in order."""

    def __init__(self, turns: Turns) -> None:
        self.turns, self.got, self.threads = turns, list[str](), list[threading.Thread]()

    def join(self, client: str) -> None:
        """Have a client wait, and return once it does."""
        before = self.turns.waiting

        def wait() -> None:
            self.turns.enter(client.partition(" ")[0], now_plus(LONG))
            self.got.append(client)

        self.threads.append(threading.Thread(target=wait))
        self.threads[-1].start()
        assert processes.comes_about(lambda: self.turns.waiting == before + 1)

    def after(self, leave: Callable[[], None], count: int = 1) -> list[str]:
        """Who gets a place by what is done."""
        before = len(self.got)
        leave()
        assert processes.comes_about(lambda: len(self.got) == before + count)
        return self.got[before:]


def full(places: int, clients: str) -> tuple[Turns, Line]:
    """Turns of which each letter's client has a place."""
    turns = Turns(places)
    for client in clients:
        turns.enter(client, 0)
    return turns, Line(turns)


def test_a_place_that_is_free_is_given_at_once() -> None:
    turns = Turns(4)
    for client in "abcd":
        turns.enter(client, time.monotonic())
    assert (turns.free, turns.waiting) == (0, 0)


def test_clients_go_in_turn_however_many_requests_one_of_them_has() -> None:
    turns, line = full(2, "xy")
    for client in ("a 1", "a 2", "a 3", "b 1", "c 1"):
        line.join(client)
    got = line.after(lambda: turns.leave("x"))
    while len(line.got) < 5:
        line.after(lambda: turns.leave(line.got[-1][0]))
    assert got == ["a 1"]
    assert line.got == ["a 1", "b 1", "c 1", "a 2", "a 3"]


@pytest.mark.parametrize(("places", "most"), [(1, 1), (2, 1), (3, 2), (4, 3), (8, 6), (16, 12)])
def test_one_client_never_has_all_places_where_there_are_several(places: int, most: int) -> None:
    turns = Turns(places)
    for _ in range(most):
        turns.enter("greedy", 0)
    with pytest.raises(Busy):
        turns.enter("greedy", now_plus(0.01))
    assert turns.free == places - most
    if turns.free:
        turns.enter("other", 0)


def test_a_place_goes_past_a_client_that_has_its_share() -> None:
    turns, line = full(2, "ax")
    line.join("a 2")
    line.join("b 1")
    assert line.after(lambda: turns.leave("x")) == ["b 1"]
    assert line.after(lambda: turns.leave("a")) == ["a 2"]


def test_who_has_waited_too_long_is_told_and_forgotten() -> None:
    turns, _ = full(1, "x")
    began = time.monotonic()
    with pytest.raises(Busy):
        turns.enter("a", now_plus(0.05))
    assert time.monotonic() - began >= 0.05
    assert turns.waiting == 0
    turns.leave("x")
    assert turns.free == 1
    turns.enter("b", 0)


def test_a_time_that_has_passed_is_no_time_to_wait() -> None:
    turns, _ = full(1, "x")
    with pytest.raises(Busy):
        turns.enter("a", now_plus(-5))
    assert turns.waiting == 0


def test_one_client_may_not_have_endless_requests_waiting() -> None:
    turns, line = full(1, "x")
    for number in range(PATIENT):
        line.join(f"a {number}")
    with pytest.raises(Busy):
        turns.enter("a", now_plus(LONG))
    line.join("b 1")
    line.after(lambda: turns.leave("x"))
    while len(line.got) < PATIENT + 1:
        line.after(lambda: turns.leave(line.got[-1].partition(" ")[0]))
    assert [one for one in line.got if one[0] == "a"] == [f"a {number}" for number in range(PATIENT)]


@settings(max_examples=15, deadline=None)
@given(places=st.integers(1, 5), plan=st.lists(
    st.tuples(st.sampled_from("abc"), st.sampled_from([0, 0.001, 0.004, 30])), min_size=1, max_size=25))
def test_no_place_is_lost_or_given_twice(places: int, plan: list[tuple[str, float]]) -> None:
    turns, lock = Turns(places), threading.Lock()
    held, most, ended = Counter[str](), Counter[str](), list[bool]()

    def ask(client: str, patience: float) -> None:
        try:
            turns.enter(client, now_plus(patience))
        except Busy:
            ended.append(False)
            return
        with lock:
            held[client] += 1
            most["all"] = max(most["all"], held.total())
            most[client] = max(most[client], held[client])
        time.sleep(0.001)
        with lock:
            held[client] -= 1
        turns.leave(client)
        ended.append(True)

    threads = [threading.Thread(target=ask, args=one) for one in plan]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(LONG)
    assert len(ended) == len(plan)
    assert sum(ended) >= sum(patience == 30 for _, patience in plan)
    assert most["all"] <= places
    assert all(most[client] <= turns.places - 1 for client in "abc") or places == 1
    assert (turns.free, turns.waiting) == (places, 0)
