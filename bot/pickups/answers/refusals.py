"""What is said when a booking cannot be made, opened or found, and what can be done instead."""

from __future__ import annotations

from datetime import date
from typing import Any

from bot.clock import say_date
from bot.messages import Button, Message, button, lines, say
from bot.pickups.eligibility import Refusal
from bot.pickups.form.questions import WINDOW_NAMES

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
        " Anh/chị bấm “Nộp ở đâu” để xem đến chỗ nào nha."
    ),
    "procedure_not_found": "Dạ, em chưa rõ hồ sơ này làm giấy tờ gì nên chưa đặt được.",
    "collection_outside": (
        "Dạ, em chỉ đặt được bưu tá đến lấy hồ sơ ở trong tỉnh Lâm Đồng. Anh/chị ở tỉnh khác thì gặp nhân viên để"
        " được chỉ cách gửi hồ sơ về ạ."
    ),
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
        if item["what"] == "counter" and "procedure" in item:
            choices.append(button("Nộp ở đâu", "ask_procedure_place", procedure=item["procedure"]))
        elif item["what"] == "counter":
            choices.append(button("Tìm trung tâm gần nhà", "ask_office"))
        elif item["what"] == "staff" and refusal.reason != "already_booked":
            choices.append(_human())
    return say("pickup_refused", text, *choices, reason=refusal.reason, alternatives=refusal.alternatives)


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


def _window_line(alternative: dict[str, Any]) -> str:
    return f"{WINDOW_NAMES[alternative['window']]} {say_date(date.fromisoformat(alternative['date']))}"


def _confirm_dossier() -> Button:
    return button("Xác nhận hồ sơ", "check_dossier", dossier_code="other")  # whichever dossier was talked of before


def _human() -> Button:
    return button("Gặp nhân viên", "talk_to_human")
