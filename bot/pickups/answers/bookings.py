"""What the assistant says about bookings: made, refused, changed, cancelled, and where they stand."""

from __future__ import annotations

from typing import Any

from bot.clock import say_date
from bot.messages import Button, Message, button, say
from bot.pickups import fees
from bot.pickups.answers.moves import change_or_cancel, state_name
from bot.pickups.form.questions import SERVICE_NAMES, WINDOW_NAMES, short
from bot.pickups.models import Pickup


def pickup_booked(pickup: Pickup, *, unsure: bool = False) -> Message:
    """Say that the booking is made and what to keep ready; `unsure`: the post may still say no."""
    text = _confirmation(pickup, "đã ghi lịch")
    if unsure:
        text += "\nEm chưa chắc loại giấy tờ này có gửi qua bưu điện được không, bưu điện sẽ trả lời mình."
    return say("pickup_booked", text, *change_or_cancel(pickup), **_facts(pickup))


def pickup_changed(pickup: Pickup) -> Message:
    """Say that the booking has new facts."""
    text = _confirmation(pickup, "đã đổi lịch")
    return say("pickup_changed", text, *change_or_cancel(pickup), **_facts(pickup))


def pickup_status(pickup: Pickup, *, shows_all: bool) -> Message:
    """Say where a booking stands; not even the day unless `shows_all`, for the number alone may be in other hands."""
    when = f"{WINDOW_NAMES[pickup.slot.window]} {say_date(pickup.slot.date)}"
    text = f"Dạ, lịch {pickup.booking}: {state_name(pickup)}."
    choices: tuple[Button, ...] = ()
    if shows_all and pickup.state in ("requested", "confirmed", "assigned"):
        text += f"\nHẹn {when}."
        choices = change_or_cancel(pickup) if pickup.state != "assigned" else ()
    if pickup.state in ("failed_1", "failed_2", "returned", "rejected"):
        text += "\nCần thì em nối máy cho người hỗ trợ mình nha anh/chị."
        choices = (button("Gặp nhân viên", "talk_to_human"),)
    facts = _facts(pickup) if shows_all else {"booking": pickup.booking, "state": pickup.state}
    return say("pickup_status", text, *choices, **facts)


def pickup_cancelled(pickup: Pickup) -> Message:
    """Say that a booking is cancelled."""
    text = f"Dạ, em đã hủy lịch {pickup.booking}. Khi nào cần, anh/chị nhắn em đặt lại nha."
    return say("pickup_cancelled", text, **_facts(pickup))


def not_booked() -> Message:
    """Say kindly that nothing was booked, because the citizen did not want to."""
    text = (
        "Dạ, em chưa đặt gì hết, thông tin mình vừa cho em không gửi bưu điện."
        " Anh/chị đến quầy trực tiếp cũng được, hoặc nhắn em khi cần đặt lại nha."
    )
    return say("cancelled", text, what="pickup")


def confirm_cancel(pickup: Pickup) -> Message:
    """Ask whether the booking should really be cancelled."""
    when = f"{WINDOW_NAMES[pickup.slot.window]} {say_date(pickup.slot.date)}"
    text = f"Dạ, anh/chị chắc muốn hủy lịch {pickup.booking}, hẹn {when} chứ ạ?"
    return say("confirm", text, button("Hủy lịch", "affirm"), button("Giữ lại", "deny"), what="cancel_pickup")


def kept(number: str) -> Message:
    """Say that the booking stays."""
    return say("info", f"Dạ, em giữ nguyên lịch {number} nha anh/chị.", topic="pickup_kept")


def which_booking(pickups: list[Pickup], intent: str) -> Message:
    """Ask which booking is meant: of those listed, or by its number."""
    if not pickups:
        text = "Dạ, anh/chị cho em xin số lịch hẹn, dạng MC- và 7 chữ số, ghi trong tin em báo đặt xong ạ."
        return say("info", text, topic="pickup_number")
    choices = [
        button(f"{pickup.booking}, {short(pickup.slot.date)}", intent, booking_code=pickup.booking)
        for pickup in pickups[:5]
    ]
    return say("info", "Dạ, mình đang có mấy lịch, anh/chị hỏi lịch nào ạ?", *choices, topic="pickup_number")


def _facts(pickup: Pickup) -> dict[str, Any]:
    return {
        "booking": pickup.booking,
        "state": pickup.state,
        "date": pickup.slot.date.isoformat(),
        "window": pickup.slot.window,
        "fee": pickup.fee,
    }


def _confirmation(pickup: Pickup, done: str) -> str:
    collects = pickup.service == "collect"
    rows = [
        f"Số lịch: {pickup.booking}",
        f"Thời gian: {WINDOW_NAMES[pickup.slot.window]} {say_date(pickup.slot.date)}",
        f"Cước: {fees.say(pickup.fee)}",
    ]
    bring = "căn cước hoặc hộ chiếu" + (" và giấy ủy quyền" if pickup.proxy_name else "")
    last = f"Bưu điện sẽ xác nhận lại với mình. Khi bưu tá đến, mình đưa xem {bring} nha."
    if collects:
        last += " Bưu tá kiểm giấy tờ, niêm phong trước mặt mình và hai bên ký phiếu gửi."
    return "\n".join([f"Dạ, em {done} {SERVICE_NAMES[pickup.service]}.", *rows, last])
