"""What comes after a booking, and questions about the service."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.clock import now
from bot.conversation.models import Conversation
from bot.pickups import booking, moves
from bot.pickups.answers import postal_info, refusals
from bot.pickups.eligibility import Refusal
from bot.pickups.models import Pickup, PickupSlot

from .conftest import BIRTH, MONDAY, delivery
from .talk import Talk


def custom(sent: list[dict[str, Any]]) -> dict[str, Any]:
    (message,) = sent
    found: dict[str, Any] = message["custom"]
    return found


@pytest.fixture
def mine(world: SimpleNamespace) -> Talk:
    """A conversation that has its row in the database."""
    row = Conversation(channel="web", sender="a", created_at=now())
    world.session.add(row)
    world.session.flush()
    return Talk("web:a", row.id)


@pytest.fixture
def booked(mine: Talk, session: Session) -> Pickup:
    made = booking.book(session, delivery(conversation_id=mine.conversation_id))
    assert isinstance(made, Pickup)
    return made


def test_the_only_booking_needs_no_number(mine: Talk, booked: Pickup) -> None:
    sent = mine.say("bưu tá tới đâu rồi", "track_pickup")
    assert custom(sent)["kind"] == "pickup_status"
    assert (custom(sent)["booking"], custom(sent)["state"]) == (booked.booking, "requested")


def test_unknown_and_mistyped_numbers(mine: Talk) -> None:
    assert custom(mine.say("MC-1234566", "track_pickup"))["topic"] == "pickup_unknown"
    assert "chữ số" in mine.say("MC-1234567", "track_pickup")[0]["text"]
    assert custom(mine.say("lịch của tôi", "track_pickup"))["topic"] == "pickup_number"
    assert custom(mine.say("EB125966888VN tới đâu", "track_pickup"))["topic"] == "postal_tracking"


def test_several_bookings_are_listed(mine: Talk, booked: Pickup, session: Session) -> None:
    other = delivery(service="collect", procedure_code=BIRTH, conversation_id=mine.conversation_id)
    assert isinstance(booking.book(session, other), Pickup)
    mine.say("xem lịch", "track_pickup")
    assert len(mine.titles) == 2
    assert custom(mine.press(mine.titles[1]))["booking"] == booked.booking


def test_cancelling_asks_first_and_then_gives_the_place_back(mine: Talk, booked: Pickup, session: Session) -> None:
    assert custom(mine.say("hủy lịch giùm", "cancel_pickup")) == {"kind": "confirm", "what": "cancel_pickup"}
    assert booked.state == "requested"
    assert custom(mine.press("Hủy lịch"))["kind"] == "pickup_cancelled"
    assert (booked.state, mine.slots["pending"]) == ("cancelled", None)
    taken = select(PickupSlot.taken).where(PickupSlot.id == booked.slot_id)
    assert session.execute(taken).scalar_one() == 0


def test_a_no_keeps_the_booking(mine: Talk, booked: Pickup) -> None:
    mine.say("hủy lịch", "cancel_pickup")
    mine.press("Giữ lại")
    assert booked.state == "requested"
    assert mine.slots["pending"] is None


def test_changing_reads_the_new_fact_and_keeps_the_number(mine: Talk, booked: Pickup) -> None:
    sent = mine.say("đổi lịch giao qua chiều nha", "change_pickup", time_window="afternoon")
    assert [message["custom"]["kind"] for message in sent] == ["pickup_summary", "pickup_question"]
    sent = mine.press("Đồng ý")
    assert custom(sent)["kind"] == "pickup_changed"
    assert (custom(sent)["booking"], custom(sent)["window"]) == (booked.booking, "afternoon")
    assert (booked.slot.date, booked.slot.window) == (MONDAY, "afternoon")


def test_changing_without_a_new_fact_asks_what_to_mend(mine: Talk, booked: Pickup) -> None:
    mine.say("tôi muốn đổi lịch", "change_pickup")
    assert "Địa chỉ" in mine.titles
    mine.press("Địa chỉ")
    assert mine.asked == "address"
    mine.say("7 Trần Phú", address="7 Trần Phú")
    mine.press("Đồng ý")
    assert booked.address == "7 Trần Phú"


def test_too_late_for_the_bot_is_said_so(mine: Talk, booked: Pickup, session: Session) -> None:
    moves.move(session, booked, "confirmed")
    moves.move(session, booked, "assigned")
    for intent in ("cancel_pickup", "change_pickup"):
        assert custom(mine.say("lịch của tôi", intent))["reason"] == "too_late"
        assert mine.titles == ["Gặp nhân viên"]


def test_cancelling_inside_the_form_ends_it(mine: Talk) -> None:
    mine.say("đến nhà lấy hồ sơ", "book_collection")
    assert custom(mine.say("thôi hủy giao", "cancel_pickup"))["what"] == "pickup"
    assert not mine.active
    assert mine.facts() == {}


def test_cancelling_while_changing_asks_whether_to_cancel_the_booking(mine: Talk, booked: Pickup) -> None:
    mine.say("đổi lịch", "change_pickup")
    assert custom(mine.say("thôi hủy luôn đi", "cancel_pickup"))["kind"] == "confirm"
    assert not mine.active
    mine.press("Hủy lịch")
    assert booked.state == "cancelled"


def test_a_bare_number_shows_the_booking(mine: Talk, booked: Pickup) -> None:
    assert custom(mine.say(booked.booking, "inform", booking_code=booked.booking))["kind"] == "pickup_status"


def test_a_wish_to_change_inside_the_form_mends_the_form(mine: Talk, booked: Pickup) -> None:
    mine.say("đến nhà lấy hồ sơ", "book_collection")
    mine.say("khai sinh", procedure="đăng ký khai sinh")
    mine.say("Lê Văn Tí", person="Lê Văn Tí")
    mine.say("đổi tên người giao", "change_pickup")
    assert (mine.asked, mine.slots["pickup_changing"]) == ("recipient_name", None)


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("Cước bưu điện giao kết quả bao nhiêu?", "postal_fee"),
        ("phí ship hs về nhà nhiêu vậy ad", "postal_fee"),
        ("bao lau thi giao toi nha", "postal_time"),
        ("giao ra đảo Phú Quý mất mấy ngày", "postal_island"),
        ("gửi qua bưu điện có an toàn không, lỡ mất giấy thì sao", "postal_loss"),
        ("cuoi tuan buu ta co di giao khong", "postal_weekend"),
        ("nguoi khac nhan thay co can giay uy quyen khong", "postal_identity"),
        ("Hộ nghèo có được miễn tiền cước không cô?", "postal_exemption"),
        ("trả tiền cho bưu tá lúc nhận hay trả trước", "postal_payment"),
        ("giao k gặp thì giao lại mấy lần", "postal_attempts"),
        ("giao ngoài tỉnh được không, em đang ở Sài Gòn", "postal_outside"),
        ("Hồ sơ tính là đã nộp từ lúc bưu tá lấy hay lúc tới xã?", "postal_filed"),
        ("thủ tục nào thì bưu điện nhận được", "postal_which"),
        ("dich vu buu chinh cong ich la gi", "postal_service"),
    ],
)
def test_questions_about_the_service(question: str, topic: str) -> None:
    message = postal_info.postal_service(question)
    assert (message.kind, message.fields["topic"]) == ("info", topic)
    assert "QĐ 45/2016" in message.text


def test_no_answer_names_an_amount_we_do_not_know() -> None:
    for topic in postal_info._TOPICS:
        assert not re.search(r"\d[\d.]*\s*(?:đ|đồng|k)\b", topic.text), topic.name


@pytest.mark.parametrize("reason", [*refusals._REFUSALS, "already_booked", "unheard_of"])
def test_every_refusal_is_polite_and_complete(reason: str) -> None:
    message = refusals.pickup_refused(Refusal(reason, [{"what": "staff"}], booking="MC-1234566"))
    assert message.text.startswith("Dạ, ")
    assert message.custom() == {
        "kind": "pickup_refused",
        "reason": reason,
        "alternatives": [{"what": "staff"}],
    }
    assert message.buttons
