"""A notice arrives: through the outbox, once, at a decent hour; with the next answer where nobody can be rung."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select
from talking import Chat, kinds, outbox_rows

from bot import clock
from bot.conversation import notices, transcript
from bot.conversation.incoming import Incoming
from bot.conversation.turn import Turns
from bot.conversation.ways import Ways
from bot.db.engine import Database
from bot.dossiers.intake import events
from bot.dossiers.notices.models import DossierNotice

CODE, TAIL = "H36.12-261118-0042", "2345"
WEB = Ways(looking=["web"])


@pytest.fixture
def follower(furnished: Database, turns: Turns) -> Chat:
    """A citizen on the REST channel who follows a dossier of the demo."""
    chat = Chat(furnished, turns)
    assert kinds(chat.say(f"Báo tin cho tôi khi hồ sơ {CODE} có thay đổi")) == ["dossier_proof"]
    assert kinds(chat.say(TAIL)) == ["subscribed"]
    return chat


@pytest.fixture
def moved(furnished: Database) -> Callable[..., None]:
    """Report a change of the dossier; afterwards the dossier is as before, for it belongs to the furniture."""

    def _moved(status: int, event_id: str, at: str = "2026-11-23T08:55:00+07:00") -> None:
        with furnished.unit_of_work() as session:
            events.add_event(session, CODE, {"status": status, "at": at, "event_id": event_id})

    return _moved


@pytest.fixture(autouse=True)
def _as_before(furnished: Database) -> object:
    from bot.dossiers.models import Dossier, DossierEvent

    yield
    with furnished.unit_of_work() as session:
        dossier = session.execute(select(Dossier).where(Dossier.code == CODE)).scalar_one()
        dossier.status, dossier.finished_at, dossier.returned_at = 2, None, None
        for event in session.execute(select(DossierEvent).where(DossierEvent.dossier_id == dossier.id)).scalars():
            if not event.event_id.startswith(events.FROM_RECORD):
                session.delete(event)


def states(database: Database) -> list[str]:
    with database.reading() as session:
        return list(session.execute(select(DossierNotice.state).order_by(DossierNotice.id)).scalars())


Moved = Callable[..., None]


def test_it_comes_with_the_next_answer_before_it_and_never_again(
    furnished: Database, follower: Chat, moved: Moved
) -> None:
    moved(9, "e1")
    moved(9, "e1")
    assert notices.tell_waiting(furnished, WEB) == 1
    assert notices.tell_waiting(furnished, WEB) == 0
    answers = follower.say("Cảm ơn em")
    assert kinds(answers) == ["dossier_status", "smalltalk"]
    told = answers[0]
    assert (told.custom["tier"], told.custom["status"], told.custom["code"]) == (0, 9, CODE)
    assert "thường trú" not in told.text and "Di Linh" not in told.text
    assert kinds(follower.say("Cảm ơn em")) == ["smalltalk"]


def test_the_same_message_again_gives_the_notice_again(furnished: Database, follower: Chat, moved: Moved) -> None:
    moved(9, "e1")
    notices.tell_waiting(furnished, WEB)
    accepted = follower.store("Cảm ơn em", "m-again")
    done = follower.turns.run_next(accepted.conversation_id)
    assert done is not None
    with furnished.reading() as session:
        assert transcript.replies_to(session, accepted.inbox_id) == done.replies
    assert kinds(done.replies) == ["dossier_status", "smalltalk"]


def test_its_buttons_work(furnished: Database, follower: Chat, moved: Moved) -> None:
    moved(5, "e1")
    notices.tell_waiting(furnished, WEB)
    follower.say("ok")
    assert kinds(follower.press("Xem chi tiết")) == ["dossier_status"]
    assert follower.last[0].custom["tier"] == 1
    moved(4, "e2", "2026-11-23T08:57:00+07:00")
    notices.tell_waiting(furnished, WEB)
    follower.say("ok")
    assert kinds(follower.press("Ngừng báo tin")) == ["unsubscribed"]
    moved(9, "e3", "2026-11-23T08:58:00+07:00")
    assert notices.tell_waiting(furnished, WEB) == 0
    assert kinds(follower.say("cam on e")) == ["smalltalk"]


def test_switching_off_by_word(follower: Chat) -> None:
    assert kinds(follower.say("ngung bao tin giup toi")) == ["unsubscribed"]
    assert kinds(follower.say("đừng gửi thông báo nữa")) == ["info"]


def test_at_night_it_waits_and_the_morning_tells_the_latest_only(
    furnished: Database, follower: Chat, moved: Moved
) -> None:
    with clock.frozen("2026-11-23T22:00:00+07:00"):
        moved(4, "e1", "2026-11-23T21:30:00+07:00")
        moved(9, "e2", "2026-11-23T21:40:00+07:00")
        assert notices.tell_waiting(furnished, WEB) == 0
    with clock.frozen("2026-11-24T06:59:00+07:00"):
        assert notices.tell_waiting(furnished, WEB) == 0
    with clock.frozen("2026-11-24T07:00:00+07:00"):
        assert notices.tell_waiting(furnished, WEB) == 1
    assert states(furnished) == ["superseded", "told"]
    assert outbox_rows(furnished)[-1].custom["status"] == 9


def test_by_day_every_change_is_told(furnished: Database, follower: Chat, moved: Moved) -> None:
    moved(4, "e1", "2026-11-23T08:50:00+07:00")
    moved(9, "e2", "2026-11-23T08:55:00+07:00")
    assert notices.tell_waiting(furnished, WEB) == 2
    assert [row.custom["status"] for row in outbox_rows(furnished)[-2:]] == [4, 9]


def test_what_is_urgent_does_not_wait_for_the_morning(furnished: Database, follower: Chat, moved: Moved) -> None:
    from bot.dossiers.models import Dossier

    with furnished.unit_of_work() as session:
        dossier = session.execute(select(Dossier).where(Dossier.code == CODE)).scalar_one()
        dossier.supplement_due_at = clock.parse("2026-11-24T10:00:00+07:00")
    with clock.frozen("2026-11-23T22:00:00+07:00"):
        moved(5, "e1", "2026-11-23T21:55:00+07:00")
        assert notices.tell_waiting(furnished, WEB) == 1
    with furnished.unit_of_work() as session:
        session.execute(select(Dossier).where(Dossier.code == CODE)).scalar_one().supplement_due_at = None


def test_a_page_that_polls_finds_it(furnished: Database, turns: Turns, moved: Moved) -> None:
    from bot.conversation import inbox

    def say(text: str, number: str) -> None:
        accepted = inbox.accept(furnished, Incoming("web", "visitor", number, text))
        turns.run_next(accepted.conversation_id)

    say(f"theo dõi hồ sơ {CODE}", "1")
    say(TAIL, "2")
    with furnished.reading() as session:
        before = transcript.after(session, "web", "visitor", 0)
    moved(9, "e1")
    assert notices.tell_waiting(furnished, WEB) == 1
    with furnished.reading() as session:
        news = transcript.after(session, "web", "visitor", before[-1].seq)
    assert [line.custom["kind"] for line in news] == ["dossier_status"]
    say("cảm ơn", "3")
    with furnished.reading() as session:
        numbers = [line.seq for line in transcript.after(session, "web", "visitor", 0)]
    assert numbers == list(range(1, len(numbers) + 1)), "each message has its own number"


def test_tellers_side_by_side_tell_once(furnished: Database, follower: Chat, moved: Moved) -> None:
    for number in range(6):
        moved(4 + number % 2, f"e{number}", f"2026-11-23T08:{50 + number}:00+07:00")
    with ThreadPoolExecutor(4) as pool:
        told = list(pool.map(lambda _: notices.tell_waiting(furnished, WEB), range(8)))
    while waiting := notices.tell_waiting(furnished, WEB):
        told.append(waiting)
    assert sum(told) == 6
    rows = outbox_rows(furnished)
    assert len([row for row in rows if row.custom.get("tier") == 0]) == 6
    assert len({row.seq for row in rows}) == len(rows)


def test_a_crash_between_notice_and_message_tells_it_later(
    furnished: Database, follower: Chat, moved: Moved, monkeypatch: pytest.MonkeyPatch
) -> None:
    moved(9, "e1")
    with monkeypatch.context() as patch:
        patch.setattr("bot.conversation.store.add_proactive", lambda *_args, **_more: 1 / 0)
        assert notices.tell_waiting(furnished, WEB) == 0
    assert states(furnished) == ["waiting"]
    assert notices.tell_waiting(furnished, WEB) == 1


def test_what_waits_longest_is_told_first_though_another_was_picked(
    furnished: Database, follower: Chat, moved: Moved
) -> None:
    moved(6, "e1", "2026-11-23T08:50:00+07:00")
    moved(9, "e2", "2026-11-23T08:55:00+07:00")
    with furnished.reading() as session:
        newest = notices.dossiers._waiting(session, only_urgent=False)[-1]
    with furnished.unit_of_work() as session:
        assert notices.dossiers._tell(session, newest, WEB, locking=not furnished.is_sqlite)
    assert outbox_rows(furnished)[-1].custom["status"] == 6


def test_a_reminder_whose_reason_is_gone_is_not_told(furnished: Database, follower: Chat, moved: Moved) -> None:
    from bot.dossiers.notices.changes import add

    with furnished.unit_of_work() as session:
        subscription = session.execute(select(DossierNotice.subscription_id)).scalar_one_or_none() or _only(session)
        add(session, subscription, kind="supplement_due", about="2026-11-24", status=5, at=clock.now())
    assert notices.tell_waiting(furnished, WEB) == 0
    assert states(furnished) == ["superseded"]


def _only(session: object) -> int:
    from bot.dossiers.notices.models import DossierSubscription

    return int(session.execute(select(DossierSubscription.id)).scalar_one())  # type: ignore[attr-defined]


def test_a_dossier_that_changed_hands_tells_its_old_follower_nothing(
    furnished: Database, follower: Chat, moved: Moved
) -> None:
    from bot.dossiers.models import Dossier

    def owner(phone: str) -> None:
        with furnished.unit_of_work() as session:
            session.execute(select(Dossier).where(Dossier.code == CODE)).scalar_one().owner_phone = phone

    owner("0911111111")
    moved(9, "e1")
    assert notices.tell_waiting(furnished, WEB) == 0
    owner("0900002345")
    assert states(furnished) == ["ended"]
    assert kinds(follower.say("cam on e")) == ["smalltalk"]


def test_what_came_just_before_the_night_is_one_message_in_the_morning(
    furnished: Database, follower: Chat, moved: Moved
) -> None:
    with clock.frozen("2026-11-23T20:59:59+07:00"):
        moved(4, "e1", "2026-11-23T20:50:00+07:00")
        moved(9, "e2", "2026-11-23T20:55:00+07:00")
    with clock.frozen("2026-11-24T07:00:00+07:00"):
        assert notices.tell_waiting(furnished, WEB) == 1


def test_the_transcript_keeps_no_factor(furnished: Database, follower: Chat) -> None:
    from talking import inbox_rows

    kept = " ".join(row.text for row in inbox_rows(furnished))
    assert TAIL not in kept and CODE in kept and "••••" in kept
