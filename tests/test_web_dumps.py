"""Dumps over HTTP: whole, in ranges, with digests; written once, by whoever comes first."""

import base64
import dataclasses
import gzip
import hashlib
import re
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import rdflib
from flask.testing import FlaskClient
from rdflib.namespace import DCAT
from werkzeug.test import TestResponse

from carekg import build, dump, query, settings, update, web
from carekg.store import Manifest, Store, Update
from carekg.store.embedded import EmbeddedStore
from carekg.terms import BASE, SPDX
from carekg.web.described import dumped
from carekg.web.described.dumped import Dumps
from pages import page

NAMES = [one.name for one in dumped.FILES]
PACKED = "/dumps/carekg.nq.gz"
QUAD = f'<{BASE}s> <{BASE}p> "%s" <{BASE}graph/data/one> .\n'


def get(client: FlaskClient, address: str = PACKED, **headers: str) -> TestResponse:
    """An answer, read to its end; a header's name has underscores for hyphens."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.get(address, headers=named, buffered=True)


@pytest.fixture(scope="module")
def listed(client: FlaskClient) -> dict[str, dict[str, Any]]:
    """What the list says of each file."""
    answer = client.get("/dumps", headers={"Accept": "application/json"})
    assert answer.json
    assert datetime.fromisoformat(answer.json["modified"]).tzinfo
    return {one["name"]: one for one in answer.json["files"]}


@pytest.fixture
def small(tmp_path: Path) -> Iterator[EmbeddedStore]:
    """A store of one quad."""
    with EmbeddedStore(tmp_path / "store") as store:
        replace(store, "first")
        yield store


def replace(store: Store, word: str, *, plain: bool = False) -> None:
    """Put another graph into a store."""
    store.replace([(QUAD % word).encode()], Manifest(word, "2026-01-01T00:00:00+00:00", 1, plain=plain))


def dumps_of(place: Path | str) -> Dumps:
    """Dumps of a store at a place."""
    return Dumps(dataclasses.replace(settings.load(), store=str(place)))


# --- files -----------------------------------------------------------------------------------------------------


def test_each_file_is_what_the_list_says(listed: dict[str, dict[str, Any]], client: FlaskClient) -> None:
    assert list(listed) == NAMES
    for name, said in listed.items():
        answer = get(client, f"/dumps/{name}")
        assert (answer.status_code, len(answer.data), answer.mimetype) == (200, said["bytes"], said["media_type"])
        digest = hashlib.sha256(answer.data)
        assert digest.hexdigest() == said["sha256"]
        assert answer.headers["Repr-Digest"] == f"sha-256=:{base64.b64encode(digest.digest()).decode()}:"
        assert answer.headers["ETag"] == f'"{said["sha256"]}"'
        assert client.get(f"/dumps/{name}.sha256").text == f"{said['sha256']}  {name}\n"
        assert said["address"] == f"http://localhost/dumps/{name}"


@pytest.mark.heavy
def test_the_quads_are_those_of_export_and_the_packed_files_hold_the_plain_ones(
    client: FlaskClient, shipped_store: EmbeddedStore
) -> None:
    assert get(client, "/dumps/carekg.nq").data == build.exported(shipped_store, "n-quads", inferred=True)
    for name in ("carekg.nq", "carekg.ttl"):
        assert gzip.decompress(get(client, f"/dumps/{name}.gz").data) == get(client, f"/dumps/{name}").data


def test_a_packed_file_has_neither_time_nor_name_in_it(client: FlaskClient) -> None:
    head = get(client).data[:10]
    assert head[3] == 0, "no flags, so no name (RFC 1952, 2.3.1)"
    assert head[4:8] == b"\0\0\0\0", "no time"


def test_it_was_changed_when_the_graph_was_built(client: FlaskClient, shipped_store: EmbeddedStore) -> None:
    manifest = shipped_store.manifest()
    assert manifest
    assert get(client).last_modified.isoformat() == manifest.built  # type: ignore[union-attr]


def test_a_graph_that_was_changed_after_it_was_built_says_when(tmp_path: Path) -> None:
    with EmbeddedStore(tmp_path / "store") as store:
        replace(store, "first", plain=True)
        assert dumps_of(store.path).of(store).modified.isoformat() == "2026-01-01T00:00:00+00:00"
        text = "INSERT DATA { <x:a> <x:b> <x:c> }"
        store.change(Update(update.operations(text), text))
        found = dumps_of(store.path).of(store)
        assert found.modified == datetime.fromisoformat(store.manifest().changed)  # type: ignore[union-attr]
    assert abs(datetime.now(UTC) - found.modified) < timedelta(hours=1)


def test_the_files_of_a_store_with_a_relative_path_are_given(
    small: EmbeddedStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(small.path.parent)
    chosen = dataclasses.replace(settings.load(), store=small.path.name)
    client = web.create_app(query.Asker({}, small), chosen).test_client()
    assert get(client).status_code == 200


def test_another_name_is_told_with_the_right_ones(client: FlaskClient) -> None:
    for name in ("carekg.rdf", "index.json", "..%2Fmanifest.json", "carekg.nq.gz.sha256.sha256"):
        answer = get(client, f"/dumps/{name}")
        assert answer.status_code == 404
    assert "carekg.nq.gz" in answer.text


# --- lists -----------------------------------------------------------------------------------------------------


def test_a_person_sees_the_files_with_their_checksums(listed: dict[str, dict[str, Any]], client: FlaskClient) -> None:
    found = page(client, "/dumps")
    assert {f"/dumps/{name}" for name in NAMES} <= set(found.links)
    for said in listed.values():
        assert said["sha256"] in found.text


def test_the_list_as_dcat_says_the_same(listed: dict[str, dict[str, Any]], client: FlaskClient) -> None:
    graph = rdflib.Graph().parse(data=client.get("/dumps", headers={"Accept": "text/turtle"}).data, format="turtle")
    assert len(list(graph.subjects(rdflib.RDF.type, DCAT.Distribution))) == len(NAMES)
    for name, said in listed.items():
        (one,) = graph.subjects(DCAT.downloadURL, rdflib.URIRef(said["address"]))
        assert int(str(graph.value(one, DCAT.byteSize))) == said["bytes"]
        checksum = graph.value(one, SPDX.checksum)
        assert str(graph.value(checksum, SPDX.checksumValue)) == said["sha256"]
        assert (graph.value(one, DCAT.compressFormat) is not None) is name.endswith(".gz")


# --- conditions and ranges -------------------------------------------------------------------------------------


def test_whoever_has_the_file_is_told_so(client: FlaskClient) -> None:
    first = get(client)
    for condition in ({"If_None_Match": first.headers["ETag"]}, {"If_Modified_Since": first.headers["Last-Modified"]}):
        again = get(client, **condition)
        assert (again.status_code, again.data) == (304, b"")
    other = get(client, If_None_Match='"another"')
    assert other.status_code == 200


@pytest.mark.parametrize("address", [PACKED, f"{PACKED}.sha256", "/dumps", "/id/innovation/iris.ttl",
                                     "/context.jsonld"])
def test_what_is_not_as_a_reader_expects_is_not_sent(address: str, client: FlaskClient) -> None:
    first = get(client, address)
    tag = first.headers["ETag"]
    for condition in ('"another"', f"W/{tag}"):
        answer = get(client, address, If_Match=condition, Range="bytes=0-9")
        assert (answer.status_code, answer.content_type) == (412, "text/plain; charset=utf-8")
        assert answer.text.startswith(f"Nothing was done: {address} is not as `If-Match`")
    for condition in ("*", tag, f'"another", {tag}'):
        assert get(client, address, If_Match=condition).data == first.data


def test_a_file_that_was_changed_since_is_not_sent(client: FlaskClient) -> None:
    changed = get(client).headers["Last-Modified"]
    assert get(client, If_Unmodified_Since=changed).status_code == 200
    for method in (client.get, client.head):
        with method(PACKED, headers={"If-Unmodified-Since": "Thu, 01 Jan 2015 00:00:00 GMT"}) as answer:
            assert answer.status_code == 412
    tag = get(client).headers["ETag"]
    old = "Thu, 01 Jan 2015 00:00:00 GMT"
    assert get(client, If_Match=tag, If_Unmodified_Since=old).status_code == 200, "the tag goes before the date"


def test_whoever_has_the_file_is_told_so_though_a_range_was_asked_for(client: FlaskClient) -> None:
    tag = get(client).headers["ETag"]
    assert get(client, If_None_Match=tag, Range="bytes=0-9").status_code == 304
    assert get(client, If_None_Match=tag, If_Match=tag).status_code == 304


@pytest.mark.parametrize(("asked", "start", "end"), [("0-9", 0, 10), ("100-199", 100, 200), ("-7", -7, None),
                                                    ("500-", 500, None), ("0-999999999", 0, None)])
def test_a_range_is_given(asked: str, start: int, end: int | None, client: FlaskClient) -> None:
    whole = get(client)
    answer = get(client, Range=f"bytes={asked}")
    assert answer.status_code == 206
    assert answer.data == whole.data[start:end]
    span = re.fullmatch(r"bytes (\d+)-(\d+)/(\d+)", answer.headers["Content-Range"])
    assert span
    first, last, total = map(int, span.groups())
    assert (total, last - first + 1) == (len(whole.data), len(answer.data))
    assert answer.headers["Repr-Digest"] == whole.headers["Repr-Digest"], "that of the whole (RFC 9530, 3)"


def test_a_file_fetched_in_ranges_is_whole(client: FlaskClient, listed: dict[str, dict[str, Any]]) -> None:
    size = listed["carekg.nq.gz"]["bytes"]
    step = size // 5
    pieces = [get(client, Range=f"bytes={at}-{at + step - 1}").data for at in range(0, size, step)]
    assert hashlib.sha256(b"".join(pieces)).hexdigest() == listed["carekg.nq.gz"]["sha256"]


def test_a_range_beyond_the_end_is_refused_with_the_size(client: FlaskClient) -> None:
    size = len(get(client).data)
    for asked in (f"{size}-", f"{size * 9}-", f"{size}-{size + 5}"):
        answer = get(client, Range=f"bytes={asked}")
        assert answer.status_code == 416
        assert answer.headers["Content-Range"] == f"bytes */{size}"
        assert "ask for a range" in answer.text


@pytest.mark.parametrize("asked", ["bytes=0-1,4-5", "lines=0-1", "bytes=nonsense", "bytes=9-1", "bytes=-0"])
def test_a_range_that_is_not_given_leaves_the_whole(asked: str, client: FlaskClient) -> None:
    answer = get(client, Range=asked)
    assert answer.status_code == 200
    assert len(answer.data) == int(answer.headers["Content-Length"])


def test_a_range_of_an_older_file_gives_the_new_one_whole(client: FlaskClient) -> None:
    first = get(client)
    for condition, status in ((first.headers["ETag"], 206), (first.headers["Last-Modified"], 206),
                              ('"older"', 200), (f"W/{first.headers['ETag']}", 200), ("nonsense", 200),
                              ("Thu, 01 Jan 2099 00:00:00 GMT", 200), ("Thu, 01 Jan 2015 00:00:00 GMT", 200)):
        answer = get(client, Range="bytes=0-9", If_Range=condition)
        assert answer.status_code == status, condition


def test_head_says_what_get_gives_and_knows_no_ranges(client: FlaskClient) -> None:
    whole = get(client)
    for headers in ({}, {"Range": "bytes=0-9"}):
        head = client.head(PACKED, headers=headers, buffered=True)
        assert (head.status_code, head.data) == (200, b"")
        assert head.headers["Content-Length"] == str(len(whole.data))
        assert head.headers["Accept-Ranges"] == "bytes"


# --- written once ----------------------------------------------------------------------------------------------


def test_two_who_come_first_have_it_written_once(small: EmbeddedStore, monkeypatch: pytest.MonkeyPatch) -> None:
    wrote: list[Path] = []
    real = dump.n_quads

    def counted(graph: Store, path: Path) -> None:
        wrote.append(path)
        real(graph, path)

    monkeypatch.setattr(dump, "n_quads", counted)
    found: list[dumped.Dump] = []
    both = [dumps_of(small.path), dumps_of(small.path)]  # as in two processes
    threads = [threading.Thread(target=lambda one=one: found.append(one.of(small))) for one in (*both, *both)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(found) == 4
    assert len(wrote) == 1
    assert len({one.folder for one in found}) == 1


@pytest.mark.heavy
def test_a_new_graph_gets_new_files_and_the_last_ones_stay(small: EmbeddedStore) -> None:
    dumps = dumps_of(small.path)
    first = dumps.of(small)
    text = ""
    for word in ("second", "third", "fourth"):
        replace(small, word)
        while word not in (text := (dumps.of(small).folder / "carekg.nq").read_text()):
            time.sleep(0.05)  # a store looks for a new graph once a second
    kept = [entry for entry in first.folder.parent.iterdir() if entry.is_dir()]
    assert len(kept) == dumped.KEPT
    assert first.folder not in kept
    assert text == QUAD % "fourth"


def test_what_a_killed_process_left_is_swept_and_never_served(small: EmbeddedStore) -> None:
    place = small.path / "dumps"
    (place / "draft-left").mkdir(parents=True)
    (place / "draft-left" / "carekg.nq").write_text("half a fi")
    found = dumps_of(small.path).of(small)
    assert not (place / "draft-left").exists()
    assert (found.folder / "carekg.nq").read_text() == QUAD % "first"


@pytest.mark.heavy
def test_a_graph_that_is_replaced_on_the_way_is_written_anew(
    small: EmbeddedStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, seen = dump.n_quads, []

    def replaced(graph: Store, path: Path) -> None:
        real(graph, path)
        if not seen:
            seen.append(graph.version)
            replace(graph, "second")
            while graph.version == seen[0]:
                time.sleep(0.05)  # a store looks for a new graph once a second

    monkeypatch.setattr(dump, "n_quads", replaced)
    found = dumps_of(small.path).of(small)
    assert (found.folder / "carekg.nq").read_text() == QUAD % "second"


@pytest.mark.parametrize("place", ["memory:", "http://127.0.0.1:9/sparql"])
def test_a_store_that_is_no_folder_has_its_dumps_in_a_temporary_one(
    place: str, small: EmbeddedStore, tmp_path: Path
) -> None:
    dumps = dumps_of(place)
    found = dumps.of(small)
    assert tmp_path not in found.folder.parents
    assert (found.folder / "carekg.nq").read_text() == QUAD % "first"
    folder = found.folder
    del dumps, found
    assert not folder.exists(), "it goes with the application"


def test_a_store_that_cannot_be_written_has_its_dumps_in_a_temporary_folder(
    small: EmbeddedStore, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("no folder can be made here")
    dumps = dumps_of(tmp_path / "file")
    found = dumps.of(small)
    assert tmp_path not in found.folder.parents


@pytest.mark.heavy
def test_the_same_folder_of_files_gives_the_same_dump(
    client: FlaskClient, asker: query.Asker, tmp_path: Path
) -> None:
    other = web.create_app(asker, dataclasses.replace(settings.load(), store=str(tmp_path / "elsewhere"))).test_client()
    for name in NAMES:
        tags = [one.head(f"/dumps/{name}", buffered=True).headers["ETag"] for one in (client, other)]
        assert tags[0] == tags[1]
