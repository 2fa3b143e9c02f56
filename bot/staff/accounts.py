"""Accounts of the staff: made, switched off and given a new password by command; passwords as argon2 hashes."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bot import clock
from bot.staff.models import ROLES, Staff, StaffSession
from bot.text import clean

LEAST_PASSWORD, LONGEST_PASSWORD = 12, 200  # NIST SP 800-63B-4: long, and no rules about signs
LONGEST_NAME, LONGEST_TEAM = 80, 40
TRIES = 5  # wrong passwords or codes in a row
LOCKED_FOR = timedelta(minutes=15)
_USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,39}")
ROLE_NAMES = {
    "agent": "Nhân viên",
    "supervisor": "Trưởng nhóm",
    "content_editor": "Biên tập nội dung",
    "admin": "Quản trị",
}


class StaffError(ValueError):
    """Something about an account that cannot be; the text is one sentence for whoever asked for it."""


@dataclass(frozen=True)
class Member:
    """Somebody of the staff, as the desk knows them while they are signed in."""

    id: int
    username: str
    name: str
    role: str
    team: str | None

    @property
    def actor(self) -> str:
        """Return how the audit log names them."""
        return f"staff:{self.username}"


def add(session: Session, username: str, name: str, role: str, team: str | None = None) -> str:
    """Make an account and return its first password; it is shown this once. Raises StaffError."""
    username = clean(username).lower()
    if not _USERNAME.fullmatch(username):
        raise StaffError("tên đăng nhập gồm 2–40 chữ thường không dấu, số, dấu chấm, gạch ngang; ví dụ: hoa.le")
    if role not in ROLES:
        raise StaffError(f"không có vai trò {role}; chọn trong: {', '.join(ROLES)}")
    name, team = " ".join(clean(name).split()), " ".join(clean(team or "").split()) or None
    if not 0 < len(name) <= LONGEST_NAME:
        raise StaffError(f"họ tên phải có từ 1 đến {LONGEST_NAME} ký tự")
    if team and len(team) > LONGEST_TEAM:
        raise StaffError(f"tên nhóm dài quá {LONGEST_TEAM} ký tự")
    if session.execute(select(Staff.id).where(Staff.username == username)).first():
        raise StaffError(f"đã có tài khoản {username}")
    password = _new_password()
    session.add(
        Staff(
            username=username,
            display_name=name,
            role=role,
            team=team,
            password_hash=_hasher().hash(password),
            active=1,
            failed=0,
            created_at=clock.now(),
        )
    )
    session.flush()
    return password


def set_active(session: Session, username: str, *, active: bool) -> Staff:
    """Switch an account on or off; off ends all its sessions at once. Raises StaffError."""
    member = _by_name(session, username)
    member.active = int(active)
    if not active:
        end_sessions(session, member.id)
    session.flush()
    return member


def set_role(session: Session, username: str, role: str) -> Staff:
    """Give an account another role, from its next call on. Raises StaffError."""
    if role not in ROLES:
        raise StaffError(f"không có vai trò {role}; chọn trong: {', '.join(ROLES)}")
    member = _by_name(session, username)
    member.role = role
    session.flush()
    return member


def reset(session: Session, username: str) -> str:
    """Give an account a new password, returned this once, and no second factor. Raises StaffError."""
    member = _by_name(session, username)
    password = _new_password()
    member.password_hash, member.totp_sealed, member.totp_step = _hasher().hash(password), None, None
    member.failed, member.locked_until = 0, None
    end_sessions(session, member.id)
    session.flush()
    return password


def listed(session: Session) -> list[Staff]:
    """Return all accounts, by name."""
    return list(session.execute(select(Staff).order_by(Staff.username)).scalars())


def member_of(row: Staff) -> Member:
    """Return a row as the desk knows it."""
    return Member(row.id, row.username, row.display_name, row.role, row.team)


def check_password(session: Session, username: str, password: str) -> Staff | None:
    """Return the active account that this name and password open; None otherwise, and while it is locked.

    An unknown name takes as long as a wrong password. Five wrong ones in a row lock the account for a quarter of an
    hour.
    """
    row = session.execute(select(Staff).where(Staff.username == clean(username).lower()).with_for_update()).scalar()
    usable = row is not None and row.active and row.password_hash and not is_locked(row)
    right = _verify(row.password_hash if usable else _nobody(), password[:LONGEST_PASSWORD])
    if row is None or not usable:
        return None
    if not right:
        count_failure(row)
        return None
    if _hasher().check_needs_rehash(row.password_hash):
        row.password_hash = _hasher().hash(password)
    return row


def change_password(session: Session, member: Member, old: str, new: str) -> None:
    """Set a new password that its owner chose. Raises StaffError."""
    row = session.get(Staff, member.id)
    if not _verify(row.password_hash, old[:LONGEST_PASSWORD]):
        raise StaffError("mật khẩu cũ chưa đúng")
    if not LEAST_PASSWORD <= len(new) <= LONGEST_PASSWORD:
        raise StaffError(f"mật khẩu mới cần từ {LEAST_PASSWORD} đến {LONGEST_PASSWORD} ký tự; một câu dài là tốt nhất")
    if clean(new).lower() in (member.username, old.lower()):
        raise StaffError("mật khẩu mới phải khác mật khẩu cũ và tên đăng nhập")
    row.password_hash = _hasher().hash(new)
    session.flush()


def is_known(session: Session, username: str) -> bool:
    """Return whether there is an account of this name: only then may the name be written down."""
    wanted = select(Staff.id).where(Staff.username == clean(username).lower())
    return session.execute(wanted).first() is not None


def is_locked(row: Staff) -> bool:
    """Return whether too many wrong tries have locked the account for now."""
    return row.locked_until is not None and row.locked_until > clock.now()


def count_failure(row: Staff) -> None:
    """Note a wrong password or code; the fifth in a row locks the account."""
    row.failed += 1
    if row.failed >= TRIES:
        row.failed, row.locked_until = 0, clock.now() + LOCKED_FOR


def end_sessions(session: Session, staff_id: int) -> None:
    """End every session of an account."""
    session.execute(
        delete(StaffSession).where(StaffSession.staff_id == staff_id).execution_options(synchronize_session=False)
    )


def _by_name(session: Session, username: str) -> Staff:
    row = session.execute(select(Staff).where(Staff.username == clean(username).lower())).scalar()
    if row is None:
        raise StaffError(f"không có tài khoản {username}; xem: motcua staff list")
    return row


def _new_password() -> str:
    return "-".join(secrets.token_urlsafe(4).replace("_", "a").replace("-", "b") for _ in range(3))


@lru_cache(maxsize=1)
def _hasher() -> PasswordHasher:
    return PasswordHasher()  # the library's defaults follow RFC 9106


@lru_cache(maxsize=1)
def _nobody() -> str:
    return _hasher().hash(secrets.token_urlsafe(16))


def _verify(hashed: str, password: str) -> bool:
    try:
        return _hasher().verify(hashed, password)
    except (VerifyMismatchError, InvalidHashError):
        return False
