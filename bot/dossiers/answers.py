"""What is said about dossiers, up to the proof; the status itself is in `status_answer`."""

from __future__ import annotations

from bot.dossiers.codes import SAMPLE, LookAlike
from bot.messages import Button, Message, button, lines, say
from bot.phrases import phrase

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
    return say("dossier_question", text, button("Tìm mã ở đâu?", "ask_dossier_code"), HUMAN, slot="code")


def ask_proof(code: str) -> Message:
    """Ask for the second factor, in the same words whether or not the code exists."""
    text = (
        f"Dạ, mã {code}. Để giữ kín thông tin hồ sơ, anh/chị cho em xin 4 số cuối điện thoại ghi trên hồ sơ, "
        "hoặc mã bí mật trên giấy hẹn nhé."
    )
    return say("dossier_proof", text, other_dossier("Sửa mã hồ sơ"), HUMAN, code=code)


def not_found() -> Message:
    """Say that code and factor do not fit, without telling which of them is wrong."""
    text = (
        "Dạ, em chưa tìm được hồ sơ khớp với mã và thông tin xác nhận này.\n"
        "Anh/chị xem lại giấy hẹn rồi nhập lại giúp em 4 số cuối điện thoại hoặc mã bí mật, "
        "hoặc bấm “Sửa mã hồ sơ” nếu mã bị nhầm."
    )
    return say("dossier_not_found", text, other_dossier("Sửa mã hồ sơ"), HUMAN)


def locked(retry_after_s: int) -> Message:
    """Say that tries are over for a while."""
    minutes = max(1, -(-retry_after_s // 60))
    text = (
        "Dạ, thông tin xác nhận chưa khớp nhiều lần nên em tạm ngưng tra cứu để giữ an toàn cho hồ sơ.\n"
        f"Anh/chị thử lại sau khoảng {minutes} phút, hoặc gặp nhân viên để được giúp ngay trong giờ làm việc."
    )
    return say("dossier_locked", text, HUMAN, retry_after_s=retry_after_s)


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


def withdraw(code: str | None) -> Message:
    """Explain how a dossier is withdrawn; a person does it."""
    which = f" {code}" if code else ""
    text = (
        f"Dạ, anh/chị rút hồ sơ{which} được khi cơ quan chưa ra quyết định giải quyết "
        "(Điều 7 Thông tư 03/2025/TT-VPCP).\n"
        "Em không tự rút thay anh/chị được; nhân viên sẽ kiểm tra và hướng dẫn. "
        "Anh/chị có chắc muốn rút không ạ?"
    )
    buttons = (button("Gặp nhân viên để rút", "talk_to_human"), button("Không rút nữa", "deny"))
    return say("confirm", text, *buttons, what="withdraw_dossier")


def kept() -> Message:
    """Say that the dossier goes on as before."""
    return say("cancelled", phrase("withdraw_kept"), what="withdraw")


def stopped() -> Message:
    """Say that the look-up was stopped."""
    return say("cancelled", phrase("cancelled_dossier"), what="dossier")


def notices(code: str | None, *, stop: bool) -> Message:
    """Say honestly that automatic notices are not open yet."""
    look = button("Xem hồ sơ ngay", "check_dossier", **({"dossier_code": code} if code else {}))
    if stop:
        text = (
            "Dạ, hiện em chưa gửi thông báo tự động về hồ sơ, nên anh/chị không cần tắt gì ở đây ạ.\n"
            "Tin nhắn anh/chị nhận được là từ nơi khác gửi; cần thì em chuyển nhân viên xem giúp."
        )
        return say("info", text, HUMAN, topic="notices")
    text = (
        "Dạ, phần tự động báo tin hiện chưa mở, nên em chưa nhắn trước cho anh/chị được.\n"
        "Bù lại, anh/chị hỏi em lúc nào cũng được, em tra liền."
    )
    return say("info", text, look, topic="notices")
