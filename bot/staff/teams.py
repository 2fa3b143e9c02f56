"""Teams of the staff: a conversation can be passed to one, whoever of it is at work."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.staff.accounts import LONGEST_TEAM, StaffError
from bot.staff.models import Staff
from bot.text import clean


def set_team(session: Session, username: str, team: str) -> Staff:
    """Put somebody into a team; an empty name takes them out of any. Raises StaffError."""
    row = session.execute(select(Staff).where(Staff.username == clean(username).lower())).scalar()
    if row is None:
        raise StaffError(f"không có tài khoản {username}")
    team = " ".join(clean(team).split())
    if len(team) > LONGEST_TEAM:
        raise StaffError(f"tên nhóm dài quá {LONGEST_TEAM} ký tự")
    row.team = team or None
    session.flush()
    return row


def names(session: Session) -> list[str]:
    """Return the names of all teams."""
    return sorted(session.execute(select(Staff.team).where(Staff.team.is_not(None)).distinct()).scalars())
