"""The second factor: a code counts once, a clock may be half a minute off, wrong ones lock."""

from __future__ import annotations

from datetime import timedelta

import pyotp
import pytest
from live_server import MONDAY_MORNING
from sqlalchemy.orm import Session

from bot import clock
from bot.staff import accounts, second_factor
from bot.staff.accounts import Member
from bot.staff.models import Staff
from bot.staff.second_factor import SecondFactor

FACTOR = SecondFactor((b"k" * 32,))


@pytest.fixture
def member(session: Session) -> object:
    with clock.frozen(MONDAY_MORNING):
        accounts.add(session, "hoa", "Hoa", "agent")
        yield accounts.member_of(accounts.listed(session)[0])


def code(secret: str, *, off: int = 0) -> str:
    return pyotp.TOTP(secret).at(clock.now() + timedelta(seconds=off))


def test_it_is_confirmed_by_its_first_code_and_sealed(session: Session, member: Member) -> None:
    secret = FACTOR.begin(session, member)
    assert FACTOR.begin(session, member) == secret, "a page loaded anew does not undo a scan"
    assert not second_factor.is_set(session, member)
    assert FACTOR.check(session, member, f" {code(secret)[:3]} {code(secret)[3:]} ")
    assert second_factor.is_set(session, member)
    assert secret not in session.get(Staff, member.id).totp_sealed


def test_a_code_counts_once(session: Session, member: Member) -> None:
    secret = FACTOR.begin(session, member)
    assert FACTOR.check(session, member, code(secret))
    assert not FACTOR.check(session, member, code(secret))
    assert not FACTOR.check(session, member, code(secret, off=-30)), "nor one from before it"
    assert FACTOR.check(session, member, code(secret, off=30)), "a clock that is half a minute ahead"
    assert not FACTOR.check(session, member, code(secret, off=90))


def test_wrong_ones_lock(session: Session, member: Member) -> None:
    secret = FACTOR.begin(session, member)
    wrong = "000000" if code(secret) != "000000" else "111111"
    for _ in range(accounts.TRIES):
        assert not FACTOR.check(session, member, wrong)
    assert not FACTOR.check(session, member, code(secret)), "locked"
    assert accounts.is_locked(session.get(Staff, member.id))


def test_the_qr_code_holds_the_account(session: Session, member: Member) -> None:
    drawn = second_factor.qr_svg(member, FACTOR.begin(session, member))
    assert drawn.startswith("<svg") and "http" not in drawn.split("xmlns")[0]
