"""How far a booking's order at the outside system has come, as it stands in `pickups.post_order`.

A placed order is its number at the post, for people to read: "VN-4711", and "VN-4711#2" once the booking was changed.
Everything else begins with "~": that it is being placed or cancelled, how often that was tried and not before when it
is tried again, that it was refused, or is closed. One column, so that one statement can claim a step.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.pickups.states import ENDS, STILL_OURS

PLACED, PLACING, CANCELLING, REFUSED, CLOSED = "placed", "p", "c", "r", "x"
PLACE, CANCEL = "place", "cancel"
MOST_ATTEMPTS = 99  # beyond that they are no longer counted
_KINDS = {PLACING, CANCELLING, REFUSED, CLOSED}


@dataclass(frozen=True)
class Mark:
    """Where an order stands. `name` is its number at the post, or the booking's while there is none."""

    kind: str
    revision: int  # 1; one more for each change of the booking, which the post has to be told
    name: str
    attempts: int = 0
    until: int = 0  # seconds since 1970: nobody else may act before

    def written(self) -> str:
        """Return the mark as it is stored; at most 60 characters with a name of 40."""
        if self.kind == PLACED:
            return self.name if self.revision == 1 else f"{self.name}#{self.revision}"
        return f"~{self.kind}.{self.revision}.{min(self.attempts, MOST_ATTEMPTS)}.{self.until}.{self.name}"


def read(written: str | None) -> Mark | None:
    """Return the mark that is stored, or None."""
    if written is None:
        return None
    if not written.startswith("~"):
        name, _, revision = written.partition("#")
        return Mark(PLACED, int(revision or 1), name)
    kind, revision, attempts, until, name = written[1:].split(".", 4)
    assert kind in _KINDS, "a mark of a kind that this version does not know"
    return Mark(kind, int(revision), name, int(attempts), int(until))


def key(booking: str, pickup_id: int, revision: int) -> str:
    """Return our name for an order, under which the system takes it once only.

    The booking's number alone would not do: long after its end another booking may have it.
    """
    return f"{booking}.{pickup_id}.{revision}"


def next_step(state: str, mark: Mark | None, revision: int, now: int) -> str | None:
    """Return what is to be done for a booking in `state`, changed `revision` - 1 times: PLACE, CANCEL or nothing.

    A try of which no answer came is made again under its key as long as the booking stands, for the order may be
    there; once it does not, the order is cancelled, there or not.
    """
    if mark is None:
        return PLACE if state in STILL_OURS else None
    if mark.until > now or mark.kind == CLOSED:
        return None
    if state == "cancelled":
        return None if mark.kind == REFUSED else CANCEL
    if state in ENDS:
        return None
    if mark.kind == CANCELLING:
        return CANCEL
    if mark.kind == PLACING and mark.revision == revision:
        return PLACE
    if mark.revision == revision or (mark.kind != PLACING and state not in STILL_OURS):
        return None
    return PLACE if mark.kind == REFUSED else CANCEL  # what is there is out of date
