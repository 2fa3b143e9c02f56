"""Whether a dossier is late: the count, the apology, the new date. No blame, no promise."""

from __future__ import annotations

from bot import clock
from bot.dossiers.lookup import DossierView
from bot.dossiers.statuses import Clock, info
from bot.working_days import is_estimate, working_days_between


def is_open(view: DossierView) -> bool:
    """Return whether the handling time still runs."""
    return info(view.status).clock is Clock.RUNS


def has_new_date(view: DossierView) -> bool:
    """Return whether an apology named a date that has not passed."""
    return view.new_due_at is not None and clock.to_vietnam(view.new_due_at).date() >= clock.today()


def passed(view: DossierView) -> bool:
    """Return whether the due date on the slip is over, be it late by the count of working days or not yet."""
    return view.due_at is not None and clock.to_vietnam(view.due_at).date() < clock.today()


def is_due_today(view: DossierView) -> bool:
    """Return whether today is the day on the slip."""
    return view.due_at is not None and clock.to_vietnam(view.due_at).date() == clock.today()


def late(view: DossierView) -> str | None:
    """Return what to say of the delay after "hồ sơ", or None when there is none."""
    if not view.late_working_days or view.due_at is None:
        return None
    count = f"{view.late_working_days} ngày làm việc"
    if view.late_is_estimate:
        count = f"khoảng {count} (ước tính)"
    due = clock.say_date(view.due_at)
    if is_open(view) and view.paused_before:
        return (
            f"đã qua ngày hẹn ban đầu {count} (ngày hẹn: {due}), chưa trừ thời gian chờ anh/chị bổ sung hoặc nộp tiền; "
            "em rất mong anh/chị thông cảm"
        )
    if is_open(view):
        return f"đã trễ hẹn {count} (ngày hẹn trả: {due}), em rất mong anh/chị thông cảm"
    return f"trễ {count} so với ngày hẹn trả {due}, em rất mong anh/chị thông cảm"


def not_late(view: DossierView) -> str:
    """Return why a dossier is not late, to go on after "hồ sơ"."""
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


def apology(view: DossierView) -> list[str]:
    """Return what is known of the agency's apology and new date."""
    if not (view.late_working_days or view.new_due_at):
        return []
    reason = f" Lý do: {sentence(view.apology_reason)}" if view.apology_reason else ""
    if view.new_due_at:
        again = clock.say_date(view.new_due_at)
        passed = " Ngày hẹn lại này cũng đã qua." if is_open(view) and not has_new_date(view) else ""
        return [f"Cơ quan đã xin lỗi và hẹn lại {again}.{passed}{reason}"]
    if reason:
        return [f"Cơ quan đã có thư xin lỗi, chưa ghi ngày hẹn lại.{reason}"]
    return ["Em chưa thấy thư xin lỗi hay ngày hẹn lại của cơ quan."] if is_open(view) else []


def sentence(text: str) -> str:
    """Return a note as a sentence: one stop at its end."""
    return text.rstrip(" .;") + "."
