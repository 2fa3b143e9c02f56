"""Tells citizens what has changed: each waiting notice of a dossier or a booking becomes one message, or is settled."""

from __future__ import annotations

from bot.conversation.notices import dossiers, pickups
from bot.conversation.ways import Ways
from bot.db.engine import Database

__all__ = ["dossiers", "pickups", "tell_waiting", "write_reminders"]


def tell_waiting(database: Database, ways: Ways) -> int:
    """Tell what may be told now, each in the best of the `ways`; returns how many messages were written."""
    return dossiers.tell_waiting(database, ways) + pickups.tell_waiting(database, ways)


def write_reminders(database: Database) -> int:
    """Write the reminders that are due now; returns how many are."""
    return dossiers.write_reminders(database) + pickups.write_reminders(database)
