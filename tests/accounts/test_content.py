"""The guides and tables say what they must, and their errors are told clearly."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from bot.accounts import answers, guides, problems, topics
from bot.messages import Message
from bot.settings import CONTENT
from bot.text import fold

STEP = {"id": "a", "title": "Một", "do": ["x"], "see": "y", "if_not": "z", "tag": "A", "as_of": "2026"}


def every_message() -> list[Message]:
    steps = [
        answers.guide_step(goal, number)
        for goal, guide in guides.guides().items()
        for number in range(1, len(guide.steps) + 1)
    ]
    ends = [answers.guide_done(goal) for goal in guides.guides()]
    fixes = [answers.problem_answer(problem) for problem in [None, *problems.problems().values()]]
    fixed = [
        answers.topic_answer(topic, answer.phrases[0] if answer.phrases else "")
        for topic, found in topics.topics().items()
        for answer in found
    ]
    return [*steps, *ends, *fixes, *fixed, answers.guide_offer()]


def test_nothing_asks_for_a_secret_or_sends_anybody_to_a_district() -> None:
    for message in every_message():
        folded = fold(message.text)
        for phrase in (
            "gui em ma",
            "cho em ma otp",
            "cho em mat khau",
            "gui anh the",
            "so can cuoc cua anh/chi",
        ):
            assert phrase not in folded, message.text
        assert "ubnd huyen" not in folded and "cong an huyen" not in folded, message.text
        assert "cong an quan" not in folded, message.text


def test_every_answer_about_an_account_repeats_the_scam_rule() -> None:
    for problem in problems.problems().values():
        if problem.fix:
            assert answers.SCAM in answers.problem_answer(problem).text
    assert answers.SCAM in answers.topic_answer("account_requirements", "").text
    guide = guides.guides()["vneid_level_2"]
    assert guide.steps[0].warn
    for step in guide.steps:
        assert step.warn or not any("OTP" in line and "Gõ" in line for line in step.do), step.id


def test_every_step_says_that_screens_may_differ() -> None:
    for goal, guide in guides.guides().items():
        for number in range(1, len(guide.steps) + 1):
            assert answers.MAY_DIFFER in answers.guide_step(goal, number).text


def test_unofficial_and_unchecked_sources_say_so() -> None:
    for problem in problems.problems().values():
        text = answers.problem_answer(problem).text
        if problem.fix:
            assert ("nguồn chưa chính thức" in text) == (problem.tag == "C")
            assert problem.tag != "X" or "chưa kiểm chứng" in text


def test_level_2_is_told_whole() -> None:
    text = "\n".join(answers.guide_step("vneid_level_2", number).text for number in range(1, 11))
    for fact in (
        "SIM đứng tên chính anh/chị",
        "14 tuổi",
        "người giám hộ",
        "App Store",
        "không cần đúng nơi thường trú",
        "TK01",
        "3 ngày làm việc",
        "7 ngày",
        "passcode 6 số",
        "dichvucong.gov.vn",
        "miễn phí",
        "đừng cài từ đường dẫn",
    ):
        assert fact in text, fact


def test_the_table_of_problems_is_complete() -> None:
    wanted = {
        "forgot_password",
        "forgot_passcode",
        "locked",
        "new_phone_old_here",
        "new_phone_old_gone",
        "new_number",
        "sim_not_own",
        "no_otp",
        "nfc",
        "already_activated",
        "level_0",
        "activation_expired",
        "card_expired",
        "level_2_slow",
        "app_busy",
        "wrong_data",
        "lending",
        "no_phone",
    }
    assert wanted <= problems.problems().keys()


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"steps": []}, "steps is missing"),
        ({"title": ""}, "title is missing"),
        ({"steps": [{**STEP, "see": None}]}, "step 1: see is missing"),
        ({"steps": [{**STEP, "do": []}]}, "step 1: do is missing"),
        ({"steps": [{**STEP, "do": "x"}]}, "do must be a list"),
        ({"steps": [{**STEP, "tag": "Z"}]}, "tag must be one of"),
        ({"steps": [{**STEP, "colour": "red"}]}, "unknown field colour"),
        ({"steps": [{**STEP, "warn": "yes"}]}, "warn must be"),
        ({"steps": [STEP, STEP]}, "same id"),
        ({"steps": ["x"]}, "a step is a mapping"),
    ],
)
def test_a_broken_guide_says_where(tmp_path: Path, change: dict[str, object], error: str) -> None:
    guide = {"goal": "g", "title": "t", "intro": "i", "done": "d", "steps": [STEP], **change}
    path = tmp_path / "g.yml"
    path.write_text(yaml.safe_dump(guide, allow_unicode=True), encoding="utf-8")
    with pytest.raises(guides.GuideError, match=error):
        guides.load(path)


@pytest.mark.parametrize("text", ["- a\n- b", "a: [", "just text"])
def test_a_file_that_is_no_guide(tmp_path: Path, text: str) -> None:
    path = tmp_path / "g.yml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(guides.GuideError, match=r"g\.yml"):
        guides.load(path)


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"title": None}, "title"),
        ({"tag": "Q"}, "tag"),
        ({"phrases": []}, "phrases"),
        ({"fix": []}, "either fix"),
        ({"fix": [], "ask": "?", "options": [{"problem": "nowhere", "title": "t"}]}, "unknown nowhere"),
        ({"fix": [1]}, "fix must be"),
    ],
)
def test_a_broken_problem_says_which(tmp_path: Path, change: dict[str, object], error: str) -> None:
    row = {"id": "p", "title": "t", "phrases": ["x"], "fix": ["y"], "tag": "A", "as_of": "2026", **change}
    path = tmp_path / "problems.yml"
    path.write_text(yaml.safe_dump([row]), encoding="utf-8")
    with pytest.raises(problems.ProblemError, match=error):
        problems.load(path)


def test_only_official_hosts_are_named() -> None:
    allowed = {"dichvucong.gov.vn", "lienthong.dichvucong.gov.vn", "hokinhdoanh.dkkd.gov.vn"}
    for name in (
        "account_topics.yml",
        "problems.yml",
        "guides/vneid_level_2.yml",
        "guides/organisation_account.yml",
    ):
        text = (CONTENT / name).read_text(encoding="utf-8")
        hosts = {word.strip(".,;()“”") for word in text.split() if ".vn" in word or ".com" in word}
        assert hosts <= allowed, name
