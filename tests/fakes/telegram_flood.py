"""How fast somebody may speak on Telegram: a message a second to one person, thirty a second to all (facts §4.3)."""

from __future__ import annotations

from collections import deque

CHAT_SECONDS, PER_SECOND = 1.0, 30
_GRAIN = 0.001  # clocks of two processes are read a little apart


class Flood:
    """Watches the pace of messages."""

    def __init__(self, strict: bool) -> None:
        self.strict = strict
        self._last: dict[int, float] = {}
        self._all: deque[float] = deque()
        self.most_in_a_second = 0

    def check(self, chat: int, now: float) -> tuple[str, int] | None:
        """Count a message; returns (what is wrong, seconds to wait) for one that comes too early."""
        while self._all and self._all[0] <= now - 1.0 + _GRAIN:
            self._all.popleft()
        gap = now - self._last.get(chat, float("-inf"))
        wrong = None
        if gap < CHAT_SECONDS - _GRAIN:
            wrong = f"two messages to one person within {gap:.3f} s"
        elif len(self._all) >= PER_SECOND:
            wrong = f"{len(self._all) + 1} messages within a second"
        if wrong is None or not self.strict:  # a refused message was not sent
            self._last[chat] = now
            self._all.append(now)
            self.most_in_a_second = max(self.most_in_a_second, len(self._all))
        return (wrong, 1) if wrong else None
