"""How much one client may ask: so often, so much at once; others are not made to wait for it."""

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from carekg import errors, query, web
from carekg.settings import Settings
from carekg.web import site
from carekg.web.guard import limits

Make = Callable[..., Flask]


@pytest.fixture(scope="session")
def make(asker: query.Asker) -> Make:
    """Makes an application over the shipped graph with settings of one's own."""
    return lambda **chosen: web.create_app(asker, Settings(Path(), "unused", **chosen))


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The time, to be set."""
    now = [1_000_000.0]
    monkeypatch.setattr(time, "time", lambda: now[0])
    return now


def asked(client: FlaskClient, address: str = "/", **headers: str) -> int:
    with client.get(address, headers=headers) as answer:
        return answer.status_code


# --- how often --------------------------------------------------------------------------------------------------------


def test_a_client_over_its_rate_is_told_when_to_ask_again(make: Make, clock: list[float]) -> None:
    client = make(rate="3 per minute").test_client()
    assert [asked(client) for _ in range(3)] == [200, 200, 200]
    clock[0] += 12.5
    answer = client.get("/")
    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "48"
    assert answer.text == "You have asked as often as one client may (3 per minute); ask again in 48 s.\n"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    clock[0] += 48
    assert asked(client) == 200


def test_one_clients_rate_is_not_anothers(make: Make) -> None:
    app = make(rate="2 per hour")
    first, other = (app.test_client() for _ in range(2))
    for client, address in ((first, "192.0.2.1"), (other, "192.0.2.2")):
        client.environ_base["REMOTE_ADDR"] = address
        assert [asked(client) for _ in range(3)] == [200, 200, 429]


def test_what_costs_nothing_is_not_counted(make: Make) -> None:
    client = make(rate="1 per hour").test_client()
    free = ("/static/style.css", "/health", "/health/live", "/health/ready", "/metrics")
    assert [asked(client, address) for address in free for _ in range(5)] == [200] * 25
    assert [asked(client, "/"), asked(client, "/")] == [200, 429]
    assert asked(client, "/nope") == 429


def test_a_rate_can_be_switched_off(make: Make) -> None:
    client = make(rate="off").test_client()
    assert {asked(client, "/health/ready") for _ in range(20)} == {200}


def test_counts_end_with_their_window_and_leave_nothing(clock: list[float]) -> None:
    counts = limits.Counts()
    for n in range(1000):
        counts.incr(f"client {n}", 60)
        clock[0] += 1
    assert len(counts._found) == 60
    assert (counts.get("client 999"), counts.get("client 0")) == (1, 0)
    assert counts.reset() == 60


def test_there_are_never_more_counts_than_may_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST", 50)
    counts = limits.Counts()
    assert [counts.incr(f"client {n}", 60) for n in range(500)] == [1] * 500
    assert len(counts._found) == 50


def test_requests_counted_in_many_threads_are_all_counted() -> None:
    counts = limits.Counts()
    threads = [threading.Thread(target=lambda: [counts.incr("one", 3600) for _ in range(500)]) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counts.get("one") == 4000


# --- who it is --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("address", "client"), [
    ("192.0.2.7", "192.0.2.7"), ("::ffff:192.0.2.7", "192.0.2.7"), ("2001:db8::1", "2001:db8::/64"),
    ("2001:db8:0:0:ffff::9", "2001:db8::/64"), ("2001:db8:0:1::1", "2001:db8:0:1::/64"), ("fe80::1%eth0", "fe80::/64"),
    ("", ""), ("not:an:address", "not:an:address")])
def test_a_client_is_an_address_or_a_network_of_one_household(address: str, client: str) -> None:
    assert site.grouped(address) == client


@pytest.mark.parametrize(("proxies", "header", "statuses"), [
    (0, "203.0.113.{}", [200, 429, 429]),  # nobody vouches for the header
    (1, "203.0.113.{}", [200, 200, 200]),
    (1, "203.0.113.{}, 198.51.100.1", [200, 429, 429]),  # what the client wrote itself does not count
    (2, "203.0.113.{}, 198.51.100.1", [200, 200, 200])])
def test_a_forwarded_address_counts_only_behind_so_many_proxies(
    proxies: int, header: str, statuses: list[int], make: Make
) -> None:
    client = make(rate="1 per hour", proxies=proxies).test_client()
    assert [asked(client, **{"X-Forwarded-For": header.format(n)}) for n in range(3)] == statuses


@pytest.mark.heavy
@given(header=st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=80))
def test_no_forwarded_address_breaks_a_request(header: str, make: Make) -> None:
    assert asked(behind(make), "/health/live", **{"X-Forwarded-For": header}) == 200


def behind(make: Make) -> FlaskClient:
    return make(rate="off", proxies=1).test_client()


# --- how much at once -------------------------------------------------------------------------------------------------


def test_one_client_has_only_so_many_places_and_gets_them_back() -> None:
    places = limits.Places(10, 3)
    assert [places.enter("a") for _ in range(5)] == [True, True, True, False, False]
    assert places.enter("b")
    places.leave("a")
    assert places.enter("a")
    assert not places.enter("a")
    assert [places.enter(f"c{n}") for n in range(8)] == [True] * 6 + [False] * 2


def test_a_client_with_too_many_requests_under_way_is_told_so_and_others_are_not(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "AT_ONCE", 2)
    app = make(rate="off")
    streaming = (app.test_client().get("/slowly", buffered=False) for _ in range(3))
    app.add_url_rule("/slowly", view_func=lambda: (piece for piece in ["a", "b"]))
    first, second, third = streaming
    assert [first.status_code, second.status_code, third.status_code] == [200, 200, 503]
    assert third.headers["Retry-After"] == "1"
    assert third.text == "You have 2 requests under way, as many as one client may; ask again in a moment.\n"
    other = app.test_client()
    other.environ_base["REMOTE_ADDR"] = "192.0.2.9"
    assert asked(other) == 200
    first.close()
    assert asked(app.test_client()) == 200
    second.close()


def test_every_request_gives_its_place_back(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "AT_ONCE", 1)
    app = make(rate="off")
    app.add_url_rule("/broken", view_func=broken)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    client = app.test_client()
    for method, address, status in (("GET", "/", 200), ("HEAD", "/", 200), ("GET", "/nope", 404), ("PUT", "/", 405),
                                    ("GET", "/static/style.css", 200), ("GET", "/broken", 500), ("OPTIONS", "/", 200)):
        with client.open(address, method=method) as answer:
            assert answer.status_code == status
    assert app.extensions[limits.KEY].places._present == {}


def broken() -> str:
    raise ValueError("this is meant")


def test_an_address_with_too_many_parameters_is_refused(client: FlaskClient) -> None:
    answer = client.get("/queries?" + "&".join(f"a={n}" for n in range(limits.FIELDS + 1)))
    assert answer.status_code == 400
    assert answer.text == "The address has more than 1,000 parameters, the most that are read.\n"


# --- readers who take nothing -----------------------------------------------------------------------------------------


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[float]]:
    """Seconds by which the clock of answers is ahead, to be set."""
    ahead = [0.0]
    plainly = time.perf_counter
    monkeypatch.setattr(time, "perf_counter", lambda: plainly() + ahead[0])
    yield ahead


def test_a_reader_who_takes_next_to_nothing_is_left(make: Make, later: list[float]) -> None:
    app = make(rate="off")
    app.add_url_rule("/much", view_func=lambda: (b"x" * 1000 for _ in range(100)))
    pieces = iter(app.test_client().get("/much", buffered=False).response)
    assert len(next(pieces)) == 1000
    later[0] += 59
    assert len(next(pieces)) == 1000
    later[0] += 30
    assert list(pieces) == []


def test_a_reader_who_takes_enough_gets_all(make: Make, later: list[float]) -> None:
    app = make(rate="off")
    app.add_url_rule("/much", view_func=lambda: (b"x" * 1_000_000 for _ in range(10)))
    pieces = iter(app.test_client().get("/much", buffered=False).response)
    got = 0
    for piece in pieces:
        later[0] += 20
        got += len(piece)
    assert got == 10_000_000


def test_the_sentence_of_a_rate_names_it() -> None:
    assert "5 per hour" in str(errors.TooOften("5 per hour", 3))
