"""Why an answer was given: everything that was understood in one look, and one press to say that it was wrong."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from bot.conversation.models import InboxMessage
from bot.db.engine import Database
from bot.learning.models import ReviewItem

from .test_phone import Desk, audited


def _say(client: TestClient, database: Database, text: str) -> int:
    assert client.post("/webhooks/rest/webhook", json={"sender": "u1", "message": text}).status_code == 200
    with database.reading() as session:
        return int(session.execute(select(InboxMessage.id).order_by(InboxMessage.id.desc())).scalars().first())


@pytest.fixture
def desk(client: TestClient, furnished: Database) -> Desk:
    return Desk(client, furnished, "mai.tran", "content_editor")


def test_one_page_tells_what_was_understood_and_from_which_record(desk: Desk, furnished: Database) -> None:
    inbox_id = _say(desk.client, furnished, "lệ phí đăng ký kết hôn ở Di Linh")
    shown = desk.get(f"/desk/why/{inbox_id}").text
    assert "ask_procedure_fee" in shown and shown.count("<meter") >= 2
    assert "Đăng ký kết hôn" in shown and "/thu-tuc/1.000894" in shown
    assert "117/2026/TT-BTC" in shown and "2026-07" in shown and "kiểm tra" in shown
    assert "<td>Di Linh</td>" in shown, "an entity is shown with its words"
    assert 'href="/desk/chats/' not in shown, "an editor opens no chats"
    with furnished.reading() as session:
        ((actor, _, reason),) = audited(session, "conversation.read")
    assert (actor, reason) == ("staff:mai.tran", "xem vì sao")


def test_the_problem_with_an_account_is_told(desk: Desk, furnished: Database) -> None:
    inbox_id = _say(desk.client, furnished, "Áp thẻ vô lưng máy hoài mà VNeID không đọc được chip")
    assert "Sự cố tài khoản nghe ra: Quét NFC bị lỗi, chắc" in desk.get(f"/desk/why/{inbox_id}").text
    inbox_id = _say(desk.client, furnished, "lệ phí khai sinh")
    assert "Sự cố tài khoản" not in desk.get(f"/desk/why/{inbox_id}").text


def test_a_wrong_answer_waits_for_a_label_without_personal_data(desk: Desk, furnished: Database) -> None:
    inbox_id = _say(desk.client, furnished, "cưới thì đóng bao nhiêu tiền, gọi tôi 0912345678")
    assert desk.post(f"/desk/why/{inbox_id}/wrong").json()["kept"]
    assert desk.post(f"/desk/why/{inbox_id}/wrong").json()["kept"], "twice is once"
    with furnished.reading() as session:
        item = session.execute(select(ReviewItem)).scalar_one()
        assert (item.why, item.inbox_id, item.state) == ("reported", inbox_id, "open")
        assert "0912345678" not in item.text + item.shape
        assert len(audited(session, "answer.reported")) == 2
    shown = desk.get(f"/desk/why/{inbox_id}").text
    assert "đang chờ xem lại" in shown and "data-wrong" not in shown


def test_a_message_that_is_none_has_no_page(desk: Desk) -> None:
    assert desk.get("/desk/why/999999").status_code == 404
    assert desk.post("/desk/why/999999/wrong").status_code == 404


def test_a_warning_has_a_page_too_and_no_markup_gets_in(desk: Desk, furnished: Database) -> None:
    inbox_id = _say(desk.client, furnished, "<img src=x onerror=alert(1)> mã OTP 482913")
    shown = desk.get(f"/desk/why/{inbox_id}").text
    assert "cảnh báo lộ thông tin" in shown and "482913" not in shown and "<img src=x" not in shown
