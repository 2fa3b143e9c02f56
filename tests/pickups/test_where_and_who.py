"""Who receives, letters that leave the province, a shared location, and days and places that nobody can have."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.pickups import neighbours
from bot.pickups.models import Pickup
from bot.privacy.models import Consent
from bot.procedures import catalogue
from bot.procedures.models import Procedure, ProcedureFact

from .conftest import BIRTH, CODE, DI_LINH
from .talk import Talk

OWNER, OWNER_PHONE = "Phạm Thị Hoài Thương", "0900001234"
HCM = "Thành phố Hồ Chí Minh"


@pytest.fixture
def owned(world: SimpleNamespace, put_dossier: Callable[..., str]) -> SimpleNamespace:
    """A dossier whose owner and mobile number are on file."""
    put_dossier(owner_name=OWNER, owner_phone=OWNER_PHONE, amount_due=30_000, payment_state="unpaid")
    return world


@pytest.fixture
def proven(owned: SimpleNamespace, session: Session) -> Talk:
    """A citizen who has just proved the dossier; the form asks who receives."""
    talk = Talk()
    talk.say(f"giao kết quả hồ sơ {CODE} về nhà, số cuối 1234", "book_delivery", dossier_code=CODE)
    assert talk.asked == "recipient_name"
    return talk


def texts(sent: list[dict[str, Any]]) -> str:
    return "\n".join(message["text"] for message in sent)


def booked(session: Session) -> Pickup:
    return session.execute(select(Pickup)).scalar_one()


def to_the_summary(talk: Talk) -> list[dict[str, Any]]:
    talk.say("xã Di Linh", commune=DI_LINH)
    talk.say("12 Hùng Vương, gần chợ", address="12 Hùng Vương")
    talk.say("25/11", date="2026-11-25")
    talk.say("buổi sáng", time_window="morning")
    return talk.say("khi bưu tá đến")


def test_the_owner_is_not_asked_for_name_and_phone_and_neither_is_shown(proven: Talk, session: Session) -> None:
    assert "09xx***234" in texts(proven.sent) and OWNER not in texts(proven.sent)
    proven.press("Đúng rồi")
    assert proven.asked == "commune"
    assert (proven.fact("recipient_name"), proven.fact("phone"), proven.fact("proxy")) == ("owner", "owner", "self")
    summary = to_the_summary(proven)
    shown = str(summary[0]["custom"]) + texts(summary)
    assert OWNER not in shown and OWNER_PHONE not in shown
    proven.say("đồng ý", "affirm")
    pickup = booked(session)
    assert (pickup.recipient_name, pickup.phone, pickup.proxy_name) == (OWNER, OWNER_PHONE, None)
    assert pickup.address == "12 Hùng Vương, gần chợ"
    consent = session.get(Consent, pickup.consent_id)
    assert (consent.purpose, consent.channel) == ("pickup", "web")


def test_postage_and_administrative_fee_stand_apart(proven: Talk) -> None:
    proven.press("Đúng rồi")
    said = texts(to_the_summary(proven)).splitlines()
    assert "Cước bưu điện: bưu điện báo khi xác nhận" in said
    assert any(line.startswith("Lệ phí hồ sơ: 30.000 đ") for line in said)


def test_somebody_else_receives(proven: Talk, session: Session) -> None:
    proven.press("Người khác nhận")
    assert proven.asked == "recipient_name" and "09xx" not in texts(proven.sent)
    proven.say("Trần Văn Nam", person="Trần Văn Nam")
    assert proven.asked == "phone"
    assert proven.fact("recipient_name") == "Trần Văn Nam"


def test_another_dossier_has_another_owner(proven: Talk, put_dossier: Callable[..., str]) -> None:
    other = put_dossier(code="H36.12-261102-0009", owner_name="Người Khác", owner_phone="0900005678")
    proven.press("Đúng rồi")
    proven.say(f"à nhầm, hồ sơ {other}", "correct_previous", dossier_code=other)
    assert proven.asked == "dossier" and proven.fact("recipient_name") is None and proven.fact("phone") is None


def test_a_result_goes_to_another_province(proven: Talk, session: Session) -> None:
    proven.press("Đúng rồi")
    sent = proven.say("em ở Sài Gòn ạ")
    assert proven.asked == "address" and HCM in texts(sent)
    proven.say("12 Lê Lợi, phường Bến Thành")
    summary = proven.say("trả trước")
    assert summary[0]["custom"]["date"] is None
    sent = proven.say("đồng ý", "affirm")
    assert sent[-1]["custom"]["date"] is None and "4 ngày làm việc" in texts(sent)
    pickup = booked(session)
    assert (pickup.zone, pickup.destination, pickup.slot_id, pickup.unit_code) == ("outside", HCM, None, None)


@pytest.mark.parametrize("first", ["bưu tá tới lấy hồ sơ khai sinh ở Bình Dương", "lấy hồ sơ khai sinh tại nhà"])
def test_papers_are_not_collected_in_another_province(owned: SimpleNamespace, session: Session, first: str) -> None:
    talk = Talk()
    sent = talk.say(first, "book_collection", procedure="khai sinh")
    if talk.asked == "procedure":
        sent = talk.say(BIRTH, procedure=BIRTH)
    for said in ("Lê Thị Ngọc Bích", "0912345678", "Bình Dương"):
        if talk.active:
            sent = talk.say(said)
    assert sent[-1]["custom"]["reason"] == "collection_outside"
    assert session.execute(select(Pickup)).first() is None


def test_a_location_is_answered_with_the_communes_around(proven: Talk) -> None:
    proven.press("Đúng rồi")
    proven.say("Vị trí của tôi", "ask_office", location="geo:11.94,108.45")
    assert proven.asked == "commune"
    assert "phường Xuân Hương - Đà Lạt" in proven.titles and len(proven.titles) == 3
    proven.press("phường Xuân Hương - Đà Lạt")
    assert proven.asked == "address"


def test_a_location_outside_of_the_province_is_said_to_be(proven: Talk) -> None:
    proven.press("Đúng rồi")
    assert "ngoài tỉnh" in texts(proven.say("Vị trí của tôi", "ask_office", location="geo:10.77,106.69"))
    assert proven.asked == "commune"


def test_one_letter_is_no_address(proven: Talk) -> None:
    proven.press("Đúng rồi")
    proven.say("xã Di Linh", commune=DI_LINH)
    assert "ngắn quá" in texts(proven.say("x"))
    assert proven.asked == "address" and proven.fact("address") is None


@pytest.mark.parametrize(("said", "why"), [("30/2", "không có trong lịch"), ("20/11", "đã qua rồi")])
def test_days_that_nobody_can_have(proven: Talk, said: str, why: str) -> None:
    proven.press("Đúng rồi")
    proven.say("xã Di Linh", commune=DI_LINH)
    proven.say("12 Hùng Vương")
    sent = proven.say(said)
    assert why in texts(sent), texts(sent)
    assert proven.asked == "date" and proven.fact("date") is None


def test_papers_to_count_come_with_a_collection(owned: SimpleNamespace, session: Session) -> None:
    procedure = session.execute(select(Procedure).where(Procedure.code == BIRTH)).scalar_one()
    body = {"text": "Dạ", "items": ["Tờ khai", "Giấy chứng sinh"]}
    procedure.facts.append(ProcedureFact(aspect="documents", body=body, status="partial"))
    session.flush()
    catalogue.forget()
    assert neighbours.papers(session, BIRTH) == ({"name": "Tờ khai"}, {"name": "Giấy chứng sinh"})
