"""What is said: every field of the contract, every state in plain words, nothing personal."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.orm import Session

from bot import clock
from bot.dossiers import lookup
from bot.dossiers.answers import asking, following, requests
from bot.dossiers.answers.status import show
from bot.dossiers.answers.wording import money
from bot.dossiers.codes import LookAlike
from bot.dossiers.proof import Lock
from bot.dossiers.proof.factors import Strength
from bot.dossiers.statuses import STATUSES, Status
from bot.messages import Message

from .conftest import PHONE

Put = Callable[..., str]


@pytest.fixture
def told(session: Session, put: Put) -> Callable[..., Message]:
    """Store a dossier with these fields and say where it stands."""

    def _told(question: str = "status", **fields: Any) -> Message:
        view = lookup.view(session, put(**fields))
        assert view is not None
        return show(view, question)

    return _told


Told = Callable[..., Message]


def meanings(message: Message) -> list[str]:
    return [button.meaning for button in message.buttons]


def test_every_state_has_words() -> None:
    assert sorted(STATUSES) == list(range(1, 11))
    assert STATUSES[Status(4)].label == "Đang xử lý"
    with pytest.raises(ValueError):
        Status(11)


@pytest.mark.parametrize("status", range(1, 11))
@pytest.mark.parametrize("question", ["status", "late", "supplement"])
def test_every_state_can_be_told_without_personal_data(told: Told, status: int, question: str) -> None:
    message = told(question, status=status, owner_id_number="068099001234")
    assert message.text.startswith("Dạ, hồ sơ H36.12-261102-0001 (Đăng ký khai sinh) ")
    assert message.custom().keys() == {
        *("kind", "code", "status", "label", "title", "due_at", "late_working_days", "new_due_at", "tier")
    }
    assert message.custom()["status"] == status
    assert message.custom()["label"] == STATUSES[Status(status)].label
    assert 1 <= len(message.buttons) <= 4
    for secret in ("Mây Hồng", PHONE, "1234", "068099001234", "K7q2"):
        assert secret not in message.text
    assert ".." not in message.text


def test_late_counts_working_days_and_skips_the_new_holiday(told: Told) -> None:
    with clock.frozen("2026-11-25T09:00:00+07:00"):
        message = told(due_at="2026-11-20T16:30:00+07:00")
    assert message.fields["late_working_days"] == 2
    assert message.fields["due_at"] == "2026-11-20T16:30:00+07:00"
    assert message.fields["new_due_at"] is None
    assert "đã trễ hẹn 2 ngày làm việc (ngày hẹn trả: thứ sáu 20/11/2026)" in message.text
    assert "chưa thấy thư xin lỗi" in message.text
    assert '"request": "press"' in meanings(message)[0] and meanings(message)[1] == "/talk_to_human"


def test_lateness_comes_first_when_it_was_asked(told: Told) -> None:
    late = told("late", due_at="2026-11-18T16:30:00+07:00").text.split("\n")
    assert "trễ hẹn 2 ngày làm việc" in late[0]
    assert told("late").text.startswith(
        "Dạ, hồ sơ H36.12-261102-0001 (Đăng ký khai sinh) chưa trễ: hẹn trả thứ sáu 04/12/2026, còn 9 ngày"
    )
    assert "hôm nay là ngày hẹn" in told("late", due_at="2026-11-22").text
    assert "chưa trễ ngày làm việc nào" in told("late", due_at="2026-11-20").text
    assert "chưa có ngày hẹn trả" in told("late", due_at=None).text


def test_a_count_across_an_unplanned_year_is_called_an_estimate(told: Told) -> None:
    with clock.frozen("2027-01-06T09:00:00+07:00"):
        assert "khoảng 4 ngày làm việc (ước tính)" in told(due_at="2026-12-30T16:30:00+07:00").text


def test_apology_gives_reason_and_new_date_and_due_date_does_not_move(told: Told) -> None:
    apology = {"reason": "Cần đo lại ranh đất.", "new_due_at": "2026-12-02T16:30:00+07:00"}
    fields: dict[str, Any] = {"due_at": "2026-11-18T16:30:00+07:00", "apology": apology}
    message = told(**fields)
    assert "hẹn lại thứ tư 02/12/2026. Lý do: Cần đo lại ranh đất.\n" in message.text
    assert message.fields["due_at"].startswith("2026-11-18")
    assert message.fields["new_due_at"] == "2026-12-02T16:30:00+07:00"
    with clock.frozen("2026-12-04T09:00:00+07:00"):
        assert "Ngày hẹn lại này cũng đã qua" in told(**fields).text


@pytest.mark.parametrize(
    ("status", "events", "late"),
    [
        (4, [], 2),
        (5, [{"status": 5, "at": "2026-11-19T10:00:00+07:00"}], 1),  # paused one day after the due date
        (5, [{"status": 5, "at": "2026-11-10T10:00:00+07:00"}], 0),
        (5, [], 0),
        (9, [{"status": 9, "at": "2026-11-19T10:00:00+07:00"}], 1),
        (3, [], 0),
    ],
)
def test_lateness_stops_with_the_clock(told: Told, status: int, events: list[Any], late: int) -> None:
    message = told(status=status, events=events, due_at="2026-11-18T16:30:00+07:00")
    assert message.fields["late_working_days"] == late


def test_missing_papers_are_listed_and_come_first_when_asked(told: Told) -> None:
    papers = ["Bản sao giấy khai sinh của mẹ", "Tờ khai theo mẫu mới"]
    lines = told("supplement", status=5, supplement=papers).text.split("\n")
    assert "cần bổ sung giấy tờ" in lines[0]
    assert lines[1:4] == ["Giấy tờ cần bổ sung:", *(f"- {paper}" for paper in papers)]
    assert "không có yêu cầu bổ sung" in told("supplement", status=4).text.split("\n")[0]
    assert "chưa ghi rõ giấy nào" in told(status=5).text


@pytest.mark.parametrize(
    ("state", "words", "pays"),
    [
        ("unpaid", "1.200.000 đồng (chưa nộp)", True),
        ("pending", "đừng nộp lần hai", False),
        ("paid", "(đã nộp)", False),
        ("waived", "(được miễn)", False),
    ],
)
def test_money(told: Told, state: str, words: str, pays: bool) -> None:
    message = told(status=6, amount_due=1_200_000, payment_state=state)
    assert words in message.text
    assert ("/pay_online" in meanings(message)) is pays


def test_money_is_grouped_by_dots() -> None:
    assert [money(0), money(8_000), money(1_234_567_890)] == ["0 đồng", "8.000 đồng", "1.234.567.890 đồng"]


def test_delivery_is_offered_when_the_result_is_there(told: Told) -> None:
    assert '/book_delivery{"dossier_code": "H36.12-261102-0001"}' in meanings(told(status=9))
    on_its_way = told(status=9, return_method="post", postal_code="EB125966888VN")
    assert "EB125966888VN" in on_its_way.text
    assert not any("book_delivery" in meaning for meaning in meanings(on_its_way))
    assert not any("book_delivery" in meaning for meaning in meanings(told(status=4)))


def test_reason_of_a_refusal_is_told(told: Told) -> None:
    events = [
        {"status": 2, "at": "2026-11-03T08:00:00+07:00", "note": "nhận hồ sơ"},
        {"status": 3, "at": "2026-11-04T08:00:00+07:00", "note": "Tờ khai thiếu chữ ký"},
    ]
    assert "Lý do: Tờ khai thiếu chữ ký." in told(status=3, events=events).text


def test_long_names_are_cut_at_a_word(told: Told) -> None:
    text = told(procedure_name="Đăng ký biến động quyền sử dụng đất " * 10).text
    assert "…)" in text.split("\n")[0]
    assert len(text.split("\n")[0]) < 160


@pytest.mark.parametrize("seen", [None, *LookAlike])
def test_asking_for_the_code_says_where_it_stands(seen: LookAlike | None) -> None:
    message = asking.ask_code(seen)
    assert message.custom() == {"kind": "dossier_question", "slot": "code", "asks_photo": True}
    assert "giấy hẹn" in message.text
    assert asking.code_help(seen).custom() == {"kind": "info", "topic": "dossier_code"}


def test_fixed_answers_have_the_fields_of_the_contract() -> None:
    assert asking.ask_proof("X").custom() == {"kind": "dossier_proof", "code": "X"}
    assert "4 số cuối" in asking.ask_proof("X").text
    assert "mã bí mật" in asking.ask_proof("X").text
    assert asking.not_found().custom() == {"kind": "dossier_not_found"}
    assert asking.locked(Lock(3541, None)).custom() == {"kind": "dossier_locked", "retry_after_s": 3541}
    assert "60 phút" in asking.locked(Lock(3541, None)).text
    assert "đủ số điện thoại" in asking.locked(Lock(3541, Strength.SURE)).text
    assert "mã bí mật" in asking.locked(Lock(3541, Strength.SECRET)).text
    assert requests.confirm_withdrawal("X").custom() == {"kind": "confirm", "what": "withdraw_dossier"}
    assert following.subscribed("X").custom() == {"kind": "subscribed", "code": "X"}
    assert following.unsubscribed("X").custom() == {"kind": "unsubscribed", "code": "X"}


def test_a_one_time_code_is_promised_in_words_that_hold_for_an_unknown_dossier_too() -> None:
    message = asking.code_sent("X", too_often=False)
    assert message.custom() == {"kind": "dossier_proof", "code": "X"}
    assert "nếu mã X đúng" in message.text and "OTP" not in message.text
    assert not any("sms" in meaning for meaning in meanings(message))
    assert any("sms" in meaning for meaning in meanings(asking.ask_proof("X", by_sms=True)))
    assert not any("sms" in meaning for meaning in meanings(asking.ask_proof("X")))


def test_a_returned_dossier_is_late_by_the_day_it_was_done_not_fetched(told: Told) -> None:
    events = [
        {"status": 9, "at": "2026-11-10T09:00:00+07:00"},
        {"status": 10, "at": "2026-11-20T09:00:00+07:00"},
    ]
    fields = {"status": 10, "due_at": "2026-11-11T16:30:00+07:00", "returned_at": "2026-11-20T09:00:00+07:00"}
    assert told(events=events, **fields).fields["late_working_days"] == 0
    assert told(events=events[1:], **fields).fields["late_working_days"] == 0


def test_after_a_pause_the_count_says_what_it_leaves_out(told: Told) -> None:
    events = [
        {"status": 4, "at": "2026-11-02T09:00:00+07:00"},
        {"status": 5, "at": "2026-11-04T09:00:00+07:00"},
        {"status": 4, "at": "2026-11-18T09:00:00+07:00"},
    ]
    text = told(due_at="2026-11-10T16:30:00+07:00", events=events).text
    assert "đã qua ngày hẹn ban đầu 8 ngày làm việc" in text and "chưa trừ thời gian chờ anh/chị bổ sung" in text


def test_a_supplement_deadline_is_told_and_when_it_has_passed_too(told: Told) -> None:
    papers = {"status": 5, "supplement": ["Bản sao sổ đỏ"]}
    assert "hạn thứ năm 26/11/2026" in told(supplement_due_at="2026-11-26T17:00:00+07:00", **papers).text
    assert "Hạn bổ sung đã qua" in told(supplement_due_at="2026-11-20T17:00:00+07:00", **papers).text


def test_no_reason_is_promised_where_none_is_known(told: Told) -> None:
    assert "chưa ghi lý do" in told(status=3).text
    assert "chưa ghi lý do" in told(status=8).text
