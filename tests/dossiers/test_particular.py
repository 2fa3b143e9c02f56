"""One particular question about a dossier: heard in few words, answered first and without the whole card again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.orm import Session

from bot.dossiers import lookup, questions
from bot.dossiers.answers import particular
from bot.messages import Message

from .conftest import PHONE

Put = Callable[..., str]


@pytest.fixture
def told(session: Session, put: Put) -> Callable[..., Message | None]:
    """Store a dossier with these fields and answer a question about it."""

    def _told(question: str, **fields: Any) -> Message | None:
        view = lookup.view(session, put(**fields))
        assert view is not None
        return particular.answer(view, question)

    return _told


Told = Callable[..., Message]


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("chừng nào em lấy được vậy", questions.DUE),
        ("may bua nua co", questions.DUE),
        ("ngày hẹn là hôm nào", questions.DUE),
        ("bổ sung trước ngày nào", questions.SUPPLY_BY),
        ("han chot nop them la khi nao", questions.SUPPLY_BY),
        ("bo sung the nao vay em", questions.SUPPLY_WHERE),
        ("het bao nhieu tien", questions.FEE),
        ("nhận kết quả chỗ nào", questions.COLLECT),
        ("di dau lay", questions.COLLECT),
        ("vợ tôi ra nhận giùm được không", questions.PROXY),
        ("người nhà lấy được k", questions.PROXY),
        ("khi lấy phải mang theo gì", questions.BRING),
        ("bên nào thụ lý vậy", questions.AGENCY),
        ("ai đang xử lý hồ sơ của em", questions.AGENCY),
        ("ly do gi", questions.REASON),
        ("sao lại bị trả về", questions.REASON),
        ("muốn nộp lại thì sao", questions.REFILE),
        ("kiện hàng tới chưa", questions.PARCEL),
        ("hối cơ quan giùm em", questions.PRESS),
        ("nhắc họ làm lẹ giùm", questions.PRESS),
        ("sao lâu dữ vậy", questions.LATE),
        ("lâu ghê vậy trời", questions.LATE),
        ("vẫn chưa có hả em", questions.STATUS),
        ("xong chưa vậy", questions.STATUS),
    ],
)
def test_heard_in_few_words(text: str, asked: str) -> None:
    assert questions.read(text) == asked


@pytest.mark.parametrize(
    "text",
    [
        "nhắc lại giúp em",
        "khi nào có kết quả nhớ báo cho tôi",
        "theo dõi giúp khi nào xong",
        "đăng ký khai sinh",
        "cảm ơn em",
        "nhờ bưu tá lấy giùm",
        "",
        "tôi nộp hồ sơ hôm trước ở xã, có chị cán bộ nói là chờ vài bữa rồi quay lại lấy, mà giờ tôi bận quá",
    ],
)
def test_not_heard(text: str) -> None:
    assert questions.read(text) is None


@pytest.mark.parametrize("question", questions.PARTICULAR)
@pytest.mark.parametrize("status", range(1, 11))
def test_every_state_keeps_what_is_personal(told: Told, status: int, question: str) -> None:
    message = told(question, status=status, owner_id_number="068099001234", amount_due=5000, agency="UBND xã A")
    if message is None:
        return  # the card says it all
    assert message.text.startswith("Dạ, ") and message.custom()["tier"] == 1 and message.custom()["status"] == status
    assert 1 <= len(message.buttons) <= 4 and ".." not in message.text
    for secret in ("Mây Hồng", PHONE, "1234", "068099001234", "K7q2"):
        assert secret not in message.text


def test_due(told: Told) -> None:
    assert "hẹn trả thứ sáu 04/12/2026, còn 9 ngày làm việc nữa" in told("due").text
    assert "đã trễ hẹn 2 ngày làm việc" in told("due", due_at="2026-11-18T16:30:00+07:00").text
    assert "chưa trễ ngày làm việc nào" in told("due", due_at="2026-11-20T16:30:00+07:00").text
    assert "hẹn trả hôm nay" in told("due", due_at="2026-11-22T16:30:00+07:00").text
    assert "chưa có ngày mới" in told("due", status=5).text
    assert "đã có kết quả từ thứ ba 10/11/2026" in told("due", status=9, finished_at="2026-11-10T10:00:00+07:00").text
    assert "không còn ngày hẹn" in told("due", status=8).text


def test_the_deadline_of_a_supplement(told: Told) -> None:
    assert "là thứ năm 26/11/2026" in told("supply_by", status=5, supplement_due_at="2026-11-26T17:00:00+07:00").text
    assert "đã qua rồi" in told("supply_by", status=5, supplement_due_at="2026-11-20T17:00:00+07:00").text
    assert "phiếu yêu cầu bổ sung" in told("supply_by", status=5).text
    assert "hẹn trả" in told("supply_by", status=4).text


def test_where_to_supply_follows_the_way_it_came(told: Told) -> None:
    assert "Cổng Dịch vụ công" in told("supply_where", status=5, channel="online").text
    at_the_counter = told("supply_where", status=5, channel="in_person", agency="UBND xã Di Linh").text
    assert "nơi đã nộp" in at_the_counter and "UBND xã Di Linh" in at_the_counter
    assert told("supply_where", status=4) is None


def test_money(told: Told) -> None:
    assert "1.200.000 đồng (chưa nộp)" in told("fee", status=6, amount_due=1_200_000, payment_state="unpaid").text
    nothing = told("fee", status=4)
    assert "chưa ghi khoản nào" in nothing.text
    assert any('ask_procedure_fee{"procedure": "1.001193"}' in button.meaning for button in nothing.buttons)


def test_fetching_the_result(told: Told) -> None:
    assert "chưa có kết quả để lấy" in told("collect", status=4).text
    assert "ghi trên giấy hẹn" in told("collect", status=9).text
    assert "EB125966888VN" in told("collect", status=9, return_method="post", postal_code="EB125966888VN").text
    assert "khỏi đi lấy" in told("collect", status=9, return_method="electronic").text
    assert "giấy ủy quyền" in told("proxy", status=9).text and told("proxy", status=10) is None
    assert "chưa cần chuẩn bị gì" in told("bring", status=4).text


def test_reason_and_what_then(told: Told) -> None:
    refused = {"status": 3, "events": [{"status": 3, "at": "2026-11-04T08:00:00+07:00", "note": "Thiếu chữ ký"}]}
    reason = told("reason", **refused)
    assert reason.text.startswith("Dạ, lý do cơ quan ghi: Thiếu chữ ký.")
    assert "ask_procedure_documents" in reason.buttons[0].meaning
    again = told("refile", channel="online", **refused)
    assert "Cổng Dịch vụ công" in again.text and "Thiếu chữ ký" in again.text
    assert "chưa ghi lý do" in told("reason", status=8, events=[]).text
    assert told("reason", status=4) is None and told("refile", status=4) is None


def test_who_handles_it(told: Told) -> None:
    assert "đang ở UBND xã Di Linh" in told("agency", agency="UBND xã Di Linh").text
    assert "chưa ghi nơi giải quyết" in told("agency", agency=None).text


def test_the_parcel_is_named_and_not_asked_for(told: Told) -> None:
    parcel = told("parcel", status=9, return_method="post", postal_code="EB125966888VN")
    assert "EB125966888VN" in parcel.text and "vnpost.vn" in parcel.text and "MC-" not in parcel.text
    assert not any("parcel" in button.meaning for button in parcel.buttons)
    assert told("parcel", status=9) is None
