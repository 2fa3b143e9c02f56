"""Tables of the staff and of their sessions at the desk."""

from __future__ import annotations

from sqlalchemy import BigInteger, CheckConstraint, Column, ForeignKey, Integer, String, Text

from bot.db.base import Base, UtcDateTime, one_of

ROLES = ("agent", "supervisor", "content_editor", "admin")


class Staff(Base):
    """A member of the hotline or the one-stop counters."""

    __tablename__ = "staff"

    id = Column(Integer, primary_key=True)
    username = Column(String(80), nullable=False, unique=True)
    display_name = Column(Text, nullable=False)
    role = Column(String(16), nullable=False)
    team = Column(String(40))  # chats can be passed to a team: "Đất đai", "Bưu điện Di Linh"
    password_hash = Column(Text)
    active = Column(Integer, nullable=False, default=1)
    # The key of the second factor, sealed; `totp_step` is the last time step used: a code counts once.
    totp_sealed = Column(Text)
    totp_step = Column(BigInteger)
    failed = Column(Integer, nullable=False, default=0)
    locked_until = Column(UtcDateTime)
    created_at = Column(UtcDateTime, nullable=False)

    __table_args__ = (one_of("role", ROLES, "role"), CheckConstraint("active IN (0, 1)", name="active"))


class StaffSession(Base):
    """A browser that somebody signed in with; the cookie is kept as a hash only."""

    __tablename__ = "staff_sessions"

    token_hash = Column(String(64), primary_key=True)
    staff_id = Column(ForeignKey("staff.id", ondelete="CASCADE"), nullable=False, index=True)
    proved_at = Column(UtcDateTime)  # when the second factor was given; None: only the password was
    created_at = Column(UtcDateTime, nullable=False)
    seen_at = Column(UtcDateTime, nullable=False)
    ends_at = Column(UtcDateTime, nullable=False)
