"""When the assistant does not answer by itself: its channel is off, or somebody writes faster than people do."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bot import clock
from bot.conversation import replies
from bot.conversation.exchange import Said
from bot.conversation.models import PausedChannel
from bot.conversation.taking import Taken
from bot.messages import Message, button, say
from bot.privacy import audit
from bot.tickets import answers as tickets

TOO_FAST = timedelta(minutes=1)  # FAST messages within it are too many: nobody types like this
OFF, LIMITED = "off", "limited"
# Who calls there is a program of ours or the staff: they have limits of their own.
_TRUSTED = frozenset({"rest", "phone"})
_HUMAN = button("", "talk_to_human").meaning
_BUTTON = button("Gặp nhân viên", "talk_to_human")


def brake(session: Session, taken: Taken, said: Said | None, *, fast: bool) -> tuple[list[dict[str, Any]], str] | None:
    """Return what is said instead of an answer, and the outcome of the message; None where it is answered.

    `fast`: whether how fast somebody writes counts (a clock that stands still cannot tell).
    """
    if taken.mode != "bot" or taken.channel in _TRUSTED:
        return None
    if taken.channel_off:
        wants_somebody = said is not None and (said.meaning == _HUMAN or "nhân viên" in said.text.lower())
        asked = tickets.handoff(session, taken.conversation_id, "talk_to_human") if wants_somebody else _off()
        return [replies.as_rasa(asked)], OFF
    if fast and taken.fast_since is not None and clock.now() - taken.fast_since < TOO_FAST:
        told = taken.outcome_before == LIMITED  # once: an answer to each of a flood would be a flood of ours
        return [] if told else [replies.as_rasa(_too_fast())], LIMITED
    return None


def paused(session: Session) -> list[PausedChannel]:
    """Return the channels on which the assistant is switched off, and since when."""
    return list(session.execute(select(PausedChannel).order_by(PausedChannel.channel)).scalars())


def switch(session: Session, channel: str, *, off: bool, actor: str, reason: str) -> bool:
    """Switch the assistant off or on for everybody who writes on a channel; returns whether that changed anything."""
    row = session.get(PausedChannel, channel)
    if off == (row is not None):
        return False
    if off:
        session.add(PausedChannel(channel=channel, since=clock.now(), set_by=actor[:160], reason=reason))
    else:
        session.execute(delete(PausedChannel).where(PausedChannel.channel == channel))
    audit.record(
        session, actor=actor, action="channel.off" if off else "channel.on", subject=channel, reason=reason or None
    )
    session.flush()
    return True


def _off() -> Message:
    return say(
        "fallback",
        "Dạ, phần trả lời tự động đang tạm ngưng để kiểm tra lại, em xin lỗi anh/chị. "
        "Anh/chị bấm “Gặp nhân viên” để có người trả lời, hoặc ghé quầy một cửa gần nhà ạ.",
        _BUTTON,
        attempt=1,
    )


def _too_fast() -> Message:
    return say(
        "fallback",
        "Dạ, tin tới nhanh quá em trả lời không kịp. Anh/chị chờ khoảng một phút rồi nhắn tiếp giúp em ạ.",
        _BUTTON,
        attempt=1,
    )
