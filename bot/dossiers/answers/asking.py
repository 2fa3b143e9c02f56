"""What is said about dossiers, up to the proof; the status itself is in `status`."""

from __future__ import annotations

from collections.abc import Sequence

from bot.dossiers.codes import SAMPLE, LookAlike
from bot.dossiers.proof import Lock
from bot.dossiers.proof.factors import Strength
from bot.dossiers.statuses import info
from bot.messages import LONGEST_BUTTON, MOST_BUTTONS, Button, Message, button, lines, say
from bot.phrases import phrase

BY_SMS = "sms"  # entity value of a button: send a one-time code
OTHER = "other"  # entity value of a button: another dossier than the one we talk about

_LOOK_ALIKES = {
    LookAlike.BOOKING: "Dạ, số bắt đầu bằng MC là số lịch hẹn với bưu điện, chưa phải mã hồ sơ.",
    LookAlike.PAYMENT: "Dạ, dãy này giống mã thanh toán hơn, vì mã hồ sơ có hai dấu gạch ngang.",
    LookAlike.PROCEDURE: "Dạ, dãy này là mã thủ tục, ai làm cũng chung một mã. Em cần mã của riêng hồ sơ ạ.",
    LookAlike.POSTAL: "Dạ, dãy này là mã bưu gửi của bưu điện, chưa phải mã hồ sơ.",
    LookAlike.IDENTITY: "Dạ, đây giống số định danh. Em không tra bằng số này, anh/chị đừng gửi vào đây nhé.",
    LookAlike.PHONE: "Dạ, em chưa tra bằng số điện thoại được, em cần mã hồ sơ trước ạ.",
    LookAlike.BAD_DATE: "Dạ, phần ngày trong mã này chưa đúng. Sáu số ở giữa là năm, tháng, ngày nộp hồ sơ.",
    LookAlike.INCOMPLETE: "Dạ, mã này hình như còn thiếu vài số.",
}
_WHERE = f"Mã nằm ở dòng “Mã hồ sơ” trên giấy hẹn, ví dụ {SAMPLE}."
# What is not possible while a dossier is locked, by what was asked (the slot dossier_question).
_NOT_NOW = {
    "late": "xem trễ mấy ngày",
    "supplement": "đọc giấy còn thiếu",
    "supply_by": "xem hạn bổ sung",
    "supply_where": "xem chỗ nộp bổ sung",
    "timeline": "xem quá trình",
    "due": "xem ngày trả",
    "fee": "xem số tiền",
    "reason": "đọc lý do",
    "agency": "xem nơi giải quyết",
    "subscribe": "bật báo tin",
    "press": "ghi phiếu nhắc",
    "missing": "nhờ xem giấy còn thiếu",
}
HUMAN = button("Gặp nhân viên", "talk_to_human")


def other_dossier(title: str = "Tra hồ sơ khác") -> Button:
    """Return the button that asks for another dossier."""
    return button(title, "check_dossier", dossier_code=OTHER)


def ask_code(seen: LookAlike | None = None) -> Message:
    """Ask for the dossier's code; when something else was given, say what that was."""
    if seen is None:
        text = f"Dạ, anh/chị cho em xin mã hồ sơ. {_WHERE}"
    else:
        text = f"{_LOOK_ALIKES[seen]}\n{_WHERE} Anh/chị xem lại rồi gửi em nhé."
    return say(
        "dossier_question", text, button("Tìm mã ở đâu?", "ask_dossier_code"), HUMAN, slot="code", asks_photo=True
    )


def ask_proof(code: str, *, by_sms: bool = False, braked: bool = False) -> Message:
    """Ask for the second factor, in the same words whether or not the code exists.

    `by_sms`: a code can be sent to the phone on file. `braked`: four digits are not taken just now.
    """
    digits = "đủ số điện thoại" if braked else "4 số cuối điện thoại"
    text = (
        f"Dạ, mã {code}. Để giữ kín thông tin hồ sơ, anh/chị cho em xin {digits} ghi trên hồ sơ, "
        "hoặc mã bí mật trên giấy hẹn nhé."
    )
    return say("dossier_proof", text, *_ways_on(code, by_sms=by_sms), code=code)


def code_sent(code: str, *, too_often: bool) -> Message:
    """Say that a one-time code is on its way, in words that hold for an unknown dossier too."""
    if too_often:
        text = (
            "Dạ, mã tra cứu vừa được xin nhiều lần nên em tạm chưa nhắn thêm được. "
            "Anh/chị cho em 4 số cuối điện thoại ghi trên hồ sơ, hoặc mã bí mật trên giấy hẹn nhé."
        )
    else:
        text = (
            f"Dạ, nếu mã {code} đúng thì điện thoại ghi trên hồ sơ sẽ nhận được tin nhắn có mã tra cứu 6 số. "
            "Mã dùng trong 5 phút, anh/chị gõ mã đó vào đây giúp em."
        )
    return say("dossier_proof", text, *_ways_on(code, by_sms=False), code=code)


def not_found(code: str | None = None, *, by_sms: bool = False) -> Message:
    """Say that code and factor do not fit, without telling which of them is wrong."""
    text = (
        "Dạ, em chưa tìm được hồ sơ khớp với mã và thông tin xác nhận này.\n"
        "Anh/chị xem lại giấy hẹn rồi nhập lại giúp em 4 số cuối điện thoại hoặc mã bí mật, "
        "hoặc bấm “Sửa mã hồ sơ” nếu mã bị nhầm."
    )
    return say("dossier_not_found", text, *_ways_on(code, by_sms=by_sms))


def locked(lock: Lock, code: str | None = None, *, by_sms: bool = False) -> Message:
    """Say that tries are over for a while, and what is taken all the same."""
    minutes = max(1, -(-lock.retry_after_s // 60))
    first = "Dạ, thông tin xác nhận chưa khớp nhiều lần nên em tạm ngưng tra cứu để giữ an toàn cho hồ sơ."
    later = f"Anh/chị thử lại sau khoảng {minutes} phút, hoặc gặp nhân viên để được giúp ngay trong giờ làm việc."
    if lock.passes is Strength.SURE:
        first = (
            "Dạ, vừa có nhiều lượt nhập sai, có thể không phải của anh/chị, nên em tạm ngưng tra cứu để giữ an toàn "
            "cho hồ sơ."
        )
        later = f"Anh/chị gửi đủ số điện thoại ghi trên hồ sơ là em xem ngay, hoặc thử lại sau khoảng {minutes} phút."
    elif lock.passes is Strength.SECRET:
        first = "Dạ, lúc này có nhiều lượt thử sai nên em tạm không nhận 4 số cuối điện thoại để giữ an toàn."
        later = "Anh/chị gửi đủ số điện thoại ghi trên hồ sơ, hoặc mã bí mật trên giấy hẹn, em xem ngay ạ."
    buttons = [_by_sms(code)] if by_sms and code and lock.passes else []
    return say("dossier_locked", f"{first}\n{later}", *buttons, HUMAN, retry_after_s=lock.retry_after_s)


def still_locked(lock: Lock, code: str, question: str, *, by_sms: bool = False) -> Message:
    """Say to somebody who knows of the lock and asks on what cannot be told now, and where it can be seen.

    Like every answer before the proof it holds for an unknown code too.
    """
    minutes = max(1, -(-lock.retry_after_s // 60))
    what = _NOT_NOW.get(question, "xem")
    first = (
        f"Dạ, hồ sơ {code} vừa có nhiều lượt nhập sai nên em tạm ngưng tra cứu khoảng {minutes} phút nữa, "
        f"chưa {what} được."
    )
    if lock.passes is Strength.SURE:
        then = "Anh/chị gửi đủ số điện thoại ghi trên hồ sơ là em làm ngay."
    elif lock.passes is Strength.SECRET:
        then = "Anh/chị gửi đủ số điện thoại ghi trên hồ sơ, hoặc mã bí mật trên giấy hẹn, là em làm ngay."
    else:
        papers = "Phiếu yêu cầu bổ sung cũng ghi đủ. " if question.startswith("suppl") else ""
        then = f"{papers}Cần liền, anh/chị xem trên VNeID, mục Thủ tục hành chính, Lịch sử xử lý, hoặc gặp nhân viên."
    buttons = [_by_sms(code)] if by_sms and lock.passes else []
    return say("dossier_locked", f"{first}\n{then}", *buttons, HUMAN, retry_after_s=lock.retry_after_s)


def which(dossiers: Sequence[tuple[str, int]]) -> Message:
    """Ask which of the asker's own dossiers is meant; a code of another one will do as well."""
    shown = dossiers[: MOST_BUTTONS - 1]
    buttons = [
        button(f"{code} · {info(status).title}"[:LONGEST_BUTTON], "check_dossier", dossier_code=code)
        for code, status in shown
    ]
    text = "Dạ, anh/chị hỏi hồ sơ nào trong các hồ sơ này ạ? Hồ sơ khác thì anh/chị gửi em mã."
    listed = [{"code": code, "label": info(status).label} for code, status in shown]
    return say("dossier_question", text, *buttons, HUMAN, slot="code", dossiers=listed)


def _ways_on(code: str | None, *, by_sms: bool) -> list[Button]:
    sms = [_by_sms(code)] if by_sms and code else []
    return [*sms, other_dossier("Sửa mã hồ sơ"), HUMAN]


def _by_sms(code: str) -> Button:
    return button("Nhắn mã về điện thoại trên hồ sơ", "check_dossier", dossier_code=code, factor=BY_SMS)


def code_help(seen: LookAlike | None = None) -> Message:
    """Explain where a dossier's code stands."""
    if seen:
        first = f"{_LOOK_ALIKES[seen]} {_WHERE}"
    else:
        first = f"Dạ, mã hồ sơ nằm ở dòng “Mã hồ sơ” trên giấy hẹn, có dạng như {SAMPLE}."
    items = [
        "Nộp qua mạng: mã hiện ở màn hình báo nộp thành công; xem lại trên VNeID, mục Thủ tục hành chính, "
        "Lịch sử xử lý.",
        "Mất giấy hẹn: anh/chị gặp nhân viên, hoặc mang giấy tờ tùy thân tới nơi đã nộp nhờ tra giúp.",
    ]
    text = lines(first, items, "Có mã rồi, anh/chị gửi em tra liền nhé.")
    return say("info", text, other_dossier("Tra hồ sơ"), HUMAN, topic="dossier_code")


def stopped() -> Message:
    """Say that the look-up was stopped."""
    return say("cancelled", phrase("cancelled_dossier"), what="dossier")
