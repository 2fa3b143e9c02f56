"""What people are told about accounts, step by step."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.orm import Session

from actions.accounts import ActionAccountGuide, ActionAccountHelp
from actions.turn import Reply, Turn
from bot import clock
from bot.accounts import guides
from bot.conversation.models import Conversation
from bot.messages import Message

Make = Callable[..., Turn]
GOAL = "vneid_level_2"


@pytest.fixture
def turn(session: Session) -> Make:
    conversation = Conversation(channel="rest", sender="c1", created_at=clock.now())
    session.add(conversation)
    session.flush()

    def _turn(text: str, intent: str, slots: dict[str, Any] | None = None, **entities: str) -> Turn:
        return Turn(
            session=session,
            asker="rest:c1",
            conversation_id=conversation.id,
            channel="rest",
            text=text,
            intent=intent,
            entities=[{"entity": name, "value": value} for name, value in entities.items()],
            slots=slots or {},
            requested_slot=None,
            active_loop=None,
        )

    return _turn


def guide(turn: Turn) -> Reply:
    return ActionAccountGuide().answer(turn)


def helped(turn: Turn) -> Message:
    reply = ActionAccountHelp().answer(turn)
    assert not reply.slots.keys() & {"guide", "guide_step"}, "a guide under way must stay open"
    (message,) = reply.messages
    return message


def titles(message: Message) -> list[str]:
    return [button.title for button in message.buttons]


def test_the_whole_way(turn: Make) -> None:
    reply = guide(turn("tạo tài khoản", "create_account"))
    seen = []
    while reply.messages[0].kind == "account_guide":
        message = reply.messages[0]
        seen.append((message.fields["goal"], message.fields["step"], message.fields["of"]))
        assert reply.slots == {"guide": GOAL, "guide_step": message.fields["step"]}
        reply = guide(turn("tiếp", "next_step", reply.slots))
    assert seen == [(GOAL, step, 10) for step in range(1, 11)]
    assert reply.messages[0].fields == {"topic": "account_guide_done"}
    assert reply.slots == {"guide": None, "guide_step": None}


def test_buttons_of_the_first_a_middle_and_the_last_step(turn: Make) -> None:
    first = guide(turn("tạo tài khoản", "create_account"))
    middle = guide(turn("tiếp", "next_step", {"guide": GOAL, "guide_step": 4}))
    last = guide(turn("tiếp", "next_step", {"guide": GOAL, "guide_step": 9}))
    assert titles(first.messages[0]) == ["Tiếp", "Bị vướng", "Kiểm tra nhanh", "Gặp nhân viên"]
    assert titles(middle.messages[0]) == ["Tiếp", "Quay lại", "Bị vướng", "Gặp nhân viên"]
    assert titles(last.messages[0]) == ["Xong", "Quay lại", "Bị vướng", "Gặp nhân viên"]


def test_back(turn: Make) -> None:
    assert guide(turn("lùi", "previous_step", {"guide": GOAL, "guide_step": 5})).slots["guide_step"] == 4
    first = guide(turn("lùi", "previous_step", {"guide": GOAL, "guide_step": 1}))
    assert first.slots["guide_step"] == 1 and "bước đầu" in first.messages[0].text


def test_back_to_a_named_step(turn: Make) -> None:
    reply = guide(turn("về bước số 2", "previous_step", {"guide": GOAL, "guide_step": 7}, ordinal="2"))
    assert reply.slots["guide_step"] == 2


@pytest.mark.parametrize("intent", ["next_step", "previous_step"])
@pytest.mark.parametrize("slots", [{}, {"guide": "gone", "guide_step": 3}, {"guide": GOAL, "guide_step": None}])
def test_without_a_guide_one_is_offered(turn: Make, intent: str, slots: dict[str, Any]) -> None:
    (message,) = guide(turn("tiếp", intent, slots)).messages
    assert message.fields == {"topic": "account_guide_offer"}
    assert message.buttons[0].meaning == "/create_account"


@pytest.mark.parametrize("step", [-4, 0, 99, 3.0])
def test_a_wrong_step_number_does_no_harm(turn: Make, step: float) -> None:
    reply = guide(turn("lùi", "previous_step", {"guide": GOAL, "guide_step": step}))
    assert 1 <= reply.slots["guide_step"] <= 10


@pytest.mark.parametrize(
    ("text", "goal", "step"),
    [
        ("kich hoat muc 2 di em", "activation", 1),
        ("nang cap tu muc 1 len muc 2", GOAL, 1),
        ("đăng ký mức 1 bằng NFC làm thế nào", "vneid_level_1", 7),
        ("em muốn lên mức 2 thì làm sao ạ", GOAL, 1),
        ("vào trang dịch vụ công bằng VNeID sao", "portal_login", 1),
        ("tạo tài khoản cho con gái 12 tuổi", "child_account", 1),
        ("dang ky dinh danh cho me 78 tuoi", GOAL, 1),
        ("tạo passcode lúc kích hoạt", "activation", 6),
        ("lap tk", GOAL, 1),
        ("cty mình muốn mở tài khoản định danh tổ chức", "organisation_account", 1),
    ],
)
def test_people_begin_where_they_are(turn: Make, text: str, goal: str, step: int) -> None:
    reply = guide(turn(text, "create_account"))
    assert (reply.slots["guide"], reply.slots["guide_step"]) == (goal, step)


def test_a_foreigner_gets_a_guide_of_their_own_and_a_person(turn: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    said = turn("Tôi là người nước ngoài có thẻ tạm trú, đăng ký VNeID thế nào?", "create_account")
    reply = guide(said)
    assert reply.slots["guide"] == "foreigner_account" and "Gặp nhân viên" in titles(reply.messages[0])
    shipped = {goal: found for goal, found in guides.guides().items() if goal != "foreigner_account"}
    monkeypatch.setattr(guides, "guides", lambda: shipped)
    reply = guide(said)
    assert reply.slots["guide"] is None
    assert reply.messages[0].kind == "info" and titles(reply.messages[0]) == ["Gặp nhân viên"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("quen mat khau", "forgot_password"),
        ("quên pass rồi", "forgot_password"),
        ("quên mã 6 số", "forgot_passcode"),
        ("vneid bi khoa do nhap sai 5 lan", "locked"),
        ("ko nhận dc otp ad ơi", "no_otp"),
        ("sim không chính chủ", "sim_not_own"),
        ("đổi điện thoại mới", "new_phone"),
        ("e mat dien thoai", "new_phone_old_gone"),
        ("nfc bao loi", "nfc"),
        ("tài khoản của bạn đã thực hiện kích hoạt", "already_activated"),
        ("qua 7 ngay chua kich hoat", "activation_expired"),
        ("ứng dụng báo bận", "app_busy"),
        ("Sai ngày sinh trên VNeID", "wrong_data"),
        ("không đủ mức", "level_too_low"),
        ("tài khoản mức 0 hồi dịch covid", "level_0"),
        ("ko quet dc cccd", "card_qr"),
        ("vneid lỗi rồi", "unknown"),
        ("", "unknown"),
    ],
)
def test_problems_are_recognised(turn: Make, text: str, problem: str) -> None:
    message = helped(turn(text, "report_account_problem"))
    assert message.kind == "account_problem"
    assert message.fields == {"problem": problem, "step": 1}


def test_the_entity_counts_before_the_sentence(turn: Make) -> None:
    said = turn(
        "đăng nhập cổng bằng máy mới nó ghi không đủ mức",
        "report_account_problem",
        account_problem="không đủ mức",
    )
    assert helped(said).fields["problem"] == "level_too_low"


def test_the_checking_question_leads_to_the_fix(turn: Make) -> None:
    question = helped(turn("không nhận được OTP", "report_account_problem"))
    assert titles(question)[:2] == ["Có chuyển SIM", "Không chuyển"]
    pressed = turn("", "report_account_problem", account_problem="no_otp_sim_moved")
    fix = helped(pressed)
    assert fix.fields == {"problem": "no_otp_sim_moved", "step": 2}
    assert "2 giờ" in fix.text


@pytest.mark.parametrize(
    ("intent", "text", "topic", "fact"),
    [
        ("ask_account_requirements", "lam muc 2 can mang gi", "account_requirements", "thẻ căn cước còn hạn"),
        ("ask_account_requirements", "mức mấy mới nộp được", "account_requirements", "cần mức 2"),
        ("ask_account_requirements", "con 10 tuổi làm được không", "account_requirements", "người giám hộ"),
        ("ask_account_requirements", "lam dinh danh co ton tien ko", "account_requirements", "miễn phí"),
        ("ask_account_requirements", "bao nhieu ngay co", "account_requirements", "3 ngày"),
        ("file_online", "nop hs tren mang", "file_online", "Bước 4, Nộp hồ sơ"),
        ("file_online", "Nộp thay cho mẹ thì điền thế nào", "file_online", "Chủ hồ sơ"),
        ("file_online", "file pdf hay jpg", "file_online", "chưa có quy định đã kiểm chứng"),
        ("pay_online", "dong phi qua mang sao", "pay_online", "Yêu cầu thanh toán"),
        ("report_payment_problem", "đã trừ tiền mà báo chưa thanh toán", "payment_problem", "khoan trả lại"),
        ("report_payment_problem", "bi tru tien 2 lan", "payment_problem", "Đừng trả thêm"),
    ],
)
def test_fixed_answers(turn: Make, intent: str, text: str, topic: str, fact: str) -> None:
    message = helped(turn(text, intent))
    assert (message.kind, message.fields["topic"]) == ("info", topic)
    assert fact in message.text


def test_a_payment_problem_always_offers_a_person(turn: Make) -> None:
    for text in ("trừ tiền rồi", "hoàn tiền cho tôi", "nút thanh toán bấm không ăn", "không thấy biên lai"):
        assert titles(helped(turn(text, "report_payment_problem")))[-1] == "Gặp nhân viên"
