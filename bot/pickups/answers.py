"""What the assistant says about bookings: made, refused, changed, cancelled, and where they stand."""

from __future__ import annotations

from datetime import date
from typing import Any

from bot.clock import say_date
from bot.messages import Button, Message, button, lines, say
from bot.pickups import fees
from bot.pickups.eligibility import Refusal
from bot.pickups.models import Pickup
from bot.pickups.questions import SERVICE_NAMES, WINDOW_NAMES, short

STATE_NAMES = {
    "requested": "đã ghi nhận, chờ bưu điện xác nhận",
    "confirmed": "bưu điện đã xác nhận",
    "assigned": "đã giao cho bưu tá",
    "picked_up": "bưu tá đã lấy hồ sơ",
    "out_for_delivery": "bưu tá đang đi giao",
    "delivered": "đã giao xong",
    "failed_1": "bưu tá đến mà chưa gặp được người, bưu điện sẽ hẹn lại",
    "failed_2": "bưu tá đến hai lần chưa gặp được người",
    "returned": "kết quả đã chuyển về lại cơ quan giải quyết",
    "cancelled": "đã hủy",
    "rejected": "bưu điện không nhận lịch này",
}


def pickup_booked(pickup: Pickup, *, unsure: bool = False) -> Message:
    """Say that the booking is made and what to keep ready; `unsure`: the post may still say no."""
    text = _confirmation(pickup, "đã ghi lịch")
    if unsure:
        text += "\nEm chưa chắc loại giấy tờ này có gửi qua bưu điện được không, bưu điện sẽ trả lời mình."
    return say("pickup_booked", text, *_later(pickup), **_facts(pickup))


def pickup_changed(pickup: Pickup) -> Message:
    """Say that the booking has new facts."""
    text = _confirmation(pickup, "đã đổi lịch")
    return say("pickup_changed", text, *_later(pickup), **_facts(pickup))


def pickup_status(pickup: Pickup, *, shows_all: bool) -> Message:
    """Say where a booking stands; not even the day unless `shows_all`, for the number alone may be in other hands."""
    when = f"{WINDOW_NAMES[pickup.slot.window]} {say_date(pickup.slot.date)}"
    text = f"Dạ, lịch {pickup.booking}: {STATE_NAMES[pickup.state]}."
    choices: tuple[Button, ...] = ()
    if shows_all and pickup.state in ("requested", "confirmed", "assigned"):
        text += f"\nHẹn {when}."
        choices = _later(pickup) if pickup.state != "assigned" else ()
    if pickup.state in ("failed_1", "failed_2", "returned", "rejected"):
        text += "\nCần thì em nối máy cho người hỗ trợ mình nha anh/chị."
        choices = (_human(),)
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


def unknown_booking(mistyped: bool) -> Message:
    """Say that there is no such booking."""
    hint = "số này có vẻ thiếu hoặc lộn một chữ số" if mistyped else "em không thấy lịch nào mang số này"
    text = f"Dạ, {hint}, anh/chị coi lại giúp em, số lịch có dạng MC- và 7 chữ số."
    return say("info", text, _human(), topic="pickup_unknown")


def ask_phone(intent_words: str) -> Message:
    """Ask for the phone of a booking that was not made in this conversation, whether it exists or not."""
    text = (
        f"Dạ, em không thấy lịch này trong cuộc trò chuyện này. Để {intent_words}, anh/chị nhắn số lịch"
        " kèm số điện thoại đã đặt trong cùng một tin giúp em, hoặc gặp nhân viên ạ."
    )
    return say("info", text, _human(), topic="pickup_phone")


def wrong_phone() -> Message:
    """Say that number and phone do not fit, without telling which of them is wrong."""
    text = (
        "Dạ, em chưa tìm được lịch khớp với số lịch và số điện thoại này."
        " Anh/chị xem lại rồi nhắn em cả hai trong cùng một tin, hoặc gặp nhân viên ạ."
    )
    return say("info", text, _human(), topic="pickup_phone")


def prove_dossier(intent_words: str) -> Message:
    """Ask for the proof of the dossier behind a booking, without naming the dossier."""
    text = (
        f"Dạ, để {intent_words} lịch này từ đây, anh/chị xác nhận hồ sơ trước giúp em: bấm “Xác nhận hồ sơ”, gửi mã"
        " hồ sơ trên giấy hẹn. Xong, anh/chị nhắn lại số lịch kèm số điện thoại, hoặc gặp nhân viên ạ."
    )
    return say("info", text, _confirm_dossier(), _human(), topic="pickup_proof")


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


def _later(pickup: Pickup) -> tuple[Button, ...]:
    return (
        button("Đổi lịch", "change_pickup", booking_code=pickup.booking),
        button("Hủy lịch", "cancel_pickup", booking_code=pickup.booking),
    )


def _confirm_dossier() -> Button:
    return button("Xác nhận hồ sơ", "check_dossier", dossier_code="other")  # whichever dossier was talked of before


def _human() -> Button:
    return button("Gặp nhân viên", "talk_to_human")


def _window_line(alternative: dict[str, Any]) -> str:
    return f"{WINDOW_NAMES[alternative['window']]} {say_date(date.fromisoformat(alternative['date']))}"


_REFUSALS = {
    "dossier_not_found": "Dạ, em không mở được hồ sơ này để đặt giao kết quả.",
    "dossier_unproved": (
        "Dạ, lâu rồi mình chưa xác nhận hồ sơ của lịch này nên em chưa đổi được."
        " Anh/chị xác nhận lại mã hồ sơ giúp em rồi đổi lịch sau, hoặc gặp nhân viên ạ."
    ),
    "dossier_missing": "Dạ, em chưa có mã hồ sơ nên chưa đặt giao được.",
    "procedure_missing": "Dạ, em chưa rõ hồ sơ làm giấy tờ gì nên chưa đặt được.",
    "dossier_not_received": (
        "Dạ, hồ sơ này mới gửi, cơ quan chưa tiếp nhận nên chưa đặt giao kết quả được."
        " Khi hồ sơ được tiếp nhận, anh/chị nhắn em đặt nha."
    ),
    "dossier_returned": "Dạ, kết quả hồ sơ này đã trả rồi nên không còn gì để giao ạ.",
    "dossier_state": "Dạ, hồ sơ đang ở bước chưa giao kết quả được ạ.",
    "procedure_in_person": (
        "Dạ, việc này cần người làm có mặt nên không gửi qua bưu điện được."
        " Anh/chị đến Trung tâm Phục vụ hành chính công xã, phường gần nhất giúp em nha."
    ),
    "procedure_not_found": "Dạ, em chưa rõ hồ sơ này làm giấy tờ gì nên chưa đặt được.",
    "no_office": "Dạ, nơi này em chưa có bưu cục nào nhận lịch qua em.",
    "no_slots": "Dạ, bưu cục phục vụ nơi này hiện chưa mở lịch nào qua em.",
    "slot_full": "Dạ, tiếc quá, chỗ đó vừa có người đặt trước mất rồi.",
    "day_not_open": "Dạ, ngày đó bưu điện không nhận lịch ạ.",
    "too_late": ("Dạ, lịch này đã giao cho bưu tá nên em không đổi, hủy được nữa. Anh/chị gặp nhân viên giúp em nha."),
}


def pickup_refused(refusal: Refusal) -> Message:
    """Say why something cannot be booked and what can be done instead."""
    text = _REFUSALS.get(refusal.reason, "Dạ, lịch này em chưa đặt được ạ.")
    choices: list[Button] = []
    if refusal.reason == "already_booked":
        text = f"Dạ, hồ sơ này đang có lịch giao {refusal.booking} rồi ạ. Anh/chị muốn đổi lịch đó không?"
        choices += [
            button("Đổi lịch", "change_pickup", booking_code=refusal.booking),
            button("Xem lịch", "track_pickup", booking_code=refusal.booking),
        ]
    if refusal.reason == "dossier_unproved":
        choices.append(_confirm_dossier())
    open_slots = [item for item in refusal.alternatives if item["what"] == "slot"]
    if open_slots:
        text = lines(f"{text} Gần nhất còn:", [_window_line(item) for item in open_slots])
    for item in refusal.alternatives:
        if item["what"] == "counter":
            choices.append(button("Tìm trung tâm gần nhà", "ask_office"))
        elif item["what"] == "staff" and refusal.reason != "already_booked":
            choices.append(_human())
    return say("pickup_refused", text, *choices, reason=refusal.reason, alternatives=refusal.alternatives)
