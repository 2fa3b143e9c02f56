"""Which way something goes that nobody asked for: the cheapest that is allowed now, else it waits for the next contact.

An open chat first (where the person wrote last), then what costs money, cheapest first, then a chat that has been
silent for long. A page looks for news by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot import clock
from bot.conversation import store
from bot.conversation.models import Address, Conversation, InboxMessage
from bot.conversation.outbox.delivery import Channel
from bot.links import without_unknown
from bot.messages import Message

OPEN_CHAT = timedelta(hours=48)  # who wrote so lately looks there; Zalo's free window (facts/channels.md §1.7)


@dataclass(frozen=True)
class Way:
    """How a message leaves: by `channel` to an address, in the state it begins with."""

    channel: str
    address_id: int | None
    state: str


class Ways:
    """The ways that this installation has."""

    def __init__(self, pushed: Iterable[Channel] = (), looking: Iterable[str] = ()) -> None:
        """Keep the channels that messages are pushed to, and the names of those that look for news by themselves."""
        self.pushed = {channel.name: channel for channel in pushed}
        self._looking = frozenset(looking)

    def choose(
        self,
        session: Session,
        conversation_id: int,
        kind: str,
        *,
        but_not: int | None = None,
        tried: Sequence[Sequence[Any]] = (),
    ) -> Way:
        """Return the way for a message of `kind`: not to the address `but_not`, by none of those `tried`."""
        ordered = self._ordered(session, conversation_id, kind, but_not)
        failed = {tuple(way) for way in tried}
        for way in ordered:
            if (way.channel, way.address_id) not in failed:
                return way
        home = session.get(Conversation, conversation_id)
        known = [address for address in self._addresses(session, conversation_id) if address.id != but_not]
        for address in known:
            if address.channel in self._looking:
                return Way(address.channel, address.id, "fetched")
        if not known and home.channel in self._looking:
            return Way(home.channel, None, "fetched")
        return Way(known[0].channel if known else home.channel, known[0].id if known else None, "held")

    def tell(self, session: Session, conversation_id: int, message: Message, *, but_not: int | None = None) -> Way:
        """Put a message that answers nothing into the outbox; the caller holds the conversation.

        `but_not`: an address that knows already.
        """
        way = self.choose(session, conversation_id, message.kind, but_not=but_not)
        buttons = [{"title": button.title, "meaning": button.meaning} for button in message.buttons]
        shown = {"text": without_unknown(message.text), "custom": message.custom(), "buttons": buttons}
        store.add_proactive(
            session,
            conversation_id,
            shown,
            channel=way.channel,
            address_id=way.address_id,
            state=way.state,
            now=clock.now(),
        )
        return way

    def _ordered(self, session: Session, conversation_id: int, kind: str, but_not: int | None) -> list[Way]:
        now = clock.now()
        ranked = []
        for address in self._addresses(session, conversation_id):
            if address.blocked_at is not None or address.id == but_not:
                continue
            last = session.execute(
                select(func.max(InboxMessage.received_at)).where(InboxMessage.address_id == address.id)
            ).scalar_one()
            silent = (now - last).total_seconds() if last is not None else None
            for channel in self.pushed.values():
                if channel.speaks_to != address.channel:
                    continue
                price = channel.price(silent, kind)
                if price is None:
                    continue
                is_open = price == 0 and silent is not None and silent <= OPEN_CHAT.total_seconds()
                rank = (0, silent or 0.0) if is_open else (1, float(price)) if price else (2, silent or 0.0)
                ranked.append((rank, Way(channel.name, address.id, "pending")))
        return [way for _, way in sorted(ranked, key=lambda pair: pair[0])]

    def _addresses(self, session: Session, conversation_id: int) -> list[Address]:
        wanted = select(Address).where(Address.conversation_id == conversation_id).order_by(Address.id)
        return list(session.execute(wanted).scalars())
