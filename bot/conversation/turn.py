"""The turn: one message, one transaction. Either everything of it happened, or nothing did.

A turn takes the oldest waiting message of a conversation that nobody holds, answers it through Rasa, and stores
the dialogue, what the actions did and the replies together. A crash leaves the message waiting.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from bot import clock
from bot.conversation import replies
from bot.conversation.engine import Engine, EngineReply, Said
from bot.conversation.models import Conversation, InboxMessage, OutboxMessage, TrackerState
from bot.conversation.transcript import Line, of_reply
from bot.db.engine import Database
from bot.messages import Message

log = logging.getLogger(__name__)

MAX_ATTEMPTS = 3
BUTTON = "btn:"


_Taken = tuple[Conversation, InboxMessage, "TrackerState | None"]


@dataclass(frozen=True)
class TurnDone:
    """A message that was answered (or given up, after three tries)."""

    inbox_id: int
    replies: list[Line]
    failed: bool = False


class Turns:
    """Runs turns on one database with one engine."""

    def __init__(self, database: Database, engine: Engine, session_minutes: int, pull_channels: frozenset[str]) -> None:
        """Keep what every turn needs.

        `session_minutes` of silence end a session. A pull channel fetches its replies: no sender delivers them.
        """
        self._pull_channels = pull_channels
        self._database = database
        self._engine = engine
        self._silence = timedelta(minutes=session_minutes)

    def run_next(self, conversation_id: int) -> TurnDone | None:
        """Answer the oldest waiting message of the conversation; None when none waits or another holds it."""
        message_id, asker = None, ""
        try:
            with self._database.unit_of_work() as session:
                taken = self._take(session, conversation_id)
                if taken is None:
                    return None
                conversation, message, state = taken
                message_id, asker = message.id, _asker(conversation)
                rows = self._answer(session, conversation, message, state)
            return TurnDone(message_id, [of_reply(row) for row in rows])
        except Exception as error:
            if message_id is None:
                raise
            # The text of an error may hold what a citizen wrote: only its kind is logged.
            log.error(
                "turn failed",
                extra={"inbox_id": message_id, "error": type(error).__name__},
                exc_info=_safe(error),
            )
            self._engine.forget(asker)
            return self._count_failure(message_id, conversation_id)

    def waiting(self, limit: int = 100) -> list[int]:
        """Return conversations with waiting messages, longest waiting first."""
        with self._database.reading() as session:
            oldest = func.min(InboxMessage.id)
            return list(
                session.execute(
                    select(InboxMessage.conversation_id)
                    .where(InboxMessage.state == "waiting")
                    .group_by(InboxMessage.conversation_id)
                    .order_by(oldest)
                    .limit(limit)
                ).scalars()
            )

    def _take(self, session: Session, conversation_id: int) -> _Taken | None:
        """Lock the conversation and find its oldest waiting message; None when another turn holds it."""
        # A statement of its own: only what is read after the lock is known to be the state that the last turn
        # left behind. SQLite has one writer, and we are it.
        if (
            not self._database.is_sqlite
            and not session.execute(
                select(Conversation.id).where(Conversation.id == conversation_id).with_for_update(skip_locked=True)
            ).one_or_none()
        ):
            return None
        return session.execute(
            select(Conversation, InboxMessage, TrackerState)
            .join(InboxMessage, InboxMessage.conversation_id == Conversation.id)
            .outerjoin(TrackerState, TrackerState.conversation_id == Conversation.id)
            .where(Conversation.id == conversation_id, InboxMessage.state == "waiting")
            .order_by(InboxMessage.id)
            .limit(1)
        ).one_or_none()

    def _answer(
        self, session: Session, conversation: Conversation, message: InboxMessage, state: TrackerState | None
    ) -> list[OutboxMessage]:
        now = clock.now()
        said = self._said(session, conversation, message)
        message.seq = _next_seq(conversation)
        if message.guard:
            messages = [_plain(replies.guarded(message.guard))]
        elif said is None:
            messages = [_plain(replies.old_button())]
        elif conversation.mode == "bot":
            messages = self._engine_turn(session, conversation, state, said, now)
        else:
            messages = []  # a person has taken over: the assistant is silent
        message.state, message.done_at = "done", now
        conversation.last_message_at = now
        return self._store(session, conversation, message, messages, now)

    def _engine_turn(
        self, session: Session, conversation: Conversation, state: TrackerState | None, said: Said, now: datetime
    ) -> list[dict[str, Any]]:
        expired = bool(state and conversation.last_message_at and now - conversation.last_message_at > self._silence)
        paused = replies.paused_task(state.events) if state and expired else None
        reply = self._engine.answer(
            _asker(conversation),
            said,
            state.version if state else 0,
            state.events if state and not expired else None,
            {
                "conversation_id": conversation.id,
                "channel": conversation.channel,
                "paused": state and state.paused,
            },
        )
        messages = list(reply.messages)
        if paused and not reply.active_loop:
            messages.append(_plain(replies.offer_paused(paused)))
        if state is None:
            state = TrackerState(conversation_id=conversation.id, version=0, session_started_at=now)
            session.add(state)
        elif expired:
            state.session_started_at = now
        state.paused = paused if expired else (None if _settled(reply) else state.paused)
        state.events, state.version = reply.events, state.version + 1
        return messages

    def _said(self, session: Session, conversation: Conversation, message: InboxMessage) -> Said | None:
        """Return the text, or what the pressed button means; None for a button that is no more."""
        if not message.text.startswith(BUTTON):
            return Said(message.text)
        seq, _, index = message.text.removeprefix(BUTTON).partition(".")
        if not (seq.isdecimal() and index.isdecimal()) or len(seq) > 9 or len(index) > 3:
            return None
        buttons = session.execute(
            select(OutboxMessage.buttons).where(
                OutboxMessage.conversation_id == conversation.id, OutboxMessage.seq == int(seq)
            )
        ).scalar_one_or_none()
        if buttons is None or int(index) >= len(buttons):
            return None
        chosen = buttons[int(index)]
        message.text = chosen["title"]  # the transcript shows what the citizen pressed
        return Said(chosen["title"], chosen["meaning"])

    def _count_failure(self, message_id: int, conversation_id: int) -> TurnDone | None:
        """Note a failed try; after the last one the citizen is told, and a ticket tells the staff."""
        with self._database.unit_of_work() as session:
            session.execute(
                update(InboxMessage)
                .where(InboxMessage.id == message_id, InboxMessage.state == "waiting")
                .values(attempts=InboxMessage.attempts + 1)
            )
            message = session.get(InboxMessage, message_id)
            if message is None or message.state != "waiting" or message.attempts < MAX_ATTEMPTS:
                return None
            conversation = session.get(Conversation, conversation_id)
            now = clock.now()
            message.seq = _next_seq(conversation)
            apology = replies.gave_up(session, conversation_id)
            rows = self._store(session, conversation, message, [_plain(apology)], now)
            message.state, message.done_at = "failed", now
        return TurnDone(message_id, [of_reply(row) for row in rows], failed=True)

    def _store(
        self,
        session: Session,
        conversation: Conversation,
        message: InboxMessage,
        messages: list[dict[str, Any]],
        now: datetime,
    ) -> list[OutboxMessage]:
        """Write replies to the outbox; each keeps what its buttons mean."""
        rows = [
            OutboxMessage(
                conversation_id=conversation.id,
                inbox_id=message.id,
                seq=_next_seq(conversation),
                text=reply.get("text") or "",
                custom=reply.get("custom") or {},
                buttons=[{"title": b["title"], "meaning": b["payload"]} for b in reply.get("buttons") or []],
                state="fetched" if conversation.channel in self._pull_channels else "pending",
                created_at=now,
            )
            for reply in messages
        ]
        session.add_all(rows)
        return rows


def _next_seq(conversation: Conversation) -> int:
    conversation.last_seq += 1
    return int(conversation.last_seq)


def _asker(conversation: Conversation) -> str:
    return f"{conversation.channel}:{conversation.sender}"


def _plain(message: Message) -> dict[str, Any]:
    """Return a message of ours in the form that Rasa gives its own."""
    return {
        "text": message.text,
        "custom": message.custom(),
        "buttons": [{"title": b.title, "payload": b.meaning} for b in message.buttons],
    }


def _settled(reply: EngineReply) -> bool:
    """Return whether the task that silence cut off was taken up, declined, or overtaken by another one."""
    intent = reply.understood["intent"]["name"]
    return bool(reply.active_loop) or intent in ("resume_task", "affirm", "deny", "cancel")


def _safe(error: BaseException) -> Any:
    """Return the error for the log without its text."""
    return RuntimeError, RuntimeError(type(error).__name__), error.__traceback__
