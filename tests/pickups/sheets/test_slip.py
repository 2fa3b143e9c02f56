"""The citizen's slip: one page whatever the booking holds, no whole phone, a code that scans."""

from __future__ import annotations

import io
import json
import re
from typing import Any

import pytest
import zxingcpp
from PIL import Image
from sqlalchemy.orm import Session

from bot.pickups import numbers
from bot.pickups.models import STATES, Pickup
from bot.pickups.sheets import slip
from bot.settings import settings

from ..conftest import CODE, WEDNESDAY
from .conftest import Put
from .test_day_sheet import EVERY_MARK, PAPERS


def ready(session: Session, pickup: Pickup) -> list[str]:
    return list(slip.data(session, pickup)["ready"])


@pytest.fixture
def delivery(put: Put, put_dossier: Any) -> Pickup:
    put_dossier(amount_due=50_000, payment_state="unpaid")
    return put(service="deliver", dossier_code=CODE, procedure_code=None)


def test_the_code_leads_to_the_assistant_and_names_the_booking(session: Session, put: Put) -> None:
    pickup = put()
    (code,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(slip.drawn(session, pickup, "png"))))
    assert code.text == f"{settings().public_url}/#{pickup.booking}"
    assert numbers.find(code.text) == [pickup.booking]


def test_it_is_one_page_to_print(session: Session, put: Put) -> None:
    drawn = slip.drawn(session, put(), "pdf")
    assert drawn.startswith(b"%PDF") and len(re.findall(rb"/Type\s*/Page\b", drawn)) == 1


def test_the_phone_is_masked(session: Session, put: Put) -> None:
    told = json.dumps(slip.data(session, put()), ensure_ascii=False)
    assert "09xx***678" in told
    assert "0912345678" not in told and "0912 345 678" not in told


def test_what_to_have_ready_for_a_delivery(session: Session, delivery: Pickup) -> None:
    assert ready(session, delivery) == [
        "Căn cước hoặc hộ chiếu",
        "Bản chính, giấy cũ phải nộp lại, nếu thủ tục có yêu cầu",
        "Tiền cước",
        "Tiền lệ phí",
    ]
    delivery.payment = "before"
    assert "Tiền cước" not in ready(session, delivery)


def test_what_to_have_ready_for_a_collection_by_somebody_else(session: Session, put: Put) -> None:
    wanted = ready(session, put(papers=PAPERS, proxy_name="Trần Văn Đức"))
    assert wanted[0].startswith("Giấy ủy quyền") and wanted[1] == "Căn cước hoặc hộ chiếu của người làm thay"
    assert "Nộp lại: Giấy kết hôn cũ: 1 bản chính" in wanted
    assert "Giấy chứng sinh: 1 bản chính, 2 bản sao" in wanted
    assert any(line.startswith("Giấy tờ theo danh mục") for line in ready(session, put()))


def test_postage_and_administrative_fee_have_a_line_each(session: Session, delivery: Pickup) -> None:
    delivery.fee = 25_000
    rows = dict(slip.data(session, delivery)["rows"])
    assert rows["Cước"] == "Tạm tính 25.000 đ, bưu điện xác nhận lại" and rows["Lệ phí"] == "50.000 đ"


def test_it_says_when(session: Session, put: Put) -> None:
    assert slip.data(session, put(window="afternoon"))["when"] == "Buổi chiều, thứ hai 23/11/2026"
    again = put(state="failed_1", next_visit_on=WEDNESDAY)
    assert slip.data(session, again)["when"] == "Bưu tá đến lại từ thứ tư 25/11/2026"
    letter = put(zone="outside", unit_code=None, destination="Đồng Nai", service="deliver", dossier_code=CODE)
    assert "ngoài tỉnh" in slip.data(session, letter)["when"]


@pytest.mark.parametrize("service", ["deliver", "collect", "both"])
def test_the_longest_booking_fits_on_the_page(session: Session, put: Put, put_dossier: Any, service: str) -> None:
    put_dossier(procedure_name="Thủ tục có cái tên rất dài " * 30)
    long = "hẻm số bảy rẽ trái qua cầu " * 40
    papers = [{"name": f"{number} {long}", "original": 1} for number in range(40)]
    dossier = CODE if service != "collect" else None
    pickup = put(
        service=service, dossier_code=dossier, recipient_name=EVERY_MARK * 2, proxy_name=EVERY_MARK * 2, address=long,
        papers=papers,
    )  # fmt: skip
    for form in ("png", "pdf"):
        drawn = slip.drawn(session, pickup, form)  # type: ignore[arg-type]
        assert 10_000 < len(drawn) < 900_000
    if service != "deliver":
        assert "… và " in ready(session, pickup)[-2]


def test_markup_in_a_name_is_only_text(session: Session, put: Put) -> None:
    pickup = put(recipient_name='#panic("x") *đậm* $x$', address='"]; #read("/etc/passwd")')
    assert slip.drawn(session, pickup, "png").startswith(b"\x89PNG")


@pytest.mark.parametrize("state", STATES)
def test_where_no_postman_comes_there_is_no_slip(session: Session, put: Put, state: str) -> None:
    over = ("failed_2", "delivered", "returned", "cancelled", "rejected")
    assert slip.has_visit(put(state=state)) is (state not in over)
