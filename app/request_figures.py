"""How long requests take, a histogram for each route, counted as cheaply as can be.

Prometheus's own histogram takes a lock for a request's bucket and one for their sum,
which was a twentieth of a cached read. Only the event loop counts here, so plain
numbers do; they become Prometheus's when somebody asks for them.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from itertools import accumulate

from prometheus_client import REGISTRY, CollectorRegistry
from prometheus_client.core import HistogramMetricFamily
from prometheus_client.registry import Collector

BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)

BOUNDS = (*map(str, BUCKETS), "+Inf")
"""As Prometheus has them; a bucket holds what took as long as its bound, or less."""

Labels = tuple[str, str, int]
"""Route, method, status."""


class _Tally:
    """The requests of one route, method and status."""

    __slots__ = ("by_bucket", "seconds")

    def __init__(self) -> None:
        self.by_bucket = [0] * len(BOUNDS)
        self.seconds = 0.0

    def buckets(self) -> list[tuple[str, float]]:
        """Return how many took so long at most, bound by bound."""
        return list(zip(BOUNDS, accumulate(self.by_bucket), strict=True))


class RequestFigures(Collector):
    """Counts the requests of one process."""

    def __init__(self, registry: CollectorRegistry = REGISTRY) -> None:
        self._tallies: dict[Labels, _Tally] = {}
        registry.register(self)

    def count(self, labels: Labels, seconds: float) -> None:
        """Count one request."""
        tally = self._tallies.get(labels)
        if tally is None:
            tally = self._tallies[labels] = _Tally()
        tally.by_bucket[bisect_left(BUCKETS, seconds)] += 1
        tally.seconds += seconds

    def describe(self) -> Iterable[HistogramMetricFamily]:
        """Name the figures without their numbers."""
        yield _family()

    def collect(self) -> Iterator[HistogramMetricFamily]:
        """Return what was counted, as Prometheus asks for it."""
        family = _family()
        for (route, method, status), tally in self._tallies.items():
            family.add_metric(
                (route, method, str(status)), tally.buckets(), tally.seconds
            )
        yield family


def _family() -> HistogramMetricFamily:
    return HistogramMetricFamily(
        "inn_request_seconds",
        "Time from the last byte read to the answer given.",
        labels=("route", "method", "status"),
    )
