"""What is said to a complaint about a delivery: the ticket and its day, which booking, or that it is too late."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from bot.clock import say_date
from bot.messages import MOST_BUTTONS, Button, Message, button, say
from bot.pickups import complaints
from bot.pickups.form.questions import short
from bot.pickups.models import Pickup
from bot.tickets import answers as tickets

TOPIC = "delivery_problem"
OTHER = "other"  # in place of a booking's number: none of those that were shown


def answer(session: Session, conversation_id: int | None, pickup: Pickup | None) -> Message:
    """Open the ticket, about this booking or about none, and say until when it is answered; or that it is too late."""
    if pickup is not None and complaints.too_late(session, pickup):
        day = complaints.last_day(session, pickup)
        assert day is not None, "it has ended"
        return _too_late(pickup, day)
    return tickets.handoff(
        session,
        conversation_id,
        TOPIC,
        subject=str(pickup.booking) if pickup is not None else None,
        working_days=complaints.answer_days(pickup),
    )


def which(pickups: list[Pickup]) -> Message:
    """Ask which of the citizen's bookings went wrong."""
    shown = [
        button(_title(pickup), "report_delivery_problem", booking_code=pickup.booking)
        for pickup in pickups[: MOST_BUTTONS - 1]
    ]
    text = "Dạ, em xin lỗi vì chuyện này. Anh/chị chọn giúp em lịch nào có trục trặc ạ."
    return say("info", text, *shown, _other(), topic="pickup_number")


def _too_late(pickup: Pickup, day: date) -> Message:
    text = (
        f"Dạ, em xin lỗi vì chuyện này. Theo quy định mình được khiếu nại trong 6 tháng, với lịch {pickup.booking} là"
        f" đến hết {say_date(day)}, nên em không ghi phiếu khiếu nại lịch này được nữa.\n"
        "Anh/chị bấm “Gặp nhân viên” để có người xem còn giúp được gì cho mình nha."
    )
    return say("info", text, button("Gặp nhân viên", "talk_to_human"), _other(), topic=TOPIC)


def _title(pickup: Pickup) -> str:
    return f"{pickup.booking}, {short(pickup.slot.date)}" if pickup.slot is not None else str(pickup.booking)


def _other() -> Button:
    return button("Lần giao khác", "report_delivery_problem", booking_code=OTHER)
