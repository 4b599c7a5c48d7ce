"""The history over HTTP: what was changed, by whom, how it was, and a change taken back."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient

import folders
from carekg import settings
from carekg.query import Asker
from carekg.store import Manifest
from carekg.store.embedded import EmbeddedStore
from carekg.terms import PREFIXES
from carekg.web import create_app

WALKS = f"{PREFIXES['innovation']}lantern-walks"
TOKEN = {"Authorization": "Bearer a-token-of-twenty-letters"}
"""What a steward sends."""


@pytest.fixture(scope="module")
def client(good_store: EmbeddedStore, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """A server over the small world, in which a comment was made by a token's holder."""
    path = folders.own_store(good_store, tmp_path_factory.mktemp("history") / "store")
    with EmbeddedStore(path) as store:
        chosen = settings.Settings(folder=path, store=str(path), token="a-token-of-twenty-letters", rate="off")
        client = create_app(Asker({}, store), chosen).test_client()
        text = f"INSERT DATA {{ <{WALKS}> <{PREFIXES['rdfs']}comment> 'By <b>night</b>.'@en }}"
        made = client.post("/sparql", data={"update": text}, headers={**TOKEN, "Carekg-Reason": "Seen at dusk"})
        assert made.status_code == 204
        yield client


def test_changes_are_listed_as_a_page_and_as_data(client: FlaskClient) -> None:
    page = client.get("/history", headers={"Accept": "text/html"})
    assert "Change 2" in page.text
    assert "Seen at dusk" in page.text
    found = client.get("/history").json
    assert found is not None
    assert [one["number"] for one in found["changes"]][-2:] == [2, 1]
    assert found["changes"][-2]["why"] == "Seen at dusk"
    assert client.get("/history?before=2").json["changes"][0]["how"] == "folder"  # type: ignore[index]


@pytest.mark.heavy
def test_a_things_history_has_the_changes_of_claims_about_it(good_store: EmbeddedStore, tmp_path: Path) -> None:
    with EmbeddedStore(folders.own_store(good_store, tmp_path / "store")) as store:
        chosen = settings.Settings(folder=tmp_path, store=str(store.path), token="a-token-of-twenty-letters")
        client = create_app(Asker({}, store), chosen).test_client()
        site = f"{PREFIXES['site']}lantern-walks-saltmere"
        text = f"INSERT DATA {{ <{site}> <{PREFIXES['rdfs']}comment> 'At dusk.'@en }}"
        assert client.post("/sparql", data={"update": text}, headers=TOKEN).status_code == 204
        found = client.get("/history?thing=innovation:lantern-walks").json
        assert found
        assert [one["number"] for one in found["changes"]] == [1]
        assert [one["number"] for one in found["claims"]] == [2]
        page = client.get("/history?thing=innovation:lantern-walks", headers={"Accept": "text/html"})
        assert "Changes that touch claims about it" in page.text


def test_a_claim_without_an_address_does_not_keep_a_thing_from_its_history(tmp_path: Path) -> None:
    with EmbeddedStore(tmp_path / "store") as store:
        store.replace([f"_:c <{PREFIXES['care']}concerns> <x:thing> <x:g> .\n<x:thing> <x:p> <x:o> <x:g> .\n".encode()],
                      Manifest("d", "2026-01-01T00:00:00+00:00", 2, plain=True))
        chosen = settings.Settings(folder=tmp_path, store=str(store.path))
        found = create_app(Asker({}, store), chosen).test_client().get("/history?thing=%3Cx:thing%3E").json
        assert found
        assert [one["number"] for one in found["changes"]] == [1]


def test_a_change_is_shown_with_what_it_changed(client: FlaskClient) -> None:
    page = client.get("/history/2", headers={"Accept": "text/html"})
    assert "By &lt;b&gt;night&lt;/b&gt;." in page.text
    assert ">comment</a>" in page.text
    assert "rdfs:" not in page.text
    assert "Undo change 2" not in page.text
    found = client.get("/history/2").json
    assert found is not None
    assert (found["added"], found["statements"][0]["subject"]) == (1, f"<{WALKS}>")
    patch = client.get("/history/2", headers={"Accept": "application/rdf-patch"})
    assert patch.mimetype == "application/rdf-patch"
    assert f"\nTX .\nA <{WALKS}> " in patch.text
    assert "more" not in found
    build = client.get("/history/1").json
    assert build is not None
    assert (build["statements"], build["more"]) == ([], build["added"])
    assert client.get("/history/99").status_code == 404
    assert client.get(f"/history/{2**70}").status_code == client.get(f"/history/{2**70}/graph").status_code == 404
    lost = client.get("/history/99", headers={"Accept": "text/html"}).text
    assert '<form action="/history"' in lost
    assert '<a href="/history">All changes</a>' in lost
    assert client.get("/history/99").text == "There is no change 99; the last is 2.\n"


def test_the_iri_of_a_change_leads_to_it(client: FlaskClient) -> None:
    iri = client.get("/history/2").json["iri"]  # type: ignore[index]
    place = "/change/" + iri.rpartition("/")[2]
    assert 'href="/history/2"' in client.get(place, headers={"Accept": "text/html"}, follow_redirects=True).text
    turtle = client.get(place, headers={"Accept": "text/turtle"}, follow_redirects=True)
    assert "Seen at dusk" in turtle.text
    assert client.get("/change/00000000-2").status_code == 404
    assert client.get("/history/at/2100-01-01").headers["Location"] == "/history/2"
    assert client.get("/history/at/1900-01-01").status_code == 400
    assert client.get("/history/at/soon").status_code == 400


def test_a_thing_has_its_statements_with_who_stated_them(client: FlaskClient) -> None:
    for name in (WALKS, "innovation:lantern-walks", "lantern Walks"):
        found = client.get("/history", query_string={"thing": name}).json
        assert found is not None
        assert found["stated"][0]["change"] == 2
        assert {one["file"] for one in found["stated"]} == {"", "data/world"}
        assert [one["number"] for one in found["changes"]] == [2, 1]
    page = client.get("/history", query_string={"thing": WALKS}, headers={"Accept": "text/html"})
    assert "Seen at dusk" in page.text
    assert client.get("/history?thing=innovation:nowhere").status_code == 404
    assert client.get("/history?thing=x y").status_code == 400
    assert client.get("/history?thing=<>").status_code == 400
    assert client.get("/history?thing=Lantern+walks").json["changes"]  # type: ignore[index]
    assert client.get("/history?before=two").status_code == 400


def test_the_log_and_the_graph_as_it_was_can_be_taken_along(client: FlaskClient) -> None:
    log = client.get("/history/log")
    assert log.mimetype == "application/rdf-patch"
    assert log.data.count(b"TC .\n") == 2
    assert client.get("/history/log?after=1").data.count(b"TC .\n") == 1
    before, after = (set(ox.parse(client.get(f"/history/{number}/graph").data, ox.RdfFormat.N_QUADS))
                     for number in (1, 2))
    assert {quad.object.value for quad in after - before if quad.subject == ox.NamedNode(WALKS)} == {"By <b>night</b>."}
    assert before < after
    trig = client.get("/history/2/graph", headers={"Accept": "application/trig"})
    assert set(ox.parse(trig.data, ox.RdfFormat.TRIG)) == after


@pytest.mark.parametrize(("when", "status"), [
    ("2100-01-31", 303), ("21000131", 303), ("0001-01-01", 400), ("0001-01-01T00:00+14:00", 400),
    ("9999-12-31T23:59-14:00", 400),
])
def test_a_day_or_time_leads_to_the_change_before_its_end(client: FlaskClient, when: str, status: int) -> None:
    assert client.get(f"/history/at/{when}").status_code == status
    today = datetime.now(UTC).strftime("%Y%m%d")
    assert client.get(f"/history/at/{today}").headers["Location"].endswith("/history/2")


def test_a_change_is_undone_by_who_may(client: FlaskClient) -> None:
    made = client.post("/sparql", headers=TOKEN, data={
        "update": f"INSERT DATA {{ <{WALKS}> <{PREFIXES['rdfs']}comment> 'Twice.'@en }}"})
    assert made.status_code == 204
    number = client.get("/history").json["changes"][0]["number"]  # type: ignore[index]
    assert client.post(f"/history/{number}/undo").status_code == 401
    done = client.post(f"/history/{number}/undo", json={"why": "Once is enough"}, headers=TOKEN)
    assert done.status_code == 201
    assert done.json is not None
    assert (done.json["why"], done.json["how"]) == ("Once is enough", f"undo of {number}")
    assert done.headers["Location"].endswith(f"/history/{number + 1}")
    again = client.post(f"/history/{number}/undo", headers=TOKEN)
    assert again.status_code == 409
    assert again.text.startswith(f"Change {number} cannot be undone, and nothing was changed")
    assert client.post("/history/1/undo", headers=TOKEN).status_code == 409
    assert client.post("/history/99/undo", headers=TOKEN).status_code == 404
    client.post(f"/history/{number + 1}/undo", headers=TOKEN)
    client.post(f"/history/{number + 2}/undo", headers=TOKEN)
