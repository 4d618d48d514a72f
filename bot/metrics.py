"""What this process counts for Prometheus; no label holds who somebody is or what they wrote."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector

REGISTRY = CollectorRegistry(auto_describe=True)
ProcessCollector(registry=REGISTRY)

# From the 5 ms of an answer on a good day to the minute in which Telegram is tried.
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 60.0)

UPDATES = Counter("loket_updates", "Updates taken from Telegram", ["kind"], registry=REGISTRY)
UPDATES_FAILED = Counter(
    "loket_updates_failed", "Updates that a fault of ours left without an answer", registry=REGISTRY
)
HANDLING = Histogram(
    "loket_update_seconds",
    "From an update taken to its reply accepted, or to the end of the window",
    buckets=_SECONDS,
    registry=REGISTRY,
)
ANSWERS = Counter("loket_answers", "Answers to citizens", ["intent"], registry=REGISTRY)
DATABASE_ERRORS = Counter(
    "loket_database_errors", "Transactions that failed: away, or a fault of ours", ["kind"], registry=REGISTRY
)
for kind in ("away", "fault"):  # there from the start, so that the first one is seen to be one
    DATABASE_ERRORS.labels(kind)
