"""What is made of a graph is made once, for all who ask, and anew when the graph has changed."""

import threading

import pytest

from carekg import errors
from carekg.web import remembered
from carekg.web.remembered import Remembered
from processes import comes_about


def test_a_value_is_made_once_until_the_version_changes() -> None:
    made: list[str] = []
    kept: Remembered[int] = Remembered()

    def make() -> int:
        made.append("one")
        return len(made)

    assert [kept.get("a", "key", make) for _ in range(3)] == [1, 1, 1]
    assert kept.get("a", "other", make) == 2
    assert kept.get("b", "key", make) == 3
    assert kept.get("b", "other", make) == 4


def test_only_so_many_are_kept_those_asked_for_last() -> None:
    kept: Remembered[str] = Remembered(most=2)
    for key in ("a", "b", "a", "c"):
        kept.get("1", key, lambda: "first")
    assert [kept.get("1", key, lambda: "second") for key in ("a", "c", "b")] == ["first", "first", "second"]


def test_what_fails_is_made_again() -> None:
    kept: Remembered[int] = Remembered()
    with pytest.raises(ZeroDivisionError):
        kept.get("1", "key", lambda: 1 // 0)
    assert kept.get("1", "key", lambda: 2) == 2


def test_a_few_wait_for_what_is_being_made_and_the_others_are_told_to_come_again() -> None:
    kept: Remembered[str] = Remembered()
    may_end = threading.Event()
    made: list[str] = []
    answers: list[str] = []
    refused: list[str] = []

    def make() -> str:
        made.append("once")
        may_end.wait(10)
        return "the value"

    def ask() -> None:
        try:
            answers.append(kept.get("1", "key", make))
        except errors.InTheMaking as error:
            refused.append(str(error))

    threads = [threading.Thread(target=ask) for _ in range(remembered.WAITING + 3)]
    for thread in threads:
        thread.start()
    came = comes_about(lambda: len(refused) == 3)
    may_end.set()
    for thread in threads:
        thread.join(10)
    assert came
    assert answers == ["the value"] * remembered.WAITING
    assert made == ["once"]
    assert errors.InTheMaking.http_status == 503
