"""One booking in the words of paper: what the postman checks at the door, and the citizen has ready.

QĐ 45/2016/QĐ-TTg and TT 17/2017/TT-BTTTT: papers are counted against the list and sealed in front of the citizen, the
recipient shows an identity card or a passport, who stands in for him the power of attorney and a card of his own.
Postage and administrative fee are two sums with two receipts and never one line.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from bot.citing import shortened
from bot.pickups import neighbours as places
from bot.pickups.models import Pickup
from bot.pickups.sheets import neighbours
from bot.text import digits

SERVICES = {"deliver": "Giao kết quả", "collect": "Lấy hồ sơ", "both": "Giao kết quả và lấy hồ sơ"}
PAYMENTS = {"on_receipt": "Khi bưu tá đến", "before": "Trả trước"}
STATES = {"requested": "Chờ xác nhận", "confirmed": "Đã xác nhận", "assigned": "Đã giao bưu tá"}
IDENTITY = "Căn cước hoặc hộ chiếu"
LONGEST_PAPER = 100  # characters: a list of ten papers still fits into one row in readable type
UNKNOWN_POSTAGE = "Bưu điện báo"
UNKNOWN_FEE = "Hỏi cơ quan giải quyết"


@dataclass(frozen=True)
class Stop:
    """A visit; what has several lines is a tuple, amounts are đồng or the words for an unknown one."""

    booking: str
    state: str
    service: str
    name: str
    proxy: str
    phone: str
    address: str
    goods: tuple[str, ...]
    papers: tuple[str, ...]
    take_back: tuple[str, ...]
    show: tuple[str, ...]
    postage: int | str
    fee: int | str
    payment: str


def stop(session: Session, pickup: Pickup) -> Stop:
    """Return a booking as the postman needs it, personal data whole: for audited callers."""
    return Stop(
        booking=pickup.booking,
        state=_state(pickup),
        service=SERVICES[pickup.service],
        name=one_line(pickup.recipient_name),
        proxy=one_line(pickup.proxy_name or ""),
        phone=_grouped(pickup.phone),
        address=address(pickup),
        goods=goods(session, pickup),
        papers=_to_count(pickup),
        take_back=take_back(pickup)
        or (("Hỏi cơ quan khi nhận kết quả đi giao",) if pickup.service != "collect" else ()),
        show=_to_show(pickup),
        postage=UNKNOWN_POSTAGE if pickup.fee is None else pickup.fee,
        fee=fee(session, pickup),
        payment=PAYMENTS[pickup.payment],
    )


def address(pickup: Pickup) -> str:
    """Return the address with its commune, or with the other province, on one line."""
    place = pickup.destination or places.unit_name(pickup.unit_code or "") or ""
    return ", ".join(part for part in (one_line(pickup.address), one_line(place)) if part)


def goods(session: Session, pickup: Pickup) -> tuple[str, ...]:
    """Return what goes to the citizen and what comes from him."""
    lines = []
    if pickup.service != "collect":
        about = neighbours.subject_of(session, pickup.dossier_code)
        lines.append(f"Giao kết quả hồ sơ {pickup.dossier_code}" + (f", {about}" if about else ""))
    if pickup.service != "deliver":
        wanted = neighbours.procedure_name(session, pickup.procedure_code)
        lines.append(f"Lấy hồ sơ {wanted or pickup.procedure_code}")
    return tuple(one_line(line) for line in lines)


def listed(papers: Iterable[dict[str, Any]]) -> tuple[str, ...]:
    """Return papers with how many originals and copies: "Tờ khai: 1 bản chính, 2 bản sao"."""
    lines = []
    for paper in papers:
        counts = [_count(paper.get("original"), "bản chính"), _count(paper.get("copy"), "bản sao")]
        told = ", ".join(count for count in counts if count)
        lines.append(shortened(one_line(str(paper.get("name") or "")), LONGEST_PAPER) + (f": {told}" if told else ""))
    return tuple(line for line in lines if line)


def take_back(pickup: Pickup) -> tuple[str, ...]:
    """Return the old cards and certificates that the citizen gives back, as far as the booking names them."""
    return listed(paper for paper in pickup.papers or () if paper.get("give_back"))


def to_collect(pickup: Pickup) -> tuple[str, ...]:
    """Return the papers of the new dossier, as far as the booking names them."""
    return listed(paper for paper in pickup.papers or () if not paper.get("give_back"))


def fee(session: Session, pickup: Pickup) -> int | str:
    """Return the administrative fee that the postman may take along for the agency, or why there is no amount."""
    due = neighbours.fee_due(session, pickup.dossier_code) if pickup.service != "collect" else None
    told = due.capitalize() if isinstance(due, str) else UNKNOWN_FEE if due is None else due
    if pickup.service == "both" and told != UNKNOWN_FEE:
        return f"Kết quả: {amount(told).lower()}. Hồ sơ mới: {UNKNOWN_FEE.lower()}"
    return told


def amount(value: int | str) -> str:
    """Return a sum as people write it ("25.000 đ"), or the words that stand in its place."""
    return value if isinstance(value, str) else f"{value:,} đ".replace(",", ".")


def one_line(text: str) -> str:
    """Return a text on one line, without characters that no printer and no workbook takes."""
    seen = (char if char.isprintable() else " " for char in text)
    return " ".join("".join(seen).split())


def _state(pickup: Pickup) -> str:
    if pickup.state in STATES:
        return STATES[pickup.state]
    return f"Lần 2, từ {pickup.next_visit_on:%d/%m}" if pickup.next_visit_on else "Lần 2"


def _to_count(pickup: Pickup) -> tuple[str, ...]:
    lines = ["Đếm giấy kết quả cùng người nhận"] if pickup.service != "collect" else []
    if pickup.service != "deliver":
        lines += [shortened(paper, LONGEST_PAPER) for paper in to_collect(pickup)] or [
            "Đếm theo danh mục của thủ tục, ghi số bản chính, bản sao"
        ]
    return tuple(lines)


def _to_show(pickup: Pickup) -> tuple[str, ...]:
    if pickup.proxy_name:
        return "Giấy ủy quyền", f"{IDENTITY} của người làm thay"
    return (IDENTITY,)


def _count(number: object, what: str) -> str:
    if number is True:
        return what
    return f"{number} {what}" if isinstance(number, int) and number > 0 else ""


def _grouped(phone: str) -> str:
    """Return a phone in groups: easier to dial, and no number whose first zero Excel would drop."""
    plain = digits(phone)
    return f"{plain[:4]} {plain[4:7]} {plain[7:]}" if len(plain) == 10 else one_line(phone)
