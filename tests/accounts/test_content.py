"""The guides and tables say what they must, and their errors are told clearly."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from bot.accounts import answers, guides, problem_answers, problems, topics
from bot.messages import LONGEST_TEXT, MOST_BUTTONS, Message
from bot.settings import CONTENT
from bot.text import capital, fold


def every_message() -> list[Message]:
    steps = [
        answers.guide_step(goal, number)
        for goal, guide in guides.guides().items()
        for number in range(1, len(guide.steps) + 1)
    ]
    ends = [answers.guide_done(goal) for goal in guides.guides()]
    found = problems.problems().values()
    questions = [problem_answers.question(problem) for problem in found if problem.ask]
    ways = [way(problem) for problem in found if problem.fix for way in (problem_answers.fix, problem_answers.second)]
    fixes = [problem_answers.unknown(), *questions, *ways]
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
            assert answers.SCAM in problem_answers.fix(problem).text
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
        if problem.fix:
            text = problem_answers.fix(problem).text
            assert ("nguồn chưa chính thức" in text) == (problem.tag == "C")
            assert problem.tag != "X" or "chưa kiểm chứng" in text


def test_level_2_is_told_whole() -> None:
    """What the law says of level 2, in whatever words: who, with what, where, until when."""
    of = len(guides.guides()["vneid_level_2"].steps)
    told = [answers.guide_step("vneid_level_2", number).text for number in range(1, of + 1)]
    text = "\n".join([*told, *guides.guides()["vneid_level_2"].bring])
    for fact in ("đứng tên", "14 tuổi", "TK01", "3 ngày làm việc", "7 ngày", "miễn phí", "bất kỳ"):
        assert fact in text, fact


def test_a_step_brings_its_sketch_and_is_whole_without_it() -> None:
    for goal, guide in guides.guides().items():
        for number, step in enumerate(guide.steps, 1):
            message = answers.guide_step(goal, number)
            image = message.fields["image"]
            assert image["alt"] == step.screen.alt and image["media_type"] == "image/png"
            assert image["url"].endswith(f"/huong-dan/{goal}/{step.id}.png?v={guide.version}")
            assert image["width"] == 316 and image["height"] > 150
            assert message.fields["page"].endswith(f"/huong-dan/{goal}#buoc-{number}")
            assert all(line in message.text for line in (*step.do, step.see, step.if_not))
            assert len(message.text) <= LONGEST_TEXT and len(message.buttons) <= MOST_BUTTONS
            stuck = [button.meaning for button in message.buttons if button.title == "Bị vướng"]
            assert bool(stuck) == bool(step.problem) and all(str(step.problem) in meaning for meaning in stuck)


def test_progress_is_seen_in_plain_text() -> None:
    assert answers.progress(3, 7) == "Bước 3/7 ●●●○○○○"
    guide = guides.guides()["vneid_level_2"]
    of = len(guide.steps)
    assert f"Bước 2/{of} ●●{'○' * (of - 2)}\n{guide.steps[1].title}" in answers.guide_step(guide.goal, 2).text


def test_the_end_offers_what_people_need_next() -> None:
    for goal, guide in guides.guides().items():
        message = answers.guide_done(goal)
        titles = [button.title for button in message.buttons]
        assert titles[-2:] == ["Cách nộp hồ sơ", "Gặp nhân viên"] and len(titles) <= MOST_BUTTONS
        assert titles[:-2] == [capital(other.title) for other in guides.related(guide)][:3]


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
    allowed = {
        "dichvucong.gov.vn",
        "dichvucong.lamdong.gov.vn",
        "lienthong.dichvucong.gov.vn",
        "hokinhdoanh.dkkd.gov.vn",
    }
    for name in (
        "account_topics.yml",
        "problems.yml",
        *(f"guides/{path.name}" for path in guides.FOLDER.glob("*.yml")),
    ):
        text = (CONTENT / name).read_text(encoding="utf-8")
        assert set(re.findall(r"[\w.-]+\.(?:vn|com|net|org)\b", text)) <= allowed, name
