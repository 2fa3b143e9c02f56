"""The quick check: every path is walked, every outcome reached, seven questions at most, no personal number asked."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from bot import clock
from bot.accounts import readiness, readiness_answers, readiness_reading
from bot.accounts.guides import guides
from bot.accounts.problems import problems
from bot.accounts.readiness import Check, Result, questions
from bot.messages import LONGEST_BUTTON, LONGEST_TEXT, MOST_BUTTONS
from bot.settings import CONTENT
from bot.text import fold

Path_ = tuple[Check, Result]


def paths(check: Check | None = None) -> Iterator[Path_]:
    """Walk every path from a question to an ending, not knowing included."""
    check = check or readiness.begin()
    question = questions().questions[check.question]
    for choice in (*question.choices, question.unsure):
        after, result = check.take(choice)
        if result is None:
            yield from paths(after)
        else:
            yield after, result


PATHS = list(paths())


def test_every_outcome_is_reached() -> None:
    assert {result.outcome for _, result in PATHS} == set(readiness.OUTCOMES) and len(readiness.OUTCOMES) == 9
    assert {result.id for _, result in PATHS} == set(questions().results), "no ending is out of reach"
    walked = {question for check, _ in PATHS for question, _ in check.answers}
    assert walked == set(questions().questions), "no question is out of reach"


def test_no_path_asks_more_than_seven_questions() -> None:
    assert max(len(check.answers) for check, _ in PATHS) == readiness.MOST_QUESTIONS
    for check, _ in PATHS:
        asked = [question for question, _ in check.answers]
        assert len(asked) == len(set(asked)), "none is asked twice"


def test_the_questions_keep_their_order() -> None:
    order = ["who", "age", "card", "sim", "phone", "level", "secrets"]
    for check, _ in PATHS:
        asked = [question for question, _ in check.answers if question in order]
        assert asked == sorted(asked, key=order.index)


def test_every_ending_says_what_to_bring_and_what_next_and_leads_on() -> None:
    for check, result in PATHS:
        message = readiness_answers.ending(check, result)
        assert message.fields["outcome"] == result.outcome
        assert result.say in message.text and "Cần có:" in message.text and "Việc tiếp theo:" in message.text
        assert readiness_answers.SCAM in message.text and result.as_of in message.text
        assert ("nguồn chưa chính thức" in message.text) == (result.tag == "C")
        assert len(message.text) <= LONGEST_TEXT and len(message.buttons) <= MOST_BUTTONS
        assert (result.guide in guides()) or (result.problem in problems())
        way_on = message.buttons[0].meaning
        assert (result.guide or result.problem or "") in way_on
        assert message.buttons[-1].title == "Gặp nhân viên"


def test_where_to_go_is_said_honestly() -> None:
    for check, result in PATHS:
        if result.outcome != "police":
            continue
        message = readiness_answers.ending(check, result)
        if result.id == "police_foreign":
            assert "xuất nhập cảnh" in message.text and "phường nào cũng được" not in message.text
        else:
            assert "công an xã, phường nào cũng được, không cần đúng nơi thường trú" in message.text
            assert "/ask_office" in [button.meaning for button in message.buttons]


def test_no_question_asks_for_a_personal_number_or_a_secret() -> None:
    for state in {Check(q, check.answers[:n]) for check, _ in PATHS for n, (q, _) in enumerate(check.answers)}:
        message = readiness_answers.ask(state)
        folded = fold(message.text)
        for secret in (
            "so can cuoc la",
            "so dien thoai la",
            "bao nhieu so",
            "mat khau la",
            "ma otp la",
            "nhap so",
            "gui anh",
        ):
            assert secret not in folded
        assert 3 <= len(message.buttons) <= MOST_BUTTONS
        assert all(len(button.title) <= LONGEST_BUTTON for button in message.buttons)
        assert "Không biết" in [button.title for button in message.buttons]
        assert "quay lại" in message.text.lower() or "Quay lại" in [button.title for button in message.buttons]


def test_the_state_goes_through_the_slot_and_back() -> None:
    for check, _ in PATHS:
        for number in range(len(check.answers)):
            state = Check(check.answers[number][0], check.answers[:number], misses=1)
            assert readiness.read(state.pending()) == state
    assert readiness.read("account:no_otp") is None
    assert readiness.read("readiness:gone::0") is None
    assert readiness.read("readiness:sim:gone=x:0") is None


def test_back_undoes_one_answer_and_stops_at_the_first() -> None:
    check = readiness.begin()
    assert check.back() is None
    for choice in ("citizen", "adult", "valid"):
        found = questions().questions[check.question].choice(choice)
        assert found is not None
        check, _ = check.take(found)
    assert check.question == "sim"
    before = check.back()
    assert before is not None and (before.question, before.answers) == ("card", (("who", "citizen"), ("age", "adult")))


ANSWERS = {
    "who": {
        "citizen": ["Tôi là công dân Việt Nam", "cho toi", "cho t"],
        "foreigner": ["Chồng tôi là người nước ngoài", "nguoi ngoai quoc", "ng nước ngoài"],
        "organisation": ["Cho công ty tôi", "hop tac xa", "cty"],
        "unsure": ["Tôi không biết", "khong biet nua", "k bit"],
    },
    "age": {
        "adult": ["Tôi 68 tuổi", "tui sinh nam 1958", "68", "nguoi lon roi", "14 tuổi", "sáu mươi tám tuổi", "24t"],
        "child": ["Cháu được 8 tuổi", "be 13 tuoi", "con e 7t", "hoc lop 3", "mười tuổi", "6"],
        "small": ["Cháu mới 3 tuổi", "be 8 thang tuoi", "5", "chưa đi học", "năm tuổi"],
        "unsure": ["tôi không rõ", "khong biet", "k nhớ"],
    },
    "guardian": {
        "own": ["Có, SIM tên tôi", "chinh chu", "co roi"],
        "other": ["Không có", "sim ten nguoi khac", "k"],
        "unsure": ["Tôi không biết SIM đứng tên ai", "k biet", "chắc là có mà k rõ lắm"],
    },
    "card": {
        "valid": ["Thẻ còn hạn và có chip", "co roi", "còn hạn nha", "ok còn"],
        "expired": ["Hết hạn tháng trước rồi", "khong co chip", "cmnd 9 số thôi", "co, ma het han"],
        "none": ["Tôi chưa làm thẻ", "mat the roi", "chưa có"],
        "unsure": ["Tôi không biết", "khong ro", "k biet"],
    },
    "sim": {
        "own": ["SIM đứng tên tôi", "co chinh chu", "co roi", "sim tui"],
        "other": ["SIM đứng tên con tui", "sim ten chong", "k chính chủ", "của con gái"],
        "broken": ["SIM bị khóa hai chiều", "sim hu roi", "k gọi đc"],
        "no_phone": ["Tôi không có điện thoại", "khong xai dien thoai", "k có đt"],
        "unsure": ["Tôi không biết tên ai", "khong ro nua", "k biet"],
    },
    "phone": {
        "nfc": ["Có, máy có NFC", "co nfc", "iphone nha"],
        "no_nfc": ["Điện thoại thông minh nhưng không có NFC", "khong co nfc", "k có nfc"],
        "basic": ["Máy bàn phím thôi", "cuc gach", "nokia bấm phím", "khong phai dien thoai thong minh"],
        "unsure": ["NFC là gì vậy", "khong biet", "k bit nfc là j"],
    },
    "level": {
        "none": ["Tôi chưa đăng ký", "chua co gi het", "chưa có"],
        "one": ["Mới mức 1", "muc mot thoi", "m1 hả, mức 1"],
        "inactive": ["Mức 2 mà chưa kích hoạt", "co tin nhan ma chua kich hoat", "chưa kh, chưa kích hoạt"],
        "two": ["Mức 2 và kích hoạt rồi", "lam o cong an roi", "mức 2 r"],
        "unsure": ["Tôi không biết mức mấy", "khong ro", "k biet"],
    },
    "secrets": {
        "both": ["Vào được, nhớ cả hai", "vao binh thuong", "vô đc"],
        "password": ["Tôi quên mật khẩu", "khong vao duoc", "quên mk"],
        "passcode": ["Tôi quên passcode", "quen ma 6 so", "vô đc nhưng quên passcode"],
        "device": ["Tài khoản nằm ở máy cũ", "moi doi dien thoai", "đang ở đt khác"],
        "unsure": ["Tôi không biết", "khong ro", "k bit"],
    },
    "representative": {
        "ready": ["Phải, tôi có mức 2 rồi", "giam doc, co roi", "có r"],
        "not_yet": ["Phải nhưng chưa có mức 2", "chua", "moi muc 1"],
        "other": ["Tôi không phải người đại diện", "ke toan", "k phải e"],
        "unsure": ["Tôi không biết", "khong ro", "k biet"],
    },
    "foreign_age": {
        "from_6": ["Có, chồng tôi 35 tuổi", "40", "lớn r"],
        "under_6": ["Không, cháu 4 tuổi", "3 tuoi", "còn nhỏ, em bé"],
        "unsure": ["Tôi không rõ", "khong biet", "k biet"],
    },
    "residence_card": {
        "has": ["Có thẻ tạm trú", "the thuong tru", "có r"],
        "none": ["Chỉ có hộ chiếu", "co ho chieu thoi", "k có"],
        "unsure": ["Tôi không biết", "khong ro", "k biet"],
    },
}
CASES = [(q, choice, text) for q, choices in ANSWERS.items() for choice, texts in choices.items() for text in texts]


def test_every_question_has_answers_in_their_own_words() -> None:
    assert set(ANSWERS) == set(questions().questions)
    for name, question in questions().questions.items():
        assert set(ANSWERS[name]) == {choice.id for choice in question.choices} | {readiness.UNSURE}


@pytest.mark.parametrize(("question", "choice", "text"), CASES)
def test_answers_in_their_own_words(question: str, choice: str, text: str) -> None:
    with clock.frozen("2026-11-23T08:00:00+07:00"):
        found = readiness_reading.choice(questions().questions[question], text)
    assert found is not None and found.id == choice


@pytest.mark.parametrize("question", list(questions().questions))
@pytest.mark.parametrize("text", ["blah", "?", "ờ thì để xem", "hihi", "xyz 99999"])
def test_what_fits_no_choice_is_no_answer(question: str, text: str) -> None:
    assert readiness_reading.choice(questions().questions[question], text) is None


def test_a_number_picks_a_choice_where_no_age_is_asked() -> None:
    sim = questions().questions["sim"]
    picked = [readiness_reading.choice(sim, text) for text in ("1", "2", "9")]
    assert [choice.id if choice else None for choice in picked] == ["own", "other", None]
    last = readiness_reading.choice(sim, "cái cuối", "last")
    assert last is not None and last.id == "no_phone"


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("tui 68 tuổi", ["citizen", "adult"]),
        ("con tui 8 tuoi", ["citizen", "child"]),
        ("kiểm tra xem công ty tôi làm được chưa", ["organisation"]),
        ("tôi là dân ở đây", []),
    ],
)
def test_what_is_told_ahead_is_not_asked_again(text: str, ids: list[str]) -> None:
    told = readiness_reading.volunteered(questions().questions["who"], text, whole=False)
    assert [choice.id for choice in told] == ids


@pytest.mark.parametrize(
    "text",
    [
        "kiểm tra xem tôi làm được VNeID chưa", "kiem tra nhanh", "ktra vneid dc chua",
        "xem giup tui du dieu kien lam vneid chua",
        "tôi có làm được VNeID không", "check xem e nộp đc trên dịch vụ công chưa", "cho kiểm tra nhanh đi",
    ],
)  # fmt: skip
def test_the_check_begins(text: str) -> None:
    assert readiness_reading.wants_check(text)


@pytest.mark.parametrize(
    "text",
    [
        "kiểm tra hồ sơ", "kiem tra ho so vneid toi dau roi", "làm VNeID thế nào", "đăng ký VNeID mức 2",
        "xem hồ sơ của tôi duyệt chưa",
        "tra cứu biển số xe", "kiểm tra giúp tôi giấy hẹn", "VNeID bị lỗi",
    ],
)  # fmt: skip
def test_the_check_does_not_begin(text: str) -> None:
    assert not readiness_reading.wants_check(text)


def test_a_broken_check_says_where(tmp_path: Path) -> None:
    raw = yaml.safe_load((CONTENT / "readiness.yml").read_text(encoding="utf-8"))
    path = tmp_path / "readiness.yml"
    for change, error in (
        (lambda r: r["questions"][0]["choices"][0].update(next="nowhere"), "leads nowhere"),
        (lambda r: r["questions"][0]["choices"][0].update(result="paper"), "two places"),
        (lambda r: r["results"][0].update(outcome="fine"), "nine outcomes"),
        (lambda r: r["results"][0].update(guide="nowhere"), "not there"),
    ):
        broken = yaml.safe_load(yaml.safe_dump(raw))
        change(broken)
        path.write_text(yaml.safe_dump(broken, allow_unicode=True), encoding="utf-8")
        with pytest.raises(readiness.ReadinessError, match=error):
            readiness.load(path)
