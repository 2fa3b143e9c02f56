"""Following a dossier: who is told what, once; reminders on their day; quiet hours."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import clock
from bot.dossiers import lookup
from bot.dossiers.answers import following
from bot.dossiers.intake import events
from bot.dossiers.notices import changes, reminders, subscriptions
from bot.dossiers.notices.models import KINDS, DossierNotice
from bot.dossiers.notices.quiet_hours import is_quiet
from bot.dossiers.statuses import STATUSES, Status
from bot.messages import LONGEST_TEXT, MOST_BUTTONS
from bot.privacy import consent

from .conftest import CODE, PHONE

Put = Callable[..., str]
ASKER = "web:1"


def subscribe(session: Session, code: str = CODE, asker: str = ASKER) -> None:
    subscriptions.subscribe(session, asker=asker, code=code, channel="web", conversation_id=None)


def notices(session: Session) -> list[tuple[str, str, int, int, str]]:
    rows = session.execute(select(DossierNotice).order_by(DossierNotice.id)).scalars()
    return [(row.kind, row.about, row.status, row.urgent, row.state) for row in rows]


def moved(session: Session, status: int, event_id: str, at: str = "2026-11-22T08:00:00+07:00") -> None:
    events.add_event(session, CODE, {"status": status, "at": at, "event_id": event_id})


def test_each_change_of_a_followed_dossier_is_noted_once(session: Session, put: Put) -> None:
    put()
    moved(session, 4, "before")
    subscribe(session)
    moved(session, 5, "e1", "2026-11-22T08:30:00+07:00")
    moved(session, 5, "e1", "2026-11-22T08:30:00+07:00")
    moved(session, 4, "e2", "2026-11-22T08:40:00+07:00")
    assert notices(session) == [("change", "e1", 5, 0, "waiting"), ("change", "e2", 4, 0, "waiting")]


def test_an_event_that_comes_late_is_history_and_no_news(session: Session, put: Put) -> None:
    put()
    subscribe(session)
    moved(session, 9, "new", "2026-11-22T08:30:00+07:00")
    moved(session, 5, "old", "2026-11-20T08:30:00+07:00")
    assert [about for _, about, *_ in notices(session)] == ["new"]


def test_a_record_that_changes_is_news_too_and_the_same_record_is_not(session: Session, put: Put) -> None:
    first = {"events": [{"status": 4, "at": "2026-11-20T08:00:00+07:00"}]}
    put(**first)
    subscribe(session)
    put(**first)
    assert notices(session) == []
    put(status=9, events=[*first["events"], {"status": 9, "at": "2026-11-22T08:00:00+07:00"}])
    put(status=9, events=[*first["events"], {"status": 9, "at": "2026-11-22T08:00:00+07:00"}])
    assert [(kind, status) for kind, _, status, *_ in notices(session)] == [("change", 9)]


def test_a_new_state_without_an_event_is_news(session: Session, put: Put) -> None:
    put()
    subscribe(session)
    put(status=9)
    assert [(kind, status) for kind, _, status, *_ in notices(session)] == [("change", 9)]


def test_nobody_follows_nothing_is_noted(session: Session, put: Put) -> None:
    put()
    moved(session, 9, "e1")
    subscribe(session)
    assert subscriptions.unsubscribe(session, asker=ASKER, code=CODE)
    moved(session, 10, "e2", "2026-11-22T08:30:00+07:00")
    assert notices(session) == []


def test_switching_off_ends_what_waits_and_withdraws_the_consent(session: Session, put: Put) -> None:
    put()
    subscribe(session)
    subscribe(session)
    assert consent.is_given(session, purpose="notices", asker=ASKER)
    moved(session, 9, "e1")
    assert subscriptions.unsubscribe(session, asker=ASKER, code=CODE)
    assert not subscriptions.unsubscribe(session, asker=ASKER, code=CODE)
    assert [state for *_, state in notices(session)] == ["ended"]
    assert not consent.is_given(session, purpose="notices", asker=ASKER)
    subscribe(session)
    assert subscriptions.followed_by(session, ASKER) == [CODE]


def test_a_supplement_due_within_a_day_is_urgent(session: Session, put: Put) -> None:
    put(supplement_due_at="2026-11-23T08:00:00+07:00")
    subscribe(session)
    moved(session, 5, "e1")
    assert notices(session) == [("change", "e1", 5, 1, "waiting")]


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-11-24T09:00", []),  # the deadline is Thursday 26: its eve is Wednesday
        ("2026-11-25T08:00", ["2026-11-26"]),
        ("2026-11-26T08:00", ["2026-11-26"]),
        ("2026-11-26T17:30", []),  # over
    ],
)
def test_the_reminder_before_a_supplement_deadline(session: Session, put: Put, now: str, expected: list[str]) -> None:
    put(status=5, supplement_due_at="2026-11-26T17:00:00+07:00")
    subscribe(session)
    with clock.frozen(now + ":00+07:00"):
        reminders.write_due(session)
        reminders.write_due(session)
    assert [about for kind, about, *_ in notices(session) if kind == "supplement_due"] == expected


def test_the_eve_of_a_deadline_is_a_day_on_which_offices_work(session: Session) -> None:
    from datetime import date

    assert reminders.last_working_day_before(date(2026, 11, 25)) == date(2026, 11, 23), "24/11 is a holiday"
    assert reminders.last_working_day_before(date(2026, 11, 30)) == date(2026, 11, 27)


@pytest.mark.parametrize(
    ("now", "fields", "expected"),
    [
        ("2026-11-23", {}, 0),  # done on Monday 16: five working days are Monday 23 … which still comes
        ("2026-11-20", {}, 0),
        ("2026-11-25", {"finished_at": "2026-11-17T10:00:00+07:00"}, 1),  # 24/11 does not count
        ("2026-11-23", {"finished_at": "2026-11-16T10:00:00+07:00", "return_method": "electronic"}, 0),
        ("2026-11-23", {"finished_at": "2026-11-16T10:00:00+07:00", "postal_code": "EB125966888VN"}, 0),
        ("2026-11-23", {"finished_at": "2026-11-16T10:00:00+07:00"}, 1),
        ("2026-11-30", {"finished_at": "2026-11-16T10:00:00+07:00"}, 0),  # a week later it only puzzles
    ],
)
def test_the_reminder_that_a_result_waits(
    session: Session, put: Put, now: str, fields: dict[str, Any], expected: int
) -> None:
    put(status=9, **fields)
    subscribe(session)
    with clock.frozen(now + "T08:00:00+07:00"):
        reminders.write_due(session)
    assert len([kind for kind, *_ in notices(session) if kind == "result_waiting"]) == expected


@pytest.mark.parametrize(("hour", "quiet"), [("06:59", True), ("07:00", False), ("20:59", False), ("21:00", True)])
def test_quiet_hours(hour: str, quiet: bool) -> None:
    assert is_quiet(clock.parse(f"2026-11-22T{hour}:00+07:00")) is quiet


@pytest.mark.parametrize("status", range(1, 11))
@pytest.mark.parametrize("kind", KINDS)
def test_every_notice_is_tier_0(session: Session, put: Put, status: int, kind: str) -> None:
    put(
        status=status,
        owner_id_number="068099001234",
        supplement=["Bản sao sổ đỏ"],
        supplement_due_at="2026-11-26T17:00:00+07:00",
        amount_due=1_250_000,
        agency="Phòng Đăng ký đất đai",
        events=[{"status": status, "at": "2026-11-20T08:00:00+07:00", "note": "Thiếu chữ ký của vợ"}],
    )
    view = lookup.view(session, CODE)
    assert view is not None
    message = following.notice(view, kind, Status(status), clock.parse("2026-11-22T08:30:00+07:00"))
    assert message.fields["tier"] == 0 and message.kind == "dossier_status"
    assert message.fields["label"] == STATUSES[Status(status)].label
    assert message.buttons[-1].meaning.startswith("/unsubscribe_dossier")
    assert len(message.text) < LONGEST_TEXT and len(message.buttons) <= MOST_BUTTONS
    for secret in ("Hồng", PHONE, "1234", "068099", "K7q2", "sổ đỏ", "1.250.000", "khai sinh", "chữ ký", "đất đai"):
        assert secret not in message.text + str(message.fields) + str(message.buttons)


def test_announcing_the_same_twice_from_two_places_is_one_notice(session: Session, put: Put) -> None:
    put()
    subscribe(session)
    subscribe(session, asker="web:2")
    for _ in range(2):
        changes.announce(session, code=CODE, status=9, about="e1", at=clock.now())
    assert len(notices(session)) == 2


def test_going_to_and_fro_without_events_is_news_each_time(session: Session, put: Put) -> None:
    put()
    subscribe(session)
    for minute, status in enumerate((5, 4, 5, 4)):
        with clock.frozen(f"2026-11-22T10:0{minute}:00+07:00"):
            put(status=status)
    assert [status for _, _, status, *_ in notices(session)] == [5, 4, 5, 4]


def test_the_same_state_again_is_no_news_unless_something_is_to_be_done(session: Session, put: Put) -> None:
    put()
    subscribe(session)
    moved(session, 4, "e1", "2026-11-22T08:10:00+07:00")
    moved(session, 5, "e2", "2026-11-22T08:20:00+07:00")
    moved(session, 5, "e3", "2026-11-22T08:30:00+07:00")
    assert [about for _, about, *_ in notices(session)] == ["e2", "e3"]


def test_a_deadline_that_has_passed_is_not_urgent(session: Session, put: Put) -> None:
    put(supplement_due_at="2026-11-21T08:00:00+07:00")
    subscribe(session)
    moved(session, 5, "e1")
    assert notices(session) == [("change", "e1", 5, 0, "waiting")]


@pytest.mark.parametrize(
    ("fields", "comes"),
    [
        ({}, True),
        ({"return_method": "counter"}, True),
        ({"return_method": "post"}, False),
        ({"return_method": "electronic"}, False),
        ({"postal_code": "EB125966888VN"}, False),
    ],
)
def test_only_who_fetches_the_result_is_told_to_come(
    session: Session, put: Put, fields: dict[str, Any], comes: bool
) -> None:
    put(status=9, **fields)
    view = lookup.view(session, CODE)
    assert view is not None
    message = following.notice(view, "change", Status.DONE, clock.now())
    assert ("mang giấy hẹn" in message.text) is comes
    assert any("book_delivery" in button.meaning for button in message.buttons) is comes
