"""Tells citizens what has changed: each waiting notice of a dossier or a booking becomes one message, or is settled."""

from __future__ import annotations

from collections.abc import Iterable

from bot.conversation.notices import dossiers, pickups
from bot.db.engine import Database

__all__ = ["dossiers", "pickups", "tell_waiting", "write_reminders"]


def tell_waiting(database: Database, polling_channels: Iterable[str]) -> int:
    """Tell what may be told now; returns how many messages were written.

    The page of a polling channel finds its messages by itself; elsewhere they wait for a sender or the next contact.
    """
    polling = frozenset(polling_channels)
    return dossiers.tell_waiting(database, polling) + pickups.tell_waiting(database, polling)


def write_reminders(database: Database) -> int:
    """Write the reminders that are due now; returns how many are."""
    return dossiers.write_reminders(database) + pickups.write_reminders(database)
