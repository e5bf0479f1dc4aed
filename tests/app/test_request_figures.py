"""What is counted of requests is what Prometheus's own histogram would have counted."""

import random

from prometheus_client import CollectorRegistry, Histogram, generate_latest

from app.request_figures import BUCKETS, RequestFigures

LABELS = ("route", "method", "status")


def told(registry):
    """Return the figures as Prometheus reads them, without when they were begun."""
    lines = generate_latest(registry).decode().splitlines()
    return [line for line in lines if "_created" not in line]


def test_it_counts_as_the_library_does():
    ours, theirs = CollectorRegistry(), CollectorRegistry()
    figures = RequestFigures(ours)
    histogram = Histogram(
        "inn_request_seconds",
        "Time from the last byte read to the answer given.",
        LABELS,
        buckets=BUCKETS,
        registry=theirs,
    )
    dice = random.Random(7)
    took = [*BUCKETS, 0.0, 11.5, *(dice.expovariate(20) for _ in range(500))]
    for number, seconds in enumerate(took):
        labels = (f"/thing/{number % 3}", "GET", 200 + number % 2 * 204)
        figures.count(labels, seconds)
        histogram.labels(*labels).observe(seconds)
    assert told(ours) == told(theirs)


def test_a_bucket_holds_its_own_bound():
    registry = CollectorRegistry()
    figures = RequestFigures(registry)
    figures.count(("/thing", "GET", 200), BUCKETS[3])
    at = dict(zip(LABELS, ("/thing", "GET", "200"), strict=True))
    counted = [
        registry.get_sample_value(
            "inn_request_seconds_bucket", {**at, "le": str(bound)}
        )
        for bound in BUCKETS[2:5]
    ]
    assert counted == [0, 1, 1]


def test_before_the_first_request_the_figures_have_a_name():
    registry = CollectorRegistry()
    RequestFigures(registry)
    assert [line for line in told(registry) if not line.startswith("#")] == []
    assert "# TYPE inn_request_seconds histogram" in told(registry)
