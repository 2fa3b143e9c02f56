"""The citizen's slip of a booking on one page: what to have ready, what the postman does, where to sign.

It lies about at home and may be photographed, so the phone stands on it masked. It reminds of an appointment; the
contract is the post's own "Phiếu gửi hồ sơ" (QĐ 45/2016/QĐ-TTg), and the slip says so.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from bot import clock, printing
from bot.citing import shortened
from bot.clock import say_date
from bot.pickups import fees
from bot.pickups.form.questions import WINDOW_NAMES
from bot.pickups.models import Pickup
from bot.pickups.sheets import stops
from bot.pickups.sheets.rounds import SECOND_VISIT
from bot.pickups.states import ENDS
from bot.privacy.masking import mask_phone
from bot.settings import settings

MOST_LINES, LONGEST_VALUE = 13, 320  # so much fits on the page whatever the booking holds
_GIVEN_BACK = "Bản chính, giấy cũ phải nộp lại, nếu thủ tục có yêu cầu"
_BY_LIST = "Giấy tờ theo danh mục của thủ tục, đủ bản chính và bản sao"
_WITH_PROXY = (
    "Giấy ủy quyền (có cần chứng thực không, anh/chị hỏi cán bộ)",
    f"{stops.IDENTITY} của người làm thay",
)
_WHEN_COLLECTING = (
    "Bưu tá đếm giấy tờ theo danh mục, không đòi giấy ngoài danh mục.",
    "Niêm phong trước mặt anh/chị, hai bên ký phiếu gửi hồ sơ.",
    "Hồ sơ tính là đã nộp khi bưu điện và cơ quan ký biên bản giao nhận.",
)
_WHEN_DELIVERING = ("Bưu tá đếm giấy kết quả cùng anh/chị rồi hai bên ký.",)
_RECEIPT = "Cước và lệ phí là hai khoản riêng, thu khoản nào cũng có biên lai."
_LATER = "Muốn đổi hay hủy, anh/chị nhắn trợ lý trước khi lịch được giao cho bưu tá; sau đó thì gặp nhân viên."
_NOT_MET = " Không gặp ai, bưu tá đến lại sau 2 ngày làm việc; hai lần không gặp, kết quả về lại cơ quan."
_FOOT = (
    " Khiếu nại trong 6 tháng. Phiếu này để nhớ hẹn, không thay phiếu gửi hồ sơ của bưu điện."
    " Căn cứ QĐ 45/2016/QĐ-TTg, TT 17/2017/TT-BTTTT. In lúc {printed}."
)


def has_visit(pickup: Pickup) -> bool:
    """Tell whether a postman is still to come, so that there is something to remind of."""
    return pickup.state not in ENDS and pickup.state != "failed_2"


def drawn(session: Session, pickup: Pickup, form: printing.Format) -> bytes:
    """Return the slip as one A4 page, as PDF or PNG."""
    return printing.page("pickup_slip.typ", data(session, pickup), form)


def address(booking: str) -> str:
    """Return what the code on the slip holds: the assistant's page, with the booking number for who scans it."""
    return f"{settings().public_url.rstrip('/')}/#{booking}"


def data(session: Session, pickup: Pickup) -> dict[str, Any]:
    """Return everything that stands on the slip."""
    collects, delivers = pickup.service != "deliver", pickup.service != "collect"
    visit = (*(_WHEN_COLLECTING if collects else ()), *(_WHEN_DELIVERING if delivers else ()), _RECEIPT)
    foot = (_LATER + (_NOT_MET if delivers else "") + _FOOT).format(printed=clock.say_time(clock.now()))
    return {
        "office": "MỘT CỬA LÂM ĐỒNG · bưu chính công ích",
        "title": "Phiếu hẹn bưu tá",
        "booking": pickup.booking,
        "when": _when(pickup),
        "rows": [[title, shortened(value, LONGEST_VALUE)] for title, value in _rows(session, pickup) if value],
        "ready": _ready(session, pickup),
        "visit": list(visit),
        "signatures": [_party(pickup), "Bưu tá"],
        "qr": printing.qr_svg(address(pickup.booking)),
        "foot": foot,
    }


def _when(pickup: Pickup) -> str:
    if pickup.state == SECOND_VISIT and pickup.next_visit_on:
        return f"Bưu tá đến lại từ {say_date(pickup.next_visit_on)}"
    if pickup.slot is None:
        return "Bưu điện gửi thư ra ngoài tỉnh"
    return f"{WINDOW_NAMES[pickup.slot.window].capitalize()}, {say_date(pickup.slot.date)}"


def _rows(session: Session, pickup: Pickup) -> list[tuple[str, str]]:
    party = "Người giao" if pickup.service == "collect" else "Người nhận"
    return [
        ("Việc", " · ".join(stops.goods(session, pickup))),
        (party, stops.one_line(pickup.recipient_name)),
        ("Người làm thay", stops.one_line(pickup.proxy_name or "")),
        ("Điện thoại", mask_phone(pickup.phone)),
        ("Địa chỉ", stops.address(pickup)),
        ("Cước", fees.say(pickup.fee).capitalize()),
        ("Trả cước", stops.PAYMENTS[pickup.payment]),
        ("Lệ phí", stops.amount(stops.fee(session, pickup))),
    ]


def _ready(session: Session, pickup: Pickup) -> list[str]:
    lines = list(_WITH_PROXY) if pickup.proxy_name else [stops.IDENTITY]
    given_back = [f"Nộp lại: {paper}" for paper in stops.take_back(pickup)]
    lines += given_back or ([_GIVEN_BACK] if pickup.service != "collect" else [])
    if pickup.service != "deliver":
        lines += stops.to_collect(pickup) or [_BY_LIST]
    if len(lines) > MOST_LINES:
        lines = [*lines[:MOST_LINES], f"… và {len(lines) - MOST_LINES} loại nữa theo danh mục của thủ tục"]
    if pickup.payment == "on_receipt":
        lines.append("Tiền cước")
    due = stops.fee(session, pickup)
    if isinstance(due, int) and due > 0:
        lines.append("Tiền lệ phí")
    return lines


def _party(pickup: Pickup) -> str:
    return {"deliver": "Người nhận", "collect": "Người giao hồ sơ", "both": "Người giao và nhận"}[pickup.service]
