"""What a channel gives the sender: how a message looks there, how one part of it is sent, and what can go wrong.

A channel knows its platform and nothing else: order, retries, pacing and final states are the sender's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from bot.conversation.transcript import Line


class DeliveryError(Exception):
    """Why a part was not delivered; `reason` is a short word for states and metrics, never what somebody wrote."""

    def __init__(self, reason: str) -> None:
        """Keep the reason ("blocked", "rate", "http_502", "-213")."""
        super().__init__(reason)
        self.reason = reason


class TryLater(DeliveryError):
    """The platform could not take it now: try again with growing pauses, up to four hours."""


class ChannelPaused(DeliveryError):
    """The platform wants silence from the whole channel for `seconds` (Telegram's RetryAfter, Zalo's -32)."""

    def __init__(self, reason: str, seconds: float) -> None:
        """Keep how long."""
        super().__init__(reason)
        self.seconds = seconds


class PlatformDown(DeliveryError):
    """No answer, or none that can be read. Nobody knows whether it arrived; several in a row open the breaker."""


class Unreachable(DeliveryError):
    """The person cannot be reached here until they write again (blocked the bot, deleted the account)."""


class WindowClosed(DeliveryError):
    """The platform allows nothing to this person now, by this way; another way, or their next message, may do."""


class Refused(DeliveryError):
    """The platform will never take it as it is: our fault, a dead letter for somebody to look at."""


class NeedsStaff(DeliveryError):
    """Token, rights or money are missing: nothing goes out here before somebody of ours has acted. An alarm."""


@dataclass(frozen=True)
class Limits:
    """How fast a platform lets us speak; the sender keeps within them."""

    chat_seconds: float  # between two parts to one person
    per_second: float  # parts to everybody together


class Channel(Protocol):
    """A platform that messages are pushed to."""

    name: str  # as in `addresses.channel`; a way without chats of its own (ZBS) has its own name
    speaks_to: str  # the channel whose addresses it sends to; its own name, but for ZBS, which speaks to Zalo's
    limits: Limits

    def render(self, line: Line) -> list[Any]:
        """Return the parts, in order, that a message becomes there; the same line gives the same parts."""

    async def send(self, to: str, part: Any, key: str) -> str | None:
        """Send one part to the person `to`; returns the platform's id of it.

        `key` names the part and stays the same over retries. Raises DeliveryError.
        """

    def price(self, silent_seconds: float | None, kind: str) -> int | None:
        """Return what a message nobody asked for costs (đồng) after so much silence of the person; None: not allowed.

        `silent_seconds` is None for somebody who never wrote here; `kind` is `custom.kind` of the message.
        """
