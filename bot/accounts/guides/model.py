"""What a guide is: steps on the way to a goal, each with a sketch of what the citizen has in front of them."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any

from bot.importing import fingerprint

TAGS = ("A", "B", "C", "X")
SCREENS = ("phone", "computer", "paper", "place")
# The items of a sketch whose value is words, those that are a picture (words may stand beside it), and lists.
WORDED = ("text", "field", "button", "link", "check", "message", "camera")
PICTURED = ("qr", "nfc", "face")
ITEMS = (*WORDED, *PICTURED, "list")
_LENGTH_OF_VERSION = 12


@dataclass(frozen=True)
class Item:
    """One thing in a sketch, such as a button, an input box or a message."""

    kind: str
    text: str = ""
    entries: tuple[str, ...] = ()  # of a list
    press: bool = False  # the one to press: it gets a ring and a hand
    filled: bool = False  # of a field: something is typed in (shown as dots, never a real value)
    on: bool = False  # of a check: ticked


@dataclass(frozen=True)
class Screen:
    """A sketch: what stands on the phone, the computer, the form or at the counter, from top to bottom."""

    kind: str
    alt: str  # the same in one sentence, for somebody who does not see it
    app: str = ""
    title: str = ""
    items: tuple[Item, ...] = ()


@dataclass(frozen=True)
class Step:
    """One thing to do: how, what one sees when it worked, and what to do when it did not."""

    id: str
    title: str
    do: tuple[str, ...]
    see: str
    if_not: str
    tag: str
    as_of: str
    screen: Screen
    problem: str | None = None  # the known problem that somebody stuck here most likely has
    warn: bool = False  # the scam rule is said here
    starts: tuple[str, ...] = ()  # phrases of people who begin at this step


@dataclass(frozen=True)
class Guide:
    """A way to a goal."""

    goal: str
    title: str
    intro: str
    done: str
    minutes: int
    bring: tuple[str, ...]
    steps: tuple[Step, ...]
    starts: tuple[str, ...] = ()  # phrases of people who want this guide
    related: tuple[str, ...] = ()  # goals that are offered at the end

    def find(self, step_id: str | None) -> int | None:
        """Return the number of a step (from 1); None when the guide has no such step (any more)."""
        return next((number for number, step in enumerate(self.steps, 1) if step.id == step_id), None)

    @cached_property
    def version(self) -> str:
        """Return a fingerprint of everything a citizen reads and sees of this guide.

        It changes whenever a text, a sketch or the order of the steps does, so that somebody who is in the middle can
        be told. Key phrases do not count: they change what leads here, not what is said.
        """
        return fingerprint(_plain(self))[:_LENGTH_OF_VERSION]


def _plain(value: Any) -> Any:
    """Return a value as JSON knows it, without key phrases."""
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if hasattr(value, "__dataclass_fields__"):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value) if field.name != "starts"}
    return value
