"""Answers to one particular question about a proven dossier: that answer first, not the whole card again."""

from __future__ import annotations

from collections.abc import Callable

from bot import clock
from bot.dossiers import questions
from bot.dossiers.answers import lateness
from bot.dossiers.answers.asking import HUMAN, other_dossier
from bot.dossiers.answers.lateness import sentence
from bot.dossiers.answers.status import buttons, facts
from bot.dossiers.answers.wording import BRING, ON_PORTAL, by_post, how_supplied, to_pay
from bot.dossiers.lookup import DossierView, waits_at_counter
from bot.dossiers.statuses import Clock, Status, info
from bot.messages import Button, Message, button, say
from bot.working_days import is_estimate, working_days_between

MOST_SHOWN = 4  # buttons
_ENDED_BADLY = (Status.REFUSED, Status.WITHDRAWN, Status.STOPPED)
_WITH_REASON = (Status.REFUSED, Status.SUPPLEMENT, Status.STOPPED)
_Found = tuple[list[str], list[Button]]  # what is said, and the buttons of this answer that stand first


def answer(view: DossierView, question: str, *, followed: bool = False) -> Message | None:
    """Return the answer to one of `questions.PARTICULAR`; None where the card of its state says it all."""
    find = _ANSWERS.get(question)
    found = find(view) if find and not view.upstream_status else None
    if found is None:
        return None
    lines, own = found
    asked_again = f'"view": "{question}"'
    rest = (b for b in buttons(view, question, followed=followed) if b not in own and asked_again not in b.meaning)
    shown = [*own, *rest]
    return say("dossier_status", "\n".join(lines), *shown[:MOST_SHOWN], **facts(view, tier=1))


def _due(view: DossierView) -> _Found:
    state = info(view.status)
    if view.status is Status.RETURNED:
        when = f" {clock.say_date(view.returned_at)}" if view.returned_at else " rồi"
        return [f"Dạ, hồ sơ {view.code} đã trả kết quả{when}."], []
    if state.clock is Clock.ENDED:
        since = f" từ {clock.say_date(view.finished_at)}" if view.finished_at else ""
        return [f"Dạ, hồ sơ {view.code} đã có kết quả{since}.", _how_received(view)], []
    if state.clock is Clock.STOPPED:
        return [f"Dạ, hồ sơ {view.code} {state.meaning}, nên không còn ngày hẹn trả."], []
    if state.clock is Clock.PAUSED:
        before = f"Ngày hẹn ban đầu là {clock.say_date(view.due_at)}. " if view.due_at else ""
        return [
            f"Dạ, chưa có ngày mới, vì hồ sơ {view.code} {state.meaning}.",
            f"{before}Anh/chị làm xong phần này, thời gian giải quyết mới chạy tiếp.",
        ], []
    return [f"Dạ, hồ sơ {view.code} {_when(view)}.", *lateness.apology(view)], []


def _when(view: DossierView) -> str:
    """Return when a dossier whose clock runs, or will run, has its result; to go on after its code."""
    if view.due_at is None and view.estimated_due:
        return f"có thể xong khoảng {clock.say_date(view.estimated_due)} (em ước tính; ngày trên giấy hẹn mới đúng)"
    if view.due_at is None or view.late_working_days or lateness.passed(view):
        return lateness.late(view) or lateness.not_late(view)
    if lateness.is_due_today(view):
        return f"hẹn trả hôm nay, {clock.say_date(view.due_at)}"
    due, today = clock.to_vietnam(view.due_at).date(), clock.today()
    about = "khoảng " if is_estimate(today, due) else ""
    return f"hẹn trả {clock.say_date(due)}, còn {about}{working_days_between(today, due)} ngày làm việc nữa"


def _supply_by(view: DossierView) -> _Found:
    if view.status is not Status.SUPPLEMENT:
        return _due(view)
    if view.supplement_due_at is None:
        return [
            f"Dạ, hệ thống chưa ghi hạn bổ sung của hồ sơ {view.code}; hạn ghi trên phiếu yêu cầu bổ sung.",
            "Anh/chị nộp càng sớm càng tốt, chưa rõ thì gặp nhân viên.",
        ], [HUMAN]
    due = clock.say_date(view.supplement_due_at)
    if view.supplement_due_at < clock.now():
        return [f"Dạ, hạn bổ sung là {due}, đã qua rồi. Anh/chị gặp nhân viên sớm để được hướng dẫn."], [HUMAN]
    return [f"Dạ, hạn bổ sung của hồ sơ {view.code} là {due}.", how_supplied(view)], []


def _supply_where(view: DossierView) -> _Found | None:
    if view.status is not Status.SUPPLEMENT:
        return None
    how = f"Dạ, hồ sơ {view.code}: {how_supplied(view)[:1].lower()}{how_supplied(view)[1:]}"
    return [how, *([] if view.channel == "online" else _agency_line(view))], []


def _fee(view: DossierView) -> _Found:
    if view.amount_due:
        lines = [f"Dạ, hồ sơ {view.code} phải nộp {to_pay(view)}."]
        if view.payment_state in (None, "unpaid"):
            lines.append("Anh/chị chỉ nộp trên Cổng Dịch vụ công hoặc tại quầy, rồi giữ biên lai.")
        return lines, []
    code = view.procedure_code
    return (
        [f"Dạ, hệ thống chưa ghi khoản nào phải nộp cho hồ sơ {view.code}."],
        [button("Lệ phí của thủ tục", "ask_procedure_fee", procedure=code)] if code else [],
    )


def _collect(view: DossierView) -> _Found | None:
    if view.status is Status.RETURNED or view.status in _ENDED_BADLY:
        return None
    if view.status is Status.DONE:
        where = _agency_line(view) if waits_at_counter(view) else []
        return [f"Dạ, hồ sơ {view.code} có kết quả rồi.", _how_received(view), *where], []
    how = {
        "post": "Khi có, bưu điện mang tới địa chỉ đã đăng ký.",
        "electronic": f"Khi có, kết quả bản điện tử {ON_PORTAL}.",
    }.get(view.return_method or "", f"Khi có, anh/chị mang {BRING} tới nơi nhận kết quả ghi trên giấy hẹn.")
    return [f"Dạ, hồ sơ {view.code} {info(view.status).meaning}, chưa có kết quả để lấy.", how], []


def _how_received(view: DossierView) -> str:
    if view.return_method == "electronic":
        return f"Kết quả là bản điện tử, khỏi đi lấy: {ON_PORTAL}."
    if not waits_at_counter(view):
        return by_post(view)
    return f"Anh/chị mang {BRING} tới nơi nhận kết quả ghi trên giấy hẹn."


def _agency_line(view: DossierView) -> list[str]:
    return [f"Nơi giải quyết: {view.agency}."] if view.agency else []


def _proxy(view: DossierView) -> _Found | None:
    if _nothing_to_fetch(view):
        return None
    # Slips of the province say "nhận thay phải có giấy ủy quyền" (facts §3.2, tag C); kin are exempt in some acts.
    return [
        "Dạ, lấy thay được ạ. Người lấy thay mang giấy hẹn, giấy ủy quyền của anh/chị và căn cước của họ.",
        "Người nhà thì có việc khỏi cần ủy quyền; anh/chị hỏi nơi trả trước khi đi cho chắc.",
    ], []


def _bring(view: DossierView) -> _Found | None:
    if _nothing_to_fetch(view) or view.status is Status.SUPPLEMENT:
        return None
    now = "Dạ, anh/chị" if view.status is Status.DONE else "Dạ, bây giờ chưa cần chuẩn bị gì. Khi có kết quả, anh/chị"
    return [f"{now} mang {BRING} đi lấy; nhờ người khác thì thêm giấy ủy quyền."], []


def _nothing_to_fetch(view: DossierView) -> bool:
    return view.status in (*_ENDED_BADLY, Status.RETURNED) or view.return_method == "electronic"


def _agency(view: DossierView) -> _Found:
    if not view.agency:
        return [f"Dạ, hệ thống chưa ghi nơi giải quyết hồ sơ {view.code}. Anh/chị gặp nhân viên giúp em."], [HUMAN]
    if info(view.status).clock in (Clock.ENDED, Clock.STOPPED):
        return [f"Dạ, hồ sơ {view.code} do {view.agency} giải quyết, {info(view.status).meaning}."], []
    return [f"Dạ, hồ sơ {view.code} đang ở {view.agency}. Tên cán bộ thì em không có ạ."], []


def _reason(view: DossierView) -> _Found | None:
    if view.status not in _WITH_REASON:
        return None
    if not view.note:
        return [f"Dạ, hệ thống chưa ghi lý do. Anh/chị gặp nhân viên để được giải thích hồ sơ {view.code}."], [HUMAN]
    lines = [f"Dạ, lý do cơ quan ghi: {sentence(view.note)}"]
    if view.status is Status.SUPPLEMENT and view.supplement:
        lines.append(f"Cần bổ sung: {sentence('; '.join(view.supplement))}")
    if view.status is Status.REFUSED:
        lines.append("Anh/chị sửa chỗ đó rồi nộp hồ sơ mới; thấy chưa đúng thì gặp nhân viên để được giải thích.")
    return lines, _anew(view) if view.status is Status.REFUSED else []


def _refile(view: DossierView) -> _Found | None:
    if view.status not in _ENDED_BADLY:
        return None
    mended = f"Sửa theo lý do cơ quan ghi: {sentence(view.note)}" if view.note and view.status is Status.REFUSED else ""
    where = "trên Cổng Dịch vụ công như lần trước" if view.channel == "online" else "ở nơi đã nộp lần trước"
    lines = [f"Dạ, anh/chị nộp hồ sơ mới {where}; hồ sơ mới có mã mới.", *([mended] if mended else [])]
    return lines, _anew(view)


def _anew(view: DossierView) -> list[Button]:
    papers = [button("Giấy tờ cần có", "ask_procedure_documents", procedure=view.procedure_code)]
    return [*(papers if view.procedure_code else []), HUMAN, other_dossier()]


def _parcel(view: DossierView) -> _Found | None:
    if not view.postal_code:
        return None
    return [
        f"Dạ, mã bưu gửi là {view.postal_code}. Đường đi của bưu gửi thì em chưa xem được;",
        "anh/chị tra miễn phí bằng mã này trên trang vnpost.vn, hoặc gặp nhân viên giúp em.",
    ], [HUMAN]


_ANSWERS: dict[str, Callable[[DossierView], _Found | None]] = {
    questions.DUE: _due,
    questions.SUPPLY_BY: _supply_by,
    questions.SUPPLY_WHERE: _supply_where,
    questions.FEE: _fee,
    questions.COLLECT: _collect,
    questions.PROXY: _proxy,
    questions.BRING: _bring,
    questions.AGENCY: _agency,
    questions.REASON: _reason,
    questions.REFILE: _refile,
    questions.PARCEL: _parcel,
}
