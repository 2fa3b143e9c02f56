"""What goes wrong comes up for review once, masked; what went right does not."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import clock
from bot.conversation.models import Draft, OutboxMessage
from bot.learning import items
from bot.learning.models import ReviewItem
from bot.tickets import tickets

from .conftest import Received


def _all(session: Session) -> list[ReviewItem]:
    return list(session.execute(select(ReviewItem).order_by(ReviewItem.id)).scalars())


def _lately() -> object:
    return clock.now() - timedelta(hours=1)


def test_what_was_not_understood_and_what_was_doubtful_comes_up(session: Session, received: Received) -> None:
    received("sổ hồng chung cư xin ở mô", "not_understood", "nlu_fallback", 0.2)
    received("giấy nớ làm răng", "answered", "ask_procedure_steps", 0.41)
    received("làm giấy khai sinh", "answered", "ask_procedure", 0.97)
    assert items.gather(session, _lately()) == 2
    assert [(item.why, item.intent, item.state) for item in _all(session)] == [
        ("not_understood", "nlu_fallback", "open"),
        ("unsure", "ask_procedure_steps", "open"),
    ]


def test_a_message_comes_up_once_however_often_it_is_looked_at(session: Session, received: Received) -> None:
    message = received("sổ hồng chung cư xin ở mô", "not_understood")
    assert items.gather(session, _lately()) == 1
    assert items.gather(session, _lately()) == 0
    assert items.report(session, message.id)
    assert [item.why for item in _all(session)] == ["reported"]


def test_who_asked_for_a_person_was_understood(session: Session, received: Received) -> None:
    wish = received("cho gặp người", "handed_off", "talk_to_human", 0.9)
    lost = received("nói hoài không hiểu gì hết trơn", "handed_off", "nlu_fallback", 0.6)
    for message, topic in ((wish, "talk_to_human"), (lost, "not_understood")):
        ticket = tickets.open_ticket(session, message.conversation_id, topic)
        session.add(
            OutboxMessage(
                conversation_id=message.conversation_id,
                inbox_id=message.id,
                channel="rest",
                seq=message.id,
                text="Dạ",
                custom={"kind": "handoff", "ticket": ticket.number},
                created_at=clock.now(),
            )
        )
    session.flush()
    items.gather(session, _lately())
    assert [(item.inbox_id, item.why) for item in _all(session)] == [(lost.id, "handed_off")]


def test_an_answer_that_a_person_changed_comes_up_as_corrected(session: Session, received: Received) -> None:
    message = received("lệ phí tách thửa nhiêu", "held", "ask_procedure_fee", 0.98)
    session.add(
        Draft(
            conversation_id=message.conversation_id,
            inbox_id=message.id,
            address_id=message.address_id,
            topic="procedures",
            messages=[],
            state="changed",
            created_at=clock.now(),
        )
    )
    session.flush()
    items.gather(session, _lately())
    assert [(item.inbox_id, item.why) for item in _all(session)] == [(message.id, "corrected")]


@pytest.mark.parametrize(
    "more",
    [
        {"guard": "otp"},
        {"kind": "photo"},
        {"state": "waiting", "outcome": None},
        {"received_at": clock.now() - timedelta(days=9)},
        {"entities": [["procedure", 0, 4, "button"]]},
        {"understood": None},
    ],
)
def test_what_nothing_can_be_learnt_from_does_not_come_up(
    session: Session, received: Received, more: dict[str, object]
) -> None:
    received("sổ hồng chung cư", **{"outcome": "not_understood", **more})
    received("dạ ạ", "not_understood")
    assert items.gather(session, _lately()) == 0


def test_nothing_of_a_person_is_kept(session: Session, received: Received) -> None:
    text = "em tên là Đinh Công Suối 0912345678 hs H36.12-241105-0001 giao về chỗ cây đa sao chưa thấy"
    start = text.index("chỗ")
    received(text, "not_understood", entities=[["address", start, start + 10, "crf"]])
    items.gather(session, _lately())
    (item,) = _all(session)
    assert not set("Suối 0912345678 241105 đa".split()) & set(item.text.replace("]", " ").split())
    assert "sao chưa thấy" in item.text
    assert "suoi" not in item.shape


def test_what_was_rejected_is_not_asked_again_but_a_report_is(session: Session, received: Received) -> None:
    received("alo alo thử máy", "not_understood")
    items.gather(session, _lately())
    _all(session)[0].state = "rejected"
    session.flush()
    received("Alo, alo thu may", "not_understood")
    items.gather(session, _lately())
    assert [item.state for item in _all(session)] == ["rejected", "rejected"]
    third = received("alo alo thử máy", "answered", confidence=0.99)
    assert items.report(session, third.id)
    assert _all(session)[-1].state == "open"


def test_a_report_of_nothing_is_refused(session: Session, received: Received) -> None:
    assert not items.report(session, 999_999)
    with pytest.raises(ValueError, match="no reason"):
        items.report(session, received("gì đó").id, "boredom")
