"""Conversations of one person that were begun apart: found by a phone that both have proved, merged by the staff.

What somebody calls themselves proves nothing; a phone that answered a one-time code does.
"""

from __future__ import annotations

from sqlalchemy import select, text, tuple_
from sqlalchemy.orm import Session

from bot.conversation import linking
from bot.conversation.models import Conversation
from bot.conversation.staffing import StaffingError
from bot.dossiers import proof
from bot.privacy import audit
from bot.staff.accounts import Member

_HOLD = text("SELECT id FROM conversations WHERE id IN (:one, :other) ORDER BY id FOR NO KEY UPDATE")


def others(session: Session, conversation_id: int) -> list[Conversation]:
    """Return the other open conversations of whoever has this one, oldest first."""
    own = session.get(Conversation, conversation_id)
    askers = proof.same_holder(session, f"{own.channel}:{own.sender}") if own else []
    homes = [tuple(asker.split(":", 1)) for asker in askers]
    if not homes:
        return []
    found = select(Conversation).where(
        tuple_(Conversation.channel, Conversation.sender).in_(homes), Conversation.mode != "closed"
    )
    return list(session.execute(found.order_by(Conversation.id)).scalars())


def merge(session: Session, conversation_id: int, into_id: int, member: Member) -> None:
    """Let one conversation of a person go on in another; its messages stay where they were said.

    Raises StaffingError unless both have proved the same phone: what one may see, both may then.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(_HOLD, {"one": conversation_id, "other": into_id})
    home, into = (session.get(Conversation, one, populate_existing=True) for one in (conversation_id, into_id))
    if home is None or into is None or home.id == into.id or "closed" in (home.mode, into.mode):
        raise StaffingError("Hai cuộc này không nhập được, anh/chị tải lại trang giúp.")
    if into.id not in {one.id for one in others(session, home.id)}:
        raise StaffingError("Hai cuộc chưa xác minh cùng một số điện thoại nên chưa nhập được.")
    linking.join(session, home, into)
    audit.record(session, actor=member.actor, action="conversation.merge", subject=f"{home.id} → {into.id}")
    session.flush()
