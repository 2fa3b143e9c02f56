"""A booking seen from elsewhere: its number opens nothing, guesses are counted, the dossier behind it stays closed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import clock
from bot.conversation.models import Conversation
from bot.dossiers import proof
from bot.dossiers.proof.models import ProofFailure
from bot.pickups import booking
from bot.pickups.models import Pickup
from bot.pickups.numbers import PREFIX, check_digit

from .conftest import BIRTH, CODE, delivery
from .talk import Talk

RIGHT, WRONG = "0912345678", "0999999999"
TOUCHING = ("cancel_pickup", "change_pickup")


@pytest.fixture
def mine(world: SimpleNamespace, session: Session) -> Talk:
    """The conversation in which the booking is made."""
    row = Conversation(channel="web", sender="a", created_at=clock.now())
    session.add(row)
    session.flush()
    return Talk("web:a", row.id)


@pytest.fixture
def booked(mine: Talk, session: Session) -> Pickup:
    """A delivery of the dossier's result."""
    made = booking.book(session, delivery(conversation_id=mine.conversation_id))
    assert isinstance(made, Pickup)
    return made


@pytest.fixture
def unknown(booked: Pickup) -> str:
    """A well-formed number that no booking has."""
    body = "123456" if not booked.booking.startswith(f"{PREFIX}123456") else "654321"
    return f"{PREFIX}{body}{check_digit(body)}"


def stranger(name: str = "b") -> Talk:
    """Somebody in another conversation."""
    return Talk(f"web:{name}", -1)


def custom(sent: list[dict[str, Any]]) -> dict[str, Any]:
    (message,) = sent
    found: dict[str, Any] = message["custom"]
    return found


def failures(session: Session) -> list[tuple[str, str]]:
    return [(row.asker, row.code) for row in session.execute(select(ProofFailure).order_by(ProofFailure.id)).scalars()]


def shows_nothing(sent: list[dict[str, Any]], pickup: Pickup) -> bool:
    personal = (pickup.dossier_code, pickup.recipient_name, pickup.phone, pickup.address, pickup.slot.date.isoformat())
    return not any(value and value in str(sent) for value in personal)


@pytest.mark.parametrize("intent", TOUCHING)
def test_touching_from_elsewhere_needs_phone_and_proof(booked: Pickup, session: Session, intent: str) -> None:
    talk = stranger()
    assert custom(talk.say(f"lịch {booked.booking}", intent))["topic"] == "pickup_phone"
    assert custom(talk.say(f"lịch {booked.booking} số {WRONG}", intent))["topic"] == "pickup_phone"
    sent = talk.say(f"lịch {booked.booking} số {RIGHT}", intent)
    assert custom(sent)["topic"] == "pickup_proof"
    assert shows_nothing(sent, booked)
    assert talk.titles == ["Xác nhận hồ sơ", "Gặp nhân viên"]
    assert (talk.active, talk.facts(), talk.slots.get("pending")) == (False, {}, None)
    proof.prove(session, talk.sender, CODE, "1234")
    assert custom(talk.say(f"lịch {booked.booking}", intent))["topic"] == "pickup_phone"
    sent = talk.say(f"lịch {booked.booking} số {RIGHT}", intent)
    assert sent[-1]["custom"]["kind"] in ("confirm", "pickup_question")


@pytest.mark.parametrize("status", [1, 9, 10])
def test_a_stranger_does_not_learn_the_state_of_the_dossier(
    booked: Pickup, put_dossier: Callable[..., str], status: int
) -> None:
    put_dossier(status=status)
    sent = stranger().say(f"đổi lịch {booked.booking} số {RIGHT} sang chiều", "change_pickup", time_window="afternoon")
    assert custom(sent) == {"kind": "info", "topic": "pickup_proof"}
    assert shows_nothing(sent, booked)


def test_a_collection_needs_its_phone_alone(mine: Talk, session: Session) -> None:
    request = delivery(service="collect", dossier_code=None, procedure_code=BIRTH, conversation_id=mine.conversation_id)
    made = booking.book(session, request)
    assert isinstance(made, Pickup)
    assert custom(stranger().say(f"hủy lịch {made.booking} số {RIGHT}", "cancel_pickup"))["kind"] == "confirm"


@pytest.mark.parametrize("intent", TOUCHING)
def test_a_known_and_an_unknown_number_answer_alike(
    booked: Pickup, unknown: str, session: Session, intent: str
) -> None:
    answers = []
    for name, number in (("b", booked.booking), ("c", unknown)):
        talk = stranger(name)
        said = [talk.say(f"lịch {number}", intent)]
        said += [talk.say(f"lịch {number} số {WRONG}", intent) for _ in range(6)]
        answers.append(said)
    assert answers[0] == answers[1]
    assert [custom(sent)["kind"] for sent in answers[0]] == ["info"] * 5 + ["dossier_locked"] * 2
    assert failures(session) == [("web:b", booked.booking)] * 5 + [("web:c", unknown)] * 5


def test_a_known_and_an_unknown_number_answer_alike_inside_the_form(booked: Pickup, unknown: str) -> None:
    answers = []
    for name, number in (("b", booked.booking), ("c", unknown)):
        talk = stranger(name)
        talk.say("đến nhà lấy hồ sơ", "book_collection")
        answers.append(talk.say(f"hủy lịch {number}", "cancel_pickup"))
    assert answers[0] == answers[1]
    assert custom(answers[0])["topic"] == "pickup_phone"


def test_five_wrong_phones_lock_the_number_for_an_hour(booked: Pickup, session: Session, mine: Talk) -> None:
    for attempt in range(5):
        stranger(f"s{attempt}").say(f"hủy lịch {booked.booking} số {WRONG}", "cancel_pickup")
    owner = stranger("owner")
    proof.prove(session, owner.sender, CODE, "1234")
    sent = owner.say(f"hủy lịch {booked.booking} số {RIGHT}", "cancel_pickup")
    assert custom(sent)["kind"] == "dossier_locked"
    assert "số điện thoại" not in sent[0]["text"], "no factor is promised that does not pass"
    assert custom(mine.say("hủy lịch", "cancel_pickup"))["kind"] == "confirm", "its own conversation is not locked"
    with clock.frozen((clock.now() + timedelta(minutes=61)).isoformat()):
        proof.prove(session, owner.sender, CODE, "1234")
        sent = owner.say(f"hủy lịch {booked.booking} số {RIGHT}", "cancel_pickup")
        assert custom(sent)["kind"] == "confirm"


def test_five_wrong_phones_lock_the_asker_out_of_everything(booked: Pickup, session: Session) -> None:
    talk = stranger()
    for _ in range(5):
        talk.say(f"hủy lịch {booked.booking} số {WRONG}", "cancel_pickup")
    assert proof.prove(session, talk.sender, CODE, "1234").result is proof.Result.LOCKED
    assert custom(talk.say(f"lịch {booked.booking} tới đâu", "track_pickup"))["kind"] == "dossier_locked"


def test_no_phone_is_no_try(booked: Pickup, session: Session) -> None:
    for _ in range(7):
        stranger().say(f"hủy lịch {booked.booking}", "cancel_pickup")
    assert failures(session) == []


def test_a_status_from_elsewhere_is_number_and_state(booked: Pickup, session: Session) -> None:
    talk = stranger()
    sent = talk.say(f"lịch {booked.booking.lower()} tới đâu", "track_pickup")
    assert custom(sent) == {"kind": "pickup_status", "booking": booked.booking, "state": "requested"}
    assert shows_nothing(sent, booked)
    assert "Hẹn" not in sent[0]["text"] and talk.titles == []
    proof.prove(session, talk.sender, CODE, "1234")
    assert custom(talk.say(f"lịch {booked.booking}", "track_pickup"))["date"] == booked.slot.date.isoformat()


def test_walking_through_numbers_locks_the_asker(booked: Pickup, unknown: str, session: Session) -> None:
    talk = stranger()
    said = [custom(talk.say(f"{unknown} tới đâu", "track_pickup")) for _ in range(5)]
    assert {answer.get("topic") for answer in said} == {"pickup_unknown"}
    assert custom(talk.say(f"{booked.booking} tới đâu", "track_pickup"))["kind"] == "dossier_locked"
    assert failures(session) == [("web:b", unknown)] * 5
    assert custom(stranger("c").say(f"{booked.booking} tới đâu", "track_pickup"))["kind"] == "pickup_status"


def test_a_booking_without_its_conversation_is_nobodys(booked: Pickup, session: Session) -> None:
    booked.conversation_id = None
    session.flush()
    talk = Talk("shell")
    assert custom(talk.say("lịch của tôi", "track_pickup"))["topic"] == "pickup_number"
    assert custom(talk.say(f"hủy lịch {booked.booking}", "cancel_pickup"))["topic"] == "pickup_phone"


@pytest.mark.parametrize("late", [False, True], ids=["as the form opens", "as it books"])
def test_after_the_proof_has_run_out_a_refusal_does_not_name_the_state(
    mine: Talk, booked: Pickup, session: Session, put_dossier: Callable[..., str], late: bool
) -> None:
    def changed() -> list[dict[str, Any]]:
        put_dossier(status=9 if late else 10)
        sent = mine.say("đổi lịch giao qua thứ tư", "change_pickup", date="2026-11-25")
        put_dossier(status=10)
        return mine.press("Đồng ý") if late else sent

    sent = changed()
    assert (custom(sent)["kind"], custom(sent)["reason"]) == ("pickup_refused", "dossier_unproved")
    assert "trả rồi" not in str(sent)
    assert mine.titles == ["Xác nhận hồ sơ", "Gặp nhân viên"]
    proof.prove(session, mine.sender, CODE, "1234")
    assert custom(changed())["reason"] == "dossier_returned"
