"""Short links: a query kept under a name of its own, for as many and as long as there is room."""

import pathlib
import sqlite3
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

import folders
from carekg import errors, query, web
from carekg.settings import load
from carekg.shared import LONGEST, Shared
from carekg.store.embedded import EmbeddedStore
from carekg.web.editor import shared
from carekg.web.guard import limits
from pages import BROWSER

TEXT = "SELECT * WHERE { ?s ?p ?o } LIMIT 1"


def seen(path: pathlib.Path, day: str, name: str) -> None:
    """Have a query looked at last on a day."""
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE query SET seen = ? WHERE name = ?", (day, name))
    connection.close()


@pytest.fixture
def kept(tmp_path: pathlib.Path) -> Shared:
    """A file of shared queries with room for three."""
    return Shared(tmp_path / "shared.sqlite", most=3)


@pytest.fixture
def own(good_store: EmbeddedStore, tmp_path: pathlib.Path) -> Iterator[FlaskClient]:
    """A client of the small world in a store of its own."""
    place = folders.own_store(good_store, tmp_path / "store")
    with EmbeddedStore(place) as graph:
        yield web.create_app(query.Asker({}, graph), load(store=str(place))).test_client()


# --- the file ---------------------------------------------------------------------------------------------------------


def test_the_same_query_has_one_name_and_is_found_by_another_process(kept: Shared) -> None:
    name = kept.keep(TEXT)
    assert kept.keep(TEXT) == name
    assert kept.keep(TEXT + " ") != name
    assert Shared(kept.path).find(name) == TEXT


def test_where_there_is_no_room_what_nobody_has_looked_at_for_longest_goes(kept: Shared) -> None:
    names = [kept.keep(f"{TEXT}{n}") for n in range(3)]
    for name, day in zip(names, ("2001-01-02", "2001-01-01", "2001-01-03"), strict=True):
        seen(kept.path, day, name)
    kept.find(names[0])
    kept.keep(TEXT)
    assert kept.find(names[0])
    with pytest.raises(errors.NotFound):
        kept.find(names[1])


@pytest.mark.parametrize("text", ["", "hello", "INSERT DATA { <x:a> <x:b> 1 }", "# SELECT", TEXT + " " * LONGEST])
def test_what_is_no_query_or_too_long_is_not_kept(text: str, kept: Shared) -> None:
    with pytest.raises(errors.BadInput, match=r"short link"):
        kept.keep(text)


def test_nothing_is_kept_but_the_text_and_a_day(kept: Shared) -> None:
    kept.keep(TEXT)
    with sqlite3.connect(kept.path) as connection:
        columns = [row[1] for row in connection.execute("PRAGMA table_info(query)")]
        (day,) = connection.execute("SELECT seen FROM query").fetchone()
    connection.close()
    assert columns == ["name", "text", "seen"]
    assert len(day) == len("2001-01-01")


# --- the addresses ----------------------------------------------------------------------------------------------------


def test_a_query_is_shared_and_opened_by_browsers_and_programs(own: FlaskClient) -> None:
    answer = own.post("/sparql/share", data={"query": TEXT})
    assert answer.status_code == 201
    place = answer.headers["Location"]
    assert answer.json == {"address": f"http://localhost{place}"}
    text = own.get(place)
    assert (text.text, text.mimetype) == (TEXT, "application/sparql-query")
    opened = own.get(place, headers=BROWSER)
    assert (opened.status_code, opened.headers["X-Robots-Tag"]) == (200, "noindex")
    assert "The short link of this query" in opened.text
    assert "<b>1</b> row" in opened.text


def test_without_a_script_a_browser_is_led_to_the_short_link(own: FlaskClient) -> None:
    text = TEXT.replace(" LIMIT", "\r\nLIMIT")  # as browsers send the lines of a field
    answer = own.post("/sparql/share", data={"query": text, "view": "raw"}, headers=BROWSER)
    assert answer.status_code == 303
    assert answer.headers["Location"].endswith("?view=raw")
    assert "\r" not in own.get(answer.headers["Location"]).text


def test_a_link_that_is_not_known_and_a_text_that_is_no_query_are_told(own: FlaskClient) -> None:
    assert own.get("/q/nothing").status_code == 404
    answer = own.post("/sparql/share", data={"query": "DROP ALL"})
    assert (answer.status_code, "this is none" in answer.text) == (400, True)


def test_one_client_may_share_so_often(own: FlaskClient) -> None:
    assert own.application.extensions[shared.KEY].rate == "60 per hour"
    own.application.extensions[shared.KEY] = limits.Limiter("2 per hour")
    answers = [own.post("/sparql/share", data={"query": TEXT}) for _ in range(3)]
    assert [one.status_code for one in answers] == [201, 201, 429]
    assert "2 per hour" in answers[-1].text


def test_a_graph_that_another_service_keeps_has_no_links_beside_it() -> None:
    with pytest.raises(errors.Refused, match="no short links"):
        Shared.beside(None)
