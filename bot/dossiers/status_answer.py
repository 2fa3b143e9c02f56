"""Where a dossier stands, in a clerk's plain words: what was asked comes first, then one next step."""

from __future__ import annotations

from datetime import datetime

from bot import clock
from bot.dossiers.answers import HUMAN, other_dossier
from bot.dossiers.lookup import DossierView
from bot.dossiers.statuses import Clock, Status, info
from bot.messages import Button, Message, button, say
from bot.working_days import is_estimate, working_days_between

LONGEST_NAME = 80
QUESTIONS = ("status", "late", "supplement")
_WITH_REASON = (Status.REFUSED, Status.SUPPLEMENT, Status.STOPPED)
_PAYMENT = {
    "unpaid": "chưa nộp",
    "pending": "đang chờ hệ thống xác nhận, anh/chị đừng nộp lần hai",
    "paid": "đã nộp",
    "waived": "được miễn",
    "refunded": "đã hoàn lại",
}


def show(view: DossierView, question: str = "status") -> Message:
    """Return the status of a dossier after proof; `question` is one of QUESTIONS."""
    state = info(view.status)
    opening = f"Dạ, hồ sơ {view.code}{_name(view)}"
    late = _late(view)
    if question == "late":
        text = [f"{opening} {late or _not_late(view)}.", *_apology(view)]
        text += [f"Hiện hồ sơ {state.meaning}."] if late or _still_open(view) else []
    elif question == "supplement" and view.status is not Status.SUPPLEMENT:
        text = [f"{opening} hiện không có yêu cầu bổ sung giấy tờ nào.", f"Hiện hồ sơ {state.meaning}."]
    elif question == "supplement":
        text = [f"{opening} cần bổ sung giấy tờ."]
    else:
        text = [f"{opening} {state.meaning}."]
    if late and question != "late":
        text += [f"Hồ sơ {late}.", *_apology(view)]
    text += [*_details(view, due_is_said=bool(late) or question == "late"), _next_step(view)]
    return say(
        "dossier_status",
        "\n".join(text),
        *_buttons(view),
        code=view.code,
        status=int(view.status),
        label=state.label,
        due_at=_iso(view.due_at),
        late_working_days=view.late_working_days,
        new_due_at=_iso(view.new_due_at),
        tier=1,
    )


def money(amount: int) -> str:
    """Return an amount as people write it: "1.200.000 đồng"."""
    return f"{amount:,}".replace(",", ".") + " đồng"


def _iso(moment: datetime | None) -> str | None:
    return clock.to_vietnam(moment).isoformat() if moment else None


def _name(view: DossierView) -> str:
    name = view.procedure_name or ""
    if len(name) > LONGEST_NAME:
        name = name[:LONGEST_NAME].rsplit(" ", 1)[0].rstrip(" ,;") + "…"
    return f" ({name})" if name else ""


def _still_open(view: DossierView) -> bool:
    return info(view.status).clock is Clock.RUNS


def _has_new_date(view: DossierView) -> bool:
    return view.new_due_at is not None and clock.to_vietnam(view.new_due_at).date() >= clock.today()


def _late(view: DossierView) -> str | None:
    """Return what to say of the delay after "hồ sơ", or None when there is none."""
    if not view.late_working_days or view.due_at is None:
        return None
    count = f"{view.late_working_days} ngày làm việc"
    if view.late_is_estimate:
        count = f"khoảng {count} (ước tính)"
    due = clock.say_date(view.due_at)
    if _still_open(view):
        return f"đã trễ hẹn {count} (ngày hẹn trả: {due}), em rất mong anh/chị thông cảm"
    return f"trễ {count} so với ngày hẹn trả {due}, em rất mong anh/chị thông cảm"


def _not_late(view: DossierView) -> str:
    state = info(view.status)
    if state.clock is Clock.NOT_YET:
        return f"{state.meaning}, chưa bắt đầu tính ngày hẹn"
    if state.clock is Clock.PAUSED:
        return f"{state.meaning}, nên chưa tính là trễ"
    if state.clock is Clock.STOPPED:
        return f"{state.meaning}, nên không còn tính ngày hẹn"
    if state.clock is Clock.ENDED:
        if view.due_at is None or view.finished_at is None:
            return state.meaning
        return f"{state.meaning}, không trễ so với ngày hẹn {clock.say_date(view.due_at)}"
    if view.due_at is None:
        return "chưa có ngày hẹn trả trong hệ thống, nên em chưa biết có trễ hay không"
    due, today = clock.to_vietnam(view.due_at).date(), clock.today()
    if due < today:
        return f"đã qua ngày hẹn {clock.say_date(due)}, nhưng chưa trễ ngày làm việc nào"
    if due == today:
        return "chưa trễ: hôm nay là ngày hẹn trả"
    left = f"{working_days_between(today, due)} ngày làm việc"
    if is_estimate(today, due):
        left = f"khoảng {left}"
    return f"chưa trễ: hẹn trả {clock.say_date(due)}, còn {left} nữa"


def _apology(view: DossierView) -> list[str]:
    if not (view.late_working_days or view.new_due_at):
        return []
    reason = f" Lý do: {_sentence(view.apology_reason)}" if view.apology_reason else ""
    if view.new_due_at:
        again = clock.say_date(view.new_due_at)
        passed = " Ngày hẹn lại này cũng đã qua." if _still_open(view) and not _has_new_date(view) else ""
        return [f"Cơ quan đã xin lỗi và hẹn lại {again}.{passed}{reason}"]
    if reason:
        return [f"Cơ quan đã có thư xin lỗi, chưa ghi ngày hẹn lại.{reason}"]
    return ["Em chưa thấy thư xin lỗi hay ngày hẹn lại của cơ quan."] if _still_open(view) else []


def _details(view: DossierView, *, due_is_said: bool) -> list[str]:
    found = []
    if view.note and view.status in _WITH_REASON:
        found.append(f"Lý do: {_sentence(view.note)}")
    if view.status is Status.SUPPLEMENT:
        if view.supplement:
            found += ["Giấy tờ cần bổ sung:", *(f"- {paper}" for paper in view.supplement)]
        else:
            found.append("Hệ thống chưa ghi rõ giấy nào; anh/chị xem phiếu yêu cầu bổ sung hoặc hỏi nhân viên.")
    if view.amount_due and (view.status is Status.PAYMENT or view.payment_state in ("unpaid", "pending")):
        state = f" ({_PAYMENT[view.payment_state]})" if view.payment_state else ""
        found.append(f"Số tiền phải nộp: {money(view.amount_due)}{state}.")
    clock_state = info(view.status).clock
    if view.due_at and not due_is_said and clock_state in (Clock.NOT_YET, Clock.RUNS, Clock.PAUSED):
        which = " ban đầu" if clock_state is Clock.PAUSED else ""  # it moves once the clock runs again
        found.append(f"Ngày hẹn trả{which}: {clock.say_date(view.due_at)}.")
    if view.status is Status.RETURNED and view.returned_at:
        found.append(f"Ngày trả: {clock.say_date(view.returned_at)}.")
    elif view.agency and clock_state is not Clock.ENDED:
        found.append(f"Nơi giải quyết: {view.agency}.")
    return found


def _next_step(view: DossierView) -> str:
    if view.late_working_days and _still_open(view) and _has_new_date(view):
        return "Anh/chị chờ giúp tới ngày hẹn lại; cần gấp thì bấm “Gặp nhân viên”."
    if view.late_working_days and _still_open(view):
        return "Anh/chị bấm “Gặp nhân viên”, em chuyển để nhân viên nhắc cơ quan giải quyết."
    if view.status is Status.PAYMENT and view.payment_state in ("paid", "waived"):
        return "Anh/chị chưa cần làm gì thêm, cơ quan sẽ giải quyết tiếp."
    if view.status is Status.PAYMENT and view.payment_state == "pending":
        return "Anh/chị giữ biên lai và chờ hệ thống cập nhật."
    if view.status is Status.DONE and view.return_method == "electronic":
        return "Kết quả bản điện tử nằm trong hồ sơ và kho dữ liệu điện tử của anh/chị trên Cổng Dịch vụ công."
    if view.status is Status.DONE and view.return_method == "post":
        parcel = f" Mã bưu gửi: {view.postal_code}." if view.postal_code else ""
        return f"Hồ sơ đăng ký nhận kết quả qua bưu điện, anh/chị để ý điện thoại giúp bưu tá nhé.{parcel}"
    return info(view.status).next_step


def _buttons(view: DossierView) -> list[Button]:
    if view.late_working_days and _still_open(view):
        return [HUMAN, other_dossier()]
    if view.status is Status.DONE and not view.postal_code:
        return [button("Giao kết quả tận nhà", "book_delivery", dossier_code=view.code), other_dossier()]
    if view.status is Status.DONE:
        return [button("Bưu gửi tới đâu?", "track_pickup"), other_dossier()]
    if view.status is Status.PAYMENT and view.payment_state not in ("paid", "pending", "waived"):
        return [button("Cách nộp tiền", "pay_online"), other_dossier()]
    if view.status is Status.RETURNED:
        return [button("Góp ý", "send_feedback"), other_dossier()]
    if view.status in (Status.REFUSED, Status.SUPPLEMENT, Status.STOPPED, Status.WITHDRAWN):
        return [HUMAN, other_dossier()]
    return [other_dossier()]


def _sentence(text: str) -> str:
    """Return a note as a sentence: one stop at its end."""
    return text.rstrip(" .;") + "."
