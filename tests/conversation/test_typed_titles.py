"""A text that says the title of a button just shown presses it; an older one, or one of two alike, does not."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from talking import Chat

from bot import clock
from bot.conversation import meanings
from bot.conversation.exchange import Said
from bot.conversation.models import Address, Conversation, OutboxMessage
from bot.conversation.taking import MOST_REPLIES, Taken
from bot.conversation.turn import Turns
from bot.db.engine import Database


@pytest.fixture
def conversation(session: Session) -> int:
    row = Conversation(channel="rest", sender="a", created_at=clock.now())
    session.add(row)
    session.flush()
    session.add(Address(channel="rest", sender="a", conversation_id=row.id, created_at=clock.now()))
    session.flush()
    return int(row.id)


def reply(session: Session, conversation: int, seq: int, *buttons: tuple[str, str]) -> None:
    row = OutboxMessage(
        conversation_id=conversation,
        channel="rest",
        seq=seq,
        text="…",
        custom={},
        buttons=[{"title": title, "meaning": meaning} for title, meaning in buttons],
        state="fetched",
        created_at=clock.now(),
    )
    session.add(row)
    session.flush()


def said(session: Session, conversation: int, text: str, last_seq: int) -> Said | None:
    empty: dict[str, Any] = dict.fromkeys(Taken.__dataclass_fields__)
    rows = session.execute(
        select(OutboxMessage.seq, OutboxMessage.buttons).where(
            OutboxMessage.conversation_id == conversation, OutboxMessage.seq > last_seq - MOST_REPLIES
        )
    )
    given = {"conversation_id": conversation, "text": text, "last_seq": last_seq, "kind": "text"}
    taken = Taken(**{**empty, **given, "offered": [list(row) for row in rows]})
    answer = meanings.said(session, taken)
    assert taken.text == text, "the transcript keeps what was typed"
    return answer


@pytest.mark.parametrize(
    "text",
    [
        "Hỏi rõ giấy còn thiếu",
        "hoi ro giay con thieu",
        "dạ HỎI RÕ GIẤY CÒN THIẾU ạ",
        "hỏi rõ giấy còn thiếu giùm em nha!",
    ],
)
def test_a_title_presses_its_button(session: Session, conversation: int, text: str) -> None:
    reply(session, conversation, 2, ("Hỏi rõ giấy còn thiếu", '/ask_dossier_supplement{"request": "missing"}'))
    expected = Said("Hỏi rõ giấy còn thiếu", '/ask_dossier_supplement{"request": "missing"}')
    assert said(session, conversation, text, 2) == expected


@pytest.mark.parametrize("text", ["hỏi rõ", "hỏi rõ giấy còn thiếu ở xã", "dạ", "!!!", "hỏi rõ giấy\ncòn thiếu"])
def test_more_or_less_than_a_title_presses_none(session: Session, conversation: int, text: str) -> None:
    reply(session, conversation, 2, ("Hỏi rõ giấy còn thiếu", "/help"))
    answer = said(session, conversation, text, 2)
    assert answer is not None and answer.meaning is None


def test_all_messages_of_the_last_turn_count_the_newest_first(session: Session, conversation: int) -> None:
    reply(session, conversation, 2, ("Tiếp", "/next_step"), ("Xong", "/old"))
    reply(session, conversation, 3, ("Xong", "/new"))
    assert said(session, conversation, "tiếp", 3) == Said("Tiếp", "/next_step")
    assert said(session, conversation, "xong", 3) == Said("Xong", "/new")


def test_a_button_of_an_earlier_turn_is_not_pressed(session: Session, conversation: int) -> None:
    reply(session, conversation, 2, ("Đúng rồi", "/affirm"))
    reply(session, conversation, 4)  # what the citizen said is number 3
    answer = said(session, conversation, "đúng rồi", 4)
    assert answer is not None and answer.meaning is None


def test_two_of_one_title_are_not_guessed_at(session: Session, conversation: int) -> None:
    reply(session, conversation, 2, ("Cấp lại Giấy…", '/a{"x": 1}'), ("Cấp lại Giấy…", '/a{"x": 2}'))
    reply(session, conversation, 3, ("Gặp nhân viên", "/talk_to_human"), ("Gặp nhân viên", "/talk_to_human"))
    first = said(session, conversation, "cấp lại giấy", 3)
    assert first is not None and first.meaning is None
    assert said(session, conversation, "gặp nhân viên", 3) == Said("Gặp nhân viên", "/talk_to_human")


@pytest.mark.parametrize("furnished_database", ["sqlite"], indirect=True)
def test_typed_and_pressed_are_answered_alike(furnished: Database, turns: Turns) -> None:
    texts = []
    for typed in (True, False):
        chat = Chat(furnished, turns)
        chat.say("H36.12-261118-0042 2345")
        replies = chat.say("xem qua trinh") if typed else chat.press("Xem quá trình")
        texts.append([line.text for line in replies])
    assert texts[0] == texts[1] and "✓" in texts[0][0]
