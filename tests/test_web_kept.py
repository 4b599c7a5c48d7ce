"""Real servers keep what was written: through a restart, and beside one another."""

import threading
import time
from pathlib import Path
from urllib.parse import quote

import pytest

import plain
import processes
from peers import TURTLE
from plain import ONE
from suites import server as suite

pytestmark = pytest.mark.heavy  # servers are started and ended


def test_updates_are_there_after_a_restart(tmp_path: Path) -> None:
    place = str(tmp_path / "store")
    for number in range(2):
        room = tmp_path / str(number)
        room.mkdir()
        with suite.carekg(room, place) as running:
            assert running.update(f"INSERT DATA {{ <x:a> <x:p> {number} }}").status == 204
            put = running.send("PUT", f"{running.store}?graph=x:g{number}", f"{ONE} .".encode(), TURTLE)
            assert put.status == 201
            address = f"{running.sparql}?query={quote(plain.ALL)}"
            found = running.send("GET", address, headers={"Accept": "text/csv"}).data.decode()
            assert found.count("\r\n") == 1 + 2 * (number + 1)


def test_two_servers_on_one_store_lose_nothing(tmp_path: Path) -> None:
    place = str(tmp_path / "store")
    rooms = [tmp_path / "one", tmp_path / "other"]
    for room in rooms:
        room.mkdir()
    with suite.carekg(rooms[0], place) as one, suite.carekg(rooms[1], place) as other:
        assert one.update("INSERT DATA { <x:counter> <x:is> 0 }").status == 204
        got: list[int] = []

        def count(server: suite.Server) -> None:
            text = "DELETE { ?c <x:is> ?n } INSERT { ?c <x:is> ?m } WHERE { ?c <x:is> ?n BIND(?n + 1 AS ?m) }"
            for _ in range(5):
                while (status := server.update(text).status) == 503:  # the other one is writing
                    time.sleep(0.02)
                got.append(status)

        threads = [threading.Thread(target=count, args=(server,)) for server in (one, other)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert got == [204] * 10
        for server in (one, other):
            address = f"{server.sparql}?query={quote('SELECT ?n { ?c <x:is> ?n }')}"
            assert processes.comes_about(lambda server=server, address=address: server.send(  # type: ignore[misc]
                "GET", address, headers={"Accept": "text/csv"}).data == b"n\r\n10\r\n")
