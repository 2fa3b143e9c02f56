"""Consent as the law wants it: per purpose, provable, with the very words that were agreed to.

The subject is a hash of who agreed: the proof outlives the conversation without naming anybody.
"""

from __future__ import annotations

import hashlib

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.clock import now
from bot.privacy.models import Consent

# Every wording ever shown stays here under its version: a consent proves nothing without its words.
TEXTS = {
    "pickup-1": ("Anh/chị đồng ý để bưu điện dùng tên, số điện thoại, địa chỉ này để giao nhận chứ ạ?"),
    "notices-1": "Anh/chị đồng ý để em nhắn tin khi hồ sơ này có thay đổi chứ ạ?",
    "notices-2": (
        "Dạ, từ giờ hồ sơ {code} có thay đổi là em báo anh/chị tại cuộc trò chuyện này.\n"
        "Tin báo không ghi tên hay số tiền. Từ 21 giờ tới 7 giờ sáng em không nhắn, trừ việc gấp. "
        "Muốn thôi, anh/chị nhắn “ngừng báo tin” là được."
    ),
}
CURRENT = {"pickup": "pickup-1", "notices": "notices-2"}


def text(purpose: str) -> str:
    """Return the words that are asked, or said to who asked for it himself, for `purpose` today."""
    return TEXTS[CURRENT[purpose]]


def subject_key(asker: str) -> str:
    """Return the key under which the consents of `asker` ("channel:sender") are kept."""
    return hashlib.sha256(asker.encode()).hexdigest()


def record(session: Session, *, purpose: str, asker: str, channel: str, conversation_id: int | None = None) -> Consent:
    """Store that `asker` agreed just now to the present words for `purpose`."""
    consent = Consent(
        conversation_id=conversation_id,
        purpose=purpose,
        text_version=CURRENT[purpose],
        subject=subject_key(asker),
        channel=channel,
        given_at=now(),
    )
    session.add(consent)
    session.flush()
    return consent


def is_given(session: Session, *, purpose: str, asker: str) -> bool:
    """Tell whether a consent of `asker` for `purpose` stands."""
    query = select(Consent.id).where(
        Consent.subject == subject_key(asker), Consent.purpose == purpose, Consent.withdrawn_at.is_(None)
    )
    return session.execute(query.limit(1)).first() is not None


def withdraw(session: Session, *, purpose: str, asker: str) -> int:
    """Withdraw every standing consent of `asker` for `purpose`; returns how many there were."""
    result = session.execute(
        update(Consent)
        .where(Consent.subject == subject_key(asker), Consent.purpose == purpose)
        .where(Consent.withdrawn_at.is_(None))
        .values(withdrawn_at=now())
        .execution_options(synchronize_session="fetch")
    )
    return int(result.rowcount)


def follow(session: Session, before: tuple[str, int], after: tuple[str, int]) -> None:
    """Let the consents of an (asker, conversation) go on under another: its channel was linked to that one."""
    session.execute(
        update(Consent)
        .where(Consent.subject == subject_key(before[0]))
        .values(subject=subject_key(after[0]), conversation_id=after[1])
        .execution_options(synchronize_session=False)
    )
