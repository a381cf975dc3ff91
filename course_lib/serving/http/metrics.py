"""What the server counts about itself, in the form that Prometheus collects: `GET /metrics`.

Counters only grow: the rate is the difference between two looks. A histogram counts how many requests took at most
0.001 s, 0.0025 s, …, from which a percentile can be read as closely as its buckets allow.
"""

import contextlib
import time
from collections.abc import Iterator

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from course_lib.serving.models.manager import ModelManager
from course_lib.serving.models.version import Version

disable_created_metrics()  # type: ignore[no-untyped-call]  # a second line for each counter, about when it began

SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


class Seen:
    """What is known of a request when it ends. Names that a client made up never become labels."""

    model = version = ""
    status = 500

    def version_is(self, version: Version) -> None:
        self.model, self.version = version.model, str(version.number)


class Metrics:
    """One server's numbers. `models` is asked for the loaded versions whenever somebody looks."""

    content_type = CONTENT_TYPE_LATEST

    def __init__(self, models: ModelManager) -> None:
        self.models = models
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "inference_requests", "Inference requests answered.", ["model", "version", "status"], registry=self.registry
        )
        self.seconds = Histogram(
            "inference_seconds",
            "From the first line of an inference request to its answer.",
            buckets=SECONDS,
            registry=self.registry,
        )
        self.in_flight = Gauge("inference_requests_in_flight", "Requests being answered now.", registry=self.registry)
        self.registry.register(self)
        ProcessCollector(registry=self.registry)

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """The versions in memory: 1 is in service, 0 only ends its last requests."""
        loaded = GaugeMetricFamily("model_version_ready", "1: in service, 0: ending.", labels=["model", "version"])
        for version, state in self.models.states():
            loaded.add_metric([version.model, str(version.number)], float(state == "READY"))
        yield loaded

    @contextlib.contextmanager
    def request(self) -> Iterator[Seen]:
        """Measure one inference request; the block fills in which version answered, and with which status."""
        seen = Seen()
        start = time.perf_counter()
        with self.in_flight.track_inprogress():
            try:
                yield seen
            finally:
                self.seconds.observe(time.perf_counter() - start)
                self.requests.labels(seen.model, seen.version, seen.status).inc()

    def text(self) -> bytes:
        return generate_latest(self.registry)
