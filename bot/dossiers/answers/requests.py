"""What a person must do about a dossier: withdraw it, press for it, say what is missing; each a ticket."""

from __future__ import annotations

from sqlalchemy.orm import Session

from bot.messages import Message, button, say
from bot.phrases import phrase
from bot.tickets import answers as tickets

WITHDRAW, LATE, MISSING = "dossier_withdraw", "dossier_late", "dossier_missing"
# What the ticket says to the staff; the code stands in its subject.
_SUMMARIES = {
    WITHDRAW: "Xin rút hồ sơ",
    LATE: "Báo hồ sơ trễ hẹn, nhờ nhắc cơ quan",
    MISSING: "Hỏi rõ giấy tờ còn thiếu",
}


def confirm_withdrawal(code: str | None) -> Message:
    """Ask whether the dossier should really be withdrawn (TT 03/2025/TT-VPCP Art. 7)."""
    which = f" {code}" if code else ""
    text = (
        f"Dạ, anh/chị rút hồ sơ{which} được khi cơ quan chưa ra quyết định giải quyết.\n"
        "Em không tự rút thay anh/chị được; em ghi phiếu, nhân viên kiểm tra rồi làm với anh/chị. "
        "Anh/chị có chắc muốn rút không ạ?"
    )
    return say("confirm", text, button("Rút hồ sơ", "affirm"), button("Không rút nữa", "deny"), what="withdraw_dossier")


def too_late(code: str, meaning: str) -> Message:
    """Say to its owner that a dossier that has ended cannot be withdrawn (TT 03/2025/TT-VPCP Art. 7)."""
    text = f"Dạ, hồ sơ {code} {meaning}, nên không còn rút được ạ. Cần gì thêm, anh/chị gặp nhân viên giúp em."
    return say("info", text, button("Gặp nhân viên", "talk_to_human"), topic="withdraw")


def opened(session: Session, conversation_id: int | None, topic: str, code: str | None, *, proven: bool) -> Message:
    """Open the ticket and say its number and answer time; the staff see whether the asker has proved the dossier."""
    known = "người hỏi đã xác nhận" if proven else "người hỏi CHƯA xác nhận, cần kiểm tra"
    return tickets.handoff(session, conversation_id, topic, f"{_SUMMARIES[topic]} ({known})", subject=code)


def kept() -> Message:
    """Say that the dossier goes on as before."""
    return say("cancelled", phrase("withdraw_kept"), what="withdraw")
