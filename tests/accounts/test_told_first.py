"""Problems told as the very first message, whatever the model takes them for; and messages that tell of none."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from talking import Chat

from bot.conversation.turn import Turns
from bot.db.engine import Database

TOLD: dict[str, list[str]] = yaml.safe_load(Path(__file__).with_name("told_first.yml").read_text(encoding="utf-8"))
NONE = TOLD.pop("none")
# A checking question is right, too, and so is what follows a question that the message has answered already.
ALSO = {
    "forgot_secret": {"forgot_password", "forgot_passcode"},
    "new_phone": {"new_phone_old_here", "new_phone_old_gone"},
    "no_otp": {"no_otp_sim_moved", "no_otp_other"},
}
pytestmark = pytest.mark.parametrize("furnished_database", ["sqlite"], indirect=True)


def heard(furnished: Database, turns: Turns, text: str) -> str:
    """Return the problem that the assistant hears in a first message, else the kind of its reply."""
    first = Chat(furnished, turns).say(text)[0]
    return str(first.custom.get("problem") or first.custom["kind"])


def test_nearly_all_are_heard(furnished: Database, turns: Turns) -> None:
    said = [(name, text) for name, texts in TOLD.items() for text in texts]
    wrong = [
        (name, text, found)
        for name, text in said
        if (found := heard(furnished, turns, text)) not in {name, *ALSO.get(name, ())}
    ]
    assert len(said) >= 240
    assert len(wrong) <= 0.04 * len(said), wrong


def test_what_tells_of_no_problem_becomes_none(furnished: Database, turns: Turns) -> None:
    problems = set(TOLD) | {other for others in ALSO.values() for other in others}
    wrong = [(text, found) for text in NONE if (found := heard(furnished, turns, text)) in problems]
    assert len(wrong) <= 0.03 * len(NONE), wrong


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("đổi điện thoại, máy cũ vẫn để ở nhà, vneid qua máy mới sao", "new_phone_old_here"),
        ("máy cũ chưa bán, giờ đăng nhập VNeID máy mới thế nào", "new_phone_old_here"),
        ("doi may moi, may cu ban mat roi, vneid lam sao", "new_phone_old_gone"),
        ("điện thoại cũ không còn nữa, VNeID trên máy mới đòi xác nhận", "new_phone_old_gone"),
        ("mới đổi điện thoại, vneid đăng nhập lại sao", "new_phone"),
    ],
)
def test_who_says_what_became_of_the_old_phone_is_not_asked(
    furnished: Database, turns: Turns, text: str, problem: str
) -> None:
    assert heard(furnished, turns, text) == problem


def test_the_quick_check_goes_on_after_a_problem_in_it_is_solved(furnished: Database, turns: Turns) -> None:
    chat = Chat(furnished, turns)
    chat.say("kiểm tra nhanh vneid giúp tui")
    chat.say("công dân")
    asked = chat.say("tui 40 tuổi")[-1].custom
    assert asked["topic"] == "readiness" and asked["question"] == "card"
    assert chat.say("à mà tui quên passcode vneid rồi")[0].custom["problem"] == "forgot_passcode"
    again = chat.say("được rồi")
    assert [line.custom.get("question") for line in again] == ["card"] and "kiểm tra tiếp" in again[0].text
    assert chat.say("còn hạn")[-1].custom["question"] == "sim"


def test_the_quick_check_waits_for_the_checking_question_and_the_second_way(furnished: Database, turns: Turns) -> None:
    chat = Chat(furnished, turns)
    chat.say("kiểm tra nhanh vneid giúp tui")
    assert chat.say("công dân")[-1].custom["question"] == "age"
    assert chat.say("tui không nhận được mã otp vneid")[0].custom["problem"] == "no_otp"
    assert chat.press("Không chuyển")[0].custom["problem"] == "no_otp_other"
    assert chat.say("chưa được")[0].custom["problem"] == "no_otp_other"
    assert chat.say("được rồi em")[-1].custom["question"] == "age"


def test_a_question_about_something_else_brings_the_check_back_too(furnished: Database, turns: Turns) -> None:
    chat = Chat(furnished, turns)
    chat.say("kiểm tra nhanh vneid giúp tui")
    assert chat.say("vneid báo tài khoản bị khóa")[0].custom["problem"] == "locked"
    lines = chat.say("đăng ký khai sinh cần giấy tờ gì")
    assert lines[0].custom["kind"] == "procedure" and lines[-1].custom.get("question") == "who"


def test_the_chat_names_the_page_with_the_code_of_its_run(furnished: Database, turns: Turns) -> None:
    chat = Chat(furnished, turns)
    first = chat.say("tạo tài khoản vneid mức 2")[0].custom
    second = chat.say("tiếp")[0].custom
    code = first["page"].partition("?ma=")[2].partition("#")[0]
    assert code.startswith("HD-") and f"?ma={code}#buoc-2" in second["page"]
    elsewhere = Chat(furnished, turns)
    assert elsewhere.say(code)[0].custom["step"] == 2


@pytest.mark.parametrize(
    ("text", "goal"),
    [
        ("muốn có tài khoản để nộp giấy tờ trên mạng, chỉ cách làm", "vneid_level_2"),
        ("tao tai khoan de nop ho so truc tuyen", "vneid_level_2"),
        ("kích hoạt tài khoản vneid sao", "activation"),
    ],
)
def test_what_an_account_is_wanted_for_opens_no_other_guide(
    furnished: Database, turns: Turns, text: str, goal: str
) -> None:
    assert Chat(furnished, turns).say(text)[0].custom.get("goal") == goal
