"""Notices about a dossier: switched on and off, and the notice itself (tier 0: no names, reasons, papers or money)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot import clock
from bot.dossiers.answers.status import facts
from bot.dossiers.lookup import DossierView, waits_at_counter
from bot.dossiers.statuses import Status, info
from bot.messages import MOST_BUTTONS, Button, Message, button, say
from bot.privacy import consent

# What a notice says to do; where tier 1 would name papers or money, it points to the look-up.
_STEPS = {
    Status.REFUSED: "Anh/chị bấm “Xem chi tiết” để biết lý do, rồi nộp lại.",
    Status.SUPPLEMENT: "Anh/chị bấm “Xem chi tiết” để biết cần bổ sung gì.",
    Status.PAYMENT: "Anh/chị bấm “Xem chi tiết” để biết cần nộp gì.",
    Status.STOPPED: "Anh/chị bấm “Xem chi tiết” để biết lý do.",
}


def subscribed(code: str) -> Message:
    """Say that the dossier is followed from now on, and what that means: these are the words of the consent."""
    text = consent.text("notices").format(code=code)
    return say("subscribed", text, button("Ngừng báo tin", "unsubscribe_dossier", dossier_code=code), code=code)


def unsubscribed(code: str) -> Message:
    """Say that no more notices of this dossier will come."""
    text = f"Dạ, em đã ngừng báo tin hồ sơ {code}. Anh/chị hỏi em lúc nào cũng được ạ."
    return say("unsubscribed", text, button("Bật lại", "subscribe_dossier", dossier_code=code), code=code)


def after_this() -> Message:
    """Say that notices come after the booking that is under way."""
    text = "Dạ, mình đặt lịch xong rồi anh/chị nhắn “báo tin hồ sơ” kèm mã, em bật liền nhé."
    return say("info", text, topic="notices")


def which_to_stop(codes: Sequence[str]) -> Message:
    """Ask which of several followed dossiers should be silent."""
    shown = codes[:MOST_BUTTONS]
    buttons = [button(code, "unsubscribe_dossier", dossier_code=code) for code in shown]
    return say("dossier_question", "Dạ, anh/chị muốn ngừng báo tin hồ sơ nào ạ?", *buttons, slot="code")


def nothing_followed(code: str | None) -> Message:
    """Say that there is nothing to switch off."""
    which = f" hồ sơ {code}" if code else " hồ sơ nào"
    text = (
        f"Dạ, em hiện không báo tin{which} ở cuộc trò chuyện này, nên không cần tắt gì ạ.\n"
        "Nếu anh/chị vẫn nhận tin, đó là từ nơi khác gửi."
    )
    return say("info", text, topic="notices")


def notice(view: DossierView, kind: str, status: Status, at: datetime) -> Message:
    """Return what a follower is told: a change of state `at` that moment, or a reminder (kinds of the table)."""
    state = info(status)
    if kind == "supplement_due":
        first = f"Dạ, em nhắc: hồ sơ {view.code} đang chờ bổ sung giấy tờ, hạn tới {clock.say_date(at)}."
        step = _STEPS[Status.SUPPLEMENT]
    elif kind == "result_waiting":
        first = f"Dạ, em nhắc: hồ sơ {view.code} đã có kết quả từ {clock.say_date(at)}, đang chờ anh/chị nhận."
        step = _fetching(view)
    else:
        first = f"Dạ, em báo tin: hồ sơ {view.code} {state.meaning} (lúc {clock.say_time(at)})."
        step = _fetching(view) if status is Status.DONE else _STEPS.get(status, state.next_step)
    text = [first]
    if kind == "change" and status in (Status.RECEIVED, Status.IN_PROGRESS) and view.due_at:
        text.append(f"Ngày hẹn trả: {clock.say_date(view.due_at)}.")
    text += [step, "Không muốn nhận tin nữa, anh/chị bấm hoặc nhắn “Ngừng báo tin”."]
    shown = {**facts(view, tier=0), "status": int(status), "label": state.label, "title": state.title, "notice": kind}
    return say("dossier_status", "\n".join(text), *_buttons(view, status), **shown)


def _fetching(view: DossierView) -> str:
    """Return how a result is had; only who fetches it at the counter is told to come."""
    if waits_at_counter(view):
        return info(Status.DONE).next_step
    return "Anh/chị bấm “Xem chi tiết” để biết nhận kết quả bằng cách nào, chưa cần tới quầy."


def _buttons(view: DossierView, status: Status) -> list[Button]:
    buttons = [button("Xem chi tiết", "check_dossier", dossier_code=view.code)]
    if status is Status.DONE and waits_at_counter(view):
        buttons.append(button("Giao kết quả tận nhà", "book_delivery", dossier_code=view.code))
    return [*buttons, button("Ngừng báo tin", "unsubscribe_dossier", dossier_code=view.code)]
