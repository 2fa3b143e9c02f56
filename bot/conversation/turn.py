"""The turn: one message, one transaction. Either everything of it happened, or nothing did.

A turn takes the oldest waiting message of a conversation that nobody holds, answers it through Rasa, and stores
the dialogue, what the actions did and the replies together. A crash leaves the message waiting.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot import clock
from bot.conversation import (
    brakes,
    drafts,
    linking,
    meanings,
    replies,
    store,
    taking,
    turn_figures,
    understanding,
    warning,
)
from bot.conversation.exchange import Answering, EngineReply, Said
from bot.conversation.models import InboxMessage
from bot.conversation.store import Dialogue
from bot.conversation.taking import Taken
from bot.conversation.transcript import Line
from bot.conversation.ways import Ways
from bot.db.engine import Database
from bot.dossiers import proof
from bot.dossiers.proof import factors
from bot.links import without_unknown

log = logging.getLogger(__name__)

MAX_ATTEMPTS = 3


@dataclass(frozen=True)
class TurnDone:
    """A message that was answered (or given up, after three tries)."""

    inbox_id: int
    replies: list[Line]
    failed: bool = False


class Turns:
    """Runs turns on one database with one engine."""

    def __init__(
        self,
        database: Database,
        engine: Answering,
        session_minutes: int,
        pull_channels: frozenset[str],
        ways: Ways | None = None,
        *,
        fast: bool = False,
    ) -> None:
        """Keep what every turn needs.

        `session_minutes` of silence end a session. A pull channel fetches its replies: no sender delivers them.
        `fast`: whether somebody who writes too fast is asked to wait. `ways`: how somebody
        is told on another channel of theirs; none is pushed to if not given.
        """
        self._pull_channels = pull_channels
        self._ways, self._fast = ways or Ways(), fast
        self._database = database
        self._engine = engine
        self._silence = timedelta(minutes=session_minutes)

    def run_next(self, conversation_id: int) -> TurnDone | None:
        """Answer the oldest waiting message of the conversation; None when none waits or another holds it."""
        taken: Taken | None = None
        try:
            with self._database.unit_of_work() as session:
                taken = taking.take(session, conversation_id, locking=not self._database.is_sqlite)
                if taken is None:
                    return None
                with turn_figures.timed("whole"):
                    lines, record = self._answer(session, taken)
            turn_figures.count(taken.channel, record.outcome, record.understood)
            return TurnDone(taken.inbox_id, lines)
        except Exception as error:
            if taken is None:
                raise
            # The text of an error may hold what a citizen wrote: only its kind is logged.
            log.error(
                "turn failed",
                extra={"inbox_id": taken.inbox_id, "error": type(error).__name__},
                exc_info=_safe(error),
            )
            return self._count_failure(taken)

    def waiting(self, limit: int = 100) -> list[int]:
        """Return conversations with messages that can be answered, longest waiting first."""
        with self._database.reading() as session:
            oldest = func.min(InboxMessage.id)
            return list(
                session.execute(
                    select(InboxMessage.conversation_id)
                    .where(InboxMessage.state == "waiting", InboxMessage.ready_at <= clock.now())
                    .group_by(InboxMessage.conversation_id)
                    .order_by(oldest)
                    .limit(limit)
                ).scalars()
            )

    def _answer(self, session: Session, taken: Taken) -> tuple[list[Line], understanding.Record]:
        now = clock.now()
        said = meanings.said(session, taken)
        dialogue: Dialogue | None = None
        parsed: dict[str, Any] | None = None
        outcome: str | None = None
        if taken.drafted:
            drafts.drop(session, taken.conversation_id)
        if taken.guard:
            messages, dialogue = self._warn(taken, taken.guard, now)
        elif braked := brakes.brake(session, taken, said, fast=self._fast):
            messages, outcome = braked
        elif taken.mode == "bot" and (linked := linking.answer(session, taken, said, self._ways)):
            messages = [replies.as_rasa(linked)]
        elif taken.kind in replies.UNREADABLE and not taken.text:
            messages = [replies.as_rasa(replies.not_text(taken))]
        elif said is None:
            messages = [replies.as_rasa(replies.old_button())]
        elif taken.mode == "bot":
            messages, dialogue, parsed = self._engine_turn(taken, said, now)
        else:
            messages = []  # a person has taken over: the assistant is silent
        if session.info.pop(proof.TRIED, False):
            taken.text = factors.masked(taken.text)
        for message in messages:  # neither a record nor a citizen makes us give a link that nobody has checked
            message["text"] = without_unknown(message.get("text") or "")
        record = understanding.record(_kinds(messages), parsed, taken.mode)
        if outcome:
            record = replace(record, outcome=outcome)
        by_hand = taken.channel == "phone"  # somebody of the staff reads the answer anyway
        if (
            taken.approving
            and not by_hand
            and parsed
            and drafts.holds(messages)
            and drafts.is_approved(session, record.topic)
        ):
            messages = [replies.as_rasa(drafts.hold(session, taken, record.topic, messages))]
            record = replace(record, outcome="held")
        waited = store.hand_over(session, taken, fetched=self._fetches(taken)) if taken.news else []
        lines = store.finish(
            session,
            taken,
            messages,
            fetched=self._fetches(taken),
            state="done",
            now=now,
            dialogue=dialogue,
            record=record,
        )
        return waited + lines, record

    def _warn(self, taken: Taken, found: str, now: datetime) -> tuple[list[dict[str, Any]], Dialogue | None]:
        """Return the warning, and after it whatever the dialogue was about: a form asks its question again."""
        going_on = taken.events is not None and not self._expired(taken, now)
        task = replies.paused_task(taken.events) if taken.events and going_on else None
        doing = task["loop"] or "guide" if task else None
        warned = [replies.as_rasa(warning.warning(found, doing))]
        if taken.mode != "bot":
            return warned, None
        rest = warning.rest(found, taken.text, doing)
        if rest and warning.is_wish(self._engine.understand(rest), doing):
            messages, dialogue, _ = self._engine_turn(taken, Said(rest), now)
            return warned + messages, dialogue
        if doing is None:
            return warned, None
        messages, dialogue, _ = self._engine_turn(taken, warning.AGAIN, now)
        return warned + warning.without_chatter(messages), dialogue

    def _expired(self, taken: Taken, now: datetime) -> bool:
        return taken.last_message_at is not None and now - taken.last_message_at > self._silence

    def _engine_turn(
        self, taken: Taken, said: Said, now: datetime
    ) -> tuple[list[dict[str, Any]], Dialogue, dict[str, Any]]:
        """Return the replies of the engine, the dialogue to store, and what was understood."""
        expired = taken.events is not None and self._expired(taken, now)
        cut_off = replies.paused_task(taken.events) if taken.events and expired else None
        with turn_figures.timed("engine"):
            reply = self._engine.answer(
                taken.asker,
                said,
                None if expired else taken.events,
                {"conversation_id": taken.conversation_id, "channel": taken.channel, "paused": taken.paused},
            )
        messages = list(reply.messages)
        if cut_off and not reply.active_loop and not _goes_on(messages):
            messages.append(replies.as_rasa(replies.offer_paused(cut_off)))
        dialogue = Dialogue(
            reply.events,
            started_at=now if expired or taken.session_started_at is None else taken.session_started_at,
            paused=cut_off if expired else (None if _settled(reply) else taken.paused),
        )
        return messages, dialogue, reply.understood

    def _fetches(self, taken: Taken) -> bool:
        return taken.channel in self._pull_channels

    def _count_failure(self, failed: Taken) -> TurnDone | None:
        """Note a failed try; after the last one the citizen is told, and a ticket tells the staff."""
        with self._database.unit_of_work() as session:
            taken = taking.take(session, failed.conversation_id, locking=not self._database.is_sqlite)
            if taken is None or taken.inbox_id != failed.inbox_id:
                return None  # another process has it, or has answered it
            message = session.get(InboxMessage, taken.inbox_id)
            message.attempts += 1
            session.flush()
            if message.attempts < MAX_ATTEMPTS:
                return None
            apology = replies.as_rasa(replies.gave_up(session, taken.conversation_id))
            lines = store.finish(
                session,
                taken,
                [apology],
                fetched=self._fetches(taken),
                state="failed",
                now=clock.now(),
                record=understanding.Record("other", "failed", None),
            )
        turn_figures.count(taken.channel, "failed", None)
        return TurnDone(taken.inbox_id, lines, failed=True)


def _kinds(messages: list[dict[str, Any]]) -> list[str]:
    return [str((message.get("custom") or {}).get("kind")) for message in messages]


def _goes_on(messages: list[dict[str, Any]]) -> bool:
    """Return whether the guide that silence cut off was taken up by the very message that broke the silence."""
    return any(message["custom"]["kind"] == "account_guide" for message in messages)


def _settled(reply: EngineReply) -> bool:
    """Return whether the task that silence cut off was taken up, declined, or overtaken by another one."""
    intent = reply.understood["intent"]["name"]
    return bool(reply.active_loop) or intent in ("resume_task", "affirm", "deny", "cancel")


def _safe(error: BaseException) -> Any:
    """Return the error for the log without its text."""
    return RuntimeError, RuntimeError(type(error).__name__), error.__traceback__
