"""Where a dossier stands, in a clerk's plain words: what was asked comes first, then one next step."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bot import clock
from bot.citing import shortened
from bot.dossiers import questions
from bot.dossiers.answers import lateness, timeline
from bot.dossiers.answers.asking import HUMAN, other_dossier
from bot.dossiers.answers.lateness import sentence
from bot.dossiers.answers.wording import ON_PORTAL, by_post, how_supplied, to_pay
from bot.dossiers.deadlines import Change
from bot.dossiers.lookup import DossierView
from bot.dossiers.statuses import Clock, Status, info
from bot.messages import Button, Message, button, say

LONGEST_NAME = 80
MOST_FIRST = 2  # buttons for the next step; more beside them would only puzzle
QUESTIONS = ("status", "late", "supplement", "timeline")
_WITH_REASON = (Status.REFUSED, Status.SUPPLEMENT, Status.STOPPED)
_SETTLED = ("paid", "pending", "waived", "refunded")


def show(
    view: DossierView, question: str = "status", *, history: list[Change] | None = None, followed: bool = False
) -> Message:
    """Return the status of a dossier after proof.

    `question` is one of QUESTIONS, `history` is for the timeline; who follows the dossier is not offered to again.
    """
    if view.upstream_status:
        return _as_upstream_calls_it(view)
    text = timeline.lines(view, history) if question == "timeline" and history else _answer(view, question)
    fields = {"timeline": timeline.steps(view, history)} if question == "timeline" and history else {}
    return say(
        "dossier_status", "\n".join(text), *buttons(view, question, followed=followed), **facts(view, tier=1), **fields
    )


def facts(view: DossierView, *, tier: int) -> dict[str, Any]:
    """Return the machine-readable part of contract §2: label, title and dates, nothing of tier 1."""
    return {
        "code": view.code,
        "status": int(view.status),
        "label": view.label,
        "title": info(view.status).title,
        "due_at": _iso(view.due_at),
        "late_working_days": view.late_working_days,
        "new_due_at": _iso(view.new_due_at),
        "tier": tier,
    }


def _answer(view: DossierView, question: str) -> list[str]:
    state = info(view.status)
    opening = f"Dạ, hồ sơ {view.code}{_name(view)}"
    late = lateness.late(view)
    if question == "late":
        text = [f"{opening} {late or lateness.not_late(view)}.", *lateness.apology(view)]
        text += [f"Hiện hồ sơ {state.meaning}."] if late or lateness.is_open(view) else []
    elif question == "supplement" and view.status is not Status.SUPPLEMENT:
        text = [f"{opening} hiện không có yêu cầu bổ sung giấy tờ nào.", f"Hiện hồ sơ {state.meaning}."]
    elif question == "supplement":
        text = [f"{opening} cần bổ sung giấy tờ."]
    else:
        text = [f"{opening} {state.meaning}."]
    if late and question != "late":
        text += [f"Hồ sơ {late}.", *lateness.apology(view)]
    return [*text, *_details(view, due_is_said=bool(late) or question == "late"), _next_step(view)]


def _as_upstream_calls_it(view: DossierView) -> Message:
    """Say a state that we do not know in the very words of the system that named it; guess nothing."""
    text = (
        f"Dạ, hồ sơ {view.code}{_name(view)}: hệ thống một cửa đang ghi trạng thái “{view.upstream_status}”.\n"
        "Trạng thái này mới, em chưa có lời giải thích chắc chắn nên đọc nguyên văn; em đã báo nhân viên xem.\n"
        f"Trước đó hồ sơ {info(view.status).meaning}. Cần biết ngay, anh/chị bấm “Gặp nhân viên”."
    )
    return say(
        "dossier_status",
        text,
        HUMAN,
        other_dossier(),
        **facts(view, tier=1),
        upstream_label=view.upstream_status,
    )


def _iso(moment: datetime | None) -> str | None:
    return clock.to_vietnam(moment).isoformat() if moment else None


def _name(view: DossierView) -> str:
    return f" ({shortened(view.procedure_name, LONGEST_NAME)})" if view.procedure_name else ""


def _details(view: DossierView, *, due_is_said: bool) -> list[str]:
    found = []
    if view.note and view.status in _WITH_REASON:
        found.append(f"Lý do: {sentence(view.note)}")
    if view.status is Status.SUPPLEMENT:
        found += _supplement(view)
    if view.amount_due and (view.status is Status.PAYMENT or view.payment_state in ("unpaid", "pending")):
        found.append(f"Số tiền phải nộp: {to_pay(view)}.")
    return found + _dates(view, due_is_said=due_is_said)


def _supplement(view: DossierView) -> list[str]:
    deadline = f", hạn {clock.say_date(view.supplement_due_at)}" if view.supplement_due_at else ""
    if view.supplement:
        return [f"Giấy tờ cần bổ sung{deadline}:", *(f"- {paper}" for paper in view.supplement)]
    until = f" Hạn bổ sung: {clock.say_date(view.supplement_due_at)}." if view.supplement_due_at else ""
    return [f"Hệ thống chưa ghi rõ giấy nào; anh/chị xem phiếu yêu cầu bổ sung hoặc hỏi nhân viên.{until}"]


def _dates(view: DossierView, *, due_is_said: bool) -> list[str]:
    found = []
    state = info(view.status).clock
    if view.due_at and not due_is_said and state in (Clock.NOT_YET, Clock.RUNS, Clock.PAUSED):
        which = " ban đầu" if state is Clock.PAUSED else ""  # it moves once the clock runs again
        today = lateness.is_due_today(view) and state is not Clock.PAUSED
        gone = " (đã qua)" if lateness.passed(view) else " (hôm nay)" if today else ""
        found.append(f"Ngày hẹn trả{which}: {clock.say_date(view.due_at)}{gone}.")
    if view.estimated_due:
        found.append(
            f"Tính theo thời hạn của thủ tục thì khoảng {clock.say_date(view.estimated_due)} "
            "(em ước tính; ngày trên giấy hẹn mới đúng)."
        )
    if view.status is Status.RETURNED and view.returned_at:
        found.append(f"Ngày trả: {clock.say_date(view.returned_at)}.")
    elif view.agency and state is not Clock.ENDED:
        found.append(f"Nơi giải quyết: {view.agency}.")
    return found


def _next_step(view: DossierView) -> str:
    if view.late_working_days and lateness.is_open(view) and lateness.has_new_date(view):
        return "Anh/chị chờ giúp tới ngày hẹn lại; cần gấp thì bấm “Nhờ nhắc cơ quan”."
    if view.late_working_days and lateness.is_open(view):
        return "Anh/chị bấm “Nhờ nhắc cơ quan”, em ghi phiếu để nhân viên nhắc nơi giải quyết."
    if lateness.passed(view) and lateness.is_open(view):
        return "Hệ thống chưa ghi kết quả. Anh/chị chờ sang ngày làm việc kế tiếp; cần gấp thì bấm “Nhờ nhắc cơ quan”."
    if view.status is Status.SUPPLEMENT and view.supplement_due_at and view.supplement_due_at < clock.now():
        return "Hạn bổ sung đã qua, anh/chị gặp nhân viên sớm để được hướng dẫn."
    if view.status is Status.SUPPLEMENT:
        return f"{how_supplied(view)} Bổ sung một lần cho đủ; trong lúc chờ, thời gian giải quyết tạm dừng."
    if view.status is Status.PAYMENT and view.payment_state in ("paid", "waived", "refunded"):
        return "Anh/chị chưa cần làm gì thêm, cơ quan sẽ giải quyết tiếp."
    if view.status is Status.PAYMENT and view.payment_state == "pending":
        return "Anh/chị giữ biên lai và chờ hệ thống cập nhật."
    if view.status is Status.DONE and view.return_method == "electronic":
        return f"Kết quả bản điện tử {ON_PORTAL}."
    if view.status is Status.DONE and view.return_method == "post":
        return by_post(view)
    if view.status in (Status.REFUSED, Status.STOPPED) and not view.note:
        return "Hệ thống chưa ghi lý do, anh/chị bấm “Gặp nhân viên” để được giải thích."
    return info(view.status).next_step


def buttons(view: DossierView, question: str, *, followed: bool) -> list[Button]:
    """Return the next steps of a dossier in its state; who follows it is not offered to again."""
    about = {"dossier_code": view.code}
    follow = button("Báo tin cho tôi", "subscribe_dossier", **about)
    way = button("Xem quá trình", "check_dossier", **about, view="timeline")
    first: list[Button] = []
    if lateness.is_open(view) and (view.late_working_days or lateness.passed(view)):
        first = [button("Nhờ nhắc cơ quan", "ask_dossier_late", **about, request="press"), HUMAN]
    elif view.status is Status.DONE and not view.postal_code and view.return_method != "electronic":
        first = [button("Giao kết quả tận nhà", "book_delivery", **about)]
    elif view.status is Status.DONE and view.postal_code:
        first = [button("Bưu gửi tới đâu?", "check_dossier", **about, view=questions.PARCEL)]
    elif view.status is Status.PAYMENT and view.payment_state not in _SETTLED:
        first = [button("Cách nộp tiền", "pay_online")]
    elif view.status is Status.SUPPLEMENT:
        first = [button("Hỏi rõ giấy còn thiếu", "ask_dossier_supplement", **about, request="missing"), HUMAN]
    elif view.status is Status.RETURNED:
        return [button("Góp ý", "send_feedback"), other_dossier()]
    elif info(view.status).clock is Clock.STOPPED:
        return [HUMAN, other_dossier()]
    rest = [] if followed else [follow]
    if question != "timeline" and len(first) < MOST_FIRST:
        rest.append(way)
    return [*first, *rest, other_dossier()]
