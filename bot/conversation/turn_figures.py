"""What is counted of every turn: its outcome, its time by stage, how sure the understanding was. Never a word of it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from prometheus_client import Counter, Histogram

TURNS = Counter("motcua_turns", "Messages answered, by channel and what became of them", ["channel", "outcome"])
SECONDS = Histogram(
    "motcua_turn_seconds",
    "Time of a turn: all of it from the taken message to the stored answer, and the engine within it",
    ["stage"],
    buckets=(0.002, 0.005, 0.01, 0.015, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0),
)
CONFIDENCE = Histogram(
    "motcua_intent_confidence",
    "How sure the model was of what was said",
    buckets=(0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 1.0),
)


@contextmanager
def timed(stage: str) -> Iterator[None]:
    """Measure the block as a stage of a turn."""
    began = time.perf_counter()
    try:
        yield
    finally:
        SECONDS.labels(stage).observe(time.perf_counter() - began)


def count(channel: str, outcome: str, understood: dict[str, Any] | None) -> None:
    """Count a message that was answered; `understood` is what the record keeps of it (`understanding.record`)."""
    TURNS.labels(channel, outcome).inc()
    if understood and understood.get("confidence") is not None:
        CONFIDENCE.observe(understood["confidence"])
