"""Everything that the product can say, rendered on every channel: within the platform's limits, nothing lost."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

import pytest
from fakes import telegram_methods, zalo_checks
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import clock
from bot.accounts import answers as account_answers
from bot.accounts import problem_answers
from bot.accounts.guides import guides
from bot.accounts.problems import problems
from bot.channels.splitting import utf16
from bot.channels.telegram import rendering as telegram
from bot.channels.zalo import parts as zalo_parts
from bot.channels.zalo import rendering as zalo
from bot.conversation.transcript import Line, shown_buttons
from bot.db.engine import Database
from bot.general_questions.answers import say_answer
from bot.general_questions.questions import questions
from bot.messages import Message
from bot.procedures import answers, choices, search
from bot.procedures.models import ASPECTS, Procedure

# The largest numbers that a conversation and a message of it may have: the longest button payload.
CONVERSATION, SEQ = 999_999_999, 999_999_999


def of_procedures(session: Session) -> Iterator[Message]:
    for code in session.execute(select(Procedure.code)).scalars():
        for aspect in ASPECTS:
            message = answers.explain(session, code, aspect)
            if message is not None:
                yield message
    for words in ("đăng ký", "cấp giấy phép", "đất đai", "khai sinh"):
        yield choices.choices(search.rank(session, words)[:5], "documents")


def of_accounts() -> Iterator[Message]:
    for goal, guide in guides().items():
        for number in range(1, len(guide.steps) + 1):
            yield account_answers.guide_step(goal, number)
        yield account_answers.guide_done(goal)
    yield account_answers.guide_offer()
    for problem in problems().values():
        if problem.ask:
            yield problem_answers.question(problem)
        else:
            yield from (problem_answers.fix(problem), problem_answers.second(problem), problem_answers.solved(problem))


def lines(session: Session) -> list[Line]:
    said = [*of_procedures(session), *of_accounts(), *map(say_answer, questions().values())]
    return [
        Line(
            SEQ,
            "bot",
            clock.now(),
            message.text,
            shown_buttons(CONVERSATION, SEQ, [{"title": b.title, "meaning": b.meaning} for b in message.buttons]),
            message.custom(),
        )
        for message in said
    ]


@pytest.fixture(scope="module")
def everything(catalogue_database: Database) -> list[Line]:
    with catalogue_database.reading() as session:
        found = lines(session)
    assert len(found) > 1_000, "a sweep over nothing proves nothing"
    return found


def words(text: str) -> list[str]:
    return re.findall(r"\w+", unicodedata.normalize("NFC", text))


def test_telegram_takes_everything_and_loses_nothing(everything: list[Line]) -> None:
    for line in everything:
        parts = telegram.render(line)
        texts = [part for part in parts if isinstance(part, telegram.Text)]
        assert texts and parts[-1] is texts[-1], "the text with its buttons comes last"
        for text in texts:
            assert 0 < utf16(text.text) <= telegram_methods.LONGEST_TEXT
            assert unicodedata.is_normalized("NFC", text.text)
            for choice in (choice for row in text.rows for choice in row):
                assert choice.title.strip()
                assert 1 <= len(choice.payload.encode()) <= telegram_methods.LONGEST_CALLBACK_BYTES
        assert words(" ".join(text.text for text in texts)) == words(line.text)
        shown = [choice for text in texts for row in text.rows for choice in row]
        assert len(shown) == len(line.buttons) and not [row for text in texts[:-1] for row in text.rows]


def test_zalo_takes_everything_and_loses_nothing(everything: list[Line]) -> None:
    for line in everything:
        titles: list[str] = []
        said = ""
        for part in zalo.render(line, image_url="https://mc.example/a.png"):
            if isinstance(part, zalo_parts.TextPart):
                body = zalo_parts.text_body("7", part)
                assert zalo_checks.message(body["message"], lists_allowed=False, known_ids=set()) is None, line.text
                said += part.text + " "
                payload = body["message"].get("attachment", {}).get("payload", {})
                titles += [button["title"] for button in payload.get("buttons", [])]
                assert unicodedata.is_normalized("NFC", part.text) and "**" not in part.text
        missing = set(words(line.text)) - set(words(said))
        assert not missing, (line.text, missing)
        for button in line.buttons[:5]:
            assert button["title"][:100] in [*titles, said] or button["title"] in said
