"""What the assistant says about bookings: made, refused, changed, cancelled, and where they stand."""

from __future__ import annotations

from typing import Any

from bot.clock import say_date
from bot.messages import Button, Message, button, lines, say
from bot.pickups import fees
from bot.pickups.answers.moves import change_or_cancel, state_name
from bot.pickups.form.questions import SERVICE_NAMES, WINDOW_NAMES, short
from bot.pickups.models import Pickup


def pickup_booked(pickup: Pickup, *, unsure: bool = False) -> Message:
    """Say that the booking is made and what to keep ready; `unsure`: the post may still say no."""
    text = _confirmation(pickup, "đã ghi lịch")
    if unsure:
        text += "\nEm chưa chắc loại giấy tờ này có gửi qua bưu điện được không, bưu điện sẽ trả lời mình."
    return say("pickup_booked", text, *_papers(pickup), *change_or_cancel(pickup), **_facts(pickup))


def pickup_changed(pickup: Pickup) -> Message:
    """Say that the booking has new facts."""
    text = _confirmation(pickup, "đã đổi lịch")
    return say("pickup_changed", text, *change_or_cancel(pickup), **_facts(pickup))


def pickup_status(pickup: Pickup, *, shows_all: bool) -> Message:
    """Say where a booking stands; not even the day unless `shows_all`, for the number alone may be in other hands."""
    when = _when(pickup)
    text = f"Dạ, lịch {pickup.booking}: {state_name(pickup)}."
    choices: tuple[Button, ...] = ()
    if shows_all and pickup.state in ("requested", "confirmed", "assigned"):
        text += f"\nHẹn {when}." if when else ""
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
    when = _when(pickup)
    text = f"Dạ, anh/chị chắc muốn hủy lịch {pickup.booking}{f', hẹn {when}' if when else ''} chứ ạ?"
    return say("confirm", text, button("Hủy lịch", "affirm"), button("Giữ lại", "deny"), what="cancel_pickup")


def kept(number: str) -> Message:
    """Say that the booking stays."""
    return say("info", f"Dạ, em giữ nguyên lịch {number} nha anh/chị.", topic="pickup_kept")


def which_booking(pickups: list[Pickup], intent: str) -> Message:
    """Ask which booking is meant: of those listed, or by its number."""
    if not pickups:
        text = "Dạ, anh/chị cho em xin số lịch hẹn, dạng MC- và 7 chữ số, ghi trong tin em báo đặt xong ạ."
        return say("info", text, topic="pickup_number")
    choices = [button(_title(pickup), intent, booking_code=pickup.booking) for pickup in pickups[:5]]
    return say("info", "Dạ, mình đang có mấy lịch, anh/chị hỏi lịch nào ạ?", *choices, topic="pickup_number")


def _title(pickup: Pickup) -> str:
    return f"{pickup.booking}, {short(pickup.slot.date) if pickup.slot else pickup.destination}"


def _facts(pickup: Pickup) -> dict[str, Any]:
    slot = pickup.slot
    return {
        "booking": pickup.booking,
        "state": pickup.state,
        "date": slot.date.isoformat() if slot else None,
        "window": slot.window if slot else None,
        "fee": pickup.fee,
    }


def _when(pickup: Pickup) -> str | None:
    """Return the half-day in words; None for a letter beyond the province, whose day the post names."""
    slot = pickup.slot
    return f"{WINDOW_NAMES[slot.window]} {say_date(slot.date)}" if slot else None


def _confirmation(pickup: Pickup, done: str) -> str:
    to = f" gửi về {pickup.destination}" if pickup.destination else ""
    rows = [
        f"Dạ, em {done} {SERVICE_NAMES[pickup.service]}{to}.",
        f"Số lịch: {pickup.booking}",
        f"Thời gian: {_when(pickup) or 'bưu điện hẹn khi xác nhận'}",
        f"Cước bưu điện: {fees.say(pickup.fee)}",
        f"Bưu điện sẽ xác nhận lại với mình. {_promise(pickup)}".rstrip(),
    ]
    return lines("\n".join([*rows, "Khi bưu tá đến, anh/chị chuẩn bị giúp em:"]), _ready(pickup))


def _ready(pickup: Pickup) -> list[str]:
    """Return what the citizen must have at hand (TT 17/2017/TT-BTTTT; domain facts of 2026-11-22)."""
    ready = ["Căn cước hoặc hộ chiếu" + (" của người làm thay, và giấy ủy quyền" if pickup.proxy_name else "")]
    if pickup.service != "collect":
        ready.append("Thẻ cũ, giấy cũ bản gốc, nếu giấy hẹn ghi phải nộp lại")
    if pickup.service != "deliver":
        ready.append("Giấy tờ của hồ sơ: bưu tá đếm theo danh mục, niêm phong trước mặt mình, hai bên ký phiếu gửi")
    return ready


def _promise(pickup: Pickup) -> str:
    """Return how long the post may take at most; the old texts count in districts, so the safe promise is given."""
    if pickup.zone == "special":
        return "Nơi đi lại khó nên thời gian theo công bố của bưu điện."
    if pickup.zone == "outside":
        return "Thư ra ngoài tỉnh mất tối đa khoảng 4 ngày làm việc kể từ ngày bưu điện nhận."
    if pickup.service == "deliver":
        return ""
    return "Hồ sơ tới cơ quan trong tối đa 2 ngày làm việc, tính là đã nộp khi hai bên ký biên bản giao nhận."


def _papers(pickup: Pickup) -> tuple[Button, ...]:
    if pickup.service == "deliver" or not pickup.papers:
        return ()
    return (button("Giấy tờ cần có", "ask_procedure_documents", procedure=pickup.procedure_code),)
