"""A whole dossier for the staff (tier 2): with owner and telephone, for a reason, and never without an entry."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from bot.dossiers import codes, lookup
from bot.dossiers.answers import status
from bot.dossiers.answers.wording import to_pay
from bot.dossiers.codes import LookAlike
from bot.dossiers.lookup import DossierView
from bot.dossiers.models import Dossier
from bot.dossiers.statuses import Status, info
from bot.privacy import audit
from bot.privacy.masking import mask_identity
from bot.staff.accounts import Member
from bot.text import clean

REASONS = ("Người gọi hỏi hồ sơ của mình", "Kiểm tra khiếu nại")
OTHER = "Khác"
LONGEST_REASON = 200
CHANNELS = {"in_person": "tại quầy", "online": "trực tuyến", "post": "qua bưu điện"}
RETURNS = {"counter": "tại quầy", "post": "qua bưu điện", "electronic": "bản điện tử"}
_INSTEAD = {
    LookAlike.BOOKING: "Đây là số lịch hẹn bưu tá, không phải mã hồ sơ.",
    LookAlike.PAYMENT: "Đây là mã thanh toán, không phải mã hồ sơ.",
    LookAlike.PROCEDURE: "Đây là mã thủ tục, không phải mã hồ sơ.",
    LookAlike.POSTAL: "Đây là mã bưu gửi, không phải mã hồ sơ.",
    LookAlike.IDENTITY: "Đây là số căn cước, không phải mã hồ sơ; đừng ghi số này ra.",
    LookAlike.PHONE: "Đây là số điện thoại, không phải mã hồ sơ.",
    LookAlike.BAD_DATE: "Sáu số ngày trong mã chưa đúng, anh/chị hỏi lại từng số.",
    LookAlike.INCOMPLETE: "Mã còn thiếu số, anh/chị hỏi lại từng số trên giấy hẹn.",
}


class CardError(ValueError):
    """No card can be shown; the text is one sentence for the member of the staff."""


@dataclass(frozen=True)
class Card:
    """A dossier with everything that the staff may know of it."""

    dossier: Dossier
    view: DossierView
    title: str
    next_step: str
    identity: str  # masked: nobody needs the whole number at a desk
    money: str
    events: list[tuple[str, object, str]]  # state, when, note
    answer: str  # as the assistant tells it to an owner
    can_be_brought: bool  # the result waits at the counter: the postman may bring it


def reason(chosen: str, other: str) -> str:
    """Return the reason of a look in words; raises CardError without one."""
    if chosen in REASONS:
        return chosen
    other = " ".join(clean(other).split())
    if chosen != OTHER or len(other) < 5:
        raise CardError("Anh/chị chọn lý do xem hồ sơ; lý do khác thì ghi rõ vài chữ.")
    return f"{OTHER}: {other[:LONGEST_REASON]}"


def open_card(session: Session, member: Member, written: str, why: str) -> Card:
    """Return the dossier of a code as people write it, and write down who looked and why.

    Raises CardError for a code that is none, or that no dossier has; the caller keeps the entry all the same.
    """
    code = codes.normalise(written, future=True) or next((found.code for found in codes.find(written)), None)
    if code is None:
        instead = codes.look_alike(written)
        raise CardError(_INSTEAD[instead] if instead else f"Mã hồ sơ có dạng {codes.SAMPLE}, anh/chị hỏi lại từng số.")
    audit.record(session, actor=member.actor, action="dossier.read", subject=code, reason=why)
    dossier, view = lookup.find(session, code), lookup.view(session, code)
    if dossier is None or view is None:
        raise CardError(f"Không có hồ sơ nào mang mã {code}; anh/chị hỏi lại từng số trên giấy hẹn.")
    state = info(dossier.status)
    return Card(
        dossier,
        view,
        state.title,
        state.next_step,
        mask_identity(dossier.owner_id_number or ""),
        to_pay(view) if view.amount_due is not None else "",
        [(info(event.status).title, event.at, event.note or "") for event in dossier.events],
        status.show(view).text,
        dossier.status == Status.DONE and lookup.waits_at_counter(dossier),
    )
