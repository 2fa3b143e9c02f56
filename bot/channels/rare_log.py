"""Warnings that anybody outside can cause: one line a minute at most for each, with how many there were."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

EVERY_SECONDS = 60.0


class RareLog:
    """Writes the first warning of a kind at once, and the others counted, a minute later at the earliest.

    The words are ours, a closed list: never what somebody sent.
    """

    def __init__(
        self, log: logging.Logger, every: float = EVERY_SECONDS, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        """Keep where to write; `monotonic` is the clock that passes even when the time of day is fixed."""
        self._log, self._every, self._monotonic = log, every, monotonic
        self._seen: dict[str, tuple[float, int]] = {}  # when last written, how many since

    def warning(self, what: str, level: int = logging.WARNING) -> None:
        """Count a warning, and write it if it is time."""
        now = self._monotonic()
        written, since = self._seen.get(what, (now - self._every, 0))
        if now - written < self._every:
            self._seen[what] = (written, since + 1)
            return
        self._log.log(level, "%s (%d more since the last line)" if since else "%s", what, *([since] if since else []))
        self._seen[what] = (now, 0)
