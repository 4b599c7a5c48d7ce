"""What a server counts of itself, as Prometheus reads it: https://prometheus.io/docs/instrumenting/exposition_formats/.

Nothing in it tells who asked, or what: it is counts and times by route, of which there are few.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from flask import Blueprint, Flask, Response, current_app
from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from prometheus_client.registry import Collector

from carekg import __version__, errors
from carekg.store import Store
from carekg.web.guard.gate import Seen

blueprint = Blueprint("metrics", __name__)

KEY: Final = "carekg.metrics"
"""Under which an application keeps what it counts."""

METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"})

SECONDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
"""Upper ends of the classes into which times fall."""


class Metrics:
    """What one application counts; each has a registry of its own, so that two in a process do not mix."""

    def __init__(self, graph: Store) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter("carekg_requests", "Requests answered.", ("method", "route", "status"),
                                 registry=self.registry)
        self._seconds = Histogram("carekg_request_seconds", "Time from a request's arrival to the end of its answer.",
                                  ("route",), buckets=SECONDS, registry=self.registry)
        self._bytes = Counter("carekg_sent_bytes", "Bytes of answers, without headers.", registry=self.registry)
        self._refused = Counter("carekg_refused", "Requests refused or stopped, by the name of the error: OverDeadline "
                                "for queries killed at their deadline, TooOften for clients over their rate.",
                                ("error",), registry=self.registry)
        self.registry.register(_Graph(graph))

    def note(self, seen: Seen) -> None:
        """Count a request that was answered."""
        method = seen.method if seen.method in METHODS else "other"
        self._requests.labels(method, seen.route, str(seen.status)).inc()
        self._seconds.labels(seen.route).observe(seen.seconds)
        self._bytes.inc(seen.sent)
        if seen.error:
            self._refused.labels(seen.error).inc()


class _Graph(Collector):
    """What is so at the moment: the graph, and its readers."""

    def __init__(self, graph: Store) -> None:
        self._graph = graph

    def collect(self) -> Iterator[Metric]:
        """Give each measure as it is now; of a graph that cannot be asked there is none."""
        built = GaugeMetricFamily("carekg_info", "The version that runs.", labels=["version"])
        built.add_metric([__version__], 1)
        yield built
        try:
            turns = getattr(self._graph, "turns", None)  # a remote service does not tell
            manifest = self._graph.manifest()
        except errors.CarekgError:
            return
        if turns is not None:
            yield GaugeMetricFamily("carekg_readers", "Queries that can run at the same time.", turns.places)
            yield GaugeMetricFamily("carekg_readers_busy", "Queries that are running.", turns.places - turns.free)
            yield GaugeMetricFamily("carekg_readers_waiting", "Requests that wait for their turn.", turns.waiting)
        if manifest is not None:
            yield GaugeMetricFamily("carekg_graph_triples", "Triples of the graph.", manifest.triples)


def install(app: Flask, graph: Store) -> Metrics:
    """Have an application count, and show what it counts."""
    counted = app.extensions[KEY] = Metrics(graph)
    return counted


@blueprint.get("/metrics")
def page() -> Response:
    """Give what was counted, in the format that every Prometheus reads.

    The library would choose one by the Accept header, and fails where that has a version that is no number.
    """
    counted: Metrics = current_app.extensions[KEY]
    response = Response(generate_latest(counted.registry), content_type=CONTENT_TYPE_PLAIN_0_0_4)
    response.headers["Cache-Control"] = "no-store"
    return response
