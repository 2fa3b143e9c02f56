"""Accounts: who may sign in, and when a name and a password open nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from live_server import MONDAY_MORNING
from sqlalchemy.orm import Session

from bot import clock
from bot.staff import accounts, sessions
from bot.staff.accounts import StaffError


@pytest.fixture(autouse=True)
def _monday() -> object:
    with clock.frozen(MONDAY_MORNING) as frozen:
        yield frozen


def test_a_first_password_opens_the_account_and_is_stored_as_a_hash(session: Session) -> None:
    password = accounts.add(session, "Hoa.Le", "  Lê  Thị Hoa ", "agent", "Di Linh")
    row = accounts.check_password(session, " hoa.le ", password)
    assert row is not None and (row.username, row.display_name, row.team) == ("hoa.le", "Lê Thị Hoa", "Di Linh")
    assert password not in row.password_hash and row.password_hash.startswith("$argon2id$")
    assert accounts.check_password(session, "hoa.le", password + "x") is None
    assert accounts.check_password(session, "nobody", password) is None


@pytest.mark.parametrize(
    ("username", "name", "role", "says"),
    [
        ("Lê Hoa", "Hoa", "agent", "tên đăng nhập"),
        ("h", "Hoa", "agent", "tên đăng nhập"),
        ("hoa", "   ", "agent", "họ tên"),
        ("hoa", "x" * 81, "agent", "họ tên"),
        ("hoa", "Hoa", "boss", "vai trò"),
    ],
)
def test_what_cannot_be_an_account_is_said(session: Session, username: str, name: str, role: str, says: str) -> None:
    with pytest.raises(StaffError, match=says):
        accounts.add(session, username, name, role)
    assert accounts.listed(session) == []


def test_no_two_of_a_name(session: Session) -> None:
    accounts.add(session, "hoa", "Hoa", "agent")
    with pytest.raises(StaffError, match="đã có"):
        accounts.add(session, "HOA", "Hoa khác", "admin")


def test_five_wrong_ones_lock_for_a_quarter_of_an_hour(session: Session) -> None:
    password = accounts.add(session, "hoa", "Hoa", "agent")
    for _ in range(accounts.TRIES):
        assert accounts.check_password(session, "hoa", "wrong") is None
    assert accounts.check_password(session, "hoa", password) is None, "locked, even for the right one"
    with clock.frozen(clock.now() + accounts.LOCKED_FOR + timedelta(seconds=1)):
        assert accounts.check_password(session, "hoa", password) is not None


def test_disabled_and_reset_end_the_sessions(session: Session) -> None:
    password = accounts.add(session, "hoa", "Hoa", "agent")
    row = accounts.check_password(session, "hoa", password)
    token = sessions.begin(session, row)
    assert sessions.read(session, token) is not None
    accounts.set_active(session, "hoa", active=False)
    assert sessions.read(session, token) is None and accounts.check_password(session, "hoa", password) is None
    accounts.set_active(session, "hoa", active=True)
    token = sessions.begin(session, row)
    new = accounts.reset(session, "hoa")
    assert sessions.read(session, token) is None
    assert accounts.check_password(session, "hoa", password) is None
    assert accounts.check_password(session, "hoa", new) is not None


def test_ones_own_password(session: Session) -> None:
    old = accounts.add(session, "hoa", "Hoa", "agent")
    member = accounts.member_of(accounts.listed(session)[0])
    for given, new, says in (("x", "một câu đủ dài", "cũ"), (old, "ngắn", "12"), (old, old, "khác")):
        with pytest.raises(StaffError, match=says):
            accounts.change_password(session, member, given, new)
    accounts.change_password(session, member, old, "mưa rừng trên đồi chè")
    assert accounts.check_password(session, "hoa", "mưa rừng trên đồi chè") is not None
    assert accounts.check_password(session, "hoa", old) is None
