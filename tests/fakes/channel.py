"""A platform in memory: takes what a sender delivers, or fails as it is told to."""

from __future__ import annotations

from collections import deque
from typing import Any

from bot.conversation.outbox.delivery import DeliveryError, Limits
from bot.conversation.transcript import Line

AT_WILL = Limits(chat_seconds=0.0, per_second=1e9)


class FakeChannel:
    """A channel whose parts are the lines of a text."""

    def __init__(
        self,
        name: str = "telegram",
        *,
        speaks_to: str | None = None,
        price: int | None = 0,
        window_seconds: float | None = None,
        limits: Limits = AT_WILL,
    ) -> None:
        self.name, self.speaks_to, self.limits = name, speaks_to or name, limits
        self._price, self._window = price, window_seconds
        self.arrived: list[tuple[str, str, str]] = []  # (to, part, key)
        self.troubles: deque[DeliveryError | Exception | None] = deque()

    def render(self, line: Line) -> list[Any]:
        return line.text.split("\n")

    async def send(self, to: str, part: Any, key: str) -> str | None:
        trouble = self.troubles.popleft() if self.troubles else None
        if trouble is not None:
            raise trouble
        self.arrived.append((to, part, key))
        return f"p{len(self.arrived)}"

    def price(self, silent_seconds: float | None, kind: str) -> int | None:
        if self._window is not None and (silent_seconds is None or silent_seconds > self._window):
            return None
        return self._price

    @property
    def parts(self) -> list[str]:
        return [part for _, part, _ in self.arrived]
