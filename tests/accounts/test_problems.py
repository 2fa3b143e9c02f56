"""Problems: recognised however they are told, and helped with until they are solved or a person has them."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from bot.accounts import problem_answers, problem_matching, problems, yes_no
from bot.accounts.guides import guides

PHRASINGS = yaml.safe_load(Path(__file__).with_name("problem_phrasings.yml").read_text(encoding="utf-8"))
# A problem with a checking question is recognised, too, when the message answers that question already.
ALSO = {"no_otp": {"no_otp_sim_moved", "no_otp_other"}, "new_phone": {"new_phone_old_here"}}
TOLD = [(name, text) for name, halves in PHRASINGS.items() for half in halves.values() for text in half]


def recognised(text: str) -> str | None:
    problem = problems.recognise(text)
    return problem.id if problem else None


def test_the_eighteen_and_the_payment_are_recognised_in_every_style() -> None:
    sizes = {"tune": 6, "measure": 6, "fresh": 3}
    assert len(PHRASINGS) == 19
    assert all({name: len(texts) for name, texts in parts.items()} == sizes for parts in PHRASINGS.values())
    wrong = [
        (name, text, recognised(text)) for name, text in TOLD if recognised(text) not in {name, *ALSO.get(name, ())}
    ]
    assert len(wrong) <= 0.03 * len(TOLD), wrong


def test_no_phrasing_was_copied_into_the_phrases() -> None:
    for problem in problems.problems().values():
        for phrase in problem.phrases:
            if len(phrase.split()) >= 5:
                assert not any(problem_matching.read(text).text == phrase for _, text in TOLD), phrase


@pytest.mark.parametrize("text", ["", "xin chào", "đăng ký kết hôn cần gì", "vneid bị lỗi", "cảm ơn em nhiều"])
def test_what_tells_of_no_problem(text: str) -> None:
    assert recognised(text) is None


@pytest.mark.parametrize(
    ("text", "first", "second"),
    [
        ("quên mật khẩu", "mat_khau", "quen"),
        ("mất điện thoại", "mat_may", "dien_thoai"),
        ("đổi sđt", "doi_so", "doi_so"),
        ("thẻ nào cũng được", "passed_over", "passed_over"),
    ],
)
def test_the_longer_word_wins(text: str, first: str, second: str) -> None:
    found = problem_matching.read(text).found
    assert {first, second} <= found or text.startswith("thẻ")
    assert not ("mat_khau" in found and "mat_hu" in found)


def test_a_sign_may_forbid_words() -> None:
    sign = problem_matching.sign("khoa -khoa_sim")
    assert problem_matching.score(problem_matching.read("bị khóa"), (), (sign,), frozenset())
    assert not problem_matching.score(problem_matching.read("sim bị khóa"), (), (sign,), frozenset())
    with pytest.raises(problem_matching.WordsError, match="nowhere"):
        problem_matching.sign("khoa nowhere")


def test_every_fix_asks_whether_it_helped_and_its_buttons_say_what_was_tried() -> None:
    for problem in problems.problems().values():
        if not problem.fix:
            continue
        for way, message in ((1, problem_answers.fix(problem)), (2, problem_answers.second(problem))):
            assert message.text.endswith("Được chưa ạ?") and problem_answers.SCAM in message.text
            assert [button.title for button in message.buttons][:2] == ["Được rồi", "Chưa được"]
            assert f"{problem.id}:{way}:" in message.buttons[1].meaning
        assert len(problem_answers.summary(problem)) <= problem_answers.LONGEST_SUMMARY


def test_the_summary_says_what_was_asked_and_tried() -> None:
    found = problems.problems()
    summary = problem_answers.summary(found["no_otp_other"], "no_otp")
    assert "Trả lời: Không chuyển" in summary and "cách 1" in summary and "cách 2" in summary


def test_weak_sources_say_so_in_the_second_way_too() -> None:
    for problem in problems.problems().values():
        if problem.second is None:
            continue
        text = problem_answers.second(problem).text
        assert ("nguồn chưa chính thức" in text) == (problem.second.tag == "C")
        assert problem.second.tag != "X" or "chưa kiểm chứng" in text


def test_every_problem_that_a_guide_names_is_there() -> None:
    for guide in guides().values():
        for step in guide.steps:
            assert step.problem is None or step.problem in problems.problems(), (guide.goal, step.id)


@pytest.mark.parametrize(
    ("text", "works"),
    [
        ("được rồi", True), ("dc r", True), ("ok rồi em", True), ("vô được rồi cảm ơn em", True), ("xong", True),
        ("rồi", True), ("ngon lành", True), ("chưa", False), ("chưa được em ơi", False), ("van k dc", False),
        ("vẫn vậy", False), ("hong duoc", False), ("làm hoài không được", False), ("y như cũ", False),
        ("vẫn báo lỗi", False), ("không", False), ("cảm ơn em", None), ("lệ phí bao nhiêu", None),
        ("đăng ký kết hôn cần giấy tờ gì vậy em", None),
    ],
)  # fmt: skip
def test_does_it_work_now(text: str, works: bool | None) -> None:
    assert yes_no.solved(text) is works


@pytest.mark.parametrize("text", ["k biet", "không biết nữa", "chưa rõ", "em chịu", "k nhớ", "là gì vậy", "hem rành"])
def test_not_knowing(text: str) -> None:
    assert yes_no.unsure(text)


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"signs": ["no_such_word"]}, "no words called no_such_word"),
        ({"supports": ["no_such_word"]}, "no words called no_such_word"),
        ({"second": ["x"]}, "second needs do"),
        ({"second": {"do": ["x"], "tag": "Q", "as_of": "2026"}}, "tag must be"),
        ({"second": {"do": ["x"], "tag": "A"}}, "as_of is missing"),
    ],
)
def test_a_broken_sign_or_second_way_says_where(tmp_path: Path, change: dict[str, object], error: str) -> None:
    row = {"id": "p", "title": "t", "phrases": ["x"], "fix": ["y"], "tag": "A", "as_of": "2026", **change}
    path = tmp_path / "problems.yml"
    path.write_text(yaml.safe_dump([row]), encoding="utf-8")
    with pytest.raises(problems.ProblemError, match=error):
        problems.load(path)
