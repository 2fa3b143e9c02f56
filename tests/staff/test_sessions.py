"""Sessions end: by idleness, at the end of the day, by signing out; the second factor gives a new one."""

from __future__ import annotations

from datetime import timedelta

import pytest
from live_server import MONDAY_MORNING
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import clock
from bot.staff import accounts, sessions
from bot.staff.models import Staff, StaffSession


@pytest.fixture
def staff(session: Session) -> Staff:
    with clock.frozen(MONDAY_MORNING):
        accounts.add(session, "hoa", "Hoa", "agent")
        return accounts.listed(session)[0]


def test_the_token_is_not_in_the_database(session: Session, staff: Staff) -> None:
    with clock.frozen(MONDAY_MORNING):
        token = sessions.begin(session, staff)
        stored = session.execute(select(StaffSession)).scalar_one()
        assert token not in (stored.token_hash, str(stored.__dict__))


def test_idle_and_long_ones_end(session: Session, staff: Staff) -> None:
    with clock.frozen(MONDAY_MORNING):
        begun = clock.now()
        token = sessions.begin(session, staff)
    with clock.frozen(begun + sessions.IDLE + timedelta(seconds=1)):
        assert sessions.read(session, token) is None
    at = begun
    while at < begun + sessions.LONGEST:
        with clock.frozen(at):
            assert sessions.read(session, token) is not None
            sessions.seen(session, token)
            session.flush()
        at += timedelta(minutes=50)
    with clock.frozen(begun + sessions.LONGEST):
        assert sessions.read(session, token) is None, "however busy"


def test_the_second_factor_gives_a_new_token(session: Session, staff: Staff) -> None:
    with clock.frozen(MONDAY_MORNING):
        before = sessions.begin(session, staff)
        assert not sessions.read(session, before).proved
        after = sessions.prove(session, before)
        assert sessions.read(session, before) is None
        signed_in = sessions.read(session, after)
        assert signed_in.proved and signed_in.csrf != sessions.csrf_of(before)
        sessions.end(session, after)
        assert sessions.read(session, after) is None
