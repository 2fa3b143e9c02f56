"""The questions heard most: all there, answered on every day with source and date, within every channel's limits."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from bot import clock
from bot.content_files import ContentError
from bot.general_questions import answers, questions
from bot.key_phrases import plain, score
from bot.messages import LONGEST_TEXT, MOST_BUTTONS
from bot.procedures.content import known_codes
from bot.settings import ROOT

TOPICS = questions.questions()
DAYS = ("2026-08-15", "2026-11-27", "2027-02-28", "2027-03-01", "2027-12-31")
INTENTS = {name for name in yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))["intents"]}


def test_all_thirty_eight_are_there_once() -> None:
    assert sorted(question.number for question in TOPICS.values() if question.number) == list(range(1, 39))


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize("topic", TOPICS)
def test_each_is_answered_with_source_and_date(topic: str, day: str) -> None:
    with clock.frozen(f"{day}T09:00:00+07:00"):
        message = answers.say_answer(TOPICS[topic])
    assert message.kind == "info" and message.fields["topic"] == topic
    assert message.text.startswith("Dạ") and len(message.text) <= LONGEST_TEXT
    last = message.text.split("\n")[-1]
    assert last.startswith("Nguồn: ") and re.search(r"kiểm tra \d\d/\d\d/\d{4}\.$", last)
    assert not re.search(r"(?:UBND|Công an) (?:huyện|quận)", message.text)
    if day > "2027-02-28":
        assert "hết 28/02/2027" not in message.text
    assert len(message.buttons) <= MOST_BUTTONS


@pytest.mark.parametrize("topic", TOPICS)
def test_its_buttons_lead_somewhere(topic: str) -> None:
    for button in TOPICS[topic].next:
        intent, _, entities = button.meaning.removeprefix("/").partition("{")
        assert intent in INTENTS, button
        code = re.search(r'"procedure": "([^"]+)"', entities)
        assert code is None or code[1] in known_codes(), button


def test_a_phrase_leads_to_its_own_question() -> None:
    strays = [
        (question.topic, phrase)
        for question in TOPICS.values()
        for phrase in question.phrases
        if "…" not in phrase
        and questions.recognise(phrase) is not question
        # A longer phrase of another question may hold a shorter one; two of the same length may not be alike.
        and score(plain(phrase), questions.recognise(phrase).phrases) <= len(phrase)  # type: ignore[union-attr]
    ]
    assert strays == []


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("không có smartphone thì nộp kiểu gì", "no_smartphone"),
        ("can ban chinh hay ban sao vay em", "original_or_copy"),
        ("giấy tờ sau sáp nhập có phải đổi không", "after_merger_papers"),
        ("ai dc mien le phi z", "fees_and_waivers"),
        ("vợ chồng em tính ly dị thì nộp đơn chỗ nào", "divorce"),
        ("dem qua ong xa say bao hanh toi", "family_violence"),
        ("má tui không biết đọc không biết viết", "cannot_read"),
        ("o chung cu nuoi meo co phai xin ai ko", "pets"),
        ("viết giấy ủy quyền sao em", "somebody_else"),
        ("đăng ký kết hôn cần gì", None),
        ("đăng ký nuôi con nuôi cho vợ chồng em", None),
        ("hồ sơ của tôi tới đâu rồi", None),
        ("", None),
    ],
)
def test_recognising(text: str, topic: str | None) -> None:
    found = questions.recognise(text)
    assert (found and found.topic) == topic


def test_an_answer_whose_days_are_over_is_not_shown(tmp_path: Path) -> None:
    file = tmp_path / "questions.yml"
    head = "source: x\n  as_of: '2026-11'\n  checked_by: y\n  checked_at: '2026-11-27'\n  review_by: '2027-01-01'\n"
    file.write_text(
        f"- topic: a\n  question: b\n  {head}  answer: {{text: 'Dạ, cũ.', valid_to: '2026-06-30'}}\n", encoding="utf-8"
    )
    (row,) = questions.rows_of(file)
    with clock.frozen("2026-11-27T09:00:00+07:00"):
        message = answers.say_answer(questions.read_question(file, row))
    assert "cũ" not in message.text and message.buttons[0].meaning == "/talk_to_human"
    file.write_text(f"- topic: a\n  question: b\n  {head}", encoding="utf-8")
    (row,) = questions.rows_of(file)
    with pytest.raises(ContentError, match="dòng 1: a: thiếu answer"):
        questions.read_question(file, row)


def test_what_stands_beside_a_question() -> None:
    divorce = TOPICS["divorce"]
    assert questions.beside(divorce, "Ly hôn rồi, xin giấy độc thân").split() == "roi xin giay doc than".split()
    assert questions.beside(divorce, "ly hôn").strip() == ""


def test_what_no_source_holds_is_said_so_with_whom_to_ask() -> None:
    for topic, ask in (("divorce", "hỏi Tòa án"), ("family_violence", "113"), ("pets", "hỏi UBND")):
        text = answers.say_answer(TOPICS[topic]).text
        assert "nguồn của em chưa có" in text and ask in text and "chưa kiểm chứng" in text
