"""Whoever watches a server sees whether it is well, and what it did."""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st
from prometheus_client.parser import text_string_to_metric_families

from carekg import __version__, errors, query, store, web
from carekg.settings import Settings
from carekg.store.embedded import EmbeddedStore
from carekg.web.guard import health


class Broken:
    """A store that fails whatever it is asked."""

    def __getattr__(self, name: str) -> Any:
        raise errors.StoreError("The store has gone.")


def made(graph: Any, **chosen: Any) -> Flask:
    return web.create_app(query.Asker({}, graph), Settings(Path(), "unused", **({"rate": "off"} | chosen)))


@pytest.fixture
def broken() -> FlaskClient:
    """A client of a server whose store has gone."""
    app = made(EmbeddedStore("/nowhere/at/all"))
    app.extensions["carekg"] = web.site.Site(query.Asker({}, Broken()), Settings(Path(), "unused"))  # type: ignore[arg-type]
    return app.test_client()


@pytest.fixture
def counted(asker: query.Asker) -> FlaskClient:
    """A client of a server that has answered nothing yet."""
    return web.create_app(asker, Settings(Path(), "unused", rate="off")).test_client()


def metrics(client: FlaskClient) -> dict[tuple[str, ...], float]:
    """What a server counts, as Prometheus reads it: by name and values of labels."""
    answer = client.get("/metrics")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    return {(sample.name, *sample.labels.values()): sample.value
            for family in text_string_to_metric_families(answer.text) for sample in family.samples}


# --- health -----------------------------------------------------------------------------------------------------------


def test_a_server_that_is_well_says_so(client: FlaskClient, shipped_store: EmbeddedStore) -> None:
    assert (client.get("/health/live").text, client.get("/health/ready").text) == ("live\n", "ready\n")
    told = client.get("/health").json
    manifest = shipped_store.manifest()
    assert manifest is not None
    assert told == {
        "live": True, "ready": True, "version": __version__,
        "graph": {"version": shipped_store.version, "built": manifest.built, "triples": manifest.triples,
                  "filling": False}}


def test_a_server_without_its_store_is_alive_and_not_ready(broken: FlaskClient) -> None:
    assert broken.get("/health/live").status_code == 200
    ready = broken.get("/health/ready")
    assert (ready.status_code, ready.text) == (503, "The store has gone.\n")
    told = broken.get("/health")
    assert (told.status_code, told.json) == (
        503, {"live": True, "ready": False, "version": __version__, "problem": "The store has gone."})


def test_a_server_without_a_graph_is_not_ready(tmp_path: Path) -> None:
    with EmbeddedStore(tmp_path / "store") as empty:
        ready = made(empty).test_client().get("/health/ready")
    assert (ready.status_code, ready.text) == (503, "There is no graph yet; run `carekg build`.\n")


def test_however_often_health_is_asked_for_a_reader_is_asked_once_a_second(
    asker: query.Asker, monkeypatch: pytest.MonkeyPatch
) -> None:
    now, asked = [1000.0], []
    monkeypatch.setattr(health.time, "monotonic", lambda: now[0])
    monkeypatch.setattr(health, "_problem", lambda: asked.append(now[0]) or "")
    client = made(asker.graph).test_client()
    for _ in range(3):
        assert {client.get(address).status_code for address in ("/health", "/health/ready")} == {200}
    assert asked == [1000.0]
    now[0] += health.FRESH
    client.get("/health/ready")
    assert asked == [1000.0, 1001.0]


@pytest.mark.parametrize("address", ["/health", "/health/live", "/health/ready", "/metrics"])
def test_nobody_keeps_what_is_so_now(address: str, client: FlaskClient) -> None:
    assert client.get(address).headers["Cache-Control"] == "no-store"
    assert client.head(address).status_code == 200


# --- metrics ----------------------------------------------------------------------------------------------------------


def test_requests_are_counted_by_method_route_and_status(counted: FlaskClient) -> None:
    for address in ("/queries/disagreements.csv", "/queries/myths.csv", "/queries/nope.csv", "/nope", "/other"):
        counted.get(address)
    counted.open("/nope", method="BREW")
    found = metrics(counted)
    route = "/queries/<name>.<form>"
    assert found["carekg_requests_total", "GET", route, "200"] == 2
    assert found["carekg_requests_total", "GET", route, "404"] == 1
    assert found["carekg_requests_total", "GET", "none", "404"] == 2
    assert found["carekg_requests_total", "other", "none", "404"] == 1
    assert found["carekg_request_seconds_count", route] == 3
    assert found["carekg_request_seconds_bucket", "+Inf", route] == 3
    assert found["carekg_sent_bytes_total",] > 1000


def test_what_is_refused_is_counted_by_its_error(asker: query.Asker) -> None:
    client = made(asker.graph, rate="3 per hour").test_client()
    client.get("/sparql?query=x")
    client.put("/store?default", data="x")
    for _ in range(4):
        client.get("/")
    client.application.extensions["carekg.limits"].counts.reset()
    found = metrics(client)
    assert found["carekg_refused_total", "TooOften"] == 3
    assert found["carekg_refused_total", "BadQuery"] == 1


def test_a_query_killed_at_its_deadline_is_counted(asker: query.Asker, monkeypatch: pytest.MonkeyPatch) -> None:
    client = made(asker.graph).test_client()
    monkeypatch.setattr(EmbeddedStore, "answer", over_deadline)
    assert client.get("/sparql?query=ASK%7B%7D").status_code == 408
    assert metrics(client)["carekg_refused_total", "OverDeadline"] == 1


def over_deadline(*_: object) -> store.Answer:
    raise errors.OverDeadline(10)


def test_the_graph_and_its_readers_are_measured(counted: FlaskClient, shipped_store: EmbeddedStore) -> None:
    found = metrics(counted)
    manifest = shipped_store.manifest()
    assert manifest is not None
    assert found["carekg_graph_triples",] == manifest.triples
    assert found["carekg_info", __version__] == 1
    assert (found["carekg_readers_busy",], found["carekg_readers_waiting",]) == (0, 0)
    assert found["carekg_readers",] == shipped_store.limits.readers


def test_metrics_of_a_server_without_its_store_are_still_told() -> None:
    client = made(EmbeddedStore("/nowhere/at/all")).test_client()
    assert "carekg_graph_triples" not in {name for name, *_ in metrics(client)}


def test_two_servers_in_a_process_count_for_themselves(asker: query.Asker) -> None:
    first, other = (made(asker.graph).test_client() for _ in range(2))
    first.get("/health/live")
    metrics(other)
    assert not any(key[:3] == ("carekg_requests_total", "GET", "/health/live") for key in metrics(other))


@pytest.mark.heavy
@given(method=st.text(st.characters(min_codepoint=65, max_codepoint=90), min_size=1, max_size=8),
       path=st.text(st.characters(exclude_categories=["Cs"]), max_size=20).map(lambda text: text.lstrip("/")))
@examples(max_examples=50, deadline=None)
def test_nothing_that_a_client_makes_up_becomes_a_label(method: str, path: str, asker: query.Asker) -> None:
    with app(asker) as client:
        with client.open("/" + path, method=method) as answer:
            assert answer.status_code < 500
        labels = {part for key in metrics(client) for part in key}
        known = {str(rule) for rule in client.application.url_map.iter_rules()} | {"none", "other", "GET"}
        assert not ({method, path, "/" + path} & labels) - known - {"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH",
                                                                   "DELETE", "0.001"}


@contextlib.contextmanager
def app(asker: query.Asker) -> Iterator[FlaskClient]:
    yield made(asker.graph).test_client()
