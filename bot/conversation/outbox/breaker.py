"""The circuit breaker of a channel: a platform that is away is left alone, then tried with one message."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from prometheus_client import Gauge

log = logging.getLogger(__name__)

FAILURES = 5  # in a row
FIRST_SECONDS, LONGEST_SECONDS = 30.0, 300.0

OPEN = Gauge("motcua_channel_open", "1 while a channel is left alone because its platform is away", ["channel"])
STAFF = Gauge(
    "motcua_channel_needs_staff", "1 while a channel waits for somebody of ours (token, rights, money)", ["channel"]
)


class Breaker:
    """Decides how many messages may go out now."""

    def __init__(self, channel: str, monotonic: Callable[[], float] = time.monotonic) -> None:
        """Begin closed: everything may go."""
        self._channel, self._monotonic = channel, monotonic
        self._failures = 0
        self._seconds = FIRST_SECONDS
        self._until = 0.0
        self._trying = False
        OPEN.labels(channel).set(0)
        STAFF.labels(channel).set(0)

    def allows(self, most: int) -> int:
        """Return how many messages may be taken now: none while open, one to try after it, else `most`."""
        if self._monotonic() < self._until:
            return 0
        return 1 if self._trying else most

    def pause(self, seconds: float) -> None:
        """Keep silent for a while because the platform asked for it."""
        self._until = max(self._until, self._monotonic() + seconds)

    def went_well(self) -> None:
        """Close again."""
        if self._trying:
            log.warning("channel %s speaks again", self._channel)
        self._failures, self._seconds, self._trying = 0, FIRST_SECONDS, False
        OPEN.labels(self._channel).set(0)
        STAFF.labels(self._channel).set(0)

    def failed(self, reason: str, *, at_once: bool = False) -> None:
        """Count a failure of the platform; `at_once`: somebody of ours has to act, there is no sense in going on."""
        self._failures += 1
        if at_once:
            STAFF.labels(self._channel).set(1)
        if not at_once and not self._trying and self._failures < FAILURES:
            return
        if self._monotonic() < self._until:
            return  # several messages were under way when the first one opened it
        log.error("channel %s is left alone for %.0f s: %s", self._channel, self._seconds, reason)
        self._until = self._monotonic() + self._seconds
        self._seconds = min(self._seconds * 2, LONGEST_SECONDS)
        self._trying = True
        OPEN.labels(self._channel).set(1)
