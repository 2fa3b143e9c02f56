"""Addresses of people: who cannot be reached any more, and who can again."""

from __future__ import annotations

from sqlalchemy import update

from bot import clock
from bot.conversation.models import Address
from bot.db.engine import Database


def blocked(database: Database, channel: str, sender: str, is_blocked: bool) -> None:
    """Note that somebody does not want us on a channel any more, or does again; strangers leave no trace."""
    with database.unit_of_work() as session:
        session.execute(
            update(Address)
            .where(Address.channel == channel, Address.sender == sender)
            .values(blocked_at=clock.now() if is_blocked else None)
            .execution_options(synchronize_session=False)
        )
